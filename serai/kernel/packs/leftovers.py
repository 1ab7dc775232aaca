"""Files that an install put beside the database: when the install does not come to its end, they go away again.

A transaction takes back rows, not files. So an install writes the name of each new file into a journal before it
writes the file; whoever finds the journal of an install that was killed removes what it left.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage

from .models import PackVersion

_journal: ContextVar[Path | None] = ContextVar("journal", default=None)


class AnotherInstall(RuntimeError):
    """Another pack is being installed in this house right now: try again when it is done."""


def note_file(name: str) -> None:
    """Says that the running install is about to write a new file (a name in the default storage)."""
    path = _journal.get()
    if path is None or default_storage.exists(name):
        return
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"file": name}) + "\n")
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def watched(pack: str, version: str, digest: str) -> Iterator[None]:
    """One install at a time; its new files stay only if it ends well. Raises AnotherInstall."""
    with _alone() as folder:
        _clear(folder)
        journal = folder / "install.journal"
        journal.write_text(json.dumps({"pack": pack, "version": version, "digest": digest}) + "\n", encoding="utf-8")
        token = _journal.set(journal)
        try:
            yield
        except BaseException:
            _remove_files(journal)
            raise
        finally:
            _journal.reset(token)
            journal.unlink(missing_ok=True)


def clear_leftovers() -> None:
    """Removes what a killed install left; does nothing while another runs. For the house's clock."""
    try:
        with _alone() as folder:
            _clear(folder)
    except AnotherInstall:
        return


@contextmanager
def _alone() -> Iterator[Path]:
    folder = Path(settings.SERAI_DATA) / "packs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "install.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherInstall from None
        yield folder


def _clear(folder: Path) -> None:
    journal = folder / "install.journal"
    if not journal.exists():
        return
    rows = _rows(journal)
    if not rows or not PackVersion.objects.filter(**rows[0]).exists():
        _remove_files(journal)
    journal.unlink()


def _remove_files(journal: Path) -> None:
    for row in _rows(journal)[1:]:
        default_storage.delete(row["file"])


def _rows(journal: Path) -> list[dict[str, str]]:
    """The lines that were written to the end; the last may have been cut off."""
    found = []
    for line in journal.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            break
    return found
