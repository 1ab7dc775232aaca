"""Every problem of a directory at once, so that whoever sent it corrects it once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from serai.lib.geo import GeoRefused, Point
from serai.lib.hours import DAY, HoursError, Span, clock
from serai.lib.hsds.nested import Found, cell_of, unfold
from serai.lib.hsds.problems import Problem, shown
from serai.lib.hsds.schema import FIELDS, OPEN_LINKS, Field, is_link
from serai.lib.hsds.values import check_of
from serai.lib.tables import Table

_ORDERED = (("valid_from", "valid_to"), ("minimum_age", "maximum_age"))
_SAID_TOGETHER = frozenset({"schedule", "location"})
"""Tables of which some columns mean something only beside each other."""


def check_rows(tables: Mapping[str, Table]) -> list[Problem]:
    """All problems of tables by their name in the standard, in the order of tables and rows.

    References are followed into the tables that are given; a table that is referred to and missing is reported once
    for each field that refers to it. Unknown tables and columns are reported and do no harm.
    """
    ids = {name: {row.text("id") for row in table.rows} for name, table in tables.items() if "id" in table.header}
    problems: list[Problem] = []
    for name, table in tables.items():
        if name not in FIELDS:
            problems.append(Problem(name, 0, "", "table-unknown", shown(name)))
            continue
        problems += _columns(name, table)
        problems += _tables_missing(name, table, tables)
        if not _is_sound(name, table, ids):
            problems += _by_row(name, table, ids)
    return problems


def check_service(service: Any) -> list[Problem]:
    """All problems of one service in nested form, with everything under it; `path` says where, as phones[0]."""
    problems: list[Problem] = []
    first: dict[tuple[str, str], dict[str, Any]] = {}
    for found in unfold("service", service, problems):
        problems += [Problem(found.table, 0, *what, found.path) for what in _object(found)]
        thing = found.table, str(found.cells.get("id") or "")
        known = first.setdefault(thing, found.said)
        # The same thing may stand in many places, briefly or at length, but must not say two things of itself.
        for key, value in found.said.items():
            if thing[1] and known.get(key, value) != value and not is_link(found.table, key):
                problems.append(Problem(found.table, 0, key, "id-conflict", shown(value), found.path))
    return problems


def _object(found: Found) -> Iterator[tuple[str, str, str]]:
    """Field, code and value of what is wrong with one nested object in itself."""
    fields = FIELDS[found.table]
    wrong = dict(_types(found.table, found.cells))
    yield from ((key, code, shown(found.cells[key])) for key, code in wrong.items())
    yield from ((key, "column-unknown", shown(key)) for key in found.cells if key not in fields)
    needed = {field.name: "" for field in fields.values() if field.always}
    cells = needed | {key: cell_of(value) for key, value in found.cells.items() if value is not None or key in needed}
    yield from _row(found.table, {key: text for key, text in cells.items() if key not in wrong})


def _by_row(name: str, table: Table, ids: Mapping[str, set[str]]) -> Iterator[Problem]:
    """What is wrong with each row, in itself and beside the others."""
    seen: dict[str, set[str]] = {field.name: set() for field in FIELDS[name].values() if field.unique}
    for row in table.rows:
        cells = row.texts()
        for found in (*_row(name, cells), *_repeated(cells, seen), *_dangling(name, cells, ids)):
            yield Problem(name, row.number, *found)


def _is_sound(name: str, table: Table, ids: Mapping[str, set[str]]) -> bool:
    """Whether no row has anything wrong, asked of columns: most say the same few things in thousands of rows. False
    also where only a look at each row can tell."""
    columns = {column: {row.cells.get(column) for row in table.rows} for column in table.header}
    if name in _SAID_TOGETHER or any(type(said) is not str for values in columns.values() for said in values):
        return False
    if any(low in columns and high in columns and columns[high] != {""} for low, high in _ORDERED):
        return False
    said: dict[str, set[str]] = {column: values - {""} for column, values in columns.items()}  # type: ignore[misc]
    for column, required, check in _checks(name):
        for text in said.get(column, ()):
            if required if text.isspace() else "\0" in text or check(text):
                return False
        if required and "" in columns.get(column, ()):
            return False
    unique = [field.name for field in FIELDS[name].values() if field.unique and field.name in said]
    if any(len(said[column]) < sum(row.cells[column] != "" for row in table.rows) for column in unique):
        return False
    return _all_there(name, table, said, ids)


def _all_there(name: str, table: Table, said: Mapping[str, set[str]], ids: Mapping[str, set[str]]) -> bool:
    """Whether every row that columns name stands in its table, where that is given."""
    if not all(said.get(link, set()) <= ids[target] for link, target in _links(name).items() if target in ids):
        return False
    if name not in OPEN_LINKS:
        return True
    link, entity = OPEN_LINKS[name]
    pairs = {(str(row.cells.get(entity, "")), row.cells.get(link, "")) for row in table.rows}
    return all(
        (not target or target in FIELDS) and (not value or target not in ids or value in ids[target])
        for target, value in pairs
    )


def _columns(name: str, table: Table) -> Iterator[Problem]:
    for field in FIELDS[name].values():
        if field.required and field.name not in table.header:
            yield Problem(name, 1, field.name, "column-missing", field.name)
    for column in table.header:
        if column not in FIELDS[name]:
            yield Problem(name, 1, column, "column-unknown", shown(column))


def _tables_missing(name: str, table: Table, tables: Mapping[str, Table]) -> Iterator[Problem]:
    for field in FIELDS[name].values():
        if not field.refers_to or field.refers_to in tables or field.name not in table.header:
            continue
        if any(row.text(field.name) for row in table.rows):
            yield Problem(name, 0, field.name, "reference-table-missing", field.refers_to)


def _row(name: str, cells: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Field, code and value of what is wrong with a row in itself; only the fields it has are looked at."""
    sound: dict[str, str] = {}
    for column, required, check in _checks(name):
        text = cells.get(column)
        if not text or text.isspace():
            if required and text is not None:
                yield column, "required", ""
            continue
        codes = ["control"] if "\0" in text else check(text)
        if codes:
            yield from ((column, code, shown(text)) for code in codes)
        else:
            sound[column] = text
    yield from _order(name, sound)
    if name == "schedule":
        yield from _night(sound)
    if name == "location":
        yield from _coordinates(cells, sound)


