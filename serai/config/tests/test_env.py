"""The embedded database as the house opens it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from serai.config.env import database

SECRET = b"7 Hidden Lane, behind the mill"


def test_what_is_deleted_from_the_embedded_database_is_not_left_in_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SERAI_DATABASE_URL", raising=False)
    settings = database(tmp_path)
    file = Path(settings["NAME"])
    with sqlite3.connect(file, isolation_level=None) as connection:
        connection.executescript(settings["OPTIONS"]["init_command"])
        connection.execute("CREATE TABLE place (id INTEGER PRIMARY KEY, address TEXT)")
        connection.execute("INSERT INTO place VALUES (1, ?), (2, ?)", (SECRET.decode(), "A square"))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert SECRET in file.read_bytes()
        connection.execute("DELETE FROM place WHERE id = 1")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert SECRET not in file.read_bytes()
