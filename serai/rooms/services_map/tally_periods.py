"""For which days a report may be asked: whole months, or whole weeks from Monday to Sunday, once they are over.

Were any two days allowed, the difference between a report to the 14th and one to the 15th would be one day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from serai.lib.dates import add_months

LONGEST = timedelta(days=2 * 366)
DAY, WEEK = timedelta(days=1), timedelta(days=7)


class BadPeriod(ValueError):
    """code: `whole` (neither whole months nor whole weeks), `over` (not over yet), `long` (more than two years)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    def weeks(self) -> Iterator[Period]:
        """Its weeks from Monday to Sunday; those that a month cuts stand with the days that are in it."""
        day = self.first
        while day <= self.last:
            sunday = day + timedelta(days=6 - day.weekday())
            yield Period(day, min(sunday, self.last))
            day = sunday + DAY


def period(first: date, last: date, today: date) -> Period:
    """A period that may be reported. Raises BadPeriod."""
    months = first.day == 1 and (last + DAY).day == 1
    weeks = first.weekday() == 0 and last.weekday() == 6
    if first > last or not (months or weeks):
        raise BadPeriod("whole")
    if last >= today:
        raise BadPeriod("over")
    if last - first > LONGEST:
        raise BadPeriod("long")
    return Period(first, last)


def months(today: date, count: int = 12) -> list[Period]:
    """The last whole months, the latest first."""
    this = today.replace(day=1)
    return [Period(add_months(this, -back), add_months(this, 1 - back) - DAY) for back in range(1, count + 1)]


def quarters(today: date, count: int = 4) -> list[Period]:
    """The last whole quarters, the latest first."""
    this = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    return [Period(add_months(this, -3 * back), add_months(this, 3 - 3 * back) - DAY) for back in range(1, count + 1)]
