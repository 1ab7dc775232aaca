"""What the guides tell the house, and what one tap tells the guides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import PageLogEntry

from serai.kernel.access.viewer import viewer_for
from serai.kernel.ledger.models import OutboxRow
from serai.kernel.register.ports import FACT_TITLES, LIVE_CHECKS, SEARCH_DOCUMENTS, STAGES
from serai.rooms.guides import actions, api
from serai.rooms.guides.models import GuidePage, Topic, UsefulCount
from serai.rooms.guides.queries.house import queues

from .conftest import FEE, checked


def documents() -> dict[tuple[str, str], Any]:
    offered = SEARCH_DOCUMENTS.get("guides")
    assert offered is not None
    return {(document.title, document.language): document for document in offered()}


def refusals() -> list[tuple[str, str]]:
    offered = LIVE_CHECKS.get("guides")
    assert offered is not None
    return sorted((refusal.code, refusal.where) for refusal in offered())


def test_every_guide_can_be_found_by_all_its_words(guide: Any, health: Any, millside: Any) -> None:
    body = [
        ("text", "<h2>Where?</h2><p>In <b>Canal</b> Street.</p>"),
        ("steps", {"title": "", "steps": [{"title": "", "text": "Bring a paper."}]}),
        ("fee", FEE),
        ("service", {"name": "Advice", "what": "Listening."}),
    ]
    guide("doctor", body=body, topic=health, places=[millside], source=checked())
    guide("doctor", "ar", title="طبيب", translation="human")
    guide("draft", publish=False)
    found = documents()
    assert set(found) == {("Doctor", "en"), ("طبيب", "ar")}
    english = found["Doctor", "en"]
    assert english.body.splitlines() == [
        "Where?", "In Canal Street.", "Bring a paper.", "A stamp", "The post", "Children pay nothing.", "Advice",
        "Listening.",
    ]  # fmt: skip
    assert (english.url, english.topic, english.places) == ("/en/guide/lindenbach/doctor/", "health", ("Millside",))


def test_a_publisher_is_led_to_only_when_there_is_something_to_read(
    guide: Any, public: Any, port_amsel: Any, settings: Any
) -> None:
    guide("doctor")
    guide("draft", organisation=port_amsel, publish=False)
    about = public.get("/en/about/").content.decode()
    assert "/en/guide/lindenbach/" in about
    assert "/en/guide/port-amsel/" not in about
    settings.SERAI_MODE = "live"
    assert "/en/guide/lindenbach/" not in public.get("/en/about/").content.decode()


def test_what_is_hidden_or_unchecked_is_not_found_by_its_words(guide: Any, settings: Any) -> None:
    guide("old", source=checked(-200))
    guide("unchecked")
    assert documents()["Old", "en"].body == ""
    settings.SERAI_MODE = "live"
    assert set(documents()) == {("Old", "en")}


def test_a_house_with_an_unverified_fee_or_deadline_is_not_opened(guide: Any) -> None:
    guide("fee", body=[("fee", FEE)])
    guide("stale", body=[("fee", FEE)], source=checked(-1))
    guide("fine", body=[("fee", FEE)], source=checked())
    guide("text-only")
    deadline = {key: value for key, value in FEE.items() if key in {"what", "source_name", "source_url"}}
    guide("deadline", body=[("deadline", {**deadline, "number": 2, "unit": "weeks", "from_event": "today"})])
    assert refusals() == [
        ("guides.deadline-unverified", "/en/guide/lindenbach/deadline/"),
        ("guides.fee-unverified", "/en/guide/lindenbach/fee/"),
        ("guides.fee-unverified", "/en/guide/lindenbach/stale/"),
    ]


def test_a_text_about_danger_that_only_a_machine_translated_is_refused(guide: Any) -> None:
    danger = Topic.objects.create(key="danger", stage="protection", titles={"en": "Danger"})
    guide("danger", topic=danger, source=checked())
    guide("danger", "ar", topic=danger, translation="machine")
    guide("danger", "fr", topic=danger, translation="reviewed")
    guide("bus", "ar", translation="machine")
    assert refusals() == [("guides.danger-drafted-by-machine", "/ar/guide/lindenbach/danger/")]


def test_a_translated_fee_that_is_older_than_its_original_is_refused(guide: Any) -> None:
    english = guide("fee", body=[("fee", FEE)], source=checked())
    made_from = actions.text_digest_of(english)
    guide("fee", "fr", body=[("fee", FEE)], translation="human", made_from=made_from)
    assert refusals() == []
    guide("fee", body=[("fee", {**FEE, "amount": "9"})])
    assert refusals() == [("guides.figures-older-than-original", "/fr/guide/lindenbach/fee/")]


def test_the_list_of_what_is_to_be_checked_says_what_a_fact_is_about(guide: Any) -> None:
    page = guide("doctor")
    guide("doctor", "ar", title="طبيب", translation="human")
    offered = FACT_TITLES.get("guides")
    assert offered is not None
    key = f"guides:{page.translation_key}"
    due = offered([key, "contacts:1", "guides:not-a-key"])
    assert list(due) == [key]
    assert (due[key].title, due[key].public_url, due[key].desk_url) == (
        "Doctor",
        "/en/guide/lindenbach/doctor/",
        f"/guides/{page.pk}/",
    )


def test_queues_count_what_waits_for_others_only(ana: Any, bilal: Any, stranger: Any, guide: Any) -> None:
    page = GuidePage.objects.get(pk=guide("doctor").pk)
    page.title = "New"
    page.save_revision(user=ana)
    actions.submit_draft(by=ana, page=page)
    counts = {who: {row.key: row.count for row in queues(viewer_for(who))} for who in (ana, bilal, stranger)}
    assert counts[bilal]["guides.drafts"] == 1
    assert counts[ana]["guides.drafts"] == 0
    assert counts[stranger]["guides.drafts"] == 0
    row = next(row for row in queues(viewer_for(bilal)) if row.key == "guides.drafts")
    assert row.oldest is not None
    assert row.route == "guides:approvals"


def test_stages_come_in_the_order_of_the_journey_and_count_guides_once(guide: Any, health: Any) -> None:
    guide("doctor", topic=health)
    guide("doctor", "ar", topic=health, translation="human")
    guide("draft", topic=health, publish=False)
    offered = STAGES.get("guides")
    assert offered is not None
    cards = offered("ar")
    assert [card.key for card in cards][:2] == ["before", "way"]
    living = next(card for card in cards if card.key == "living")
    assert [(topic.key, topic.count, topic.url, topic.language) for topic in living.topics] == [
        ("health", 1, "/ar/topics/health/", "en")
    ]


def vote(public: Any, page: Any, **said: Any) -> Any:
    return public.post("/en/useful/", {"guide": str(page.translation_key), "useful": "yes", **said})


def test_one_tap_counts_and_leaves_nothing_of_the_person(public: Any, guide: Any) -> None:
    page = guide("doctor")
    answer = vote(public, page)
    assert answer.status_code == 302
    assert not answer.cookies
    vote(public, page, useful="no")
    row = UsefulCount.objects.get()
    assert (row.guide_key, row.language, row.day, row.yes, row.no) == (page.key, "en", timezone.localdate(), 1, 1)
    assert {field.name for field in UsefulCount._meta.get_fields()} == {
        "id",
        "guide_key",
        "language",
        "day",
        "yes",
        "no",
    }
    assert "Thank you" in public.get(answer.headers["Location"]).content.decode()
    assert set(OutboxRow.objects.filter(event="guides.usefulness_counted").values_list("by", flat=True)) == {""}


@pytest.mark.parametrize("said", [{"useful": "maybe"}, {"guide": "x"}, {"guide": "0" * 32}, {"useful": ""}])
def test_an_answer_that_says_nothing_counts_nothing(public: Any, guide: Any, said: Any) -> None:
    assert vote(public, guide("doctor"), **said).status_code == 400
    assert not UsefulCount.objects.exists()


def test_nobody_fills_the_house_with_taps(public: Any, guide: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("serai.rooms.guides.actions.useful.MOST_A_DAY", 3)
    page = guide("doctor")
    for number in range(6):
        vote(public, page, useful="yes" if number % 2 else "no")
    row = UsefulCount.objects.get()
    assert row.yes + row.no == 3
    assert OutboxRow.objects.filter(event="guides.usefulness_counted").count() == 3


def test_a_form_from_another_site_is_refused(public: Any, guide: Any) -> None:
    page = guide("doctor")
    said = {"guide": str(page.translation_key), "useful": "yes"}
    assert public.post("/en/useful/", said, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert not UsefulCount.objects.exists()


def test_helpers_read_what_changed_this_week(public: Any, desk: Any, ana: Any, bilal: Any, guide: Any) -> None:
    guide("old")
    PageLogEntry.objects.update(timestamp=timezone.now() - timedelta(days=30))
    GuidePage.objects.update(first_published_at=timezone.now() - timedelta(days=30))
    guide("new", source=checked(checked_on=timezone.localdate() - timedelta(days=2)))
    actions.approve_alert(
        by=bilal,
        alert=actions.write_alert(
            by=ana,
            organisation=bilal.memberships.first().organisation,
            titles={"en": "Moved"},
            texts={"en": "There."},
            starts=timezone.now() - timedelta(hours=1),
            ends=timezone.now() + timedelta(hours=1),
        ),
    )
    html = public.get("/en/changes/").content.decode()
    assert "Old" not in html
    assert html.count("New page") == 1
    assert html.count("Checked, still true") == 1
    assert "Moved" in html
    guide("old", body=[("text", "<p>Other.</p>")])
    assert "New words" in public.get("/en/changes/").content.decode()
    on_desk = desk(ana).get("/guides/changes/").content.decode()
    assert "http://127.0.0.1:8000/en/guide/lindenbach/old/" in on_desk


def test_other_parts_of_the_house_get_plain_data_only(guide: Any, lindenbach: Any) -> None:
    page = guide("doctor", source=checked())
    known = api.guide_by_key("lindenbach/doctor", "fr")
    assert known is not None
    assert (known.title, known.language, known.address) == ("Doctor", "en", "/fr/guide/lindenbach/doctor/")
    assert known.translation_key == page.translation_key
    assert known.checked_on == timezone.localdate() - timedelta(days=30)
    assert api.guide_by_key("lindenbach/nothing", "fr") is None
    assert api.is_open("lindenbach/doctor")
    page.unpublish()
    assert api.guide_by_key("lindenbach/doctor", "en") is None
    assert not api.is_open("lindenbach/doctor")
