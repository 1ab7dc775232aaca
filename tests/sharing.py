"""How two workers share out the tests: what opens a house of its own stays together, the rest goes one by one."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

SHARED = (
    "serai/config/tests/test_rehearsals.py",
    "serai/kernel/ledger/tests/test_processes.py",
    "serai/rooms/guides/packs/tests/test_round_trip.py",
)
"""Files whose tests share what takes long to set up: on two workers it would be set up twice."""


class ByHouse(LoadScopeScheduling):
    """Journeys share one demo house and go first, for they are the most; files of tests/ keep their own houses."""

    def _split_scope(self, nodeid: str) -> str:
        """Tests with the same answer run on the same worker, one after another."""
        file = nodeid.partition("::")[0]
        if file.startswith("tests/journeys/"):
            return "tests/journeys"
        return file if file.startswith("tests/") or file in SHARED else nodeid
