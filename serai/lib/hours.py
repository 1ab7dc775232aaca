"""Opening hours as values: what a place says about when it is open, and nothing about today.

A place says rules ("Monday to Friday 08:00-12:00, not on public holidays"), and sometimes that other hours hold for a
while (Ramadan) or that it is closed at once. `hours_state` answers for one moment, `hours_osm` reads and writes what
people type, `hours_hsds` the rows of HSDS 3. Times are minutes after midnight on the wall clock of the place.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Status = Literal["open", "closed", "unknown"]
Join = Literal["replaces", "adds", "fills"]
DAY = 24 * 60
# A span over midnight is shorter than this. Doors of a shelter stand open from 18:00 to 08:00 and the like, up to
# fourteen hours and a half; a day of eight or nine hours whose times changed places (17:00-09:00, 17:00-08:00) comes to
# fifteen or sixteen. A longer night is written in two: until 24:00, and from 00:00.
NIGHT = 15 * 60
# From here on a night may also be a long day whose times changed places: it is taken, and whoever brings it in is told.
LONG_NIGHT = 12 * 60


class HoursError(ValueError):
    """Why hours were not taken.

    `code` names the rule that was broken (listed where it is raised), `at` is the index in the text, `found` the piece
    there, and `cure` what to write instead, or "" where the code alone says it. The caller words it for its reader.
    """

    def __init__(self, code: str, found: str, *, at: int = 0, cure: str = "") -> None:
        super().__init__(f"{code} at {at}: {found!r}" + (f", write {cure!r}" if cure else ""))
        self.code = code
        self.at = at
        self.found = found
        self.cure = cure


@dataclass(frozen=True, order=True)
class Span:
    """From `opens` to `closes` in minutes after midnight; past 1440 it closes on the next day.

    HoursError: `time-range` (outside the day), `times-equal` (closing when it opens), `span-backward` (closes before
    it opens), `night-long` (over midnight for NIGHT or more: two times that changed places, most likely).
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        shown = f"{clock(self.opens)}-{clock(self.closes)}"
        if not 0 <= self.opens < DAY or not 0 <= self.closes < 2 * DAY:
            raise HoursError("time-range", shown)
        if self.closes == self.opens or (self.opens and self.closes == self.opens + DAY):
            raise HoursError("times-equal", shown, cure="00:00-24:00")
        if self.closes <= self.opens:
            raise HoursError("span-backward", shown)
        if self.closes > DAY and self.closes - self.opens >= NIGHT:
            raise HoursError("night-long", shown)

    @property
    def is_long_night(self) -> bool:
        """Whether it runs over midnight for so long that a slip of the pen may have made it."""
        return self.closes > DAY and self.closes - self.opens >= LONG_NIGHT


def clock(minutes: int) -> str:
    """Minutes after midnight as 08:30; the end of the day is 24:00, and what lies after it the next morning's time."""
    hour, minute = divmod(minutes if minutes <= DAY else minutes - DAY, 60)
    return f"{hour:02}:{minute:02}"


WHOLE_DAY = Span(0, DAY)


