"""Guides by their key, for other parts of the house."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from serai.kernel.access.viewer import Viewer

from ..models import UrgentAct
from .lines import GuideLine, nearest, rows, to_line


def guide_known(*, viewer: Viewer, key: str, tag: str) -> tuple[GuideLine, date | None] | None:
    """The line of a guide and the day it was checked. One query."""
    readable = [row for row in rows(Q(key=key)) if row.is_shown]
    if not readable:
        return None
    row = nearest(readable, tag)
    return to_line(row, tag), row.checked_on


def closed_keys(*, viewer: Viewer) -> frozenset[str]:
    """Keys of the guides that the urgent path has closed."""
    rows = UrgentAct.objects.filter(kind=UrgentAct.Kind.CLOSED, ended_at__isnull=True)
    return frozenset(rows.values_list("guide_key", flat=True))
