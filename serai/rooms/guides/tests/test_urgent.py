"""The urgent path: one trained person acts at once, a second one reviews, and the page says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from serai.engine.content.search import find
from serai.kernel.access.viewer import viewer_for
from serai.kernel.ledger.models import OutboxRow, Touch
from serai.rooms.guides import actions
from serai.rooms.guides.models import Alert, GuidePage, UrgentAct
from serai.rooms.guides.queries.house import queues

from .conftest import checked

WORDS = {
    "en": {"title": "False officers", "text": "Do not open."},
    "ar": {"title": "موظفون مزيفون", "text": "لا تفتح."},
}
FORM = {
    "kind": "warning",
    "title_en": "False officers",
    "text_en": "Do not open.",
    "title_ar": "موظفون",
    "text_ar": "لا",
}


def waiting(user: Any) -> dict[str, int]:
    return {row.key: row.count for row in queues(viewer_for(user))}


def test_a_warning_is_public_at_once_in_all_languages_and_says_who_will_look_at_it(
    desk: Any, public: Any, dora: Any, guide: Any
) -> None:
    page = guide("doctor", source=checked())
    assert b"False officers" not in public.get("/en/guide/lindenbach/doctor/").content
    Touch.objects.all().delete()
    assert desk(dora).post(f"/guides/urgent/guide/{page.pk}/", FORM).status_code == 302
    html = public.get("/en/guide/lindenbach/doctor/").content.decode()
    assert "False officers" in html
    assert "A second person looks at it by" in html
    assert "All of doctor." in html
    assert "موظفون" in public.get("/ar/guide/lindenbach/doctor/").content.decode()
    assert f"guide:{page.translation_key}" in set(Touch.objects.values_list("key", flat=True))
    assert OutboxRow.objects.filter(event="guides.warning_published", by=str(dora.pk)).exists()


def test_a_closed_page_hides_its_details_and_offers_a_human(desk: Any, public: Any, dora: Any, guide: Any) -> None:
    page = guide("doctor", source=checked())
    desk(dora).post(f"/guides/urgent/guide/{page.pk}/", {**FORM, "kind": "closed"})
    html = public.get("/en/guide/lindenbach/doctor/").content.decode()
    assert "All of doctor." not in html
    assert "False officers" in html
    assert "Who can I ask?" in html


def test_the_words_of_a_closed_page_are_found_no_more_until_it_is_open_again(
    dora: Any, bilal: Any, guide: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        page = guide("doctor", source=checked(), body=[("text", "<p>Ask for Zanzibarin.</p>")])
    assert [hit.title for hit in find("zanzibarin", "en")] == ["Doctor"]
    with django_capture_on_commit_callbacks(execute=True):
        act = actions.close_guide(by=dora, page=page, texts=WORDS)
    assert find("zanzibarin", "en") == []
    assert [hit.title for hit in find("doctor", "en")] == ["Doctor"]
    with django_capture_on_commit_callbacks(execute=True):
        actions.review_act(by=bilal, act=act, keep=False)
    assert [hit.title for hit in find("zanzibarin", "en")] == ["Doctor"]


def test_the_second_person_keeps_and_the_note_goes(public: Any, desk: Any, dora: Any, bilal: Any, guide: Any) -> None:
    page = guide("doctor", source=checked())
    act = actions.publish_warning(by=dora, page=page, texts=WORDS)
    assert waiting(bilal)["guides.urgent"] == 1
    assert waiting(dora)["guides.urgent"] == 0
    assert desk(bilal).post(f"/guides/urgent/{act.pk}/review/", {"verdict": "keep"}).status_code == 302
    html = public.get("/en/guide/lindenbach/doctor/").content.decode()
    assert "False officers" in html
    assert "A second person looks at it by" not in html
    assert waiting(bilal)["guides.urgent"] == 0
    assert desk(bilal).post(f"/guides/urgent/{act.pk}/end/").status_code == 302
    assert "False officers" not in public.get("/en/guide/lindenbach/doctor/").content.decode()


def test_the_second_person_undoes(public: Any, dora: Any, bilal: Any, guide: Any) -> None:
    page = guide("doctor", source=checked())
    act = actions.close_guide(by=dora, page=page, texts=WORDS)
    actions.review_act(by=bilal, act=act, keep=False)
    assert "All of doctor." in public.get("/en/guide/lindenbach/doctor/").content.decode()
    with pytest.raises(actions.AlreadyReviewed):
        actions.review_act(by=bilal, act=act, keep=True)


def test_who_acted_cannot_review(desk: Any, dora: Any, guide: Any) -> None:
    act = actions.publish_warning(by=dora, page=guide("doctor"), texts=WORDS)
    with pytest.raises(actions.MayNotReview):
        actions.review_act(by=dora, act=act, keep=True)
    assert desk(dora).post(f"/guides/urgent/{act.pk}/review/", {"verdict": "keep"}).status_code == 403
    assert UrgentAct.objects.get().reviewed_at is None


def test_only_who_was_trained_acts_at_once(desk: Any, ana: Any, bilal: Any, guide: Any) -> None:
    page = guide("doctor")
    for user in (ana, bilal):
        assert desk(user).post(f"/guides/urgent/guide/{page.pk}/", FORM).status_code in {403, 404}
        with pytest.raises(actions.MayNotActUrgently):
            actions.publish_warning(by=user, page=page, texts=WORDS)
    assert not UrgentAct.objects.exists()


def test_a_late_review_is_counted(dora: Any, bilal: Any, guide: Any, settings: Any) -> None:
    act = actions.publish_warning(by=dora, page=guide("doctor"), texts=WORDS)
    assert act.review_due - act.at == timedelta(hours=settings.SERAI_URGENT_REVIEW_HOURS)
    assert waiting(bilal)["guides.urgent_late"] == 0
    UrgentAct.objects.update(review_due=timezone.now() - timedelta(minutes=1))
    assert waiting(bilal)["guides.urgent_late"] == 1


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "warning"},
        {"kind": "warning", "title_en": "Title only"},
        {"kind": "warning", "text_en": "Text only"},
        {"kind": "warning", "title_en": "Turned \u202e", "text_en": "x"},
        {"kind": "warning", "title_en": "x" * 161, "text_en": "x"},
        {"kind": "else", "title_en": "a", "text_en": "b"},
    ],
)
def test_a_bad_form_is_refused_and_nothing_typed_is_lost(desk: Any, dora: Any, guide: Any, said: Any) -> None:
    page = guide("doctor")
    answer = desk(dora).post(f"/guides/urgent/guide/{page.pk}/", said)
    assert answer.status_code == 400
    assert not UrgentAct.objects.exists()
    assert said.get("title_en", "") in answer.content.decode()
    assert 'class="errors"' in answer.content.decode()


def test_an_urgent_alert_shows_at_once_and_can_be_undone(
    desk: Any, public: Any, dora: Any, bilal: Any, guide: Any
) -> None:
    guide("doctor")
    ends = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    said = {
        "title_en": "Flood",
        "text_en": "Go up the hill.",
        "ends": ends,
        "organisation": str(bilal.memberships.first().organisation_id),
    }
    assert desk(dora).post("/guides/urgent/alert/", said).status_code == 302
    html = public.get("/en/alerts/").content.decode()
    assert "Flood" in html
    assert "A second person looks at it by" in html
    act = UrgentAct.objects.get()
    actions.review_act(by=bilal, act=act, keep=False)
    assert "Flood" not in public.get("/en/alerts/").content.decode()


def test_an_urgent_alert_that_is_kept_stays_until_its_end(public: Any, dora: Any, bilal: Any, lindenbach: Any) -> None:
    ends = timezone.now() + timedelta(days=1)
    act = actions.send_urgent_alert(by=dora, organisation=lindenbach, texts=WORDS, ends=ends)
    actions.review_act(by=bilal, act=act, keep=True)
    html = public.get("/en/alerts/").content.decode()
    assert "False officers" in html
    assert "A second person looks at it by" not in html
    with pytest.raises(actions.BadTimes):
        actions.send_urgent_alert(by=dora, organisation=lindenbach, texts=WORDS, ends=timezone.now())
    assert Alert.objects.count() == 1


def test_the_screens_have_one_heading_and_fit_a_phone(desk: Any, dora: Any, bilal: Any, guide: Any) -> None:
    page = guide("doctor")
    actions.publish_warning(by=dora, page=page, texts=WORDS)
    for user, address in (
        (dora, "/guides/urgent/"),
        (bilal, "/guides/urgent/"),
        (dora, f"/guides/urgent/guide/{page.pk}/"),
        (dora, "/guides/urgent/alert/"),
    ):
        answer = desk(user).get(address)
        assert answer.status_code == 200
        assert answer.content.count(b"<h1") == 1
        assert len(answer.content) < 60_000


def test_a_warning_is_of_its_publisher_only(public: Any, dora: Any, guide: Any, port_amsel: Any) -> None:
    page = guide("doctor", source=checked())
    actions.publish_warning(by=dora, page=page, texts=WORDS)
    UrgentAct.objects.update(organisation=port_amsel)
    assert "False officers" not in public.get("/en/guide/lindenbach/doctor/").content.decode()
    assert GuidePage.objects.count() == 1
