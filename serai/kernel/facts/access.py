"""Who may check facts."""

from __future__ import annotations

from serai.kernel.access.models import User
from serai.kernel.access.viewer import Viewer, viewer_for

from .models import Fact

CHECKERS = ("facts.checker",)


def may_check_fact(user: User, fact: Fact) -> bool:
    """Checkers of the organisation that owns the fact."""
    return may_check_for(viewer_for(user), fact.organisation_id)


def may_check_for(viewer: Viewer, organisation_id: object) -> bool:
    """Whether the viewer checks facts of an organisation."""
    return any(viewer.has(role, organisation_id) for role in CHECKERS)
