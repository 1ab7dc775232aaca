"""The screens for counting: large buttons without a script, the last press back, sheets of paper in and out."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.db.models import Sum
from django.utils import timezone
from pypdf import PdfReader

from ..models import TallyCount
from .a_directory import key

pytestmark = pytest.mark.django_db
POINT = f"/services/tally/{key('kitchen-place')}/"


@pytest.fixture
def lena(staff: Callable[..., Any], lindenbach: Any) -> Any:
    """Lena stands at the points of Lindenbach."""
    return staff("lena", lindenbach, "services_map.local")


@pytest.fixture
def phone(desk: Callable[..., Any], lena: Any, town: Any) -> Any:
    """Lena's telephone."""
    return desk(lena)


def total() -> int:
    return TallyCount.objects.aggregate(sum=Sum("count"))["sum"] or 0


def hidden(html: str, name: str = "token") -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, html
    return found[1]


def test_pressing_a_button_counts_and_leads_back_to_the_buttons(phone: Any) -> None:
    page = phone.get(POINT).content.decode()
    assert "House of kitchen" in page
    assert 'value="food:1"' in page
    assert 'value="food:5"' in page
    assert 'value="doctor:1"' not in page, "not offered there"
    form = {"token": hidden(page), "group": "women", "press": "food:5"}
    answer = phone.post(POINT, form)
    assert answer.status_code == 302
    shown = phone.get(answer.headers["Location"]).content.decode()
    assert TallyCount.objects.get().count == 5
    assert '<span class="number">5</span>' in shown
    assert "Take back: +5 Food, Women" in shown
    assert re.search(r'value="women"[^>]*checked', shown), "the group stays chosen"
    phone.get(answer.headers["Location"])  # loading again presses nothing
    phone.post(POINT, form)  # nor does a second tap on the old page
    assert total() == 5
    assert "This press was counted already." in phone.get(POINT).content.decode()


def test_no_script_is_needed_and_buttons_say_what_they_count(phone: Any) -> None:
    page = phone.get(POINT).content.decode()
    main = page[page.index("<main") :]
    main = main[: main.index("</main>")]
    assert "<script" not in main
    assert not re.search(r"\son[a-z]+=", main)
    assert '+1</bdi><span class="unseen"> Food</span>' in main


def test_the_last_press_is_taken_back_by_its_button(phone: Any) -> None:
    press = {"token": str(uuid4()), "group": "", "press": "food:5"}
    back = phone.post(POINT, press).headers["Location"]
    page = phone.get(back).content.decode()
    undo = {name: parse_qs(urlsplit(back).query, keep_blank_values=True)[name][0] for name in ("token", "press")}
    assert hidden(page) == undo["token"]
    answer = phone.post(f"{POINT}undo/", {**undo, "group": ""}, follow=True).content.decode()
    assert "Taken back: +5 Food" in answer
    assert "Take back:" not in answer
    assert total() == 0
    assert "taken back already" in phone.post(f"{POINT}undo/", {**undo, "group": ""}, follow=True).content.decode()
    other = {**undo, "token": str(uuid4()), "group": ""}
    assert "cannot be taken back" in phone.post(f"{POINT}undo/", other, follow=True).content.decode()


@pytest.mark.parametrize(
    "change", [{"token": "x"}, {"press": "gold:1"}, {"press": "food:7"}, {"press": "food"}, {"group": "tall"}]
)
def test_a_press_that_no_button_makes_is_refused_with_the_buttons(phone: Any, change: dict[str, str]) -> None:
    answer = phone.post(POINT, {"token": str(uuid4()), "group": "", "press": "food:1", **change})
    assert answer.status_code == 400
    assert "This was not counted. Press again." in answer.content.decode()
    assert 'value="food:1"' in answer.content.decode()
    assert phone.post(f"{POINT}undo/", {"token": "x", **change}).status_code == 302
    assert total() == 0


def test_something_that_is_not_offered_there_can_be_counted_too(phone: Any) -> None:
    assert 'value="sim:1"' in phone.get(f"{POINT}?all").content.decode()
    phone.post(f"{POINT}?all", {"token": str(uuid4()), "group": "", "press": "sim:1"})
    assert 'value="sim:1"' in phone.get(POINT).content.decode(), "counted today, so it stands there today"


