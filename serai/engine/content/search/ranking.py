"""Who stands before whom among those that answer: words of the title, then what a text is about, then anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .asking import Asked
from .words import Spelling, Term, sign

COLUMNS = ("pk", "key", "language", "kind", "publisher", "topic", "places", "standing", "title_words", "gist")
_TITLE, _TITLE_BEGUN, _GIST, _GIST_BEGUN, _ANYWHERE = 4.0, 3.2, 2.0, 1.6, 1.0


@dataclass(frozen=True)
class Candidate:
    """One that may be found, with the words by which it is judged (spaces before and after each).

    words: all it holds, with signs; None when all terms are known to stand in it.
    """

    pk: int
    key: str
    language: str
    kind: str
    publishers: tuple[str, ...]
    topics: tuple[str, ...]
    places: tuple[str, ...]
    standing: int
    title: str
    gist: str
    words: str | None

    @classmethod
    def of(cls, row: Sequence[Any]) -> Candidate:
        """From the values of COLUMNS, and perhaps the words."""
        pk, key, language, kind, publisher, topic, places, standing, title, gist, *words = row
        every = f" {words[0]} " if words else None
        return cls(
            pk, key, language, kind, (publisher,), (topic,), tuple(places), standing, f" {title} ", f" {gist} ", every
        )


def in_order(candidates: Sequence[Candidate], terms: Sequence[Term], asked: Asked) -> list[Candidate]:
    """The best first. The same candidates come in the same order on every database."""
    weights = [(term, asked.weight(term)) for term in terms]
    mark = sign(asked.tag)

    def place(candidate: Candidate) -> tuple[float, int, int]:
        score = sum(weight * _fits(term, candidate, mark) for term, weight in weights)
        return -round(score, 6), candidate.title.count(" "), candidate.standing

    return sorted(candidates, key=place)


def _fits(term: Term, candidate: Candidate, mark: str) -> float:
    return max(spelling.weight * _level(spelling, candidate, mark) for spelling in term.spellings)


def _level(spelling: Spelling, candidate: Candidate, mark: str) -> float:
    for text, whole, begun in ((candidate.title, _TITLE, _TITLE_BEGUN), (candidate.gist, _GIST, _GIST_BEGUN)):
        if level := _stands(spelling, text, whole, begun):
            return level
    if candidate.words is None:
        return _ANYWHERE
    signed = Spelling(tuple(mark + word for word in spelling.words), spelling.goes_on)
    return _ANYWHERE * _stands(signed, candidate.words, 1.0, 0.9)


def _stands(spelling: Spelling, text: str, whole: float, begun: float) -> float:
    """How well the words of a spelling stand in a text: all as they are, or the last one only begun, or 0."""
    *first, last = spelling.words
    if not all(f" {word} " in text for word in first):
        return 0.0
    if f" {last} " in text:
        return whole
    return begun if spelling.goes_on and f" {last}" in text else 0.0
