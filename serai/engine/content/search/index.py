"""Keeps the index true: the moment something changed, every hour as the days pass, and afresh on demand."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import islice
from zlib import crc32

from django.db import transaction

from serai.engine.content.models import SearchEntry
from serai.kernel.register.inserting import insert
from serai.kernel.register.ports import SEARCH_CHANGES, SEARCH_DOCUMENTS, SearchDocument

from . import vocabulary
from .words import ALL_DOCUMENTS, ANYWHERE, IN_GIST, IN_TITLE, filter_word, index_words, sign

REINDEX_SECONDS = 60 * 60
WORDS_AS_OF = 1
"""One more whenever words.py cuts texts otherwise: then all entries are written afresh."""
_PLACES = ((ANYWHERE, "every"), (IN_TITLE, "title"), (IN_GIST, "gist"))
_AT_ONCE = 1000
_paused: ContextVar[bool] = ContextVar("search_paused", default=False)


@dataclass(frozen=True)
class Reindexed:
    """What a reindex did, in entries: one for each thing and language."""

    written: int
    removed: int
    unchanged: int


def reindex() -> Reindexed:
    """Looks at everything that can be found and writes what changed, bit by bit. Safe to run at any time."""
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


@transaction.atomic
def _write(documents: Iterable[SearchDocument], standing: dict[tuple[str, str], tuple[int, str]]) -> int:
    written: dict[tuple[str, str], SearchEntry] = {}
    former: list[int] = []
    for document in documents:
        digest, place = _digest(document), (document.key, document.language)
        pk, former_digest = standing.get(place, (0, ""))
        if digest != former_digest:
            written[place] = _entry(document, digest)
            former += [pk] if pk else []
    gone = _words_of(former)
    insert(list(written.values()), unique=["key", "language"])
    vocabulary.tell(gone, _counted(entry.words for entry in written.values()))
    return len(written)


def _remove(ids: list[int]) -> None:
    for at in range(0, len(ids), _AT_ONCE):
        with transaction.atomic():
            some = ids[at : at + _AT_ONCE]
            gone = _words_of(some)
            SearchEntry.objects.filter(pk__in=some).delete()
            vocabulary.tell(gone, Counter())


def _words_of(ids: list[int]) -> Counter[str]:
    """The words that these entries have brought into the vocabulary. Nobody changes them meanwhile."""
    rows = SearchEntry.objects.filter(pk__in=ids).select_for_update().values_list("words", flat=True)
    return _counted(rows)


def _counted(texts: Iterable[str]) -> Counter[str]:
    """How often each word stands in texts."""
    found: Counter[str] = Counter()
    for words in texts:
        found.update(words.split())
    return found


def _entry(document: SearchDocument, digest: str) -> SearchEntry:
    found = index_words(document.title, document.summary, document.body, document.language)
    mark = sign(document.language)
    signed = [mark + where + word for where, words in _PLACES for word in getattr(found, words)]
    told = [(ALL_DOCUMENTS, ""), ("kind", document.kind), ("publisher", document.publisher), ("topic", document.topic)]
    told += [("place", place) for place in document.places]
    filters = [filter_word(name, value, document.language) for name, value in told if value or name == ALL_DOCUMENTS]
    return SearchEntry(
        key=document.key,
        language=document.language,
        kind=document.kind,
        title=document.title[:300],
        summary=document.summary,
        url=document.url,
        publisher=document.publisher[:200],
        topic=document.topic,
        places=list(document.places),
        standing=(min(len(found.every), 0xFFFF) << 32) + crc32(f"{document.key} {document.language}".encode()),
        title_words=" ".join(found.title),
        gist=" ".join(found.gist),
        words=" ".join(dict.fromkeys(filters + signed)),
        digest=digest,
    )


def _digest(document: SearchDocument) -> str:
    told = json.dumps([WORDS_AS_OF, vars(document)], ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()
