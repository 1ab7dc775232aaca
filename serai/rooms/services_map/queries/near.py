"""What is near: services around a point in the order of distance, and those that are reached by phone only.

The question goes to `Offer`, which holds no exact place that is not public. Rings grow until enough is found, so that a
city with ten thousand services costs no more than a village with ten. Whether it is open is computed for what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import cos, degrees, radians
from uuid import UUID

from django.conf import settings
from django.db.models import ExpressionWrapper, F, FloatField, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Abs, Cast, Least
from django.utils import timezone

from serai.kernel.access.viewer import Viewer
from serai.kernel.places.towns import countries_around
from serai.lib.geo import RADIUS, Point, box_around

from ..access import findable
from ..hours import Times, hours_from, state_of
from ..models import Answer, Closure, HoursChange, Offer
from .exceptions import differs_around, exceptions_of, state_now
from .lines import Line, line_of

RINGS = (700, 5_000, 30_000, 100_000)  # metres
LIMIT = 20
MOST = 100
COUNTED = 50  # of those that are not shown
_LOOKED_AT = 250  # offers among which those are sought that fit
_RELATED = ("service__organization", "service__fact", "at__location")
_TIMED = ("pk", "key", "differs", "hours", "schedule", "timezone", "country")
_SERVICE = Cast("service_id", TextField())  # to tell one from another: an object for each of hundreds takes long
_UNREAD = (
    "at__sealed", "at__location__sealed",  # a page for the public opens nothing
    "at__cells", "at__texts", "at__language", "at__location__organization", "service__status", "service__operates_for",
    "service__valid_from", "service__valid_to", "service__fact__key", "service__fact__organisation",
    *(f"{row}__{field}" for row in ("service", "service__organization", "at", "at__location")
      for field in ("publisher", "changed_here")),
)  # fmt: skip
"""What no line of a list reads."""


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
    to COUNTED."""

    places: list[Line] = field(default_factory=list)
    by_contact: list[Line] = field(default_factory=list)
    more_by_contact: int = 0

    @property
    def not_all_counted(self) -> bool:
        """Whether there may be more than `more_by_contact`."""
        return self.more_by_contact >= COUNTED


