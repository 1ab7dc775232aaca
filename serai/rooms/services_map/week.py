"""Hours as a person reads them: a line for equal days of the week, and what the rules say beyond that in their syntax.

Only plain weekly rules become lines. Where a rule cannot be said as a line of the week (every last Thursday, only in
March), the page shows the text itself beside the lines rather than half of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from serai.lib.hours import WHOLE_DAY, Hours, HoursError, Rule, clock
from serai.lib.hours_osm import write_osm

_WHOLE_DAY = f"{clock(WHOLE_DAY.opens)}–{clock(WHOLE_DAY.closes)}"


@dataclass(frozen=True)
class Week:
    """lines: (weekday 0 to 6, times such as 08:30-12:00; empty for closed). holidays: open, closed or "" (not said).
    more: what no line says. known: whether anything is said at all."""

    lines: tuple[tuple[int, tuple[str, ...]], ...] = ()
    holidays: str = ""
    more: str = ""
    known: bool = False

    @property
    def around_the_clock(self) -> bool:
        """Whether it never closes: one sentence says more than seven equal lines."""
        return (
            bool(self.lines)
            and not self.more
            and self.holidays != "closed"
            and all(times == (_WHOLE_DAY,) for _, times in self.lines)
        )

    @property
    def runs(self) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
        """Equal days in a row as one line: first and last weekday, times.

        From Monday on, unless its run began before: then from the first day of a run on which it is open, so that an
        office open from Sunday to Thursday is two lines, not three.
        """
        times = [found for _, found in self.lines]
        begins = [day for day in range(len(times)) if times[day] != times[day - 1]]
        first = next((day for day in begins if times[day]), 0) if 0 not in begins else 0
        runs: list[tuple[int, int, tuple[str, ...]]] = []
        for step in range(len(times)):
            day = (first + step) % 7
            if runs and runs[-1][2] == times[day]:
                runs[-1] = (runs[-1][0], day, times[day])
            else:
                runs.append((day, day, times[day]))
        return tuple(runs)


def week_of(hours: Hours, today: date) -> Week:
    """The usual week of a place, as it holds today."""
    return week_of_rules(hours.rules, today)


def week_of_rules(said: tuple[Rule, ...], today: date) -> Week:
    """The week that rules say, of those in force today."""
    rules = [rule for rule in said if rule.in_force(today) and today <= (rule.until or today)]
    plain = [rule for rule in rules if _is_plain(rule)]
    days: dict[int, list[str]] = {day: [] for day in range(7)}
    for rule in plain:
        spans = [f"{clock(span.opens)}–{clock(span.closes)}" for span in rule.spans]
        for day in _days(rule):
            before = days[day] if rule.join == "adds" else []
            days[day] = [*before, *spans] if rule.status == "open" else []
    lines = tuple((day, tuple(sorted(days[day]))) for day in range(7)) if any(map(_days, plain)) else ()
    holidays = next((rule.status for rule in reversed(plain) if rule.holidays), "")
    others = tuple(rule for rule in rules if not _is_plain(rule))
    return Week(lines, holidays, _text(others), bool(rules))


def _days(rule: Rule) -> set[int]:
    """The weekdays a rule is about; none for one about public holidays alone."""
    if rule.holidays and not rule.weekdays:
        return set()
    return {weekday.day for weekday in rule.weekdays} or set(range(7))


def _is_plain(rule: Rule) -> bool:
    """Every week on its weekdays, open or closed for certain."""
    narrow = rule.dates or rule.monthdays or rule.cycle or any(weekday.nth for weekday in rule.weekdays)
    return not (narrow or rule.status == "unknown" or rule.join == "fills" or rule.cuts)


def _text(rules: tuple[Rule, ...]) -> str:
    try:
        return write_osm(rules) if rules else ""
    except HoursError:
        return " ".join(rule.comment for rule in rules if rule.comment)
