"""Reads of the exchange: uploads that wait, languages a publisher writes in."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.utils import timezone

from serai.kernel.access.viewer import Viewer
from serai.kernel.languages.registry import language

from ..access import EDITORS
from ..models import GuidePage
from .models import StagedUpload


def upload_for(*, viewer: Viewer, pk: UUID | str) -> StagedUpload | None:
    """An upload of the viewer's own whose day is not over."""
    rows = StagedUpload.objects.filter(pk=pk, by_id__in=viewer.user_ids, expires_at__gt=timezone.now())
    return rows.select_related("by").first()


def newest_upload(*, viewer: Viewer) -> StagedUpload | None:
    """The workbook that the viewer has not imported yet."""
    rows = StagedUpload.objects.filter(by_id__in=viewer.user_ids, expires_at__gt=timezone.now())
    return rows.defer("data").first()


def languages_written(*, viewer: Viewer) -> list[str]:
    """Tags of the house's languages, then others in which the viewer's publishers have guides."""
    rows = GuidePage.objects.filter(organisation_id__in=viewer.organisations(*EDITORS))
    codes = rows.order_by().values_list("locale__language_code", flat=True).distinct()
    return list(dict.fromkeys([*settings.SERAI_LANGUAGES, *sorted(language(code).tag for code in codes)]))


def original_for(*, viewer: Viewer, pk: int) -> GuidePage | None:
    """A live original of the viewer's publishers, as the public reads it."""
    rows = GuidePage.objects.filter(pk=pk, live=True, organisation_id__in=viewer.organisations(*EDITORS))
    originals = rows.filter(translation=GuidePage.Translation.ORIGINAL)
    return originals.select_related("locale", "organisation", "fact").first()


def originals_of(*, viewer: Viewer, pks: list[int]) -> list[GuidePage]:
    """Several of them, by key."""
    rows = GuidePage.objects.filter(pk__in=pks, live=True, organisation_id__in=viewer.organisations(*EDITORS))
    return list(rows.select_related("locale", "organisation", "fact").order_by("key"))
