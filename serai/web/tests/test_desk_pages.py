"""The desk's first page and the one "to check" list: each colleague sees the own work, and a slip can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from pytest_django import DjangoAssertNumQueries

from serai.kernel.facts.models import Fact
from serai.kernel.ledger.models import OutboxRow
from serai.kernel.register import ports
from serai.kernel.register.house import doors
from serai.kernel.register.ports import DueFact, QueueCount
from serai.web.tests.pages import read, words

DESK_URLS = "serai.config.urls_desk"


def a_fact(organisation: Any, key: str = "guides:1", days_late: int = 5, **fields: Any) -> Fact:
    today = timezone.localdate()
    values = {
        "checked_on": today - timedelta(days=200),
        "checked_by": "Front desk",
        "review_by": today - timedelta(days=days_late),
        "source_name": "City",
        "source_url": "https://city.example/doctor",
        **fields,
    }
    return Fact.objects.create(key=key, organisation=organisation, **values)


def still_true(fact: Fact) -> str:
    return reverse("web:still_true", kwargs={"pk": fact.pk}, urlconf=DESK_URLS)


def structure(response: Any) -> list[str]:
    page = read(response)
    found = {
        "h1": len(page.find_all("h1")) == 1,
        "lang": bool(page.html["lang"] and page.html["dir"]),
        "inline style": not page.find_all(style=True),
        "inline script": not [script for script in page.find_all("script") if not script.get("src")],
        "caption": all(table.caption for table in page.find_all("table")),
    }
    return [name for name, fine in found.items() if not fine]


# --- first page --------------------------------------------------------------------------------------------------
def test_the_first_page_shows_what_waits_for_this_colleague_with_count_and_age(
    desk: Any, bilal: Any, lindenbach: Any, only: Any
) -> None:
    a_fact(lindenbach, days_late=5)
    a_fact(lindenbach, "guides:2", days_late=-3)
    mine = QueueCount("drafts", "Drafts", "web:first", 1, timezone.now() - timedelta(days=9), frozenset())
    not_mine = QueueCount("other", "Not for Bilal", "web:first", 4, None, frozenset({"content.translator"}))
    queues = dict(ports.QUEUES.items())
    ports_offered = [*queues.values(), lambda viewer: [mine, not_mine]]
    only(ports.QUEUES, lambda viewer: [row for offer in ports_offered for row in offer(viewer)])
    response = desk(bilal).get("/")
    assert structure(response) == []
    rows = [words(row) for row in read(response).select("tbody tr")]
    assert not [row for row in rows if "Not for Bilal" in row]
    drafts, facts = next(row for row in rows if "Drafts" in row), next(row for row in rows if "Facts to check" in row)
    assert rows.index(drafts) < rows.index(facts)
    assert "2" in facts
    assert "5 days" in facts


def test_the_first_page_shows_only_doors_that_open(desk: Any, ana: Any, bilal: Any) -> None:
    assert not read(desk(ana).get("/")).select('nav.doors a[href="/to-check/"]')
    assert read(desk(bilal).get("/")).select('nav.doors a[href="/to-check/"]')


def test_the_menu_names_the_place_and_opens_without_script_on_whatever_follows_it(desk: Any, bilal: Any) -> None:
    client = desk(bilal)
    menu = read(client.get("/guides/drafts/")).select_one("details.menu")
    assert words(menu.summary) == "Menu Guides"
    assert menu.find_next_sibling("div", class_="account").select_one("form button")
    doors = menu.find_next_sibling("nav", class_="doors")
    assert [words(door) for door in doors.select("[aria-current]")] == ["Guides"]
    assert doors.select_one("[aria-current]")["aria-current"] == "true"
    here = read(client.get("/guides/")).select_one("nav.doors [aria-current]")
    assert (words(here), here["aria-current"]) == ("Guides", "page")
    assert words(read(client.get("/")).select_one("details.menu summary")) == "Menu"


def test_who_is_not_signed_in_sees_no_menu(desk: Any) -> None:
    page = read(desk().get("/sign-in/"))
    assert not page.select("header details, header nav")


def test_a_colleague_without_any_role_is_told_whom_to_ask(desk: Any, staff: Any, only: Any) -> None:
    only(ports.QUEUES)
    page = words(read(desk(staff("nora")).get("/")).main)
    assert "Nothing waits for you." in page


def test_the_desk_speaks_the_colleagues_language(desk: Any, staff: Any, lindenbach: Any) -> None:
    html = read(desk(staff("amal", lindenbach, "facts.checker", language="ar")).get("/")).html
    assert (html["lang"], html["dir"]) == ("ar", "rtl")


def test_each_door_of_the_house_leads_somewhere() -> None:
    for door in doors("desk"):
        assert reverse(door.route, urlconf=DESK_URLS)
    for door in doors("public"):
        assert reverse(door.route, kwargs={"lang": "en"}, urlconf="serai.config.urls_public")


def test_signing_out_is_a_form_and_every_key_has_its_words(desk: Any, bilal: Any, lindenbach: Any) -> None:
    a_fact(lindenbach)
    page = read(desk(bilal).get("/to-check/"))
    assert page.select_one(f'form[method=post][action="{reverse("account_logout", urlconf=DESK_URLS)}"] button')
    keys = page.select("[data-key]")
    assert {"g h", "j", "k", "t", "s"} <= {key["data-key"] for key in keys}
    assert all(words(key) or key.get("data-key-label") for key in keys)


# --- to check ----------------------------------------------------------------------------------------------------
def test_the_list_shows_title_state_age_and_source(desk: Any, bilal: Any, lindenbach: Any, only: Any) -> None:
    a_fact(lindenbach)
    a_fact(lindenbach, "guides:2", checked_on=None, checked_by="", review_by=None)
    about = DueFact("guides:1", "How do I see a doctor?", "", "en", "/en/guide/doctor/", "/editor/pages/1/edit/")
    only(ports.FACT_TITLES, lambda keys: {"guides:1": about})
    response = desk(bilal).get("/to-check/")
    assert structure(response) == []
    never, late = read(response).select("tbody tr")
    assert "guides:2" in words(never)
    assert "Never checked" in words(never)
    assert "How do I see a doctor?" in words(late)
    assert "5 days late" in words(late)
    assert late.select_one('a[href="https://city.example/doctor"][rel~=noopener]')
    assert late.select_one('a[href="/editor/pages/1/edit/"]')


def test_the_list_costs_the_same_for_one_fact_and_for_forty(
    desk: Any, bilal: Any, lindenbach: Any, django_assert_num_queries: Callable[..., DjangoAssertNumQueries]
) -> None:
    client = desk(bilal)
    a_fact(lindenbach)
    client.get("/to-check/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get("/to-check/")
    for number in range(2, 41):
        a_fact(lindenbach, f"guides:{number}")
    with django_assert_num_queries(len(one)):
        assert len(read(client.get("/to-check/")).select("tbody tr")) == 40


def test_a_long_list_comes_in_pages(desk: Any, bilal: Any, lindenbach: Any) -> None:
    for number in range(53):
        a_fact(lindenbach, f"guides:{number}")
    client = desk(bilal)
    assert len(read(client.get("/to-check/")).select("tbody tr")) == 50
    second = read(client.get("/to-check/?page=2"))
    assert len(second.select("tbody tr")) == 3
    assert second.select_one('.pager a[rel=prev][href="?page=1"]')


def test_one_click_says_it_is_still_true_and_one_takes_it_back(desk: Any, bilal: Any, lindenbach: Any) -> None:
    fact = a_fact(lindenbach)
    client = desk(bilal)
    page = read(client.post(still_true(fact), follow=True))
    fact.refresh_from_db()
    assert fact.checked_on == timezone.localdate()
    assert not page.select("tbody tr")
    undo = page.select_one("form[action$='/take-back/']")
    back = client.post(undo["action"], {"undo": undo.select_one("[name=undo]")["value"]}, follow=True)
    assert "Taken back" in words(read(back))
    fact.refresh_from_db()
    assert fact.review_by == timezone.localdate() - timedelta(days=5)
    assert fact.checked_by == "Front desk"
    assert list(OutboxRow.objects.values_list("event", flat=True)) == ["facts.fact_checked", "facts.check_taken_back"]


def test_taking_back_twice_or_with_a_made_up_token_changes_nothing(desk: Any, bilal: Any, lindenbach: Any) -> None:
    fact = a_fact(lindenbach)
    client = desk(bilal)
    undo = read(client.post(still_true(fact), follow=True)).select_one("form[action$='/take-back/']")
    token = undo.select_one("[name=undo]")["value"]
    client.post(undo["action"], {"undo": token})
    assert "Nothing was taken back" in words(read(client.post(undo["action"], {"undo": token}, follow=True)))
    assert "too late" in words(read(client.post(undo["action"], {"undo": token[:-1]}, follow=True)))
    assert "too late" in words(read(client.post(undo["action"], {}, follow=True)))
    other = a_fact(lindenbach, "guides:2")
    path = reverse("web:take_back", kwargs={"pk": other.pk}, urlconf=DESK_URLS)
    assert "too late" in words(read(client.post(path, {"undo": token}, follow=True)))
    other.refresh_from_db()
    assert other.checked_by == "Front desk"


def test_a_stranger_sees_and_changes_nothing_of_another_publisher(desk: Any, stranger: Any, lindenbach: Any) -> None:
    fact = a_fact(lindenbach)
    client = desk(stranger)
    assert not read(client.get("/to-check/")).select("tbody tr")
    assert client.post(still_true(fact)).status_code == 404
    fact.refresh_from_db()
    assert fact.checked_by == "Front desk"
    assert not OutboxRow.objects.exists()


def test_the_list_opens_for_checkers_alone(desk: Any, ana: Any, lindenbach: Any) -> None:
    fact = a_fact(lindenbach)
    refused = desk(ana).get("/to-check/")
    assert refused.status_code == 403
    assert "for other colleagues" in words(read(refused))
    assert desk(ana).post(still_true(fact)).status_code == 403
    assert desk().get("/to-check/").headers["Location"].startswith("/sign-in/")


def test_looking_changes_nothing(desk: Any, bilal: Any, lindenbach: Any) -> None:
    fact = a_fact(lindenbach)
    assert desk(bilal).get(still_true(fact)).status_code == 405
    fact.refresh_from_db()
    assert fact.checked_by == "Front desk"


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", gettext_lazy("To check")])
def test_titles_from_other_rooms_are_only_text(desk: Any, bilal: Any, lindenbach: Any, only: Any, title: Any) -> None:
    a_fact(lindenbach)
    only(ports.FACT_TITLES, lambda keys: {key: DueFact(key, title, "", "en", "", "") for key in keys})
    response = desk(bilal).get("/to-check/")
    assert structure(response) == []
    assert str(title) in words(read(response).select_one("tbody th"))
