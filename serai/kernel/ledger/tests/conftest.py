"""A data folder of its own for each test, subscribers of the test's own, and a house of its own for real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from serai.kernel.register.ports import SUBSCRIBERS

ROOT = Path(__file__).resolve().parents[4]


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
    """A migrated database and a data folder for real processes, whose commits would stay in that of the tests."""

    def __init__(self, url: str, folder: Path) -> None:
        self.surroundings = {
            **os.environ,
            "SERAI_DATABASE_URL": url,
            "SERAI_DATA": str(folder),
            "DJANGO_SETTINGS_MODULE": "serai.config.settings",
        }
        self.postgres = url.startswith("postgres")

    def run(self, code: str) -> Any:
        """Runs code in the other house; what it prints last, as JSON."""
        command = [sys.executable, "-c", f"import django, json; django.setup()\n{code}"]
        done = subprocess.run(
            command, env=self.surroundings, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.fixture
def other_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OtherHouse]:
    """A fresh house, gone afterwards."""
    from tests.databases import postgres_copy, postgres_server, sqlite_copy

    if request.config.getoption("--on") != "postgres":
        yield OtherHouse(f"sqlite://{sqlite_copy(tmp_path)}", tmp_path)
        return
    import psycopg

    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    name = f"serai_ledger_{worker}"
    yield OtherHouse(postgres_copy(name), tmp_path)
    with psycopg.connect(postgres_server(), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
