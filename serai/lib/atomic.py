"""Files that are either wholly there or not there, read only up to a limit and only inside their folder.

A published page must not be half written when the disk is full or the power fails, and a pack or an upload from
outside must not write or read beside its folder, nor unpack to more than was agreed.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_ROOM_SIGNS = ("disk is full", "disk I/O error", "No space left", "could not extend file")
_CHUNK = 64 * 1024
_MAX_DEPTH = 12  # folders in a path
_MAX_NAME_BYTES = 255  # what ext4, APFS and NTFS hold
# Names that mean a device on Windows, where packs are also carried.
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_FORBIDDEN_IN_NAME = frozenset('<>:"|?*\\')


class FileRefused(ValueError):
    """A path or an archive was refused.

    `code`: path-empty, path-absolute, path-traversal, path-name (reserved, forbidden or hidden characters), path-deep,
    path-escape (a symbolic link leads out), too-large, not-a-file, not-a-zip, zip-broken, zip-encrypted, zip-link,
    zip-duplicate, zip-too-many, zip-nested. `found` is the path or what was too large.
    """

    def __init__(self, code: str, found: str) -> None:
        super().__init__(f"{code}: {found}")
        self.code = code
        self.found = found


def write_atomically(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Put `data` at `path` so that a reader sees the old file or the new one, also after a power cut.

    The folder must exist. Any OSError (such as no space) leaves the old file and no remains, and is raised on.
    """
    write_together({path: data}, mode=mode)


