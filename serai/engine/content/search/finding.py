"""What a person finds: in the language asked for, then what does not exist in it, along the chain.

In each language: what holds all words; when that is little, also what holds words like them. Only when no language has
anything: what holds some of the words, the rare ones before the common ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from serai.engine.content.models import SearchEntry
from serai.kernel.languages.registry import chain
from serai.kernel.languages.registry import language as language_of
from serai.kernel.register.ports import SearchFound, SearchHit, SearchQuestion

from . import vocabulary
from .asking import Asked, ask
from .matching import AT_MOST, How, counts, matching_ids, question
from .ranking import COLUMNS, Candidate, in_order
from .words import ANYWHERE, FILTERS, IN_GIST, IN_TITLE, Term, filter_word

MOST = 100
_HIT = ("title", "summary", "url", "language", "publisher", "key", "kind")
LITTLE = 3
"""With fewer than so many found, words that are nearly the same count too."""
ENOUGH = 40
"""When titles and gists give so many, texts that only mention the words are not looked through."""
BROAD = 5000
"""A question whose words stand in more documents is answered without counting all that fit."""


def find(text: str, language: str, limit: int = 20) -> list[SearchHit]:
    """At most `limit` (1 to 100) things found for a text. language: BCP 47; raises UnknownLanguage."""
    return list(answer(SearchQuestion(text, language, limit)).hits)


def answer(wanted: SearchQuestion) -> SearchFound:
    """What is found, and by what it may be narrowed down. Raises UnknownLanguage."""
    tags = chain(language_of(wanted.language).tag, tuple(settings.SERAI_LANGUAGES))
    limit = max(1, min(wanted.limit, MOST))
    asked = ask(wanted.words, tags)
    found = _Found(wanted, tags, limit)
    for each in asked:
        if len(found.hits) < limit:
            found.take(each, _all_words(each, found))
        if len(found.hits) < LITTLE:
            found.take(each, _like_words(each, found))
    for each in asked:
        if not found.hits:
            found.take(each, _some_words(each, found))
    return found.told()


@dataclass(frozen=True)
class _Way:
    """Terms that were looked for, in which way, and who answers to them."""

    terms: tuple[Term, ...]
    how: How
    candidates: list[Candidate]
    broad: bool = False


class _Found:
    """What has been found so far, language by language."""

    def __init__(self, wanted: SearchQuestion, tags: tuple[str, ...], limit: int) -> None:
        self.wanted = wanted
        self.tags = tags
        self.limit = limit
        self.hits: list[Candidate] = []
        self.way: _Way | None = None

    def filters(self, tag: str, *names: str) -> list[str]:
        """Words that the documents must hold, for the filters that were asked for."""
        asked = {name: getattr(self.wanted, name) for name in names or FILTERS}
        return [filter_word(name, value, tag) for name, value in asked.items() if value]

    def take(self, asked: Asked, way: _Way | None) -> None:
        """Adds what is new: nothing twice, and no thing that an earlier language has in its own words."""
        if way is None or not way.candidates:
            return
        there = {hit.key for hit in self.hits}
        fresh = [candidate for candidate in way.candidates if candidate.key not in there]
        if fresh and asked.tag != self.tags[0]:
            before = self.tags[: self.tags.index(asked.tag)]
            theirs = SearchEntry.objects.filter(key__in=[one.key for one in fresh], language__in=before)
            known = set(theirs.values_list("key", flat=True))
            fresh = [candidate for candidate in fresh if candidate.key not in known]
        if asked.tag == self.tags[0]:
            self.way = way
        self.hits += in_order(fresh, way.terms, asked)

    def told(self) -> SearchFound:
        """The answer."""
        shown = self.hits[: self.limit]
        told = SearchEntry.objects.filter(pk__in=[hit.pk for hit in shown]).values_list("pk", *_HIT)
        hits = {pk: SearchHit(*values) for pk, *values in told}
        narrower = {
            name: Counter(value for hit in self.hits for value in getattr(hit, name) if value)
            for name in ("publishers", "topics", "places")
        }
        return SearchFound(
            hits=tuple(hits[hit.pk] for hit in shown if hit.pk in hits),
            kinds=self._kinds(),
            more=self.way is not None and self.way.broad,
            **{name: tuple(value for value, _ in counted.most_common()) for name, counted in narrower.items()},
        )

    def _kinds(self) -> dict[str, int]:
        first, way = self.tags[0], self.way
        counted = way is not None and way.how == "all" and not way.broad
        found = Counter(hit.kind for hit in self.hits if hit.kind and not (counted and hit.language == first))
        if way and way.how == "all":
            kinds = vocabulary.kinds(first)
            others = self.filters(first, "publisher", "topic", "place")
            found.update(counts(way.terms, first, others, kinds) if counted else dict.fromkeys(kinds, 0))
        return {kind: found[kind] for kind in sorted(found) if found[kind] or (way and way.broad)}


def _all_words(asked: Asked, found: _Found) -> _Way | None:
    return _way(asked.terms, asked, found) if asked.terms and asked.all_known else None


def _like_words(asked: Asked, found: _Found) -> _Way | None:
    terms = asked.widened()
    return _way(terms, asked, found) if terms else None


def _way(terms: tuple[Term, ...], asked: Asked, found: _Found) -> _Way:
    filters = found.filters(asked.tag)
    questions = (question(terms, asked.tag, "all", where, filters) for where in (IN_TITLE, IN_GIST, ANYWHERE))
    broad = sum(asked.docs) > BROAD
    return _Way(terms, "all", _candidates(questions, max(found.limit, ENOUGH), with_words=False), broad)


def _some_words(asked: Asked, found: _Found) -> _Way | None:
    """All but the commonest word, all but the two commonest ...; then any of the rare ones, best in the title."""
    terms = asked.some()
    if not terms:
        return None
    filters = found.filters(asked.tag)

    def questions() -> Iterator[str]:
        for many in range(len(terms) - 1, 1, -1):
            yield question(terms[:many], asked.tag, "all", IN_GIST, filters)
            yield question(terms[:many], asked.tag, "all", ANYWHERE, filters)
        for where in (IN_TITLE, IN_GIST, ANYWHERE):
            yield question(terms[:4], asked.tag, "any", where, filters)

    return _Way(terms, "any", _candidates(questions(), 2 * AT_MOST, with_words=True))


def _candidates(questions: Iterator[str], enough: int, with_words: bool) -> list[Candidate]:
    ids: dict[int, None] = {}
    for asked in questions:
        ids.update(dict.fromkeys(matching_ids(asked)))
        if len(ids) >= enough:
            break
    columns = (*COLUMNS, "words") if with_words else COLUMNS
    rows = SearchEntry.objects.filter(pk__in=list(ids)).values_list(*columns) if ids else []
    return [Candidate.of(row) for row in rows]
