"""A person in need finds the number of the country she is in, without a script and without a second page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from serai.kernel.places.models import Place
from serai.kernel.register import ports
from serai.kernel.register.ports import StageCard
from serai.lib.phone import emergency_countries, numbers_source
from serai.web import emergency
from serai.web.tests.conftest import topic
from serai.web.tests.pages import faults, read, words

pytestmark = pytest.mark.django_db


def numbers(section: Any) -> list[str]:
    return [link["href"] for link in section.select("a[href^='tel:']")]


@pytest.fixture
def in_kenya(db: None) -> None:
    """The house has places in Kenya, and in a country that is invented."""
    for key, country in (("kenya", "KE"), ("nairobi", "KE"), ("valmark", "XV")):
        Place.objects.create(key=key, country=country, kind="city")


@pytest.mark.parametrize("tag", ["en", "ar", "fr", "es"])
@pytest.mark.parametrize("query", ["", "?country=JO", "?country=xx", "?country=%00"])
def test_each_page_is_whole_and_light(public: Any, in_kenya: None, tag: str, query: str) -> None:
    response = public.get(f"/{tag}/emergency/{query}")
    assert response.status_code == 200
    assert faults(response) == []


def test_the_countries_of_the_house_stand_first_and_every_other_is_on_the_page(public: Any, in_kenya: None) -> None:
    page = read(public.get("/en/emergency/"))
    (card,) = page.select("main .card")
    assert words(card.h2) == "Kenya"
    assert numbers(card) == ["tel:112", "tel:114", "tel:999"]
    rows = {words(row.dt): numbers(row) for row in page.select("main dl div")}
    assert len(rows) == len(emergency_countries()) - 1
    assert rows["Germany"] == ["tel:110", "tel:112"]
    assert "Kenya" not in rows


def test_a_country_that_was_asked_for_stands_first(public: Any, in_kenya: None) -> None:
    page = read(public.get("/en/emergency/?country=jo"))
    (card,) = page.select("main .card")
    assert words(card.h2) == "Jordan"
    assert "tel:911" in numbers(card)
    assert "Kenya" in words(page.select_one("main dl"))


def test_a_country_without_a_known_number_is_said_and_the_house_s_own_stay(public: Any, in_kenya: None) -> None:
    page = read(public.get("/en/emergency/?country=XV"))
    assert "We know no emergency number of that country." in words(page)
    assert words(page.select_one("main .card h2")) == "Kenya"


def test_countries_are_named_and_ordered_in_the_reader_s_language(public: Any) -> None:
    rows = [words(row) for row in read(public.get("/ar/emergency/")).select("main dl dt")]
    assert "الأردن" in rows
    assert "Jordan" not in rows
    assert rows.index("الأردن") < rows.index("بنغلاديش") < rows.index("هولندا")


def test_the_page_says_where_the_numbers_are_from_what_nobody_knows_and_where_a_person_is(public: Any) -> None:
    page = read(public.get("/en/emergency/"))
    source = numbers_source()
    assert f"version {source.version}" in words(page)
    assert str(source.released.year) in words(page)
    assert page.select_one(f'main a[href="{source.url}"]')
    assert "We do not know which of these numbers is for police" in words(page)
    assert page.select_one('main a[href="/en/people/"]')


def test_home_and_people_lead_there(public: Any) -> None:
    for path in ("", "people/"):
        assert read(public.get(f"/fr/{path}")).select_one('main a[href="/fr/emergency/"]'), path


def test_it_is_kept_as_a_file_until_a_place_of_the_house_changes_or_the_day_ends(public: Any, in_kenya: None) -> None:
    response = public.get("/en/emergency/")
    assert response.serai_keys == {"place:kenya", "place:valmark", "stages", "topic:danger"}
    assert response.serai_expires


def test_it_leads_to_what_the_house_s_own_guides_say_when_there_are_any(public: Any, only: Callable[..., None]) -> None:
    own = replace(topic("danger"), title="Emergencies")
    only(ports.STAGES, lambda language: [StageCard("protection", "Help", "", "shield", (topic("health"), own))])
    assert words(read(public.get("/en/emergency/")).select_one(f'main a[href="{own.url}"]')) == "Emergencies"
    none = replace(own, count=0)
    only(ports.STAGES, lambda language: [StageCard("protection", "Help", "", "shield", (none,))])
    assert not read(public.get("/en/emergency/")).select(f'main a[href="{own.url}"]')


def test_it_asks_the_database_little(
    public: Any, in_kenya: None, only: Any, django_assert_num_queries: Callable[..., DjangoAssertNumQueries]
) -> None:
    only(ports.STAGES)
    with django_assert_num_queries(1):
        public.get("/en/emergency/")


@pytest.mark.parametrize("tag", ["am", "bn", "fa", "fil", "my", "ne", "ru", "sw", "ti", "uk"])
def test_languages_to_come_name_every_country_within_the_weight_of_a_page(
    public: Any, in_kenya: None, monkeypatch: pytest.MonkeyPatch, tag: str
) -> None:
    found = emergency.countries(tag)
    assert {country.code for country in found if country.name.strip()} == set(emergency_countries())
    monkeypatch.setattr(emergency, "get_language", lambda: tag)
    assert faults(public.get("/en/emergency/")) == []