def write_together(files: Mapping[Path, bytes], *, mode: int = 0o644) -> None:
    """Several files as `write_atomically` does: all are written before the first takes its place.

    Any OSError while they are written (such as no space) leaves all old files and no remains, and is raised on.
    """
    aside: dict[str, Path] = {}
    try:
        for path, data in files.items():
            handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
            aside[name] = path
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
        for name, path in aside.items():
            os.replace(name, path)
    except BaseException:
        for name in aside:
            Path(name).unlink(missing_ok=True)
        raise
    for parent in {path.parent for path in files}:
        folder = os.open(parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def is_full(error: BaseException) -> bool:
    """Whether an error of the system or of a database says that there is no room, or no writing to the disk."""
    return getattr(error, "errno", None) in _NO_ROOM or any(sign in str(error) for sign in _NO_ROOM_SIGNS)


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """A name beside `path` for a program that writes a file itself; it takes the place of `path` if all goes well."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    os.close(handle)
    try:
        yield Path(name)
        os.chmod(name, 0o644)
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def read_bounded(path: Path, limit: int) -> bytes:
    """The bytes of an ordinary file of at most `limit` bytes. FileRefused `too-large` or `not-a-file`; OSError."""
    with open_bounded(path, limit) as file:
        return file.read()


@contextmanager
def open_bounded(source: Path | BinaryIO, limit: int) -> Iterator[BinaryIO]:
    """A file, or a stream that is open already, of which no more than `limit` bytes are read.

    FileRefused `not-a-file`, and `too-large`: at once for a file, whose size is known, or when the limit is passed.
    """
    if not isinstance(source, Path):
        yield io.BufferedReader(_Counted(source, limit))
        return
    # Without O_NONBLOCK a named pipe would keep us waiting for ever.
    handle = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            raise FileRefused("not-a-file", str(source))
        if facts.st_size > limit:
            raise FileRefused("too-large", str(source))
        yield io.BufferedReader(_Counted(file, limit))


class _Counted(io.RawIOBase):
    """What is read from a stream, until it is too much: a file can grow after its size was asked for."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self.stream, self.left = stream, limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self.stream.read(len(buffer))
        self.left -= len(piece)
        if self.left < 0:
            raise FileRefused("too-large", str(getattr(self.stream, "name", "stream")))
        buffer[: len(piece)] = piece
        return len(piece)


def safe_join(root: Path, relative: str) -> Path:
    """`root` joined with a path from outside, written with `/`. FileRefused if it could leave `root` or be misread.

    Also refused: symbolic links that lead out of `root`, names reserved on Windows, invisible characters.
    """
    _check_relative(relative)
    joined = root / relative
    if not joined.resolve().is_relative_to(root.resolve()):
        raise FileRefused("path-escape", relative)
    return joined


def unzip_bounded(data: bytes, *, max_files: int, max_bytes: int) -> dict[str, bytes]:
    """Content of a ZIP by path, folders left out. Nothing is written to disk.

    Refused with FileRefused: more than `max_files` entries or `max_bytes` (packed or unpacked, all together), paths
    that `safe_join` would refuse, links, passwords, two entries of one name (also but for case), and an archive
    inside that says it unpacks to more than `max_bytes`.
    """
    if len(data) > max_bytes:
        raise FileRefused("too-large", "archive")
    files: dict[str, bytes] = {}
    seen: set[str] = set()
    left = max_bytes
    with _opened(data) as archive:
        entries = archive.infolist()
        if len(entries) > max_files:
            raise FileRefused("zip-too-many", str(len(entries)))
        if sum(entry.file_size for entry in entries) > max_bytes:
            raise FileRefused("too-large", "archive")
        for entry in entries:
            _check_entry(entry, seen)
            if entry.is_dir():
                continue
            files[entry.filename] = content = _read_entry(archive, entry, left)
            left -= len(content)
            _check_nested(entry.filename, content, max_bytes)
    return files


@contextmanager
def _opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """The archive; whatever zipfile makes of broken input becomes a FileRefused."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, EOFError, OSError) as error:
        raise FileRefused("not-a-zip", str(error)) from error
    with archive:
        yield archive


def _check_entry(entry: zipfile.ZipInfo, seen: set[str]) -> None:
    # zipfile cuts a name at NUL; what it was called before is what the sender meant.
    _check_relative(entry.orig_filename.removesuffix("/"))
    name = entry.filename.removesuffix("/")
    _check_relative(name)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise FileRefused("zip-link", name)
    if entry.flag_bits & 0x1:
        raise FileRefused("zip-encrypted", name)
    key = unicodedata.normalize("NFC", name).casefold()
    if key in seen:
        raise FileRefused("zip-duplicate", name)
    seen.add(key)


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """Content of one entry; the sizes in the directory are the sender's word, so they are counted again here."""
    parts: list[bytes] = []
    try:
        with archive.open(entry) as file:
            while part := file.read(_CHUNK):
                left -= len(part)
                if left < 0:
                    raise FileRefused("too-large", entry.filename)
                parts.append(part)
    except FileRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, RuntimeError) as error:
        raise FileRefused("zip-broken", entry.filename) from error
    return b"".join(parts)


def _check_nested(name: str, content: bytes, max_bytes: int) -> None:
    if not content.startswith(b"PK\x03\x04"):
        return
    try:
        with _opened(content) as nested:
            size = sum(entry.file_size for entry in nested.infolist())
    except FileRefused:
        return  # it only looks like an archive; whoever opens it meets the error
    if size > max_bytes:
        raise FileRefused("zip-nested", name)


def _check_relative(relative: str) -> None:
    if not relative:
        raise FileRefused("path-empty", relative)
    if relative.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", relative):
        raise FileRefused("path-absolute", relative)
    names = relative.split("/")
    if ".." in re.split(r"[/\\]", relative):
        raise FileRefused("path-traversal", relative)
    if len(names) > _MAX_DEPTH:
        raise FileRefused("path-deep", relative)
    if not all(_is_plain_name(name) for name in names):
        raise FileRefused("path-name", relative)


def _is_plain_name(name: str) -> bool:
    if not name or name[-1] in ". " or name[0] == " " or _RESERVED.fullmatch(name):
        return False
    if any(char in _FORBIDDEN_IN_NAME or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in name):
        return False
    # Joiners are part of Persian and Indic words; every other format character only hides something.
    if any(unicodedata.category(char) == "Cf" and char not in "\u200c\u200d" for char in name):
        return False
    return len(name.encode()) <= _MAX_NAME_BYTES
