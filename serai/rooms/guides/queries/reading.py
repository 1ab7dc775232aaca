"""One guide as a person reads it: found by its address, in a constant number of queries whatever the depth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.conf import settings
from wagtail.models import Page

from serai.engine.content.rendering import LinkTo, linked_pages
from serai.kernel.access.actions_organisations import organisation_touch
from serai.kernel.access.viewer import Viewer
from serai.kernel.facts.models import FactLine, State
from serai.kernel.languages.registry import Language, language, languages
from serai.kernel.languages.words import Said
from serai.kernel.places.actions import place_touch
from serai.kernel.places.models import Place

from ..access import shown
from ..keys import fact_key, guide_touch, public_path, tree_touch
from ..models import PUBLISHER_DEPTH, GuidePage
from .acts import ActShown, acts_over
from .lines import (
    ORIGINAL,
    GuideLine,
    address_under,
    by_guide,
    fact_line,
    light,
    nearest,
    standing_below,
    to_line,
    to_lines,
)


@dataclass(frozen=True)
class Elsewhere:
    """The guide stands at another address now."""

    address: str


@dataclass(frozen=True)
class Reading:
    """A guide with all that its page shows. asked: the language of the address; page: the text that is shown."""

    asked: Language
    page: GuidePage
    line: FactLine
    original: GuidePage | None
    versions: tuple[GuidePage, ...]
    above: tuple[GuideLine, ...]
    below: tuple[GuideLine, ...]
    acts: tuple[ActShown, ...]
    links: dict[int, LinkTo]
    linked: frozenset[UUID]
    places: tuple[Place, ...]
    unseen: bool = False
    """True when nobody checked it and the house is live: only that it is not shown may be said."""

    @property
    def language(self) -> Language:
        """The language the text is in."""
        return language(self.page.tag)

    @property
    def is_fallback(self) -> bool:
        """Whether the text is in another language than the one asked for."""
        return self.language != self.asked

    @property
    def is_older(self) -> bool:
        """Whether the original changed since this translation was made."""
        made_from = self.page.made_from
        if self.original is None or self.original is self.page or not made_from:
            return False
        return made_from != self.original.text_digest

    @property
    def original_address(self) -> str:
        """Where the original is read, in its own language; empty when it is not live."""
        return public_path(self.original.url_path) if self.original else ""

    @property
    def original_language(self) -> str:
        """Tag of the original's language."""
        return self.original.tag if self.original else ""

    @property
    def is_machine(self) -> bool:
        """Whether no person has yet looked at this translation."""
        return self.page.translation == GuidePage.Translation.MACHINE

    @cached_property
    def closed(self) -> ActShown | None:
        """The urgent act that closed the page, if one did."""
        return next((act for act in self.acts if act.kind == "closed"), None)

    @property
    def warnings(self) -> tuple[ActShown, ...]:
        """Warnings published at once that still hold."""
        return tuple(act for act in self.acts if act.kind == "warning")

    @property
    def has_details(self) -> bool:
        """Whether the text itself may be shown."""
        return self.line.state != State.HIDDEN and self.closed is None and not self.unseen

    @property
    def address(self) -> str:
        """Public path at which it is read now."""
        return address_under(self.asked.tag, self.page)

    @property
    def alternates(self) -> list[tuple[Language, str]]:
        """The same guide in each language of the house and in each it has been translated into."""
        own = {page.tag: page for page in self.versions}
        tags = dict.fromkeys([*settings.SERAI_LANGUAGES, *sorted(own)])
        return [(language(tag), address_under(tag, own.get(tag, self.page))) for tag in tags]

    @property
    def place_names(self) -> list[Said]:
        """The places it is about, in the language asked for or the nearest."""
        return [place.said(self.asked.tag) for place in self.places]

    @property
    def keys(self) -> set[str]:
        """What the page depends on: see keys.py."""
        found = {
            guide_touch(self.page.translation_key),
            f"fact:{fact_key(self.page.translation_key)}",
            tree_touch(self.page.organisation.key),
            organisation_touch(self.page.organisation.key),
            *(place_touch(place.key) for place in self.places),
        }
        for line in (*self.above, *self.below):
            found |= line.keys
        return found | {guide_touch(key) for key in self.linked}

    @property
    def expires(self) -> date | None:
        """The next day on which something here changes by itself."""
        days = [line.next_change for line in self.below] + [self.page.fact.next_change() if self.page.fact else None]
        return min((day for day in days if day), default=None)


