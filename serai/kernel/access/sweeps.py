"""What the house's clock does: roles that ended, accounts long closed, sessions and links that are over."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from serai.kernel.register.ports import MEMBERSHIPS

from .actions import erase_staff
from .models import Membership, OneTimeLink, User
from .sessions import clear_expired_sessions

HOUR = 3600.0
KEEP_CLOSED_DAYS = 730
"""How long a closed account is kept, so that what it did can be explained. Stands in the register of personal data."""


def sweep() -> None:
    """Everything below, each harmless when repeated."""
    tell_of_ended_roles()
    erase_long_closed()
    OneTimeLink.objects.filter(expires_at__lte=timezone.now()).delete()
    clear_expired_sessions()


def tell_of_ended_roles() -> None:
    """A role ends by the calendar, without an action: whoever mirrors roles is told in the week after."""
    today = timezone.localdate()
    ended = Membership.objects.filter(until__lt=today, until__gte=today - timedelta(days=7))
    for user_id in sorted({str(pk) for pk in ended.values_list("user_id", flat=True)}):
        for listener in MEMBERSHIPS:
            listener(user_id)


def erase_long_closed() -> int:
    """Deletes accounts closed for two years. Returns how many."""
    before = timezone.now() - timedelta(days=KEEP_CLOSED_DAYS)
    closed = list(User.objects.filter(is_active=False, deactivated_at__lt=before))
    for user in closed:
        erase_staff(by=None, user=user)
    return len(closed)
