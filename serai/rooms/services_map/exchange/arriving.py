"""Tables of HSDS as rows of the house: each of the four kinds with all that stands under it, nothing written yet.

Ids that are no UUIDs get one made of them and the publisher, always the same. Names of contact persons are left out:
a function and a number are enough to reach somebody, and a list of who helps migrants must not lie about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from serai.lib.hsds.ours import TAXONOMY, Extras, extras_of
from serai.lib.hsds.problems import Problem
from serai.lib.hsds.schema import FIELDS, FILES, OPEN_LINKS
from serai.lib.tables import Table

TOP = ("organization", "service", "location", "service_at_location")
# Of several links a row may have, the most exact says where it stands.
_ORDER = ("service_at_location", "service", "location", "organization", "contact", "phone", "program")
# Rows that stand under nothing and may: an address without its place could be that of a shelter, and is let go.
_ALONE = frozenset({"taxonomy", "taxonomy_term", "meta_table_description"})
_OWN_COLUMNS = {
    "organization": frozenset({"id"}),
    "service": frozenset({"id", "organization_id", "status", "assured_date"}),
    "location": frozenset({"id", "organization_id", "latitude", "longitude"}),
    "service_at_location": frozenset({"id", "service_id", "location_id"}),
}
_NOTHING_MORE = Extras()


@dataclass
class Coming:
    """A row on its way in. links: HSDS link field -> id in this house; said: what has a column of its own here."""

    table: str
    row: int
    id: UUID
    cells: dict[str, str]
    links: dict[str, UUID | None]
    said: dict[str, str]
    extras: Extras
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    children: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass
class Arrival:
    """All rows of a directory, by table and id, those that stand under nothing, and what was found on the way."""

    rows: dict[str, dict[UUID, Coming]]
    kept: list[tuple[str, str, dict[str, str]]]
    problems: list[Problem]


def arrival_of(tables: Mapping[str, Table], publisher: UUID) -> Arrival:
    """The rows of checked tables (lib/hsds/check) as they will stand in the house."""
    return _Reader(tables, publisher).arrival()


def house_id(publisher: UUID, table: str, said: str) -> UUID:
    """The id a row has in the house: its own if it is a UUID, else one that the publisher and its id give."""
    try:
        return UUID(said)
    except ValueError:
        return uuid5(publisher, f"{table}/{said}")


class _Reader:
    """Tables read once: which row stands under which."""

    def __init__(self, tables: Mapping[str, Table], publisher: UUID) -> None:
        self.tables = tables
        self.publisher = publisher
        self.extras = extras_of(tables)
        terms = tables["taxonomy_term"].rows if "taxonomy_term" in tables else []
        self.our_terms = {row.text("id") for row in terms if row.cells.get("taxonomy_id") == TAXONOMY}
        self.rows: dict[str, dict[UUID, Coming]] = {table: {} for table in TOP}
        self.owner: dict[tuple[str, str], Coming] = {}
        self.kept: list[tuple[str, str, dict[str, str]]] = []
        self.names_left_out = 0
        self.ids: dict[tuple[str, str], UUID] = {}

    def arrival(self) -> Arrival:
        for table in TOP:
            fields = FIELDS[table]
            for row in self.tables[table].rows if table in self.tables else ():
                self._top(table, row.number, {name: text for name, text in row.texts().items() if name in fields})
        for table in (name for name in FILES if name not in TOP):
            fields = FIELDS[table]
            for row in self.tables[table].rows if table in self.tables else ():
                if row.cells.get("taxonomy_term_id") not in self.our_terms:  # else read already as extras
                    self._under(table, {name: text for name, text in row.texts().items() if text and name in fields})
        problems = []
        if self.names_left_out:
            problems.append(Problem("contact", 0, "name", "names-left-out", str(self.names_left_out)))
        return Arrival(self.rows, self.kept, problems)

    def _id(self, table: str, said: str) -> UUID:
        found = self.ids.get((table, said))
        if found is None:
            found = self.ids[table, said] = house_id(self.publisher, table, said)
        return found

    def _top(self, table: str, number: int, cells: dict[str, str]) -> None:
        own = _OWN_COLUMNS[table]
        links = {
            name: self._id(name.removesuffix("_id"), cells[name]) if cells.get(name) else None
            for name in own if name.endswith("_id")
        }  # fmt: skip
        coming = Coming(
            table, number, self._id(table, cells["id"]),
            cells={name: text for name, text in cells.items() if text and name not in own},
            links=links,
            said={name: cells.get(name, "") for name in own if name != "id" and name not in links},
            extras=self.extras.get((table, cells["id"]), _NOTHING_MORE),
        )  # fmt: skip
        coming.texts = _by_tag(coming.extras)
        self.rows[table][coming.id] = coming
        self.owner[table, cells["id"]] = coming

    def _under(self, table: str, cells: dict[str, str]) -> None:
        if cells.get("id") in {"taxonomy_term": self.our_terms, "taxonomy": (TAXONOMY,)}.get(table, ()):
            return  # written anew on the way out
        found = self._owner_of(table, cells)
        if found is None:
            if table in _ALONE:
                self.kept.append((table, cells.get("id", ""), cells))
            return
        if table == "contact" and cells.pop("name", ""):
            self.names_left_out += 1
        texts = _by_tag(self.extras.get((table, cells["id"]), _NOTHING_MORE))
        self.owner[table, cells["id"]] = found
        found.children.setdefault(table, []).append(
            {**self._in_house(table, cells), **({"texts": texts} if texts else {})}
        )

    def _owner_of(self, table: str, cells: dict[str, str]) -> Coming | None:
        if table in OPEN_LINKS:
            link, entity = OPEN_LINKS[table]
            return self.owner.get((cells.get(entity, ""), cells.get(link, "")))
        said = ((target, cells[link]) for link, target in _links_up(table) if link in cells)
        return next((self.owner[thing] for thing in said if thing in self.owner), None)

    def _in_house(self, table: str, cells: dict[str, str]) -> dict[str, Any]:
        """The same cells with ids as they are in the house."""
        changed = dict(cells)
        changed["id"] = str(self._id(table, cells["id"]))
        for name, target in _references(table):
            if name in cells and (target, cells[name]) in self.owner:
                changed[name] = str(self._id(target, cells[name]))
        if table in OPEN_LINKS:
            link, entity = OPEN_LINKS[table]
            changed[link] = str(self._id(cells[entity], cells[link]))
        return changed


@cache
def _links_up(table: str) -> list[tuple[str, str]]:
    """Fields by which a row may say under which other it stands, and the table of that one; the most exact first."""
    return [(f"{name}_id", name) for name in _ORDER if f"{name}_id" in FIELDS[table]]


@cache
def _references(table: str) -> list[tuple[str, str]]:
    """Fields that name another row, and its table."""
    return [(field.name, field.refers_to) for field in FIELDS[table].values() if field.refers_to]


def _by_tag(extras: Extras) -> dict[str, dict[str, str]]:
    """Translations as the house keeps them: tag -> field -> text."""
    found: dict[str, dict[str, str]] = {}
    for (name, tag), text in extras.translations.items():
        found.setdefault(tag, {})[name] = text
    return found
