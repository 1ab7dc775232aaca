"""Writes of the exchange: uploads that wait, workbooks and translators' files that become drafts."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from serai.kernel.access.models import User
from serai.kernel.access.viewer import viewer_for
from serai.kernel.facts.actions import public_title, state_fact
from serai.kernel.ledger.actions import record

from ..access import may_edit
from ..actions import AlreadyWaits, MayNotEdit, save_guide, submit_draft
from ..keys import fact_key
from ..models import GuidePage
from .models import StagedUpload
from .spreadsheet.plan import Plan, PlannedRow, plan_of
from .spreadsheet.standing import neighbours
from .spreadsheet.workbook import MAX_BYTES, Workbook
from .translating.files import Arrived, Translation, arrived

KEPT = timedelta(hours=24)


class NotReady(ValueError):
    """Something is wrong in the workbook, or it changes nothing. plan: what and where."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(f"{len(plan.problems)} problems, {len(plan.changes)} changes")
        self.plan = plan


class UploadTooLarge(ValueError):
    """The file has more bytes than a workbook may have."""


@transaction.atomic
def stage_upload(*, by: User, name: str, data: bytes) -> StagedUpload:
    """Keeps a workbook for a day while its preview is read; a former one of the same person goes.

    Raises UploadTooLarge.
    """
    if len(data) > MAX_BYTES:
        raise UploadTooLarge(name)
    StagedUpload.objects.filter(by=by).delete()
    upload = StagedUpload.objects.create(by=by, name=name[:200], data=data, expires_at=timezone.now() + KEPT)
    record("guides.workbook_staged", subject=f"guides.upload:{upload.pk}", by=str(by.pk))
    return upload


@transaction.atomic
def import_workbook(*, by: User, workbook: Workbook, upload: StagedUpload | None = None, submit: bool = True) -> Plan:
    """Makes a draft of each changed row, all or none, and deletes the upload.

    The workbook is compared afresh with what stands at this moment. submit: sends the drafts to a second person.
    Source and dates that a checker changed hold at once, as when they are checked on the desk. Raises NotReady.
    """
    plan = plan_of(workbook, viewer=viewer_for(by))
    if not plan.is_ready:
        raise NotReady(plan)
    for row in plan.changes:
        page = _save(row, by)
        _state(row, by)
        if submit and row.text_changed:
            _submit(page, by)
    subject = f"guides.upload:{upload.pk if upload else uuid.uuid4()}"
    record("guides.workbook_imported", subject=subject, by=str(by.pk))
    if upload is not None:
        upload.delete()
    return plan


def discard_expired() -> None:
    """Deletes uploads whose day is over. Called by the clock."""
    StagedUpload.objects.filter(expires_at__lte=timezone.now()).delete()


def _save(row: PlannedRow, by: User) -> GuidePage:
    standing = row.standing
    assert standing is not None  # noqa: S101 - a plan without problems has it
    if not may_edit(viewer_for(by), standing.page.organisation_id):
        raise MayNotEdit(row.key)
    around = neighbours(standing)
    is_there = row.state == "changed"
    return save_guide(
        by=by,
        organisation=standing.page.organisation,
        key=row.key,
        language=row.language,
        slug=standing.newest.slug if is_there else standing.page.slug,
        title=row.title,
        summary=row.summary,
        body=row.body,
        parent=around.parent,
        topic=around.topic,
        places=around.places,
        position=standing.newest.position,
        translation=row.translation,
        made_from=row.made_from,
        publish=False,
    ).page


def _state(row: PlannedRow, by: User) -> None:
    """Source and dates, as the checker wrote them."""
    if row.source is None or row.standing is None:
        return
    page, said = row.standing.page, row.source
    state_fact(
        by=by,
        key=fact_key(page.translation_key),
        organisation=page.organisation,
        source_name=said.name,
        source_url=said.url,
        checked_on=said.checked_on,
        checked_by=said.checked_by or (public_title(by, page.organisation) if said.checked_on else ""),
        review_by=said.review_by,
    )


def _submit(page: GuidePage, by: User) -> None:
    try:
        submit_draft(by=by, page=page)
    except AlreadyWaits:
        return


class FilesRefused(ValueError):
    """Something is wrong in a translator's files. arrived: what and where."""

    def __init__(self, arrived: Arrived) -> None:
        super().__init__(f"{len(arrived.problems)} problems")
        self.arrived = arrived


@transaction.atomic
def import_translations(*, by: User, name: str, data: bytes, submit: bool = True) -> Arrived:
    """Makes a draft of each translation in an XLIFF file or an archive of such files, all or none.

    submit: sends the drafts to a second person. Raises FilesRefused.
    """
    found = arrived(name, data, viewer=viewer_for(by))
    if not found.is_ready:
        raise FilesRefused(found)
    for one in found.translations:
        page = _save_translation(one, by)
        if submit:
            _submit(page, by)
    record("guides.translations_imported", subject=f"guides.upload:{uuid.uuid4()}", by=str(by.pk))
    return found


def _save_translation(one: Translation, by: User) -> GuidePage:
    original = one.original
    if not may_edit(viewer_for(by), original.page.organisation_id):
        raise MayNotEdit(original.page.key)
    around = neighbours(original)
    there = GuidePage.objects.filter(
        translation_key=original.page.translation_key, locale__language_code=one.language.lower()
    ).first()
    return save_guide(
        by=by,
        organisation=original.page.organisation,
        key=original.page.key,
        language=one.language,
        slug=there.slug if there else original.page.slug,
        title=one.title,
        summary=one.summary,
        body=one.body,
        parent=around.parent,
        topic=around.topic,
        places=around.places,
        position=original.page.position,
        translation=one.state,
        made_from=one.made_from,
        publish=False,
    ).page
