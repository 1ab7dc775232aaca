"""Opening hours as rows of the table `schedule` of HSDS 3 (Open Referral), read and written.

The rows follow RFC 5545: each adds times to the others, and none can say "not on public holidays". What a row says
that cannot be kept is reported, and where it changes when the place is open the row is read as unknown, so that
nobody is sent to a shut door by half an understanding. Times of a row carry an offset from UTC; as an offset of the
place's own zone it only says which clock is meant, any other is turned to the place's clock where that is exact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from serai.lib.dates import parse_day
from serai.lib.hours import DAY, Cycle, Hours, HoursError, Rule, Span, Weekday, clock

Row = Mapping[str, object]
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WKST = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
# Said to people or machines beside the times: reported, without harm to what the times say.
_BESIDE = ("schedule_link", "attending_type", "notes", "attributes", "metadata")
_COUNT_DAYS = 366 * 20


@dataclass(frozen=True)
class Lost:
    """Something that could not be kept: `code`, the `field` it stood in, what was `found`, and the `row` from 0.

    Reading: `not-kept` (text beside the times), `offset-missing` (taken for the clock of the place),
    `timezone-differs` (the time's own offset counts), and those that make the row unknown: `not-supported`,
    `freq`, `byday`, `bymonthday`, `dtstart-missing`, `number`, `count-and-until`, `count-start`, `day`, `time`,
    `offset-foreign`, `offset-moves-day`, or a code of HoursError. Writing: `status`, `holidays`, `dates`,
    `replaces`, `change`, `closure`; there `row` is the place in the list of rules, changes or closures.
    """

    code: str
    field: str
    found: str
    row: int


@dataclass(frozen=True)
class ReadRows:
    """The rules that rows gave, and what could not be kept of them."""

    rules: tuple[Rule, ...]
    lost: tuple[Lost, ...]


@dataclass(frozen=True)
class WrittenRows:
    """The rows that hours gave, without ids, and what they cannot say."""

    rows: tuple[dict[str, object], ...]
    lost: tuple[Lost, ...]


class _Unclear(Exception):
    """A field without which nobody can tell when the place is open."""

    def __init__(self, code: str, field: str, found: object) -> None:
        super().__init__(code)
        self.code, self.field, self.found = code, field, str(found)[:80]


@dataclass(frozen=True)
class _Place:
    """The offsets from UTC, in minutes, that the clock of a place has in the year from one day on."""

    offsets: frozenset[int]
    now: int


def read_hsds(rows: Sequence[Row], zone: str, today: date) -> ReadRows:
    """The rules that `rows` say for a place in `zone`, whose offsets are those of the year from `today` on.

    The ids of a row are the caller's. Nothing is refused: `lost` says what was not kept. HoursError `zone`.
    """
    place = _place(zone, today)
    rules: list[Rule] = []
    lost: list[Lost] = []
    for number, row in enumerate(rows):
        lost += [Lost("not-kept", name, _text(row, name)[:80], number) for name in _BESIDE if _text(row, name)]
        try:
            span, notes = _span(row, place)
            rules.append(_rule(row, span))
            lost += [replace(note, row=number) for note in notes]
        except _Unclear as unclear:
            lost.append(Lost(unclear.code, unclear.field, unclear.found, number))
            rules.append(Rule("unknown", comment=_text(row, "description"), join="fills"))
    return ReadRows(tuple(rules), tuple(lost))


def _place(zone: str, today: date) -> _Place:
    clockwork = ZoneInfo(Hours(zone).zone)
    noons = [datetime.combine(today + timedelta(weeks=week), time(12), tzinfo=clockwork) for week in range(53)]
    offsets = [int((noon.utcoffset() or timedelta()).total_seconds() // 60) for noon in noons]
    return _Place(frozenset(offsets), offsets[0])


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if value is None or value == [] else str(value).strip()


def _day(row: Row, name: str) -> date | None:
    text = _text(row, name)
    try:
        return parse_day(text) if text else None
    except ValueError:
        raise _Unclear("day", name, text) from None


def _number(row: Row, name: str) -> int:
    text = _text(row, name).removesuffix(".0")
    if text and not re.fullmatch("[1-9][0-9]{0,3}", text):
        raise _Unclear("number", name, text)
    return int(text or 0)


def _rule(row: Row, span: Span) -> Rule:
    """The rule of one row whose times are `span`."""
    for name in ("byweekno", "byyearday"):
        if _text(row, name):
            raise _Unclear("not-supported", name, _text(row, name))
    freq, start, until = _text(row, "freq").upper(), _day(row, "dtstart"), _day(row, "until")
    if freq not in ("WEEKLY", "MONTHLY"):
        raise _Unclear("freq", "freq", freq)
    weekdays, monthdays = _weekdays(row, freq), _monthdays(row, freq)
    if not weekdays and not monthdays:
        if start is None:
            raise _Unclear("dtstart-missing", "byday", "")
        weekdays, monthdays = ((Weekday(start.weekday()),), ()) if freq == "WEEKLY" else ((), (start.day,))
    try:
        rule = Rule(
            spans=(span,),
            weekdays=() if weekdays == tuple(Weekday(day) for day in range(7)) else weekdays,
            monthdays=monthdays,
            cycle=_cycle(row, freq, start),
            until=until,
            comment=_text(row, "description"),
            join="adds",
        )
        rule = _counted(row, rule)
        return replace(rule, valid_from=_day(row, "valid_from"), valid_to=_day(row, "valid_to"))
    except HoursError as refusal:
        raise _Unclear(refusal.code, "valid_to", refusal.found) from None


def _weekdays(row: Row, freq: str) -> tuple[Weekday, ...]:
    found: set[Weekday] = set()
    for part in _text(row, "byday").upper().replace(" ", "").split(","):
        named = re.fullmatch(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", part)
        if part and (not named or (named[1] and freq == "WEEKLY")):
            raise _Unclear("byday", "byday", part)
        if named:
            found.add(Weekday(_DAYS.index(named[2]), int(named[1] or 0)))
    return tuple(sorted(found))


def _monthdays(row: Row, freq: str) -> tuple[int, ...]:
    parts = [part for part in _text(row, "bymonthday").replace(" ", "").split(",") if part]
    days = [int(part) for part in parts if re.fullmatch(r"[+-]?[0-9]{1,2}", part) and 1 <= abs(int(part)) <= 31]
    if len(days) != len(parts) or (parts and freq == "WEEKLY"):
        raise _Unclear("bymonthday", "bymonthday", _text(row, "bymonthday"))
    return tuple(sorted(set(days)))


def _cycle(row: Row, freq: str, start: date | None) -> Cycle | None:
    every, wkst = _number(row, "interval") or 1, _text(row, "wkst").upper()[:2] or "MO"
    if wkst not in _DAYS:
        raise _Unclear("day", "wkst", wkst)
    if start is None:
        if every > 1:
            raise _Unclear("dtstart-missing", "interval", every)
        return None
    return Cycle(every, start, "weeks" if freq == "WEEKLY" else "months", _DAYS.index(wkst))


def _counted(row: Row, rule: Rule) -> Rule:
    """The rule with its `count` turned into the day of the last time."""
    count = _number(row, "count")
    if not count:
        return rule
    if rule.until:
        raise _Unclear("count-and-until", "count", count)
    if rule.cycle is None:
        raise _Unclear("count-start", "count", count)
    days = (rule.cycle.start + timedelta(days=step) for step in range(_COUNT_DAYS))
    for done, day in enumerate((day for day in days if rule.selects(day, holiday=False)), start=1):
        if done == count:
            return replace(rule, until=day)
    raise _Unclear("number", "count", count)


def _span(row: Row, place: _Place) -> tuple[Span, list[Lost]]:
    """From opening to closing on the clock of the place, and what is to be said about the offsets."""
    opens, from_opens = _time(row, "opens_at")
    closes, from_closes = _time(row, "closes_at")
    zone, notes = _timezone(row), []
    if zone is not None and from_opens not in (None, zone):
        notes.append(Lost("timezone-differs", "timezone", _text(row, "timezone"), 0))
    if zone is None and from_opens is None:
        notes.append(Lost("offset-missing", "opens_at", _text(row, "opens_at"), 0))
    closes += DAY if closes < opens else 0
    opens += _shift(row, from_opens if from_opens is not None else zone, place)
    closes += _shift(row, from_closes if from_closes is not None else zone, place)
    if not 0 <= opens < DAY:
        raise _Unclear("offset-moves-day", "opens_at", _text(row, "opens_at"))
    try:
        return Span(opens, closes), notes
    except HoursError as refusal:
        raise _Unclear(refusal.code, "closes_at", _text(row, "closes_at")) from None


def _time(row: Row, name: str) -> tuple[int, int | None]:
    """Minutes after midnight, and the offset written with them in minutes."""
    text = _text(row, name).upper()
    found = re.fullmatch(r"([0-9]{2}):([0-5][0-9])(?::00)?(?:(Z)|([+-])([0-9]{2}):?([0-5][0-9]))?", text)
    if not found or int(found[1]) * 60 + int(found[2]) > DAY:
        raise _Unclear("time", name, text)
    offset = None
    if found[3]:
        offset = 0
    elif found[4]:
        offset = (int(found[5]) * 60 + int(found[6])) * (-1 if found[4] == "-" else 1)
    return int(found[1]) * 60 + int(found[2]), offset


def _timezone(row: Row) -> int | None:
    text = _text(row, "timezone")
    if text and not re.fullmatch(r"[+-]?[0-9]{1,2}(\.[0-9]{1,2})?", text):
        raise _Unclear("number", "timezone", text)
    return round(float(text) * 60) if text else None


def _shift(row: Row, offset: int | None, place: _Place) -> int:
    """Minutes to add to a time written with `offset` to have it on the clock of the place."""
    if offset is None or offset in place.offsets:
        return 0
    # Where clocks change, a time that stands still in UTC wanders on the wall; no rule by the wall can say that.
    if len(place.offsets) > 1:
        raise _Unclear("offset-foreign", "opens_at", _text(row, "opens_at"))
    return place.now - offset


def write_hsds(hours: Hours, today: date) -> WrittenRows:
    """The rows for `hours`, with the offset that the zone has on `today`.

    A rule that replaces others on plain weekdays is worked into them; what rows cannot say is in `lost`.
    """
    lost: list[Lost] = []
    kept: list[Rule] = []
    for number, rule in enumerate(hours.rules):
        kept, losses = _worked_in(kept, rule)
        lost += [Lost(code, "rules", found, number) for code, found in losses]
    lost += [Lost("change", "changes", change.reason, number) for number, change in enumerate(hours.changes)]
    lost += [Lost("closure", "closures", closure.reason, number) for number, closure in enumerate(hours.closures)]
    offset = _place(hours.zone, today).now
    return WrittenRows(tuple(_row(rule, span, offset) for rule in kept for span in rule.spans), tuple(lost))


def _worked_in(kept: list[Rule], rule: Rule) -> tuple[list[Rule], list[tuple[str, str]]]:
    """The rules to write after `rule`, and what of it was lost (code and found)."""
    if rule.dates:
        return kept, [("dates", rule.comment)]
    losses: list[tuple[str, str]] = [("holidays", rule.status)] if rule.holidays else []
    if rule.holidays and not rule.weekdays:
        return kept, losses
    touched = {weekday.day for weekday in rule.weekdays} or set(range(7))
    replaces = rule.join == "replaces" and not rule.cuts
    if rule.status == "unknown" or (rule.status == "closed" and not (replaces and _plain(rule))):
        return kept, [*losses, ("status", rule.status)]
    if replaces:
        before = [earlier for earlier in kept if touched & _days(earlier)]
        if before and not (_plain(rule) and all(map(_plain, before))):
            return kept, [*losses, ("replaces", rule.comment)]
        kept = [left for earlier in kept if (left := _less(earlier, touched))]
    return kept if rule.status == "closed" else [*kept, replace(rule, holidays=False)], losses


def _days(rule: Rule) -> set[int]:
    return {weekday.day for weekday in rule.weekdays} or set(range(7))


def _plain(rule: Rule) -> bool:
    """Whether the rule holds every week on its weekdays, without any end."""
    ends = rule.monthdays or rule.cycle or rule.until or rule.valid_from or rule.valid_to
    return not ends and not any(weekday.nth for weekday in rule.weekdays)


def _less(rule: Rule, days: set[int]) -> Rule | None:
    """The rule without `days`, None where no day is left."""
    if not days & _days(rule):
        return rule
    left = tuple(Weekday(day) for day in sorted(_days(rule) - days))
    return replace(rule, weekdays=left) if left else None


def _row(rule: Rule, span: Span, offset: int) -> dict[str, object]:
    cycle = rule.cycle
    monthly = rule.monthdays or any(weekday.nth for weekday in rule.weekdays) or (cycle and cycle.unit == "months")
    hour, minute = divmod(abs(offset), 60)
    written = f"{'-' if offset < 0 else '+'}{hour:02}:{minute:02}"
    weekdays = rule.weekdays or (() if rule.monthdays else tuple(Weekday(day) for day in range(7)))
    row: dict[str, object] = {
        "freq": "MONTHLY" if monthly else "WEEKLY",
        "byday": ",".join(f"{weekday.nth or ''}{_DAYS[weekday.day]}" for weekday in weekdays),
        "bymonthday": ",".join(map(str, rule.monthdays)),
        "opens_at": clock(span.opens) + written,
        "closes_at": clock(span.closes) + written,
        "timezone": offset / 60,
        "valid_from": rule.valid_from and rule.valid_from.isoformat(),
        "valid_to": rule.valid_to and rule.valid_to.isoformat(),
        "dtstart": cycle and cycle.start.isoformat(),
        "interval": cycle and cycle.every,
        "wkst": cycle and _WKST[cycle.week_starts],
        "until": rule.until and rule.until.isoformat(),
        "description": rule.comment,
    }
    return {name: value for name, value in row.items() if value not in (None, "")}
