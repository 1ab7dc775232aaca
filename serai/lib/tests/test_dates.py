"""Ends of months, the day a fact turns stale, and months in words for every language we speak."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.lib import dates

days = st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 1, 1))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -13, date(2024, 12, 15)),
    ],
)
def test_months_are_added_to_the_last_day_that_exists(day, months, later):
    assert dates.add_months(day, months) == later


@given(days, st.integers(-200, 200))
def test_adding_months_never_moves_to_another_month_than_counted(day, months):
    later = dates.add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months


@pytest.mark.parametrize(
    ("days_later", "state"), [(-1, "checked"), (0, "checked"), (1, "stale"), (90, "stale"), (91, "hidden")]
)
def test_a_fact_warns_the_day_after_its_review_and_hides_after_ninety_more(days_later, state):
    review_by = date(2026, 4, 12)
    assert dates.due_state(review_by, review_by + timedelta(days=days_later)) == state


def test_the_days_until_hiding_can_be_set():
    assert dates.due_state(date(2026, 1, 1), date(2026, 1, 9), hide_after_days=7) == "hidden"


def test_a_deadline_holds_on_its_own_day():
    assert not dates.is_past(date(2026, 1, 1), today=date(2026, 1, 1))
    assert dates.is_past(date(2026, 1, 1), today=date(2026, 1, 2))


def test_now_has_a_zone_and_today_depends_on_the_zone(monkeypatch):
    assert dates.now().tzinfo is UTC
    monkeypatch.setattr(dates, "now", lambda: datetime(2026, 1, 1, 20, tzinfo=UTC))
    assert dates.today("Asia/Dhaka") == date(2026, 1, 2)
    assert dates.today("Europe/Berlin") == date(2026, 1, 1)
    with pytest.raises(ZoneInfoNotFoundError):
        dates.today("Nowhere/Land")


@pytest.mark.parametrize("text", ["2026-1-1", "20260101", "2026-02-30", "12/10/2026", "2026-01-01T00:00", ""])
def test_a_day_in_any_other_shape_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        dates.parse_day(text)


def test_a_moment_needs_its_offset():
    assert dates.parse_moment("2026-10-12T08:30:00+02:00") == datetime(2026, 10, 12, 6, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="offset"):
        dates.parse_moment("2026-10-12T08:30:00")


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "2 October 2026"),
        ("ar", "2 أكتوبر 2026"),
        ("prs", "2 اکتوبر 2026"),
        ("ti", "ጥቅምቲ 2, 2026"),
        ("fil", "Oktubre 2, 2026"),
        ("pt-BR", "2 de outubro de 2026"),
        ("xx", "2 October 2026"),
        ("not a language", "2 October 2026"),
    ],
)
def test_a_day_is_shown_with_its_month_in_words(language, shown):
    assert dates.format_date(date(2026, 10, 2), language) == shown


@pytest.mark.parametrize(
    ("day", "language", "shown"),
    [
        (date(2026, 11, 23), "en", "Monday, 23 November"),
        (date(2026, 11, 23), "ar", "الاثنين، 23 نوفمبر"),
        (date(2026, 11, 23), "es", "lunes, 23 de noviembre"),
        (date(2026, 11, 23), "ti", "ሰኑይ፣ 23 ሕዳር"),
        (date(2026, 11, 23), "fr", "lundi 23 novembre"),
        (date(2026, 12, 1), "fr", "mardi 1er décembre"),
        (date(2026, 12, 11), "fr", "vendredi 11 décembre"),
        (date(2026, 11, 23), "prs", "دوشنبه 23 نومبر"),
    ],
)
def test_a_day_that_is_near_is_shown_with_its_weekday_and_without_its_year(day, language, shown):
    assert dates.format_weekday(day, language) == shown


@pytest.mark.parametrize(
    ("day", "language", "shown"),
    [
        (date(2027, 2, 1), "fr", "1er février 2027"),
        (date(2027, 2, 1), "fr-CA", "1er février 2027"),
        (date(2027, 2, 11), "fr", "11 février 2027"),
        (date(2027, 2, 21), "fr", "21 février 2027"),
        (date(2027, 2, 1), "es", "1 de febrero de 2027"),
    ],
)
def test_the_first_of_a_month_is_counted_in_french_alone(day, language, shown):
    assert dates.format_date(day, language) == shown
