"""What it takes to know whether something is open, and no more: hundreds of offers are looked at for one answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ..models import Offer

_SERVICE = ("service_id", "service__hours", "service__children__schedule")
_AT = ("at__hours", "at__children__schedule")
_PLACE = (
    "at__location_id", "at__location__hours", "at__location__children__schedule", "at__location__timezone",
    "at__location__country",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timed:
    """The hours of a service or a place, as their rows have them (hours.HasHours)."""

    pk: UUID
    hours: str
    schedule: list[dict[str, Any]]
    timezone: str = ""
    country: str = ""

    def under(self, table: str) -> list[dict[str, Any]]:
        """Rows of HSDS schedule."""
        return self.schedule if table == "schedule" else []


@dataclass(frozen=True, slots=True)
class TimedAt:
    """The hours of a service at a place."""

    location: Timed
    hours: str
    schedule: list[dict[str, Any]]

    @property
    def location_id(self) -> UUID:
        """Id of the place."""
        return self.location.pk

    def under(self, table: str) -> list[dict[str, Any]]:
        """Rows of HSDS schedule."""
        return self.schedule if table == "schedule" else []


def timed(keys: Iterable[int]) -> dict[int, tuple[Timed, TimedAt | None]]:
    """Service and place by the key of an offer, in the order of the keys. One query, no row of a model."""
    wanted = list(keys)
    found: dict[int, tuple[Timed, TimedAt | None]] = {}
    for key, *said in Offer.objects.filter(pk__in=wanted).values_list("pk", *_SERVICE, *_AT, *_PLACE):
        service, at, place = said[:3], said[3:5], said[5:]
        where = Timed(place[0], place[1], place[2] or [], place[3], place[4]) if place[0] else None
        found[key] = (
            Timed(service[0], service[1], service[2] or []),
            TimedAt(where, at[0], at[1] or []) if where else None,
        )
    return {key: found[key] for key in wanted if key in found}
