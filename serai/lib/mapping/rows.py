"""The rows of one thing: organisation, service, place, what stands under them, and what other languages say of each."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from serai.lib.hsds.ours import Extras
from serai.lib.hsds.problems import Problem, shown
from serai.lib.hsds.schema import FIELDS
from serai.lib.hsds.values import codes_of
from serai.lib.mapping.definition import Mapping, Section, Value
from serai.lib.mapping.features import Feature
from serai.lib.mapping.times import hours_of
from serai.lib.mapping.values import Wrong, cell, extra, missing, names_in, needs_text, position, words_of

_SPACE = uuid.UUID("0b7a8a52-3a54-4f0c-9a8e-5a3f5f0b8d11")
_STANDS = {"service": {"status": "active"}, "location": {"location_type": "physical"}}
_PHYSICAL = {"address": {"address_type": "physical"}}


@dataclass(frozen=True)
class Made:
    """One row of a table with what our attributes say of it."""

    table: str
    id: str
    cells: dict[str, str]
    extras: Extras


@dataclass
class Unit:
    """What one thing came to; without rows where it cannot stand in a directory."""

    key: str
    number: int
    rows: list[Made] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def unit_of(key: str, feature: Feature, others: Map[str, Feature], mapping: Mapping, today: date) -> Unit:
    """The rows of a feature known as `key`, with its texts in the other languages."""
    maker = _Maker(mapping, feature, others, Unit(key, feature.number), today)
    maker.make()
    return maker.unit


class _Maker:
    def __init__(
        self, mapping: Mapping, feature: Feature, others: Map[str, Feature], unit: Unit, today: date
    ) -> None:  # fmt: skip
        self.mapping, self.feature, self.others, self.unit, self.today = mapping, feature, others, unit, today
        self.space = uuid.uuid5(_SPACE, mapping.name)
        self.by_table = {section.table: section for section in mapping.sections}

    def make(self) -> None:
        """All rows, or none with the reason: without organisation or name a service cannot be found."""
        organization, service = self.by_table["organization"], self.by_table["service"]
        organized = self.row(organization, self.key_of(organization))
        served = self.row(service, self.unit.key)
        if organized is None or served is None:
            return
        served.cells["organization_id"] = organized.id
        self.unit.rows += [organized, served]
        parents = {"organization": organized.id, "service": served.id}
        place = self.by_table.get("location")
        if place is not None and (placed := self.row(place, self.key_of(place) if place.id else self.unit.key)):
            self.unit.rows.append(placed)
            at = self.by_table.get("service_at_location", Section("service_at_location"))
            if met := self.row(at, f"{served.id} {placed.id}"):
                met.cells.update(service_id=served.id, location_id=placed.id)
                self.unit.rows.append(met)
                parents |= {"location": placed.id, "service_at_location": met.id}
        for number, section in enumerate(self.mapping.sections):
            if section.of in parents:
                self.unit.rows += self.under(section, parents[section.of], number)

    def key_of(self, section: Section) -> str:
        words = self.words(section.table, "id", section.id) if section.id else []
        return ", ".join(words)

    def row(self, section: Section, key: str) -> Made | None:
        """One row; None for an optional one that says nothing, and for one that lacks what must be."""
        table = section.table
        cells = {"id": self.uid(f"{table} {key}"), **_STANDS.get(table, {})}
        cells |= {name: text for name, value in section.fields.items() if (text := self.cell(table, name, value))}
        placed = self.position(section)
        if placed is not None:
            cells["latitude"], cells["longitude"] = placed
        asked = [name for name, value in section.fields.items() if not value.is_constant]
        if table == "location" and not placed and not any(cells.get(name) for name in asked):
            return None
        lacks = list(missing(table, cells)) if key else ["id"]
        for name in lacks:
            self.problem(
                table, name, "required", "", names_in(section.fields.get(name) or section.id or self.mapping.id)
            )
        extras = self.extras(section)
        if table == "service":
            self.end(cells, extras)
        texts = self.texts(section) if table != "service_at_location" or section.fields else {}
        return None if lacks else Made(table, cells["id"], cells, Extras(translations=texts, **extras))

    def end(self, cells: dict[str, str], extras: dict[str, Any]) -> None:
        """What is over is not active any more; days in the wrong order are said."""
        first, last = extras.get("valid_from", ""), extras.get("valid_to", "")
        if first and last and last < first:
            self.problem("service", "valid_to", "order", f"{first} > {last}", "")
        if last and last < self.today.isoformat() and cells.get("status") == "active":
            cells["status"] = "inactive"

    def extras(self, section: Section) -> dict[str, Any]:
        table = section.table
        found: dict[str, Any] = {"written_in": self.mapping.written_in} if table != "service_at_location" else {}
        if table == "service":
            found |= {f"source_{name}": text for name, text in self.mapping.source.items()}
        for name, value in section.extras.items():
            wrong: list[Wrong] = []
            if said := extra(table, name, value, self.words(table, name, value), wrong):
                found[name] = said
            self.tell(table, name, value, wrong)
        if section.hours is not None:
            notes: list[Wrong] = []
            wrong = []
            if hours := hours_of(section.hours, self.feature, wrong, notes):
                found["opening_hours"] = hours
            path = ", ".join(dict.fromkeys(name for one in section.hours.templates for name in one.names))
            for code, text in wrong:
                self.problem(table, "hours", code, text, path)
            self.unit.notes += [
                Problem(table, self.unit.number, "hours", code, shown(text), path) for code, text in notes
            ]
        return found

    def under(self, section: Section, parent: str, number: int) -> Iterator[Made]:
        """Rows that stand under another: one, or one for each word of the field that `each` names."""
        table, fields = section.table, section.fields
        asked = [name for name, value in fields.items() if not value.is_constant]
        plain = {name: self.cell(table, name, value) for name, value in fields.items() if name != section.each}
        words = self.words(table, section.each, fields[section.each]) if section.each in fields else [""]
        spoken = self.texts(section)
        for at, word in enumerate(words):
            cells = {"id": self.uid(f"{table} {parent} {number} {word}"), f"{section.of}_id": parent}
            cells |= {**_PHYSICAL.get(table, {}), **{name: text for name, text in plain.items() if text}}
            if section.each and (text := self.cell(table, section.each, fields[section.each], [word])):
                cells[section.each] = text
            if asked and not any(cells.get(name) for name in asked):
                continue
            lacks = list(missing(table, cells))
            for name in lacks:
                self.problem(table, name, "required", "", names_in(fields[name]) if name in fields else "")
            texts = {(name, tag): text for (name, tag), text in spoken.items() if name != section.each}
            if section.each:
                texts |= self.each_texts(section, at, len(words))
            if not lacks:
                yield Made(table, cells["id"], cells, Extras(translations=texts))

    def cell(self, table: str, name: str, value: Value, words: list[str] | None = None) -> str:
        wrong: list[Wrong] = []
        said = self.words(table, name, value) if words is None else words
        text = cell(table, name, value, said, self.mapping.phones, wrong)
        self.tell(table, name, value, wrong)
        return text

    def position(self, section: Section) -> tuple[str, str] | None:
        wrong: list[Wrong] = []
        found = position(section, self.feature, self.mapping.box, wrong)
        columns = section.position if isinstance(section.position, tuple) else ()
        path = ", ".join(map(names_in, columns)) or "geometry"
        for code, text in wrong:
            self.problem(section.table, "latitude", code, text, path, any(value.leave_out for value in columns))
        return found

    def texts(self, section: Section) -> dict[tuple[str, str], str]:
        """Translations by field and tag of all fields that hold words."""
        found: dict[tuple[str, str], str] = {}
        for name, value in section.fields.items():
            for tag, words in self.spoken(section.table, name, value):
                text, own = ", ".join(words), ", ".join(words_of(value, self.feature, [], self.mapping.written_in))
                if text and text != own and name != section.each and self.sound(section.table, name, tag, text, value):
                    found[name, tag] = text
        return found

    def each_texts(self, section: Section, at: int, count: int) -> dict[tuple[str, str], str]:
        """Translations of one word among several: only where both languages have as many."""
        found: dict[tuple[str, str], str] = {}
        name = section.each
        for tag, words in self.spoken(section.table, name, section.fields[name]):
            if len(words) == count and self.sound(section.table, name, tag, words[at], section.fields[name]):
                found[name, tag] = words[at]
            elif words and at == 0:
                self.note(section.table, name, "translation-count", f"{tag}: {', '.join(words)}")
        return found

    def spoken(self, table: str, name: str, value: Value) -> Iterator[tuple[str, list[str]]]:
        """What each other language says of a field: from its own file, or from this one where it has none."""
        if not needs_text(table, name):
            return
        for tag in dict.fromkeys([*self.others, *value.others]):
            if tag in value.others:
                other = value.others[tag]
            else:
                # What codes mean and constants say is in the language of the mapping.
                other = None if value.codes is not None or value.known or value.is_constant else value
            feature = self.others.get(tag)
            if other is None or (feature is None and tag in self.mapping.files):
                continue
            wrong: list[Wrong] = []
            words = words_of(other, feature or self.feature, wrong, tag)
            for code, text in wrong:
                self.problem(table, name, code, text, f"{tag}: {names_in(other)}", other.leave_out)
            yield tag, words

    def sound(self, table: str, name: str, tag: str, text: str, value: Value) -> bool:
        codes = codes_of(FIELDS[table][name], text)
        for code in codes:
            self.problem(table, name, code, text, f"{tag}: {names_in(value.others.get(tag) or value)}", value.leave_out)
        return not codes

    def words(self, table: str, name: str, value: Value) -> list[str]:
        wrong: list[Wrong] = []
        found = words_of(value, self.feature, wrong, self.mapping.written_in)
        self.tell(table, name, value, wrong)
        return found

    def tell(self, table: str, name: str, value: Value, wrong: list[Wrong]) -> None:
        for code, text in wrong:
            self.problem(table, name, code, text, names_in(value), value.leave_out)

    def problem(self, table: str, name: str, code: str, found: str, path: str, leave_out: bool = False) -> None:
        problem = Problem(table, self.unit.number, name, code, shown(found), path)
        (self.unit.notes if leave_out else self.unit.problems).append(problem)

    def note(self, table: str, name: str, code: str, found: str) -> None:
        self.unit.notes.append(Problem(table, self.unit.number, name, code, shown(found)))

    def uid(self, name: str) -> str:
        return str(uuid.uuid5(self.space, name))
