"""A draft on its way: sent to a second person, approved or sent back, taken down, begun in another language."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import TaskState

from serai.engine.content.approval import may_decide
from serai.kernel.access.models import User
from serai.kernel.access.viewer import viewer_for
from serai.kernel.ledger.actions import record

from ..access import may_edit, may_take_down
from ..models import GuidePage
from .tree import ensure_publisher_home, free_slug, place_below, second_person_workflow


class MayNotDecide(PermissionError):
    """The member of staff is no approver of the publisher, or wrote or sent this very version."""


class MayNotEdit(PermissionError):
    """The member of staff has no role with this publisher."""


class NothingWaits(ValueError):
    """No draft of this page waits for a second person."""


class DraftChanged(ValueError):
    """The draft is no longer the version that was read: look at it again."""


class AlreadyWaits(ValueError):
    """The draft waits for a second person already, or there is nothing new in it."""


@transaction.atomic
def submit_draft(*, by: User, page: GuidePage) -> None:
    """Sends the newest draft to a second person. Raises MayNotEdit, AlreadyWaits."""
    if not may_edit(viewer_for(by), page.organisation_id):
        raise MayNotEdit(page.key)
    page = GuidePage.objects.select_for_update().get(pk=page.pk)
    if page.workflow_in_progress or (page.live and not page.has_unpublished_changes):
        raise AlreadyWaits(page.key)
    state = page.current_workflow_state
    if state is not None:
        state.cancel(user=by)
    workflow = page.get_workflow() or second_person_workflow()
    workflow.start(page, by)
    record("guides.draft_submitted", subject=_subject(page), by=str(by.pk))


@transaction.atomic
def approve_draft(*, by: User, page: GuidePage, revision_id: int, comment: str = "") -> None:
    """The second person says yes: the version that was read goes live.

    Raises MayNotDecide, NothingWaits, DraftChanged.
    """
    _decide(by, page, revision_id, "approve", comment)
    record("guides.draft_approved", subject=_subject(page), by=str(by.pk))


@transaction.atomic
def send_back_draft(*, by: User, page: GuidePage, revision_id: int, comment: str) -> None:
    """The second person says what to change. Raises MayNotDecide, NothingWaits, DraftChanged."""
    _decide(by, page, revision_id, "reject", comment)
    record("guides.draft_sent_back", subject=_subject(page), by=str(by.pk))


@transaction.atomic
def take_down(*, by: User, page: GuidePage) -> None:
    """Takes a page from the public at once; its text stays as a draft. Raises MayNotDecide."""
    if not may_take_down(viewer_for(by), page.organisation_id):
        raise MayNotDecide(page.key)
    page = GuidePage.objects.select_for_update().get(pk=page.pk)
    UnpublishPageAction(page, user=by).execute(skip_permission_checks=True)
    record("guides.guide_taken_down", subject=_subject(page), by=str(by.pk))


@transaction.atomic
def start_translation(*, by: User, page: GuidePage, language: str) -> GuidePage:
    """A draft in another language that begins with the words of this page. Returns what is there already, if it is.

    language: BCP 47. Raises MayNotEdit, UnknownLanguage.
    """
    if not may_edit(viewer_for(by), page.organisation_id):
        raise MayNotEdit(page.key)
    home = ensure_publisher_home(page.organisation, language)
    there = GuidePage.objects.filter(translation_key=page.translation_key, locale_id=home.locale_id).first()
    if there:
        return there
    draft = GuidePage(
        key=page.key,
        translation_key=page.translation_key,
        locale_id=home.locale_id,
        owner=by,
        live=False,
        title=page.title,
        summary=page.summary,
        topic_id=page.topic_id,
        position=page.position,
        body=page.body,
        translation=GuidePage.Translation.HUMAN,
        made_from=page.text_digest,
        fact_id=page.fact_id,
    )
    parent = page.get_parent().specific
    below = place_below(parent if isinstance(parent, GuidePage) else None, home)
    draft.slug = free_slug(below, page.slug)
    below.add_child(instance=draft)
    draft.places.set(page.places.all())
    draft.save_revision(user=by, log_action=True)
    record("guides.translation_started", subject=_subject(draft), by=str(by.pk))
    return draft


def _decide(by: User, page: GuidePage, revision_id: int, verdict: str, comment: str) -> None:
    page = GuidePage.objects.select_for_update().get(pk=page.pk)
    state: TaskState | None = page.current_workflow_task_state
    if state is None or state.revision is None:
        raise NothingWaits(page.key)
    if state.revision_id != revision_id or page.latest_revision_id != revision_id:
        raise DraftChanged(page.key)
    if not may_decide(by, page, state.revision):
        raise MayNotDecide(page.key)
    try:
        state.task.specific.on_action(state, by, verdict, comment=comment)
    except PermissionDenied as error:
        raise MayNotDecide(page.key) from error


def _subject(page: GuidePage) -> str:
    return f"guides.guide:{page.translation_key}"
