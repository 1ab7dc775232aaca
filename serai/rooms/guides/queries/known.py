"""Guides by their key, for other parts of the house."""

from __future__ import annotations

from datetime import date

from serai.kernel.access.viewer import Viewer

from ..access import shown
from ..models import GuidePage, UrgentAct
from .lines import GuideLine, light, nearest, to_line


def guide_known(*, viewer: Viewer, key: str, tag: str) -> tuple[GuideLine, date | None] | None:
    """The line of a guide and the day it was checked. One query."""
    pages = list(light(GuidePage.objects.filter(shown(), key=key)))
    if not pages:
        return None
    page = nearest(pages, tag)
    return to_line(page, tag), page.fact.checked_on if page.fact else None


def closed_keys(*, viewer: Viewer) -> frozenset[str]:
    """Keys of the guides that the urgent path has closed."""
    rows = UrgentAct.objects.filter(kind=UrgentAct.Kind.CLOSED, ended_at__isnull=True)
    return frozenset(rows.values_list("guide_key", flat=True))
