"""Who may do what with the directory. Roles hold within one publisher only."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from serai.kernel.access.viewer import Viewer

from .models import Closure, Service

EDITOR, LOCAL = "services_map.editor", "services_map.local"
EVERYBODY = (EDITOR, LOCAL)


def shown(prefix: str = "") -> Q:
    """Services that the public may open: offered today; in a live house checked by somebody at some time."""
    live = Q(**{f"{prefix}status": Service.Status.ACTIVE})
    if settings.SERAI_MODE == "live":
        live &= Q(**{f"{prefix}fact__checked_on__isnull": False, f"{prefix}fact__review_by__isnull": False})
    return live


def findable(prefix: str = "", today: date | None = None) -> Q:
    """Services that are found: shown, and not last checked too long ago."""
    day = today or timezone.localdate()
    last = day - timedelta(days=settings.SERAI_HIDE_AFTER_DAYS)
    fresh = Q(**{f"{prefix}fact__review_by__gte": last}) | Q(**{f"{prefix}fact__review_by__isnull": True})
    begun = Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": day})
    going = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    return shown(prefix) & fresh & begun & going


def publishers_of(viewer: Viewer) -> list[UUID]:
    """Ids of the publishers whose places the viewer looks after."""
    return [UUID(pk) for pk in viewer.organisations(*EVERYBODY)]


def may_edit(viewer: Viewer, publisher_id: object) -> bool:
    """Editors of the publisher."""
    return viewer.has(EDITOR, publisher_id)


def may_close(viewer: Viewer, publisher_id: object) -> bool:
    """Who stands at its door, and editors."""
    return any(viewer.has(role, publisher_id) for role in EVERYBODY)


def may_review_closure(viewer: Viewer, closure: Closure) -> bool:
    """A second person of the publisher, and not who closed it."""
    return may_close(viewer, closure.publisher_id) and str(closure.by_id) != viewer.user_id


def may_count(viewer: Viewer, publisher_id: object) -> bool:
    """Who stands at the point, and editors."""
    return any(viewer.has(role, publisher_id) for role in EVERYBODY)


def may_report(viewer: Viewer, publisher_id: object) -> bool:
    """What leaves the house is for editors of the publisher."""
    return viewer.has(EDITOR, publisher_id)


def reported_by(viewer: Viewer) -> list[UUID]:
    """Ids of the publishers of whose points the viewer may report."""
    return [UUID(pk) for pk in viewer.organisations(EDITOR)]
