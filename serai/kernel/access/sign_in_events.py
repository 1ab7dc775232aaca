"""Second factors are written by the sign-in library, not by our actions: each change becomes an event all the same.

As with Wagtail's log in engine/content, the event stands in the transaction of the change itself.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from serai.kernel.ledger.actions import record


def connect() -> None:
    """Listens. Called when the house opens; twice does no harm."""
    post_save.connect(_saved, sender=Authenticator, dispatch_uid="access.authenticator_saved")
    post_delete.connect(_deleted, sender=Authenticator, dispatch_uid="access.authenticator_deleted")


def _saved(instance: Authenticator, created: bool, **_: Any) -> None:
    if created:
        _record("access.second_factor_added", instance)


def _deleted(instance: Authenticator, **_: Any) -> None:
    _record("access.second_factor_removed", instance)


def _record(event: str, instance: Authenticator) -> None:
    with transaction.atomic():
        record(event, subject=f"access.user:{instance.user_id}", by=str(instance.user_id))
