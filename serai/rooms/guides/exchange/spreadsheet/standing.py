"""How each guide stands now, as a row of the workbook: what is exported, and what an uploaded row is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import WorkflowState

from serai.engine.content import stream
from serai.kernel.access.models import Organisation
from serai.kernel.facts.models import Fact
from serai.kernel.languages.registry import language
from serai.kernel.places.models import Place

from ...models import GuidePage, Topic
from ...packs.house_form import FILES, HouseForm
from .cells import Kinds, to_cells
from .columns import (
    CHECKED_ON,
    DIGEST,
    KEY,
    LANGUAGE,
    LAST_CHANGED,
    NO,
    REVIEW_BY,
    SOURCE_NAME,
    SOURCE_URL,
    SUMMARY,
    TITLE,
    TRANSLATION,
    UP_TO_DATE,
    YES,
)

AT_ONCE = 300


@dataclass(frozen=True)
class Standing:
    """A guide in one language: its newest version. page: the row of the tree; newest: the version with its words.

    kinds: blocks with links as `guide:<key>`; waits: whether a second person is deciding on it now.
    """

    page: GuidePage
    newest: GuidePage
    kinds: Kinds
    digest: str
    waits: bool
    original: GuidePage | None

    @property
    def is_original(self) -> bool:
        """Whether others are translated from it."""
        return bool(self.newest.translation == GuidePage.Translation.ORIGINAL)

    @property
    def is_current(self) -> bool:
        """Whether the text says what the original says now."""
        made_from = self.newest.made_from
        return self.is_original or not made_from or self.original is None or made_from == self.original.text_digest

    def cells(self) -> dict[str, str]:
        """The row, by column."""
        fact: Fact | None = self.page.fact
        changed = self.page.latest_revision_created_at
        return {
            KEY: self.page.key,
            LANGUAGE: self.page.tag,
            TITLE: self.newest.title,
            SUMMARY: self.newest.summary,
            **to_cells(self.kinds),
            TRANSLATION: self.newest.translation,
            UP_TO_DATE: YES if self.is_current else NO,
            SOURCE_NAME: fact.source_name if fact else "",
            SOURCE_URL: fact.source_url if fact else "",
            CHECKED_ON: fact.checked_on.isoformat() if fact and fact.checked_on else "",
            REVIEW_BY: fact.review_by.isoformat() if fact and fact.review_by else "",
            LAST_CHANGED: timezone.localtime(changed).strftime("%Y-%m-%d %H:%M") if changed else "",
            DIGEST: self.digest,
        }


@dataclass
class Neighbours:
    """What a version needs to be saved again where it is."""

    parent: GuidePage | None
    topic: Topic | None
    places: list[Place] = field(default_factory=list)


def standings(rows: QuerySet[GuidePage]) -> list[Standing]:
    """How these guides stand. A handful of queries, and two for each with a draft."""
    pages = list(rows.select_related("locale", "organisation", "fact", "topic", "latest_revision"))
    originals = _originals({page.translation_key for page in pages})
    newest = [page.get_latest_revision_as_object() if page.has_unpublished_changes else page for page in pages]
    form = HouseForm.of(newest)
    waiting = _waiting(pages)
    return [
        Standing(
            page,
            version,
            house_kinds(form, version),
            stream.digest(version.title, version.summary, list(version.body.get_prep_value())),
            page.pk in waiting,
            originals.get(page.translation_key),
        )
        for page, version in zip(pages, newest, strict=True)
    ]


def exported(organisation: Organisation, tags: Iterable[str]) -> list[Standing]:
    """All guides of a publisher in some languages, guide by guide, in the order of the tree."""
    codes = [language(tag).tag.lower() for tag in tags]
    rows = GuidePage.objects.filter(organisation=organisation, locale__language_code__in=codes)
    found = standings(rows)
    first: dict[UUID, str] = {}
    for one in sorted(found, key=lambda one: (not one.is_original, one.page.path)):
        first.setdefault(one.page.translation_key, one.page.path)
    order = {code: place for place, code in enumerate(codes)}
    return sorted(
        found, key=lambda one: (first[one.page.translation_key], order[one.page.locale.language_code], one.page.pk)
    )


def by_place(keys: Iterable[str], organisation_ids: Iterable[str]) -> dict[tuple[str, str], Standing]:
    """Guides of these publishers by key and language."""
    wanted, found = list(dict.fromkeys(keys)), {}
    for at in range(0, len(wanted), AT_ONCE):
        rows = GuidePage.objects.filter(key__in=wanted[at : at + AT_ONCE], organisation_id__in=list(organisation_ids))
        found.update({(one.page.key, one.page.tag): one for one in standings(rows)})
    return found


def neighbours(one: Standing) -> Neighbours:
    """Where a guide stands and what it is about. The place is that of the original."""
    placed = one.original or one.page
    parent = placed.get_parent().specific
    return Neighbours(
        parent if isinstance(parent, GuidePage) else None, one.newest.topic, list(one.newest.places.all())
    )


def house_kinds(form: HouseForm, page: GuidePage) -> Kinds:
    """Blocks as in a pack, but pictures and recordings as the ids they have here."""
    raw: list[tuple[str, Any]] = stream.canonical(page.body.get_prep_value())
    there = (pair for pair in raw if pair[0] in FILES and (pair[0], pair[1][FILES[pair[0]]]) in form.files)
    return [next(there) if kind in FILES else (kind, value) for kind, value in form.kinds(page)]


def ids_of_keys(keys: Iterable[str]) -> Mapping[str, Mapping[str, int]]:
    """Ids of pages by key and language, for links."""
    found: dict[str, dict[str, int]] = {}
    rows = GuidePage.objects.filter(key__in=list(keys)).values_list("key", "locale__language_code", "pk")
    for key, code, pk in rows:
        found.setdefault(key, {})[language(code).tag] = pk
    return found


def _originals(keys: set[Any]) -> dict[Any, GuidePage]:
    wanted, found = list(keys), {}
    for at in range(0, len(wanted), AT_ONCE):
        rows = GuidePage.objects.filter(
            translation_key__in=wanted[at : at + AT_ONCE], translation=GuidePage.Translation.ORIGINAL
        )
        found.update({page.translation_key: page for page in rows.defer("body")})
    return found


def _waiting(pages: list[GuidePage]) -> set[int]:
    rows = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_IN_PROGRESS, object_id__in=[str(page.pk) for page in pages]
    )
    return {int(object_id) for object_id in rows.values_list("object_id", flat=True)}
