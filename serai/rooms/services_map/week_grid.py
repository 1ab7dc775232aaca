"""Opening hours as a person fills them in: two times for each weekday, public holidays, and a text for what is left.

The grid says only what repeats every week. What it cannot hold (every last Thursday, only in March) stays in
OpenStreetMap's syntax beside it, word for word, so that saving a form never loses a rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from serai.lib.hours import WHOLE_DAY, HoursError, Rule, Span, Weekday
from serai.lib.hours_osm import read_osm, write_osm

HOLIDAYS = 7
"""The row of public holidays, after Monday (0) to Sunday (6)."""
SPANS = 2
"""How many times of a day fit into a row."""

Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Grid:
    """days: times of Monday to Sunday, () for closed. holidays: None where nobody has said, () for closed.

    other: rules that do not fit, in OpenStreetMap's syntax. lost: the rules cannot be written in that syntax at all,
    so that saving replaces them.
    """

    days: tuple[Spans, ...] = ((),) * 7
    holidays: Spans | None = None
    other: str = ""
    lost: bool = False

    @property
    def is_open(self) -> bool:
        """Whether any weekday has a time."""
        return any(self.days)


def grid_of(rules: tuple[Rule, ...]) -> Grid:
    """The grid that says the same as the rules."""
    last = rules[-1:] if rules and _is_of_holidays(rules[-1]) else ()
    weekly = rules[: len(rules) - len(last)]
    count = next((at for at, rule in enumerate(weekly) if not _fits(rule)), len(weekly))
    head, rest = weekly[:count], weekly[count:]
    days: list[Spans] = [()] * 7
    holidays: Spans | None = None
    for rule in (*head, *last):
        spans = rule.spans if rule.status == "open" else ()
        for day in _days(rule):
            days[day] = tuple(sorted({*days[day], *spans})) if rule.join == "adds" else spans
        if rule.holidays:
            holidays = spans
    full = any(len(spans) > SPANS for spans in (*days, holidays or ()))
    never = any(map(_days, head)) and not any(days)  # an empty grid says nothing, but these say closed
    if full or never or (rest and rest[0].join != "replaces"):
        days, holidays, rest = [()] * 7, None, rules
    try:
        return Grid(tuple(days), holidays, write_osm(rest) if rest else "")
    except HoursError:
        return Grid(lost=True)


def text_of(grid: Grid) -> str:
    """The grid in OpenStreetMap's syntax; "" where it says nothing. Raises HoursError (see read_osm)."""
    by_spans: dict[Spans, list[int]] = {}
    for day, spans in enumerate(grid.days):
        by_spans.setdefault(spans, []).append(day)
    rules = tuple(_rule(spans, days) for spans, days in by_spans.items() if spans)
    # Holidays come last: what is said of weekdays behind them would hide them.
    closed = Rule("closed", holidays=True)
    last = replace(closed, status="open", spans=grid.holidays) if grid.holidays else closed
    parts = (write_osm(rules), grid.other.strip().rstrip(";"), "" if grid.holidays is None else write_osm((last,)))
    text = "; ".join(part for part in parts if part)
    read_osm(text)
    return text


def _rule(spans: Spans, days: list[int]) -> Rule:
    always = spans == (WHOLE_DAY,) and len(days) == 7
    return Rule("open", spans, () if always else tuple(Weekday(day) for day in days))


def _is_of_holidays(rule: Rule) -> bool:
    return rule.holidays and not rule.weekdays and rule.join == "replaces" and _fits(rule)


def _days(rule: Rule) -> set[int]:
    if rule.holidays and not rule.weekdays:
        return set()
    return {weekday.day for weekday in rule.weekdays} or set(range(7))


def _fits(rule: Rule) -> bool:
    """Every week on its weekdays, open or closed for certain, without a remark."""
    narrow = rule.dates or rule.monthdays or rule.cycle or any(weekday.nth for weekday in rule.weekdays)
    bound = rule.until or rule.valid_from or rule.valid_to or rule.comment
    return not (narrow or bound or rule.status == "unknown" or rule.join == "fills" or rule.cuts)