@dataclass(frozen=True, order=True)
class Weekday:
    """`day` 0 (Monday) to 6, each one of the month or the `nth` of it: 1 the first, -1 the last, 0 all of them.

    HoursError `nth-range` for an nth beyond five or a day beyond Sunday.
    """

    day: int
    nth: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.day <= 6 or not -5 <= self.nth <= 5:
            raise HoursError("nth-range", str(self.nth))

    def falls_on(self, day: date) -> bool:
        """Whether `day` is such a weekday."""
        if day.weekday() != self.day:
            return False
        left = monthrange(day.year, day.month)[1] - day.day
        return self.nth in (0, (day.day - 1) // 7 + 1, -(left // 7) - 1)


@dataclass(frozen=True, order=True)
class Dates:
    """From the day (`month`, `day`) to (`to_month`, `to_day`), both included: each year, or in the years named.

    Without years the range may run over the new year. `year` and `to_year` are both 0 or both given. HoursError:
    `date-missing` (no such day, or one year of two) and `dates-backward`.
    """

    month: int
    day: int
    to_month: int
    to_day: int
    year: int = 0
    to_year: int = 0

    def __post_init__(self) -> None:
        shown = f"{self.year} {self.month}/{self.day}-{self.to_year} {self.to_month}/{self.to_day}"
        try:
            # 2024 has a 29 February, which a range of every year may name.
            first = date(self.year or 2024, self.month, self.day)
            last = date(self.to_year or 2024, self.to_month, self.to_day)
        except ValueError:
            raise HoursError("date-missing", shown) from None
        if bool(self.year) != bool(self.to_year):
            raise HoursError("date-missing", shown)
        if self.year and last < first:
            raise HoursError("dates-backward", shown)

    def covers(self, day: date) -> bool:
        """Whether `day` lies in the range."""
        if self.year:
            return date(self.year, self.month, self.day) <= day <= date(self.to_year, self.to_month, self.to_day)
        first, last, it = (self.month, self.day), (self.to_month, self.to_day), (day.month, day.day)
        return first <= it <= last if first <= last else it >= first or it <= last


@dataclass(frozen=True)
class Cycle:
    """Every `every` weeks (or months) counted from the one that `start` lies in; nothing before `start`.

    `week_starts` is the weekday that weeks begin with, 0 for Monday. HoursError `cycle-range` below one.
    """

    every: int
    start: date
    unit: Literal["weeks", "months"] = "weeks"
    week_starts: int = 0

    def __post_init__(self) -> None:
        if self.every < 1 or not 0 <= self.week_starts <= 6:
            raise HoursError("cycle-range", str(self.every))

    def falls_on(self, day: date) -> bool:
        """Whether `day` lies in a week (or month) that counts."""
        if day < self.start:
            return False
        if self.unit == "months":
            return ((day.year - self.start.year) * 12 + day.month - self.start.month) % self.every == 0
        into_week = (self.start.weekday() - self.week_starts) % 7
        return ((day - self.start).days + into_week) // 7 % self.every == 0


@dataclass(frozen=True)
class Rule:
    """On the days it selects the place is `status` during `spans`; a span that runs over midnight stays with its day.

    Without weekdays and holidays every day counts; `holidays` adds public holidays to the weekdays, or stands for
    them alone. All other selectors must agree. `join` says what becomes of the rules before: `replaces` takes their
    place on its days (but "closed" during spans only cuts those out of them), `adds` stands beside them, `fills`
    holds where they leave the place closed. Outside `valid_from`..`valid_to` the rule says nothing, while after
    `until` it says that nothing takes place any more. HoursError: `times-missing`, `valid-backward`, `monthday-range`.
    """

    status: Status = "open"
    spans: tuple[Span, ...] = (WHOLE_DAY,)
    weekdays: tuple[Weekday, ...] = ()
    holidays: bool = False
    dates: tuple[Dates, ...] = ()
    monthdays: tuple[int, ...] = ()
    cycle: Cycle | None = None
    until: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    comment: str = ""
    join: Join = "replaces"

    def __post_init__(self) -> None:
        if not self.spans:
            raise HoursError("times-missing", self.comment)
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise HoursError("valid-backward", f"{self.valid_from} {self.valid_to}")
        if any(not 1 <= abs(day) <= 31 for day in self.monthdays):
            raise HoursError("monthday-range", ",".join(map(str, self.monthdays)))

    @property
    def cuts(self) -> bool:
        """Whether it only cuts hours out of what stands before."""
        return self.status == "closed" and self.spans != (WHOLE_DAY,)

    @property
    def every_day(self) -> bool:
        """Whether it selects all days there are."""
        named = self.weekdays or self.holidays or self.dates or self.monthdays
        return not (named or self.cycle or self.until or self.valid_from or self.valid_to)

    def in_force(self, day: date) -> bool:
        """Whether the rule says anything about `day`."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    def selects(self, day: date, holiday: bool) -> bool:
        """Whether the rule holds on `day`, which is a public holiday or is not."""
        if not self.in_force(day) or day > (self.until or day):
            return False
        if (self.weekdays or self.holidays) and not (
            (self.holidays and holiday) or any(weekday.falls_on(day) for weekday in self.weekdays)
        ):
            return False
        if self.dates and not any(dates.covers(day) for dates in self.dates):
            return False
        from_end = day.day - monthrange(day.year, day.month)[1] - 1
        if self.monthdays and not {day.day, from_end} & set(self.monthdays):
            return False
        return self.cycle is None or self.cycle.falls_on(day)


@dataclass(frozen=True)
class Change:
    """From `first` through `last` only `rules` hold; without rules the place is closed. `reason` is for the reader.

    A night that began on the day before stays as it was. HoursError `dates-backward`.
    """

    first: date
    last: date
    rules: tuple[Rule, ...] = ()
    reason: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise HoursError("dates-backward", f"{self.first} {self.last}")


@dataclass(frozen=True)
class Closure:
    """Closed from the moment `start` to the moment `end` (not included), whatever else is said: "closed tonight".

    ValueError unless both moments have a zone; HoursError `dates-backward`.
    """

    start: datetime
    end: datetime
    reason: str = ""

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a closure begins and ends at moments with their zone")
        if self.end <= self.start:
            raise HoursError("dates-backward", f"{self.start} {self.end}")


@dataclass(frozen=True)
class Hours:
    """The hours of one place in `zone` (IANA, as "Asia/Amman"): rules in their order, and what wins over them.

    Of two changes for one day the later in the list holds. HoursError `zone` for an unknown one.
    """

    zone: str
    rules: tuple[Rule, ...] = ()
    changes: tuple[Change, ...] = ()
    closures: tuple[Closure, ...] = ()

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise HoursError("zone", self.zone) from None
