"""Who may do what with guides, alerts and urgent acts. Roles hold within one organisation only."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q

from serai.engine.content.approval import APPROVER
from serai.kernel.access.viewer import Viewer

from .models import Alert, UrgentAct

AUTHOR, TRANSLATOR, URGENT = "content.author", "content.translator", "guides.urgent"
EDITORS = (AUTHOR, TRANSLATOR, APPROVER)
EVERYBODY = (*EDITORS, URGENT)


def shown() -> Q:
    """Guides that the public may read: live, and in a live house checked by somebody at some time."""
    live = Q(live=True)
    if settings.SERAI_MODE == "live":
        return live & Q(fact__checked_on__isnull=False, fact__review_by__isnull=False)
    return live


def may_edit(viewer: Viewer, organisation_id: object) -> bool:
    """Whether drafts of this publisher are open to the viewer."""
    return any(viewer.has(role, organisation_id) for role in EDITORS)


def may_take_down(viewer: Viewer, organisation_id: object) -> bool:
    """Approvers take pages down."""
    return viewer.has(APPROVER, organisation_id)


def may_write_alert(viewer: Viewer, organisation_id: object) -> bool:
    """Authors and approvers write alerts."""
    return viewer.has(AUTHOR, organisation_id) or viewer.has(APPROVER, organisation_id)


def may_approve_alert(viewer: Viewer, alert: Alert) -> bool:
    """An approver of the publisher who did not write it."""
    return viewer.has(APPROVER, alert.organisation_id) and str(alert.by_id) != viewer.user_id


def may_end_alert(viewer: Viewer, alert: Alert) -> bool:
    """Ending an alert early needs one approver, or who is trained for the urgent path."""
    return viewer.has(APPROVER, alert.organisation_id) or viewer.has(URGENT, alert.organisation_id)


def may_act_urgently(viewer: Viewer, organisation_id: object) -> bool:
    """Only who was trained for it."""
    return viewer.has(URGENT, organisation_id)


def may_review_act(viewer: Viewer, act: UrgentAct) -> bool:
    """A second person: approver or trained for the urgent path, in the same organisation, and not who acted."""
    holds = viewer.has(APPROVER, act.organisation_id) or viewer.has(URGENT, act.organisation_id)
    return holds and str(act.by_id) != viewer.user_id


def may_end_act(viewer: Viewer, act: UrgentAct) -> bool:
    """Lifting what a second person kept needs one approver."""
    return viewer.has(APPROVER, act.organisation_id)
