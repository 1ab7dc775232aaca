"""What Wagtail's admin did is completed here, in its own transaction, and those who show it are told.

A page made there gets its fact; each change touches exactly the keys on which public pages that show it depend.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from wagtail.models import Page, PageLogEntry

from serai.kernel.facts.actions import state_fact
from serai.kernel.facts.models import Fact

from ..keys import fact_key, guide_touch, topic_touch, tree_touch
from ..models import GuidePage, PublisherHome, Topic

UNSEEN = frozenset({"wagtail.edit", "wagtail.revert", "wagtail.publish.schedule", "wagtail.create"})
"""Entries that change nothing a reader sees."""

PUBLISHED = frozenset({"wagtail.publish", "wagtail.publish.scheduled"})
_LISTED = ("title", "summary", "slug", "position", "topic", "places", "translation")


def settle_entry(entry: PageLogEntry) -> None:
    """A guide made or copied in the admin gets its one fact, which waits to be checked."""
    if entry.action not in {"wagtail.create", "wagtail.copy"}:
        return
    page = GuidePage.objects.filter(pk=entry.page_id, fact__isnull=True).select_related("organisation").first()
    if page is None:
        return
    key = fact_key(page.translation_key)
    fact = Fact.objects.filter(key=key).first() or state_fact(by=entry.user, key=key, organisation=page.organisation)
    GuidePage.objects.filter(translation_key=page.translation_key, fact__isnull=True).update(fact=fact)


def touches_of(entry: PageLogEntry) -> set[str]:
    """Keys of what changed for readers. Lists depend on `tree:` and `topic:`; a change of the body touches neither."""
    if entry.action in UNSEEN or entry.action.startswith(("wagtail.workflow", "wagtail.comments", "wagtail.lock")):
        return set()
    page = GuidePage.objects.filter(pk=entry.page_id).select_related("organisation", "topic").first()
    if page is None:
        home = PublisherHome.objects.filter(pk=entry.page_id).select_related("organisation").first()
        return {tree_touch(home.organisation.key)} if home else set()
    touches = {guide_touch(page.translation_key)}
    before = _listing_before(entry) if entry.action in PUBLISHED else None
    now = _listing(entry.revision.content) if entry.action in PUBLISHED and entry.revision else {}
    if before is None or before != now:
        touches.add(tree_touch(page.organisation.key))
        touches |= _topics({page.topic_id, *((before or {}).get("topic"),)})
    if entry.action in {"wagtail.move", "wagtail.rename"} or (before or {}).get("slug") != now.get("slug"):
        touches |= {guide_touch(key) for key in _below(page)}
    return touches


def touches_of_fact(key: str) -> set[str]:
    """In a live house a guide comes into its lists when somebody checks it first. Offered to the port FACT_TOUCHES."""
    label, _colon, rest = key.partition(":")
    if settings.SERAI_MODE != "live" or label != "guides":
        return set()
    pages = GuidePage.objects.filter(fact__key=key, live=True).select_related("organisation", "topic")
    touches = {guide_touch(rest)}
    for page in pages.defer("body"):
        touches.add(tree_touch(page.organisation.key))
        if page.topic:
            touches.add(topic_touch(page.topic.key))
    return touches


def _listing_before(entry: PageLogEntry) -> dict[str, Any] | None:
    """What lists said of the page until now; None when it stood in none."""
    last = (
        PageLogEntry.objects.filter(page_id=entry.page_id, pk__lt=entry.pk)
        .filter(action__in=[*PUBLISHED, "wagtail.unpublish", "wagtail.unpublish.scheduled", "wagtail.move"])
        .select_related("revision")
        .order_by("-pk")
        .first()
    )
    if last is None or last.action not in PUBLISHED or last.revision is None:
        return None
    return _listing(last.revision.content)


def _listing(content: dict[str, Any]) -> dict[str, Any]:
    return {name: content.get(name) for name in _LISTED}


def _topics(ids: set[int | None]) -> set[str]:
    known = Topic.objects.filter(pk__in=[pk for pk in ids if pk])
    return {topic_touch(key) for key in known.values_list("key", flat=True)}


def _below(page: GuidePage) -> set[Any]:
    return set(Page.objects.filter(path__startswith=page.path).values_list("translation_key", flat=True))
