"""The one bulk sequencer: outbox rows become numbered, hashed rows of the ledger.

It takes whatever is committed and there, never `id > last`: a row gets its id when it is written and becomes visible
when its action commits, so a later id often shows first. Number, hash, opening, reference for subscribers and the end
of the outbox row are one transaction: killed at any point, it leaves all or nothing.
"""

from __future__ import annotations

from datetime import UTC

from serai.kernel.register.ports import SUBSCRIBERS

from .leaves import Leaf, canonical_event, commitment, new_salt
from .models import Delivery, Opening, OutboxRow, Pending
from .tree import append_leaves, tree_size
from .turn import sole_turn

BATCH = 1000


def sequence_outbox(limit: int = BATCH) -> int:
    """Numbers up to `limit` committed events, oldest id first; returns how many. 0 also if another one is at it."""
    if not OutboxRow.objects.exists():  # an idle house takes no lock at all
        return 0
    with sole_turn() as mine:
        return _sequence(limit) if mine else 0


def _sequence(limit: int) -> int:
    waiting = list(OutboxRow.objects.select_for_update(skip_locked=True).order_by("pk")[:limit])
    if not waiting:
        return 0
    _seat_subscribers()
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
    Opening.objects.bulk_create(
        Opening(seq=seq, salt=salt, event=text)
        for seq, (salt, text) in enumerate(zip(salts, texts, strict=True), first)
    )
    followed = frozenset(name for names, _ in SUBSCRIBERS for name in names)
    Pending.objects.bulk_create(
        Pending(seq=seq, event=row.event, kind=row.kind, subject=row.subject, at=row.at)
        for seq, row in enumerate(waiting, first)
        if row.event in followed
    )
    gone, _ = OutboxRow.objects.filter(pk__in=[row.pk for row in waiting]).delete()
    if gone != len(waiting):
        raise RuntimeError("somebody else took rows from the outbox")
    return len(waiting)


def _seat_subscribers() -> None:
    """A subscriber seen for the first time begins with what is numbered next: the past has been deleted."""
    names = {name for name, _ in SUBSCRIBERS.items()}
    seated = set(Delivery.objects.values_list("subscriber", flat=True))
    size = tree_size()
    Delivery.objects.bulk_create(Delivery(subscriber=name, seq=size - 1) for name in sorted(names - seated))
