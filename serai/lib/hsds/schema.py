"""What the standard says of tables, fields and nesting, read from the CSV files beside this one (see SOURCE.txt)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from serai.lib.tables import Table, read_csv

VERSION = "3.0"
Kind = Literal["text", "number", "date", "time", "datetime", "uri", "email", "uuid"]
_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Field:
    """A field of a table: `required` in tables, `always` in nested form too; `refers_to` a table, or ""."""

    table: str
    name: str
    kind: Kind
    required: bool
    always: bool
    unique: bool
    refers_to: str
    enum: tuple[str, ...]


@dataclass(frozen=True)
class Nesting:
    """Under `key` of a row of `table` stand rows of `child`.

    With `many` there is a list, and `link` is the child's field with the parent's id; else one object, and `link` is
    the parent's field with the child's id.
    """

    table: str
    key: str
    child: str
    link: str
    many: bool


def _read(name: str) -> Table:
    return read_csv(_HERE / name)


def _fields() -> dict[str, dict[str, Field]]:
    found: dict[str, dict[str, Field]] = {}
    for row in _read("fields.csv").rows:
        kind, required = row.text("type"), row.text("required")
        if kind not in get_args(Kind):
            raise ValueError(f"fields.csv, row {row.number}: {kind}")
        enum = tuple(filter(None, row.text("enum").split("|")))
        field = Field(
            row.text("table"), row.text("field"), cast(Kind, kind), bool(required), required == "always",
            bool(row.text("unique")), row.text("refers_to"), enum,
        )  # fmt: skip
        found.setdefault(field.table, {})[field.name] = field
    return found


def _nestings() -> dict[str, dict[str, Nesting]]:
    found: dict[str, dict[str, Nesting]] = {}
    for row in _read("nesting.csv").rows:
        table, key = row.text("table"), row.text("key")
        nesting = Nesting(table, key, row.text("child"), row.text("link"), row.text("how") == "many")
        found.setdefault(table, {})[key] = nesting
    return found


# By table, parents before what can stand under them.
FILES = {row.text("table"): row.text("file") for row in _read("tables.csv").rows}
FIELDS = _fields()
NESTING = {table: _nestings().get(table, {}) for table in FILES}
# Links to a row of whichever table another field names.
OPEN_LINKS = {"attribute": ("link_id", "link_entity"), "metadata": ("resource_id", "resource_type")}


def is_link(table: str, name: str) -> bool:
    """Whether a field holds the id of another row, or says of which table that row is."""
    field = FIELDS[table].get(name)
    return (field is not None and bool(field.refers_to)) or name in OPEN_LINKS.get(table, ())
