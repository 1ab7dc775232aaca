"""A mapping file: what it may say, and everything that is wrong with it, by line.

Written by people who know their data and are no programmers: a text with {names} in braces is the rule, everything
else a few keys beside it. What is not known is refused with its line, so that a slip of the pen is not silence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal

from serai.lib.geo import Box
from serai.lib.hsds.ours import EXTRAS, Extras, problems_of
from serai.lib.hsds.schema import FIELDS
from serai.lib.hsds.values import codes_of
from serai.lib.plainyaml import SourceError, lines_of, load

Where = tuple[str | int, ...]
LISTS = ("needs", "audience", "operates_for")  # parts of Extras that hold several
DAYS = ("review_by", "valid_from", "valid_to")
WHOLE = ("organization", "service", "location")  # one row a thing, shared where their id is the same
UNDER = ("phone", "language", "service_area", "required_document", "cost_option", "accessibility", "address", "contact")
TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
VALUE_KEYS = ("from", "codes", "known", "separator", "format", "if_wrong", "in")
TOP_KEYS = ("name", "reads", "delimiter", "written_in", "files", "id", "repeated", "box", "phones", "source", "ignore")


@dataclass(frozen=True)
class Template:
    """Text with names in braces: `parts` are texts and names by turns, beginning with a text."""

    parts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What stands in braces."""
        return self.parts[1::2]

    @cached_property
    def is_one_name(self) -> bool:
        """Whether it is a name and nothing else, which may have several words."""
        return len(self.parts) == 3 and not self.parts[0] and not self.parts[2]


@dataclass(frozen=True)
class Value:
    """Where one field comes from: the first of `templates` whose names are all filled.

    codes: what a word of the source means, () for nothing. known: list of names that are understood besides (countries
    or languages). separator: between words in one text. format: how days are written. leave_out: what is wrong is
    noted and no refusal. others: by language tag what to take instead, None for no text in that language.
    """

    templates: tuple[Template, ...]
    codes: Map[str, tuple[str, ...]] | None = None
    known: str = ""
    separator: str = ""
    format: str = "YYYY-MM-DD"
    leave_out: bool = False
    others: Map[str, Value | None] = field(default_factory=dict)

    @cached_property
    def is_constant(self) -> bool:
        """Whether it is the same for all things."""
        return not any(template.names for template in self.templates)


@dataclass(frozen=True)
class HoursValue:
    """Where opening hours come from: templates that give OSM's syntax once each word is replaced by its meaning.

    words: meaning by word of the source ("8:30am + 13:00pm" for two together), None where it is known to be unclear.
    only_if: for each template the words with which the hours are certain.
    """

    templates: tuple[Template, ...]
    words: Map[str, str | None]
    only_if: tuple[tuple[Template, frozenset[str]], ...]


@dataclass(frozen=True)
class Section:
    """How rows of one table are made: `of` the table they stand under, `each` the field that has one row a word."""

    table: str
    of: str = ""
    each: str = ""
    id: Value | None = None
    fields: Map[str, Value] = field(default_factory=dict)
    extras: Map[str, Value] = field(default_factory=dict)
    hours: HoursValue | None = None
    position: tuple[Value, Value] | Literal["geometry"] | None = None


@dataclass(frozen=True)
class Phones:
    """How a country writes numbers: `code` without plus, `trunk` before national ones, how many `digits` follow."""

    code: str
    trunk: str
    digits: tuple[int, ...]


@dataclass(frozen=True)
class Mapping:
    """A mapping file that has no error. `name` makes the ids of all rows, and must stay."""

    name: str
    reads: Literal["geojson", "csv"]
    id: Value
    delimiter: str = ","
    written_in: str = "en"
    files: Map[str, str] = field(default_factory=dict)
    repeated: Literal["refuse", "leave-out"] = "refuse"
    box: Box | None = None
    phones: Phones | None = None
    source: Map[str, str] = field(default_factory=dict)
    ignore: frozenset[str] = frozenset()
    sections: tuple[Section, ...] = ()


