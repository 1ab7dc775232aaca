"""A caseworker keeps the directory true from a phone: a new service, its words and hours, the hours of Ramadan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from .houses import LivingHouse

BOTH = pytest.mark.parametrize("js", [False, True], ids=["without-js", "with-js"])
GONE = """
from serai.rooms.services_map.models import Service
Service.objects.filter(cells__name__startswith="Tea room").delete()
"""


@pytest.fixture
def swept(house: LivingHouse) -> Iterator[LivingHouse]:
    """What is added here is taken away again, for other journeys count services."""
    yield house
    house.python(GONE)


def _fits(page: Any) -> None:
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url


def _new_service(page: Any, house: LivingHouse, name: str) -> str:
    """Adds a service beside "Warm meals", at its place; its id."""
    page.goto(f"{house.desk}/services/?words=Warm")
    page.click("main a:has-text('Warm meals')")
    page.click("main a[href$='/another/']")
    _fits(page)
    page.fill("input[name=name]", name)
    page.check("input[name=needs][value=food]")
    page.locator("input[name=place]").nth(1).check()
    page.click("main form button")
    page.wait_for_url("**/edit/")
    return str(page.url.split("/")[-3])


@BOTH
def test_a_new_service_is_said_and_found_within_seconds(
    swept: LivingHouse, signed_in: Callable[..., Any], shot: Callable[[Any, str], None], js: bool
) -> None:
    name = f"Tea room {js}"
    page = signed_in("bilal", js=js)
    pk = _new_service(page, swept, name)
    page.fill("textarea[name=description]", "Tea and a chair.")
    page.fill("input[name=phone_0_number]", "+99951700999")
    page.fill("input[name=email]", "nobody")
    page.check("input[name=free][value=yes]")
    page.check("input[name=checked]")
    page.click(".service-form > button")
    assert "no e-mail address" in page.inner_text(".errors")
    assert page.input_value("textarea[name=description]") == "Tea and a chair."
    _fits(page)
    shot(page, "service-edit-refused")
    page.fill("input[name=email]", "tea@lindenbach.example")
    page.click(".service-form > button")
    swept.soon(f"/en/services/{pk}/", "Tea and a chair.")
    swept.soon("/en/near/?place=Lindenbach&need=food", name)
    swept.soon(f"/en/search/?q=tea+room+{js}", name)

    page.click("main a[href$='/hours/']")
    page.fill("input[name=from0_0]", "16:00")
    page.fill("input[name=to0_0]", "09:30")
    page.check("input[name=before_1]")
    _fits(page)
    page.click(".service-form > button")
    assert "closes before it opens" in page.inner_text(".errors")
    page.fill("input[name=to0_0]", "19:30")
    page.click(".service-form > button")
    assert page.locator("td:has-text('16:00–19:30')").count() == 1  # Monday and Tuesday are one line
    shot(page, "service-hours-saved")
    swept.soon(f"/ar/services/{pk}/", "16:00–19:30")


@BOTH
def test_the_hours_of_ramadan_stand_everywhere_until_they_are_taken_back(
    swept: LivingHouse, signed_in: Callable[..., Any], shot: Callable[[Any, str], None], js: bool
) -> None:
    page = signed_in("bilal", js=js)
    pk = _new_service(page, swept, f"Tea room of the month {js}")
    page.goto(f"{swept.desk}/services/{pk}/days/")
    today = date.today()  # noqa: DTZ011 - a day of a month that is long enough for every zone
    page.fill("input[name=first]", (today - timedelta(days=2)).isoformat())
    page.fill("input[name=last]", (today + timedelta(days=27)).isoformat())
    page.select_option("select[name=why]", "ramadan")
    page.check("input[name=what][value=open]")
    page.click(".service-form details summary >> nth=0")
    page.fill("input[name=from0_0]", "20:00")
    page.fill("input[name=to0_0]", "23:00")
    for day in range(1, 7):
        page.check(f"input[name=before_{day}]")
    _fits(page)
    shot(page, "days-form")
    page.click(".service-form > button")
    assert "Ramadan" in page.inner_text("article.card")
    shot(page, "days-saved")
    told = swept.soon(f"/en/services/{pk}/", "Ramadan")
    assert "20:00–23:00" in told
    page.click("article.card button")
    swept.until_gone(f"/en/services/{pk}/", "Ramadan")


def test_a_directory_comes_in_from_a_phone_after_a_look_at_it(
    swept: LivingHouse, signed_in: Callable[..., Any], shot: Callable[[Any, str], None], tmp_path: Path
) -> None:
    swept.command("export", "hsds", tmp_path / "out.json")
    text = (tmp_path / "out.json").read_text(encoding="utf-8")
    (tmp_path / "bad.json").write_text(text.replace('"active"', '"sometimes"', 1), encoding="utf-8")
    page = signed_in("bilal", js=False)
    page.goto(f"{swept.desk}/services/")
    page.click("main a[href$='/upload/']")
    page.set_input_files("input[name=file]", tmp_path / "bad.json")
    page.click("button[value=check]")
    assert "sometimes" in page.inner_text(".errors")
    _fits(page)
    shot(page, "upload-refused")
    page.set_input_files("input[name=file]", tmp_path / "out.json")
    page.click("button[value=check]")
    page.wait_for_selector("button[value=kept]")
    _fits(page)
    shot(page, "upload-checked")
    page.click("button[value=kept]")
    assert "It is brought in." in page.inner_text("main")
    assert page.locator("button[value=kept]").count() == 0
