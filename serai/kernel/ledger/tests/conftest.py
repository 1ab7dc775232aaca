"""A data folder of its own for each test, subscribers of the test's own, and a house of its own for real processes."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from serai.kernel.register.ports import SUBSCRIBERS
from tests.databases import postgres_copy, postgres_server, sqlite_copy
from tests.inside import Inside


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> Path:
    """Key, checkpoint and lock of this test alone."""
    settings.SERAI_DATA = tmp_path
    return tmp_path


@pytest.fixture
def subscribers(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The port of subscribers, empty."""
    monkeypatch.setattr(SUBSCRIBERS, "_offers", {})
    return SUBSCRIBERS


@pytest.fixture
def happened(db: None) -> Callable[..., None]:
    """happened(3) records three events; happened("guides") one about that."""
    from django.db import transaction

    from serai.kernel.ledger.actions import record

    def make(count: int = 1, event: str = "ledger.probe_written", by: str = "") -> None:
        for number in range(count):
            with transaction.atomic():
                record(event, subject=f"ledger.probe:{number}", by=by)

    return make


@pytest.fixture
def sealed(happened: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Callable[[int], str]:
    """sealed(5): five events, numbered and signed, without padding; the checkpoint."""
    from serai.kernel.ledger import checkpoints
    from serai.kernel.ledger.sequencer import sequence_outbox

    def make(count: int) -> str:
        happened(count)
        sequence_outbox()
        return checkpoints.make_checkpoint()

    monkeypatch.setattr(checkpoints, "padding_for", lambda counts, day: [])
    return make


class OtherHouse:
    """A migrated database and a data folder for real processes, whose commits would stay in that of the tests.

    `database` is the name of one on PostgreSQL, or empty for SQLite.
    """

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.postgres = folder, database
        url = self.empty()
        own = {"SERAI_DATABASE_URL": url, "SERAI_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "serai.config.settings"}
        self.inside = Inside({**os.environ, **own})

    def empty(self) -> str:
        """Makes the house as new, under the same address, which comes back."""
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        return postgres_copy(self.postgres) if self.postgres else f"sqlite://{sqlite_copy(self.folder)}"

    def run(self, code: str) -> Any:
        """Runs code in the other house, in a process of its own; what it prints last, as JSON."""
        done = self.inside.apart(f"import json\n{code}")
        assert done.code == 0, done.err[-3000:]
        return json.loads(done.out.strip().splitlines()[-1])


@pytest.fixture(scope="module")
def house_beside(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OtherHouse]:
    """A house in which processes can be started, gone afterwards."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    database = f"serai_ledger_{worker}" if request.config.getoption("--on") == "postgres" else ""
    house = OtherHouse(tmp_path_factory.mktemp("house"), database)
    yield house
    house.inside.close()
    if database:
        import psycopg

        with psycopg.connect(postgres_server(), autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


@pytest.fixture
def other_house(house_beside: OtherHouse) -> OtherHouse:
    """That house, empty."""
    house_beside.empty()
    return house_beside
