"""One sequencer at a time, whatever the number of servers and processes.

PostgreSQL: an advisory lock that ends with the transaction, so a killed process leaves nothing behind. SQLite: a lock
on a file in the data folder, released by the kernel when the process dies; its one writer would do, but waiting for
it would hold up every action of the house.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

ADVISORY_KEY = int.from_bytes(b"ledger", "big")


@contextmanager
def sole_turn(*, wait: bool = False) -> Iterator[bool]:
    """A transaction of its own in which nobody else appends to the ledger. Yields False if somebody else is at it.

    wait: wait for one's turn instead. The transaction has ended before the turn does.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic(durable=True):
            yield _advisory(wait)
        return
    path = Path(settings.SERAI_DATA) / "sequencer.lock"
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        with transaction.atomic(durable=True):
            yield True


def _advisory(wait: bool) -> bool:
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_KEY])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ADVISORY_KEY])
        return bool(cursor.fetchone()[0])
