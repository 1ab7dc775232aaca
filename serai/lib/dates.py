"""Days and moments, always with a zone, and when a fact stops being fresh.

Everything a page claims carries the day it was checked; what nobody has checked lately warns, then hides. The rule
stands here once. Words for months come from Babel (CLDR), in the Gregorian calendar.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_format_date

from serai.lib.locales import babel_locale

DueState = Literal["checked", "stale", "hidden"]
HIDE_AFTER_DAYS = 90


def now() -> datetime:
    """This moment in UTC, with its zone."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The day it is in an IANA zone such as "Asia/Dhaka". ZoneInfoNotFoundError or ValueError for an unknown one."""
    return now().astimezone(ZoneInfo(zone)).date()


def parse_day(text: str) -> date:
    """A day written as 2026-10-12 and nothing else. ValueError otherwise."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"not a day as YYYY-MM-DD: {text[:20]!r}")
    return date.fromisoformat(text)


def parse_moment(text: str) -> datetime:
    """A moment in ISO 8601 with its offset, such as 2026-10-12T08:30:00+02:00. ValueError without the offset."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs its offset from UTC: {text[:40]!r}")
    return moment


def add_months(day: date, months: int) -> date:
    """The same day `months` later (or earlier, if negative); the last of the month where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_past(day: date, today: date) -> bool:
    """Whether `day` is over: a deadline still holds on its own day."""
    return day < today


def due_state(review_by: date, today: date, hide_after_days: int = HIDE_AFTER_DAYS) -> DueState:
    """How a fact stands that was to be checked again by `review_by`.

    `checked` through that day; `stale` (shown with a warning) for `hide_after_days` days more; then `hidden`.
    """
    if not is_past(review_by, today):
        return "checked"
    return "stale" if today <= review_by + timedelta(days=hide_after_days) else "hidden"


def format_date(day: date, language: str) -> str:
    """The day with its month in words, as "12 October 2026", in `language` (BCP 47); English for unknown languages."""
    locale = babel_locale(language)
    shown = babel_format_date(day, format="long", locale=locale)
    # Ukrainian, Russian and Bulgarian end with a full stop after "year": it may not stand before another.
    shown = re.sub(r"\s?[рг]\.$", "", shown)
    # French counts the first of a month and no other day; CLDR's patterns cannot say so.
    return f"1er{shown[1:]}" if locale.language == "fr" and day.day == 1 else shown


def format_weekday(day: date, language: str) -> str:
    """A day of the next months with its weekday, as "Monday, 23 November", in `language` (BCP 47)."""
    locale = babel_locale(language)
    # CLDR has this order with short words only; its pattern is widened as CLDR says (TR 35, "Missing Skeleton Fields").
    skeletons = locale.datetime_skeletons
    pattern = (skeletons.get("MMMMEd") or skeletons["MMMEd"]).pattern
    wide = re.sub(r"([ML])\1{2,}", r"\1\1\1\1", re.sub(r"[Ec]+", "EEEE", pattern))
    shown = babel_format_date(day, format=wide, locale=locale)
    return re.sub(r"\b1\b", "1er", shown) if locale.language == "fr" and day.day == 1 else shown
