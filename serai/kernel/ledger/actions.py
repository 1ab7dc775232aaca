"""`record`: the one way to say that something happened. And what may be done afterwards: erase, retry, drop."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from django.db import connection, transaction
from django.utils import timezone

from serai.kernel.register.house import events, personal_data
from serai.kernel.register.ports import SUBSCRIBERS, TOUCHED

from .delivery import call_listener
from .leaves import KIND
from .models import LedgerRow, Opening, OutboxRow, Parked, Pending, Touch

SUBJECT = re.compile(r"[a-z_]+\.[a-z_]+:[0-9A-Za-z._/+%:-]{1,160}(@[0-9][0-9A-Za-z.+-]{0,20})?")


class UnknownEvent(LookupError):
    """No manifest declares the event: add it to the `events` of the part's room.py."""


class OutsideTransaction(RuntimeError):
    """An event was recorded outside a transaction: then the action and its event could part."""


class NotOpaque(ValueError):
    """The subject is not `<label>.<noun>:<id>`: a name, an address or a sentence must never stand in an event."""


class NotParked(LookupError):
    """No subscriber has parked that event."""


class StillRefused(RuntimeError):
    """The subscriber could not take the event this time either; the message is the exception's class."""


def record(event: str, *, subject: str, by: str = "", touches: Iterable[str] = ()) -> None:
    """Records an event in the transaction of the action that did it.

    event: a declared name in the past tense, `guides.page_published`. subject: `<label>.<noun>:<id>`, opaque.
    by: id of the member of staff, or "" for the house's own clock. touches: keys of what changed; published files
    that depend on them go away on commit, on every server.
    Raises UnknownEvent, NotOpaque, OutsideTransaction.
    """
    declared = events().get(event)
    if declared is None or not KIND.fullmatch(declared.kind):
        raise UnknownEvent(event)
    if not SUBJECT.fullmatch(subject):
        raise NotOpaque(event)
    if not connection.in_atomic_block:
        raise OutsideTransaction(event)
    OutboxRow.objects.create(event=event, kind=declared.kind, subject=subject, by=by)
    touch(touches)


def touch(keys: Iterable[str]) -> None:
    """Says that what these keys name has changed, without an event of its own."""
    unique = frozenset(keys)
    if not unique:
        return
    Touch.objects.bulk_create([Touch(key=key) for key in sorted(unique)])
    for listener in TOUCHED:
        transaction.on_commit(partial(listener, unique))


@transaction.atomic
def erase_opening(*, seq: int, by: str = "") -> bool:
    """Deletes salt and event of a row: what remains says class and day only, for ever. False if there was none."""
    gone, _ = Opening.objects.filter(seq=seq).delete()
    if gone:
        record("ledger.opening_erased", subject=f"ledger.row:{seq}", by=by)
    return bool(gone)


@transaction.atomic
def erase_old_openings() -> int:
    """Erases the openings that are older than the register of personal data allows; returns how many."""
    last_day = timezone.now().date() - timedelta(days=opening_days())
    old = Opening.objects.filter(seq__in=LedgerRow.objects.filter(day__lt=last_day).values("seq"))
    last = old.order_by("-seq").values_list("seq", flat=True).first()
    if last is None:
        return 0
    gone, _ = old.delete()
    record("ledger.openings_expired", subject=f"ledger.row:{last}")
    return gone


def opening_days() -> int:
    """How many days an opening is kept, as the register of personal data says."""
    return min(row.retention_days for row in personal_data() if row.model == "ledger.Opening")


@transaction.atomic
def retry_parked(*, subscriber: str, seq: int, by: str = "") -> None:
    """Offers a parked event to its subscriber once more. Raises NotParked, StillRefused."""
    parked = Parked.objects.select_for_update().filter(subscriber=subscriber, seq=seq).first()
    row = Pending.objects.filter(seq=seq).first()
    follows = SUBSCRIBERS.get(subscriber)
    if parked is None or row is None or follows is None:
        raise NotParked(f"{subscriber} {seq}")
    error = call_listener(follows[1], row)
    if error:
        raise StillRefused(f"{type(error).__module__}.{type(error).__qualname__}")
    parked.delete()
    record("ledger.parked_delivered", subject=f"ledger.row:{seq}", by=by)


@transaction.atomic
def drop_parked(*, subscriber: str, seq: int, by: str = "") -> None:
    """Gives a parked event up for that subscriber. Raises NotParked."""
    if not Parked.objects.filter(subscriber=subscriber, seq=seq).delete()[0]:
        raise NotParked(f"{subscriber} {seq}")
    record("ledger.parked_dropped", subject=f"ledger.row:{seq}", by=by)
