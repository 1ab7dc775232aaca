"""Slips of the pen, other words for one idea, and filters; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as some

from serai.engine.content.search import answer, find, finding, reindex, synonyms
from serai.engine.content.search.misspelt import distance, frame, keys, most_errors
from serai.engine.content.search.words import IN_GIST, IN_TITLE, sign
from serai.kernel.languages.registry import languages
from serai.kernel.register.ports import COMMANDS, SEARCH_DOCUMENTS, SearchDocument, SearchQuestion

SHELF: list[SearchDocument] = []


def put(key: str, language: str, title: str, body: str = "", **fields: Any) -> None:
    SHELF.append(SearchDocument(f"x:{key}", language, title, "", body, f"/{language}/{key}/", **fields))


def titles(text: str, language: str = "en") -> list[str]:
    return [hit.title for hit in find(text, language)]


@pytest.fixture(autouse=True)
def only_our_shelf(db: None, monkeypatch: Any) -> Iterator[None]:
    """The documents of these tests, and none of the house."""
    SHELF.clear()
    monkeypatch.setattr(SEARCH_DOCUMENTS, "_offers", {"test": lambda: SHELF})
    yield
    SHELF.clear()


# --- words that are nearly the same ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("doctor", "doctor", 0),
        ("doctor", "docter", 1),
        ("doctor", "dcotor", 1),
        ("doctor", "doctors", 1),
        ("doctor", "dctr", 2),
        ("doctor", "nurse", 3),
        ("ডাক্তার", "ডাকতার", 1),
        ("", "ab", 2),
    ],
)
def test_the_distance_counts_slips(one: str, other: str, far: int) -> None:
    assert distance(one, other, 2) == far
    assert distance(other, one, 2) == far


@given(
    some.text("abcdeé", min_size=6, max_size=12), some.integers(0, 20), some.sampled_from(["drop", "double", "swap"])
)
def test_a_word_with_one_slip_shares_a_key_with_the_word(word: str, at: int, slip: str) -> None:
    at %= len(word) - 1
    wrong = {
        "drop": word[:at] + word[at + 1 :],
        "double": word[:at] + word[at] + word[at:],
        "swap": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    }[slip]
    assert distance(word, wrong, 1) <= 1
    if len(frame(word)) > 3 < len(frame(wrong)):
        assert keys(word) & keys(wrong)


@pytest.mark.parametrize(
    ("word", "errors"),
    [
        ("bus", 0),
        ("bank", 1),
        ("doctor", 2),
        ("112", 0),
        ("b4nk", 0),
        ("ሓኪም", 1),
        ("عمل", 1),
        ("ডাক্তার", 1),
        ("x" * 40, 0),
    ],
)
def test_long_words_may_be_further_off_and_numbers_not_at_all(word: str, errors: int) -> None:
    assert most_errors(word) == errors
    assert bool(keys(word)) == bool(errors)


def test_a_slip_is_forgiven_only_when_the_word_as_it_stands_finds_little() -> None:
    for number in range(4):
        put(f"f{number}", "en", f"Form {number}")
    put("farm", "en", "Farm work")
    reindex()
    assert "Farm work" not in titles("form")
    assert titles("faarm") == ["Farm work"]


def test_nearer_words_come_first_and_the_right_word_before_all() -> None:
    put("a", "en", "Contact")
    put("b", "en", "Contract")
    put("c", "en", "Cintrect")
    reindex()
    assert titles("contract") == ["Contract", "Contact", "Cintrect"]
    assert titles("contrct")[0] == "Contract"


def test_a_slip_in_the_own_language_comes_before_another_language() -> None:
    put("a", "fr", "Trouver un hôpital")
    put("b", "en", "Hospitl")
    reindex()
    assert [hit.language for hit in find("hopitl", "fr")][:1] == ["fr"]


def test_a_solid_script_forgives_a_letter() -> None:
    put("a", "my", "စကားပြန် ရှိသည်")
    put("b", "my", "ကျောင်းအပ်ခြင်း")
    reindex()
    assert titles("စကာပြန်", "my") == ["စကားပြန် ရှိသည်"]


def test_of_many_words_the_rare_ones_decide_when_not_all_stand_somewhere() -> None:
    for number in range(20):
        put(f"n{number}", "en", f"How can I get thing {number}")
    put("x", "en", "Dentists in town")
    reindex()
    assert titles("how can I see a dentist")[0] == "Dentists in town"


def test_no_two_languages_share_a_sign() -> None:
    signs = [sign(tag) for tag in languages()]
    assert len(set(signs)) == len(signs)
    assert not set(signs) & {IN_TITLE, IN_GIST}


# --- synonyms ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "title", "asked"),
    [
        ("en", "See a doctor", "physician"),
        ("en", "Money transfer", "remittance"),
        ("en", "Legal aid", "lawyer"),
        ("fr", "Comment voir un médecin", "docteur"),
        ("es", "Ir al médico", "doctora"),
        ("ar", "كيف أذهب إلى الطبيب", "دكتور"),
        ("uk", "Запис до лікаря", "доктор"),
        ("ru", "Запись к врачу", "доктор"),
        ("fa", "دیدن پزشک", "داکتر"),
        ("ti", "ሓኪም ኣበይ ይርከብ", "ዶክተር"),
        ("bn", "ডাক্তার দেখানো", "চিকিৎসক"),
        ("ne", "डाक्टर भेट्ने", "चिकित्सक"),
        ("fil", "Magpatingin sa doktor", "manggagamot"),
        ("sw", "Kumwona daktari", "tabibu"),
    ],
)
def test_other_words_for_the_same_idea_find_it(language: str, title: str, asked: str) -> None:
    put("a", language, title)
    put("b", language, "XYZ")
    reindex()
    assert titles(asked, language) == [title]


def test_the_word_itself_comes_before_its_synonym() -> None:
    put("a", "en", "Physician")
    put("b", "en", "Doctor")
    reindex()
    assert titles("doctor") == ["Doctor", "Physician"]
    assert titles("physician") == ["Physician", "Doctor"]


def test_a_new_synonym_needs_no_code(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(synonyms, "FOLDER", tmp_path)
    file = tmp_path / "en.yaml"
    head = "source: a test\ndate: 2026-11-22\ndrafted_by: person\ngroups:\n"
    file.write_text(head + "  - [doctor, sawbones]\n", encoding="utf-8")
    put("a", "en", "Doctor")
    reindex()
    assert titles("sawbones") == ["Doctor"]
    file.write_text(head + "  - [doctor, old leech]\n", encoding="utf-8")
    assert titles("sawbones") == []
    assert titles("old leech") == ["Doctor"]


@pytest.mark.parametrize("text", ["groups: []", "- a", "source: a\ndate: b\ndrafted_by: c\ngroups:\n  - [one]"])
def test_a_file_of_synonyms_that_is_wrong_says_so(monkeypatch: Any, tmp_path: Path, text: str) -> None:
    monkeypatch.setattr(synonyms, "FOLDER", tmp_path)
    (tmp_path / "en.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(synonyms.BadSynonyms, match=r"en\.yaml"):
        find("doctor", "en")


def test_each_language_has_a_dozen_groups_with_source_and_date() -> None:
    read = {path.stem: synonyms.synonyms(path.stem) for path in synonyms.FOLDER.glob("*.yaml")}
    assert set(read) >= {"en", "ar", "fr", "es", "uk", "ru", "fa", "ti", "bn", "ne", "fil", "sw"}
    assert set(read) <= set(languages())
    assert {tag for tag, known in read.items() if len(known.groups) < 36} == set()


# --- filters and counts ------------------------------------------------------------------------------------------
def shelf_of_kinds() -> None:
    put("g1", "en", "See a doctor", kind="guide", publisher="City", topic="health", places=("Lindenbach",))
    put("g2", "en", "Doctor at night", kind="guide", publisher="Town", topic="night", places=("Amsel", "Lindenbach"))
    put("s1", "en", "Doctor Green", kind="service", publisher="Town", topic="health", places=("Amsel",))
    put("a1", "fr", "Docteur absent", "doctor", kind="alert", publisher="City")
    reindex()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kind": "guide"}, {"x:g1", "x:g2"}),
        ({"kind": "alert"}, {"x:a1"}),
        ({"publisher": "Town"}, {"x:g2", "x:s1"}),
        ({"topic": "health"}, {"x:g1", "x:s1"}),
        ({"place": "Lindenbach"}, {"x:g1", "x:g2"}),
        ({"place": "Amsel", "kind": "service"}, {"x:s1"}),
        ({"kind": "guide", "topic": "elsewhere"}, set()),
        ({"kind": 'guide" OR "'}, set()),
    ],
)
def test_filters_leave_what_they_say(filters: dict[str, str], expected: set[str]) -> None:
    shelf_of_kinds()
    assert {hit.key for hit in answer(SearchQuestion("doctor", "en", **filters)).hits} == expected


def test_kinds_are_counted_whatever_kind_is_shown() -> None:
    shelf_of_kinds()
    every = answer(SearchQuestion("doctor", "en"))
    assert every.kinds == {"alert": 1, "guide": 2, "service": 1}
    assert every.publishers == ("City", "Town") or set(every.publishers) == {"City", "Town"}
    assert (set(every.topics), set(every.places)) == ({"health", "night"}, {"Lindenbach", "Amsel"})
    assert answer(SearchQuestion("doctor", "en", kind="guide")).kinds["service"] == 1
    assert answer(SearchQuestion("doctor", "en", publisher="City")).kinds == {"alert": 1, "guide": 1}


def test_the_command_takes_the_same_filters() -> None:
    shelf_of_kinds()
    said = CliRunner().invoke(
        COMMANDS.get("search"), ["doctor", "--lang", "en", "--kind", "service", "--place", "Amsel"]
    )
    assert said.exit_code == 0, said.output
    assert "Doctor Green" in said.output
    assert "See a doctor" not in said.output


def test_what_stands_in_too_many_is_not_counted_and_says_so(monkeypatch: Any) -> None:
    monkeypatch.setattr(finding, "BROAD", 1)
    shelf_of_kinds()
    found = answer(SearchQuestion("doctor", "en"))
    assert found.more
    assert found.kinds == {"alert": 1, "guide": 2, "service": 1}
    assert answer(SearchQuestion("doctor", "en", kind="service")).kinds == {"guide": 0, "service": 1}
