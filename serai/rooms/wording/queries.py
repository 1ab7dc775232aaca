"""Reads on the words of the interface: sentences of a language, what was proposed for them, where they stand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from serai.kernel.access.viewer import Viewer
from serai.kernel.languages.catalogues import Entry, Key, catalogues, entries, read
from serai.kernel.languages.corrected import Corrections
from serai.kernel.languages.interface import counting, interface, translated
from serai.kernel.languages.sentences import sentences
from serai.kernel.register.ports import QueueCount, Refusal
from serai.lib.fold import fold

from .access import APPROVER
from .models import Correction, Standing

WAITS, HOLDS = Correction.State.WAITS, Correction.State.HOLDS


@dataclass(frozen=True)
class Line:
    """One sentence in a language. entry: as the catalogue has it; said: what the house says now, a correction or the
    catalogue; reviewed: whether a speaker has read what is said; waits: whether a correction waits."""

    entry: Entry
    said: tuple[str, ...]
    reviewed: bool
    corrected: bool
    waits: bool

    @property
    def number(self) -> str:
        """What it is called in addresses."""
        return number_of(self.entry.key)


@dataclass(frozen=True)
class LanguageCount:
    """How far the interface is in one language: sentences, those a speaker reviewed, corrections that hold and wait."""

    tag: str
    sentences: int
    reviewed: int
    critical_left: int
    holding: int
    waiting: int


def number_of(key: Key) -> str:
    """A sentence's key, short enough for an address."""
    return hashlib.sha256("\x04".join(key).encode()).hexdigest()[:32]


def house_parts() -> list[Path]:
    """Folders of all parts of the house."""
    return [Path(app.path) for app in apps.get_app_configs() if app.name.startswith("serai.")]


def lines(*, viewer: Viewer, tag: str, words: str = "", only: str = "") -> list[Line]:
    """Sentences in which the words stand, in English or in the language: the shortest first, all in the order of the
    house where no words are given. One query.

    only: "" for all, "critical" for those about danger, consent or deletion, "unreviewed", "corrected" or "waiting".
    """
    wanted = fold(words)
    found = [line for line in _all_lines(tag) if wanted in fold(" ".join((line.entry.sentence, *line.said)))]
    keep = {
        "critical": lambda line: line.entry.is_critical,
        "unreviewed": lambda line: not line.reviewed,
        "corrected": lambda line: line.corrected,
        "waiting": lambda line: line.waits,
    }.get(only, bool)
    kept = [line for line in found if keep(line)]
    return sorted(kept, key=lambda line: len(line.entry.sentence)) if wanted else kept


def line(*, viewer: Viewer, tag: str, number: str) -> Line | None:
    """One sentence, or None where no catalogue of the language has it."""
    return next((line for line in _all_lines(tag) if line.number == number), None)


def as_said(line: Line) -> Entry:
    """The sentence with the words that the house says now."""
    return replace(line.entry, texts=line.said)


def overview(*, viewer: Viewer) -> list[LanguageCount]:
    """How far each language is."""
    return [_count(tag) for tag in translated()]


def _count(tag: str) -> LanguageCount:
    everything = _all_lines(tag)
    return LanguageCount(
        tag,
        len(everything),
        sum(line.reviewed for line in everything),
        sum(line.entry.is_critical and not line.reviewed for line in everything),
        sum(line.corrected for line in everything),
        sum(line.waits for line in everything),
    )


def _all_lines(tag: str) -> list[Line]:
    rows = Correction.objects.filter(language=tag, state__in=[WAITS, HOLDS])
    holding = {correction.entry.key: correction.entry for correction in rows if correction.state == HOLDS}
    waiting = {correction.entry.key for correction in rows if correction.state == WAITS}
    found = []
    for key, entry in catalogue(tag).items():
        laid = holding.get(key)
        reviewed = laid.reviewed if laid else entry.reviewed
        found.append(Line(entry, (laid or entry).texts, bool(reviewed), laid is not None, key in waiting))
    return found


