"""A question in each language of a chain: its ideas, how common each is there, and what else may be meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

from . import vocabulary
from .synonyms import question_terms
from .words import ALL_DOCUMENTS, MOST_TERMS, Spelling, Term, filter_word, nearly, sign, term_of

RARE = 3
"""A word that stands in fewer documents may be a slip of the pen."""
_GUESS = (1.0, 0.8, 0.5)
"""What a word counts that differs in so many letters from the one asked for."""


@dataclass(frozen=True)
class Asked:
    """terms: ideas of the question in a language. docs: for each, in about how many documents of `total`."""

    tag: str
    terms: tuple[Term, ...]
    docs: tuple[int, ...]
    total: int

    @property
    def all_known(self) -> bool:
        """Whether each idea stands in some document."""
        return all(self.docs)

    def widened(self) -> tuple[Term, ...]:
        """The question with words that are like its rare ones; empty when that is no other question, or no hope."""
        terms = tuple(self._wider.get(term, term) for term in self.terms)
        hopeless = any(not docs and wide == term for term, docs, wide in zip(self.terms, self.docs, terms, strict=True))
        return () if terms == self.terms or hopeless else terms

    def some(self) -> tuple[Term, ...]:
        """Ideas that stand somewhere, the rarest first, each with what is like it; runs of letters cut in pairs."""
        found = []
        for term, docs in zip(self.terms, self.docs, strict=True):
            run = term.asked
            if docs or self._wider.get(term, term) != term:
                found.append((docs or RARE, self._wider.get(term, term)))
            elif len(run) > 1:
                counted = vocabulary.count([(sign(self.tag) + pair, False) for pair in run])
                found += [(many, term_of((pair,), self.tag)) for pair, many in zip(run, counted, strict=True) if many]
        single = len(self.terms) == 1 and len(found) <= 1
        return () if single else tuple(term for _, term in sorted(found, key=lambda row: row[0])[:MOST_TERMS])

    def weight(self, term: Term) -> float:
        """What an idea tells: the rarer the more."""
        docs = next((docs for known, docs in zip(self.terms, self.docs, strict=True) if known.asked == term.asked), 0)
        return log(1 + self.total / (docs or RARE))

    @cached_property
    def _wider(self) -> dict[Term, Term]:
        rare = [term for term, docs in zip(self.terms, self.docs, strict=True) if docs < RARE]
        single = [term.asked[0] for term in rare if len(term.asked) == 1]
        near = vocabulary.like(single, self.tag) if single else {}
        wider = {}
        for term in rare:
            words = term.asked
            if len(words) > 1:
                wider[term] = term.also(nearly(words))
            else:
                guesses = [Spelling((other,), True, _GUESS[far]) for other, far in near[words[0]]]
                wider[term] = term.also(guesses)
        return wider


def ask(text: str, tags: Sequence[str]) -> list[Asked]:
    """The question in each language, in order; all are counted in one query."""
    terms = {tag: tuple(question_terms(text, tag)[:MOST_TERMS]) for tag in tags}
    wanted: list[tuple[str, bool]] = []
    for tag in tags:
        wanted.append((filter_word(ALL_DOCUMENTS, "", tag), False))
        wanted += [_counted(spelling, tag) for term in terms[tag] for spelling in term.spellings]
    counted = iter(vocabulary.count(wanted) if any(terms.values()) else [])
    asked = []
    for tag in tags:
        if terms[tag]:
            total = next(counted)
            docs = tuple(sum(next(counted) for _ in term.spellings) for term in terms[tag])
            asked.append(Asked(tag, terms[tag], docs, total))
        else:
            next(counted, None)
    return [each for each in asked if each.total]


def _counted(spelling: Spelling, tag: str) -> tuple[str, bool]:
    """A spelling of several words is counted by its last one, which is enough to know whether there is hope."""
    return sign(tag) + spelling.words[-1], spelling.goes_on
