"""Who may do what with organisations and staff accounts.

An administrator works within the own organisation; an operator in the whole house. Nobody changes the own account's
rights, and nobody hands out or touches a right that he could not hand out himself.
"""

from __future__ import annotations

from .models import Membership, Organisation, User
from .viewer import Viewer

ADMINISTRATOR = "access.administrator"
OPERATOR = "access.operator"


def is_operator(viewer: Viewer) -> bool:
    """Runs the house: makes organisations, sets up their sign-in, may act on every account but the own."""
    return OPERATOR in viewer.roles


def may_make_organisation(viewer: Viewer) -> bool:
    """Operators."""
    return is_operator(viewer)


def may_edit_organisation(viewer: Viewer, organisation: Organisation) -> bool:
    """Operators, and administrators their own."""
    return may_administer(viewer, organisation.pk)


def may_set_up_sign_in(viewer: Viewer) -> bool:
    """Operators alone: whoever sets up a provider could sign in as anybody with an address in its domains."""
    return is_operator(viewer)


def may_administer(viewer: Viewer, organisation_id: object) -> bool:
    """Whether the viewer looks after staff of an organisation."""
    return is_operator(viewer) or viewer.has(ADMINISTRATOR, organisation_id)


def may_grant_role(viewer: Viewer, user: User | None, organisation_id: object, role: str) -> bool:
    """Whether the viewer may give or take a role. user: None for somebody who has no account yet."""
    if user is not None and str(user.pk) == viewer.user_id:
        return False
    if role == OPERATOR:
        return is_operator(viewer)
    return may_administer(viewer, organisation_id)


def may_see_account(viewer: Viewer, user: User) -> bool:
    """Operators, and administrators of any organisation the person works for."""
    if is_operator(viewer):
        return True
    return any(may_administer(viewer, row.organisation_id) for row in user.memberships.all())


def may_change_account(viewer: Viewer, user: User) -> bool:
    """Links, second factor, deactivation: not the own account; all of its roles must be in the viewer's hands.

    An account that also works for another organisation, or for the house, is more than an administrator may touch.
    """
    if str(user.pk) == viewer.user_id:
        return False
    if is_operator(viewer):
        return True
    rows: list[Membership] = list(user.memberships.all())
    return bool(rows) and all(may_grant_role(viewer, user, row.organisation_id, row.role) for row in rows)


def may_review_access(viewer: Viewer) -> bool:
    """Operators and administrators."""
    return bool(viewer.roles & {ADMINISTRATOR, OPERATOR})
