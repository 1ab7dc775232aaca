"""The helpers' corner: a real pack about real work. It claims no check that nobody made, and its pages are light."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from serai.kernel.facts.models import State
from serai.kernel.packs.actions import install_pack
from serai.kernel.packs.folder import read_pack
from serai.rooms.guides.models import GuidePage
from serai.web.tests.pages import faults, read, words

LANGUAGES = ("en", "ar", "fr", "es")


@pytest.fixture(scope="module")
def installed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The shared topics and the helpers' corner, installed once; undone after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        for name in ("topics", "helpers"):
            install_pack(by=None, files=read_pack(settings.SERAI_PACKS / name).files)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def helpers(installed: None, db: None) -> None:
    """A house with both; what a test does to them is undone after it."""


def pages(tag: str = "en") -> list[GuidePage]:
    return list(GuidePage.objects.filter(key__startswith="helpers/", locale__language_code=tag))


def test_a_helper_comes_from_the_first_page_to_a_toolkit_page_and_to_what_changed(helpers: None, public: Any) -> None:
    home = read(public.get("/en/"))
    assert "Helping others" in words(home)
    assert home.select_one('main a[href="/en/topics/service-points/"]')
    topic = read(public.get("/en/topics/service-points/"))
    changed = topic.select_one('main a[href="/en/changes/"]')
    assert words(changed) == "What changed this week"
    assert "How do we open a service point?" in words(read(public.get(changed["href"])))
    guide = topic.select_one('main a[href$="/open-a-service-point/"]')
    assert public.get(guide["href"]).status_code == 200
    assert not read(public.get("/en/topics/health/")).select('main a[href="/en/changes/"]')


@pytest.mark.parametrize("tag", LANGUAGES)
def test_each_page_is_whole_and_light_in_each_language(helpers: None, public: Any, tag: str) -> None:
    found = pages(tag)
    assert len(found) == 19
    for page in found:
        response = public.get(f"/{tag}/guide{page.url_path.removeprefix(f'/{tag}')}")
        assert response.status_code == 200
        assert faults(response) == [], page.key


def test_no_page_claims_a_check_and_each_says_by_when_somebody_is_to_look(helpers: None, public: Any) -> None:
    for page in pages():
        assert page.fact.state() is State.UNCHECKED
        assert page.fact.review_by == date(2027, 5, 22)
        assert page.fact.source_name
    shown = words(read(public.get("/en/guide/helpers-corner/red-lines/")))
    assert "Nobody has checked this yet." in shown
    assert "Somebody is to check it by 22 May 2027." in shown


def test_each_initiative_of_others_stands_with_an_address_of_its_source_and_as_a_sample(helpers: None) -> None:
    listed = GuidePage.objects.get(key="helpers/outside-initiatives", locale__language_code="en")
    entries = [page.specific for page in listed.get_children()]
    assert len(entries) == 7
    for entry in entries:
        assert entry.fact.source_url.startswith(("https://", "http://www.unhcr.org/"))
        assert "nobody of ours has checked it" in str(entry.body)


def test_in_a_live_house_nothing_of_it_shows_until_somebody_has_checked_it(
    helpers: None, public: Any, settings: Any
) -> None:
    settings.SERAI_MODE = "live"
    response = public.get("/en/guide/helpers-corner/red-lines/")
    assert "What do we never give to anybody?" not in words(read(response))
    assert "Helping others" not in words(read(public.get("/en/")))


def test_what_a_machine_translated_says_so(helpers: None) -> None:
    made = {page.translation for tag in LANGUAGES[1:] for page in pages(tag)}
    assert made == {GuidePage.Translation.MACHINE}
