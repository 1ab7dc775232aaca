"""An install that is killed or finds the disk full leaves nothing behind, and the next one goes through."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from serai.kernel.packs.tests.small import DOCTOR, DOCTOR_AR, pack, topics
from tests.packs.houses import House, write_pack

pytestmark = pytest.mark.slow

KILLED = """
import os, signal
from pathlib import Path
from serai.kernel.packs.actions import install_pack
from serai.kernel.packs.folder import read_pack
from serai.kernel.register.ports import PACK_PARTS, PackReport
class Killer:
    order = 65  # after guides and contacts are written, before alerts
    def owns(self, path): return False
    def check(self, pack, files): return []
    def install(self, pack, files, *, by):
        print("in the middle", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
PACK_PARTS.offer("killer", Killer())
install_pack(by=None, files=read_pack(Path(os.environ["PACK"])).files)
"""
COUNT = """
from serai.kernel.access.models import Organisation
from serai.kernel.facts.models import Fact
from serai.kernel.ledger.models import OutboxRow
from serai.kernel.packs.models import PackVersion, Piece
from serai.rooms.guides.models import Alert, GuidePage, HumanContact
from serai.engine.content.models import HouseImage
models = [Organisation, Fact, OutboxRow, PackVersion, Piece, Alert, GuidePage, HumanContact, HouseImage]
answer = {model.__name__: model.objects.count() for model in models}
"""
LITTLE_ROOM = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))"


def with_picture() -> dict[str, bytes]:
    buffer = io.BytesIO()
    Image.effect_noise((700, 700), 90).save(buffer, "PNG")
    block = "\n```picture\nfile: desk.png\nalt: The desk\n```\n"
    files = pack({"guides/doctor.en.md": DOCTOR + block, "guides/doctor.ar.md": DOCTOR_AR + block})
    return {**files, "guides/media/desk.png": buffer.getvalue()}


@pytest.fixture
def lindenbach(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "lindenbach", with_picture())


@pytest.fixture
def house(tmp_path: Path, lindenbach: Path) -> Iterator[House]:
    house = House(tmp_path / "house", PACK=str(lindenbach))
    try:
        assert house.pack("install", write_pack(tmp_path / "topics", topics())).code == 0
        yield house
    finally:
        house.inside.close()


def media(house: House) -> list[Path]:
    return [path for path in (house.folder / "media").rglob("*") if path.is_file()]


def test_kill_nine_in_the_middle_leaves_nothing_and_the_next_install_goes_through(
    house: House, lindenbach: Path
) -> None:
    before = house.ask(COUNT)
    killed = house.inside.apart(KILLED)
    assert (killed.code, killed.out) == (-signal.SIGKILL, "in the middle\n")
    assert house.ask(COUNT) == before
    assert len(media(house)) == 1, "the file was written: there is something to clear"
    house.ask("from serai.kernel.packs.leftovers import clear_leftovers\nclear_leftovers()")
    assert media(house) == []
    assert house.pack("install", lindenbach).json["changed"] is True
    after = house.ask(COUNT)
    assert (after["GuidePage"], after["HumanContact"], after["Alert"], after["HouseImage"]) == (3, 1, 1, 1)
    assert len(media(house)) == 1


def test_a_full_disk_is_said_and_leaves_nothing(house: House, lindenbach: Path) -> None:
    before = house.ask(COUNT)
    full = house.pack("install", lindenbach, before=LITTLE_ROOM)
    assert full.code == 1
    assert "disk is full" in full.json["problems"][0]["says"]
    assert "Traceback" not in full.err
    assert house.ask(COUNT) == before
    assert media(house) == []
    assert house.pack("install", lindenbach).json["changed"] is True


@pytest.fixture
def small_disk(house: House, tmp_path: Path) -> Iterator[House]:
    """The house on a disk of its own with a few hundred kilobytes left; only root can make one."""
    kept = shutil.copytree(house.folder, tmp_path / "kept")
    used = sum(path.stat().st_size for path in house.folder.rglob("*") if path.is_file())
    command = ["mount", "-t", "tmpfs", "-o", f"size={used + 600_000}", "tmpfs", str(house.folder)]
    if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        shutil.copytree(kept, house.folder, dirs_exist_ok=True)
        yield house
    finally:
        subprocess.run(["umount", str(house.folder)], check=True)


def test_a_disk_without_room_is_said_and_leaves_nothing(small_disk: House, lindenbach: Path) -> None:
    before = small_disk.ask(COUNT)
    full = small_disk.pack("install", lindenbach)
    assert full.code == 1
    assert "disk is full" in full.json["problems"][0]["says"]
    assert "Traceback" not in full.err
    assert small_disk.ask(COUNT) == before
    assert media(small_disk) == []
