"""Term lists: one word for one idea in each language, so that a guide is called the same on every page.

`terms/<tag>.yaml` says who made the list and when; `terms` maps an English term to the word used for it, or to several
forms of it (singular and plural, noun and button). Translators read them beside each sentence; `serai words check`
holds every sentence that is nothing but a term against its list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "terms"
AROUND = " \t\n.:;,…!?؟،።፡।"
"""What may stand around a term without making it another sentence."""


@dataclass(frozen=True)
class Term:
    """An English term and the forms it has in a language, the usual one first."""

    english: str
    forms: tuple[str, ...]


@dataclass(frozen=True)
class TermList:
    """The terms of one language. made: machine | reviewed; source, on: from where and of which day the list is."""

    tag: str
    made: str
    source: str
    on: str
    terms: tuple[Term, ...]

    def is_about(self, sentence: str) -> Term | None:
        """The term that a sentence is and nothing more, or None."""
        return next((term for term in self.terms if term.english == _bare(sentence)), None)

    def inside(self, sentence: str) -> list[Term]:
        """The terms that stand in a sentence, in its order; the longer of two that begin alike."""
        found: dict[int, Term] = {}
        for term in sorted(self.terms, key=lambda term: len(term.english)):
            match = re.search(rf"\b{re.escape(term.english)}(?:s|es)?\b", sentence.casefold())
            if match:
                found[match.start()] = term
        return [found[at] for at in sorted(found)]


@lru_cache(maxsize=64)
def term_list(tag: str) -> TermList | None:
    """The terms of a language, or None where nobody has written a list."""
    path = FOLDER / f"{tag}.yaml"
    if not path.exists():
        return None
    row = yaml.safe_load(path.read_text(encoding="utf-8"))
    terms = (Term(english, tuple([said] if isinstance(said, str) else said)) for english, said in row["terms"].items())
    return TermList(row["language"], row["made"], row["source"], str(row["on"]), tuple(terms))


def other_word(tag: str, sentence: str, text: str) -> Term | None:
    """The term that a sentence is, if its translation says it with another word than the list; else None."""
    words = term_list(tag)
    term = words.is_about(sentence) if words else None
    if term is None or any(_bare(form) in _bare(text) for form in term.forms):
        return None
    return term


def _bare(text: str) -> str:
    return text.strip(AROUND).casefold()
