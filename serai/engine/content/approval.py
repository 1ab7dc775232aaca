"""Who may decide on a draft: an approver of its publisher who did not write the version in question."""

from __future__ import annotations

from typing import Any

from serai.kernel.access.models import User
from serai.kernel.access.viewer import viewer_for

APPROVER = "content.approver"


def organisation_of(obj: Any) -> str:
    """Id of the organisation that publishes a piece of content: each content model names it `organisation_id`."""
    specific = getattr(obj, "specific", obj)
    return str(getattr(specific, "organisation_id", ""))


def may_decide(user: User, obj: Any, revision: Any) -> bool:
    """Approver in the publisher's organisation, and neither author of this revision nor who submitted it."""
    if not viewer_for(user).has(APPROVER, organisation_of(obj)):
        return False
    if revision is None:
        return True
    if str(revision.user_id) == str(user.pk):
        return False
    state = getattr(obj, "current_workflow_state", None)
    return state is None or str(state.requested_by_id) != str(user.pk)
