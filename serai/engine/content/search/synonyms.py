"""Words for one idea, by language: whoever asks for a physician finds the doctor. Data in synonyms/<tag>.yaml.

A group is a line of words or short runs of words that may stand for one another. A new file, or a new line in one, is
all that it takes; a file is read again when it has changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from .words import Spelling, Term, question_words, term_of

FOLDER = Path(__file__).parent / "synonyms"
WEIGHT = 0.6
_BEGINS_FROM = 4
"""A shorter synonym stands for itself, not for all words that begin with it."""

Words = tuple[str, ...]


class BadSynonyms(ValueError):
    """A file of synonyms that does not say what it must; says where and what."""


@dataclass(frozen=True)
class Synonyms:
    """Of one language. groups: by each member's index words, the other members; longest: most words of a member."""

    groups: dict[Words, tuple[Words, ...]]
    longest: int = 1


def synonyms(language: str) -> Synonyms:
    """The words of a language, or none. Raises BadSynonyms."""
    path = FOLDER / f"{language}.yaml"
    return _read(path, path.stat().st_mtime_ns) if path.exists() else Synonyms({})


def question_terms(text: str, language: str) -> list[Term]:
    """What a person asks for, idea by idea, with other words for it. Empty when there is no word in it."""
    words, known = question_words(text, language), synonyms(language)
    terms: list[Term] = []
    at = 0
    while at < len(words):
        run = next((run for run in _runs(words[at : at + known.longest]) if run in known.groups), None)
        if run is None:
            terms.append(term_of(words[at], language))
            at += 1
            continue
        term = term_of(run, language)
        terms.append(term.also(_spelling(other) for other in known.groups[run]))
        at += _length(words[at:], run)
    return terms


def _runs(words: list[Words]) -> list[Words]:
    """The first words together, the longest run first."""
    return [tuple(piece for word in words[:count] for piece in word) for count in range(len(words), 0, -1)]


def _length(words: list[Words], run: Words) -> int:
    pieces = 0
    for count, word in enumerate(words, start=1):
        pieces += len(word)
        if pieces == len(run):
            return count
    return 1


def _spelling(words: Words) -> Spelling:
    return Spelling(words, len(words[-1]) >= _BEGINS_FROM, WEIGHT)


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> Synonyms:
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(told, dict) or set(told) != {"source", "date", "drafted_by", "groups"}:
        raise BadSynonyms(f"{path.name}: source, date, drafted_by and groups, and nothing else")
    found: dict[Words, list[Words]] = {}
    for number, line in enumerate(told["groups"], start=1):
        if not isinstance(line, list) or len(line) < 2 or not all(isinstance(word, str) for word in line):
            raise BadSynonyms(f"{path.name}: group {number} is not a list of two or more words")
        members = [_indexed(word, path.stem) for word in line]
        if not all(members):
            raise BadSynonyms(f"{path.name}: group {number} holds something that is no word")
        for member in members:
            others = found.setdefault(member, [])
            others.extend(other for other in members if other != member and other not in others)
    longest = max((len(_spaced(line)) for group in told["groups"] for line in group), default=1)
    return Synonyms({member: tuple(others) for member, others in found.items()}, longest)


def _indexed(words: str, language: str) -> Words:
    return tuple(piece for word in question_words(words, language) for piece in word)


def _spaced(words: str) -> list[str]:
    return words.split()
