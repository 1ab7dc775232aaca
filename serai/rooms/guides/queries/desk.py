"""What staff see: drafts, what waits for a second person, how a draft differs from what is live, history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.utils.translation import gettext as _
from wagtail.models import PageLogEntry, Revision, TaskState, WorkflowState

from serai.engine.content.approval import APPROVER
from serai.engine.content.comparison import Compared, compare_bodies, compare_lines
from serai.kernel.access.viewer import Viewer
from serai.kernel.facts.models import State

from ..access import EDITORS, URGENT
from ..models import GuidePage

WAITING = WorkflowState.STATUS_IN_PROGRESS


@dataclass(frozen=True)
class Waiting:
    """A draft that waits for a second person. mine: the viewer wrote or sent it, and cannot decide."""

    page: GuidePage
    revision_id: int
    title: str
    by: str
    since: datetime
    mine: bool
    is_new: bool


@dataclass(frozen=True)
class Decision:
    """A waiting draft with its difference from what is live. revision_id names the very version that was read."""

    waiting: Waiting
    parts: tuple[Compared, ...]
    changed: int


@dataclass(frozen=True)
class Text:
    """A guide in one language. page: None where it is missing; is_older: the original has changed since."""

    tag: str
    page: GuidePage | None
    is_older: bool


@dataclass(frozen=True)
class Listed:
    """A guide with its languages, those of the house first. page: the text that gives it its name here."""

    page: GuidePage
    state: State
    texts: tuple[Text, ...]


def drafts_waiting(*, viewer: Viewer) -> list[Waiting]:
    """Drafts of the publishers for whom the viewer approves, oldest first. Three queries."""
    states = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS, workflow_state__status=WAITING, workflow_state__isnull=False
    ).select_related("revision__user", "workflow_state")
    by_page = {state.workflow_state.object_id: state for state in states}
    pages = GuidePage.objects.filter(pk__in=list(by_page), organisation_id__in=viewer.organisations(APPROVER))
    found = []
    for page in pages.select_related("organisation", "locale").defer("body"):
        state = by_page[str(page.pk)]
        found.append(_waiting(page, state, viewer))
    return sorted(found, key=lambda waiting: waiting.since)


def decision_on(*, viewer: Viewer, pk: int) -> Decision | None:
    """One waiting draft, for approvers of its publisher."""
    pages = GuidePage.objects.filter(pk=pk, organisation_id__in=viewer.organisations(APPROVER))
    page = pages.select_related("organisation", "locale").first()
    state = _task_state(page) if page else None
    if page is None or state is None or state.revision is None:
        return None
    parts = compare_versions(page if page.live else None, state.revision)
    return Decision(_waiting(page, state, viewer), tuple(parts), sum(part.state != "same" for part in parts))


def compare_versions(live: GuidePage | None, revision: Revision) -> list[Compared]:
    """What a version changes in what the public reads now; without a live page everything is new."""
    draft = revision.as_object()
    parts = [
        compare_lines(_("Title"), live.title if live else "", draft.title),
        compare_lines(_("Summary"), live.summary if live else "", draft.summary),
    ]
    parts += [compare_lines(label, before, after) for label, before, after in _settings(live, draft)]
    return [*parts, *compare_bodies(live.body.get_prep_value() if live else [], draft.body.get_prep_value())]


def drafts_of(*, viewer: Viewer) -> QuerySet[GuidePage]:
    """Pages of the viewer's publishers with words that are not live, his own first."""
    mine = GuidePage.objects.filter(organisation_id__in=viewer.organisations(*EDITORS))
    unpublished = mine.filter(Q(has_unpublished_changes=True) | Q(live=False))
    rows = unpublished.select_related("organisation", "locale", "latest_revision__user").defer("body")
    return rows.order_by("-latest_revision_created_at")


def guides_of(*, viewer: Viewer, words: str = "") -> QuerySet[GuidePage]:
    """Each guide of the viewer's publishers once, by title: its original, or its oldest text where there is none.

    words: part of a title in any of its languages.
    """
    mine = GuidePage.objects.filter(organisation_id__in=viewer.organisations(*EDITORS, URGENT))
    same = mine.filter(translation_key=OuterRef("translation_key"))
    first = same.order_by(Case(When(translation=GuidePage.Translation.ORIGINAL, then=0), default=1), "pk").values("pk")
    rows = mine.filter(pk=Subquery(first[:1]))
    if words:
        rows = rows.filter(translation_key__in=mine.filter(title__icontains=words).values("translation_key"))
    return rows.select_related("locale", "fact").defer("body").order_by("title", "pk")


