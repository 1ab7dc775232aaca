"""Reads on the ledger: how it stands. No viewer: nothing here is about anybody, and the ledger lies below access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from .checkpoints import last_checkpoint
from .models import Opening, OutboxRow, Parked, Pending
from .tree import tree_size


@dataclass(frozen=True)
class Standing:
    """The ledger in figures: rows, rows not yet signed, openings still held, events waiting, undelivered, parked."""

    rows: int
    unsigned: int
    openings: int
    waiting: int
    oldest: datetime | None
    undelivered: int
    parked: int

    def waits(self) -> timedelta:
        """How long the oldest event has waited for its number."""
        return timezone.now() - self.oldest if self.oldest else timedelta()


@dataclass(frozen=True)
class ParkedEvent:
    """An event that a subscriber could not take."""

    subscriber: str
    seq: int
    event: str
    subject: str
    error: str
    at: datetime


def standing() -> Standing:
    """All figures, in a constant number of queries."""
    last = last_checkpoint()
    rows = tree_size()
    return Standing(
        rows=rows,
        unsigned=rows - (last.size if last else 0),
        openings=Opening.objects.count(),
        waiting=OutboxRow.objects.count(),
        oldest=OutboxRow.objects.order_by("pk").values_list("at", flat=True).first(),
        undelivered=Pending.objects.count(),
        parked=Parked.objects.count(),
    )


def parked_events() -> list[ParkedEvent]:
    """Everything parked, oldest first."""
    rows = list(Parked.objects.order_by("at", "pk"))
    pending = Pending.objects.in_bulk([row.seq for row in rows])
    found = []
    for row in rows:
        event = pending.get(row.seq)
        names = (event.event, event.subject) if event else ("", "")
        found.append(ParkedEvent(row.subscriber, row.seq, *names, row.error, row.at))
    return found
