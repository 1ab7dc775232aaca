"""Urgent acts as readers and as the second person see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import Q, QuerySet
from django.utils import timezone

from serai.kernel.access.viewer import Viewer
from serai.kernel.languages.words import Said, say

from ..access import APPROVER, URGENT
from ..models import GuidePage, UrgentAct


@dataclass(frozen=True)
class ActShown:
    """What lies over a guide at once. review_due: moment by which a second person looks at it, None once one did."""

    kind: str
    title: Said
    text: Said
    at: datetime
    review_due: datetime | None


def acts_over(page: GuidePage, tag: str) -> list[ActShown]:
    """Warnings and closings that hold over a guide now, newest first. One query."""
    if not page.key:
        return []
    rows = _holding().filter(guide_key=page.key, organisation_id=page.organisation_id)
    return [_shown(row, tag) for row in rows]


@lru_cache(maxsize=1)
def _holding() -> QuerySet[UrgentAct]:
    """Never asked itself, only narrowed. See lines."""
    shown = ("kind", "texts", "at", "review_due", "reviewed_at")
    return UrgentAct.objects.filter(ended_at__isnull=True).order_by("-at").only(*shown)


def _shown(row: UrgentAct, tag: str) -> ActShown:
    titles = {language: said.get("title", "") for language, said in row.texts.items()}
    texts = {language: said.get("text", "") for language, said in row.texts.items()}
    due = row.review_due if row.reviewed_at is None else None
    return ActShown(row.kind, say(titles, tag), say(texts, tag), row.at, due)


def acts_waiting(*, viewer: Viewer) -> QuerySet[UrgentAct]:
    """Acts of the viewer's organisations that no second person has reviewed, those that are due first."""
    mine = viewer.organisations(APPROVER, URGENT)
    rows = UrgentAct.objects.filter(organisation_id__in=mine, reviewed_at__isnull=True, ended_at__isnull=True)
    return rows.select_related("organisation", "by", "alert").order_by("review_due")


def acts_holding(*, viewer: Viewer) -> QuerySet[UrgentAct]:
    """Acts of the viewer's organisations that hold now and were kept by a second person."""
    mine = viewer.organisations(APPROVER, URGENT)
    rows = UrgentAct.objects.filter(organisation_id__in=mine, kept=True, ended_at__isnull=True)
    return rows.select_related("organisation", "by", "alert").order_by("-at")


def overdue_acts(rows: QuerySet[UrgentAct]) -> QuerySet[UrgentAct]:
    """Those whose review is late."""
    return rows.filter(review_due__lt=timezone.now())


def act_for(*, viewer: Viewer, pk: int) -> UrgentAct | None:
    """One act of the viewer's organisations."""
    mine = viewer.organisations(APPROVER, URGENT)
    return UrgentAct.objects.filter(Q(pk=pk), organisation_id__in=mine).select_related("organisation", "alert").first()


def guides_named(keys: Sequence[str], tag: str) -> dict[str, GuidePage]:
    """Guide by key, in the language of the desk or the nearest: for lists of acts."""
    from .lines import nearest

    groups: dict[str, list[GuidePage]] = {}
    for page in GuidePage.objects.filter(key__in=keys).select_related("locale").defer("body"):
        groups.setdefault(page.key, []).append(page)
    return {key: nearest(pages, tag) for key, pages in groups.items()}
