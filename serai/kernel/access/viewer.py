"""Who is looking: the plain frozen thing that queries and permission checks take."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from serai.kernel.register.manifest import ANYONE, SIGNED_IN

if TYPE_CHECKING:
    from .models import User


@dataclass(frozen=True)
class Viewer:
    """A member of staff with the roles that hold today, or nobody (NOBODY). grants: (role key, organisation id)."""

    user_id: str = ""
    name: str = ""
    language: str = "en"
    grants: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    @property
    def user_ids(self) -> tuple[UUID, ...]:
        """The viewer's id for a query that asks `in`; nothing for nobody, so that nobody owns nothing."""
        return (UUID(self.user_id),) if self.user_id else ()

    @property
    def roles(self) -> frozenset[str]:
        """Role keys held in any organisation."""
        return frozenset(role for role, _ in self.grants)

    def organisations(self, *roles: str) -> frozenset[str]:
        """Ids of organisations in which one of the roles is held."""
        return frozenset(organisation for role, organisation in self.grants if role in roles)

    def has(self, role: str, organisation_id: object) -> bool:
        """Whether the role is held in that organisation."""
        return (role, str(organisation_id)) in self.grants

    def passes(self, row_roles: frozenset[str]) -> bool:
        """Whether a permission row's roles let this viewer through."""
        if ANYONE in row_roles:
            return True
        if not self.user_id:
            return False
        return SIGNED_IN in row_roles or bool(self.roles & row_roles)


NOBODY = Viewer()


def viewer_for(user: User | None, today: date | None = None) -> Viewer:
    """The viewer of a user; roles whose `until` has passed do not count. One query."""
    if user is None or not user.is_authenticated or not user.is_active:
        return NOBODY
    day = today or timezone.localdate()
    rows = user.memberships.all().values_list("role", "organisation_id", "until")
    grants = frozenset((role, str(organisation)) for role, organisation, until in rows if until is None or until >= day)
    return Viewer(str(user.pk), user.name, user.language, grants)


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer of a request, found once. On the public host this is always NOBODY."""
    found: Viewer | None = getattr(request, "_viewer", None)
    if found is None:
        found = viewer_for(getattr(request, "user", None))
        request._viewer = found  # type: ignore[attr-defined]
    return found


def member_of_staff(request: HttpRequest) -> User:
    """The account that is signed in, where a page cannot be reached without one. Raises PermissionDenied."""
    from .models import User

    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def forget_viewer(request: HttpRequest) -> None:
    """After signing out within a request: who is looking must be found anew."""
    request._viewer = None  # type: ignore[attr-defined]