def load_mapping(text: str) -> tuple[Mapping | None, list[SourceError]]:
    """The mapping that `text` says, or what is wrong with it: codes of `plainyaml.load`, and

    `key-unknown`, `key-missing`, `not-text`, `not-a-list`, `not-a-mapping`, `choice` (none of those allowed),
    `placeholder` (braces that do not close, or with nothing in them), `language` (no tag), `box` (not south, west,
    north, east), `digits`, and for what the mapping itself says (source, constants, codes) those of `hsds.problems`.
    """
    value, errors, _ = load(text)
    if errors:
        return None, errors
    reader = _Reader(lines_of(text))
    found = reader.mapping(value)
    return (None, sorted(reader.errors, key=lambda error: error.line)) if reader.errors else (found, [])


class _Reader:
    """Goes over a document once and keeps every error."""

    def __init__(self, lines: dict[Where, int]) -> None:
        self.lines = lines
        self.errors: list[SourceError] = []

    def wrong(self, where: Where, code: str, detail: object = "") -> None:
        while where and where not in self.lines:
            where = where[:-1]
        self.errors.append(SourceError(self.lines.get(where, 1), code, str(detail)[:80]))

    def mapping(self, value: Any) -> Mapping | None:
        said = self.keys(value, (), (*TOP_KEYS, *WHOLE, "service_at_location", *UNDER))
        for key in ("name", "reads", "id", "organization", "service"):
            if key not in said:
                self.wrong((), "key-missing", key)
        if self.errors:
            return None
        files = {tag: self.text(name, ("files", tag)) for tag, name in self.map(said.get("files", {}), ("files",))}
        for tag in files:
            self.tag(tag, ("files", tag))
        return Mapping(
            name=self.text(said["name"], ("name",)),
            reads=self.choice(said["reads"], ("reads",), "geojson", "csv"),
            id=self.value(said["id"], ("id",)),
            delimiter=self.choice(said.get("delimiter", ","), ("delimiter",), ",", ";", "\t", "|"),
            written_in=self.tag(said.get("written_in", "en"), ("written_in",)),
            files=files,
            repeated=self.choice(said.get("repeated", "refuse"), ("repeated",), "refuse", "leave-out"),
            box=self.box(said["box"], ("box",)) if "box" in said else None,
            phones=self.phones(said["phones"], ("phones",)) if "phones" in said else None,
            source=self.source(said.get("source", {}), ("source",)),
            ignore=frozenset(self.texts(said.get("ignore", []), ("ignore",))),
            sections=tuple(self.sections(said)),
        )

    def sections(self, said: dict[str, Any]) -> list[Section]:
        found: list[Section] = []
        for table in (*WHOLE, "service_at_location"):
            if table in said:
                found.append(self.section(table, said[table], (table,)))
        for table in UNDER:
            many = said.get(table, [])
            for number, one in enumerate(many if isinstance(many, list) else [many]):
                where = (table, number) if isinstance(many, list) else (table,)
                found.append(self.section(table, one, where))
        return found

    def section(self, table: str, value: Any, where: Where) -> Section:
        links = {name for name, of in FIELDS[table].items() if of.refers_to} | {"id", "latitude", "longitude"}
        fields = tuple(name for name in FIELDS[table] if name not in links)
        own = {"location": ("id", "position", "hours"), "service": ("hours",), "organization": ("id",)}
        own["service_at_location"] = ("hours",)
        extras = EXTRAS if table in own else ()
        said = self.keys(value, where, (*fields, *extras, *own.get(table, ("of", "each"))))
        of, each = "", ""
        if table not in own:
            parents = tuple(name for name in (*WHOLE, "service_at_location") if f"{name}_id" in FIELDS[table])
            of = self.choice(said.get("of", parents[0] if len(parents) == 1 else None), (*where, "of"), *parents)
            each = self.choice(said["each"], (*where, "each"), *fields) if "each" in said else ""
        if table == "organization" and "id" not in said:
            self.wrong(where, "key-missing", "id")
        section = Section(
            table, of, each,
            id=self.value(said["id"], (*where, "id")) if "id" in said else None,
            fields={name: self.value(said[name], (*where, name)) for name in said if name in fields},
            extras={name: self.value(said[name], (*where, name)) for name in said if name in extras},
            hours=self.hours(said["hours"], (*where, "hours")) if "hours" in said else None,
            position=self.position(said["position"], (*where, "position")) if "position" in said else None,
        )  # fmt: skip
        self.meanings(section, where)
        return section

    def meanings(self, section: Section, where: Where) -> None:
        """What the mapping itself says, by a constant or a code, must fit its field before any data is read."""
        for name, value in {**section.fields, **section.extras}.items():
            of = FIELDS[section.table].get(name)
            if name in DAYS or (of is not None and of.kind == "date"):
                continue
            constants = [] if value.codes is not None else [one.parts[0] for one in value.templates if not one.names]
            for word, meaning in [*((None, text) for text in constants), *_pairs(value.codes)]:
                at = (*where, name) if word is None else (*where, name, "codes", word)
                found = codes_of(of, meaning) if of is not None else _codes_of_extra(section.table, name, meaning)
                for code in found:
                    self.wrong(at, code, meaning)

    def position(self, value: Any, where: Where) -> tuple[Value, Value] | Literal["geometry"] | None:
        if value == "geometry":
            return "geometry"
        said = self.keys(value, where, ("lat", "lon"))
        if set(said) != {"lat", "lon"}:
            self.wrong(where, "key-missing", "lat, lon")
            return None
        return self.value(said["lat"], (*where, "lat")), self.value(said["lon"], (*where, "lon"))

    def value(self, value: Any, where: Where) -> Value:
        if not isinstance(value, dict):
            return Value(self.templates(value, where))
        said = self.keys(value, where, VALUE_KEYS)
        if "from" not in said:
            self.wrong(where, "key-missing", "from")
        others = {tag: None if other is None else self.value(other, (*where, "in", tag))
                  for tag, other in self.map(said.get("in", {}), (*where, "in"))}  # fmt: skip
        for tag in others:
            self.tag(tag, (*where, "in", tag))
        return Value(
            self.templates(said.get("from", ""), (*where, "from")),
            codes=self.codes(said["codes"], (*where, "codes")) if "codes" in said else None,
            known=self.choice(said.get("known", ""), (*where, "known"), "", "countries", "languages"),
            separator=self.text(said.get("separator", ""), (*where, "separator")),
            format=self.format(said.get("format", "YYYY-MM-DD"), (*where, "format")),
            leave_out=self.choice(said.get("if_wrong", "refuse"), (*where, "if_wrong"), "refuse", "leave-out")
            != "refuse",
            others=others,
        )

    def templates(self, value: Any, where: Where) -> tuple[Template, ...]:
        if not isinstance(value, list):
            return (self.template(value, where),)
        return tuple(self.template(one, (*where, number)) for number, one in enumerate(value))

    def template(self, value: Any, where: Where) -> Template:
        text = self.text(value, where)
        parts = re.split(r"\{([^{}]+)\}", text)
        if any("{" in part or "}" in part for part in parts[::2]) or any(not name.strip() for name in parts[1::2]):
            self.wrong(where, "placeholder", text)
        return Template(tuple(part.strip() if at % 2 else part for at, part in enumerate(parts)))

    def codes(self, value: Any, where: Where) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for word, meaning in self.map(value, where):
            many = [] if meaning is None else meaning if isinstance(meaning, list) else [meaning]
            found[" ".join(word.split())] = tuple(self.text(one, (*where, word)) for one in many)
        return found

    def hours(self, value: Any, where: Where) -> HoursValue:
        said = self.keys(value, where, ("from", "words", "only_if"))
        if "from" not in said:
            self.wrong(where, "key-missing", "from")
        words = {
            words_key(word.split(" + ")): None if meaning is None else self.text(meaning, (*where, "words", word))
            for word, meaning in self.map(said.get("words", {}), (*where, "words"))
        }
        only_if = tuple(
            (self.template(text, (*where, "only_if", text)), frozenset(self.texts(sure, (*where, "only_if", text))))
            for text, sure in self.map(said.get("only_if", {}), (*where, "only_if"))
        )
        return HoursValue(self.templates(said.get("from", ""), (*where, "from")), words, only_if)

    def box(self, value: Any, where: Where) -> Box | None:
        try:
            if not isinstance(value, list) or len(value) != 4:
                raise ValueError
            return Box(*(float(str(edge)) for edge in value))
        except ValueError:
            self.wrong(where, "box", value)
            return None

    def phones(self, value: Any, where: Where) -> Phones | None:
        said = self.keys(value, where, ("code", "trunk", "digits"))
        many = said.get("digits", [])
        digits = [one for one in (many if isinstance(many, list) else [many]) if type(one) is int]
        code, trunk = str(said.get("code", "")), str(said.get("trunk", ""))
        if not digits or not re.fullmatch("[1-9][0-9]{0,3}", code) or not re.fullmatch("[0-9]{0,2}", trunk):
            self.wrong(where, "digits", value)
            return None
        return Phones(code, trunk, tuple(digits))

    def source(self, value: Any, where: Where) -> dict[str, str]:
        said = {key: self.text(one, (*where, key)) for key, one in self.keys(value, where, ("name", "url")).items()}
        extras = Extras(source_name=said.get("name", ""), source_url=said.get("url", ""))
        for name, code, found in problems_of(extras, "service"):
            self.wrong((*where, name.removeprefix("source_")), code, found)
        return said

    def format(self, value: Any, where: Where) -> str:
        text = self.text(value, where)
        if sorted(re.findall("YYYY|MM|DD", text)) != ["DD", "MM", "YYYY"]:
            self.wrong(where, "choice", text)
        return text

    def tag(self, value: Any, where: Where) -> str:
        text = self.text(value, where)
        if not TAG.fullmatch(text):
            self.wrong(where, "language", text)
        return text

    def choice(self, value: Any, where: Where, *allowed: str) -> Any:
        if value not in allowed:
            self.wrong(where, "choice", ", ".join(filter(None, allowed)))
            return allowed[0]
        return value

    def text(self, value: Any, where: Where) -> str:
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, bool) or not isinstance(value, str | int):
            self.wrong(where, "not-text", value)
            return ""
        return str(value)

    def texts(self, value: Any, where: Where) -> list[str]:
        if not isinstance(value, list):
            self.wrong(where, "not-a-list", value)
            return []
        return [self.text(one, (*where, number)) for number, one in enumerate(value)]

    def map(self, value: Any, where: Where) -> list[tuple[str, Any]]:
        if not isinstance(value, dict):
            self.wrong(where, "not-a-mapping", value)
            return []
        return list(value.items())

    def keys(self, value: Any, where: Where, allowed: tuple[str, ...]) -> dict[str, Any]:
        found = dict(self.map(value, where))
        for key in [key for key in found if key not in allowed]:
            self.wrong((*where, key), "key-unknown", key)
            del found[key]
        return found


def _pairs(codes: Map[str, tuple[str, ...]] | None) -> list[tuple[str, str]]:
    return [(word, meaning) for word, many in (codes or {}).items() for meaning in many]


def _codes_of_extra(table: str, name: str, meaning: str) -> list[str]:
    part: Any = (meaning,) if name in LISTS else meaning
    return [code for _, code, _ in problems_of(replace(Extras(), **{name: part}), table)]


def words_key(words: list[str]) -> str:
    """Several words together, in whatever order they were written, as one."""
    return " + ".join(sorted(" ".join(word.split()) for word in words))
