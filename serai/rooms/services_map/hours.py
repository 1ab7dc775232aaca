"""From what a directory says about hours to whether a place is open now. Nothing here is kept: it is asked each time.

The directory's rows are compiled once for each text and day; a hundred places with the same hours cost one reading.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from serai.kernel.languages.words import say
from serai.lib.holidays import holidays_of
from serai.lib.hours import Change, Closure, Hours, HoursError, Rule
from serai.lib.hours_hsds import read_hsds
from serai.lib.hours_osm import read_osm
from serai.lib.hours_state import State, state_at

from . import models

_SCHEDULE = (
    "valid_from", "valid_to", "dtstart", "timezone", "until", "count", "wkst", "freq", "interval", "byday", "byweekno",
    "bymonthday", "byyearday", "description", "opens_at", "closes_at",
)  # fmt: skip


def rules_of(osm: str, rows: Iterable[Mapping[str, Any]], zone: str, today: date) -> tuple[Rule, ...]:
    """The rules of a place: the text in OpenStreetMap's syntax where there is one, else the rows of HSDS schedule."""
    kept = [{name: row[name] for name in _SCHEDULE if row.get(name)} for row in rows]
    return _compiled(osm, "" if osm else json.dumps(kept, sort_keys=True), zone, today)


@lru_cache(maxsize=20_000)
def _compiled(osm: str, rows: str, zone: str, today: date) -> tuple[Rule, ...]:
    if not osm:
        return read_hsds(json.loads(rows), zone, today).rules
    try:
        return read_osm(osm)
    except HoursError:
        # Refused on every way in; what was written before a rule of the syntax changed is unknown, not an error page.
        return (Rule("unknown", comment=osm, join="fills"),)


class HasHours(Protocol):
    """What says when it is open: a row of the directory, or so much of it."""

    @property
    def hours(self) -> str: ...

    def under(self, table: str) -> list[dict[str, Any]]: ...


class HasZone(HasHours, Protocol):
    """A place with hours."""

    @property
    def timezone(self) -> str: ...

    @property
    def country(self) -> str: ...


class HasPlace(HasHours, Protocol):
    """A service at a place, with hours."""

    @property
    def location(self) -> HasZone: ...


def zone_of(location: HasZone | None) -> str:
    """The zone of a place, or the house's own where nobody has said."""
    return (location.timezone if location else "") or settings.TIME_ZONE


def hours_of(
    service: HasHours,
    at: HasPlace | None,
    tag: str,
    *,
    changes: Iterable[models.HoursChange] = (),
    closures: Iterable[models.Closure] = (),
    today: date | None = None,
) -> Hours:
    """The hours that hold for a service at a place: those said of both together, else of the service, else the place.

    Reasons are in the language `tag` or the nearest.
    """
    location = at.location if at else None
    zone = zone_of(location)
    day = today or timezone.now().astimezone(ZoneInfo(zone)).date()
    rules: tuple[Rule, ...] = ()
    for row in (at, service, location):
        if row is not None and (row.hours or row.under("schedule")):
            rules = rules_of(row.hours, row.under("schedule"), zone, day)
            break
    changed = [
        Change(row.first, row.last, rules_of(row.hours, (), zone, day) if row.hours else (), say(row.reasons, tag).text)
        for row in changes
    ]
    closed = [Closure(row.starts, row.ends, say(row.reasons, tag).text) for row in closures]
    return Hours(zone, rules, tuple(changed), tuple(closed))


def state_of(hours: Hours, country: str, instant: datetime) -> State:
    """Open, closed or unknown at an instant, with the public holidays of the country."""
    if hours.closures:
        return state_at(hours, instant, holidays_of(country) if country else None)
    return _in_minute(hours, country, instant.replace(second=0, microsecond=0))


@lru_cache(maxsize=5_000)
def _in_minute(hours: Hours, country: str, minute: datetime) -> State:
    """Hours change at whole minutes, and hundreds of places keep the same ones: computed once for all of them."""
    return state_at(hours, minute, holidays_of(country) if country else None)
