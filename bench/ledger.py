"""Actions through outbox and sequencer with 8 writers: no backlog, nothing missed."""

from __future__ import annotations

import json
from collections.abc import Iterator

from .figures import Figure
from .house import House

CODE = """
import json
from serai.kernel.ledger.measure import bench_ledger
print(json.dumps(bench_ledger(seconds=8.0)))
"""


def measure(house: House, database: str) -> Iterator[Figure]:
    """The ledger's own measurement (kernel/ledger/measure.py) on a scratch house that does not run."""
    found = json.loads(house.python(CODE, seconds=180).splitlines()[-1])
    lost = found["missed"] + found["doubled"] + found["gaps"]
    yield Figure(
        f"{found['writers']} writers on {database}",
        f"{found['actions_per_second']:,.0f} actions/s, sequenced {found['sequenced_per_second']:,.0f}/s",
        "500 actions/s",
        found["actions_per_second"] >= 500,
        f"backlog {found['backlog']} rows at the last commit, gone after {found['drained_in_seconds']} s",
    )
    yield Figure(
        f"rows missed, doubled or out of line on {database}",
        f"{found['missed']}, {found['doubled']}, {found['gaps']} of {found['actions']:,}",
        "none",
        lost == 0,
    )
