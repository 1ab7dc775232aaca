"""Whether a place is open at one moment, until when, and what comes next: open, closed or unknown, never a guess.

Moments are computed on the clock of the place. A time that does not exist on the day clocks go forward means the
moment they do; one that stands twice means its first reading (as in RFC 5545), so that nobody is sent to a door that
may be shut again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from serai.lib.hours import DAY, Change, Hours, Rule, Status

AHEAD_DAYS = 14
Why = Literal["", "holiday", "out-of-force", "change", "closure"]
# Whether a day is a public holiday at the place; None for a day that nobody knows about.
IsHoliday = Callable[[date], bool | None]


@dataclass(frozen=True)
class State:
    """What a place is at one moment.

    It stays so `until` and is `then` something else; both are None when nothing changes within AHEAD_DAYS.
    `opens_at` is the next opening that is certain, with nothing unknown before it; `closes_at` the end of being open,
    None when what follows is unknown. All moments are in the zone of the place. `why` tells where the answer comes
    from when not from the rules alone: `holiday` (hangs on whether it is one), `out-of-force` (no rule is valid that
    day, or there is none), `change`, `closure`. `note` is the comment or reason that somebody wrote.
    """

    status: Status
    until: datetime | None = None
    then: Status | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    why: Why = ""
    note: str = ""


@dataclass(frozen=True)
class _Layer:
    """A stretch of time and what is said about it; of several the last one holds."""

    start: datetime
    end: datetime
    status: Status
    why: Why = ""
    note: str = ""
    cuts: bool = False


@dataclass(frozen=True)
class _Reading:
    """What is said for one day: the layers, and those that hold where the first leave the place closed."""

    layers: tuple[_Layer, ...]
    fills: tuple[_Layer, ...] = ()


# One reading where it is known whether the day is a holiday, else one for an ordinary day and one for a holiday.
_Day = tuple[_Reading, ...]


def state_at(hours: Hours, instant: datetime, is_holiday: IsHoliday | None = None) -> State:
    """What the place is at `instant`, a moment with a zone. ValueError without one.

    `is_holiday` None says that nobody knows the holidays: what hangs on them is unknown.
    """
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError("the moment needs a zone: whether a place is open depends on where it is that time")
    zone, now = ZoneInfo(hours.zone), instant.astimezone(UTC)
    today = now.astimezone(zone).date()
    dates = [today + timedelta(days=days) for days in range(-1, AHEAD_DAYS + 2)]
    days = {day: _day(hours, day, is_holiday, zone) for day in dates}
    here = _verdict(hours, days, now, zone)
    steps: list[tuple[datetime, Status]] = []
    last = here.status
    for edge in _edges(hours, days, now):
        following = _verdict(hours, days, edge, zone).status
        if following != last:
            steps.append((edge.astimezone(zone), following))
            last = following
    return _state(here, steps)


def _state(here: _Layer, steps: list[tuple[datetime, Status]]) -> State:
    until, then = steps[0] if steps else (None, None)
    sure = next((step for step in steps if step[1] != "closed"), None)
    opens = sure[0] if sure and sure[1] == "open" and here.status == "closed" else None
    if here.status == "unknown" and then == "open":
        opens = until
    closes = until if here.status == "open" and then == "closed" else None
    return State(here.status, until, then, opens, closes, here.why, here.note)


def _edges(hours: Hours, days: dict[date, _Day], now: datetime) -> list[datetime]:
    """Every moment after `now`, and no more than AHEAD_DAYS after, when the answer could change."""
    layers = [layer for day in days.values() for reading in day for layer in (*reading.layers, *reading.fills)]
    edges = {edge for layer in layers for edge in (layer.start, layer.end)}
    edges |= {edge.astimezone(UTC) for closure in hours.closures for edge in (closure.start, closure.end)}
    return sorted(edge for edge in edges if now < edge <= now + timedelta(days=AHEAD_DAYS))


def _verdict(hours: Hours, days: dict[date, _Day], at: datetime, zone: tzinfo) -> _Layer:
    """What holds at one moment: a closure, else the night that began yesterday together with today."""
    for closure in hours.closures:
        if closure.start <= at < closure.end:
            return _Layer(at, at, "closed", "closure", closure.reason)
    today = at.astimezone(zone).date()
    now = _of_day(days[today], at)
    night = _of_day(days[today - timedelta(days=1)], at)
    if night.cuts:
        return night
    weight: dict[Status, int] = {"closed": 0, "unknown": 1, "open": 2}
    return night if weight[night.status] > weight[now.status] else now


def _of_day(day: _Day, at: datetime) -> _Layer:
    found = [_holding(reading, at) for reading in day]
    if len({(layer.status, layer.cuts) for layer in found}) == 1:
        return found[0]
    return _Layer(at, at, "unknown", "holiday")


def _holding(reading: _Reading, at: datetime) -> _Layer:
    top = _top(reading.layers, at) or _Layer(at, at, "closed")
    return (_top(reading.fills, at) or top) if top.status == "closed" else top


def _top(layers: tuple[_Layer, ...], at: datetime) -> _Layer | None:
    return next((layer for layer in reversed(layers) if layer.start <= at < layer.end), None)


def _day(hours: Hours, day: date, is_holiday: IsHoliday | None, zone: tzinfo) -> _Day:
    holiday = is_holiday(day) if is_holiday else None
    known = (False, True) if holiday is None else (holiday,)
    change = next((change for change in reversed(hours.changes) if change.first <= day <= change.last), None)
    return tuple(_reading(hours, change, day, holiday, zone) for holiday in known)


def _reading(hours: Hours, change: Change | None, day: date, holiday: bool, zone: tzinfo) -> _Reading:
    """The layers of one day in their order; a rule that replaces those before it takes them away."""
    start, end = _moment(day, 0, zone), _moment(day, DAY, zone)
    rules = change.rules if change else hours.rules
    if not change and not any(rule.in_force(day) for rule in rules):
        return _Reading((_Layer(start, end, "unknown", "out-of-force"),))
    ground = _Layer(start, end, "closed", "change" if change else "", change.reason if change else "")
    layers, fills = [ground], []
    for rule in rules:
        if not rule.selects(day, holiday):
            continue
        said = _of_rule(rule, day, zone, ground)
        if rule.join == "fills":
            fills += said
        elif rule.join == "adds" or rule.cuts:
            layers += said
        else:
            layers = [ground, *said]
    return _Reading(tuple(layers), tuple(fills))


def _of_rule(rule: Rule, day: date, zone: tzinfo, ground: _Layer) -> list[_Layer]:
    edges = [(_moment(day, span.opens, zone), _moment(day, span.closes, zone)) for span in rule.spans]
    note = rule.comment or ground.note
    return [_Layer(start, end, rule.status, ground.why, note, rule.cuts) for start, end in edges]


def _moment(day: date, minutes: int, zone: tzinfo) -> datetime:
    """The moment in UTC when the wall clock shows `minutes` after the midnight that `day` begins with."""
    wall = datetime.combine(day, time(), tzinfo=zone) + timedelta(minutes=minutes)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    # The clock jumps over this time: half the distance until the minute of the jump stands alone.
    before, after = wall.replace(fold=1).astimezone(UTC), moment
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
