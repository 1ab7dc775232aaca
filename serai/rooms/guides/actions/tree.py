"""The tree in which guides stand: a home per language, a home per publisher, and where a guide goes below it."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from wagtail.models import Locale, Page, Workflow, WorkflowPage, WorkflowTask

from serai.engine.content.models import SecondPersonTask
from serai.kernel.access.models import Organisation, User
from serai.kernel.languages.registry import language

from ..keys import translation_key_of
from ..models import PUBLISHER_DEPTH, GuidePage, LanguageHome, PublisherHome
from .access_sync import sync_organisation

WORKFLOW = "Second person"


class CycleInTree(ValueError):
    """A guide cannot stand below itself."""


class ForeignParent(ValueError):
    """The parent belongs to another publisher."""


@transaction.atomic
def ensure_language_home(tag: str) -> LanguageHome:
    """The root of a language's tree, made when it is not there. tag: BCP 47. Raises UnknownLanguage."""
    row = language(tag)
    locale, _ = Locale.all_objects.get_or_create(language_code=row.tag.lower())
    found = LanguageHome.objects.filter(locale=locale).first()
    if found:
        return found
    root = Page.objects.select_for_update().get(depth=1)
    home = LanguageHome(
        title=row.name, slug=row.tag, locale=locale, translation_key=translation_key_of("language-home"), live=True
    )
    root.add_child(instance=home)
    return home


@transaction.atomic
def ensure_publisher_home(organisation: Organisation, tag: str) -> PublisherHome:
    """The root of a publisher's guides in a language, made when it is not there, with its workflow and its rights.

    tag: BCP 47. Whoever has a role in the organisation may work in the new home at once. Raises UnknownLanguage.
    """
    language_home = ensure_language_home(tag)
    found = PublisherHome.objects.filter(organisation=organisation, locale_id=language_home.locale_id).first()
    if found:
        return found
    home = PublisherHome(
        title=organisation.said(tag).text or organisation.key,
        slug=organisation.key,
        organisation=organisation,
        locale_id=language_home.locale_id,
        translation_key=translation_key_of(f"publisher-home/{organisation.key}"),
        live=True,
    )
    LanguageHome.objects.select_for_update().get(pk=language_home.pk).add_child(instance=home)
    WorkflowPage.objects.create(page=home.page_ptr, workflow=second_person_workflow())
    sync_organisation(organisation.pk, home)
    return home


def second_person_workflow() -> Workflow:
    """The one workflow of the house: one task, which only a second person can end."""
    workflow = Workflow.objects.filter(name=WORKFLOW, active=True).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=WORKFLOW)
        task, _ = SecondPersonTask.objects.get_or_create(name=WORKFLOW)
        WorkflowTask.objects.create(workflow=workflow, task=task.task_ptr, sort_order=0)
    return workflow


def place_below(parent: GuidePage | None, home: PublisherHome) -> Page:
    """Where a guide stands in the tree of `home`: the parent's own version there, else its nearest translated ancestor.

    Raises ForeignParent.
    """
    if parent is None:
        return home
    if parent.organisation_id != home.organisation_id:
        raise ForeignParent(parent.key)
    line = _line_of(parent)
    versions = GuidePage.objects.filter(locale_id=home.locale_id, translation_key__in=line)
    by_key = {page.translation_key: page for page in versions}
    return next((by_key[key] for key in line if key in by_key), home)


def stand_below(page: GuidePage, target: Page, by: User | None) -> bool:
    """Moves a guide below another page; says whether it had to. Raises CycleInTree."""
    if page.is_child_of(target):
        return False
    if target.path.startswith(page.path):
        raise CycleInTree(page.key)
    fresh = GuidePage.objects.get(pk=page.pk)
    fresh.slug = free_slug(target, fresh.slug, fresh)
    if fresh.slug != page.slug:
        fresh.save(clean=False)
    fresh.move(Page.objects.get(pk=target.pk), pos="last-child", user=by)
    page.refresh_from_db()
    return True


def gather_children(page: GuidePage, by: User | None) -> None:
    """A translation has come: translated guides whose original stands below the original of this one move to it."""
    others = GuidePage.objects.filter(translation_key=page.translation_key).exclude(pk=page.pk)
    below = Q()
    for path, depth in others.values_list("path", "depth"):
        below |= Q(path__startswith=path, depth=depth + 1)
    if not below:
        return
    original = GuidePage.objects.filter(below, translation=GuidePage.Translation.ORIGINAL)
    strays = GuidePage.objects.filter(
        locale_id=page.locale_id, translation_key__in=original.values("translation_key")
    ).exclude(path__startswith=page.path)
    for stray in strays.exclude(translation=GuidePage.Translation.ORIGINAL):
        if not page.path.startswith(stray.path):
            stand_below(stray, page, by)


def free_slug(parent: Page, wanted: str, page: GuidePage | None = None) -> str:
    """The slug, made of letters and digits of any script, with a number behind when a sister has it already.

    page: the one that will carry it; it keeps the numbered form it already has.
    """
    slug = slugify(wanted, allow_unicode=True)[:200] or "guide"
    carried = page is not None and page.pk and re.fullmatch(re.escape(slug) + r"(-\d+)?", page.slug)
    if page is not None and carried and Page._slug_is_available(page.slug, parent, page):
        return page.slug
    candidate, number = slug, 1
    while not Page._slug_is_available(candidate, parent, page if page is not None and page.pk else None):
        number += 1
        candidate = f"{slug}-{number}"
    return candidate


def _line_of(page: Page) -> list[Any]:
    """Translation keys of a page and of the guides above it, nearest first."""
    step = page.steplen
    paths = [page.path[: step * depth] for depth in range(page.depth, PUBLISHER_DEPTH, -1)]
    keys = dict(Page.objects.filter(path__in=paths).values_list("path", "translation_key"))
    return [keys[path] for path in paths]
