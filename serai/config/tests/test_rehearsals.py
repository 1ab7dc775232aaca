"""Backups come back whole, damaged ones are refused, and each rehearsal leaves a proof. On the real programs."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from serai.config.backup import _postgres, postgres_url
from tests.databases import postgres_copy, sqlite_copy
from tests.inside import Answer, Inside

pytestmark = [pytest.mark.once, pytest.mark.slow]
SEED = """
from serai.kernel.access.models import Organisation
for n in range(5):
    Organisation.objects.create(key=f"o{n}")
"""


class House:
    """A house of its own: a data folder, a database (on PostgreSQL if its name is given), the `serai` command."""

    def __init__(self, home: Path, database: str = "") -> None:
        self.home, self.folder, self.database = home, home / "data", database
        own = {"SERAI_DATABASE_URL": self.empty(), "SERAI_DATA": str(self.folder)}
        self.inside = Inside({**os.environ, **own, "DJANGO_SETTINGS_MODULE": "serai.config.settings"})

    def empty(self) -> str:
        """Makes the house as new, under the same address, which comes back."""
        shutil.rmtree(self.home)
        self.folder.mkdir(parents=True)
        return postgres_copy(self.database) if self.database else f"sqlite://{sqlite_copy(self.home)}"

    def seed(self) -> None:
        """Founds five organisations."""
        assert self.inside.apart(SEED).code == 0

    def run(self, *arguments: str, ok: bool = True) -> Answer:
        """Runs `serai ...` in this house, in a process of its own."""
        done = self.inside.serai(*arguments)
        assert not ok or done.code == 0, done.out + done.err
        return done

    def files(self) -> dict[str, bytes]:
        """Everything in the data folder."""
        found = [path for path in self.folder.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in found}

    def proofs(self) -> dict[str, Any]:
        """What was proved here."""
        return json.loads((self.folder / "proofs.json").read_text())


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house on SQLite that stays."""
    house = House(tmp_path_factory.mktemp("sqlite"))
    yield house
    house.inside.close()


