"""From what a directory says about hours to whether a place is open now. Nothing here is kept: it is asked each time.

The directory's rows are compiled once for each text and day; a hundred places with the same hours cost one reading.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
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


@dataclass(frozen=True, slots=True)
class Times:
    """When something is open as it was said. osm: in OpenStreetMap's syntax; where there is none, rows: those of HSDS
    schedule as JSON. Both empty: nobody has said."""

    osm: str = ""
    rows: str = ""


def times_said(osm: str, rows: Iterable[Mapping[str, Any]]) -> Times:
    """Of a row of the directory. What says nothing of when (an id, a link) is left out."""
    if osm or not rows:
        return Times(osm)
    kept = [{name: row[name] for name in _SCHEDULE if row.get(name)} for row in rows]
    return Times("", json.dumps(kept, sort_keys=True, ensure_ascii=False))


@lru_cache(maxsize=20_000)
def rules_of(times: Times, zone: str, today: date) -> tuple[Rule, ...]:
    """The rules of a place on a day."""
    if not times.osm:
        return read_hsds(json.loads(times.rows), zone, today).rules if times.rows else ()
    try:
        return read_osm(times.osm)
    except HoursError:
        # Refused on every way in; what was written before a rule of the syntax changed is unknown, not an error page.
        return (Rule("unknown", comment=times.osm, join="fills"),)


def zone_of(location: models.Location | None) -> str:
    """The zone of a place, or the house's own where nobody has said."""
    return (location.timezone if location else "") or settings.TIME_ZONE


def times_that_hold(service: models.Service, at: models.ServiceAtLocation | None) -> Times:
    """For a service at a place: those said of both together, else of the service, else of the place."""
    for row in (at, service, at.location if at else None):
        if row is not None and (row.hours or row.under("schedule")):
            return times_said(row.hours, row.under("schedule"))
    return Times()


def hours_of(
    service: models.Service,
    at: models.ServiceAtLocation | None,
    tag: str,
    *,
    changes: Iterable[models.HoursChange] = (),
    closures: Iterable[models.Closure] = (),
    today: date | None = None,
) -> Hours:
    """The hours that hold for a service at a place. Reasons are in the language `tag` or the nearest."""
    zone = zone_of(at.location if at else None)
    return hours_from(times_that_hold(service, at), zone, tag, changes=changes, closures=closures, today=today)


def hours_from(
    times: Times,
    zone: str,
    tag: str,
    *,
    changes: Iterable[models.HoursChange] = (),
    closures: Iterable[models.Closure] = (),
    today: date | None = None,
) -> Hours:
    """Times in a zone with everything that differs from them. Reasons are in the language `tag` or the nearest."""
    day = today or timezone.now().astimezone(ZoneInfo(zone)).date()
    changed = [
        Change(row.first, row.last, rules_of(Times(row.hours), zone, day), say(row.reasons, tag).text)
        for row in changes
    ]
    closed = [Closure(row.starts, row.ends, say(row.reasons, tag).text) for row in closures]
    return Hours(zone, rules_of(times, zone, day), tuple(changed), tuple(closed))


def state_of(hours: Hours, country: str, instant: datetime) -> State:
    """Open, closed or unknown at an instant, with the public holidays of the country."""
    if hours.closures:
        return state_at(hours, instant, holidays_of(country) if country else None)
    return _in_minute(hours, country, instant.replace(second=0, microsecond=0))


@lru_cache(maxsize=5_000)
def _in_minute(hours: Hours, country: str, minute: datetime) -> State:
    """Hours change at whole minutes, and hundreds of places keep the same ones: computed once for all of them."""
    return state_at(hours, minute, holidays_of(country) if country else None)
