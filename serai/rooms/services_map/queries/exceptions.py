"""What differs from the usual hours for the moment asked about: closings at once, and days with other hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from serai.lib.hours_state import AHEAD_DAYS, State

from ..hours import hours_of, state_of
from ..models import Closure, HoursChange, Service, ServiceAtLocation


@dataclass(frozen=True)
class Exceptions:
    """Closings by what they close (service or place), changes of hours by service."""

    closures: dict[UUID, list[Closure]]
    changes: dict[UUID, list[HoursChange]]

    def of(self, service: UUID, place: UUID | None) -> tuple[list[HoursChange], list[Closure]]:
        """Those that concern a service at a place, by their ids."""
        closed = [*self.closures.get(service, ())]
        if place is not None:
            closed += self.closures.get(place, ())
        return self.changes.get(service, []), closed


def exceptions_of(services: Iterable[UUID], places: Iterable[UUID | None], instant: datetime) -> Exceptions:
    """What holds around an instant for services and places with these ids. Two queries; none for no services."""
    keys, there = set(services), set(places) - {None}
    closures: dict[UUID, list[Closure]] = {}
    changes: dict[UUID, list[HoursChange]] = {}
    if not keys:
        return Exceptions(closures, changes)
    for closure in _closures(instant).filter(Q(service_id__in=keys) | Q(location_id__in=there)):
        closures.setdefault(closure.service_id or closure.location_id, []).append(closure)  # type: ignore[arg-type]
    for change in _changes(instant).filter(service_id__in=keys):
        changes.setdefault(change.service_id, []).append(change)
    return Exceptions(closures, changes)


def differs_around(instant: datetime) -> Q:
    """For rows of Offer: whether anything but the usual hours may concern one. It is so for few, and the database
    knows it faster than a second question about all of them."""
    closed = Q(service=OuterRef("service_id")) | Q(location=OuterRef("at__location_id"))
    changes = _changes(instant).filter(service=OuterRef("service_id"))
    return Exists(changes.order_by()) | Exists(_closures(instant).filter(closed).order_by())


def _closures(instant: datetime) -> QuerySet[Closure]:
    return Closure.objects.filter(ended_at__isnull=True, ends__gt=instant, starts__lt=_far(instant))


def _changes(instant: datetime) -> QuerySet[HoursChange]:
    first, last = (instant - timedelta(days=2)).date(), _far(instant).date() + timedelta(days=1)
    return HoursChange.objects.filter(last__gte=first, first__lte=last)


def _far(instant: datetime) -> datetime:
    return instant + timedelta(days=AHEAD_DAYS + 1)


def state_now(
    service: Service, at: ServiceAtLocation | None, exceptions: Exceptions, tag: str, instant: datetime
) -> State:
    """Open, closed or unknown at an instant, with everything that is known. Reasons are in the language `tag`."""
    changes, closures = exceptions.of(service.pk, at.location_id if at else None)
    hours = hours_of(service, at, tag, changes=changes, closures=closures)
    return state_of(hours, at.location.country if at else "", instant)
