"""What is missing, older than its original, or only drafted by a machine, in each language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from serai.kernel.access.viewer import Viewer
from serai.kernel.languages.registry import language
from serai.kernel.register.ports import QueueCount

from ...access import EDITORS, TRANSLATOR
from ...models import GuidePage

State = Literal["missing", "older", "machine"]
STATES: tuple[State, ...] = ("older", "missing", "machine")
_ORIGINAL, _MACHINE = GuidePage.Translation.ORIGINAL, GuidePage.Translation.MACHINE
_FIELDS = (
    "pk",
    "key",
    "title",
    "live",
    "translation",
    "made_from",
    "text_digest",
    "locale__language_code",
    "last_published_at",
    "has_unpublished_changes",
)


@dataclass(frozen=True)
class ToTranslate:
    """One guide that needs a translator in one language. pk: of the original; draft_pk: of a translation that is there.

    since: when it became so, as far as the house knows.
    """

    pk: int
    key: str
    title: str
    source: str
    language: str
    state: State
    since: datetime | None
    draft_pk: int | None
    is_begun: bool


def to_translate(*, viewer: Viewer, tag: str = "", state: str = "") -> list[ToTranslate]:
    """All that waits for a translator, oldest first; of one language or state, if named. One query."""
    rows = GuidePage.objects.filter(organisation_id__in=viewer.organisations(*EDITORS)).values(*_FIELDS)
    by_key: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        by_key.setdefault(row["key"], {})[language(row["locale__language_code"]).tag] = row
    found = [one for versions in by_key.values() for one in _of_guide(versions)]
    wanted = [one for one in found if tag in ("", one.language) and state in ("", one.state)]
    return sorted(wanted, key=_urgency)


def counts(lines: Iterable[ToTranslate]) -> list[tuple[str, dict[State, int]]]:
    """(tag, how many of each state) in the order of the house's languages."""
    found: dict[str, dict[State, int]] = {tag: dict.fromkeys(STATES, 0) for tag in settings.SERAI_LANGUAGES}
    for one in lines:
        found.setdefault(one.language, dict.fromkeys(STATES, 0))[one.state] += 1
    return [(tag, by_state) for tag, by_state in found.items() if any(by_state.values())]


def queues(viewer: Viewer) -> Iterable[QueueCount]:
    """What waits for translators, on the desk's first page. Missing ones are work, not a queue: they do not count."""
    waiting = [one for one in to_translate(viewer=viewer) if one.state != "missing"]
    since = [one.since for one in waiting if one.since]
    yield QueueCount(
        "guides.translations",
        _("Translations to bring up to date or to review"),
        "guides:translations",
        len(waiting),
        min(since, default=None),
        frozenset({TRANSLATOR}),
    )


def _urgency(one: ToTranslate) -> tuple[int, float, str]:
    return STATES.index(one.state), one.since.timestamp() if one.since else float("inf"), one.title


def _of_guide(versions: Mapping[str, Mapping[str, Any]]) -> Iterable[ToTranslate]:
    source = next((tag for tag, row in versions.items() if row["translation"] == _ORIGINAL and row["live"]), None)
    if source is None:
        return
    original = versions[source]
    for tag in dict.fromkeys([*settings.SERAI_LANGUAGES, *versions]):
        row = versions.get(tag)
        state = _state(row, original) if tag != source else None
        if state is not None:
            yield ToTranslate(
                original["pk"],
                original["key"],
                original["title"],
                source,
                tag,
                state,
                original["last_published_at"],
                row["pk"] if row else None,
                bool(row and (row["has_unpublished_changes"] or not row["live"])),
            )


def _state(row: Mapping[str, Any] | None, original: Mapping[str, Any]) -> State | None:
    if row is None or not row["live"]:
        return "missing"
    if row["made_from"] and row["made_from"] != original["text_digest"]:
        return "older"
    return "machine" if row["translation"] == _MACHINE else None
