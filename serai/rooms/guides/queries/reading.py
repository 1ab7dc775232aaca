"""One guide as a person reads it: found by its address, in a constant number of queries whatever the depth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from wagtail.models import Page

from serai.engine.content.rendering import LinkTo, linked_pages
from serai.kernel.access.actions_organisations import organisation_touch
from serai.kernel.access.viewer import Viewer
from serai.kernel.facts.models import FactLine, State
from serai.kernel.languages.registry import Language, language, languages
from serai.kernel.languages.words import Said, say
from serai.kernel.places.actions import place_touch

from ..keys import fact_key, guide_touch, public_path, tree_touch
from ..models import PUBLISHER_DEPTH, GuidePage
from .about import PlaceNamed, places_of
from .acts import ActShown, acts_over
from .lines import (
    ORIGINAL,
    GuideLine,
    Row,
    Text,
    address_under,
    below,
    by_guide,
    fact_line,
    guides_of,
    nearest,
    rows,
    stands_below,
    to_line,
    to_lines,
)

SHOWN = (
    *("key", "translation_key", "title", "summary", "body", "url_path", "path", "depth"),
    *("translation", "made_from", "text_digest", "locale__language_code"),
    *(f"organisation__{name}" for name in ("key", "names", "phone", "email", "url", "fictional")),
    *(f"fact__{name}" for name in ("source_name", "source_url", "checked_on", "checked_by", "review_by")),
)
"""What of a guide its page shows."""


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
    original: Text | None
    versions: tuple[Text, ...]
    above: tuple[GuideLine, ...]
    below: tuple[GuideLine, ...]
    acts: tuple[ActShown, ...]
    links: dict[int, LinkTo]
    linked: frozenset[UUID]
    places: tuple[PlaceNamed, ...]
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
        return [say(place.names, self.asked.tag) for place in self.places]

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
    addresses = {f"/{known}/{path}/" for known in languages()}
    slug = path.rsplit("/", 1)[-1]  # this the database finds by an index
    found = rows(Q(live=True) & guides_of(Q(slug=slug, url_path__in=addresses, live=True)))
    if not found:
        return _moved(asked, path)
    key = nearest([row for row in found if row.url_path in addresses], asked.tag).translation_key
    versions = tuple(row for row in found if row.translation_key == key)
    best = nearest(versions, asked.tag)
    own = public_path(best.url_path)
    if best.tag == asked.tag and own != public_path(f"/{asked.tag}/{path}/"):
        return Elsewhere(own)
    return _reading(asked, best.pk, versions)


def guide_of(*, viewer: Viewer, tag: str, translation_key: UUID) -> Reading | None:
    """The guide of a translation key, for its short text and its poster."""
    versions = _versions(translation_key)
    return _reading(language(tag), nearest(versions, tag).pk, versions) if versions else None


def reading_of_draft(*, viewer: Viewer, page: GuidePage) -> Reading:
    """A draft, saved or not, as its page would look."""
    versions = tuple(version for version in _versions(page.translation_key) if version.pk != page.pk)
    places = tuple(PlaceNamed(place.key, place.names) for place in page.places.all()) if page.pk else ()
    return _complete(language(page.tag), page, (*versions, page), places)


def _versions(translation_key: UUID) -> tuple[Row, ...]:
    return tuple(rows(Q(translation_key=translation_key, live=True)))


@lru_cache(maxsize=1)
def _pages() -> QuerySet[GuidePage]:
    """Never asked itself, only narrowed. See lines."""
    return GuidePage.objects.order_by().select_related("locale", "organisation", "fact").only(*SHOWN)


def _reading(asked: Language, pk: int, versions: tuple[Row, ...]) -> Reading:
    return _complete(asked, _pages().get(pk=pk), versions, places_of([pk]).get(pk, ()))


def _complete(asked: Language, page: GuidePage, versions: tuple[Text, ...], places: tuple[PlaceNamed, ...]) -> Reading:
    line = fact_line(page)
    unseen = settings.SERAI_MODE == "live" and line.state == State.UNCHECKED
    original = next((version for version in versions if version.translation == ORIGINAL), None)
    around = _around(original or page, versions, linked_pages(page.body.get_prep_value()), asked.tag)
    return Reading(
        asked,
        page,
        line,
        page if original is not None and original.pk == page.pk else original,
        versions,
        around.above,
        around.below,
        tuple(acts_over(page, asked.tag)),
        around.links,
        around.linked,
        places,
        unseen,
    )


@dataclass(frozen=True)
class Around:
    """Guides above, from the publisher down, and below; where links lead; all guides that are linked to."""

    above: tuple[GuideLine, ...]
    below: tuple[GuideLine, ...]
    links: dict[int, LinkTo]
    linked: frozenset[UUID]


def _around(placed: Text, versions: Iterable[Text], ids: set[int], tag: str) -> Around:
    """placed: the text where the guide stands; ids: the pages to which it links. One query."""
    paths = [placed.path[: Page.steplen * depth] for depth in range(PUBLISHER_DEPTH + 1, placed.depth)]
    parents = [(version.path, version.depth) for version in versions if version.path]
    groups = by_guide(rows(guides_of(Q(path__in=paths) | below(parents) | Q(pk__in=ids))))
    above: dict[str, GuideLine] = {}
    links: dict[int, LinkTo] = {}
    for group in groups.values():
        readable = [row for row in group if row.is_shown]
        if not readable:
            continue
        best = nearest(readable, tag)
        above.update({row.path: to_line(best, tag) for row in group if row.path in paths})
        target = LinkTo(address_under(tag, best), best.tag)
        links.update({row.pk: target for row in group if row.pk in ids})
    return Around(
        tuple(above[path] for path in paths if path in above),
        tuple(to_lines((group for group in groups.values() if stands_below(group, parents)), tag)),
        links,
        frozenset(key for key, group in groups.items() if any(row.pk in ids for row in group)),
    )


def _moved(asked: Language, path: str) -> Elsewhere | None:
    publisher, _, rest = path.partition("/")
    slug = rest.rsplit("/", 1)[-1]
    if not slug:
        return None
    found = [row for row in rows(Q(slug=slug, organisation__key=publisher)) if row.is_shown]
    keys = {row.translation_key for row in found}
    if len(keys) != 1:
        return None
    address = address_under(asked.tag, nearest(_versions(keys.pop()), asked.tag))
    return Elsewhere(address) if address != public_path(f"/{asked.tag}/{path}/") else None
