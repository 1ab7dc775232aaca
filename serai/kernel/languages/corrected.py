"""Sentences corrected in the living house, laid over the catalogues: in every process, before it speaks again.

Django has no way to change a catalogue while it is in use. So each language's translation gets a catalogue of its own
in front of those of the parts; it is put in place in one assignment, and other threads see the old or the new one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.db import DatabaseError
from django.utils.translation import trans_real

from serai.kernel.register.ports import Port

from .catalogues import Entry
from .interface import counting, translated

logger = logging.getLogger("serai.words")


@dataclass(frozen=True)
class Corrections:
    """All corrections that hold. number: changes with every change of them; entries: by the language's tag."""

    number: int
    entries: Mapping[str, Sequence[Entry]] = field(default_factory=dict)


CORRECTED: Port[Callable[[int], Corrections | None]] = Port(
    "corrected", "given the number of the corrections that are known, those of today, or None if it still holds"
)

_known: dict[str, Corrections] = {}
_bare: dict[str, tuple[Any, Any]] = {}
_one_at_a_time = Lock()


def words_key(tag: str) -> str:
    """The key on which every page in the words of a language depends."""
    return f"words:{tag}"


def follow_corrections() -> None:
    """Asks whether a correction came or went, and lays it over the catalogues. One small query.

    A database that does not answer leaves the words as they were: the page that says so must still be possible.
    """
    for name, ask in CORRECTED.items():
        try:
            news = ask(_known[name].number if name in _known else 0)
        except DatabaseError as error:
            logger.warning("Corrections of the interface could not be read: %s", error)
            continue
        if news is not None:
            with _one_at_a_time:
                _known[name] = news
                _lay_all()


def _lay_all() -> None:
    for tag in translated():
        entries = [entry for corrections in _known.values() for entry in corrections.entries.get(tag, ())]
        if entries or tag in _bare:
            _lay(tag, entries)


def _lay(tag: str, entries: Iterable[Entry]) -> None:
    translation: Any = trans_real.translation(tag.lower())
    if tag not in _bare or _bare[tag][0] is not translation:
        _bare[tag] = (translation, translation._catalog)
    bare = _bare[tag][1]
    laid: Any = trans_real.TranslationCatalog()
    laid._catalogs = [_as_catalogue(entries), *bare._catalogs]
    laid._plurals = [counting(tag), *bare._plurals]
    translation._catalog = laid


def _as_catalogue(entries: Iterable[Entry]) -> dict[str | tuple[str, int], str]:
    """As gettext keeps it: by the sentence with its context, and by plural form where there are several."""
    found: dict[str | tuple[str, int], str] = {}
    for entry in entries:
        known_as = f"{entry.context}\x04{entry.sentence}" if entry.context else entry.sentence
        if entry.plural:
            found |= {(known_as, form): text for form, text in enumerate(entry.texts)}
        else:
            found[known_as] = entry.texts[0]
    return found
