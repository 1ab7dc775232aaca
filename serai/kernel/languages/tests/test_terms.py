"""One idea, one word: each language has a list of terms, and what is nothing but a term is said with its word."""

from __future__ import annotations

from datetime import date

import pytest

from serai.kernel.languages.interface import translated
from serai.kernel.languages.sound import wrong_in
from serai.kernel.languages.terms import other_word, term_list


@pytest.mark.parametrize("tag", translated())
def test_each_language_of_the_interface_says_what_it_calls_the_ideas_of_the_house(tag: str) -> None:
    found = term_list(tag)
    assert found is not None
    assert (found.tag, found.made in {"machine", "reviewed"}, bool(found.source)) == (tag, True, True)
    assert isinstance(found.made_on, date)
    english = {term.english for term in found.terms}
    assert {"guide", "service", "opening hours", "refugee", "complaint", "leave", "pack"} <= english
    assert [term for term in found.terms for form in term.forms if wrong_in(term.english, "", [form])] == []


def test_a_sentence_that_is_a_term_is_said_with_a_form_of_it() -> None:
    assert other_word("fr", "Guide", "Guide") is None
    assert other_word("fr", "Guide:", "guide\u00a0:") is None
    assert other_word("es", "Closed", "Cerrada") is None, "one of several forms"
    wrong = other_word("fr", "Guide", "Mode d’emploi")
    assert wrong is not None
    assert wrong.forms == ("guide",)
    assert other_word("fr", "A guide for you", "Un mode d’emploi pour vous") is None, "only what is nothing but a term"
    assert other_word("de", "Guide", "Leitfaden") is None, "nobody has written a list"


def test_a_translator_sees_the_terms_of_a_sentence_in_its_order_and_the_longer_of_two() -> None:
    found = term_list("uk")
    assert found is not None
    inside = [term.english for term in found.inside("Show identity papers, or pages of the guide.")]
    assert inside == ["identity papers", "page", "guide"]
    assert [term.meaning for term in found.inside("Review")] == ["a translation", "an urgent act"]
