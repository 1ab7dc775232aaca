"""The desk's list of guides: one row for each guide, with its languages beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from serai.kernel.facts.models import Fact
from serai.rooms.guides.actions import text_digest_of


def rows(client: Any, query: str = "") -> list[Any]:
    page = BeautifulSoup(client.get(f"/guides/{query}").content, "html.parser")
    return page.select("ul.guides > li")


def said(element: Any) -> str:
    return " ".join(element.get_text(" ").split())


def test_a_guide_stands_once_with_the_state_of_each_language(desk: Any, ana: Any, guide: Any, settings: Any) -> None:
    settings.SERAI_LANGUAGES = ["en", "ar", "fr", "es"]
    english = guide("doctor")
    made = text_digest_of(english)
    arabic = guide("doctor", "ar", title="طبيب", translation="human", made_from=made)
    french = guide("doctor", "fr", title="Médecin", translation="human", made_from=made, publish=False)
    guide("doctor", title="See a doctor")
    (row,) = rows(desk(ana))
    assert said(row.b) == "See a doctor"
    by_language = {said(text).split(" ")[0]: text for text in row.select("ul li")}
    assert list(by_language) == ["English", "العربية", "Français", "Español"]
    assert by_language["العربية"].a["href"] == f"/guides/{arabic.pk}/"
    assert by_language["العربية"].select_one("[lang=ar][dir=rtl]")
    assert "older than the original" in said(by_language["العربية"])
    assert by_language["Français"].a["href"] == f"/guides/{french.pk}/"
    assert "draft" in said(by_language["Français"])
    assert "public" in said(by_language["English"])
    assert "older" not in said(by_language["English"])
    assert "missing" in said(by_language["Español"])
    assert by_language["Español"].a is None


def test_a_guide_is_found_by_its_title_in_any_language(desk: Any, ana: Any, guide: Any) -> None:
    guide("doctor")
    guide("doctor", "ar", title="طبيب", translation="human")
    guide("buses")
    client = desk(ana)
    assert [said(row.b) for row in rows(client)] == ["Buses", "Doctor"]
    assert [said(row.b) for row in rows(client, "?words=طبيب")] == ["Doctor"]
    assert rows(client, "?words=zzz") == []


def test_a_guide_that_has_no_original_stands_once_too(desk: Any, ana: Any, guide: Any) -> None:
    guide("doctor", "fr", title="Médecin", translation="human", made_from="a" * 64)
    guide("doctor", "es", title="Médico", translation="human", made_from="b" * 64)
    (row,) = rows(desk(ana))
    assert said(row.b) == "Médecin"
    assert "older" not in said(row)


def test_the_list_says_which_guides_are_to_be_checked_again(desk: Any, ana: Any, guide: Any, lindenbach: Any) -> None:
    late, old = timezone.localdate() - timedelta(days=5), timezone.localdate() - timedelta(days=300)
    for name, review_by in (("late", late), ("old", old)):
        page = guide(name)
        fields = {"checked_on": old, "review_by": review_by, "organisation": lindenbach}
        page.fact, _created = Fact.objects.update_or_create(key=f"guides:{name}", defaults=fields)
        page.save(update_fields=["fact"])
    first, second = rows(desk(ana))
    assert "to be checked again" in said(first.div)
    assert "out of date" in said(second.div)


def test_pages_of_the_list_count_guides_and_cost_the_same_however_many(
    desk: Any, ana: Any, guide: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serai.rooms.guides.views.desk.ROWS_A_PAGE", 5)
    client = desk(ana)
    guide("guide-00")
    client.get("/guides/")
    with CaptureQueriesContext(connection) as one:
        client.get("/guides/")
    for number in range(1, 7):
        guide(f"guide-{number:02}")
        guide(f"guide-{number:02}", "ar", translation="human")
    with CaptureQueriesContext(connection) as many:
        assert len(rows(client)) == 5
    assert len(many) == len(one)
    assert len(rows(client, "?page=2")) == 2
