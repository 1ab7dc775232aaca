"""Guides as lines of a list: each guide once, in the language asked for or the nearest along the chain.

Lists are made of plain rows with the columns they need: a page of Wagtail has three times as many, and costs that much
more to ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from wagtail.models import Page

from serai.kernel.facts.models import FactLine, State, next_change_of, state_of
from serai.kernel.languages.registry import chain, language
from serai.kernel.languages.words import Said, said_in, say

from ..keys import fact_key, guide_touch, public_path
from ..models import GuidePage

ORIGINAL = GuidePage.Translation.ORIGINAL
COLUMNS = (
    *("pk", "translation_key", "title", "summary", "url_path", "path", "depth", "position", "live"),
    *("first_published_at", "translation", "text_digest", "locale__language_code"),
    *("organisation__key", "organisation__names", "fact__checked_on", "fact__review_by"),
)


class Row(NamedTuple):
    """One guide in one language without its text: COLUMNS in their order."""

    pk: int
    translation_key: UUID
    title: str
    summary: str
    url_path: str
    path: str
    depth: int
    position: int
    live: bool
    first_published_at: datetime | None
    translation: str
    text_digest: str
    locale_code: str
    publisher_key: str
    publisher_names: Mapping[str, str]
    checked_on: date | None
    review_by: date | None

    @property
    def tag(self) -> str:
        """BCP 47 tag of its language."""
        return language(self.locale_code).tag

    @property
    def state(self) -> State:
        """How far it may be relied on today."""
        return state_of(self.checked_on, self.review_by)

    @property
    def is_shown(self) -> bool:
        """Whether the public may read it; access.shown asks the database the same."""
        return self.live and (settings.SERAI_MODE != "live" or self.state != State.UNCHECKED)


Text = GuidePage | Row
T = TypeVar("T", bound=Text)


@dataclass(frozen=True)
class GuideLine:
    """One guide in a list. language: the tag its words are in; address: on the public host, under the tag asked for."""

    translation_key: UUID
    title: str
    summary: str
    language: str
    address: str
    state: State
    publisher_key: str
    publisher: Said
    next_change: date | None

    @property
    def keys(self) -> frozenset[str]:
        """What a page that shows this line depends on."""
        return frozenset({guide_touch(self.translation_key), f"fact:{fact_key(self.translation_key)}"})


@lru_cache(maxsize=1)
def _all() -> QuerySet[GuidePage, tuple[Any, ...]]:
    """Never asked itself, only narrowed: to name the columns costs as much as to ask for them."""
    return GuidePage.objects.order_by().values_list(*COLUMNS)


def rows(wanted: Q) -> list[Row]:
    """The guides wanted, each in all its languages that are, in the order of the tree. One query."""
    return sorted((Row._make(values) for values in _all().filter(wanted)), key=lambda row: row.path)


@lru_cache(maxsize=1)
def _keys() -> QuerySet[Page, dict[str, Any]]:
    """Never asked itself either."""
    return Page.objects.order_by().values("translation_key")


def guides_of(pages: Q) -> Q:
    """The guides of these pages, in all languages."""
    return Q(translation_key__in=_keys().filter(pages))


def nearest(texts: Iterable[T], tag: str) -> T:
    """Of several languages of one guide, the one along the chain; then the original; then any."""
    order = chain(tag, tuple(settings.SERAI_LANGUAGES))
    rank = {candidate: place for place, candidate in enumerate(order)}
    return min(texts, key=lambda text: (rank.get(text.tag, len(rank)), text.translation != ORIGINAL, text.pk))


def by_guide(texts: Iterable[T]) -> dict[UUID, list[T]]:
    """Languages of each guide together, in the order in which guides come."""
    groups: dict[UUID, list[T]] = {}
    for text in texts:
        groups.setdefault(text.translation_key, []).append(text)
    return groups


def address_under(tag: str, text: Text) -> str:
    """Public address of a text under the language asked for: a fallback is served there, with a note."""
    _, _, rest = text.url_path.strip("/").partition("/")
    return public_path(f"/{tag}/{rest}/") if rest else f"/{tag}/"


def fact_line(page: GuidePage) -> FactLine:
    """The facts line of a guide; of one that has none, that nobody checked. Its publisher is called by known names."""
    if page.fact is None:
        return FactLine(State.UNCHECKED, "", "", None, "", None)
    line, names = page.fact.line(), page.organisation.names
    source, checker = said_in(line.source_name, names), said_in(line.checked_by, names)
    return replace(line, source_language=source, checker_language=checker)


def to_line(row: Row, tag: str) -> GuideLine:
    """A row as a line."""
    return GuideLine(
        row.translation_key,
        row.title,
        row.summary,
        row.tag,
        address_under(tag, row),
        row.state,
        row.publisher_key,
        say(row.publisher_names, tag),
        next_change_of(row.review_by),
    )


def chosen(groups: Iterable[Sequence[Row]], tag: str) -> list[Row]:
    """Of each guide the text to show, by position and title; a guide that the public may not read is left out."""
    readable = [[row for row in group if row.is_shown] for group in groups]
    found = [nearest(group, tag) for group in readable if group]
    return sorted(found, key=lambda row: (row.position, row.title))


def to_lines(groups: Iterable[Sequence[Row]], tag: str) -> list[GuideLine]:
    """Each guide once, by position and title."""
    return [to_line(row, tag) for row in chosen(groups, tag)]


def below(parents: Iterable[tuple[str, int]]) -> Q:
    """Pages directly below one of the parents, given as (path, depth) in the tree."""
    found = Q(pk__in=[])
    for path, depth in parents:
        first, last = (path + sign * Page.steplen for sign in "0Z")
        found |= Q(path__range=(first, last), depth=depth + 1)  # a range: SQLite finds no beginning by an index
    return found


def stands_below(group: Sequence[Row], parents: Iterable[tuple[str, int]]) -> bool:
    """Whether a guide's place is directly below one of the parents. group: all its texts, shown or not.

    The place of a guide is that of its original; only one without any original stands where its translation does.
    """
    placed = [row for row in group if row.translation == ORIGINAL] or group
    return any(row.depth == depth + 1 and row.path.startswith(path) for row in placed for path, depth in parents)
