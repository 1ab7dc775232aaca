"""What differs from the usual hours for the moment asked about: closings at once, and days with other hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.db.models import Q

from serai.lib.hours_state import AHEAD_DAYS, State

from ..hours import HasHours, HasPlace, hours_of, state_of
from ..models import Closure, HoursChange


class HasId(HasHours, Protocol):
    """A service, or what is known of its hours."""

    @property
    def pk(self) -> UUID: ...


class IsAt(HasPlace, Protocol):
    """A service at a place, or what is known of its hours there."""

    @property
    def location_id(self) -> UUID: ...


@dataclass(frozen=True)
class Exceptions:
    """Closings by what they close (service or place), changes of hours by service."""

    closures: dict[UUID, list[Closure]]
    changes: dict[UUID, list[HoursChange]]

    def of(self, service: HasId, at: IsAt | None) -> tuple[list[HoursChange], list[Closure]]:
        """Those that concern a service at a place."""
        closed = [*self.closures.get(service.pk, ())]
        if at is not None:
            closed += self.closures.get(at.location_id, ())
        return self.changes.get(service.pk, []), closed


def exceptions_of(services: Iterable[HasId], at: Iterable[IsAt], instant: datetime) -> Exceptions:
    """What holds around an instant for these services at these places. Two queries."""
    keys, places = {row.pk for row in services}, {row.location_id for row in at}
    far = instant + timedelta(days=AHEAD_DAYS + 1)
    rows = Closure.objects.filter(Q(service_id__in=keys) | Q(location_id__in=places))
    closures: dict[UUID, list[Closure]] = {}
    for closure in rows.filter(ended_at__isnull=True, ends__gt=instant, starts__lt=far):
        closures.setdefault(closure.service_id or closure.location_id, []).append(closure)  # type: ignore[arg-type]
    changes: dict[UUID, list[HoursChange]] = {}
    days = (instant - timedelta(days=2)).date(), far.date() + timedelta(days=1)
    for change in HoursChange.objects.filter(service_id__in=keys, last__gte=days[0], first__lte=days[1]):
        changes.setdefault(change.service_id, []).append(change)
    return Exceptions(closures, changes)


def state_now(service: HasId, at: IsAt | None, exceptions: Exceptions, tag: str, instant: datetime) -> State:
    """Open, closed or unknown at an instant, with everything that is known. Reasons are in the language `tag`."""
    changes, closures = exceptions.of(service, at)
    hours = hours_of(service, at, tag, changes=changes, closures=closures)
    return state_of(hours, at.location.country if at else "", instant)
