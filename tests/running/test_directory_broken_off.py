"""A directory's import that is killed, and a disk that is full on the way in or out: nothing is left half done."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from serai.lib.hsds.ours import Extras, table_of, with_extras
from serai.lib.hsds.tabular import write_folder
from tests.databases import postgres_copy
from tests.inside import ROOT
from tests.packs.houses import House

from .house import TOWNS, wait_until

pytestmark = pytest.mark.slow
SERVICES = 400
LITTLE = 40_000  # bytes: less than any of the exports, more than the database needs to be read
# The import itself, held by us after its first offers are written: whoever kills it then kills it in the middle.
HELD = """
import os, time
from pathlib import Path
from django.db.backends.signals import connection_created
COUNTS = "SELECT (SELECT count(*) FROM services_map_offer), (SELECT count(*) FROM services_map_service)"
def hold(execute, sql, params, many, context):
    done = execute(sql, params, many, context)
    connection = context["connection"]
    if not connection.in_atomic_block or sql.startswith(COUNTS):
        return done
    with connection.cursor() as cursor:  # rows that go in as a stream (COPY) are seen at the statement after them
        cursor.execute(COUNTS)
        offers, written = cursor.fetchone()
    if offers:
        aside = Path(os.environ["HELD"] + ".half")
        aside.write_text(str(written))
        aside.rename(os.environ["HELD"])
        time.sleep(600)
    return done
def watch(connection, **_): connection.execute_wrappers.append(hold)
connection_created.connect(watch)
from serai.config.cli import main
main()
"""
COUNT = """
from serai.engine.content.models import SearchEntry
from serai.kernel.access.models import Organisation
from serai.kernel.facts.models import Fact
from serai.kernel.ledger.models import OutboxRow, Touch
from serai.rooms.services_map.models import Location, Offer, Organization, Service, ServiceAtLocation
models = [SearchEntry, Organisation, Fact, OutboxRow, Touch, Location, Offer, Organization, Service, ServiceAtLocation]
answer = {model.__name__: model.objects.count() for model in models}
"""
OPENS = """
from django.conf import settings
from django.test import Client
client = Client(headers={"host": settings.SERAI_PUBLIC_HOST})
answer = [client.get(path).status_code for path in ("/en/", "/en/services/")]
"""
FOUND = """
from serai.engine.content.models import SearchEntry
from serai.rooms.services_map.models import Offer
answer = [
    sorted(SearchEntry.objects.values_list("key", "language", "digest")),
    sorted([str(row.service_id), row.need, row.latitude] for row in Offer.objects.filter(latitude__isnull=False)),
]
"""


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with SERVICES services at public places."""
    rows: dict[str, list[dict[str, str]]] = {}
    extras: dict[tuple[str, str], Extras] = {}

    def key(name: str) -> str:
        return str(uuid5(NAMESPACE_URL, name))

    rows["organization"] = [{"id": key("helpers"), "name": "Helpers", "description": "Help at the sea"}]
    for number in range(SERVICES):
        service, place = key(f"service {number}"), key(f"place {number}")
        name = {"name": f"Help {number}", "description": "Somebody listens and helps to write letters " * 4}
        rows.setdefault("service", []).append(
            {"id": service, "organization_id": key("helpers"), "status": "active", "assured_date": "2026-11-01", **name}
        )
        there = {"latitude": f"{45 + number / 10_000}", "longitude": "13.6"}
        rows.setdefault("location", []).append({"id": place, "location_type": "physical", "name": "House", **there})
        rows.setdefault("service_at_location", []).append(
            {"id": key(f"at {number}"), "service_id": service, "location_id": place}
        )
        extras["service", service] = Extras(needs=("legal",), opening_hours="24/7", written_in="en")
        extras["location", place] = Extras(timezone="Europe/Rome", country="IT", sensitivity="public")
    folder = tmp_path_factory.mktemp("directory")
    write_folder(with_extras({name: table_of(name, found) for name, found in rows.items()}, extras), folder)
    return folder


