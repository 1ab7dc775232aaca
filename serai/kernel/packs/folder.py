"""A pack as files: read from a folder or a ZIP that may come from anybody, written so that it is whole or not there."""

from __future__ import annotations

import io
import os
import stat
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from serai.kernel.register.ports import PackProblem
from serai.lib.atomic import FileRefused, read_bounded, safe_join, unzip_bounded, write_atomically

MAX_FILES = 5_000
MAX_FILE = 25 * 1024 * 1024  # bytes; a recording of half an hour
MAX_TOTAL = 200 * 1024 * 1024  # bytes, packed or unpacked
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)  # the same files always make the same ZIP


@dataclass(frozen=True)
class Read:
    """What was read: files by path, and why some could not be."""

    files: dict[str, bytes]
    problems: list[PackProblem]


def read_pack(path: Path) -> Read:
    """All files of a pack's folder or ZIP. Names that begin with a dot (`.git`) in a folder are not part of the pack.

    Nothing outside the folder is ever read; links, devices and anything too large are problems, not files.
    """
    try:
        kind = path.stat().st_mode
    except OSError as error:
        return Read({}, [_problem(str(path), "unreadable", error.strerror or str(error))])
    if stat.S_ISDIR(kind):
        return _read_folder(path)
    return _read_zip(path)


def zip_bytes(files: Mapping[str, bytes], folder: str) -> bytes:
    """The files as a ZIP with one folder; the same files always give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files, key=str.encode):
            entry = zipfile.ZipInfo(f"{folder}/{path}", _ZIP_DAY)
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[path])
    return buffer.getvalue()


def write_files(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Writes the files that differ, each wholly or not at all; returns their paths. Raises FileRefused, OSError."""
    written = []
    for path, data in sorted(files.items()):
        target = safe_join(folder, path)
        if target.is_file() and target.read_bytes() == data:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, data)
        written.append(path)
    return written


def _read_folder(root: Path) -> Read:
    files: dict[str, bytes] = {}
    problems: list[PackProblem] = []
    seen: dict[str, str] = {}
    left = MAX_TOTAL
    for relative, entry in _walk(root, ""):
        if len(files) >= MAX_FILES:
            problems.append(_problem("", "too-many-files", ""))
            break
        try:
            target = safe_join(root, relative)
            if entry.is_symlink():
                raise FileRefused("path-escape", relative)
            folded = unicodedata.normalize("NFC", relative).casefold()
            if folded in seen:
                raise FileRefused("zip-duplicate", relative)
            seen[folded] = relative
            files[relative] = read_bounded(target, min(MAX_FILE, left))
            left -= len(files[relative])
        except FileRefused as refused:
            problems.append(_problem(relative, refused.code, refused.found))
        except OSError as error:
            problems.append(_problem(relative, "unreadable", error.strerror or ""))
    return Read(files, problems)


def _walk(root: Path, below: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Everything in the folder that is not a folder, in order; links are told, never followed."""
    with os.scandir(root / below) as entries:
        rows = sorted(entries, key=lambda entry: entry.name)
    for entry in rows:
        if entry.name.startswith("."):
            continue
        relative = f"{below}/{entry.name}" if below else entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(root, relative)
        else:
            yield relative, entry


def _read_zip(path: Path) -> Read:
    try:
        files = unzip_bounded(read_bounded(path, MAX_TOTAL), max_files=MAX_FILES, max_bytes=MAX_TOTAL)
    except FileRefused as refused:
        return Read({}, [_problem(path.name, refused.code, refused.found)])
    except OSError as error:
        return Read({}, [_problem(path.name, "unreadable", error.strerror or "")])
    tops = {name.split("/", 1)[0] for name in files if "/" in name}
    if "pack.yaml" not in files and len(tops) == 1 and all("/" in name for name in files):
        files = {name.split("/", 1)[1]: data for name, data in files.items()}
    large = [name for name, data in files.items() if len(data) > MAX_FILE]
    return Read(files, [_problem(name, "too-large", name) for name in large])


def _problem(file: str, code: str, found: str) -> PackProblem:
    says, cure = _explained(code, found)
    return PackProblem(file, 0, code, says, cure)


def _explained(code: str, found: str) -> tuple[str, str]:
    rows = {
        "unreadable": (_("This cannot be read: %(found)s."), _("Check the path and who may read it.")),
        "too-many-files": (_("The pack has more than 5,000 files."), _("Split it into several packs.")),
        "too-large": (_("This is larger than a pack may be."), _("Keep each file under 25 MB and all under 200 MB.")),
        "not-a-file": (_("This is not an ordinary file."), _("Put a file there, or take it out.")),
        "not-a-zip": (_("This is neither a folder nor a ZIP file."), _("Give the folder or the ZIP of a pack.")),
        "zip-broken": (_("The ZIP is damaged at “%(found)s”."), _("Copy or download it again.")),
        "zip-encrypted": (_("“%(found)s” needs a password."), _("Make the ZIP without a password.")),
        "zip-link": (_("“%(found)s” is a link, not a file."), _("Put the file itself into the pack.")),
        "zip-duplicate": (
            _("“%(found)s” is there twice, or differs from another name in capitals only."),
            _("Rename or take out one of the two."),
        ),
        "zip-too-many": (_("The ZIP has %(found)s files; 5,000 are allowed."), _("Split it into several packs.")),
        "zip-nested": (_("“%(found)s” unpacks to far more than a pack may hold."), _("Take it out.")),
        "path-escape": (_("“%(found)s” is a link."), _("Put the file itself into the pack.")),
    }
    says, cure = rows.get(
        code,
        (_("“%(found)s” is not a path that a pack may hold (%(code)s)."), _("Use plain names in the pack's folder.")),
    )
    return says % {"found": found[:200], "code": code} if "%(" in says else says, cure
