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


def is_approver(user: User, obj: Any) -> bool:
    """Whether the member of staff approves for the publisher of this content."""
    return viewer_for(user).has(APPROVER, organisation_of(obj))


def may_decide(user: User, obj: Any, revision: Any) -> bool:
    """Approver in the publisher's organisation, and neither author of this revision nor who submitted it."""
    if revision is None or not is_approver(user, obj):
        return False
    if str(revision.user_id) == str(user.pk):
        return False
    state = getattr(obj, "current_workflow_state", None)
    return state is None or str(state.requested_by_id) != str(user.pk)


def publish_approved(workflow_state: Any, user: User | None = None) -> None:
    """Publishes the very version that the second person read, and no later one. Wagtail calls it when a workflow ends.

    The check of who may decide was made by SecondPersonTask.on_action; nobody holds Wagtail's own right to publish.
    """
    workflow_state.current_task_state.revision.publish(user=user, skip_permission_checks=True)
