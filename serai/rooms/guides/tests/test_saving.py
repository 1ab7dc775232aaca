"""Saving guides from outside the editor: once, in its place, without harm."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from wagtail.models import Page

from serai.kernel.ledger.models import OutboxRow, Touch
from serai.rooms.guides.actions import BadText, CycleInTree, ForeignParent, Source, save_guide, text_digest_of
from serai.rooms.guides.models import GuidePage

FEE = {
    "what": "A stamp",
    "amount": "4.00",
    "currency": "EUR",
    "payee": "The post",
    "source_name": "Post office",
    "source_url": "https://post.example/fees",
    "note": "",
}


def guide(organisation: Any, key: str, language: str = "en", **fields: Any) -> Any:
    values = {
        "by": None,
        "organisation": organisation,
        "key": f"{organisation.key}/{key}",
        "language": language,
        "slug": key,
        "title": key.replace("-", " ").title(),
        "summary": "What it is about.",
        "body": [("text", "<p>Hello</p>")],
        **fields,
    }
    return save_guide(**values)


def test_a_guide_stands_in_its_publishers_tree_and_is_live(lindenbach: Any) -> None:
    saved = guide(lindenbach, "first-days")
    assert saved.outcome == "created"
    page = GuidePage.objects.get(pk=saved.page.pk)
    assert page.live
    assert page.url_path == "/en/lindenbach/first-days/"
    assert page.full_url.endswith("/en/guide/lindenbach/first-days/")
    assert page.organisation == lindenbach
    assert page.fact is not None
    assert OutboxRow.objects.filter(event="content.page_published").exists()


def test_the_same_guide_saved_again_makes_no_version_and_no_event(lindenbach: Any) -> None:
    body = [("text", "<p>Hello</p>"), ("fee", FEE), ("steps", {"steps": [{"text": "Go"}, {"text": "Ask"}]})]
    page = guide(lindenbach, "stamps", body=body).page
    events, versions = OutboxRow.objects.count(), page.revisions.count()
    again = guide(lindenbach, "stamps", body=[(k, {**v, "amount": "4"} if k == "fee" else v) for k, v in body])
    assert again.outcome == "unchanged"
    assert (OutboxRow.objects.count(), page.revisions.count()) == (events, versions)


def test_blocks_that_stay_keep_their_ids(lindenbach: Any) -> None:
    body = [("text", "<p>One</p>"), ("steps", {"steps": [{"text": "Go"}, {"text": "Ask"}]})]
    first = guide(lindenbach, "ids", body=body).page.body.get_prep_value()
    changed = [("text", "<p>New</p>"), ("text", "<p>One</p>"), ("steps", {"steps": [{"text": "Go"}, {"text": "Pay"}]})]
    second = guide(lindenbach, "ids", body=changed).page.body.get_prep_value()
    assert second[1]["id"] == first[0]["id"]
    assert second[2]["id"] == first[1]["id"]
    assert [item["id"] for item in second[2]["value"]["steps"]] == [item["id"] for item in first[1]["value"]["steps"]]
    assert second[0]["id"] not in {item["id"] for item in first}


def test_languages_of_one_key_share_a_translation_key_and_a_fact(lindenbach: Any) -> None:
    english = guide(lindenbach, "doctor", source=Source(name="Clinic", url="https://clinic.example/")).page
    arabic = guide(
        lindenbach, "doctor", "ar", title="طبيب", translation="human", made_from=text_digest_of(english)
    ).page
    assert arabic.translation_key == english.translation_key
    assert arabic.fact_id == english.fact_id
    assert arabic.url_path == "/ar/lindenbach/doctor/"
    assert arabic.fact.source_name == "Clinic"


def test_a_translation_moves_below_its_parent_when_the_parent_is_translated(lindenbach: Any) -> None:
    top = guide(lindenbach, "top").page
    middle = guide(lindenbach, "middle", parent=top).page
    leaf = guide(lindenbach, "leaf", parent=middle).page
    assert leaf.url_path == "/en/lindenbach/top/middle/leaf/"
    guide(lindenbach, "leaf", "ar", parent=middle, translation="human")
    assert GuidePage.objects.get(key="lindenbach/leaf", locale__language_code="ar").url_path == "/ar/lindenbach/leaf/"
    guide(lindenbach, "top", "ar", translation="human")
    guide(lindenbach, "middle", "ar", parent=top, translation="human")
    arabic = GuidePage.objects.get(key="lindenbach/leaf", locale__language_code="ar")
    assert arabic.url_path == "/ar/lindenbach/top/middle/leaf/"
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_guide_cannot_stand_below_itself(lindenbach: Any) -> None:
    top = guide(lindenbach, "top").page
    leaf = guide(lindenbach, "leaf", parent=top).page
    with pytest.raises(CycleInTree):
        guide(lindenbach, "top", parent=leaf)
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_guide_cannot_stand_below_another_publishers(lindenbach: Any, port_amsel: Any) -> None:
    theirs = guide(port_amsel, "harbour").page
    with pytest.raises(ForeignParent):
        guide(lindenbach, "harbour", parent=theirs)


def test_two_guides_with_one_slug_get_two_addresses_that_stay(lindenbach: Any) -> None:
    one = guide(lindenbach, "a", slug="same").page
    two = guide(lindenbach, "b", slug="same").page
    assert {one.slug, two.slug} == {"same", "same-2"}
    assert guide(lindenbach, "b", slug="same").outcome == "unchanged"


def test_what_staff_took_down_stays_down(lindenbach: Any) -> None:
    page = guide(lindenbach, "closed").page
    page.unpublish()
    saved = guide(lindenbach, "closed", title="New words")
    assert saved.outcome == "kept_down"
    assert not GuidePage.objects.get(pk=page.pk).live
    assert guide(lindenbach, "closed", title="New words").outcome == "unchanged"


def test_a_draft_stays_a_draft(lindenbach: Any, ana: Any) -> None:
    page = guide(lindenbach, "draft", by=ana, publish=False).page
    assert not GuidePage.objects.get(pk=page.pk).live
    assert guide(lindenbach, "draft", by=ana, publish=False).outcome == "unchanged"
    assert guide(lindenbach, "draft", by=ana, publish=False, title="Other").outcome == "updated"
    assert page.get_latest_revision().user == ana


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"title": "Pay \u202ehere"}, "title"),
        ({"title": ""}, "title"),
        ({"summary": "x" * 401}, "summary"),
        ({"body": [("text", '<p><a href="javascript:alert(1)">go</a></p>')]}, "0"),
        ({"body": [("text", "<p>a</p><script>alert(1)</script>")]}, "0"),
        ({"body": [("text", '<p onclick="x()">a</p>')]}, "0"),
        ({"body": [("text", '<p><a href="data:text/html,x">go</a></p>')]}, "0"),
        ({"body": [("warning", {"title": "T\u202e", "text": "x"})]}, "0.title"),
        ({"body": [("fee", {**FEE, "source_url": ""})]}, "0.fee.source_url"),
        ({"body": [("fee", {**FEE, "currency": "euro"})]}, "0.fee.currency"),
        ({"body": [("fee", {**FEE, "amount": "much"})]}, "0.fee.amount"),
        ({"body": [("steps", {"steps": [{"text": ""}]})]}, "0.steps.steps.0.text"),
        ({"body": [("nonsense", "x")]}, "0"),
    ],
)
def test_bad_text_is_refused_with_its_place_and_nothing_is_written(lindenbach: Any, fields: Any, where: str) -> None:
    with pytest.raises(BadText) as refused:
        guide(lindenbach, "bad", **fields)
    assert [problem.where for problem in refused.value.problems] == [where]
    assert not GuidePage.objects.exists()


def test_the_digest_says_when_words_or_figures_changed_and_only_then(lindenbach: Any) -> None:
    page = guide(lindenbach, "digest", body=[("fee", FEE)]).page
    first = text_digest_of(page)
    assert GuidePage.objects.get(pk=page.pk).text_digest == first
    assert guide(lindenbach, "digest", body=[("fee", FEE)], position=3).page.text_digest == first
    dearer = guide(lindenbach, "digest", body=[("fee", {**FEE, "amount": Decimal("4.5")})]).page
    assert dearer.text_digest not in {first, ""}


def test_a_change_tells_what_depends_on_it(lindenbach: Any) -> None:
    page = guide(lindenbach, "seen").page
    Touch.objects.all().delete()
    guide(lindenbach, "seen", body=[("text", "<p>Other</p>")])
    assert f"guide:{page.translation_key}" in set(Touch.objects.values_list("key", flat=True))
