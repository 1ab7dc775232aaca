"""How two workers share out the tests: what opens a house of its own stays together, the rest goes one by one."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

SHARED = (
    "serai/config/tests/test_rehearsals.py",
    "serai/kernel/ledger/tests/test_processes.py",
    "serai/rooms/guides/packs/tests/test_round_trip.py",
)
"""Files whose tests share what takes long to set up: on two workers it would be set up twice."""


ALONE = (
    "tests/running/test_serve.py",
    "tests/running/test_two_servers.py",
    "tests/running/test_published_files.py",
    "tests/running/test_directory_broken_off.py",
    "tests/running/test_behind_nginx.py",
    "tests/packs/test_two_houses.py",
    "tests/packs/test_breaking_off.py",
    "serai/config/tests/test_rehearsals.py",
    "serai/kernel/ledger/tests/test_processes.py",
)
"""Long files, the longest first, whose houses have databases of their own: their order is nothing to the others.

Begun last, one of them would keep one worker busy for a minute or two while the other has nothing left.
"""


def turn(nodeid: str) -> int:
    """When a test has its turn: journeys first, then long files, then the rest in the order in which it came."""
    file = nodeid.partition("::")[0]
    if file.startswith("tests/journeys/"):
        return 0
    return 1 + (ALONE.index(file) if file in ALONE else len(ALONE))


class ByHouse(LoadScopeScheduling):
    """Journeys share one demo house and go first, for they are the most; files of tests/ keep their own houses."""

    def _split_scope(self, nodeid: str) -> str:
        """Tests with the same answer run on the same worker, one after another."""
        file = nodeid.partition("::")[0]
        if file.startswith("tests/journeys/"):
            return "tests/journeys"
        return file if file.startswith("tests/") or file in SHARED else nodeid
