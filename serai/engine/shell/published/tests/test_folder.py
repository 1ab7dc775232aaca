"""Pages on disk: whole or not there, and gone when they should be."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import brotli
import pytest

from serai.engine.shell.published.encodings import variants
from serai.engine.shell.published.folder import Folder

PAGE = b"<p>words</p>" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "published", "one")


def keep(folder: Folder, file: str, *keys: str, minute: int = 0, mark: int = 1, page: bytes = PAGE) -> None:
    with folder.locked():
        folder.write(file, variants(page), keys=keys, minute=minute, mark=mark)


def pages(folder: Folder) -> list[str]:
    return sorted(str(file.relative_to(folder.root)) for file in folder.root.glob("*/pages/**/*") if file.is_file())


def test_a_page_stands_in_three_encodings(folder: Folder) -> None:
    keep(folder, "en/index.html", "a")
    assert pages(folder) == [f"one/pages/en/index.html{ending}" for ending in ("", ".br", ".gz")]
    assert (folder.pages / "en/index.html").stat().st_mode & 0o777 == 0o644
    assert not list((folder.home / "half").iterdir())


def test_a_key_takes_away_the_pages_that_need_it_and_no_other(folder: Folder) -> None:
    keep(folder, "en/index.html", "a", "b")
    keep(folder, "ar/index.html", "b")
    assert folder.take_away({"a"}) == 1
    assert [name for name in pages(folder) if name.endswith("html")] == ["one/pages/ar/index.html"]
    assert folder.take_away({"a", "nothing"}) == 0
    assert folder.take_away({"b"}) == 1
    assert pages(folder) == []


def test_pages_made_after_a_change_stay(folder: Folder) -> None:
    keep(folder, "old/index.html", "a", mark=10)
    keep(folder, "new/index.html", "a", mark=11)
    assert folder.take_away({"a"}, before={"a": 10}) == 1
    assert [name for name in pages(folder) if name.endswith("html")] == ["one/pages/new/index.html"]
    assert folder.take_away({"a"}) == 1, "the index still knows the page that stayed"


def test_other_generations_are_taken_away_too_and_swept(folder: Folder) -> None:
    older = Folder(folder.root, "older")
    keep(older, "en/index.html", "a")
    keep(folder, "en/index.html", "a")
    assert folder.take_away({"a"}) == 2
    keep(older, "en/index.html", "a")
    keep(folder, "en/index.html", "a")
    folder.sweep()
    assert {name.split("/")[0] for name in pages(folder)} == {"one"}
    folder.drop_all()
    assert pages(folder) == []


def test_pages_expire_in_their_minute(folder: Folder) -> None:
    keep(folder, "en/index.html", "a", minute=100)
    keep(folder, "ar/index.html", "a", minute=200)
    assert folder.take_expired(now=100 * 60 - 1) == 0
    assert folder.take_expired(now=100 * 60) == 1
    keep(folder, "ar/index.html", "a", minute=300)  # made anew with a later end
    assert folder.take_expired(now=200 * 60) == 0
    assert [name for name in pages(folder) if name.endswith("html")] == ["one/pages/ar/index.html"]


def test_the_best_compression_comes_later_and_only_for_the_same_page(folder: Folder) -> None:
    keep(folder, "en/index.html", "a", minute=77)
    before = (folder.pages / "en/index.html.br").stat()
    assert folder.squeeze() == 1
    after = (folder.pages / "en/index.html.br").stat()
    assert brotli.decompress((folder.pages / "en/index.html.br").read_bytes()) == PAGE
    assert after.st_mtime_ns % 1000 == before.st_mtime_ns % 1000 == 77
    assert folder.squeeze() == 0
    keep(folder, "en/index.html", "a")
    folder.take_away({"a"})
    assert folder.squeeze() == 1
    assert pages(folder) == [], "a page that went is not brought back"


def test_a_page_made_anew_while_being_squeezed_waits_for_the_next_round(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from serai.engine.shell.published import folder as module

    keep(folder, "en/index.html", "a")
    newer = b"<p>newer</p>" * 100

    def meanwhile(content: bytes) -> bytes:
        keep(folder, "en/index.html", "a", page=newer)
        return brotli.compress(content)

    monkeypatch.setattr(module, "squeezed", meanwhile)
    folder.squeeze()
    monkeypatch.undo()
    assert brotli.decompress((folder.pages / "en/index.html.br").read_bytes()) == newer
    assert folder.squeeze() == 1


def test_what_cannot_be_written_leaves_nothing(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(folder, "en/index.html", "a")
    for method in ("_note", "_write_half"):
        calls = []

        def fail(*args: object, calls: list = calls, real: object = getattr(Folder, method)) -> None:
            calls.append(args)
            if len(calls) == 2:
                raise OSError(28, "No space left on device")
            real(*args)  # type: ignore[operator]

        monkeypatch.setattr(Folder, method, fail)
        with pytest.raises(OSError, match="No space"):
            keep(folder, "en/index.html", "a", "b", "c")
        monkeypatch.undo()
        assert pages(folder) == []
        assert not list((folder.home / "half").iterdir())


FILL = """
import resource, signal, sys
from pathlib import Path
from serai.engine.shell.published.encodings import variants
from serai.engine.shell.published.folder import Folder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
folder = Folder(Path(sys.argv[1]), "one")
try:
    with folder.locked():
        folder.write("en/index.html", variants(bytes(range(256)) * 40), keys=["a"], minute=0, mark=1)
except OSError as error:
    sys.exit(7)
"""


def test_a_real_limit_of_the_disk_leaves_nothing(folder: Folder) -> None:
    done = subprocess.run([sys.executable, "-c", FILL, str(folder.root)], check=False)
    assert done.returncode == 7
    assert pages(folder) == []
    assert not list((folder.home / "half").iterdir())


KILLED = """
import os, signal, sys
from pathlib import Path
from serai.engine.shell.published.encodings import variants
from serai.engine.shell.published.folder import Folder
folder, steps = Folder(Path(sys.argv[1]), "one"), int(sys.argv[2])
count = 0
def tick(*args):
    global count
    count += 1
    if count > steps:
        os.kill(os.getpid(), signal.SIGKILL)
for name in ("_note", "_write_half"):
    real = getattr(Folder, name)
    setattr(Folder, name, lambda self, *args, real=real: (tick(), real(self, *args)))
real_replace = Path.replace
Path.replace = lambda self, target: (tick(), real_replace(self, target))
with folder.locked():
    folder.write("en/index.html", variants(b"<p>words</p>" * 100), keys=["a", "b"], minute=9, mark=1)
"""


@pytest.mark.slow
def test_killed_at_any_step_no_page_stands_without_its_index(folder: Folder) -> None:
    for steps in range(12):
        done = subprocess.run([sys.executable, "-c", KILLED, str(folder.root), str(steps)], check=False)
        for name in pages(folder):
            assert (folder.root / name).read_bytes(), "no empty page"
        folder.take_away({"b"})
        assert pages(folder) == [], f"killed after {steps} steps, the key did not find the page"
        if done.returncode == 0:
            assert steps > 8
            return
    raise AssertionError("writing took more steps than expected")


def test_halves_of_the_killed_are_swept_after_an_hour(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(folder, "en/index.html", "a")
    half = folder.home / "half" / "left"
    half.write_bytes(b"x")
    folder.sweep()
    assert half.exists()
    later = time.time() + 3700
    monkeypatch.setattr(time, "time", lambda: later)
    folder.sweep()
    assert not half.exists()