def in_languages(*, viewer: Viewer, guides: Iterable[GuidePage]) -> list[Listed]:
    """These guides, each with all its languages. One query."""
    listed = list(guides)
    mine = GuidePage.objects.filter(organisation_id__in=viewer.organisations(*EDITORS, URGENT))
    texts = mine.filter(translation_key__in=[page.translation_key for page in listed])
    by_guide: dict[UUID, dict[str, GuidePage]] = {}
    for text in texts.select_related("locale").defer("body").order_by("pk"):
        by_guide.setdefault(text.translation_key, {})[text.tag] = text
    return [_listed(page, by_guide[page.translation_key]) for page in listed]


def _listed(page: GuidePage, texts: dict[str, GuidePage]) -> Listed:
    tags = dict.fromkeys([*settings.SERAI_LANGUAGES, *texts])
    return Listed(page, page.fact.state() if page.fact else State.UNCHECKED, tuple(_text(page, texts, t) for t in tags))


def _text(page: GuidePage, texts: dict[str, GuidePage], tag: str) -> Text:
    text = texts.get(tag)
    is_original = page.translation == GuidePage.Translation.ORIGINAL and page.live
    made_from = text.made_from if text and text.pk != page.pk and is_original else ""
    return Text(tag, text, made_from not in ("", page.text_digest))


def guides_to_act_on(*, viewer: Viewer, words: str = "") -> QuerySet[GuidePage]:
    """Live guides on which the viewer may act at once, each in one language; words: part of a title in any."""
    mine = GuidePage.objects.filter(organisation_id__in=viewer.organisations(URGENT), live=True)
    if words:
        mine = mine.filter(translation_key__in=mine.filter(title__icontains=words).values("translation_key"))
    originals = GuidePage.objects.filter(
        translation_key=OuterRef("translation_key"), translation=GuidePage.Translation.ORIGINAL, live=True
    )
    first = mine.filter(Q(translation=GuidePage.Translation.ORIGINAL) | ~Exists(originals))
    return first.select_related("organisation", "locale").defer("body").order_by("title", "pk")


def guide_for(*, viewer: Viewer, pk: int) -> GuidePage | None:
    """One guide of the viewer's publishers."""
    rows = GuidePage.objects.filter(pk=pk, organisation_id__in=viewer.organisations(*EDITORS, URGENT))
    return rows.select_related("organisation", "locale", "fact").first()


def history_of(*, viewer: Viewer, page: GuidePage) -> list[PageLogEntry]:
    """What happened to a guide, newest first; the caller has found the page by guide_for."""
    return list(PageLogEntry.objects.filter(page_id=page.pk).select_related("user").order_by("-timestamp", "-pk")[:100])


def _task_state(page: GuidePage) -> TaskState | None:
    states = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__status=WAITING,
        workflow_state__object_id=str(page.pk),
        workflow_state__base_content_type=page.get_base_content_type(),
    )
    return states.select_related("revision__user", "workflow_state").first()


def _waiting(page: GuidePage, state: TaskState, viewer: Viewer) -> Waiting:
    revision = state.revision
    requested = str(state.workflow_state.requested_by_id or "")
    mine = viewer.user_id in {str(revision.user_id), requested}
    by = str(revision.user) if revision.user else _("the house")
    return Waiting(page, revision.pk, revision.object_str, by, state.started_at, mine, not page.live)


def _settings(live: GuidePage | None, draft: GuidePage) -> list[tuple[str, str, str]]:
    def told(page: Any) -> list[str]:
        if page is None:
            return ["", "", "", "", ""]
        places = ", ".join(sorted(str(place) for place in page.places.all()))
        times = [str(moment) if moment else "" for moment in (page.go_live_at, page.expire_at)]
        return [str(page.topic or ""), places, page.get_translation_display(), *times]

    labels = [_("Topic"), _("Places"), _("Who made this text"), _("Goes live at"), _("Goes away at")]
    return [row for row in zip(labels, told(live), told(draft), strict=True) if row[1] or row[2]]
