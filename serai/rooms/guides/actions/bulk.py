"""Many new guides at once, in the same rows that Wagtail would write one by one: pages, versions, log, events, facts.

A thousand pages saved one by one take minutes, most of it in checks that one look at the whole answers. All rows are
known beforehand here; nothing that stands is touched. What exists already goes through actions.save_guide.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import slugify
from modelsearch.backends import get_search_backends
from wagtail.models import Locale, Page, PageLogEntry, ReferenceIndex, Revision

from serai.engine.content import stream
from serai.kernel.access.models import Organisation, User
from serai.kernel.facts.actions import fact_key_touch, state_fact
from serai.kernel.facts.models import Fact
from serai.kernel.ledger.actions import record, touch
from serai.kernel.places.models import Place

from ..keys import fact_key, guide_touch, topic_touch, translation_key_of, tree_touch
from ..models import GuidePage, Topic
from .saving import Source
from .tree import ensure_publisher_home, gather_children

AT_ONCE = 100
_MOST_NAMES = 500
"""How many names one query asks for."""

_NOT_YET = {
    "live": False,
    "first_published_at": None,
    "last_published_at": None,
    "latest_revision_created_at": None,
}
"""What a first version says of its page: it is made before it goes live."""

Ids = Mapping[str, Mapping[str, int]]
"""Ids of pages by key and language."""


@dataclass
class NewGuide:
    """A guide in one language that is not there yet. body: given the ids of all guides of the publisher, the new ones
    included, its blocks; whoever calls has looked at the text (texts.refuse_bad_text), at the latest there.

    parent: key of the guide above it, "" for none: it stands below that one's page in this language, else below the
    nearest translated ancestor; the parent comes earlier in the list, or exists. source: states the fact of the key;
    None leaves it. made_from: digest of the original's text, "" for an original; made_from_original: that of the
    original as it stands after this call.
    """

    key: str
    language: str
    slug: str
    title: str
    summary: str
    body: Callable[[Ids], stream.Kinds]
    parent: str
    position: int
    translation: str
    topic: Topic | None = None
    places: Sequence[Place] = ()
    source: Source | None = None
    made_from: str = ""
    made_from_original: bool = False


@dataclass
class _Spot:
    """A page below which others may stand."""

    path: str
    depth: int
    url_path: str
    pk: int | None
    children: int
    last: int
    slugs: set[str]


@transaction.atomic
def create_guides(
    new: Sequence[NewGuide],
    *,
    by: User | None,
    organisation: Organisation,
    progress: Callable[[int], None] = lambda _: None,
) -> dict[tuple[str, str], int]:
    """Makes the guides and puts them live; returns the id of each by key and language.

    Originals come before their translations. progress: told how many more there are. Raises UnknownLanguage, and what
    a body raises; then nothing is written.
    """
    return _Making(by, organisation).make(new, progress) if new else {}


class _Making:
    """One call."""

    def __init__(self, by: User | None, organisation: Organisation) -> None:
        self.by, self.organisation = by, organisation
        self.now = timezone.now()
        self.kind = ContentType.objects.get_for_model(GuidePage)
        self.base_kind = ContentType.objects.get_for_model(Page)
        self.spots: dict[tuple[str, str], _Spot] = {}
        self.ids: dict[str, dict[str, int]] = {}
        self.keys: dict[str, uuid.UUID] = {}
        self.above: dict[str, str] = {}
        self.digests: dict[str, str] = {}
        self.sisters: dict[str, list[dict[str, Any]]] = {}
        self.had_translations: set[str] = set()
        self.touched: set[str] = set()

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
        touch(self.touched)
        for guide, page in zip(new, pages, strict=True):
            if guide.language in self.had_translations:
                gather_children(GuidePage.objects.get(pk=page.pk), self.by)
        return made

    def _look_around(self, new: Sequence[NewGuide]) -> None:
        """Homes, existing guides of the publisher, and what stands directly below each: a few queries."""
        homes = {tag: ensure_publisher_home(self.organisation, tag) for tag in dict.fromkeys(g.language for g in new)}
        self.locales: dict[str, Locale] = {tag: home.locale for tag, home in homes.items()}
        inside = Q(pk__in=[])
        for tag, home in homes.items():
            self.spots["", tag] = _spot_of(home)
            inside |= Q(path__startswith=home.path)
        standing = Page.objects.filter(inside)
        list(standing.select_for_update().values_list("pk"))  # nobody else puts a page below one of these meanwhile
        self._look_at_guides()
        by_path = {spot.path: spot for spot in self.spots.values()}
        for path, slug in standing.values_list("path", "slug"):
            above = by_path.get(path[: -Page.steplen])
            if above is not None:
                above.slugs.add(slug)
                above.last = max(above.last, Page._str2int(path[-Page.steplen :]))
        for some in _some(dict.fromkeys(guide.key for guide in new if guide.key in self.keys)):
            for page in GuidePage.objects.filter(key__in=some):
                self.sisters.setdefault(page.key, list(page.body.get_prep_value()))

    def _look_at_guides(self) -> None:
        rows = GuidePage.objects.filter(organisation=self.organisation).select_related("locale").defer("body")
        by_path = {}
        for page in rows.order_by("path"):
            by_path[page.path] = page.key
            self.spots[page.key, page.tag] = _spot_of(page)
            self.ids.setdefault(page.key, {})[page.tag] = page.pk
            self.keys[page.key] = page.translation_key
            if page.translation == GuidePage.Translation.ORIGINAL:
                self.digests[page.key] = page.text_digest
                self.above[page.key] = by_path.get(page.path[: -Page.steplen], "")
            else:
                self.had_translations.add(page.tag)

    def _facts(self, new: Sequence[NewGuide]) -> dict[str, Fact]:
        """The fact of each key: a new one with its source, or the one that is there, stated anew when a source is."""
        names = {guide.key: fact_key(self._translation_key(guide.key)) for guide in new}
        sources = {guide.key: guide.source for guide in reversed(new) if guide.source is not None}
        there: dict[str, Fact] = {}
        for some in _some(names.values()):
            there.update({fact.key: fact for fact in Fact.objects.filter(key__in=some)})
        fresh = {}
        for key, name in names.items():
            told = {"key": name, "organisation": self.organisation, **sources.get(key, Source()).stated()}
            if name not in there:
                fresh[name] = Fact(**told)
            elif key in sources:
                there[name] = state_fact(by=self.by, **told)
        Fact.objects.bulk_create(fresh.values(), batch_size=AT_ONCE)
        for fact in fresh.values():
            record("facts.fact_stated", subject=f"facts.fact:{fact.pk}", by=self._by())
            self.touched.add(fact_key_touch(fact.key))
        return {key: there.get(name) or fresh[name] for key, name in names.items()}

    def _translation_key(self, key: str) -> uuid.UUID:
        return self.keys.setdefault(key, translation_key_of(key))

    def _spot_above(self, guide: NewGuide) -> _Spot:
        self.above.setdefault(guide.key, guide.parent)
        key, passed = guide.parent, {""}
        while key not in passed and (key, guide.language) not in self.spots:
            passed.add(key)
            key = self.above.get(key, "")
        return self.spots.get((key, guide.language)) or self.spots["", guide.language]

    def _base_rows(self, new: Sequence[NewGuide]) -> list[Page]:
        pages = []
        for guide in new:
            above = self._spot_above(guide)
            above.last += 1
            above.children += 1
            path = Page._get_path(above.path, above.depth + 1, above.last)
            slug = _free_slug(guide.slug, above.slugs)
            url_path = f"{above.url_path}{slug}/"
            self.spots[guide.key, guide.language] = _Spot(path, above.depth + 1, url_path, None, 0, 0, set())
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
            self.spots[guide.key, guide.language].pk = page.pk
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
        at = GuidePage.places.through
        at.objects.bulk_create(
            [at(guidepage=page, place=place) for page, guide in zip(made, new, strict=True) for place in guide.places]
        )
        ReferenceIndex.objects.bulk_create([row for page in made for row in self._references(page)])
        for backend in get_search_backends():
            backend.add_bulk(GuidePage, made)
        for page in made:
            self._record(page)

    def _guide(self, guide: NewGuide, base: Page, fact: Fact) -> GuidePage:
        values = {field.attname: getattr(base, field.attname) for field in Page._meta.local_concrete_fields}
        page = GuidePage(page_ptr_id=base.pk, **values)
        page.key, page.organisation, page.fact, page.topic = guide.key, self.organisation, fact, guide.topic
        page.summary, page.position, page.translation = guide.summary, guide.position, guide.translation
        raw = stream.stored(guide.body(self.ids), self.sisters.get(guide.key, ()))
        self.sisters.setdefault(guide.key, raw)
        page.body = stream.stream_value(raw)
        page.places.set(guide.places)
        page.wagtail_admin_comments.set([])  # nobody has commented yet: Wagtail need not look
        page.text_digest = stream.digest(guide.title, guide.summary, raw)
        page.made_from = self.digests.get(guide.key, "") if guide.made_from_original else guide.made_from
        if guide.translation == GuidePage.Translation.ORIGINAL:
            self.digests[guide.key] = page.text_digest
        page._state.adding, page._state.db = False, base._state.db
        return page

    def _revision(self, page: GuidePage) -> Revision:
        return Revision(
            content_type=self.kind,
            base_content_type=self.base_kind,
            object_id=str(page.pk),
            created_at=self.now,
            user=self.by,
            object_str=str(page),
            content=page.serializable_data() | _NOT_YET,
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
        record("content.page_published", subject=subject, by=self._by())
        self.touched |= {guide_touch(page.translation_key), tree_touch(self.organisation.key)}
        if page.topic is not None:
            self.touched.add(topic_touch(page.topic.key))

    def _by(self) -> str:
        return str(self.by.pk) if self.by else ""

    def _count_children(self) -> None:
        for spot in self.spots.values():
            if spot.children:
                Page.objects.filter(pk=spot.pk).update(numchild=F("numchild") + spot.children)


def _spot_of(page: Page) -> _Spot:
    return _Spot(page.path, page.depth, page.url_path, page.pk, 0, 0, set())


def _some(names: Iterable[str]) -> Iterator[list[str]]:
    """The names, as many at a time as one query takes."""
    whole = list(names)
    for at in range(0, len(whole), _MOST_NAMES):
        yield whole[at : at + _MOST_NAMES]


def _free_slug(wanted: str, taken: set[str]) -> str:
    slug = slugify(wanted, allow_unicode=True)[:200] or "guide"
    candidate, number = slug, 1
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{number}"
    taken.add(candidate)
    return candidate
