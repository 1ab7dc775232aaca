"""The processes of measure.py and of the tests: `python -m serai.kernel.ledger.probe write|sequence|bench ...`.

`write` says `"ready"` and begins when a line comes in; `sequence` begins at once and stops when a line comes in. The
writers are forked from one process, before it has a connection: loading the house eight times would take longer than
what is measured.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import select
import sys
import time
from typing import Any

import django


def write(run: str, seconds: float) -> dict[str, float]:
    """Small actions, each one transaction with a touch and an event, as fast as they go; times are monotonic."""
    from django.db import OperationalError, transaction

    from .actions import record

    done = refused = 0
    begun = time.monotonic()
    while time.monotonic() < begun + seconds:
        try:
            with transaction.atomic():
                record("ledger.probe_written", subject=f"ledger.probe:{run}-{done}", touches=[f"probe:{run}"])
            done += 1
        except OperationalError:
            refused += 1
    return {"done": done, "refused": refused, "begun": begun, "ended": time.monotonic()}


def crowd(run: str, writers: int, seconds: float) -> None:
    """That many writers at once; says what each of them did, then waits until they are gone."""
    pool = multiprocessing.get_context("fork").Pool(writers)
    _say(pool.starmap(write, [(f"{run}-{number}", seconds) for number in range(writers)], chunksize=1))
    pool.close()
    pool.join()


def sequence(every: float) -> str:
    """Sweeps until a line comes in, then once more until nothing is left."""
    from .models import OutboxRow
    from .sweeps import sweep_outbox

    while not select.select([sys.stdin], [], [], every)[0]:
        sweep_outbox()
    while OutboxRow.objects.exists():
        sweep_outbox()
    return "drained"


def main(what: str, *arguments: str) -> None:
    """Runs one of the above, or the whole measurement."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serai.config.settings")
    django.setup()
    if what == "bench":
        from .measure import bench_ledger

        return _say(bench_ledger(seconds=float(arguments[0]) if arguments else 10.0))
    _say("ready")
    if what == "sequence":
        return _say(sequence(float(arguments[0])))
    sys.stdin.readline()
    return crowd(arguments[0], int(arguments[1]), float(arguments[2]))


def _say(answer: Any) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
