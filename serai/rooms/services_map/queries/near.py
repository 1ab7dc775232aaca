"""What is near: services around a point in the order of distance, and those that are reached by phone only.

The question goes to `Offer`, which holds no exact place that is not public. Rings grow until enough is found, so that a
city with ten thousand services costs no more than a village with ten. Whether it is open is computed for what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from math import cos, radians
from uuid import UUID

from django.db.models import ExpressionWrapper, F, FloatField, Q, QuerySet, Value
from django.utils import timezone

from serai.kernel.access.viewer import Viewer
from serai.kernel.places.towns import countries_around
from serai.lib.geo import Point, box_around
from serai.lib.hours_state import State

from ..access import findable
from ..models import Answer, Offer
from .exceptions import exceptions_of, state_now
from .lines import Line, line_of
from .timed import timed

RINGS = (500, 2_000, 8_000, 30_000, 100_000)  # metres
LIMIT = 20
MOST = 100
COUNTED = 100  # of those that are not shown
_AT_ONCE = 250
_LOOKED_AT = 400  # offers whose hours are computed for one answer
_SEALED = ("at__sealed", "at__location__sealed")
"""Read by nobody here: a page for the public opens nothing."""


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. need: a key or "" for any; language: tag spoken there; audience: women or children."""

    need: str = ""
    language: str = ""
    audience: str = ""
    open_now: bool = False
    no_papers: bool = False
    step_free: bool = False
    free: bool = False


@dataclass(frozen=True)
class Near:
    """What was found. places: nearest first; by_contact: those whose place nobody may know, in no order of distance,
    but for those that say they are for another country; more_by_contact: how many more of these there are, counted up
    to COUNTED; widest: metres looked at."""

    places: list[Line] = field(default_factory=list)
    by_contact: list[Line] = field(default_factory=list)
    more_by_contact: int = 0
    widest: int = 0

    @property
    def not_all_counted(self) -> bool:
        """Whether there may be more than `more_by_contact`."""
        return self.more_by_contact >= COUNTED


def services_near(
    *, viewer: Viewer, point: Point, wanted: Wanted, tag: str, at: datetime | None = None, limit: int = LIMIT
) -> Near:
    """Services around a point that fit; at most `limit` (1 to 100) of each kind. at: a moment with its zone."""
    instant = at or timezone.now()
    most = max(1, min(limit, MOST))
    offers = _fitting(wanted, instant)
    near, widest = _by_distance(offers, point, wanted, tag, instant, most)
    hidden = _by_phone(_for_people_there(offers, point), most)
    phoned = _open(hidden, tag, instant, most) if wanted.open_now else hidden[:most]
    places, by_contact = _lines(near, phoned, tag, instant, point)
    left = max(0, min(len(hidden) - most, COUNTED)) if len(by_contact) == most else 0
    return Near(places, by_contact, left, widest)


def _by_phone(offers: QuerySet[Offer], most: int) -> list[int]:
    """One of each service in the order in which the index has them, no more than are shown or counted: sorting or
    counting all would look at every service of the house."""
    return list(_first_of_each(_reached_by_phone(offers), 2 * (most + COUNTED), set()))


