"""Whether a day is a public holiday in a country: yes, no, or nobody can say yet.

From the package `holidays` (MIT), whose version is the source. Days that hang on the sight of the moon are marked as
estimated there; before they are announced nobody knows, and so say we. What is a holiday in a part of a country only
is unknown too, for a place says its country and no more.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

import holidays

SOURCE = f"holidays {holidays.__version__}"
IsHoliday = Callable[[date], bool | None]


def holidays_of(country: str) -> IsHoliday | None:
    """For an ISO 3166-1 alpha-2 code what says of a day whether it is a holiday; None where no list is known."""
    if country not in holidays.list_supported_countries(include_aliases=False):
        return None

    def is_holiday(day: date) -> bool | None:
        sure, perhaps = _year(country, day.year)
        return True if day in sure else None if day in perhaps else False

    return is_holiday


@lru_cache(maxsize=500)
def _year(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days that are holidays in the whole country, and those of which nobody can be sure."""
    sure: set[date] = set()
    perhaps: set[date] = set()
    listed = holidays.country_holidays(country, years=year)
    mark = listed.tr(getattr(listed, "estimated_label", "%s (estimated)")).replace("%s", "").strip()
    for day, name in listed.items():
        if mark in name:
            # The moon may be seen a day earlier or later.
            perhaps |= {day - timedelta(days=1), day, day + timedelta(days=1)}
        else:
            sure.add(day)
    for part in holidays.list_supported_countries(include_aliases=False)[country]:
        perhaps |= set(holidays.country_holidays(country, subdiv=part, years=year))
    return frozenset(sure), frozenset(perhaps - sure)