def catalogue(tag: str) -> dict[Key, Entry]:
    """Every sentence of the house in a language, as its catalogues have it; read again when a file has changed."""
    files = catalogues(house_parts(), tag)
    return _read(tuple(files), tuple(path.stat().st_mtime_ns for path in files))


@lru_cache(maxsize=32)
def _read(files: tuple[Path, ...], changed: tuple[int, ...]) -> dict[Key, Entry]:
    return {entry.key: entry for path in files for entry in entries(read(path))}


@lru_cache(maxsize=1)
def _places() -> dict[Key, tuple[str, ...]]:
    """Which files of the code say a sentence. It takes a second, once in the life of a process."""
    found: dict[Key, tuple[str, ...]] = {}
    for part in house_parts():
        for key, path in sentences(part).items():
            found[key] = (*found.get(key, ()), str(path.relative_to(part.parent)))
    return found


def places_of(key: Key) -> tuple[str, ...]:
    """Where a sentence stands: a file of each part that says it, from the part's folder on."""
    return _places().get(key, ())


def examples(tag: str, forms: int) -> list[str]:
    """For each plural form a few of the numbers that take it, such as "1, 21, 31"."""
    found: list[list[str]] = [[] for _ in range(forms)]
    for number in range(1001):
        form = counting(tag)(number)
        if form < forms and len(found[form]) < 3:
            found[form].append(str(number))
    return [", ".join(numbers) for numbers in found]


def history(*, viewer: Viewer, tag: str, key: Key) -> QuerySet[Correction]:
    """What was proposed for a sentence, the newest first."""
    context, sentence = key
    rows = Correction.objects.filter(language=tag, context=context, sentence=sentence)
    return rows.select_related("by", "decided_by").order_by("-at")


def waiting(*, viewer: Viewer) -> QuerySet[Correction]:
    """Corrections that wait for a second person, the oldest first."""
    return Correction.objects.filter(state=WAITS).select_related("by").order_by("at")


def changed(*, tag: str) -> Sequence[Entry]:
    """What holds in this house and does not stand in the catalogues: the content of a change file."""
    known = catalogue(tag)
    rows = Correction.objects.filter(language=tag, state=HOLDS).order_by("context", "sentence")
    return [row.entry for row in rows if row.entry.key in known and row.entry != known[row.entry.key]]


def live_checks() -> Iterator[Refusal]:
    """Sentences about danger, consent or deletion that no speaker reviewed, in the languages that the house offers."""
    for tag in dict.fromkeys(interface(offered).tag for offered in settings.SERAI_LANGUAGES):
        for line in _all_lines(tag):
            if line.entry.is_critical and not line.reviewed:
                yield Refusal(
                    "machine-drafted",
                    gettext("No speaker reviewed this sentence about danger, consent or deletion: %(sentence)s")
                    % {"sentence": line.entry.sentence},
                    reverse("wording:sentence", args=[tag, line.number], urlconf=settings.SERAI_DESK_URLCONF),
                    gettext(
                        "Let a speaker read it there, or write the comment “reviewed: NAME, DATE” in the catalogue."
                    ),
                )


def corrections_since(number: int) -> Corrections | None:
    """What holds, for every process of the house; None while its number is still the right one. One query then."""
    now = Standing.objects.values_list("number", flat=True).first() or 0
    if now == number:
        return None
    found: dict[str, list[Entry]] = {}
    for row in Correction.objects.filter(state=HOLDS):
        found.setdefault(row.language, []).append(row.entry)
    return Corrections(now, found)


def queues(viewer: Viewer) -> Iterable[QueueCount]:
    """What waits for the viewer's second look: nothing of his own."""
    since = [row.at for row in waiting(viewer=viewer) if str(row.by_id or "") != viewer.user_id]
    title = _("Corrections of the interface")
    yield QueueCount("wording", title, "wording:overview", len(since), min(since, default=None), frozenset({APPROVER}))
