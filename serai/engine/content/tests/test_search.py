"""People find what they mean: in every script, with any keyboard, whatever signs they type; on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection

from serai.engine.content.models import SearchEntry, SearchKey, SearchWord
from serai.engine.content.search import find, refresh, reindex
from serai.engine.content.search.matching import matching_ids, question
from serai.engine.content.search.words import ANYWHERE, sign, term_of
from serai.kernel.languages.registry import UnknownLanguage
from serai.kernel.ledger.actions import touch
from serai.kernel.register.ports import COMMANDS, SEARCH_CHANGES, SEARCH_DOCUMENTS, SearchDocument

SHELF: dict[tuple[str, str], SearchDocument] = {}


def put(key: str, language: str, title: str, body: str = "", summary: str = "", **fields: Any) -> None:
    SHELF[key, language] = SearchDocument(
        f"guides:{key}", language, title, summary, body, f"/{language}/guide/{key}/", "City", **fields
    )


def matching(word: str) -> int:
    """How many entries hold an English word, as the database sees it."""
    return len(matching_ids(question([term_of((word,), "en")], "en", "all", ANYWHERE)))


def titles(text: str, language: str = "en", limit: int = 20) -> list[str]:
    return [hit.title for hit in find(text, language, limit)]


@pytest.fixture(autouse=True)
def only_our_shelf(db: None, monkeypatch: Any) -> Iterator[None]:
    """The documents of these tests, and none of the house."""

    def changes(keys: frozenset[str]) -> dict[str, list[SearchDocument]]:
        touched = [key.removeprefix("guide:") for key in keys if key.startswith("guide:")]
        return {f"guides:{key}": [doc for (name, _), doc in SHELF.items() if name == key] for key in touched}

    SHELF.clear()
    monkeypatch.setattr(SEARCH_DOCUMENTS, "_offers", {"test": lambda: list(SHELF.values())})
    monkeypatch.setattr(SEARCH_CHANGES, "_offers", {"test": changes})
    yield
    SHELF.clear()


@pytest.mark.parametrize(
    ("language", "title", "asked"),
    [
        ("en", "How do I see a doctor?", "DOCTOR"),
        ("en", "How do I see a doctor?", "doct"),
        ("fr", "Où trouver une école", "ecole"),
        ("fr", "Trouver l'école", "école"),
        ("de", "Straßenbahn und Bus", "strassenbahn"),
        ("ar", "كيف أرى الطبيب", "طبيب"),
        ("ar", "كيف أرى طبيب", "الطبيب"),
        ("ar", "المَدْرَسَة الأولى", "مدرسه"),
        ("fa", "مدرسه‌ای برای کودکان", "كودكان"),
        ("ti", "ሓኪም ኣበይ ይርከብ", "ሓኪም"),
        ("ti", "ስራሕ ኣብ ከተማ", "ኣብ"),
        ("am", "ሐኪም ማየት", "ሐኪም"),
        ("bn", "আমি কীভাবে ডাক্তার দেখাব", "ডাক্তার"),
        ("uk", "Як звернутися до лікаря", "лікар"),
        ("uk", "Медична сім'я", "сімя"),
        ("ru", "Ещё одна школа", "еще"),
        ("my", "ဆရာဝန်ကို ဘယ်လိုတွေ့ရမလဲ", "ဆရာဝန်"),
        ("my", "ဘယ်လို ဆရာဝန်ကို တွေ့ရမလဲ", "ရာဝန်"),
        ("zh-Hans", "我怎样看医生", "医生"),
        ("zh-Hans", "我怎样看医生", "看医生"),
        ("vi", "Gặp bác sĩ ở đâu", "bac si"),
        ("so", "Sidee baan u go'aansadaa", "go'aan"),
        ("ar", "رقم ١١٢ للطوارئ", "112"),
        ("hi", "डॉक्टर से कैसे मिलें", "डॉक्टर"),
        ("ta", "மருத்துவரை எப்படி பார்ப்பது", "மருத்துவரை"),
    ],
)
def test_words_of_every_script_are_found(language: str, title: str, asked: str) -> None:
    put("one", language, title)
    put("other", language, "XYZ")
    reindex()
    assert titles(asked, language) == [title]


def test_words_in_the_text_are_found_and_titles_come_first() -> None:
    put("a", "en", "Buses", body="The doctor is at the end of the line. " * 20 + "doctor doctor doctor")
    put("b", "en", "See a doctor", body="Go there.")
    put("c", "en", "Doctors for children and many more words", body="Go there.")
    reindex()
    assert titles("doctor") == ["See a doctor", "Doctors for children and many more words", "Buses"]


def test_all_words_must_stand_before_some_of_them_do() -> None:
    put("a", "en", "Bank", body="open an account with a passport")
    put("b", "en", "Passport")
    reindex()
    assert titles("passport account") == ["Bank"]
    assert titles("passport zebra") == ["Passport", "Bank"]
    assert titles("zebra") == []


@pytest.mark.parametrize(
    "typed",
    [
        'doctor"',
        "doctor*",
        "-doctor",
        "doctor AND",
        "NOT doctor",
        "doctor:",
        "folded_title:doctor",
        "(doctor",
        "doctor)",
        "doctor & | !",
        "doctor:*A",
        "doctor <-> ",
        "'doctor'",
        "doctor\\",
        "doctor;--",
        "doctor\x00",
        "doctor %s %(x)s",
        "NEAR(doctor",
        "doctor ^",
        "{doctor}",
    ],
)
def test_signs_are_never_syntax(typed: str) -> None:
    put("a", "en", "See a doctor")
    reindex()
    assert titles(typed) == ["See a doctor"]


@pytest.mark.parametrize("typed", ["", "   ", '"', "*", "()", "\x00", "¡!", "\u202e", "'; DROP TABLE x"])
def test_nothing_to_look_for_finds_nothing(typed: str) -> None:
    put("a", "en", "See a doctor")
    reindex()
    assert titles(typed) == []


def test_a_very_long_question_and_a_very_long_text_do_no_harm() -> None:
    put("a", "en", "Long", body="word " * 100_000 + "x" * 50_000)
    put("b", "my", "ရှည်", body="ဆရာဝန်" * 30_000)
    reindex()
    assert titles("word") == ["Long"]
    assert titles("word " * 10_000) == ["Long"]
    assert titles("y" * 100_000) == []
    assert titles("ဝန်", "my") == ["ရှည်"]


def test_what_is_not_there_in_the_language_is_found_in_the_next_and_says_so(settings: Any) -> None:
    settings.SERAI_LANGUAGES = ["en", "ar"]
    put("a", "en", "A doctor in town")
    put("b", "en", "Doctor at night")
    put("b", "ti", "ሓኪም ብለይቲ")
    put("c", "ru", "doctor")
    reindex()
    hits = find("doctor", "ti")
    assert [(hit.title, hit.language) for hit in hits] == [("A doctor in town", "en")]


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(UnknownLanguage):
        find("doctor", "xx")


def test_the_limit_holds() -> None:
    for number in range(30):
        put(f"n{number}", "en", f"Doctor {number}")
    reindex()
    assert len(titles("doctor", limit=7)) == 7
    assert len(titles("doctor", limit=0)) == 1


def test_a_reindex_writes_only_what_changed_and_removes_what_is_gone() -> None:
    put("a", "en", "Doctor")
    put("b", "en", "Bank")
    assert (reindex().written, SearchEntry.objects.count()) == (2, 2)
    put("a", "en", "Dentist")
    del SHELF["b", "en"]
    done = reindex()
    assert (done.written, done.removed, done.unchanged) == (1, 1, 0)
    assert (titles("doctor"), titles("bank"), titles("dentist")) == ([], [], ["Dentist"])
    again = reindex()
    assert (again.written, again.removed, again.unchanged) == (0, 0, 1)


def test_a_touch_is_in_the_index_when_it_is_committed(django_capture_on_commit_callbacks: Any) -> None:
    put("a", "en", "Doctor")
    put("b", "en", "Bank")
    reindex()
    put("a", "en", "Dentist")
    put("b", "en", "Savings")
    with django_capture_on_commit_callbacks(execute=True):
        touch(["guide:a"])
    assert (titles("dentist"), titles("doctor")) == (["Dentist"], [])
    assert titles("savings") == []
    del SHELF["b", "en"]
    refresh(frozenset({"guide:b"}))
    assert titles("bank") == []


def test_the_number_of_queries_does_not_grow_with_what_is_found(django_assert_max_num_queries: Any) -> None:
    for number in range(150):
        put(f"n{number}", "en", f"Doctor {number}")
    reindex()
    with django_assert_max_num_queries(8):
        assert len(titles("doctor", limit=20)) == 20


def test_the_database_itself_keeps_the_index() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname = 'content_searchentry_words'")
            assert cursor.fetchone()[0] == 1
        else:
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type='trigger' AND tbl_name='content_searchentry'")
            assert cursor.fetchone()[0] == 3
    put("a", "en", "Doctor")
    reindex()
    for entry in SearchEntry.objects.all():
        SearchEntry.objects.update(words=entry.words.replace("doctor", "dentist"))
    assert matching("doctor") == 0
    assert matching("dentist") == 1
    SearchEntry.objects.all().delete()
    assert matching("dentist") == 0


def test_the_vocabulary_follows_what_comes_and_goes() -> None:
    put("a", "en", "Doctor", body="clinic")
    put("b", "en", "Dentist", body="clinic clinic")
    reindex()
    known = dict(SearchWord.objects.filter(word__endswith="clinic").values_list("word", "docs"))
    assert known == {f"{sign('en')}clinic": 2}
    assert SearchKey.objects.filter(word=f"{sign('en')}doctor").exists()
    put("a", "en", "Nurse", body="clinic")
    reindex()
    assert not SearchWord.objects.filter(word__endswith="doctor").exists()
    assert not SearchKey.objects.filter(word__endswith="doctor").exists()
    SHELF.clear()
    reindex()
    assert (SearchWord.objects.count(), SearchKey.objects.count()) == (0, 0)


def test_the_command_answers_in_json() -> None:
    put("a", "en", "See a doctor", summary="Where and when", kind="guide")
    reindex()
    done = CliRunner().invoke(COMMANDS.get("search"), ["doctor", "--lang", "en", "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.output)
    assert answer == {
        "query": "doctor",
        "language": "en",
        "count": 1,
        "kinds": {"guide": 1},
        "more": False,
        "publishers": ["City"],
        "topics": [],
        "places": [],
        "results": [
            {
                "title": "See a doctor",
                "summary": "Where and when",
                "url": "/en/guide/a/",
                "language": "en",
                "publisher": "City",
                "key": "guides:a",
                "kind": "guide",
            }
        ],
    }


def test_the_command_says_when_nothing_is_found_and_when_it_is_used_wrongly() -> None:
    run, command = CliRunner().invoke, COMMANDS.get("search")
    nothing = run(command, ["zebra", "--lang", "ar", "--json"])
    assert (nothing.exit_code, json.loads(nothing.output)["count"]) == (0, 0)
    assert run(command, ["zebra", "--lang", "xx", "--json"]).exit_code == 2
    assert run(command, []).exit_code == 2
    assert run(command, ["zebra", "--limit", "0"]).exit_code == 2
    put("a", "en", "Doctor")
    rebuilt = run(command, ["--reindex", "--json"])
    assert json.loads(rebuilt.output) == {"written": 1, "removed": 0, "unchanged": 0}
    assert "Doctor" in run(command, ["doctor"]).output
