"""`record`: the one way to say that something happened."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import connection, transaction

from serai.kernel.register.house import events
from serai.kernel.register.ports import TOUCHED

from .models import OutboxRow, Touch


class UnknownEvent(LookupError):
    """No manifest declares the event: add it to the `events` of the part's room.py."""


class OutsideTransaction(RuntimeError):
    """An event was recorded outside a transaction: then the action and its event could part."""


def record(event: str, *, subject: str, by: str = "", touches: Iterable[str] = ()) -> None:
    """Records an event in the transaction of the action that did it.

    event: a declared name in the past tense, `guides.page_published`. subject: `<label>.<noun>:<id>`, opaque.
    by: id of the member of staff, or "" for the house's own clock. touches: keys of what changed; published files
    that depend on them go away on commit, on every server.
    Raises UnknownEvent, OutsideTransaction.
    """
    if event not in events():
        raise UnknownEvent(event)
    if not connection.in_atomic_block:
        raise OutsideTransaction(event)
    OutboxRow.objects.create(event=event, subject=subject, by=by)
    touch(touches)


def touch(keys: Iterable[str]) -> None:
    """Says that what these keys name has changed, without an event of its own."""
    unique = frozenset(keys)
    if not unique:
        return
    Touch.objects.bulk_create([Touch(key=key) for key in sorted(unique)])
    for listener in TOUCHED:
        transaction.on_commit(partial(listener, unique))
