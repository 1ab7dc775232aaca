"""A service changed on the desk: who may, what follows at once, what two editors at once do to each other."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from serai.kernel.facts.models import Fact
from serai.kernel.ledger.models import OutboxRow, Touch

from ..models import Service, ServiceAtLocation
from ..week_grid import grid_of
from .a_directory import key

pytestmark = pytest.mark.django_db


@pytest.fixture
def bilal(staff: Any, lindenbach: Any) -> Any:
    """Bilal keeps the services of Lindenbach true and checks its facts."""
    return staff("bilal", lindenbach, "services_map.editor", "facts.checker")


@pytest.fixture
def ana(staff: Any, lindenbach: Any) -> Any:
    """Ana keeps them true, too, and checks nothing."""
    return staff("ana", lindenbach, "services_map.editor")


def shown(browser: Any, path: str) -> dict[str, Any]:
    """What a form sends when nothing is changed in it."""
    answer = browser.get(path)
    assert answer.status_code == 200, path
    form = answer.context["form"]
    found: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if value not in (None, "", False, []):
            widget = form.fields[name].widget
            found[name] = value if isinstance(value, list) else widget.format_value(value) or value
            if value is True:
                found[name] = "on"
    return found


def page_of(public: Any, name: str, tag: str = "en") -> str:
    return str(public.get(f"/{tag}/services/{key(name)}/").content.decode())


def test_what_an_editor_saves_stands_everywhere_at_once(town: Any, desk: Any, bilal: Any, public: Any) -> None:
    browser, path = desk(bilal), f"/services/{key('clinic')}/edit/"
    said = shown(browser, path) | {
        "name": "Clinic at the lake", "description": "Two doctors.\r\nOne midwife.", "needs": ["doctor", "dentist"],
        "languages": ["ar", "so"], "audiences": ["women"], "papers_asked": "no", "free": "yes",
        "fees_description": "Medicine costs extra", "phone_1_number": "+39 040 9999999",
        "phone_1_description": "At night", "required_document_0_document": "Vaccination card",
        "url": "https://clinic.example/", "email": "help@clinic.example", "checked": "on",
    }  # fmt: skip
    assert browser.post(path, said).status_code == 302
    told = page_of(public, "clinic")
    for words in (
        "Clinic at the lake", "One midwife.", "Medicine costs extra", "+39 040 9999999", "At night", "+39 040 7654321",
        "Vaccination card", "https://clinic.example/", "help@clinic.example", "No papers asked", "Free of charge",
        "Soomaali",
    ):  # fmt: skip
        assert words in told, words
    near = public.get("/en/near/", {"place": "45.1, 13.6", "need": "dentist", "women": "on"}).content.decode()
    assert "Clinic at the lake" in near
    gone = public.get("/en/near/", {"place": "45.1, 13.6", "need": "pregnancy"}).content.decode()
    assert "Clinic" not in gone
    row = Service.objects.get(pk=key("clinic"))
    assert row.changed_here
    assert row.fact.checked_by_user == bilal
    assert {"service:" + key("clinic"), "services"} <= set(Touch.objects.values_list("key", flat=True))
    assert OutboxRow.objects.filter(event="services_map.service_changed").count() == 1


def test_saving_without_changing_anything_keeps_every_cell_and_row(town: Any, desk: Any, ana: Any) -> None:
    before = Service.objects.get(pk=key("doctor"))
    path = f"/services/{key('doctor')}/edit/"
    browser = desk(ana)
    assert browser.post(path, shown(browser, path)).status_code == 302
    after = Service.objects.get(pk=key("doctor"))
    for name in ("cells", "texts", "children", "needs", "languages", "audiences", "papers_asked", "free", "hours"):
        assert getattr(after, name) == getattr(before, name), name


def test_search_finds_the_new_name_and_not_the_old_one_at_once(
    town: Any, desk: Any, ana: Any, public: Any, django_capture_on_commit_callbacks: Any
) -> None:
    browser, path = desk(ana), f"/services/{key('wifi')}/edit/"
    said = shown(browser, path) | {"name": "Sockets for all"}
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(path, said).status_code == 302
    assert "Sockets for all" in public.get("/en/search/", {"q": "sockets"}).content.decode()
    assert "Wi-Fi and charging" not in public.get("/en/search/", {"q": "charging"}).content.decode()


def test_a_service_that_is_due_stands_in_the_list_to_check(town: Any, desk: Any, bilal: Any) -> None:
    Fact.objects.filter(key=f"services_map.service:{key('clinic')}").update(review_by=timezone.localdate())
    told = desk(bilal).get("/to-check/").content.decode()
    assert "Clinic on the hill" in told
    assert f"/en/services/{key('clinic')}/" in told


def test_what_is_wrong_is_said_at_its_field_and_all_that_was_typed_stays(town: Any, desk: Any, ana: Any) -> None:
    browser, path = desk(ana), f"/services/{key('clinic')}/edit/"
    said = shown(browser, path) | {
        "name": "", "description": "Kept words", "url": "javascript:alert(1)", "email": "nobody",
        "phone_1_description": "A line without a number", "papers_asked": "no",
    }  # fmt: skip
    answer = browser.post(path, said)
    told = answer.content.decode()
    assert answer.status_code == 400
    assert "Kept words" in told
    assert "no e-mail address" in told
    assert "Write the number, or empty what it is for." in told
    assert {"name", "url", "email", "phone_1_number"} == set(answer.context["form"].errors)
    assert answer.context["form"]["papers_asked"].value() == "no"
    assert Service.objects.get(pk=key("clinic")).cells["name"] == "Clinic on the hill"


def test_two_editors_at_once_lose_nothing_and_know_of_each_other(town: Any, desk: Any, ana: Any, bilal: Any) -> None:
    first, second, path = desk(ana), desk(bilal), f"/services/{key('clinic')}/edit/"
    of_ana, of_bilal = shown(first, path), shown(second, path)
    assert first.post(path, of_ana | {"description": "Ana was here"}).status_code == 302
    answer = second.post(path, of_bilal | {"description": "Bilal was here", "alert": "Ring twice"})
    told = answer.content.decode()
    assert answer.status_code == 400
    assert "Somebody else changed this" in told
    for words in ("Ana was here", "Bilal was here", "Ring twice"):
        assert words in told
    assert Service.objects.get(pk=key("clinic")).cells["description"] == "Ana was here"
    again = of_bilal | {"description": "Both were here", "alert": "Ring twice"}
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', told)
    assert seen
    assert second.post(path, again | {"seen": seen[1]}).status_code == 302
    assert Service.objects.get(pk=key("clinic")).cells["alert"] == "Ring twice"


def test_what_was_typed_stays_when_a_colleague_took_rows_away(town: Any, desk: Any, ana: Any, bilal: Any) -> None:
    first, second, path = desk(ana), desk(bilal), f"/services/{key('clinic')}/edit/"
    papers = {f"required_document_{at}_document": name for at, name in enumerate(("Card", "Letter"))}
    first.post(path, shown(first, path) | papers)
    of_bilal = shown(second, path) | {"required_document_2_document": "Photo", "required_document_3_document": "Map"}
    emptied = {name: text for name, text in shown(first, path).items() if not name.startswith("required_document")}
    assert first.post(path, emptied).status_code == 302
    answer = second.post(path, of_bilal)
    assert answer.status_code == 400
    for words in ("Card", "Letter", "Photo", "Map"):
        assert f'value="{words}"' in answer.content.decode(), words


@pytest.mark.parametrize("page", ["edit/", "edit/?lang=ar", "hours/", "another/"])
def test_only_editors_of_its_publisher_change_a_service(
    town: Any, desk: Any, dora: Any, stranger: Any, staff: Any, lindenbach: Any, page: str
) -> None:
    path = f"/services/{key('clinic')}/{page}"
    author = staff("writer", lindenbach, "content.author")
    before = Service.objects.get(pk=key("clinic")).cells
    for who, status in ((stranger, 404), (dora, 403), (author, 403)):
        assert desk(who).get(path).status_code == status
        assert desk(who).post(path, {"name": "Mine now", "needs": ["food"], "language": "en"}).status_code == status
    assert desk().get(path).status_code == 302
    assert Service.objects.get(pk=key("clinic")).cells == before
    assert Service.objects.count() == 7


def test_a_local_worker_is_offered_no_button_that_is_refused(town: Any, desk: Any, dora: Any, ana: Any) -> None:
    page = f"/services/{key('clinic')}/"
    assert f"{page}edit/" in desk(ana).get(page).content.decode()
    assert f"{page}edit/" not in desk(dora).get(page).content.decode()
    assert f"{page}days/" in desk(dora).get(page).content.decode()


def test_who_checks_no_facts_is_not_asked_for_a_check(town: Any, desk: Any, ana: Any) -> None:
    browser, path = desk(ana), f"/services/{key('clinic')}/edit/"
    assert 'name="checked"' not in browser.get(path).content.decode()
    before = Service.objects.get(pk=key("clinic")).fact.checked_on
    browser.post(path, shown(browser, path) | {"checked": "on"})
    assert Service.objects.get(pk=key("clinic")).fact.checked_on == before


# --- other languages -----------------------------------------------------------------------------------------------
def test_words_in_another_language_are_read_in_it_alone(town: Any, desk: Any, ana: Any, public: Any) -> None:
    browser, path = desk(ana), f"/services/{key('clinic')}/edit/?lang=ar"
    said = shown(browser, path)
    assert said["name"] == "عيادة على التل"
    phone = Service.objects.get(pk=key("clinic")).under("phone")[0]
    assert browser.post(path, said | {"description": "طبيبان وقابلة"}).status_code == 302
    assert "طبيبان وقابلة" in page_of(public, "clinic", "ar")
    assert "Clinic on the hill, for everybody" in page_of(public, "clinic")
    assert Service.objects.get(pk=key("clinic")).under("phone")[0] == phone
    assert browser.get(f"/services/{key('clinic')}/edit/?lang=xx").status_code == 404


def test_a_paper_is_named_in_another_language(town: Any, desk: Any, ana: Any, public: Any) -> None:
    browser, path = desk(ana), f"/services/{key('clinic')}/edit/"
    browser.post(path, shown(browser, path) | {"required_document_0_document": "Vaccination card"})
    said = shown(browser, f"{path}?lang=ar")
    browser.post(f"{path}?lang=ar", said | {"required_document_0": "بطاقة التطعيم"})
    assert "بطاقة التطعيم" in page_of(public, "clinic", "ar")
    assert "Vaccination card" in page_of(public, "clinic")


def test_the_pages_speak_arabic_from_right_to_left(town: Any, desk: Any, staff: Any, lindenbach: Any) -> None:
    layla = desk(staff("layla", lindenbach, "services_map.editor", language="ar"))
    for page in ("", "edit/", "edit/?lang=ar", "hours/", "days/", "another/"):
        answer = layla.get(f"/services/{key('clinic')}/{page}")
        assert answer.status_code == 200, page
        assert '<html lang="ar" dir="rtl"' in answer.content.decode(), page


# --- hours ---------------------------------------------------------------------------------------------------------
def hours_of(name: str) -> str:
    return str(Service.objects.get(pk=key(name)).hours)


def test_hours_are_filled_in_day_by_day_and_read_so(town: Any, desk: Any, bilal: Any, public: Any) -> None:
    browser, path = desk(bilal), f"/services/{key('clinic')}/hours/"
    said = {
        "seen": shown(browser, path)["seen"], "from0_0": "08:30", "to0_0": "12:00", "from1_0": "13:00",
        "to1_0": "17:00", "before_1": "on", "always_4": "on", "closed_7": "on", "other": "Th[-1] 14:00-18:00",
    }  # fmt: skip
    assert browser.post(path, said).status_code == 302
    assert hours_of("clinic") == "Mo,Tu 08:30-12:00,13:00-17:00; Fr 00:00-24:00; Th[-1] 14:00-18:00; PH off"
    for told in (page_of(public, "clinic"), browser.get(f"/services/{key('clinic')}/").content.decode()):
        assert told.count("08:30–12:00") == 1  # Monday and Tuesday are one line
        assert "Th[-1] 14:00-18:00" in told


def test_hours_that_are_not_changed_stay_the_same(town: Any, desk: Any, bilal: Any) -> None:
    for name in ("doctor", "clinic", "night-doctor", "kitchen"):
        browser, path = desk(bilal), f"/services/{key(name)}/hours/"
        before = hours_of(name)
        assert browser.post(path, shown(browser, path)).status_code == 302
        assert hours_of(name) == before


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 08:00-12:00,13:00-17:00; PH off", "24/7", "Mo-Su 22:00-02:00", "Th[-1] 14:00-18:00", "off",
        "24/7; PH off", "Mo-Fr 08:00-12:00; Th[-1] 14:00-18:00; PH off",
        "Mo-Fr 08:00-12:00; Dec 25 off || \"by phone\"",
        "Mo-Sa 08:00-20:00; Dec 25 off", "Mo-Fr 06:00-07:00,08:00-09:00,10:00-11:00",
        "Mo-Fr 08:00-16:00 || \"by phone\"",
        "Mo-Fr 09:00-11:00; PH 10:00-12:00",
    ],
)  # fmt: skip
def test_what_does_not_fit_into_a_week_stays_word_for_word(text: str) -> None:
    from serai.lib.hours_osm import read_osm
    from serai.rooms.services_map.week_grid import text_of

    assert read_osm(text_of(grid_of(read_osm(text)))) == read_osm(text)


def test_closing_before_opening_is_asked_about_and_meant_only_with_a_tick(town: Any, desk: Any, bilal: Any) -> None:
    browser, path = desk(bilal), f"/services/{key('clinic')}/hours/"
    said = {"seen": shown(browser, path)["seen"], "from0_2": "20:00", "to0_2": "07:30"}
    answer = browser.post(path, said)
    assert answer.status_code == 400
    assert "Wednesday: it closes before it opens" in answer.content.decode()
    assert 'value="20:00"' in answer.content.decode()
    assert browser.post(path, said | {"overnight": "on"}).status_code == 302
    assert hours_of("clinic") == "We 20:00-07:30"
    assert browser.post(path, said | {"from0_2": "08:00", "to0_2": "00:00"}).status_code == 400, "seen is another now"
    fresh = shown(browser, path)["seen"]
    browser.post(path, {"seen": fresh, "from0_2": "08:00", "to0_2": "00:00"})
    assert hours_of("clinic") == "We 08:00-24:00"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"from0_1": "08:00"}, "Tuesday: write both when it opens and when it closes."),
        ({"from0_1": "8 o'clock", "to0_1": "12:00"}, "Write the time as 08:30."),
        ({"from0_1": "08:00", "to0_1": "12:00", "from1_1": "11:00", "to1_1": "13:00"}, "the two times overlap"),
        ({"closed_1": "on", "always_1": "on"}, "Tuesday: choose one of the boxes."),
        ({"from0_1": "10:00", "to0_1": "09:00", "overnight": "on"}, "twelve hours or more"),
        ({"other": "Montag 8-12"}, "“Montag” is no word that can be read here. Write: Mo"),
        ({"from0_1": "08:00", "to0_1": "09:00", "other": "24/7"}, "would replace all hours of the week"),
    ],
)
def test_times_that_cannot_be_are_named_with_their_day(
    town: Any, desk: Any, bilal: Any, said: dict[str, str], sentence: str
) -> None:
    from html import unescape

    browser, path = desk(bilal), f"/services/{key('clinic')}/hours/"
    answer = browser.post(path, {"seen": shown(browser, path)["seen"], **said})
    assert answer.status_code == 400
    assert sentence in unescape(answer.content.decode())
    assert hours_of("clinic") == "Mo-Fr 08:00-16:00; PH off"


def test_hours_of_one_place_hold_there_alone(town: Any, desk: Any, bilal: Any, public: Any) -> None:
    browser = desk(bilal)
    path = f"/services/{key('clinic')}/hours/?place={key('clinic-place')}"
    said = {"seen": shown(browser, path)["seen"], "from0_5": "10:00", "to0_5": "11:00"}
    assert browser.post(path, said).status_code == 302
    assert ServiceAtLocation.objects.get(pk=key("clinic-at")).hours == "Sa 10:00-11:00"
    assert hours_of("clinic") == "Mo-Fr 08:00-16:00; PH off"
    assert "10:00–11:00" in page_of(public, "clinic")
    assert browser.get(f"/services/{key('clinic')}/hours/?place={key('wifi-place')}").status_code == 404


def test_rows_of_a_schedule_go_when_hours_are_written(town: Any, desk: Any, bilal: Any, public: Any) -> None:
    row = Service.objects.get(pk=key("clinic"))
    row.hours, row.children["schedule"] = "", [
        {"id": "a", "service_id": key("clinic"), "freq": "WEEKLY", "byday": "MO", "opens_at": "09:00",
         "closes_at": "10:00"}
    ]  # fmt: skip
    row.save()
    assert "09:00–10:00" in page_of(public, "clinic")
    browser, path = desk(bilal), f"/services/{key('clinic')}/hours/"
    said = shown(browser, path)
    assert (said["from0_0"], said["to0_0"]) == ("09:00", "10:00")
    browser.post(path, said | {"to0_0": "11:00"})
    assert "09:00–11:00" in page_of(public, "clinic")
    assert "schedule" not in Service.objects.get(pk=key("clinic")).children


# --- a new one -----------------------------------------------------------------------------------------------------
def test_another_service_of_the_organisation_is_found_at_its_place(
    town: Any, desk: Any, bilal: Any, public: Any
) -> None:
    browser, path = desk(bilal), f"/services/{key('clinic')}/another/"
    said = {"name": "Teeth", "language": "en", "needs": ["dentist"], "place": key("doctor-place")}
    assert browser.post(path, {**said, "needs": []}).status_code == 400
    assert browser.post(path, said).status_code == 302
    made = Service.objects.get(cells__name="Teeth")
    assert str(made.organization_id) == key("health")
    near = public.get("/en/near/", {"place": "45.1, 13.6", "need": "dentist"}).content.decode()
    assert "Teeth" in near
    assert browser.get(f"/services/{made.pk}/edit/").status_code == 200
    elsewhere = {**said, "name": "Other", "place": key("nowhere")}
    assert browser.post(path, elsewhere).status_code == 400