@pytest.fixture(scope="module")
def on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house on PostgreSQL that stays."""
    house = House(tmp_path_factory.mktemp("postgres"), f"rehearsal_{os.getpid()}")
    yield house
    house.inside.close()


@pytest.fixture(params=["on_sqlite", pytest.param("on_postgres", marks=pytest.mark.postgres)])
def a_house(request: pytest.FixtureRequest) -> House:
    """A house with five organisations, a picture and the database of the parameter."""
    house: House = request.getfixturevalue(request.param)
    house.empty()
    (house.folder / "media").mkdir()
    (house.folder / "media" / "picture.png").write_bytes(b"picture" * 1000)
    house.seed()
    return house


def test_a_backup_is_restored_elsewhere_and_the_restore_rehearsal_leaves_a_proof(
    a_house: House, tmp_path: Path
) -> None:
    a_house.run("backup", str(tmp_path / "house.tar.gz"))
    assert (tmp_path / "house.tar.gz").stat().st_mode & 0o077 == 0
    a_house.run("rehearse", "restore")
    proofs = a_house.proofs()
    assert proofs["backup"]["detail"]["counts"]["access_organisation"] >= 5
    assert proofs["restore"]["detail"]["counts"] == proofs["backup"]["detail"]["counts"]


def test_an_upgrade_is_rehearsed_on_a_copy_and_the_living_house_is_untouched(a_house: House) -> None:
    a_house.run("rehearse", "upgrade")
    proof = a_house.proofs()["upgrade"]
    assert len(proof["code"]) == 16
    assert proof["detail"]["pages"] >= 2


@pytest.fixture
def sqlite_house(on_sqlite: House) -> House:
    """An empty house on SQLite."""
    on_sqlite.empty()
    return on_sqlite


def test_a_damaged_backup_is_refused_and_nothing_is_restored_from_it(sqlite_house: House, tmp_path: Path) -> None:
    archive = tmp_path / "house.tar.gz"
    sqlite_house.run("backup", str(archive))
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 0xFF
    archive.write_bytes(bytes(data))
    done = sqlite_house.run("restore", str(archive), str(tmp_path / "restored"), ok=False)
    assert done.code == 1
    assert "cannot be read" in done.err or "damaged" in done.err


def test_a_restore_never_goes_over_a_living_house(sqlite_house: House, tmp_path: Path) -> None:
    archive = tmp_path / "house.tar.gz"
    sqlite_house.run("backup", str(archive))
    before = sqlite_house.files()
    assert "proofs.json" in before
    done = sqlite_house.run("restore", str(archive), str(sqlite_house.folder), ok=False)
    assert done.code == 1
    assert "not empty" in done.err
    assert sqlite_house.files() == before


def test_a_restored_house_holds_the_rows(sqlite_house: House, tmp_path: Path) -> None:
    sqlite_house.seed()
    sqlite_house.run("backup", str(tmp_path / "house.tar.gz"))
    sqlite_house.run("restore", str(tmp_path / "house.tar.gz"), str(tmp_path / "restored"))
    with sqlite3.connect(tmp_path / "restored" / "serai.sqlite3") as copy:
        assert copy.execute("select count(*) from access_organisation where key like 'o_'").fetchone() == (5,)


def test_a_house_without_proofs_may_not_open_and_is_told_the_cure(sqlite_house: House) -> None:
    done = sqlite_house.run("check", "--live", "--json", ok=False)
    assert done.code == 1
    report = json.loads(done.out)
    codes = {row["code"] for row in report["refusals"]}
    assert {"backup", "restore", "upgrade", "dpia", "mode", "https"} <= codes
    assert all(row["cure"] for row in report["refusals"])


def test_a_proof_takes_its_reason_away(sqlite_house: House, tmp_path: Path) -> None:
    sqlite_house.run("backup", str(tmp_path / "house.tar.gz"))
    (tmp_path / "dpia.md").write_text("assessed")
    sqlite_house.run("dpia", "--by", "Data protection officer", "--file", str(tmp_path / "dpia.md"))
    report = json.loads(sqlite_house.run("check", "--live", "--json", ok=False).out)
    assert not {"backup", "dpia"} & {row["code"] for row in report["refusals"]}


def test_a_backup_holds_the_public_keys_of_the_ledger_and_no_secret(sqlite_house: House, tmp_path: Path) -> None:
    for name in ("ledger_verifiers", "ledger_key", "secret_key"):
        (sqlite_house.folder / name).write_text(f"{name} of the house")
        (sqlite_house.folder / name).chmod(0o600)
    sqlite_house.run("backup", str(tmp_path / "house.tar.gz"))
    done = sqlite_house.run("restore", str(tmp_path / "house.tar.gz"), str(tmp_path / "new"))
    assert (tmp_path / "new" / "ledger_verifiers").read_text() == "ledger_verifiers of the house"
    names = {path.name for path in (tmp_path / "new").iterdir()}
    assert names == {"serai.sqlite3", "manifest.json", "ledger_verifiers"}
    assert "secret_key" in done.out


def test_an_old_proof_counts_no_more(sqlite_house: House, tmp_path: Path) -> None:
    sqlite_house.run("backup", str(tmp_path / "house.tar.gz"))
    proofs = sqlite_house.proofs()
    proofs["backup"]["at"] = "2020-01-01T00:00:00+00:00"
    (sqlite_house.folder / "proofs.json").write_text(json.dumps(proofs))
    report = json.loads(sqlite_house.run("check", "--live", "--json", ok=False).out)
    assert "2020-01-01" in next(row["says"] for row in report["refusals"] if row["code"] == "backup")


def test_wrong_use_exits_with_two(sqlite_house: House) -> None:
    assert sqlite_house.run("rehearse", "dancing", ok=False).code == 2
    assert sqlite_house.run("no-such-command", ok=False).code == 2


def test_no_program_of_the_database_is_given_the_password_among_its_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr("subprocess.run", lambda command, *, check, env: ran.append((command, env)))
    house = {"USER": "serai", "PASSWORD": "p@ss:w/rd", "HOST": "db", "PORT": "5432", "NAME": "house"}
    url = postgres_url(house)
    assert psycopg.conninfo.conninfo_to_dict(url)["password"] == house["PASSWORD"]
    _postgres(["pg_restore", "dump"], url)
    _postgres(["pg_dump"], postgres_url({**house, "PASSWORD": ""}))
    assert [command for command, _ in ran] == [
        ["pg_restore", "--dbname", "postgresql://serai@db:5432/house", "dump"],
        ["pg_dump", "--dbname", "postgresql://serai@db:5432/house"],
    ]
    assert ran[0][1]["PGPASSWORD"] == house["PASSWORD"]
