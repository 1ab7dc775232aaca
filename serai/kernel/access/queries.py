"""Reads on organisations and staff: who may what, since when, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet
from django.utils import timezone

from serai.kernel.register.house import roles
from serai.kernel.register.ports import QueueCount

from .access import ADMINISTRATOR, OPERATOR, is_operator, may_review_access
from .models import IdentityProvider, Membership, OneTimeLink, Organisation, SecondFactorReset, User
from .second_factor import SETS_UP
from .viewer import Viewer

ENDING_DAYS = 30


@dataclass(frozen=True)
class ReviewRow:
    """One role of one person. ends: "soon" within 30 days, "over" when past, "" otherwise."""

    user_id: str
    name: str
    email: str
    active: bool
    organisation: str
    role: str
    title: Any
    until: date | None
    ends: str
    last_login: datetime | None
    second_factor: bool


def organisations_seen(*, viewer: Viewer) -> QuerySet[Organisation]:
    """Organisations the viewer administers; all of them for an operator."""
    if is_operator(viewer):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=viewer.organisations(ADMINISTRATOR))


def staff_seen(*, viewer: Viewer) -> QuerySet[User]:
    """Members of staff of those organisations, with their roles."""
    found = User.objects.prefetch_related("memberships__organisation").order_by("name", "email")
    if is_operator(viewer):
        return found
    return found.filter(memberships__organisation_id__in=viewer.organisations(ADMINISTRATOR)).distinct()


def access_review(*, viewer: Viewer, today: date | None = None) -> list[ReviewRow]:
    """Every role somebody holds in the viewer's organisations; what ends first stands first. Two queries."""
    day = today or timezone.localdate()
    rows = Membership.objects.filter(organisation__in=organisations_seen(viewer=viewer))
    rows = rows.select_related("user", "organisation")
    protected = set(Authenticator.objects.filter(type__in=SETS_UP).values_list("user_id", flat=True))
    titles = {key: role.title for key, role in roles().items()}
    found = [_review_row(row, titles, row.user_id in protected, day, viewer.language) for row in rows]
    return sorted(found, key=lambda row: (row.until or date.max, row.name.lower(), row.organisation, row.role))


def roles_to_hand_out(*, viewer: Viewer) -> list[tuple[str, Any]]:
    """(key, title) of roles the viewer may give to others."""
    return [(key, role.title) for key, role in roles().items() if key != OPERATOR or is_operator(viewer)]


def link_waiting(*, viewer: Viewer, user: User) -> OneTimeLink | None:
    """The one-time link of an account that has not been used yet."""
    if not may_review_access(viewer):
        return None
    return OneTimeLink.objects.filter(user=user, expires_at__gt=timezone.now()).select_related("made_by").first()


def second_factor_resets(*, viewer: Viewer, user: User) -> QuerySet[SecondFactorReset]:
    """The record of resets of an account, newest first."""
    if not may_review_access(viewer) and str(user.pk) != viewer.user_id:
        return SecondFactorReset.objects.none()
    return SecondFactorReset.objects.filter(user=user).select_related("by")


def sign_in_of(*, viewer: Viewer, organisation: Organisation) -> IdentityProvider | None:
    """The organisation's own sign-in; operators alone see it."""
    return IdentityProvider.objects.filter(organisation=organisation).first() if is_operator(viewer) else None


def queues(viewer: Viewer) -> list[QueueCount]:
    """Roles that end within 30 days, for those who can prolong them."""
    from django.utils.translation import gettext_lazy as _

    if not may_review_access(viewer):
        return []
    today = timezone.localdate()
    ending = Membership.objects.filter(
        organisation__in=organisations_seen(viewer=viewer),
        user__is_active=True,
        until__gte=today,
        until__lte=today + timedelta(days=ENDING_DAYS),
    )
    return [
        QueueCount(
            key="access.ending",
            title=_("Roles that end soon"),
            route="access:review",
            count=ending.count(),
            oldest=None,
            roles=frozenset({ADMINISTRATOR, OPERATOR}),
        )
    ]


def operators_ready() -> bool:
    """Whether somebody runs this house, with a second factor."""
    holders = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gte=timezone.localdate()), role=OPERATOR, user__is_active=True
    )
    return Authenticator.objects.filter(user_id__in=holders.values("user_id"), type__in=SETS_UP).exists()


def demo_accounts() -> int:
    """How many accounts of the demo house there are."""
    return User.objects.filter(demo=True).count()


def _review_row(row: Membership, titles: dict[str, Any], protected: bool, day: date, language: str) -> ReviewRow:
    ends = ""
    if row.until is not None:
        ends = "over" if row.until < day else "soon" if row.until <= day + timedelta(days=ENDING_DAYS) else ""
    return ReviewRow(
        user_id=str(row.user_id),
        name=row.user.name,
        email=row.user.email,
        active=row.user.is_active,
        organisation=row.organisation.said(language).text or row.organisation.key,
        role=row.role,
        title=titles.get(row.role, row.role),
        until=row.until,
        ends=ends,
        last_login=row.user.last_login,
        second_factor=protected,
    )
