"""Term lists: one word for one idea in each language, so that a guide is called the same on every page.

`terms/<tag>.yaml` says who made the list and when; `terms` maps an English term to the word used for it, or to several
forms of it (singular and plural, noun and button). `review (a translation)` is one meaning of a term. Translators read
the list beside each sentence; `serai words check` holds every sentence that is nothing but a term against it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "terms"
AROUND = " \t\n.:;,…!?؟،።፡।"
"""What may stand around a term without making it another sentence."""


@dataclass(frozen=True)
class Term:
    """An English term, which of its meanings if it has several, and its forms in a language, the usual one first."""

    english: str
    meaning: str
    forms: tuple[str, ...]


@dataclass(frozen=True)
class TermList:
    """The terms of one language. made: machine | reviewed; source, made_on: from where and of which day the list is."""

    tag: str
    made: str
    source: str
    made_on: date
    terms: tuple[Term, ...]

    def said_by(self, sentence: str) -> list[Term]:
        """The term that a sentence is and nothing more, in each of its meanings."""
        return [term for term in self.terms if term.english == _bare(sentence)]

    def inside(self, sentence: str) -> list[Term]:
        """The terms that stand in a sentence, in its order; a term within a longer one is not meant."""
        found: list[tuple[range, Term]] = []
        for term in sorted(self.terms, key=lambda term: -len(term.english)):
            match = re.search(rf"\b{re.escape(term.english)}(?:s|es)?\b", sentence.casefold())
            if match and not any(match.start() in span and term.english != other.english for span, other in found):
                found.append((range(*match.span()), term))
        return [term for span, term in sorted(found, key=lambda each: each[0].start)]


@lru_cache(maxsize=64)
def term_list(tag: str) -> TermList | None:
    """The terms of a language, or None where nobody has written a list."""
    path = FOLDER / f"{tag}.yaml"
    if not path.exists():
        return None
    row = yaml.safe_load(path.read_text(encoding="utf-8"))
    terms = tuple(_term(english, said) for english, said in row["terms"].items())
    return TermList(row["language"], row["made"], row["source"], row["made_on"], terms)


def _term(words: str, said: str | list[str]) -> Term:
    english, _, meaning = words.partition(" (")
    return Term(english, meaning.rstrip(")"), tuple([said] if isinstance(said, str) else said))


def other_word(tag: str, sentence: str, text: str) -> Term | None:
    """The term that a sentence is, if its translation says it with another word than the list; else None."""
    words = term_list(tag)
    meant = words.said_by(sentence) if words else []
    if any(_bare(form) in _bare(text) for term in meant for form in term.forms):
        return None
    return meant[0] if meant else None


def _bare(text: str) -> str:
    return text.strip(AROUND).casefold()