def test_a_sheet_of_paper_is_written_in_and_corrected(phone: Any) -> None:
    day = timezone.localdate() - timedelta(days=3)
    address = f"{POINT}sheet/?day={day}"
    page = phone.get(address).content.decode()
    form = {name: value for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', page) if name != "day"}
    assert form["was-food-women"] == "0"
    sent = {**form, "n-food-women": "12", "n-food-": "30", "n-washing-men": ""}
    assert phone.post(address, sent).status_code == 302
    rows = sorted(TallyCount.objects.values_list("day", "kind", "group", "count"))
    assert rows == [(day, "food", "", 30), (day, "food", "women", 12)]
    assert "written in already" in phone.post(address, sent, follow=True).content.decode()
    page = phone.get(address).content.decode()
    form = {name: value for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', page) if name != "day"}
    assert (form["n-food-women"], form["was-food-women"]) == ("12", "12")
    phone.post(address, {**form, "n-food-women": "10", "n-food-": "30"})
    assert TallyCount.objects.get(group="women").count == 10


@pytest.mark.parametrize("change", [{"n-food-": "-1"}, {"n-food-": "100001"}, {"n-food-": "many"}, {"token": ""}])
def test_a_sheet_with_a_number_that_cannot_be_keeps_what_was_typed(phone: Any, change: dict[str, str]) -> None:
    page = phone.get(f"{POINT}sheet/").content.decode()
    form = {name: value for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', page) if name != "day"}
    answer = phone.post(f"{POINT}sheet/", {**form, "n-food-men": "77", **change})
    assert answer.status_code == 400
    assert 'value="77"' in answer.content.decode()
    assert total() == 0


def test_a_sheet_of_tomorrow_is_refused_and_a_day_nobody_can_read_is_today(phone: Any) -> None:
    page = phone.get(f"{POINT}sheet/?day=yesterday").content.decode()
    form = {name: value for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', page) if name != "day"}
    late = timezone.localdate() + timedelta(days=2)
    answer = phone.post(f"{POINT}sheet/?day={late}", {**form, "n-food-": "3"})
    assert answer.status_code == 400
    assert "in the future" in answer.content.decode()


def test_the_empty_sheet_is_a_pdf_with_a_box_for_each_kind_and_group(phone: Any, lena: Any) -> None:
    answer = phone.get(f"{POINT}paper/")
    assert answer.headers["Content-Type"] == "application/pdf"
    (text,) = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
    for words in ("House of kitchen", "Food", "Shower and laundry", "Women", "Not said", "City of Lindenbach"):
        assert words in text


def test_the_list_of_points_leads_to_their_buttons_and_the_report_only_editors(
    phone: Any, desk: Callable[..., Any], staff: Callable[..., Any], lindenbach: Any
) -> None:
    page = phone.get("/services/tally/").content.decode()
    assert POINT in page
    assert "/services/tally/report/" not in page
    assert phone.get("/services/tally/report/").status_code == 403
    assert phone.get("/services/tally/report/file/?as=pdf").status_code == 403
    editor = desk(staff("bilal", lindenbach, "services_map.editor"))
    assert "/services/tally/report/" in editor.get("/services/tally/").content.decode()
    assert editor.post(POINT, {"token": str(uuid4()), "group": "", "press": "food:1"}).status_code == 302


def test_the_stranger_finds_no_point_and_who_has_no_part_in_it_is_refused(
    phone: Any, desk: Callable[..., Any], staff: Callable[..., Any], port_amsel: Any, ana: Any, public: Any
) -> None:
    stranger = desk(staff("stranger", port_amsel, "services_map.local", "services_map.editor"))
    press = {"token": str(uuid4()), "group": "", "press": "food:1"}
    assert "No point was found." in stranger.get("/services/tally/").content.decode()
    for address in (POINT, f"{POINT}undo/", f"{POINT}sheet/", f"{POINT}paper/"):
        assert stranger.post(address, press).status_code == 404
        assert desk(ana).post(address, press).status_code == 403
        assert desk().post(address, press).status_code == 302
        assert public.post(address, press).status_code in {403, 404}
    assert total() == 0
