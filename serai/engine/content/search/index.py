"""Keeps the index true: the moment something changed, every hour as the days pass, and afresh on demand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import astuple, dataclass
from itertools import islice

from django.db import transaction

from serai.engine.content.models import SearchEntry
from serai.kernel.register.ports import SEARCH_CHANGES, SEARCH_DOCUMENTS, SearchDocument

from .words import index_words

REINDEX_SECONDS = 60 * 60
_FIELDS = ("title", "summary", "url", "publisher", "topic", "places", "folded_title", "folded", "digest")
_AT_ONCE = 200
_paused: ContextVar[bool] = ContextVar("search_paused", default=False)


@dataclass(frozen=True)
class Reindexed:
    """What a reindex did, in entries: one for each thing and language."""

    written: int
    removed: int
    unchanged: int


@transaction.atomic
def reindex() -> Reindexed:
    """Looks at everything that can be found and writes what changed. Safe to run at any time."""
    standing = _standing(SearchEntry.objects.all())
    seen: set[tuple[str, str]] = set()
    written = 0
    documents = (document for offer in SEARCH_DOCUMENTS for document in offer())
    while chunk := list(islice(documents, _AT_ONCE)):
        seen.update((document.key, document.language) for document in chunk)
        written += _write(chunk, standing)
    gone = [pk for place, (pk, _) in standing.items() if place not in seen]
    _remove(gone)
    return Reindexed(written, len(gone), len(seen) - written)


def reindex_by_the_clock() -> None:
    """What a review date that has passed hides, or an end of an urgent act shows, nobody touches."""
    reindex()


@transaction.atomic
def refresh(keys: frozenset[str]) -> None:
    """Writes afresh what the touched keys (kernel/ledger) may have changed."""
    for offer in SEARCH_CHANGES:
        changed = offer(keys)
        if not changed:
            continue
        standing = _standing(SearchEntry.objects.filter(key__in=list(changed)))
        documents = [document for found in changed.values() for document in found]
        _write(documents, standing)
        stay = {(document.key, document.language) for document in documents}
        _remove([pk for place, (pk, _) in standing.items() if place not in stay])


def refresh_on_touch(keys: frozenset[str]) -> None:
    """Listens to the port TOUCHED."""
    if not _paused.get():
        refresh(keys)


@contextmanager
def without_refresh() -> Iterator[None]:
    """For whoever changes a thousand things at once: no refresh for each of them; one reindex at the end."""
    token = _paused.set(True)
    try:
        yield
    finally:
        _paused.reset(token)
    reindex()


def _standing(entries: object) -> dict[tuple[str, str], tuple[int, str]]:
    rows = entries.values_list("key", "language", "pk", "digest")  # type: ignore[attr-defined]
    return {(key, language): (pk, digest) for key, language, pk, digest in rows}


def _write(documents: Iterable[SearchDocument], standing: dict[tuple[str, str], tuple[int, str]]) -> int:
    new: list[SearchEntry] = []
    changed: list[SearchEntry] = []
    for document in documents:
        digest = _digest(document)
        pk, former = standing.get((document.key, document.language), (None, ""))
        if digest != former:
            (changed if pk else new).append(_entry(document, pk, digest))
    SearchEntry.objects.bulk_create(new, batch_size=_AT_ONCE)
    SearchEntry.objects.bulk_update(changed, _FIELDS, batch_size=50)
    return len(new) + len(changed)


def _remove(ids: list[int]) -> None:
    for at in range(0, len(ids), 500):
        SearchEntry.objects.filter(pk__in=ids[at : at + 500]).delete()


def _entry(document: SearchDocument, pk: int | None, digest: str) -> SearchEntry:
    text = " ".join((document.title, document.summary, document.body))
    return SearchEntry(
        pk=pk,
        key=document.key,
        language=document.language,
        title=document.title[:300],
        summary=document.summary,
        url=document.url,
        publisher=document.publisher[:200],
        topic=document.topic,
        places=list(document.places),
        folded_title=index_words(document.title, document.language),
        folded=index_words(text, document.language),
        digest=digest,
    )


def _digest(document: SearchDocument) -> str:
    told = json.dumps(astuple(document), ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()
