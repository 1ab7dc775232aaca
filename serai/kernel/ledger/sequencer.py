"""The one bulk sequencer: outbox rows become numbered, hashed rows of the ledger.

It takes whatever is committed and there, never `id > last`: a row gets its id when it is written and becomes visible
when its action commits, so a later id often shows first. Number, hash, opening, reference for subscribers and the end
of the outbox row are one transaction: killed at any point, it leaves all or nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from serai.kernel.register.ports import SUBSCRIBERS

from .bulk import delete_rows, insert_rows
from .leaves import Leaf, canonical_event, commitment, new_salt
from .models import Delivery, Opening, OutboxRow, Pending
from .tree import append_leaves
from .turn import sole_turn

BATCH = 1000


class Waiting(NamedTuple):
    """An outbox row, without the cost of a model."""

    pk: int
    event: str
    kind: str
    subject: str
    by: str
    at: datetime


def sequence_outbox(limit: int = BATCH) -> int:
    """Numbers up to `limit` committed events, oldest id first; returns how many. 0 also if another one is at it."""
    if not OutboxRow.objects.exists():  # an idle house takes no lock at all
        return 0
    with sole_turn() as mine:
        return _sequence(limit) if mine else 0


def _sequence(limit: int) -> int:
    """In our turn nobody else deletes outbox rows, so they need no lock; the count at the end makes sure."""
    columns = ("pk", "event", "kind", "subject", "by", "at")
    waiting = [Waiting(*row) for row in OutboxRow.objects.order_by("pk").values_list(*columns)[:limit]]
    if not waiting:
        return 0
    salts = [new_salt() for _ in waiting]
    texts = [
        canonical_event(event=row.event, kind=row.kind, subject=row.subject, by=row.by, at=row.at) for row in waiting
    ]
    first = append_leaves(
        [
            Leaf(row.kind, row.at.astimezone(UTC).date(), commitment(salt, text))
            for row, salt, text in zip(waiting, salts, texts, strict=True)
        ]
    )
    openings = enumerate(zip(salts, texts, strict=True), first)
    insert_rows(Opening, ("seq", "salt", "event"), [(seq, salt, text) for seq, (salt, text) in openings])
    _refer(waiting, first)
    if delete_rows(OutboxRow, [row.pk for row in waiting]) != len(waiting):
        raise RuntimeError("somebody else took rows from the outbox")
    return len(waiting)


def _refer(waiting: list[Waiting], first: int) -> None:
    """Leaves references for subscribers. A new one begins with what is numbered now: the past has been deleted."""
    names = {name for name, _ in SUBSCRIBERS.items()}
    if not names:
        return
    seated = set(Delivery.objects.values_list("subscriber", flat=True))
    Delivery.objects.bulk_create(Delivery(subscriber=name, seq=first - 1) for name in sorted(names - seated))
    followed = frozenset(event for events, _ in SUBSCRIBERS for event in events)
    insert_rows(
        Pending,
        ("seq", "event", "kind", "subject", "at"),
        [
            (seq, row.event, row.kind, row.subject, row.at)
            for seq, row in enumerate(waiting, first)
            if row.event in followed
        ],
    )
