"""Reads on facts: the one "to check" list of the whole house."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from serai.kernel.access.viewer import Viewer

from .access import CHECKERS
from .models import Fact


def facts_to_check(*, viewer: Viewer, today: date | None = None, soon_days: int | None = None) -> QuerySet[Fact]:
    """Facts of the viewer's organisations past review or soon to be: those never checked first, then the oldest."""
    day = today or timezone.localdate()
    until = day + timedelta(days=settings.SERAI_REVIEW_SOON_DAYS if soon_days is None else soon_days)
    due = Q(checked_on__isnull=True) | Q(review_by__isnull=True) | Q(review_by__lte=until)
    return (
        Fact.objects.filter(due, organisation_id__in=viewer.organisations(*CHECKERS))
        .select_related("organisation")
        .order_by(F("review_by").asc(nulls_first=True), "key")
    )


def fact_to_check(*, viewer: Viewer, pk: UUID | str) -> Fact | None:
    """One fact of the viewer's organisations, due or not; None for any other."""
    mine = Fact.objects.filter(organisation_id__in=viewer.organisations(*CHECKERS))
    return mine.filter(pk=pk).select_related("organisation").first()


def facts_by_key(keys: list[str]) -> dict[str, Fact]:
    """Facts of many things in one query."""
    return {fact.key: fact for fact in Fact.objects.filter(key__in=keys).select_related("organisation")}
