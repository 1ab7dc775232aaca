"""A directory from wherever it lies: a folder or ZIP of tables, or nested JSON, small at once and large in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from serai.lib.atomic import read_bounded
from serai.lib.hsds.nested import read_json, tables_of, to_tables
from serai.lib.hsds.problems import HsdsRefused, shown
from serai.lib.hsds.schema import FILES
from serai.lib.hsds.tabular import Directory, Limits, read_folder, read_zip
from serai.lib.jsonstream import MAX_BYTES, MAX_ITEM, JsonRefused, stream_json

_ZIP = b"PK\x03\x04"
# What stands beside the services in a page of an HSDS API.
_PAGE = frozenset({"total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty"})


def read_directory(path: Path, *, max_bytes: int = MAX_BYTES) -> Directory:
    """The tables of a folder, a ZIP or a JSON file of at most `max_bytes` (of a folder: of each file).

    A file that is too large is refused by its size before it is read. FileRefused, HsdsRefused; OSError.
    """
    limits = replace(Limits(), file_bytes=max_bytes, total_bytes=max(Limits.total_bytes, max_bytes))
    if path.is_dir():
        return read_folder(path, limits)
    if path.is_file() and _begins(path, _ZIP):
        return read_zip(read_bounded(path, max_bytes), limits)
    if path.is_file() and path.stat().st_size <= min(MAX_ITEM, max_bytes):
        return Directory(*to_tables(read_json(read_bounded(path, max_bytes))))
    try:
        return Directory(*tables_of(_items(path, max_bytes)))
    except JsonRefused as error:
        raise HsdsRefused(error.code, error.found) from error


def _begins(path: Path, sign: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(sign)) == sign


def _items(path: Path, max_bytes: int) -> Iterator[tuple[str, Any]]:
    """Rows with their tables from a list of services, a page of them, or lists by table."""
    for key, item in stream_json(path, lists=(*FILES, "contents"), max_bytes=max_bytes):
        if key in ("", "contents"):
            yield "service", item
        elif key in FILES:
            yield key, item
        elif key not in _PAGE:  # such as the name of a service, which alone is not that large
            raise HsdsRefused("not-a-directory", shown(key))
