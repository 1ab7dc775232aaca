"""What the clock does for people: it forgets."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from serai.kernel.ledger.actions import record

from .models import Account
from .opened import forget_expired

EVERY_MINUTE = 60.0
EVERY_DAY = 24 * 60 * 60.0


def sweep_opened() -> None:
    """Deletes what is open no longer."""
    forget_expired()


@transaction.atomic
def forget_unused() -> None:
    """Deletes accounts that nobody has used for as long as the manifest says, to the month."""
    from .room import UNUSED_DAYS

    last = timezone.now() - timedelta(days=UNUSED_DAYS)
    gone, _ = Account.objects.filter(used__lt=f"{last:%Y-%m}").delete()
    if gone:
        record("people.accounts_expired", subject="people.account:-")