@pytest.fixture(scope="module")
def whole(directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house into which the directory came without a mishap."""
    house = House(tmp_path_factory.mktemp("whole") / "house", **TOWNS)
    try:
        assert bring(house, directory).code == 0
        yield house
    finally:
        house.inside.close()


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """An empty house on each database."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    url = {"SERAI_DATABASE_URL": postgres_copy(f"broken_off_{worker}")} if request.param == "postgres" else {}
    house = House(tmp_path / "house", **TOWNS, **url)
    try:
        yield house
    finally:
        house.inside.close()


def bring(house: House, directory: Path, before: str = "") -> Any:
    return house.inside.serai("import", "hsds", directory, "--places", "as-said", before=before)


def killed_in_the_middle(house: House, directory: Path, tmp_path: Path) -> int:
    """Starts the command, waits until it has written, kills it; how many services it had written for itself."""
    held = tmp_path / "held"
    command = [sys.executable, "-c", HELD, "import", "hsds", str(directory), "--places", "as-said"]
    surroundings = {**house.surroundings, "HELD": str(held)}
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=said, stderr=said)
        try:
            wait_until(lambda: held.exists() or process.poll() is not None, 60, "the import writes")
            assert process.poll() is None, f"the import ended before it was killed: {(tmp_path / 'said').read_text()}"
        finally:
            process.kill()
            process.wait(20)
    assert process.returncode == -signal.SIGKILL
    return int(held.read_text())


def test_an_import_that_is_killed_leaves_nothing_and_the_next_one_is_whole(
    house: House, whole: House, directory: Path, tmp_path: Path
) -> None:
    before = house.ask(COUNT)
    assert killed_in_the_middle(house, directory, tmp_path) == SERVICES
    assert house.ask(COUNT, OPENS) == [before, [200, 200]]
    again = bring(house, directory)
    assert (again.code, again.err) == (0, "")
    assert house.ask(FOUND) == whole.ask(FOUND)
    for each in (house, whole):
        assert each.inside.serai("export", "hsds", each.folder / "out").code == 0
    assert files(house.folder / "out") == files(whole.folder / "out")


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def room(size: int) -> str:
    """What makes every file that grows beyond so many bytes fail as on a disk without room."""
    no_bytecode = "import resource, sys\nsys.dont_write_bytecode = True"  # or half of it would stay for everybody
    return f"{no_bytecode}\nresource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"


@pytest.mark.parametrize("kilobytes", [60, 400])  # before the first row, and among them
def test_a_disk_without_room_for_an_import_is_said_and_nothing_changes(
    whole: House, directory: Path, tmp_path: Path, kilobytes: int
) -> None:
    house = House(tmp_path / "house", **TOWNS)
    try:
        before = house.ask(COUNT)
        full = bring(house, directory, before=room(kilobytes * 1000))
        assert full.code == 1
        assert "disk is full or cannot be written. Nothing was imported. Make room" in full.err
        assert "Traceback" not in full.err
        assert house.ask(COUNT, OPENS) == [before, [200, 200]]
        assert bring(house, directory).code == 0
        assert house.ask(COUNT)["Service"] == SERVICES
    finally:
        house.inside.close()


@pytest.mark.parametrize("name", ["out", "out.zip", "out.json"])
def test_a_disk_without_room_for_an_export_leaves_the_old_one_whole(whole: House, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    full = whole.inside.serai("export", "hsds", path, before=room(LITTLE))
    assert (full.code, list(tmp_path.iterdir())) == (1, [])
    assert whole.inside.serai("export", "hsds", path).code == 0
    old = files(path) if path.is_dir() else path.read_bytes()
    full = whole.inside.serai("export", "hsds", path, before=room(LITTLE))
    assert full.code == 1
    assert "What stood there before is unchanged. Make room" in full.err
    assert "Traceback" not in full.err
    assert (files(path) if path.is_dir() else path.read_bytes()) == old


def test_a_disk_without_room_for_the_report_of_who_does_what_is_said(whole: House, tmp_path: Path) -> None:
    path = tmp_path / "4w.csv"
    assert whole.inside.serai("export", "4w", path).code == 0
    old = path.read_bytes()
    full = whole.inside.serai("export", "4w", path, before=room(LITTLE))
    assert full.code == 1
    assert "What stood there before is unchanged. Make room" in full.err
    assert "Traceback" not in full.err
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"4w.csv": old}
