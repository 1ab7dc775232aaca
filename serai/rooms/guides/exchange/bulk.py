"""Many new guides at once, in the same rows that Wagtail would write one by one: pages, versions, log, events, facts.

A thousand pages saved one by one take minutes, most of it in checks that one look at the whole answers. All rows are
known beforehand here; nothing that stands is touched. What exists already goes through actions.save_guide.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from modelsearch.backends import get_search_backends
from wagtail.models import Locale, Page, PageLogEntry, ReferenceIndex, Revision

from serai.engine.content import stream
from serai.kernel.access.models import Organisation, User
from serai.kernel.facts.models import Fact
from serai.kernel.ledger.actions import record

from ..actions import Source, ensure_publisher_home
from ..keys import fact_key, guide_touch, topic_touch, translation_key_of, tree_touch
from ..models import GuidePage, Topic

AT_ONCE = 100
_LINK = re.compile(r'<a href="guide:([^"]+)">(.*?)</a>', re.S)

Ids = Mapping[str, Mapping[str, int]]
"""Ids of pages by key and language."""

Resolve = Callable[[str, str], int | None]
"""Given the key of a guide and a language: id of the page to link to."""


@dataclass
class NewGuide:
    """A guide in one language that is not there yet. html: text in the house's subset, links as `guide:<key>`.

    parent: key of the guide below whose page in this language it stands, "" for the publisher's home; it comes earlier
    in the list, or exists. made_from: digest of the original's text, "" for an original; made_from_original: that of
    the original as it stands after this call.
    """

    key: str
    language: str
    slug: str
    title: str
    summary: str
    html: str
    parent: str
    position: int
    translation: str
    made_from: str = ""
    made_from_original: bool = False


@dataclass
class _Place:
    """A page below which others may stand."""

    path: str
    depth: int
    url_path: str
    pk: int | None
    children: int
    last: int
    slugs: set[str]


def create_guides(
    new: Sequence[NewGuide],
    *,
    by: User | None,
    organisation: Organisation,
    topic: Topic | None,
    sources: Mapping[str, Source],
    progress: Callable[[int], None] = lambda _: None,
) -> dict[tuple[str, str], int]:
    """Makes the guides and puts them live; returns the id of each by key and language. Within the caller's transaction.

    sources: by key, for facts that are not there yet. Originals come before their translations.
    """
    return _Making(by, organisation, topic, sources).make(new, progress)


def with_links(html: str, language: str, resolve: Resolve) -> str:
    """The text with `guide:<key>` links led to pages; where there is no page the words stay."""

    def lead(found: re.Match[str]) -> str:
        pk = resolve(found[1], language)
        return f'<a linktype="page" id="{pk}">{found[2]}</a>' if pk else found[2]

    return _LINK.sub(lead, html)


def body_of(html: str) -> list[tuple[str, Any]]:
    """The blocks of an imported text: one of text, or none at all."""
    return [("text", html)] if html else []


class _Making:
    """One call."""

    def __init__(
        self, by: User | None, organisation: Organisation, topic: Topic | None, sources: Mapping[str, Source]
    ) -> None:
        self.by, self.organisation, self.topic, self.sources = by, organisation, topic, sources
        self.now = timezone.now()
        self.kind = ContentType.objects.get_for_model(GuidePage)
        self.base_kind = ContentType.objects.get_for_model(Page)
        self.places: dict[tuple[str, str], _Place] = {}
        self.ids: dict[str, dict[str, int]] = {}
        self.digests: dict[str, str] = {}

    def make(self, new: Sequence[NewGuide], progress: Callable[[int], None]) -> dict[tuple[str, str], int]:
        self._look_around(new)
        facts = self._facts(new)
        pages = self._base_rows(new)
        made = {(guide.key, guide.language): page.pk for guide, page in zip(new, pages, strict=True)}
        for (key, tag), pk in made.items():
            self.ids.setdefault(key, {})[tag] = pk
        for at in range(0, len(new), AT_ONCE):
            some = slice(at, at + AT_ONCE)
            self._guides(new[some], pages[some], facts)
            progress(len(new[some]))
        self._count_children()
        return made

    def _look_around(self, new: Sequence[NewGuide]) -> None:
        """Homes, existing guides of the publisher, and what stands directly below each: a few queries."""
        self.locales: dict[str, Locale] = {}
        for tag in dict.fromkeys(guide.language for guide in new):
            home = ensure_publisher_home(self.organisation, tag)
            self.locales[tag] = home.locale
            self.places["", tag] = _place_of(home)
        self.keys: dict[str, uuid.UUID] = {}
        rows = GuidePage.objects.filter(organisation=self.organisation).select_related("locale").defer("body")
        for page in rows:
            self.places[page.key, page.tag] = _place_of(page)
            self.ids.setdefault(page.key, {})[page.tag] = page.pk
            self.keys[page.key] = page.translation_key
            if page.translation == GuidePage.Translation.ORIGINAL:
                self.digests[page.key] = page.text_digest
        by_path = {place.path: place for place in self.places.values()}
        step = Page.steplen
        homes = [self.places["", tag].path for tag in self.locales]
        inside = models.Q(pk__in=[])
        for path in homes:
            inside |= models.Q(path__startswith=path)
        for path, slug in Page.objects.filter(inside).values_list("path", "slug"):
            above = by_path.get(path[:-step])
            if above is not None:
                above.slugs.add(slug)
                above.last = max(above.last, Page._str2int(path[-step:]))

    def _facts(self, new: Sequence[NewGuide]) -> dict[str, Fact]:
        wanted = {guide.key: fact_key(self._translation_key(guide.key)) for guide in new}
        there = {}
        names = list(dict.fromkeys(wanted.values()))
        for at in range(0, len(names), 500):
            there.update({fact.key: fact for fact in Fact.objects.filter(key__in=names[at : at + 500])})
        fresh = {}
        for key, name in wanted.items():
            if name not in there and name not in fresh:
                source = self.sources.get(key, Source())
                fresh[name] = Fact(
                    key=name, organisation=self.organisation, source_name=source.name, source_url=source.url
                )
        Fact.objects.bulk_create(fresh.values(), batch_size=AT_ONCE)
        for fact in fresh.values():
            record("facts.fact_stated", subject=f"facts.fact:{fact.pk}", by=self._by(), touches=[f"fact:{fact.key}"])
        return {key: there.get(name) or fresh[name] for key, name in wanted.items()}

    def _translation_key(self, key: str) -> uuid.UUID:
        return self.keys.setdefault(key, translation_key_of(key))

    def _base_rows(self, new: Sequence[NewGuide]) -> list[Page]:
        pages = []
        for guide in new:
            above = self.places.get((guide.parent, guide.language)) or self.places["", guide.language]
            above.last += 1
            above.children += 1
            path = Page._get_path(above.path, above.depth + 1, above.last)
            slug = _free_slug(guide.slug, above.slugs)
            url_path = f"{above.url_path}{slug}/"
            self.places[guide.key, guide.language] = _Place(path, above.depth + 1, url_path, None, 0, 0, set())
            pages.append(
                Page(
                    path=path,
                    depth=above.depth + 1,
                    slug=slug,
                    url_path=url_path,
                    title=guide.title,
                    draft_title=guide.title,
                    translation_key=self._translation_key(guide.key),
                    locale=self.locales[guide.language],
                    content_type=self.kind,
                    owner=self.by,
                    live=True,
                    first_published_at=self.now,
                    last_published_at=self.now,
                    latest_revision_created_at=self.now,
                )
            )
        Page.objects.bulk_create(pages, batch_size=AT_ONCE)
        for guide, page in zip(new, pages, strict=True):
            self.places[guide.key, guide.language].pk = page.pk
        return pages

    def _guides(self, new: Sequence[NewGuide], pages: Sequence[Page], facts: Mapping[str, Fact]) -> None:
        made = [self._guide(guide, page, facts[guide.key]) for guide, page in zip(new, pages, strict=True)]
        # bulk_create knows no models with a table above them; this is the insert below it, for our table alone.
        GuidePage._base_manager._insert(made, fields=GuidePage._meta.local_concrete_fields, using=Page.objects.db)
        revisions = Revision.objects.bulk_create([self._revision(page) for page in made])
        for base, page, revision in zip(pages, made, revisions, strict=True):
            base.latest_revision = base.live_revision = revision
            page.latest_revision = page.live_revision = revision
        Page.objects.bulk_update(pages, ["latest_revision", "live_revision"])
        PageLogEntry.objects.bulk_create(
            [self._entry(page, action) for page in made for action in ("wagtail.create", "wagtail.publish")]
        )
        ReferenceIndex.objects.bulk_create([row for page in made for row in self._references(page)])
        for backend in get_search_backends():
            backend.add_bulk(GuidePage, made)
        for page in made:
            self._record(page)

    def _guide(self, guide: NewGuide, base: Page, fact: Fact) -> GuidePage:
        values = {field.attname: getattr(base, field.attname) for field in Page._meta.local_concrete_fields}
        page = GuidePage(page_ptr_id=base.pk, **values)
        page.key, page.organisation, page.fact, page.topic = guide.key, self.organisation, fact, self.topic
        page.summary, page.position, page.translation = guide.summary, guide.position, guide.translation
        raw = stream.stored(body_of(with_links(guide.html, guide.language, self._page_to_link)))
        page.body = stream.stream_value(raw)
        page.text_digest = stream.digest(guide.title, guide.summary, raw)
        page.made_from = self.digests.get(guide.key, "") if guide.made_from_original else guide.made_from
        if guide.translation == GuidePage.Translation.ORIGINAL:
            self.digests[guide.key] = page.text_digest
        page._state.adding, page._state.db = False, base._state.db
        return page

    def _page_to_link(self, key: str, language: str) -> int | None:
        return page_to_link(self.ids, key, language)

    def _revision(self, page: GuidePage) -> Revision:
        return Revision(
            content_type=self.kind,
            base_content_type=self.base_kind,
            object_id=str(page.pk),
            created_at=self.now,
            user=self.by,
            object_str=str(page),
            content=page.serializable_data(),
        )

    def _entry(self, page: GuidePage, action: str) -> PageLogEntry:
        is_publish = action == "wagtail.publish"
        return PageLogEntry(
            page_id=page.pk,
            content_type=self.kind,
            label=page.title,
            action=action,
            timestamp=self.now,
            user=self.by,
            revision=page.latest_revision if is_publish else None,
            content_changed=True,
        )

    def _references(self, page: GuidePage) -> Iterator[ReferenceIndex]:
        found = set(ReferenceIndex._extract_references_from_object(page))
        for to_kind, to_id, model_path, content_path in sorted(found):
            yield ReferenceIndex(
                content_type=self.kind,
                base_content_type=self.base_kind,
                object_id=page.pk,
                to_content_type_id=to_kind,
                to_object_id=to_id,
                model_path=model_path,
                content_path=content_path,
                content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
            )

    def _record(self, page: GuidePage) -> None:
        """The same events that the adapter makes of Wagtail's log."""
        subject = f"content.page:{page.pk}"
        record("content.page_created", subject=subject, by=self._by())
        touches = {guide_touch(page.translation_key), tree_touch(self.organisation.key)}
        if self.topic is not None:
            touches.add(topic_touch(self.topic.key))
        record("content.page_published", subject=subject, by=self._by(), touches=touches)

    def _by(self) -> str:
        return str(self.by.pk) if self.by else ""

    def _count_children(self) -> None:
        for place in self.places.values():
            if place.children and place.pk is not None:
                Page.objects.filter(pk=place.pk).update(numchild=F("numchild") + place.children)


def page_to_link(ids: Ids, key: str, language: str) -> int | None:
    """The page of a guide in the language, else in any: the public page finds the reader's language by itself."""
    found = ids.get(key, {})
    return found.get(language) or next(iter(found.values()), None)


def _place_of(page: Page) -> _Place:
    return _Place(page.path, page.depth, page.url_path, page.pk, 0, 0, set())


def _free_slug(wanted: str, taken: set[str]) -> str:
    slug = slugify(wanted, allow_unicode=True)[:200] or "guide"
    candidate, number = slug, 1
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{number}"
    taken.add(candidate)
    return candidate