@cache
def _checks(name: str) -> list[tuple[str, bool, Callable[[str], list[str]]]]:
    """Name of each field of a table, whether it is required, and what tells what is wrong with a value of it."""
    return [(field.name, field.required, check_of(field)) for field in FIELDS[name].values()]


def _order(name: str, sound: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for low, high in _ORDERED:
        if low not in sound or high not in sound:
            continue
        is_number = FIELDS[name][low].kind == "number"
        turned = Decimal(sound[low]) > Decimal(sound[high]) if is_number else sound[low] > sound[high]
        if turned:
            yield high, "order", f"{sound[low]} > {sound[high]}"


def _night(sound: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Closing before opening is a night (see hours.NIGHT), worth a look where it is long, and wrong where too long."""
    (opens, offset), (closes, other) = (_time(sound.get(name, "")) for name in ("opens_at", "closes_at"))
    # 00:00 is the end of the day, and at equal times hours_hsds reads nothing at all.
    if opens is None or not closes or offset != other or closes >= opens:
        return
    said = f"{clock(opens)}-{clock(closes)}"
    try:
        if Span(opens, closes + DAY).is_long_night:
            yield "closes_at", "over-midnight", said
    except HoursError:
        yield "closes_at", "closes-before-opens", said


def _time(text: str) -> tuple[int | None, str]:
    """Minutes after midnight and the offset behind them, of a time that values.py let through."""
    offset = text[5:].removeprefix(":00") if len(text) > 5 else ""
    return (int(text[:2]) * 60 + int(text[3:5]) if text else None), offset


def _coordinates(cells: Mapping[str, str], sound: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    lat, lon = (sound.get(name, "") for name in ("latitude", "longitude"))
    for name, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if cells.get(name) and not cells.get(other):
            yield other, "coordinate-half", ""
    if not lat or not lon:
        return
    try:
        Point(float(lat), float(lon))
    except GeoRefused as error:
        yield "longitude" if error.code == "lon-range" else "latitude", error.code, f"{lat},{lon}"


def _repeated(cells: Mapping[str, str], seen: dict[str, set[str]]) -> Iterator[tuple[str, str, str]]:
    for name, values in seen.items():
        value = cells.get(name, "")
        if value and value in values:
            yield name, "id-duplicate", shown(value)
        values.add(value)


def _dangling(name: str, cells: Mapping[str, str], ids: Mapping[str, set[str]]) -> Iterator[tuple[str, str, str]]:
    links = _links(name)
    if name in OPEN_LINKS:
        link, entity = OPEN_LINKS[name]
        links = links | {link: cells.get(entity, "")}
        if links[link] and links[link] not in FIELDS:
            yield entity, "enum", shown(links[link])
    for link, target in links.items():
        value = cells.get(link, "")
        if value and target in ids and value not in ids[target]:
            yield link, "reference-missing", shown(value)


@cache
def _links(name: str) -> dict[str, str]:
    """Fields of a table that refer to another one, with that table."""
    return {field.name: field.refers_to for field in FIELDS[name].values() if field.refers_to}


def _types(table: str, cells: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Fields whose JSON type is not that of the standard, with the code."""
    for key, value in cells.items():
        field = FIELDS[table].get(key)
        if field is None or value is None:
            continue
        is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        if field.kind == "number" and not is_number:
            yield key, "not-a-number"
        if field.kind != "number" and not isinstance(value, str) and not _counts(field, value):
            yield key, "not-text"


def _counts(field: Field, value: Any) -> bool:
    """The published examples write lists of days such as 41 also as a bare number."""
    return field.table == "schedule" and field.name.startswith("by") and type(value) is int