def _reached_by_phone(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    return offers.filter(latitude__isnull=True, longitude__isnull=True).order_by("id")


def _first_of_each(rows: QuerySet[Offer], looked_at: int, seen: set[UUID]) -> Iterator[int]:
    """Keys of the first offer of each service that was not seen before; those of these rows are added to `seen`."""
    for pk, service in rows.values_list("pk", "service_id")[:looked_at]:
        if service not in seen:
            seen.add(service)
            yield pk


def _fitting(wanted: Wanted, at: datetime) -> QuerySet[Offer]:
    # `first = true` is written by Django as a bare column, for which SQLite has no index.
    rows = Offer.objects.filter(Q(need=wanted.need) if wanted.need else Q(first__in=[True]))
    rows = rows.filter(findable("service__", timezone.localtime(at).date()))
    if wanted.no_papers:
        rows = rows.filter(papers_asked=Answer.NO)
    if wanted.free:
        rows = rows.filter(free=Answer.YES)
    if wanted.step_free:
        rows = rows.filter(step_free="yes")
    if wanted.language:
        rows = rows.filter(tags__contains=f" lang:{wanted.language} ")
    if wanted.audience:
        rows = rows.filter(tags__contains=f" {wanted.audience} ")
    return rows


def _for_people_there(offers: QuerySet[Offer], point: Point) -> QuerySet[Offer]:
    """Without services that say they are for people of other countries. Where their places are plays no part in it."""
    countries = countries_around(point)
    fits = ~Q(tags__contains=" area:")
    for country in countries:
        fits |= Q(tags__contains=f" area:{country} ")
    return offers.filter(fits) if countries else offers


def _by_distance(
    offers: QuerySet[Offer], point: Point, wanted: Wanted, tag: str, at: datetime, most: int
) -> tuple[list[int], int]:
    """Keys of the nearest offers, each service once; with open_now only those that are open for certain."""
    north, east = F("latitude") - Value(point.lat), (F("longitude") - Value(point.lon)) * Value(cos(radians(point.lat)))
    square = ExpressionWrapper(north * north + east * east, output_field=FloatField())
    found: list[int] = []
    seen: set[UUID] = set()
    for ring in RINGS:
        within = Q()
        for part in box_around(point, ring).parts():
            within |= Q(latitude__range=(part.south, part.north), longitude__range=(part.west, part.east))
        rows = offers.filter(within).annotate(square=square).order_by("square", "service_id", "id")
        looked_at = _LOOKED_AT if wanted.open_now else 2 * (most + len(seen))
        keys = list(_first_of_each(rows, looked_at, seen))
        found += _open(keys, tag, at, most - len(found)) if wanted.open_now else keys[: most - len(found)]
        if len(found) >= most:
            return found, ring
    return found, RINGS[-1]


def _lines(near: list[int], phoned: list[int], tag: str, at: datetime, point: Point) -> tuple[list[Line], list[Line]]:
    """Lines of offers near a point and of those reached by phone only, all read at once."""
    offers = _in_order([*near, *phoned], "service__organization", "service__fact", "at__location", without=_SEALED)
    shown = set(near)
    places: list[Line] = []
    by_contact: list[Line] = []
    for row, state in zip(offers, _states(offers, tag, at), strict=True):
        is_near = row.pk in shown
        line = line_of(row.service, row.at, state, tag, point if is_near else None)
        (places if is_near else by_contact).append(line)
    return places, by_contact


def _open(keys: list[int], tag: str, at: datetime, most: int) -> list[int]:
    """The first of these offers that are open for certain; no more is read of them than their hours need."""
    found: list[int] = []
    for start in range(0, len(keys), _AT_ONCE):
        part = timed(keys[start : start + _AT_ONCE])
        exceptions = exceptions_of(
            [service for service, _at in part.values()], [at for _, at in part.values() if at], at
        )
        for key, (service, there) in part.items():
            if state_now(service, there, exceptions, tag, at).status == "open":
                found.append(key)
        if len(found) >= most:
            break
    return found[:most]


def _states(offers: list[Offer], tag: str, at: datetime) -> list[State]:
    exceptions = exceptions_of([row.service for row in offers], [row.at for row in offers if row.at], at)
    return [state_now(row.service, row.at, exceptions, tag, at) for row in offers]


def _in_order(keys: list[int], *related: str, without: tuple[str, ...]) -> list[Offer]:
    """Offers with what is related, in the order of the keys. One query."""
    rows = Offer.objects.filter(pk__in=keys).select_related(*related).defer(*without)
    found = {offer.pk: offer for offer in rows}
    return [found[key] for key in keys if key in found]
