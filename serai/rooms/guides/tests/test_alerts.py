"""Alerts: a second person, a start, an end, and no page that shows one too long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from serai.engine.content.search import find, refresh, reindex
from serai.kernel.ledger.models import Touch
from serai.kernel.register.ports import ALERTS, SWEEPS
from serai.rooms.guides import actions
from serai.rooms.guides.models import Alert

HOUR = timedelta(hours=1)


def write(by: Any, organisation: Any, **fields: Any) -> Alert:
    now = timezone.now()
    values = {
        "titles": {"en": "Office moved", "fr": "Bureau déplacé"},
        "texts": {"en": "It is in Canal Street now.", "fr": "Rue du Canal."},
        "starts": now - HOUR,
        "ends": now + HOUR,
        **fields,
    }
    return actions.write_alert(by=by, organisation=organisation, **values)


def test_an_alert_waits_for_a_second_person(public: Any, desk: Any, ana: Any, bilal: Any, lindenbach: Any) -> None:
    alert = write(ana, lindenbach)
    assert "Office moved" not in public.get("/en/alerts/").content.decode()
    assert "Office moved" in desk(bilal).get("/guides/alerts/").content.decode()
    assert desk(bilal).post(f"/guides/alerts/{alert.pk}/decide/", {"verdict": "approve"}).status_code == 302
    assert "Office moved" in public.get("/en/alerts/").content.decode()
    assert "Bureau déplacé" in public.get("/fr/alerts/").content.decode()


def test_who_wrote_it_cannot_approve_it(desk: Any, bilal: Any, lindenbach: Any) -> None:
    alert = write(bilal, lindenbach)
    with pytest.raises(actions.MayNotApproveAlert):
        actions.approve_alert(by=bilal, alert=alert)
    assert desk(bilal).post(f"/guides/alerts/{alert.pk}/decide/", {"verdict": "approve"}).status_code == 403


def test_an_alert_shows_from_its_start_to_its_end_only(public: Any, ana: Any, bilal: Any, lindenbach: Any) -> None:
    now = timezone.now()
    past = write(ana, lindenbach, titles={"en": "Past"}, starts=now - 2 * HOUR, ends=now - HOUR)
    coming = write(ana, lindenbach, titles={"en": "Coming"}, starts=now + HOUR, ends=now + 2 * HOUR)
    holds = write(ana, lindenbach, titles={"en": "Holds"})
    for alert in (past, coming, holds):
        actions.approve_alert(by=bilal, alert=alert)
    answer = public.get("/en/alerts/")
    html = answer.content.decode()
    assert "Holds" in html
    assert "Past" not in html
    assert "Coming" not in html
    assert answer.serai_expires == min(holds.ends, coming.starts)
    assert "alerts" in answer.serai_keys


def test_the_clock_tells_once_when_one_begins_and_once_when_one_ends(ana: Any, bilal: Any, lindenbach: Any) -> None:
    now = timezone.now()
    alert = write(ana, lindenbach, starts=now + HOUR, ends=now + 2 * HOUR)
    actions.approve_alert(by=bilal, alert=alert)
    Touch.objects.all().delete()
    assert actions.tell_of_alerts() == 0
    Alert.objects.update(starts=now - HOUR)
    assert actions.tell_of_alerts() == 1
    assert list(Touch.objects.values_list("key", flat=True)) == ["alerts"]
    assert actions.tell_of_alerts() == 0
    Alert.objects.update(ends=now)
    assert actions.tell_of_alerts() == 1
    assert {"guides.alerts", "guides.schedule"} <= {name for name, _ in SWEEPS.items()}


def test_the_home_page_gets_cards_urgent_ones_first(ana: Any, bilal: Any, dora: Any, lindenbach: Any) -> None:
    actions.approve_alert(by=bilal, alert=write(ana, lindenbach))
    words = {"en": {"title": "Flood", "text": "Go up."}}
    actions.send_urgent_alert(by=dora, organisation=lindenbach, texts=words, ends=timezone.now() + HOUR)
    offered = ALERTS.get("guides")
    assert offered is not None
    cards = offered("fr")
    assert [(card.title, card.language, card.urgent) for card in cards] == [
        ("Flood", "en", True),
        ("Bureau déplacé", "fr", False),
    ]


def test_an_alert_is_sent_back_with_a_word_of_why_and_ended_early(
    desk: Any, public: Any, ana: Any, bilal: Any, lindenbach: Any
) -> None:
    alert = write(ana, lindenbach)
    browser = desk(bilal)
    browser.post(f"/guides/alerts/{alert.pk}/decide/", {"verdict": "back", "why": ""})
    assert Alert.objects.get().sent_back == ""
    browser.post(f"/guides/alerts/{alert.pk}/decide/", {"verdict": "back", "why": "Which office?"})
    assert "Which office?" in desk(ana).get("/guides/alerts/").content.decode()
    other = write(ana, lindenbach, titles={"en": "Second"})
    actions.approve_alert(by=bilal, alert=other)
    assert browser.post(f"/guides/alerts/{other.pk}/end/").status_code == 302
    assert "Second" not in public.get("/en/alerts/").content.decode()


def test_a_pack_installs_an_alert_once(lindenbach: Any) -> None:
    now = timezone.now()
    values = {
        "by": None,
        "organisation": lindenbach,
        "key": "lindenbach-moved",
        "titles": {"en": "Moved"},
        "texts": {"en": "There."},
        "starts": now,
        "ends": now + HOUR,
    }
    assert actions.save_alert(**values).outcome == "created"
    assert actions.save_alert(**values).outcome == "unchanged"
    assert actions.save_alert(**{**values, "texts": {"en": "Here."}}).outcome == "updated"
    assert Alert.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"titles": {"en": ""}},
        {"titles": {"en": "x\u202e"}},
        {"texts": {"en": "x" * 1201}},
    ],
)
def test_bad_words_are_refused(ana: Any, lindenbach: Any, fields: Any) -> None:
    with pytest.raises(actions.BadText):
        write(ana, lindenbach, **fields)
    assert not Alert.objects.exists()


def test_an_alert_that_ends_before_it_starts_is_refused_with_all_that_was_typed(
    desk: Any, ana: Any, lindenbach: Any
) -> None:
    with pytest.raises(actions.BadTimes):
        write(ana, lindenbach, ends=timezone.now() - 2 * HOUR)
    said = {
        "organisation": str(lindenbach.pk),
        "title_en": "Typed title",
        "text_en": "Typed text",
        "starts": "2026-12-02T10:00",
        "ends": "2026-12-01T10:00",
    }
    answer = desk(ana).post("/guides/alerts/new/", said)
    assert answer.status_code == 400
    assert "Typed text" in answer.content.decode()
    assert "This is before the start." in answer.content.decode()
    assert desk(ana).post("/guides/alerts/new/", {**said, "ends": "2026-12-03T10:00"}).status_code == 302
    assert Alert.objects.get().said_title("en").text == "Typed title"


def test_an_alert_is_found_in_each_of_its_languages_while_it_holds(
    ana: Any, bilal: Any, lindenbach: Any, django_capture_on_commit_callbacks: Any
) -> None:
    def found(words: str, tag: str) -> list[tuple[str, str, str, str]]:
        return [(hit.title, hit.kind, hit.url, hit.publisher) for hit in find(words, tag)]

    with django_capture_on_commit_callbacks(execute=True):
        alert = actions.approve_alert(by=bilal, alert=write(ana, lindenbach))
    assert found("moved", "en") == [("Office moved", "alert", "/en/alerts/", "City of Lindenbach")]
    assert [title for title, *_ in found("rue canal", "fr")] == ["Bureau déplacé"]
    with django_capture_on_commit_callbacks(execute=True):
        actions.end_alert(by=bilal, alert=alert)
    assert found("moved", "en") == found("rue canal", "fr") == []


def test_an_alert_leaves_the_index_when_its_time_is_over(ana: Any, bilal: Any, lindenbach: Any) -> None:
    alert = actions.approve_alert(by=bilal, alert=write(ana, lindenbach))
    reindex()
    assert find("moved", "en")
    Alert.objects.filter(pk=alert.pk).update(ends=timezone.now())
    refresh(frozenset({"alerts"}))
    assert not find("moved", "en")
