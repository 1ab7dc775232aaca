"""What the house's clock runs for the ledger: every second, every hour, every day."""

from __future__ import annotations

from .actions import erase_old_openings
from .checkpoints import make_hourly_checkpoint
from .delivery import deliver_events
from .sequencer import BATCH, sequence_outbox

EVERY_SECOND = 1.0
EVERY_HOUR = 3600.0
EVERY_DAY = 86400.0
ROUNDS = 20
"""Batches in one sweep: after an import of 20,000 pages subscribers still get their turn in between."""


def sweep_outbox() -> None:
    """Numbers what was recorded, then delivers it."""
    for _ in range(ROUNDS):
        if sequence_outbox(BATCH) < BATCH:
            break
    deliver_events()


def sweep_checkpoint() -> None:
    """Numbers what waits, so that the hour is whole, then signs."""
    sweep_outbox()
    make_hourly_checkpoint()


def sweep_openings() -> None:
    """Erases the openings whose time is over."""
    erase_old_openings()
