"""Opening hours as people type them: the useful part of OpenStreetMap's `opening_hours` syntax, read and written.

What is read: weekdays with their place in the month (`Mo-Fr`, `Th[-1]`, `PH`), dates (`Dec 25`, `2026 Mar 1-Mar 29`),
times (`08:00-12:00,13:00-17:00`, over midnight for less than fifteen hours), `24/7`, `off`, `open`, `unknown`, and
comments. Rules are joined by `;` (replaces), `,` (adds) and `||` (fills). Anything else is refused with its position
and, where it can be known, what to write; nothing is guessed and nothing skipped.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from serai.lib.hours import DAY, WHOLE_DAY, Dates, HoursError, Join, Rule, Span, Status, Weekday, clock
from serai.lib.hours_words import DAYS, MONTHS, STATUSES, refuse_time, refuse_word

LONGEST = 1000  # characters: some places are complicated, no place is that complicated
_TOKEN = re.compile(
    r"""(?P<comment>"[^"]*")|(?P<always>24/7(?![0-9]))|(?P<time>[0-9]{1,2}:[0-9]{2}(?![0-9]))
    |(?P<nth>\[[^]]*\])|(?P<loose>[0-9]{1,2}(?:\s?[ap]m\b|\s?(?:h|uhr)\b|[.h][0-9]{2}(?![0-9])))|(?P<number>[0-9]+)
    |(?P<word>[^\W\d_]+)|(?P<digits>\d+(?::\d+)?)|(?P<join>\|\||;)|(?P<mark>[,:-])|(?P<dash>[–—−‐‑~])|(?P<other>\S)""",
    re.VERBOSE | re.IGNORECASE,
)
_JOINS: dict[str, Join] = {";": "replaces", "||": "fills", ",": "adds"}
_SIGNS: dict[Join, str] = {"replaces": "; ", "fills": " || ", "adds": ", "}
_STATUS: dict[str, Status] = {"off": "closed", "closed": "closed", "open": "open", "unknown": "unknown"}
_Made = TypeVar("_Made")


def read_osm(text: str) -> tuple[Rule, ...]:
    """The rules that `text` says, in their order; an empty text says none.

    HoursError codes: `long`; `word` (no word of this syntax, a misspelling or another language); `not-supported` (a
    part of the syntax that is not read here); `time`, `time-range`, `times-equal`, `times-missing`, `span-end`,
    `spans-overlap`, `night-long`; `dash`, `digits`, `sign`, `comment-open`, `comment-empty`; `nth`; `date-missing`,
    `dates-backward`, `year-alone`, `year-place` (a year stands before its month); `rule-empty`; `hides-earlier`
    (replaces on every day all that stands before it) and `holidays-hidden` (weekdays after PH replace it; the cure
    is to be written behind them).
    """
    if len(text) > LONGEST:
        raise HoursError("long", text[LONGEST : LONGEST + 20], at=LONGEST)
    pieces = [_Piece(found.lastgroup or "", found.group(), found.start()) for found in _TOKEN.finditer(text)]
    if not pieces:
        return ()
    return _Reader(text, [*pieces, _Piece("end", "", len(text))]).rules()


@dataclass(frozen=True)
class _Piece:
    kind: str
    text: str
    at: int

    @property
    def is_day(self) -> bool:
        return self.text in DAYS or self.text == "PH"

    @property
    def is_month(self) -> bool:
        return self.text in MONTHS


@dataclass
class _Reader:
    """Goes over the pieces of one text, once."""

    text: str
    pieces: list[_Piece]
    next: int = field(default=0)

    @property
    def here(self) -> _Piece:
        return self.pieces[self.next]

    @property
    def after(self) -> _Piece:
        return self.pieces[min(self.next + 1, len(self.pieces) - 1)]

    def take(self) -> _Piece:
        piece = self.here
        self.next += 1
        return piece

    def takes(self, text: str) -> bool:
        """Whether the piece here is `text`, which is then behind."""
        if self.here.text != text:
            return False
        self.next += 1
        return True

    def rules(self) -> tuple[Rule, ...]:
        rules: list[Rule] = []
        join: Join = "replaces"
        while True:
            start, sign = self.here, self.pieces[max(self.next - 1, 0)]
            rule = self.rule(join)
            _refuse_hiding(rules, rule, start, sign)
            rules.append(rule)
            if self.here.kind == "end":
                return tuple(rules)
            if self.here.text not in _JOINS:
                raise self.refusal()
            join = _JOINS[self.take().text]
            if self.here.kind == "end" and join == "replaces":
                return tuple(rules)

    def rule(self, join: Join) -> Rule:
        start = self.here
        if self.here.kind == "always":
            self.take()
            return self.modified(Rule(join=join), spans=True)
        dates = self.dates()
        if dates:
            self.takes(":")
        weekdays, holidays = self.weekdays()
        if (weekdays or holidays) and self.here.text == ":":
            self.take()
        spans = self.spans()
        if self.here is start and self.here.kind in ("end", "join", "mark"):
            raise HoursError("rule-empty", start.text, at=start.at)
        rule = Rule("open", spans or (WHOLE_DAY,), weekdays, holidays, dates, join=join)
        return self.modified(rule, spans=bool(spans))

    def modified(self, rule: Rule, *, spans: bool) -> Rule:
        """The rule with the status and comment that follow its selectors."""
        start, status = self.here, rule.status
        if start.text in STATUSES:
            status = _STATUS[self.take().text]
        comment = self.comment()
        if comment and start.text not in STATUSES:
            status = "unknown"
        if self.here.kind not in ("end", "join") and self.here.text != ",":
            raise self.refusal()
        if status == "open" and not spans:
            last = self.pieces[self.next - 1]
            raise HoursError("times-missing", last.text, at=last.at, cure=f"{last.text} 00:00-24:00")
        return Rule(status, rule.spans, rule.weekdays, rule.holidays, rule.dates, comment=comment, join=rule.join)

    def comment(self) -> str:
        if self.here.kind != "comment":
            return ""
        piece = self.take()
        if not piece.text.strip('" '):
            raise HoursError("comment-empty", piece.text, at=piece.at)
        return piece.text[1:-1]

    def dates(self) -> tuple[Dates, ...]:
        found: list[Dates] = []
        while self.here.is_month or (self.here.kind == "number" and self.after.is_month):
            found.append(self.date_range())
            following = self.after
            if self.here.text != "," or not (
                following.is_month or (len(following.text) == 4 and following.kind == "number")
            ):
                break
            self.take()
        if self.here.kind == "number" and len(self.here.text) == 4 and found:
            raise HoursError("year-place", self.here.text, at=self.here.at, cure=f"{self.here.text} Jan 1")
        if self.here.kind == "number" and len(self.here.text) == 4 and self.after.is_day:
            raise HoursError("year-alone", self.here.text, at=self.here.at, cure=f"{self.here.text} Jan 1-Dec 31")
        return tuple(found)

    def date_range(self) -> Dates:
        start = self.here
        year = int(self.take().text) if start.kind == "number" else 0
        month = MONTHS.index(self.take().text) + 1
        day = self.day()
        to_year, to_month, to_day = year, month, day or _last(year, month)
        if self.takes("-"):
            if self.here.kind == "number" and self.after.is_month:
                to_year = int(self.take().text)
            if self.here.is_month:
                to_month = MONTHS.index(self.take().text) + 1
                to_day = self.day() or _last(to_year, to_month)
            elif day and self.here.kind == "number":
                to_day = self.day()
            else:
                raise self.refusal()
        shown = self.shown(start)
        return _made(lambda: Dates(month, day or 1, to_month, to_day, year, to_year), start, shown)

    def day(self) -> int:
        """The number of a day in its month, 0 where none stands here."""
        return int(self.take().text) if self.here.kind == "number" and len(self.here.text) < 3 else 0

    def weekdays(self) -> tuple[tuple[Weekday, ...], bool]:
        found: set[Weekday] = set()
        holidays = False
        while self.here.is_day:
            if self.takes("PH"):
                holidays = True
            else:
                found |= self.weekday_range()
            if self.here.text != "," or not self.after.is_day:
                break
            self.take()
        if self.here.is_day:
            raise HoursError("sign", self.here.text, at=self.here.at, cure=f",{self.here.text}")
        every = {Weekday(day) for day in range(7)}
        return (() if found == every and not holidays else tuple(sorted(found))), holidays

    def weekday_range(self) -> set[Weekday]:
        first = DAYS.index(self.take().text)
        if self.here.kind == "nth":
            return {_made(partial(Weekday, first, nth), self.here, "") for nth in self.nths()}
        if self.here.text != "-":
            return {Weekday(first)}
        self.take()
        if self.here.text not in DAYS:
            raise self.refusal()
        count = (DAYS.index(self.take().text) - first) % 7 + 1
        return {Weekday((first + step) % 7) for step in range(count)}

    def nths(self) -> list[int]:
        """The numbers in brackets: [1], [-1], [1,3], [1-2]."""
        piece = self.take()
        found: list[int] = []
        for part in piece.text[1:-1].split(","):
            single, several = re.fullmatch(r"\s*(-?[1-5])\s*", part), re.fullmatch(r"\s*([1-5])-([1-5])\s*", part)
            if single:
                found.append(int(single[1]))
            elif several and several[1] < several[2]:
                found += range(int(several[1]), int(several[2]) + 1)
            else:
                raise HoursError("nth", piece.text, at=piece.at, cure="[1] / [-1]")
        return found

    def spans(self) -> tuple[Span, ...]:
        found: list[Span] = []
        while self.here.kind == "time":
            start = self.here
            span = self.span()
            if any(span.opens < other.closes and other.opens < span.closes for other in found):
                raise HoursError("spans-overlap", self.shown(start), at=start.at)
            found.append(span)
            if self.here.text != "," or self.after.kind != "time":
                break
            self.take()
        return tuple(sorted(found))

    def span(self) -> Span:
        start = self.here
        opens = _minutes(self.take())
        if self.here.kind == "dash":
            raise self.refusal()
        if not self.takes("-"):
            raise HoursError("span-end", start.text, at=start.at)
        if self.here.kind != "time":
            raise self.refusal() if self.here.kind != "end" else HoursError("span-end", start.text, at=start.at)
        closes = _minutes(self.take())
        shown = self.shown(start)
        if opens == DAY:
            raise HoursError("time-range", start.text, at=start.at, cure="00:00")
        # Closing at 00:00 is the end of the day, however long it was.
        return _made(lambda: Span(opens, closes if closes >= opens else closes + DAY), start, shown)

    def shown(self, start: _Piece) -> str:
        """What was typed from `start` to here."""
        last = self.pieces[self.next - 1]
        return self.text[start.at : last.at + len(last.text)]

    def refusal(self) -> HoursError:
        """Why the piece here cannot stand here."""
        piece = self.here
        if piece.kind == "word" and piece.text not in (*DAYS, *MONTHS, *STATUSES, "PH"):
            return refuse_word(piece.text, piece.at)
        if piece.kind in ("number", "loose"):
            return refuse_time(piece.text, piece.at)
        if piece.kind == "dash":
            return HoursError("dash", piece.text, at=piece.at, cure="-")
        if piece.kind == "digits":
            cure = "".join(str(int(char)) if char.isdecimal() else char for char in piece.text)
            return HoursError("digits", piece.text, at=piece.at, cure=cure)
        if piece.text == '"':
            return HoursError("comment-open", piece.text, at=piece.at, cure='"')
        cure = f",{piece.text}" if piece.kind == "time" else _CURES.get(piece.text, "")
        return HoursError("sign", piece.text, at=piece.at, cure=cure)


_CURES = {"،": ",", "؛": ";", ".": ",", "/": ";", "&": ",", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "：": ":"}


def _minutes(piece: _Piece) -> int:
    hour, minute = map(int, piece.text.split(":"))
    if minute > 59 or hour * 60 + minute > DAY:
        cure = clock(hour * 60 + minute - DAY) if minute < 60 and hour < 48 else ""
        raise HoursError("time-range", piece.text, at=piece.at, cure=cure)
    return hour * 60 + minute


def _last(year: int, month: int) -> int:
    return monthrange(year or 2024, month)[1]


def _made(make: Callable[[], _Made], start: _Piece, shown: str) -> _Made:
    """What `make` makes; its refusal gets the place in the text."""
    try:
        return make()
    except HoursError as refusal:
        raise HoursError(refusal.code, shown or refusal.found, at=start.at, cure=refusal.cure) from None


def _refuse_hiding(before: list[Rule], rule: Rule, start: _Piece, sign: _Piece) -> None:
    """HoursError for a rule that silently takes away what stands before it; nobody writes that on purpose."""
    if not before or rule.join != "replaces" or rule.cuts:
        return
    if rule.every_day:
        raise HoursError("hides-earlier", sign.text, at=sign.at, cure=" ||")
    hidden = [earlier for earlier in before if earlier.holidays and not earlier.weekdays and not earlier.dates]
    if rule.weekdays and not rule.holidays and not rule.dates and hidden:
        raise HoursError("holidays-hidden", start.text, at=start.at, cure=_write_rule(hidden[-1]))


def write_osm(rules: tuple[Rule, ...]) -> str:
    """The rules as text that `read_osm` reads back the same; the first is written as if it replaced.

    HoursError `not-in-osm` for what the syntax cannot say (found is the field: monthdays, cycle, until, valid_from,
    valid_to), and `comment-open` for a comment with a quotation mark in it.
    """
    return "".join(_SIGNS[rule.join] * (at > 0) + _write_rule(rule) for at, rule in enumerate(rules))


def _write_rule(rule: Rule) -> str:
    for name in ("monthdays", "cycle", "until", "valid_from", "valid_to"):
        if getattr(rule, name):
            raise HoursError("not-in-osm", name)
    if '"' in rule.comment:
        raise HoursError("comment-open", rule.comment)
    days = ",".join([*_write_weekdays(rule.weekdays), *(["PH"] * rule.holidays)])
    whole = rule.spans == (WHOLE_DAY,)
    times = ",".join(f"{clock(span.opens)}-{clock(span.closes)}" for span in rule.spans)
    if whole and rule.every_day and rule.status == "open":
        times = "24/7"
    elif whole and rule.status != "open":
        times = ""
    # Times that add would be read as more times of the rule before.
    if times and rule.every_day and not whole and rule.join == "adds":
        days = "Mo-Su"
    comment = f'"{rule.comment}"' if rule.comment else ""
    status = {"closed": "off", "open": "open" if comment else "", "unknown": "" if comment else "unknown"}[rule.status]
    return " ".join(part for part in (",".join(map(_write_dates, rule.dates)), days, times, status, comment) if part)


def _write_dates(dates: Dates) -> str:
    first = f"{dates.year or ''} {MONTHS[dates.month - 1]} {dates.day}".strip()
    last = f"{dates.to_year or ''} {MONTHS[dates.to_month - 1]} {dates.to_day}".strip()
    return first if first == last else f"{first}-{last}"


def _write_weekdays(weekdays: tuple[Weekday, ...]) -> list[str]:
    """Weekdays in their order, three or more in a row as a range."""
    runs: list[list[int]] = []
    for day in sorted({weekday.day for weekday in weekdays if not weekday.nth}):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    written: list[str] = []
    for run in runs:
        names = [DAYS[day] for day in run]
        written += [f"{names[0]}-{names[-1]}"] if len(run) > 2 else names
    for day in sorted({weekday.day for weekday in weekdays if weekday.nth}):
        nths = sorted(weekday.nth for weekday in weekdays if weekday.day == day and weekday.nth)
        written.append(f"{DAYS[day]}[{','.join(map(str, nths))}]")
    return written
