"""Tables turned into nested objects, a service with its phones and places under it, and nested objects into tables.

A row may stand under several others (a phone of a service and of a place). Nested, it stands in each of these places,
without the link that its place says; turned back it is one row again with all its links.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from serai.lib.hsds.problems import HsdsRefused, Problem, shown
from serai.lib.hsds.schema import FIELDS, FILES, NESTING, OPEN_LINKS, Nesting, is_link
from serai.lib.tables import Row, Table

MAX_BYTES = 20_000_000
_EXACT_DIGITS = 15  # of a number in JSON, which most readers take for a float
MAX_OBJECTS = 1_000_000  # in nested form, which says a row again wherever it belongs
# Under each of its services an organisation is brief: without these, and without what belongs to others too.
_NOT_IN_BRIEF = frozenset({"locations", "programs"})

Nested = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Found:
    """One row found in nested form: what it `said` of itself, and its `cells` with the links that its place says."""

    table: str
    path: str
    said: dict[str, Any]
    cells: dict[str, Any]


def unfold(
    table: str, item: Any, problems: list[Problem], path: str = "", place: Mapping[str, str] | None = None
) -> Iterator[Found]:
    """All rows in a nested object, parents first; what cannot be a row is put to `problems` and left out."""
    if not isinstance(item, dict):
        problems.append(Problem(table, 0, "", "not-an-object", shown(item), path))
        return
    said: dict[str, Any] = {}
    under: list[tuple[Nesting, list[Any]]] = []
    for key, value in item.items():
        nesting = NESTING[table].get(key)
        if nesting and value is not None and isinstance(value, list) != nesting.many:
            problems.append(Problem(table, 0, key, "not-a-list" if nesting.many else "not-an-object", "", path))
        elif nesting:
            under.append((nesting, value if nesting.many and value else [value] if value is not None else []))
        elif isinstance(value, dict | list) and key not in FIELDS[table]:
            problems.append(Problem(table, 0, key, "key-unknown", shown(key), path))
        else:
            said[key] = value
    cells = dict(said)
    for link, there in (place or {}).items():
        if cells.get(link) in (None, ""):
            cells[link] = there
        elif cells[link] != there and link not in ("link_entity", "resource_type"):
            problems.append(Problem(table, 0, link, "link-conflict", shown(cells[link]), path))
    for nesting, items in under:
        if not nesting.many and items and isinstance(items[0], dict) and not cells.get(nesting.link):
            cells[nesting.link] = items[0].get("id")
    yield Found(table, path, said, cells)
    for nesting, items in under:
        for number, child in enumerate(items):
            at = f"{path}.{nesting.key}".lstrip(".") + (f"[{number}]" if nesting.many else "")
            yield from unfold(nesting.child, child, problems, at, _place(nesting, table, item))


def _place(nesting: Nesting, table: str, parent: Mapping[str, Any]) -> dict[str, str]:
    """The links that a child need not say, for its place under the parent says them."""
    if not nesting.many or not isinstance(parent.get("id"), str) or not parent["id"]:
        return {}
    links = {nesting.link: parent["id"]}
    if nesting.child in OPEN_LINKS:
        links[OPEN_LINKS[nesting.child][1]] = table
    return links


def to_tables(nested: Mapping[str, Iterable[Any]]) -> tuple[dict[str, Table], list[Problem]]:
    """Tables of everything in nested form (lists by table), and what was wrong with it on the way.

    Of one id that says two things the first is kept. Every table has all columns of the standard, then unknown ones.
    """
    return tables_of((table, item) for table, items in nested.items() for item in items)


def tables_of(items: Iterable[tuple[str, Any]]) -> tuple[dict[str, Table], list[Problem]]:
    """The same for nested rows one by one, each with its table, of which only the cells are kept."""
    problems: list[Problem] = []
    rows: dict[str, list[dict[str, str]]] = {}
    known: dict[tuple[str, str], dict[str, str]] = {}
    counted: Counter[str] = Counter()
    for table, item in items:
        for found in unfold(table, item, problems, f"{table}[{counted[table]}]"):
            _merge(found, rows, known, problems)
        counted[table] += 1
    return {table: _table(table, rows[table]) for table in FILES if table in rows}, problems


def _merge(
    found: Found, rows: dict[str, list[dict[str, str]]], known: dict[tuple[str, str], dict[str, str]],
    problems: list[Problem],
) -> None:  # fmt: skip
    cells = {key: cell_of(value) for key, value in found.cells.items()}
    key = found.table, cells.get("id", "")
    if not key[1] or key not in known:
        rows.setdefault(found.table, []).append(cells)
        known[key] = cells
        return
    kept = known[key]
    for name, value in cells.items():
        if not kept.get(name):
            kept[name] = value
        elif value and value != kept[name]:
            code = "link-conflict" if is_link(found.table, name) else "id-conflict"
            problems.append(Problem(found.table, 0, name, code, shown(value), found.path))


def _table(name: str, rows: list[dict[str, str]]) -> Table:
    header = list(FIELDS[name])
    header += list(dict.fromkeys(key for row in rows for key in row if key not in FIELDS[name]))
    return Table(
        tuple(header), [Row(number, {key: row.get(key, "") for key in header}) for number, row in enumerate(rows, 2)]
    )


def cell_of(value: Any) -> str:
    """A value of JSON as the text of a cell: "" for null, numbers without exponent, true and false."""
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return Row(0, {"": value}).text("")


def to_nested(tables: Mapping[str, Table], *, max_objects: int = MAX_OBJECTS) -> Nested:
    """Services with all that belongs to them, then under their tables' names what no service leads to.

    Every row is somewhere. Unknown tables are left out. HsdsRefused `id-missing` or `id-duplicate`, for such rows
    would be lost, and `too-large` where few rows stand under so many that there would be more than `max_objects`.
    """
    return _Nester(tables, max_objects).nested()


class _Nester:
    """Rows by id and by what they stand under, and which of them stand somewhere already."""

    def __init__(self, tables: Mapping[str, Table], max_objects: int) -> None:
        self.left = max_objects
        self.rows: dict[str, dict[str, dict[str, str]]] = {}
        self.children: dict[tuple[str, str, str], list[dict[str, str]]] = {}
        self.alone: dict[tuple[str, str, str], list[dict[str, str]]] = {}  # those that stand nowhere else
        self.reached: set[tuple[str, str]] = set()
        self.links: dict[str, set[str]] = {name: set() for name in FILES}
        for nesting in (nesting for nestings in NESTING.values() for nesting in nestings.values() if nesting.many):
            self.links[nesting.child].add(nesting.link)
        for name in FILES:
            for row in tables[name].rows if name in tables else ():
                self._keep(name, row.number, {key: row.text(key) for key in row.cells if row.text(key)})

    def _keep(self, name: str, number: int, cells: dict[str, str]) -> None:
        key = cells.get("id", "")
        if not key:
            raise HsdsRefused("id-missing", f"{name}, row {number}")
        if key in self.rows.setdefault(name, {}):
            raise HsdsRefused("id-duplicate", f"{name}, row {number}: {shown(key)}")
        self.rows[name][key] = cells
        links = self.links[name] & cells.keys()
        for link in links:
            self.children.setdefault((name, link, cells[link]), []).append(cells)
            if len(links) == 1:
                self.alone.setdefault((name, link, cells[link]), []).append(cells)

    def nested(self) -> Nested:
        found: Nested = {}
        for name in FILES:
            for key, cells in self.rows.get(name, {}).items():
                if (name, key) not in self.reached:
                    found.setdefault(name, []).append(self._built(name, cells, {}))
        return found

    def _built(
        self, name: str, cells: dict[str, str], place: Mapping[str, str], *, brief: bool = False
    ) -> dict[str, Any]:
        self.left -= 1
        if self.left < 0:
            raise HsdsRefused("too-large", f"{name}, {shown(cells['id'])}")
        self.reached.add((name, cells["id"]))
        item = {key: _value(name, key, text) for key, text in cells.items() if place.get(key) != text}
        for key, nesting in NESTING[name].items():
            if nesting.many:
                links = _place(nesting, name, cells)
                found = [
                    self._built(nesting.child, child, links) for child in self._children(nesting, cells["id"], brief)
                ]
                if found:
                    item[key] = found
            elif child := self.rows.get(nesting.child, {}).get(cells.get(nesting.link, "")):
                item.pop(nesting.link, None)
                item[key] = self._built(nesting.child, child, {}, brief=(name, key) == ("service", "organization"))
        return item

    def _children(self, nesting: Nesting, parent: str, brief: bool) -> Iterator[dict[str, str]]:
        if brief and nesting.key in _NOT_IN_BRIEF:
            return
        for child in (self.alone if brief else self.children).get((nesting.child, nesting.link, parent), ()):
            # An open link means the table it names, and not another that has the same id.
            if nesting.child not in OPEN_LINKS or child.get(OPEN_LINKS[nesting.child][1]) == nesting.table:
                yield child


def _value(table: str, key: str, text: str) -> Any:
    """Numbers as numbers where JSON keeps them as they are written, 35.00 as 35; all else is text."""
    field = FIELDS[table].get(key)
    if field is None or field.kind != "number":
        return text
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text
    whole, _, decimals = text.partition(".")
    plain = whole.removeprefix("-").isdecimal() and whole == str(int(whole)) and (not decimals or decimals.isdecimal())
    if not plain or not text.isascii() or len(number.as_tuple().digits) > _EXACT_DIGITS:
        return text
    return int(number) if number == number.to_integral_value() else float(number)


def write_json(document: Any) -> bytes:
    """JSON in UTF-8 with two spaces, as the standard's examples are."""
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False).encode() + b"\n"


def read_json(data: bytes, *, max_bytes: int = MAX_BYTES) -> Nested:
    """Lists by table from a service, a list of services, a page of an API (`contents`) or what `to_nested` gives.

    HsdsRefused.
    """
    if len(data) > max_bytes:
        raise HsdsRefused("too-large", str(len(data)))
    try:
        value = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode()  # escapes can hold half a pair, which no file can
    except UnicodeDecodeError as error:
        raise HsdsRefused("not-utf-8", str(error.start)) from error
    except HsdsRefused:
        raise
    except (ValueError, RecursionError) as error:  # broken, numbers without end, nested without end
        raise HsdsRefused("not-json", str(error)[:80]) from error
    if isinstance(value, dict) and isinstance(value.get("contents"), list):
        value = value["contents"]
    if isinstance(value, list):
        return {"service": value}
    if not isinstance(value, dict):
        raise HsdsRefused("not-a-directory", shown(value))
    by_table = all(key in FILES and isinstance(items, list) for key, items in value.items())
    return value if by_table else {"service": [value]}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise HsdsRefused("key-duplicate", shown(key))
        found[key] = value
    return found


def _no_constant(name: str) -> float:
    raise HsdsRefused("not-json", name)
