"""A directory on disk as tables: a folder or a ZIP of CSV files, or one JSON file in nested form."""

from __future__ import annotations

from pathlib import Path

from serai.lib.atomic import FileRefused, read_bounded
from serai.lib.hsds.check import check_rows
from serai.lib.hsds.nested import read_json, to_tables
from serai.lib.hsds.ours import check_extras
from serai.lib.hsds.problems import HsdsRefused, Problem
from serai.lib.hsds.tabular import Limits, read_folder, read_zip
from serai.lib.tables import Table

MEGABYTE = 1_000_000


def read_directory(path: Path, megabytes: int) -> tuple[dict[str, Table], list[Problem]]:
    """The tables and all that is wrong with them. Nothing larger than the limit is read, nor any of it kept."""
    limit = megabytes * MEGABYTE
    try:
        tables, problems = _read(path, limit)
    except FileRefused as error:
        return {}, [Problem("", 0, "", error.code, error.found, path.name)]
    except HsdsRefused as error:
        return {}, [Problem("", 0, "", error.code, error.found, path.name)]
    except OSError as error:
        return {}, [Problem("", 0, "", "unreadable", error.strerror or str(error), path.name)]
    problems += [*check_rows(tables), *check_extras(tables)]
    if not any(table.rows for name, table in tables.items() if name == "service") and not problems:
        problems.append(Problem("service", 0, "", "nothing"))
    return tables, problems


def _read(path: Path, limit: int) -> tuple[dict[str, Table], list[Problem]]:
    limits = Limits(file_bytes=limit, total_bytes=limit, cells=limit // 4)
    if path.is_dir():
        found = read_folder(path, limits)
        return dict(found.tables), list(found.problems)
    data = read_bounded(path, limit)
    if data[:4] == b"PK\x03\x04":
        found = read_zip(data, limits)
        return dict(found.tables), list(found.problems)
    return _nested(data, limit)


def _nested(data: bytes, limit: int) -> tuple[dict[str, Table], list[Problem]]:
    tables, problems = to_tables(read_json(data, max_bytes=limit))
    return dict(tables), problems
