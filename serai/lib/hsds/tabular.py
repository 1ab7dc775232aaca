"""The tables of a directory in and out: a folder or a ZIP of CSV files, one for each table."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from serai.lib.atomic import FileRefused, read_bounded, safe_join, unzip_bounded, write_atomically
from serai.lib.hsds.problems import Problem, shown
from serai.lib.hsds.schema import FILES
from serai.lib.tables import Table, TableRefused, read_csv, write_csv

_DAY = (1980, 1, 1, 0, 0, 0)  # the same tables make the same archive
# Files are named as the standard says (services.csv) or as the table (service.csv).
_TABLE_OF = {**{f"{table}.csv": table for table in FILES}, **{file: table for table, file in FILES.items()}}


@dataclass(frozen=True)
class Limits:
    """How much is read at most: files, bytes of one file and of all (also packed and unpacked), cells of one table."""

    files: int = 100
    file_bytes: int = 64_000_000
    total_bytes: int = 100_000_000
    cells: int = 5_000_000


@dataclass(frozen=True)
class Directory:
    """Tables by name in the order of the standard, and what could not be read."""

    tables: dict[str, Table]
    problems: list[Problem]


def read_folder(folder: Path, limits: Limits | None = None) -> Directory:
    """The CSV files of a folder. FileRefused for too many, too large, links that lead out; OSError."""
    limits = limits or Limits()
    names = sorted(path.name for path in folder.iterdir() if path.suffix.lower() == ".csv")
    if len(names) > limits.files:
        raise FileRefused("too-large", str(len(names)))
    left = limits.total_bytes
    files: list[tuple[str, bytes]] = []
    for name in names:
        files.append((name, read_bounded(safe_join(folder, name), left)))
        left -= len(files[-1][1])
    return read_files(files, limits)


def read_zip(data: bytes, limits: Limits | None = None) -> Directory:
    """The CSV files of a ZIP, also in a folder inside. FileRefused for everything that `unzip_bounded` refuses."""
    limits = limits or Limits()
    files = unzip_bounded(data, max_files=limits.files, max_bytes=limits.total_bytes)
    plain = [(path.rsplit("/", 1)[-1], content) for path, content in files.items() if "__MACOSX/" not in path]
    return read_files([(name, content) for name, content in plain if name.lower().endswith(".csv")], limits)


def write_folder(tables: Mapping[str, Table], folder: Path) -> None:
    """One CSV a table into a folder that exists; each is wholly there or not. KeyError for an unknown table.

    Tables of an earlier time that are no more go: they may say what is to be known no longer.
    """
    files = write_files(tables)
    for name in set(FILES.values()) - files.keys():
        (folder / name).unlink(missing_ok=True)
    for name, content in files.items():
        write_atomically(folder / name, content)


def write_zip(tables: Mapping[str, Table]) -> bytes:
    """A ZIP of one CSV a table; the same tables give the same bytes. KeyError for an unknown table."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in write_files(tables).items():
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def write_files(tables: Mapping[str, Table]) -> dict[str, bytes]:
    """One CSV a table, by file name. KeyError for an unknown table."""
    return {
        FILES[name]: write_csv(table.header, ([row.cells[column] for column in table.header] for row in table.rows))
        for name, table in tables.items()
    }


def read_files(files: Iterable[tuple[str, bytes]], limits: Limits | None = None) -> Directory:
    """A file that cannot be read is a problem of its table and does not hide those of the others."""
    limits = limits or Limits()
    found: dict[str, Table] = {}
    problems: list[Problem] = []
    for name, content in files:
        table = _TABLE_OF.get(name.lower())
        if table is None:
            problems.append(Problem(name, 0, "", "table-unknown", shown(name)))
        elif table in found:
            problems.append(Problem(table, 0, "", "table-twice", shown(name)))
        else:
            try:
                found[table] = read_csv(content, max_bytes=limits.file_bytes, max_cells=limits.cells)
            except TableRefused as error:
                problems.append(Problem(table, error.row, error.column, error.code, shown(error.found)))
    return Directory({table: found[table] for table in FILES if table in found}, problems)
