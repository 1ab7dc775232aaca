"""Chen finds a sentence that a machine drafted, says it better, Bilal approves, and every page says it at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError, transaction
from django.utils.translation import gettext, ngettext, override

from serai.kernel.access.viewer import NOBODY, viewer_for
from serai.kernel.languages import corrected
from serai.kernel.languages.corrected import Corrections, follow_corrections, words_key
from serai.kernel.languages.interface import translated
from serai.kernel.ledger.models import OutboxRow, Touch
from serai.rooms.wording import actions, queries
from serai.rooms.wording.models import Correction

pytestmark = pytest.mark.django_db

TALK = ("", "Talk to a person")
BETTER = "Поговоріть з людиною"


@pytest.fixture(autouse=True)
def own_words() -> Iterator[None]:
    """What one test laid over the catalogues is gone in the next."""
    yield
    corrected._known["wording"] = Corrections(0)
    corrected._lay_all()


def said(key: tuple[str, str], tag: str = "uk") -> Any:
    line = queries.line(viewer=NOBODY, tag=tag, number=queries.number_of(key))
    assert line is not None
    return queries.as_said(line)


def propose(by: Any, key: tuple[str, str] = TALK, texts: tuple[str, ...] = (BETTER,), **more: Any) -> Correction:
    options = {"language": "uk", "reviewed": False, **more}
    return actions.propose_correction(by=by, entry=said(key, options["language"]), texts=texts, **options)


def page(client: Any, key: tuple[str, str] = TALK, tag: str = "uk") -> str:
    return f"/words/{tag}/{queries.number_of(key)}/"


# --- on the desk -------------------------------------------------------------------------------------------------
def test_chen_finds_a_sentence_proposes_a_better_one_and_the_public_reads_it_after_bilal_approved(
    desk: Any, chen: Any, bilal: Any, public: Any
) -> None:
    assert BETTER not in public.get("/uk/people/").content.decode()
    found = desk(chen).get("/words/uk/", {"words": "talk to a person"}).content.decode()
    assert page(chen) in found
    answer = desk(chen).post(page(chen), {"text_0": f" {BETTER} ", "reviewed": "on", "note": "So sagt man es."})
    assert answer.status_code == 302
    assert BETTER not in public.get("/uk/people/").content.decode(), "nobody has approved it"
    correction = Correction.objects.get()
    shown = desk(bilal).get(page(bilal)).content.decode()
    assert BETTER in shown
    assert "So sagt man es." in shown
    answer = desk(bilal).post(f"/words/corrections/{correction.pk}/decide/", {"verdict": "approve"})
    assert answer.status_code == 302
    assert BETTER in public.get("/uk/people/").content.decode()
    assert BETTER not in public.get("/ru/people/").content.decode()


def test_chen_sees_english_terms_places_and_what_the_house_fills_in(desk: Any, chen: Any) -> None:
    key = ("", "Checked on %(day)s")
    shown = BeautifulSoup(desk(chen).get(page(chen, key)).content, "html.parser")
    text = shown.main.get_text(" ")
    assert "Checked on %(day)s" in text
    assert "shell/templates/shell/parts/sheet_foot.html" in text
    assert "перевірено" in text, "the list of terms"
    assert "day" in [code.get_text() for code in shown.select("main code")]
    box = shown.select_one("textarea[name=text_0]")
    assert (box["lang"], box["dir"]) == ("uk", "ltr")


def test_what_was_typed_stays_when_something_is_wrong(desk: Any, chen: Any) -> None:
    key = ("", "Checked on %(day)s")
    answer = desk(chen).post(page(chen, key), {"text_0": "Перевірено колись", "note": "Kurz"})
    shown = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 400
    assert shown.select_one("textarea[name=text_0]").get_text().strip() == "Перевірено колись"
    assert shown.select_one("input[name=note]")["value"] == "Kurz"
    assert "fills in" in shown.select_one(".errors").get_text()
    assert not Correction.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "Чер\u202eга", "<b>Людина</b>", "%(who)s"])
def test_a_text_that_would_hurt_a_page_is_refused(desk: Any, chen: Any, text: str) -> None:
    assert desk(chen).post(page(chen), {"text_0": text}).status_code == 400
    assert not Correction.objects.exists()


def test_plural_forms_have_a_box_each_with_numbers_that_take_it(desk: Any, chen: Any) -> None:
    key = next(key for key, entry in queries.catalogue("uk").items() if entry.plural)
    shown = BeautifulSoup(desk(chen).get(page(chen, key)).content, "html.parser")
    assert [area["name"] for area in shown.select("textarea")] == ["text_0", "text_1", "text_2"]
    assert "1, 21, 31" in shown.main.get_text()
    assert "2, 3, 4" in shown.main.get_text()


@pytest.mark.parametrize("who", ["ana", "dora", "emeka"])
def test_who_neither_translates_nor_approves_has_no_way_in(desk: Any, request: Any, who: str) -> None:
    client = desk(request.getfixturevalue(who))
    for address in ("/words/", "/words/uk/", page(client), "/words/uk/changes/"):
        assert client.get(address).status_code == 403
    assert client.post(page(client), {"text_0": BETTER}).status_code == 403


@pytest.mark.parametrize("address", ["/words/en/", "/words/de/", "/words/uk/0000000000000000/", "/words/de/changes/"])
def test_there_is_no_page_for_a_language_without_catalogues_or_a_sentence_nobody_says(
    desk: Any, chen: Any, address: str
) -> None:
    assert desk(chen).get(address).status_code == 404


def test_a_wrong_decision_form_says_so_and_decides_nothing(desk: Any, chen: Any, bilal: Any) -> None:
    correction = propose(chen)
    answer = desk(bilal).post(f"/words/corrections/{correction.pk}/decide/", {"verdict": "reject", "answer": " "})
    assert answer.status_code == 400
    correction.refresh_from_db()
    assert correction.state == Correction.State.WAITS


# --- rules -------------------------------------------------------------------------------------------------------
def test_nobody_approves_his_own_proposal(desk: Any, bilal: Any) -> None:
    correction = propose(bilal)
    with pytest.raises(actions.MayNotCorrect):
        actions.approve_correction(by=bilal, correction=correction)
    assert desk(bilal).post(f"/words/corrections/{correction.pk}/decide/", {"verdict": "approve"}).status_code == 403
    assert next(iter(queries.queues(viewer_for(bilal)))).count == 0


def test_an_approver_of_another_organisation_may_decide_for_the_words_belong_to_the_house(
    chen: Any, stranger: Any
) -> None:
    correction = propose(chen)
    assert next(iter(queries.queues(viewer_for(stranger)))).count == 1
    actions.approve_correction(by=stranger, correction=correction)
    assert said(TALK).texts == (BETTER,)


def test_chen_may_not_approve_and_ana_may_not_propose(chen: Any, ana: Any, bilal: Any) -> None:
    with pytest.raises(actions.MayNotCorrect):
        actions.approve_correction(by=chen, correction=propose(bilal))
    with pytest.raises(actions.MayNotCorrect):
        propose(ana)


def test_the_same_words_again_are_no_proposal_unless_a_speaker_says_that_they_are_right(
    desk: Any, chen: Any, bilal: Any
) -> None:
    now = said(TALK).texts
    with pytest.raises(actions.NothingChanged):
        propose(chen, texts=now)
    assert desk(chen).post(page(chen), {"text_0": now[0]}).status_code == 400
    actions.approve_correction(by=bilal, correction=propose(chen, texts=now, reviewed=True))
    assert queries.line(viewer=NOBODY, tag="uk", number=queries.number_of(TALK)).reviewed


def test_a_sentence_about_danger_is_changed_only_by_somebody_who_speaks_the_language(desk: Any, chen: Any) -> None:
    key = next(key for key in queries.catalogue("uk") if key[0] == "danger")
    with pytest.raises(actions.NeedsReview):
        propose(chen, key, texts=("Інше",))
    answer = desk(chen).post(page(chen, key), {"text_0": "Інше"})
    assert answer.status_code == 400
    assert propose(chen, key, texts=("Інше",), reviewed=True).speaker


def test_a_live_house_opens_in_a_language_once_speakers_have_read_what_is_said_of_danger(
    chen: Any, bilal: Any, settings: Any
) -> None:
    settings.SERAI_LANGUAGES = ["en", "uk"]
    refused = list(queries.live_checks())
    assert refused
    for key, entry in queries.catalogue("uk").items():
        if entry.is_critical:
            actions.approve_correction(by=bilal, correction=propose(chen, key, texts=entry.texts, reviewed=True))
    assert list(queries.live_checks()) == []
    assert all("/words/uk/" in row.where for row in refused)


def test_a_later_proposal_of_chen_replaces_his_earlier_one_and_what_is_decided_cannot_be_decided_again(
    chen: Any, bilal: Any
) -> None:
    first, second = propose(chen), propose(chen, texts=("Зв’яжіться з людиною",))
    with pytest.raises(actions.MovedOn):
        actions.approve_correction(by=bilal, correction=first)
    actions.approve_correction(by=bilal, correction=second)
    with pytest.raises(actions.MovedOn):
        actions.send_back_correction(by=bilal, correction=second, answer="Zu spät")
    third = propose(chen)
    actions.approve_correction(by=bilal, correction=third)
    second.refresh_from_db()
    assert second.state == Correction.State.REPLACED
    assert said(TALK).texts == (BETTER,)


def test_chen_takes_back_his_own_proposal_and_no_other(chen: Any, bilal: Any, stranger: Any) -> None:
    correction = propose(chen)
    with pytest.raises(actions.MayNotCorrect):
        actions.take_back_correction(by=stranger, correction=correction)
    actions.take_back_correction(by=chen, correction=correction)
    with pytest.raises(actions.MovedOn):
        actions.approve_correction(by=bilal, correction=correction)


# --- in the living house -----------------------------------------------------------------------------------------
def test_a_correction_is_heard_in_every_form_and_ends_when_an_approver_ends_it(chen: Any, bilal: Any) -> None:
    key = next(key for key, entry in queries.catalogue("uk").items() if entry.plural and not key[0])
    entry = queries.catalogue("uk")[key]
    texts = tuple(f"{form}: {text}" for form, text in enumerate(entry.texts))
    correction = propose(chen, key, texts=texts)
    actions.approve_correction(by=bilal, correction=correction)
    follow_corrections()
    with override("uk"):
        heard = [ngettext(entry.sentence, entry.plural, number) for number in (1, 22, 11)]
    assert heard == list(texts)
    actions.end_correction(by=bilal, correction=correction)
    follow_corrections()
    with override("uk"):
        assert ngettext(entry.sentence, entry.plural, 1) == entry.texts[0]


def test_another_process_asks_one_question_and_lays_anew_only_when_something_changed(
    chen: Any, bilal: Any, django_assert_num_queries: Any
) -> None:
    follow_corrections()
    with django_assert_num_queries(1):
        follow_corrections()
    actions.approve_correction(by=bilal, correction=propose(chen))
    with override("uk"):
        assert gettext(TALK[1]) != BETTER, "this process has not asked yet"
    follow_corrections()
    with override("uk"):
        assert gettext(TALK[1]) == BETTER
    with override("ru"):
        assert gettext(TALK[1]) != BETTER
    with django_assert_num_queries(1):
        follow_corrections()


def test_what_was_rolled_back_is_not_heard(chen: Any, bilal: Any) -> None:
    correction = propose(chen)
    before = transaction.savepoint()
    actions.approve_correction(by=bilal, correction=correction)
    follow_corrections()
    transaction.savepoint_rollback(before)
    follow_corrections()
    with override("uk"):
        assert gettext(TALK[1]) != BETTER


def test_pages_in_the_language_go_away_and_the_ledger_names_nobody(chen: Any, bilal: Any) -> None:
    correction = propose(chen)
    assert not Touch.objects.filter(key=words_key("uk")).exists()
    actions.approve_correction(by=bilal, correction=correction)
    assert list(Touch.objects.values_list("key", flat=True)) == [words_key("uk")]
    rows = list(OutboxRow.objects.values_list("event", "subject"))
    subject = f"wording.correction:{correction.pk}"
    assert rows == [("wording.correction_proposed", subject), ("wording.correction_approved", subject)]


def test_a_database_that_does_not_answer_leaves_the_words_as_they_were(
    chen: Any, bilal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(number: int) -> None:
        raise OperationalError

    actions.approve_correction(by=bilal, correction=propose(chen))
    follow_corrections()
    monkeypatch.setitem(corrected.CORRECTED._offers, "wording", broken)
    follow_corrections()
    with override("uk"):
        assert gettext(TALK[1]) == BETTER


def test_the_first_page_depends_on_the_words_of_every_language(public: Any) -> None:
    keys = public.get("/").serai_keys
    assert {words_key(tag) for tag in ("uk", "fa", "ti", "bn")} <= keys


def test_the_pages_of_the_desk_are_there_in_the_languages_of_the_house(desk: Any, chen: Any) -> None:
    chen.language = "fa"
    chen.save()
    shown = BeautifulSoup(desk(chen).get("/words/").content, "html.parser")
    assert (shown.html["lang"], shown.html["dir"]) == ("fa", "rtl")
    assert len(shown.select("tbody tr")) == len(translated())
