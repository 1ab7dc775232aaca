"""Who may correct the words of the interface. They belong to the whole house: a role in any organisation counts."""

from __future__ import annotations

from serai.kernel.access.viewer import Viewer

from .models import Correction

TRANSLATOR, APPROVER = "content.translator", "content.approver"
SPEAKERS = (TRANSLATOR, APPROVER)


def may_propose(viewer: Viewer) -> bool:
    """Translators and approvers."""
    return bool(viewer.organisations(*SPEAKERS))


def may_decide(viewer: Viewer, correction: Correction) -> bool:
    """An approver who did not propose it."""
    return bool(viewer.organisations(APPROVER)) and str(correction.by_id or "") != viewer.user_id


def may_take_back(viewer: Viewer, correction: Correction) -> bool:
    """Who proposed it."""
    return bool(viewer.user_id) and str(correction.by_id or "") == viewer.user_id


def may_end(viewer: Viewer) -> bool:
    """Approvers put the catalogue's own words back."""
    return bool(viewer.organisations(APPROVER))