def services_near(
    *, viewer: Viewer, point: Point, wanted: Wanted, tag: str, at: datetime | None = None, limit: int = LIMIT
) -> Near:
    """Services around a point that fit: at most `limit` (1 to 100) near, and half as many that are reached by phone
    only, more of them where less is near. at: a moment with its zone."""
    instant = at or timezone.now()
    most = max(1, min(limit, MOST))
    offers = _fitting(wanted, instant)
    is_open = _Open(tag, instant) if wanted.open_now else None
    near = _by_distance(offers, point, most, is_open)
    phoned = max((most + 1) // 2, most - len(near))
    hidden = _by_phone(_for_people_there(offers, point), phoned + COUNTED, is_open)
    places, by_contact = _lines(near, hidden[:phoned], tag, instant, point)
    return Near(places, by_contact, max(0, len(hidden) - phoned))


@dataclass(frozen=True)
class _Open:
    """Whether offers are open for certain, at an instant; reasons are in the language `tag`."""

    tag: str
    instant: datetime
    usually: dict[tuple[str, ...], bool] = field(default_factory=dict)

    def of(self, rows: QuerySet[Offer]) -> Iterator[tuple[int, str, bool]]:
        """Key, service, and whether it is open. No more is read than an offer says of its hours: hundreds of offers are
        looked at for one answer."""
        read = list(rows.annotate(differs=differs_around(self.instant)).values_list(*_TIMED))
        differing = [pk for pk, _key, differs, *_ in read if differs]
        ids = dict(_pairs(Offer.objects.filter(pk__in=differing))) if differing else {}
        exceptions = exceptions_of([one for one, _ in ids.values()], [place for _, place in ids.values()], self.instant)
        for pk, key, differs, *times in read:
            if pk in ids:
                yield pk, key, self._now(times, exceptions.of(*ids[pk]))
            else:  # one that differed may be made anew in between: then it is not open for certain
                yield pk, key, not differs and self._usually(times)

    def _usually(self, times: list[str]) -> bool:
        key = tuple(times)
        if key not in self.usually:
            self.usually[key] = self._now(times, ((), ()))
        return self.usually[key]

    def _now(self, times: list[str], differing: tuple[Sequence[HoursChange], Sequence[Closure]]) -> bool:
        osm, rows, zone, country = times
        hours = hours_from(
            Times(osm, rows), zone or settings.TIME_ZONE, self.tag, changes=differing[0], closures=differing[1]
        )
        return state_of(hours, country, self.instant).status == "open"


def _pairs(rows: QuerySet[Offer]) -> Iterator[tuple[int, tuple[UUID, UUID | None]]]:
    """Service and place by the key of an offer."""
    for pk, service, place in rows.values_list("pk", "service_id", "at__location_id"):
        yield pk, (service, place)


def _take(found: dict[str, int], rows: QuerySet[Offer], enough: int, is_open: _Open | None) -> int:
    """Adds the first offer of each service, until there are enough of them. How many rows were there."""
    read = 0
    named = rows.annotate(key=_SERVICE)
    asked = is_open.of(named) if is_open else ((*row, True) for row in named.values_list("pk", "key"))
    for pk, service, fits in asked:
        read += 1
        if fits and len(found) < enough:
            found.setdefault(service, pk)
    return read


def _by_phone(offers: QuerySet[Offer], enough: int, is_open: _Open | None) -> list[int]:
    """One of each service in the order in which the index has them, no more than are shown or counted: sorting or
    counting all would look at every service of the house."""
    found: dict[str, int] = {}
    looked_at = _LOOKED_AT if is_open else 2 * enough
    _take(found, _reached_by_phone(offers)[:looked_at], enough, is_open)
    return list(found.values())


def _reached_by_phone(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    return offers.filter(latitude__isnull=True, longitude__isnull=True).order_by("id")


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


def _by_distance(offers: QuerySet[Offer], point: Point, most: int, is_open: _Open | None) -> list[int]:
    """Keys of the nearest offers, each service once; of the _LOOKED_AT nearest those that are open for certain."""
    found: dict[str, int] = {}
    left, within = _LOOKED_AT, 0.0
    for ring in RINGS:
        rows, within = _ring(offers, point, within, ring)
        looked_at = left if is_open else min(left, 2 * most)
        read = _take(found, rows[:looked_at], most, is_open)
        if len(found) < most and read == looked_at < left:  # few services at many places each
            read = _take(found, rows[:left], most, is_open)
        left -= read
        if len(found) == most or left <= 0:
            break
    return list(found.values())


def _ring(offers: QuerySet[Offer], point: Point, inner: float, metres: int) -> tuple[QuerySet[Offer], float]:
    """Offers farther than `inner` and no farther than `metres`, the nearest first, and how far that is. inner and what
    is returned: squares of degrees on a plane, which order like distances this near."""
    parts = box_around(point, metres).parts()
    within = Q()
    for part in parts:  # for the index; its corners belong to the next ring
        within |= Q(latitude__range=(part.south, part.north), longitude__range=(part.west, part.east))
    north = F("latitude") - Value(point.lat)
    east: Combinable = F("longitude") - Value(point.lon)
    if len(parts) > 1:  # across the antimeridian
        east = Least(Abs(east), Value(360.0) - Abs(east))
    aside = east * Value(cos(radians(point.lat)))
    outer = degrees(metres / RADIUS) ** 2
    rows = offers.filter(within).annotate(
        square=ExpressionWrapper(north * north + aside * aside, output_field=FloatField())
    )
    rows = rows.filter(square__lte=outer)
    return (rows.filter(square__gt=inner) if inner else rows).order_by("square", "service_id", "id"), outer


def _lines(near: list[int], phoned: list[int], tag: str, at: datetime, point: Point) -> tuple[list[Line], list[Line]]:
    """Lines of offers near a point and of those reached by phone only, all read at once."""
    offers = _in_order([*near, *phoned], at)
    differing = [row for row in offers if row.differs]  # type: ignore[attr-defined]
    exceptions = exceptions_of([row.service_id for row in differing], [_place_of(row) for row in differing], at)
    shown = set(near)
    places: list[Line] = []
    by_contact: list[Line] = []
    for row in offers:
        state = state_now(row.service, row.at, exceptions, tag, at)
        is_near = row.pk in shown
        line = line_of(row.service, row.at, state, tag, point if is_near else None)
        (places if is_near else by_contact).append(line)
    return places, by_contact


def _place_of(row: Offer) -> UUID | None:
    return row.at.location_id if row.at else None


def _in_order(keys: list[int], at: datetime) -> list[Offer]:
    """Offers with what is related and whether anything differs, in the order of the keys. One query."""
    rows = Offer.objects.filter(pk__in=keys).select_related(*_RELATED).defer(*_UNREAD)
    found = {offer.pk: offer for offer in rows.annotate(differs=differs_around(at))}
    return [found[key] for key in keys if key in found]
