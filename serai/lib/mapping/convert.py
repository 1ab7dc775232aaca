"""Things of a file, by a mapping, into HSDS tables with our attributes, and a report by row.

Nothing is refused half: the tables hold what was understood, `problems` what was not, each with its row. Whoever calls
decides whether a directory with problems is taken. `notes` are for reading: what is unclear in the source itself, and
what the mapping says to leave out.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Map
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from serai.lib.atomic import safe_join
from serai.lib.hsds.ours import Extras, Thing, table_of, with_extras
from serai.lib.hsds.problems import Problem, shown
from serai.lib.hsds.schema import FILES
from serai.lib.jsonstream import MAX_BYTES
from serai.lib.mapping.definition import TAG, Mapping
from serai.lib.mapping.features import OWN_ID, Feature, read_geojson, read_rows
from serai.lib.mapping.rows import Made, Unit, unit_of
from serai.lib.mapping.values import names_in, words_of
from serai.lib.tables import Table


@dataclass(frozen=True)
class Converted:
    """HSDS tables, how many things the file has, what is wrong with them, and what else is worth knowing.

    Codes of problems: those of `hsds.problems`, and `code-unknown` (no meaning in the mapping), `several` (values for
    a field of one), `id-repeated`, `swapped`, `outside-box`, `not-a-point`, `phone-plus-missing`,
    `phone-zero-missing`, `hours-word`, `nothing-found`. Of notes also `hours-unclear`, `over-midnight`, `not-mapped` (a
    property that nothing reads), `translation-missing`, `translation-alone` (in no other file), `translation-count`.
    """

    tables: dict[str, Table]
    count: int
    problems: list[Problem]
    notes: list[Problem]


def convert_file(
    path: Path, mapping: Mapping, *, today: date, files: Map[str, Path] | None = None, max_bytes: int = MAX_BYTES
) -> Converted:
    """What a file and its files in other languages come to; they lie beside it, or where `files` says, by tag.

    FileRefused, JsonRefused, TableRefused, OSError for files that cannot be read; ValueError for a tag in `files`
    that is no language tag.
    """
    if wrong := [tag for tag in files or () if not TAG.fullmatch(tag)]:
        raise ValueError(f"no language tag: {wrong[0]}")
    beside = {tag: safe_join(path.parent, name) for tag, name in mapping.files.items()}

    def read(source: Path) -> Iterable[Feature]:
        if mapping.reads == "csv":
            return read_rows(source, delimiter=mapping.delimiter, max_bytes=max_bytes)
        return read_geojson(source, max_bytes=max_bytes)

    others = {tag: read(source) for tag, source in {**beside, **(files or {})}.items()}
    return convert(read(path), mapping, others, today=today)


def convert(
    features: Iterable[Feature], mapping: Mapping, others: Map[str, Iterable[Feature]], *, today: date
) -> Converted:
    """What features come to, with the same things in other languages by tag; `today` says what is over."""
    result = _Result(mapping)
    spoken = {tag: result.by_key(tag, found) for tag, found in others.items()}
    for feature in features:
        result.count += 1
        result.names |= feature.properties.keys()
        key = result.key_of(feature)
        if not key:
            result.problems.append(Problem("service", feature.number, "id", "required", "", result.id_path))
            continue
        result.see(key, feature)
        same = {tag: found[key] for tag, found in spoken.items() if key in found}
        for tag in sorted(spoken.keys() - same.keys()):
            result.notes.append(Problem("service", feature.number, "id", "translation-missing", f"{tag}: {key}"))
        result.units.append(unit_of(key, feature, same, mapping, today))
        result.used |= feature.used
    if not result.count:
        result.problems.append(Problem("", 0, "", "nothing-found"))
    for tag, found in spoken.items():
        for key in sorted(found.keys() - result.seen.keys()):
            result.notes.append(Problem("service", found[key].number, "id", "translation-alone", f"{tag}: {key}"))
    return result.converted()


class _Result:
    """What all things together come to: rows that several share once, and each thing once."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.count = 0
        self.seen: dict[str, int] = {}
        self.repeated: set[str] = set()
        self.units: list[Unit] = []
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.names: set[str] = set()
        self.used: set[str] = {OWN_ID}
        self.id_path = names_in(mapping.id)

    def key_of(self, feature: Feature) -> str:
        return " ".join(words_of(self.mapping.id, feature, []))

    def by_key(self, tag: str, features: Iterable[Feature]) -> dict[str, Feature]:
        """Features of another language; of one that stands there twice nobody knows which is meant."""
        found: dict[str, Feature] = {}
        twice: set[str] = set()
        for feature in features:
            key = self.key_of(feature)
            if key in found:
                twice.add(key)
                self.twice(key, feature, f"{tag}: {self.id_path}")
            found[key] = feature
        return {key: feature for key, feature in found.items() if key and key not in twice}

    def see(self, key: str, feature: Feature) -> None:
        if key in self.seen:
            self.repeated.add(key)
            self.twice(key, feature, self.id_path)
        self.seen.setdefault(key, feature.number)

    def twice(self, key: str, feature: Feature, path: str) -> None:
        problem = Problem("service", feature.number, "id", "id-repeated", shown(key), path)
        (self.notes if self.mapping.repeated == "leave-out" else self.problems).append(problem)

    def converted(self) -> Converted:
        rows: dict[str, dict[str, dict[str, str]]] = {}
        extras: dict[Thing, Extras] = {}
        for unit in self.units:
            self.problems += unit.problems
            self.notes += unit.notes
            # Of two things with one id nobody knows which is right: neither comes in.
            for made in unit.rows if unit.key not in self.repeated else ():
                self.merge(made, unit.number, rows, extras)
        for name in sorted(self.names - self.used - self.mapping.ignore):
            self.notes.append(Problem("", 0, "", "not-mapped", shown(name)))
        tables = {name: table_of(name, rows[name].values()) for name in FILES if name in rows}
        order = {problem: number for number, problem in enumerate(self.problems)}
        problems = sorted(order, key=lambda problem: (problem.row, order[problem]))
        return Converted(with_extras(tables, extras), self.count, problems, list(dict.fromkeys(self.notes)))

    def merge(
        self, made: Made, number: int, rows: dict[str, dict[str, dict[str, str]]], extras: dict[Thing, Extras]
    ) -> None:
        """A row that stands there already is the same one and must not say two things of itself."""
        kept = rows.setdefault(made.table, {}).setdefault(made.id, made.cells)
        for name, text in made.cells.items():
            if text and kept.setdefault(name, text) != text:
                self.problems.append(Problem(made.table, number, name, "id-conflict", shown(text)))
        thing = made.table, made.id
        if thing not in extras:
            extras[thing] = made.extras
            return
        said = extras[thing]
        texts = {**made.extras.translations, **said.translations}
        for (name, tag), text in made.extras.translations.items():
            if texts[name, tag] != text:
                self.notes.append(Problem(made.table, number, name, "id-conflict", shown(f"{tag}: {text}")))
        if replace(said, translations={}) != replace(made.extras, translations={}):
            self.problems.append(Problem(made.table, number, "", "id-conflict", shown(made.id)))
        extras[thing] = replace(said, translations=texts)
