"""Closings that wait for a second person, and those that hold."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from serai.kernel.access.viewer import Viewer

from ..access import publishers_of
from ..models import Closure

_SHOWN = ("service", "location", "by")


def _mine(viewer: Viewer) -> QuerySet[Closure]:
    return Closure.objects.filter(publisher_id__in=publishers_of(viewer)).select_related(*_SHOWN)


def closures_waiting(*, viewer: Viewer) -> QuerySet[Closure]:
    """Nobody has looked at them a second time; also those that are over, for somebody answers for each."""
    return _mine(viewer).filter(reviewed_at__isnull=True).order_by("review_due")


def closures_holding(*, viewer: Viewer) -> QuerySet[Closure]:
    """Those that hold now or will, and that a second person kept."""
    return _mine(viewer).filter(reviewed_at__isnull=False, ended_at__isnull=True, ends__gt=timezone.now())


def closure_for(*, viewer: Viewer, pk: int) -> Closure | None:
    """One of the viewer's publishers, or None."""
    return _mine(viewer).filter(pk=pk).first()
