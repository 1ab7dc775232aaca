"""Measures the ledger on the database in use: real writer processes, the sequencer beside them, then a recount.

It writes rows that stay: run it on a scratch house, never on a living one.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from .models import LedgerRow, Opening, OutboxRow
from .tree import tree_size

WRITERS = 8


@dataclass(frozen=True)
class LedgerFigures:
    """What was measured. Rates are per second while the writers wrote; backlog is in rows, at the writers' last commit.

    refused: actions that got no turn (SQLite: busy for 20 s), which is not the same as missed: they knew.
    """

    database: str
    writers: int
    seconds: float
    actions: int
    actions_per_second: float
    sequenced_per_second: float
    backlog: int
    drained_in_seconds: float
    refused: int
    missed: int
    doubled: int
    gaps: int


def bench_ledger(
    *, writers: int = WRITERS, seconds: float = 10.0, every: float = 0.2, sequencers: int = 1
) -> dict[str, Any]:
    """Figures of `writers` processes doing small actions for `seconds`, the sequencer sweeping `every` so many seconds.

    The same code as in the house, only in processes that hold nothing else.
    """
    run, first = secrets.token_hex(4), tree_size()
    clocks = [_start("sequence", str(every)) for _ in range(sequencers)]
    crowd = _start("write", run, str(writers), str(seconds))
    for process in [*clocks, crowd]:
        _hear(process)
    _tell(crowd)
    told = _hear(crowd)
    elapsed = max(row["ended"] for row in told) - min(row["begun"] for row in told)
    backlog = OutboxRow.objects.count()
    stopped = time.monotonic()
    for process in clocks:
        _tell(process)
    for process in clocks:
        _hear(process)
    drained = time.monotonic() - stopped
    for process in [*clocks, crowd]:
        process.wait(timeout=60)
    return asdict(_figures(told, elapsed, backlog, drained, _seen(run, first)))


def _figures(
    told: list[dict[str, Any]], elapsed: float, backlog: int, drained: float, seen: Counter[str]
) -> LedgerFigures:
    """What the writers told, held against what stands in the ledger."""
    actions = sum(row["done"] for row in told)
    return LedgerFigures(
        database=connection.vendor,
        writers=len(told),
        seconds=round(elapsed, 2),
        actions=actions,
        actions_per_second=round(actions / elapsed, 1),
        sequenced_per_second=round((actions - backlog) / elapsed, 1),
        backlog=backlog,
        drained_in_seconds=round(drained, 2),
        refused=sum(row["refused"] for row in told),
        missed=actions - len(seen),
        doubled=sum(seen.values()) - len(seen),
        gaps=tree_size() - LedgerRow.objects.count(),
    )


def _seen(run: str, first: int) -> Counter[str]:
    """Every subject of this run in the ledger, counted."""
    events = Opening.objects.filter(seq__gte=first).values_list("event", flat=True).iterator(chunk_size=5000)
    subjects = (json.loads(event)["subject"] for event in events)
    return Counter(subject for subject in subjects if subject.startswith(f"ledger.probe:{run}-"))


def _start(*arguments: str) -> subprocess.Popen[str]:
    surroundings = {**os.environ, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
    return subprocess.Popen(
        [sys.executable, "-m", "serai.kernel.ledger.probe", *arguments],
        env=surroundings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _hear(process: subprocess.Popen[str]) -> Any:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise RuntimeError(f"a process of the measurement ended with {process.wait()}")
    return json.loads(line)


def _tell(process: subprocess.Popen[str]) -> None:
    if process.stdin:
        process.stdin.write("go\n")
        process.stdin.flush()
