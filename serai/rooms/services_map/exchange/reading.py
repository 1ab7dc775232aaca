"""A directory on disk as tables: a folder or a ZIP of CSV files, or one JSON file in nested form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from serai.lib.atomic import FileRefused, read_bounded
from serai.lib.hsds.check import check_rows
from serai.lib.hsds.files import read_directory as read_any
from serai.lib.hsds.ours import check_extras
from serai.lib.hsds.problems import HsdsRefused, Problem
from serai.lib.jsonstream import JsonRefused
from serai.lib.mapping.convert import convert_file
from serai.lib.mapping.definition import load_mapping
from serai.lib.tables import Table, TableRefused

MEGABYTE = 1_000_000


def read_directory(path: Path, megabytes: int) -> tuple[dict[str, Table], list[Problem]]:
    """The tables and all that is wrong with them. Nothing larger than the limit is read, nor any of it kept."""
    try:
        found = read_any(path, max_bytes=megabytes * MEGABYTE)
    except FileRefused as error:
        return {}, [Problem("", 0, "", error.code, error.found, path.name)]
    except HsdsRefused as error:
        return {}, [Problem("", 0, "", error.code, error.found, path.name)]
    except OSError as error:
        return {}, [Problem("", 0, "", "unreadable", _why(error), path.name)]
    tables, problems = found.tables, [*found.problems]
    problems += [*check_rows(tables), *check_extras(tables)]
    if not any(table.rows for name, table in tables.items() if name == "service") and not problems:
        problems.append(Problem("service", 0, "", "nothing"))
    return tables, problems


MAPPING_BYTES = 200_000


@dataclass(frozen=True)
class Mapped:
    """What came through a mapping: tables, the language of their texts, what is wrong, what is worth knowing."""

    tables: dict[str, Table] = field(default_factory=dict)
    language: str = ""
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def read_mapped(path: Path, mapping: Path, files: Mapping[str, Path], megabytes: int) -> Mapped:
    """A file through a mapping file; `files` holds the same in other languages, by tag."""
    try:
        text = read_bounded(mapping, MAPPING_BYTES).decode()
    except (OSError, FileRefused, UnicodeDecodeError) as error:
        return Mapped(problems=[Problem("", 0, "", "unreadable", _why(error), mapping.name)])
    found, errors = load_mapping(text)
    if found is None:
        wrong = [
            Problem("mapping", error.line, "", f"mapping-{error.code}", error.detail, mapping.name) for error in errors
        ]
        return Mapped(problems=wrong)
    try:
        made = convert_file(path, found, today=timezone.localdate(), files=files, max_bytes=megabytes * MEGABYTE)
    except (FileRefused, HsdsRefused, JsonRefused, TableRefused) as error:
        return Mapped(problems=[Problem("", 0, "", error.code, error.found, path.name)])
    except OSError as error:
        return Mapped(problems=[Problem("", 0, "", "unreadable", _why(error), path.name)])
    checked = [*check_rows(made.tables), *check_extras(made.tables)]
    return Mapped(made.tables, found.written_in, [*made.problems, *checked], made.notes)


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
