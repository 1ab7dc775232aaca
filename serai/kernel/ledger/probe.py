"""The processes of measure.py and of the tests: `python -m serai.kernel.ledger.probe write|sequence|bench ...`.

Each says `"ready"` on standard output and begins when a line comes in; the sequencer stops at the next line.
"""

from __future__ import annotations

import json
import os
import select
import sys
import time
from typing import Any

import django


def write(run: str, seconds: float) -> dict[str, int]:
    """Small actions, each one transaction with a touch and an event, as fast as they go."""
    from django.db import OperationalError, transaction

    from .actions import record

    done = refused = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with transaction.atomic():
                record("ledger.probe_written", subject=f"ledger.probe:{run}-{done}", touches=[f"probe:{run}"])
            done += 1
        except OperationalError:
            refused += 1
    return {"done": done, "refused": refused}


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
    return _say(write(arguments[0], float(arguments[1])))


def _say(answer: Any) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
