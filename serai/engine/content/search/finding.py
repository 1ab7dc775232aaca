"""What a person finds: pages in the language asked for, then pages that do not exist in it, along the chain."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

from django.conf import settings

from serai.engine.content.models import SearchEntry
from serai.kernel.languages.registry import chain
from serai.kernel.languages.registry import language as language_of
from serai.kernel.register.ports import SearchHit

from .matching import How, matching_ids
from .words import Term, occurrences, question_terms

MOST = 100


def find(text: str, language: str, limit: int = 20) -> list[SearchHit]:
    """At most `limit` (1 to 100) things in which all words of the text stand, or any of them if none has all.

    language: BCP 47; raises UnknownLanguage. Titles come first. What does not exist in the language asked for may
    follow in one that it falls back to, and says so.
    """
    asked = language_of(language).tag
    limit = max(1, min(limit, MOST))
    tags = chain(asked, tuple(settings.SERAI_LANGUAGES))
    hits: list[SearchHit] = []
    for how in ("all", "any"):
        seen: set[str] = set()
        for tag in tags:
            terms = question_terms(text, tag)
            if terms and not (how == "any" and len(terms) == 1):
                fresh = _hits(terms, tag, how, before=tags[: tags.index(tag)])
                hits.extend(hit for hit in fresh if hit.key not in seen)
                seen.update(hit.key for hit in fresh)
            if len(hits) >= limit:
                return hits[:limit]
        if hits:
            break
    return hits


def _hits(terms: list[Term], tag: str, how: How, before: tuple[str, ...]) -> list[SearchHit]:
    ids = matching_ids(terms, tag, how)
    if not ids:
        return []
    entries = list(SearchEntry.objects.filter(pk__in=ids))
    if before:
        theirs = SearchEntry.objects.filter(key__in=[entry.key for entry in entries], language__in=before)
        there = set(theirs.values_list("key", flat=True))
        entries = [entry for entry in entries if entry.key not in there]
    return [_hit(entry) for entry in _in_order(entries, terms)]


def _in_order(entries: Iterable[SearchEntry], terms: list[Term]) -> list[SearchEntry]:
    """Most terms in the title first, whole words before beginnings, then how much the text speaks of them."""

    def place(entry: SearchEntry) -> tuple[float, ...]:
        title, text = entry.folded_title.split(), entry.folded.split()
        in_title = [occurrences(term, title) for term in terms]
        in_text = [occurrences(term, text) for term in terms]
        return (
            -sum(begun > 0 for _, begun in in_title),
            -sum(whole > 0 for whole, _ in in_title),
            -sum(begun > 0 for _, begun in in_text),
            -sum(sqrt(begun) for _, begun in in_text) / sqrt(len(text) + 50),
        )

    return sorted(entries, key=lambda entry: (place(entry), entry.title, entry.key))


def _hit(entry: SearchEntry) -> SearchHit:
    return SearchHit(entry.title, entry.summary, entry.url, entry.language, entry.publisher, entry.key)
