"""Hours as a person reads them: as few lines as say the whole week."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from serai.lib.hours import Hours
from serai.lib.hours_osm import read_osm

from ..models import Service
from ..templatetags.services_map import weekdays
from ..week import Week, week_of
from .a_directory import key

TODAY = date(2026, 11, 22)


def week(text: str) -> Week:
    return week_of(Hours("Europe/Rome", read_osm(text)), TODAY)


def lines(text: str) -> list[str]:
    with override("en"):
        return [f"{weekdays(first, last)}: {', '.join(times) or 'closed'}" for first, last, times in week(text).runs]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Mo-Fr 08:00-16:00", ["Monday – Friday: 08:00–16:00", "Saturday – Sunday: closed"]),
        ("Su-Th 08:30-17:00", ["Sunday – Thursday: 08:30–17:00", "Friday – Saturday: closed"]),
        ("Mo-Su 18:00-08:00", ["Every day: 18:00–08:00"]),
        ("Mo-Fr 08:00-12:00,13:00-17:00; We 08:00-12:00", [
            "Monday – Tuesday: 08:00–12:00, 13:00–17:00", "Wednesday: 08:00–12:00",
            "Thursday – Friday: 08:00–12:00, 13:00–17:00", "Saturday – Sunday: closed",
        ]),
        ("Tu 10:00-12:00", ["Tuesday: 10:00–12:00", "Wednesday – Monday: closed"]),
        ("Sa-Mo 10:00-12:00; We 09:00-10:00", [
            "Wednesday: 09:00–10:00", "Thursday – Friday: closed", "Saturday – Monday: 10:00–12:00", "Tuesday: closed",
        ]),
        ("off", ["Every day: closed"]),
        ("PH off", []),
    ],
)  # fmt: skip
def test_equal_days_in_a_row_are_one_line(text: str, said: list[str]) -> None:
    assert lines(text) == said


@pytest.mark.parametrize(
    "text", ["24/7", "Mo-Su 00:00-24:00", "Mo-Su,PH 00:00-24:00", "Mo-Fr 00:00-24:00; Sa,Su 00:00-24:00"]
)
def test_what_never_closes_says_so_in_one_sentence(text: str) -> None:
    assert week(text).around_the_clock


@pytest.mark.parametrize(
    "text",
    ["24/7; PH off", "24/7; Dec 25 off", "Mo-Sa 00:00-24:00", "Mo-Su 00:00-23:59", '"by appointment"', "PH off", "off"],
)
def test_what_closes_at_some_time_does_not(text: str) -> None:
    assert not week(text).around_the_clock


@pytest.mark.django_db
def test_the_page_of_a_service_says_it_in_one_line(town: Any, public: Any) -> None:
    page = public.get(f"/en/services/{key('wifi')}/").content.decode()
    assert "Around the clock, every day" in page
    assert "00:00–24:00" not in page.split("</h2>")[1]
    clinic = public.get(f"/en/services/{key('clinic')}/").content.decode()
    assert clinic.count("08:00–16:00") == 1
    assert "Monday – Friday" in clinic
    Service.objects.filter(pk=key("wifi")).update(hours="Mo-Su 18:00-08:00")
    assert "Every day" in public.get(f"/en/services/{key('wifi')}/").content.decode()
