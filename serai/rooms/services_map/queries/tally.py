"""Points at which services are counted, and what was counted there on a day: exact, for those who stand there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from serai.kernel.access.viewer import Viewer
from serai.kernel.languages.words import Said

from ..access import publishers_of
from ..hours import zone_of
from ..models import Location, Service, ServiceAtLocation, TallyCount
from ..needs import OTHER, Need, needs
from ..sensitivity import name_for_staff

LATELY = timedelta(days=14)
MOST_POINTS = 40
"""On one screen; beyond that a part of the name is asked for."""


@dataclass(frozen=True)
class Point:
    """Where services are given: a place, or a service that has none. Of location and service one is set.

    name: for staff. outside: what it is called in a report, which never names a place that is not public. kinds: what
    is offered there.
    """

    publisher_id: UUID
    location: Location | None
    service: Service | None
    name: Said
    outside: Said
    kinds: tuple[Need, ...]

    @property
    def key(self) -> str:
        """Id of the place or the service."""
        row = self.location or self.service
        return str(row.pk) if row else ""

    @property
    def today(self) -> date:
        """The day it is there."""
        return timezone.now().astimezone(ZoneInfo(zone_of(self.location))).date()

    @property
    def columns(self) -> dict[str, UUID | None]:
        """What its counts are kept under."""
        return {
            "location_id": self.location.pk if self.location else None,
            "service_id": self.service.pk if self.service else None,
        }


@dataclass(frozen=True)
class Points:
    """Points on a screen; more: there are others, which a part of the name finds."""

    rows: list[Point]
    more: bool


def points(*, viewer: Viewer, tag: str, words: str = "") -> Points:
    """Points of the viewer's publishers: those where somebody counted lately first, then by the name of what is given
    there. words: part of a name."""
    locations, services = _open_points(viewer)
    if words:
        named = Q(cells__name__icontains=words)
        # The name of a place that is not public is sealed: such a point is found by what is offered there.
        locations = locations.filter(named | Q(at__service__cells__name__icontains=words))
        services = services.filter(named)
    since = timezone.localdate() - LATELY
    lately = set(
        TallyCount.objects.filter(publisher_id__in=publishers_of(viewer), day__gte=since)
        .values_list("location_id", "service_id")
        .distinct()
    )
    offered = ServiceAtLocation.objects.filter(location__in=locations.order_by().values("pk"))
    first = dict(sorted(offered.values_list("location_id", "service__cells__name"), key=_name, reverse=True))
    keys = [
        *(((pk, None), name or "") for pk, name in first.items()),
        *(((None, pk), name or "") for pk, name in services.distinct().values_list("pk", "cells__name")),
    ]
    keys.sort(key=lambda row: (row[0] not in lately, row[1].casefold(), str(row[0])))
    shown = [key for key, _name in keys[:MOST_POINTS]]
    found = points_of(shown, tag)
    return Points([found[key] for key in shown], len(keys) > MOST_POINTS)


def point_for(*, viewer: Viewer, pk: UUID, tag: str) -> Point | None:
    """A point of the viewer's publishers by the id of its place, or of its service; None for any other."""
    locations, services = _open_points(viewer)
    key: tuple[UUID | None, UUID | None] = (pk, None)
    if not locations.filter(pk=pk).exists():
        key = (None, pk)
        if not services.filter(pk=pk).exists():
            return None
    return points_of([key], tag)[key]


def points_of(
    keys: Iterable[tuple[UUID | None, UUID | None]], tag: str
) -> dict[tuple[UUID | None, UUID | None], Point]:
    """Points by (location, service), in a language. Not scoped: whoever asks has found the keys for a viewer."""
    wanted = list(keys)
    there = Location.objects.filter(pk__in=[pk for pk, _service in wanted if pk]).prefetch_related("at__service")
    alone = Service.objects.filter(pk__in=[pk for _location, pk in wanted if pk])
    found: dict[tuple[UUID | None, UUID | None], Point] = {}
    for location in there:
        found[location.pk, None] = _at_place(location, tag)
    for service in alone:
        name = service.said("name", tag)
        found[None, service.pk] = Point(service.publisher_id, None, service, name, name, _kinds([service]))
    return found


def counted(*, viewer: Viewer, point: Point, day: date) -> dict[tuple[str, str], int]:
    """(kind, group) -> how often on that day; nothing for who has no part in the point."""
    rows = TallyCount.objects.filter(**point.columns, day=day, publisher_id__in=publishers_of(viewer), count__gt=0)
    return {(kind, group): count for kind, group, count in rows.values_list("kind", "group", "count")}


def kinds_shown(point: Point, figures: Iterable[tuple[str, str]], *, everything: bool = False) -> list[Need]:
    """Kinds on the screen of a point: what is offered there and what was counted; or all there are."""
    wanted = {need.key for need in point.kinds} | {kind for kind, _group in figures}
    return [need for need in needs().values() if everything or need.key in wanted]


def _name(row: tuple[UUID, str | None]) -> str:
    return (row[1] or "").casefold()


def _open_points(viewer: Viewer) -> tuple[QuerySet[Location], QuerySet[Service]]:
    """Places where something is offered, and services without a place."""
    mine = publishers_of(viewer)
    active = Service.objects.filter(publisher_id__in=mine, status=Service.Status.ACTIVE)
    return Location.objects.filter(publisher_id__in=mine, at__service__in=active), active.filter(at__isnull=True)


def _at_place(location: Location, tag: str) -> Point:
    services = sorted((row.service for row in location.at.all()), key=lambda service: str(service.pk))
    named = [service.said("name", tag) for service in services]
    offered = Said(", ".join(said.text for said in named if said.text), named[0].language if named else tag)
    name, outside = name_for_staff(location, tag), location.said("name", tag)
    return Point(
        location.publisher_id, location, None, name if name.text else offered,
        outside if outside.text else offered, _kinds(services),
    )  # fmt: skip


def _kinds(services: Iterable[Service]) -> tuple[Need, ...]:
    active = [service for service in services if service.status == Service.Status.ACTIVE]
    wanted = {key for service in active for key in service.needs or [OTHER]}
    return tuple(need for need in needs().values() if need.key in wanted or (not wanted and need.key == OTHER))
