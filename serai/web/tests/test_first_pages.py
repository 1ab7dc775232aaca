"""A person opens one address, chooses a language, sees what there is and who can be asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, override
from pytest_django import DjangoAssertNumQueries

from serai.kernel.access.models import Membership
from serai.kernel.languages.interface import interface
from serai.kernel.register import ports
from serai.kernel.register.ports import SearchFound, SearchHit, SearchQuestion
from serai.web.tests.conftest import alert, human
from serai.web.tests.pages import faults, read, words

PAGES = ["", "search/", "search/?q=doctor", "search/?q=nothing", "people/", "about/", "exit-help/"]
pytestmark = pytest.mark.usefixtures("offers")


@pytest.mark.parametrize(("tag", "direction"), [("en", "ltr"), ("ar", "rtl"), ("fr", "ltr"), ("es", "ltr")])
@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_whole_light_and_speaks_its_language(public: Any, path: str, tag: str, direction: str) -> None:
    response = public.get(f"/{tag}/{path}")
    assert response.status_code == 200
    assert faults(response) == []
    html = read(response).html
    assert (html["lang"], html["dir"]) == (tag, direction)
    assert ("tall" in html.get("class", [])) == (tag == "ar")


def test_the_first_page_offers_each_language_in_its_own_words(public: Any) -> None:
    response = public.get("/")
    assert faults(response) == []
    links = read(response).select("main .links a")
    said = {(link["href"], link["lang"], link["dir"], words(link.b)) for link in links}
    assert said == {
        ("/en/", "en", "ltr", "English"),
        ("/ar/", "ar", "rtl", "العربية"),
        ("/fr/", "fr", "ltr", "Français"),
        ("/es/", "es", "ltr", "Español"),
        ("/uk/", "uk", "ltr", "Українська"),
        ("/ru/", "ru", "ltr", "Русский"),
        ("/fa/", "fa", "rtl", "فارسی"),
        ("/prs/", "prs", "rtl", "دری"),
        ("/ti/", "ti", "ltr", "ትግርኛ"),
        ("/bn/", "bn", "ltr", "বাংলা"),
        ("/ne/", "ne", "ltr", "नेपाली"),
        ("/fil/", "fil", "ltr", "Filipino"),
        ("/sw/", "sw", "ltr", "Kiswahili"),
    }


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_the_database_little(
    public: Any, lindenbach: Any, path: str, django_assert_max_num_queries: Callable[..., DjangoAssertNumQueries]
) -> None:
    with django_assert_max_num_queries(2):
        assert public.get(f"/en/{path}").status_code == 200


def test_who_is_behind_the_house_costs_the_same_however_many_publish(
    public: Any, organisation: Any, django_assert_num_queries: Callable[..., DjangoAssertNumQueries]
) -> None:
    for number in range(30):
        organisation(f"office-{number}")
    with django_assert_num_queries(2):
        page = read(public.get("/en/about/"))
    assert len(page.select("main ul.plain li")) == 30


def test_home_shows_subjects_with_guides_and_no_dead_ends(public: Any) -> None:
    page = read(public.get("/en/"))
    assert [link["href"] for link in page.select("main section .topics a")] == ["/en/topic/health/"]
    assert [link["href"] for link in page.select("main nav .stages a")] == ["#living"]
    assert "Going back" not in words(page)


def test_home_says_honestly_that_there_is_nothing_yet(public: Any, only: Any) -> None:
    only(ports.STAGES)
    response = public.get("/en/")
    assert "There is no guide in this language yet." in words(read(response))
    assert faults(response) == []


def test_urgent_news_stand_first_and_differ_by_more_than_colour(public: Any) -> None:
    urgent, calm = read(public.get("/en/")).select("main article.alert")
    assert "News loud" in words(urgent)
    assert "News calm" in words(calm)
    assert str(urgent.svg) != str(calm.svg)


def test_calm_news_that_have_a_page_of_their_own_are_one_line_and_leave_room_for_the_question(
    public: Any, only: Any
) -> None:
    only(ports.ALERTS, lambda language: [replace(alert("calm"), url="/en/alerts/")])
    page = read(public.get("/en/"))
    assert not page.select("article.alert")
    line = page.select_one("ul.news a")
    assert line["href"] == "/en/alerts/"
    assert "News calm" in words(line)
    assert "The office has moved." not in words(page)


def test_news_in_another_language_say_so_to_a_screen_reader(public: Any, only: Any) -> None:
    only(ports.ALERTS, lambda language: [alert("a", language="fr")])
    assert read(public.get("/ar/")).select_one("article.alert")["lang"] == "fr"
    assert not read(public.get("/fr/")).select_one("article.alert").get("lang")


def test_a_language_without_an_interface_gets_english_words_marked_as_english(public: Any) -> None:
    response = public.get("/am/")
    assert read(response).html["lang"] == "en"
    assert faults(response) == []


def test_dari_pages_speak_farsi_and_say_that_it_is_farsi(public: Any) -> None:
    response = public.get("/prs/")
    page = read(response)
    assert page.html["lang"] == "fa"
    assert page.html["dir"] == "rtl"
    assert faults(response) == []
    line = read(public.get("/")).select_one('a[href="/prs/"] span')
    assert line["lang"] == "fa"


@pytest.mark.parametrize("tag", [tag for tag in settings.SERAI_LANGUAGES if tag != "en"])
def test_a_machine_drafted_interface_says_so_on_each_page_in_its_own_words(public: Any, tag: str) -> None:
    drafted = "A machine drafted the buttons and short words of these pages in your language."
    with override(interface(tag).tag):
        said = gettext(f"{drafted} No speaker has checked them yet.")
    assert drafted not in said
    assert said in words(read(public.get(f"/{tag}/people/")).footer)


@pytest.mark.parametrize("tag", ["xx", "tlh", "en-XX"])
def test_an_unknown_language_is_not_found_but_leaves_ways_on(public: Any, tag: str) -> None:
    response = public.get(f"/{tag}/")
    assert response.status_code == 404
    assert faults(response) == []
    assert read(response).select_one('main a[href="/en/people/"]')


# --- search ------------------------------------------------------------------------------------------------------
def test_search_names_the_publisher_and_the_language_of_what_it_found(public: Any) -> None:
    page = read(public.get("/en/search/?q=doctor"))
    first, second = page.select("main .links a")
    assert first["href"] == "/en/guide/doctor/"
    assert not first.get("lang")
    assert second["lang"] == "fr"
    assert "French" in words(second)
    assert page.select_one("input[name=q]")["value"] == "doctor"


def test_search_without_words_explains_itself_and_keeps_what_was_typed_when_it_is_too_long(public: Any) -> None:
    assert "Write a word to search for" in words(read(public.get("/en/search/?q=+")))
    long = "doctor " * 40
    page = read(public.get("/en/search/", {"q": long}))
    assert "too long" in words(page)
    assert page.select_one("input[name=q]")["value"] == long
    assert page.select_one(f"#{page.select_one('input[name=q]')['aria-describedby']}")


def test_search_works_in_a_house_where_nothing_can_be_searched(public: Any, only: Any) -> None:
    only(ports.SEARCH)
    page = read(public.get("/en/search/?q=doctor"))
    assert "Nothing was found for doctor" in words(page)
    assert page.select_one('main a[href="/en/people/"]')


def test_search_shows_what_cannot_be_seen_and_runs_no_markup(public: Any) -> None:
    response = public.get("/en/search/", {"q": "\u202edoctor<script>alert(1)</script>"})
    assert faults(response) == []
    assert "[U+202E]doctor" in words(read(response).main)


def test_search_passes_the_language_and_a_limit(public: Any, only: Any) -> None:
    asked: list[Any] = []
    only(ports.SEARCH, lambda question: asked.append(question) or SearchFound())
    public.get("/ar/search/?q=طبيب&kind=service&place=Lindenbach")
    assert asked == [SearchQuestion("طبيب", "ar", 30, kind="service", place="Lindenbach")]


def found(many: int, **more: Any) -> SearchFound:
    """A result page as full as it gets, in a script that weighs much."""
    summary = "အခမဲ့ ဆေးခန်း " * 9
    hits = [
        SearchHit(
            f"ဆရာဝန်နှင့် တွေ့ရန် {number} {number * 7919}",
            f"{summary} {number * 104729}",
            f"/my/guide/{number}/",
            "my",
            f"ဆေးခန်း {number % 7}",
            f"guides:{number}",
            "guide" if number % 2 else "service",
        )
        for number in range(many)
    ]
    kinds = {"alert": 1, "guide": many // 2, "service": 1000}
    return SearchFound(tuple(hits), kinds, tuple(f"City {n}" for n in range(20)), ("health",), ("Lindenbach", "Amsel"))


def test_a_full_page_of_results_is_light_and_can_be_narrowed_down(public: Any, only: Any) -> None:
    only(ports.SEARCH, lambda question: found(30))
    response = public.get("/my/search/?q=ဆရာဝန်&publisher=City+3")
    assert faults(response) == []
    page = read(response)
    assert [words(link) for link in page.select("main nav.row a")] == [
        "All (1016)",
        "News (1)",
        "Guides (15)",
        "Services (1000)",
    ]
    assert page.select("main nav.row a")[3]["href"].endswith("kind=service&publisher=City+3")
    assert page.select_one("main nav.row a[aria-current]").b.string == "All"
    assert page.select_one("select[name=publisher] option[selected]")["value"] == "City 3"
    assert page.select_one("main details[open] form input[name=q]")["value"] == "ဆရာဝန်"
    assert [option["value"] for option in page.select("select[name=place] option")] == ["", "Lindenbach", "Amsel"]


def test_what_cannot_be_narrowed_down_offers_nothing_to_choose(public: Any) -> None:
    page = read(public.get("/en/search/?q=doctor"))
    assert not page.select("main nav.row, main details, main select")


def test_a_filter_without_results_leads_back_to_all(public: Any, only: Any) -> None:
    only(ports.SEARCH, lambda question: SearchFound())
    page = read(public.get("/en/search/?q=doctor&kind=service&topic=health"))
    assert page.select_one('main a[href="?q=doctor"]')
    assert words(page.select_one("select[name=topic] option[selected]")) == "About health"


# --- people ------------------------------------------------------------------------------------------------------
def test_people_can_be_called_and_each_says_how_far_it_may_be_relied_on(public: Any) -> None:
    cards = {words(card.h2): card for card in read(public.get("/en/people/")).select("main .card")}
    assert list(cards)[-1] == "Desk old"
    assert cards["Desk fresh"].select_one("a.call")["href"] == "tel:+0055520100"
    assert "العربية" in words(cards["Desk fresh"])
    states = {name: card.select_one(".facts")["class"][1] for name, card in cards.items()}
    assert states == {
        "Desk fresh": "is-checked",
        "Desk late": "is-ask",
        "Desk never": "is-ask",
        "Desk old": "is-out",
    }


def test_what_is_said_of_a_person_in_another_language_is_marked(public: Any, only: Any) -> None:
    today = timezone.localdate()
    spoken = {"name": "en", "what": "fr", "hours": "ar", "organisation": "en", "source_name": "en", "checked_by": ""}
    desk = replace(human("fresh", checked=today, review=today), spoken=spoken)
    only(ports.HUMANS, lambda language: [desk])
    card = read(public.get("/ar/people/")).select_one("main .card")
    assert [(words(part), part["lang"]) for part in card.select("[lang][dir]")] == [
        ("Desk fresh", "en"),
        ("You can ask anything.", "fr"),
        ("City", "en"),
        ("City", "en"),
    ]


def test_details_long_unchecked_are_hidden_but_the_source_stays(public: Any) -> None:
    old = read(public.get("/en/people/")).select("main .card")[-1]
    assert not old.select("a.call")
    assert "Station Street" not in words(old)
    assert old.select_one('a[href="https://city.example/desk"]')


def test_a_live_house_does_not_show_details_nobody_ever_checked(public: Any, settings: Any) -> None:
    settings.SERAI_MODE = "live"
    page = words(read(public.get("/en/people/")).main)
    assert "Desk never" not in page
    assert "Desk late" in page


def test_a_house_without_any_human_says_so(public: Any, only: Any) -> None:
    only(ports.HUMANS)
    assert "do not yet name a person" in words(read(public.get("/en/people/")))


# --- who is behind it --------------------------------------------------------------------------------------------
def test_who_runs_the_house_stands_first_in_the_readers_language(
    public: Any, staff: Any, lindenbach: Any, port_amsel: Any
) -> None:
    user = staff("olga", port_amsel)
    Membership.objects.create(user=user, organisation=port_amsel, role="access.operator")
    first, second = read(public.get("/ar/about/")).select("main ul.plain li")
    assert first.b["lang"] == "en"
    assert "Town of Port Amsel" in words(first)
    assert "مدينة ليندنباخ" in words(second)
    assert len(first.find_all("br")) == len(second.find_all("br")) + 1


def test_a_machine_drafted_interface_says_so_on_each_page_and_a_written_one_does_not(public: Any) -> None:
    assert read(public.get("/ar/exit-help/")).select(".foot p.quiet")
    assert not read(public.get("/en/exit-help/")).select(".foot p.quiet")


# --- what stays the same on each page ------------------------------------------------------------------------------
def test_leave_is_the_same_word_in_the_same_place_on_each_page(public: Any) -> None:
    found = {str(read(public.get(f"/en/{path}")).select(".top > *")[-1]) for path in [*PAGES, "not-there/"]}
    assert len(found) == 1
    assert "Leave" in found.pop()


def test_each_page_leads_to_the_same_page_in_the_other_languages(public: Any) -> None:
    links = read(public.get("/en/people/")).select("#tongues a[hreflang]")
    assert {(link["href"], link["lang"]) for link in links} == {
        (f"/{tag}/people/", tag) for tag in settings.SERAI_LANGUAGES if tag != "en"
    }


def test_pages_say_what_they_depend_on_so_that_they_can_be_kept(public: Any) -> None:
    home = public.get("/en/")
    assert home.serai_keys == {"stages", "alerts", "topic:health", "topic:empty", "topic:home"}
    assert timezone.now() < home.serai_expires < timezone.now() + timedelta(minutes=6)
    people = public.get("/en/people/")
    assert "fact:fresh" in people.serai_keys
    assert people.serai_expires <= timezone.now() + timedelta(days=1, hours=1)
    assert not hasattr(public.get("/en/search/?q=doctor"), "serai_keys")


def test_nothing_here_takes_a_form(public: Any) -> None:
    for path in PAGES:
        assert public.post(f"/en/{path}").status_code == 405
