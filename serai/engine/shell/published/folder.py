"""How published pages lie on one server's disk.

    <root>/lock                                  taken by whoever writes or takes away
    <root>/cursor.json                           up to where changes were followed (following.py)
    <root>/<generation>/pages/en/index.html      the page, with .gz and .br beside it
    <root>/<generation>/keys/<digest>/<page>     a link whose target says "<mark>:<file>": this page needs that key
    <root>/<generation>/expires/<minute>/<page>  the same for the minute in which it expires
    <root>/<generation>/light/<page>             the same for pages that still wait for their best compression
    <root>/<generation>/half/                    files being written; they move into place when complete

Index entries are written before the page and removed after it: whatever kills us, no page stands without its index.
Nothing here uses Django: what is a page and when it changed is decided elsewhere.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from .encodings import SUFFIX, squeezed
from .stamp import expiry_of, is_past, put_stamp


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _drop(file: Path) -> None:
    file.unlink(missing_ok=True)


class Folder:
    """All published files of one server; pages are written into one generation and taken away from all."""

    def __init__(self, root: Path, generation: str) -> None:
        self.root = root
        self.generation = generation
        self.home = root / generation
        self.pages = self.home / "pages"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time on this server, threads and processes alike. Raises OSError."""
        self.root.mkdir(mode=0o755, parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    # --- writing ----------------------------------------------------------------------------------------------------
    def write(self, file: str, variants: Mapping[str, bytes], *, keys: Iterable[str], minute: int, mark: int) -> None:
        """Puts a page in place. The caller holds the lock. Raises OSError, and then nothing of the page is there."""
        page = self.pages / file
        half = self._half()
        try:
            for encoding, content in variants.items():
                self._write_half(half.with_suffix(SUFFIX[encoding] or ".plain"), content, minute)
            for key in keys:
                self._note("keys", _digest(key), file, mark)
            if minute:
                self._note("expires", str(minute), file, mark)
            self._note("light", "", file, mark)
            page.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            for encoding in variants:  # plain last: a web server in front looks for that one first
                half.with_suffix(SUFFIX[encoding] or ".plain").replace(_with(page, encoding))
        except OSError:
            self._remove(page)
            for encoding in variants:
                _drop(half.with_suffix(SUFFIX[encoding] or ".plain"))
            raise

    def _half(self) -> Path:
        folder = self.home / "half"
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        return folder / uuid.uuid4().hex

    def _write_half(self, half: Path, content: bytes, minute: int) -> None:
        with half.open("wb") as handle:
            handle.write(content)
        half.chmod(0o644)
        put_stamp(half, content, minute)

    def _note(self, index: str, name: str, file: str, mark: int) -> None:
        folder = self.home / index / name
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        link = folder / _digest(file)
        _drop(link)
        link.symlink_to(f"{mark}:{file}")

    def count_in(self, inside: str) -> int:
        """How many pages lie in one folder of pages; those that expired count until they are taken away."""
        return sum(name.endswith(SUFFIX["gzip"]) for name in _names(self.pages / inside))

    def find(self, file: str, encoding: str) -> os.stat_result:
        """What the disk says of a page in one encoding. Raises OSError when it is not there."""
        return _with(self.pages / file, encoding).stat()

    # --- taking away ------------------------------------------------------------------------------------------------
    def take_away(self, keys: Iterable[str], before: Mapping[str, int] | None = None) -> int:
        """Unlinks every page that needs one of the keys, in all generations; returns how many. Caller holds the lock.

        before: number of the change, by key; pages rendered when that change could already be seen stay.
        """
        count = 0
        for home in self._generations():
            for key in keys:
                count += self._take_entries(home, home / "keys" / _digest(key), (before or {}).get(key))
        return count

    def take_expired(self, now: float | None = None) -> int:
        """Unlinks every page whose minute has come; returns how many. Takes the lock only when there is work."""
        moment = time.time() if now is None else now
        due = [
            (home, home / "expires" / name)
            for home in self._generations()
            for name in _names(home / "expires")
            if name.isdigit() and is_past(int(name), moment)
        ]
        if not due:
            return 0
        with self.locked():
            return sum(self._take_entries(home, entries, None, moment) for home, entries in due)

    def _take_entries(self, home: Path, entries: Path, before: int | None, expired_at: float | None = None) -> int:
        count = 0
        for name in _names(entries):
            mark, file = _target(entries / name)
            if before is not None and mark > before:
                continue
            if file and (expired_at is None or _has_expired(home / "pages" / file, expired_at)):
                count += self._remove(home / "pages" / file)
            _drop(entries / name)
        if before is None:
            shutil.rmtree(entries, ignore_errors=True)
        return count

    def _remove(self, page: Path) -> int:
        there = page.exists()
        for encoding in reversed(SUFFIX):
            _drop(_with(page, encoding))
        return int(there)

    def drop_all(self) -> None:
        """Takes every page of every generation away, at once for all who serve them. Raises OSError."""
        with self.locked():
            self._drop_homes(self._generations())

    def sweep(self) -> None:
        """Takes away other generations and what a killed process left half-written (older than an hour)."""
        with self.locked():
            self._drop_homes([home for home in self._generations() if home != self.home])
            for name in _names(self.home / "half"):
                half = self.home / "half" / name
                with suppress(FileNotFoundError):
                    if time.time() - half.lstat().st_ctime > 3600:
                        _drop(half)

    def _drop_homes(self, homes: list[Path]) -> None:
        for home in homes:
            gone = self.root / f".{uuid.uuid4().hex}"
            home.rename(gone)
        for name in _names(self.root):
            if name.startswith("."):
                shutil.rmtree(self.root / name, ignore_errors=True)

    def _generations(self) -> list[Path]:
        return [self.root / name for name in _names(self.root) if (self.root / name / "pages").is_dir()]

    # --- the best compression, later --------------------------------------------------------------------------------
    def squeeze(self, limit: int = 50) -> int:
        """Gives up to `limit` pages their best compression; returns how many. Run by the clock, nobody waits for it."""
        light = self.home / "light"
        names = _names(light)[:limit]
        for name in names:
            self._squeeze_one(light / name)
        return len(names)

    def _squeeze_one(self, entry: Path) -> None:
        page = self.pages / _target(entry)[1]
        try:
            content, seen = page.read_bytes(), page.stat()
        except OSError:
            _drop(entry)
            return
        best = squeezed(content)
        half = self._half()
        try:
            self._write_half(half, best, expiry_of(seen))
            with self.locked():
                if _same(page, seen):  # otherwise it was written anew, and waits for the next round
                    half.replace(_with(page, "br"))
                    _drop(entry)
        finally:
            _drop(half)


def _with(page: Path, encoding: str) -> Path:
    return page.with_name(page.name + SUFFIX[encoding])


def _target(entry: Path) -> tuple[int, str]:
    """Mark and file of an index entry; no file when it cannot be read."""
    try:
        mark, _, file = os.readlink(entry).partition(":")
        return int(mark), file
    except (OSError, ValueError):
        return 0, ""


def _has_expired(page: Path, now: float) -> bool:
    try:
        return is_past(expiry_of(page.stat()), now)
    except OSError:
        return True


def _same(page: Path, seen: os.stat_result) -> bool:
    try:
        now = page.stat()
    except OSError:
        return False
    return (now.st_ino, now.st_mtime_ns, now.st_size) == (seen.st_ino, seen.st_mtime_ns, seen.st_size)