def guide_at(*, viewer: Viewer, tag: str, path: str) -> Reading | Elsewhere | None:
    """The guide at a public address. tag: language of the address; path: publisher and slugs, `lindenbach/a/b`.

    A text that is only there in other languages is found under each language's address; one that moved within its
    publisher is found by its last slug when only one has it. None: there is no such guide.
    """
    asked = language(tag)
    path = path.strip("/")
    found = list(
        GuidePage.objects.filter(url_path__in=[f"/{known}/{path}/" for known in languages()], live=True)
        .select_related("locale")
        .defer("body")
    )
    if not found:
        return _moved(asked, path)
    shown_here = nearest(found, asked.tag)
    versions = list(_versions(shown_here.translation_key))
    best = nearest(versions, asked.tag)
    own = best.locale.language_code == asked.tag.lower()
    if own and public_path(best.url_path) != public_path(f"/{asked.tag}/{path}/"):
        return Elsewhere(public_path(best.url_path))
    return _reading(asked, best.pk, tuple(versions))


def guide_of(*, viewer: Viewer, tag: str, translation_key: UUID) -> Reading | None:
    """The guide of a translation key, for its short text and its poster."""
    versions = list(_versions(translation_key))
    if not versions:
        return None
    return _reading(language(tag), nearest(versions, tag).pk, tuple(versions))


def reading_of_draft(*, viewer: Viewer, page: GuidePage) -> Reading:
    """A draft, saved or not, as its page would look."""
    versions = tuple(version for version in _versions(page.translation_key) if version.pk != page.pk)
    return _complete(language(page.tag), page, (*versions, page))


def _versions(translation_key: UUID) -> Sequence[GuidePage]:
    rows = GuidePage.objects.filter(translation_key=translation_key, live=True)
    return rows.select_related("locale", "organisation", "fact").defer("body").order_by("pk")


def _reading(asked: Language, pk: int, versions: tuple[GuidePage, ...]) -> Reading:
    page = GuidePage.objects.select_related("locale", "organisation", "fact", "topic").get(pk=pk)
    return _complete(asked, page, versions)


def _complete(asked: Language, page: GuidePage, versions: tuple[GuidePage, ...]) -> Reading:
    line = fact_line(page)
    unseen = settings.SERAI_MODE == "live" and line.state == State.UNCHECKED
    original = next((version for version in versions if version.translation == ORIGINAL), None)
    links, linked = _links(page, asked.tag)
    return Reading(
        asked,
        page,
        line,
        page if original is not None and original.pk == page.pk else original,
        versions,
        _above(original or page, asked.tag),
        tuple(to_lines(standing_below([(row.path, row.depth) for row in versions if row.path]), asked.tag)),
        tuple(acts_over(page, asked.tag)),
        links,
        linked,
        tuple(page.places.all()) if page.pk else (),
        unseen,
    )


def _above(placed: GuidePage, tag: str) -> tuple[GuideLine, ...]:
    """The guides above, from the publisher down; one that nobody may read is left out."""
    step = placed.steplen
    paths = [placed.path[: step * depth] for depth in range(PUBLISHER_DEPTH + 1, placed.depth)]
    keys = Page.objects.filter(path__in=paths).values("translation_key")
    rows = light(GuidePage.objects.filter(shown(), translation_key__in=keys).order_by("depth"))
    groups = by_guide(rows)
    order = {key: len(paths) for key in groups}
    for row_path, key in [(page.path, page.translation_key) for group in groups.values() for page in group]:
        if row_path in paths:
            order[key] = paths.index(row_path)
    ordered = sorted(groups, key=lambda key: order[key])
    return tuple(to_line(nearest(groups[key], tag), tag) for key in ordered)


def _links(page: GuidePage, tag: str) -> tuple[dict[int, LinkTo], frozenset[UUID]]:
    """Where the links of the text lead, whatever language they were made in. One query."""
    ids = linked_pages(page.body.get_prep_value())
    if not ids:
        return {}, frozenset()
    pages = Page.objects.filter(pk__in=ids)
    rows = GuidePage.objects.filter(translation_key__in=pages.values("translation_key"))
    groups = by_guide(rows.select_related("locale", "fact").defer("body"))
    links = {}
    for group in groups.values():
        readable = [row for row in group if _is_shown(row)]
        if readable:
            best = nearest(readable, tag)
            target = LinkTo(address_under(tag, best), best.tag)
            links.update({row.pk: target for row in group if row.pk in ids})
    return links, frozenset(groups)


def _is_shown(page: GuidePage) -> bool:
    return page.live and (settings.SERAI_MODE != "live" or fact_line(page).state != State.UNCHECKED)


def _moved(asked: Language, path: str) -> Elsewhere | None:
    publisher, _, rest = path.partition("/")
    slug = rest.rsplit("/", 1)[-1]
    if not slug:
        return None
    rows = GuidePage.objects.filter(shown(), slug=slug, organisation__key=publisher)
    groups = by_guide(rows.select_related("locale", "organisation", "fact").defer("body")[:50])
    if len(groups) != 1:
        return None
    group = next(iter(groups.values()))
    best = nearest(_versions(group[0].translation_key), asked.tag)
    address = address_under(asked.tag, best)
    return Elsewhere(address) if address != public_path(f"/{asked.tag}/{path}/") else None
