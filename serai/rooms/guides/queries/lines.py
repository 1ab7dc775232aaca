"""Guides as lines of a list: each guide once, in the language asked for or the nearest along the chain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from serai.kernel.facts.models import Fact, FactLine, State
from serai.kernel.languages.registry import chain, language
from serai.kernel.languages.words import Said

from ..access import shown
from ..keys import fact_key, guide_touch, public_path
from ..models import GuidePage

ORIGINAL = GuidePage.Translation.ORIGINAL
LIGHT = ("body",)


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


def rank(tag: str) -> dict[str, int]:
    """Place of each language along the chain, by Wagtail's code of it; a language that is missing comes after all."""
    return {candidate.lower(): place for place, candidate in enumerate(chain(tag, tuple(settings.SERAI_LANGUAGES)))}


def nearest(pages: Iterable[GuidePage], tag: str) -> GuidePage:
    """Of several languages of one guide, the one along the chain; then the original; then any."""
    order = rank(tag)
    last = len(order)
    return min(
        pages,
        key=lambda page: (order.get(page.locale.language_code, last), page.translation != ORIGINAL, page.pk),
    )


def by_guide(pages: Iterable[GuidePage]) -> dict[UUID, list[GuidePage]]:
    """Languages of each guide together, in the order in which guides come."""
    groups: dict[UUID, list[GuidePage]] = {}
    for page in pages:
        groups.setdefault(page.translation_key, []).append(page)
    return groups


def address_under(tag: str, page: GuidePage) -> str:
    """Public address of a page under the language asked for: a fallback is served there, with a note."""
    _, _, rest = page.url_path.strip("/").partition("/")
    return public_path(f"/{tag}/{rest}/") if rest else f"/{tag}/"


def fact_line(page: GuidePage) -> FactLine:
    """The facts line of a guide; of one that has none, that nobody checked."""
    return page.fact.line() if page.fact else FactLine(State.UNCHECKED, "", "", None, "", None)


def to_line(page: GuidePage, tag: str) -> GuideLine:
    """A page, fetched with locale, organisation and fact, as a line."""
    fact: Fact | None = page.fact
    return GuideLine(
        page.translation_key,
        page.title,
        page.summary,
        page.tag,
        address_under(tag, page),
        fact.state() if fact else State.UNCHECKED,
        page.organisation.key,
        page.organisation.said(tag),
        fact.next_change() if fact else None,
    )


def light(pages: QuerySet[GuidePage]) -> QuerySet[GuidePage]:
    """With all that a line needs and without the text."""
    return pages.select_related("locale", "organisation", "fact").defer(*LIGHT)


def to_lines(pages: QuerySet[GuidePage], tag: str) -> list[GuideLine]:
    """Each guide once, by position and title. One query."""
    chosen = [nearest(group, tag) for group in by_guide(light(pages)).values()]
    chosen.sort(key=lambda page: (page.position, page.title))
    return [to_line(page, language(tag).tag) for page in chosen]


def standing_below(parents: Sequence[tuple[str, int]]) -> QuerySet[GuidePage]:
    """Guides in all languages whose place is directly below one of the parents, given as (path, depth) in the tree.

    The place of a guide is that of its original; only one without any original stands where its translation does.
    """
    below = Q(pk__in=[])
    for path, depth in parents:
        below |= Q(path__startswith=path, depth=depth + 1)
    originals = GuidePage.objects.filter(translation_key=OuterRef("translation_key"), translation=ORIGINAL)
    placed = GuidePage.objects.filter(below).filter(Q(translation=ORIGINAL) | ~Exists(originals))
    return GuidePage.objects.filter(shown(), translation_key__in=placed.values("translation_key"))
