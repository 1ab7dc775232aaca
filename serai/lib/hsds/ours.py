"""What a directory says that HSDS 3.0 has no field for: translations, needs, hours as people write them, plain answers.

The standard leaves one door open for it: a row of `attribute` links anything to a term of a taxonomy and may hold a
value. Ours is one taxonomy with fixed ids, so that another house, or this one next month, reads the same again, and a
reader who does not know it still has a valid directory. Attributes of others are never touched.

    link_type       taxonomy_term.code              value
    translation     serai:translation:<field>:<tag>     the text
    need, audience  serai:need:<key>                    nothing
    operates_for    serai:operates_for                  ISO 3166-1 alpha-2, one row each
    all others      serai:<link_type>                   see terms.csv
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from babel import Locale

from serai.lib.dates import parse_day
from serai.lib.direction import problems_in_link, problems_in_name
from serai.lib.hours import Hours
from serai.lib.hours_osm import read_osm
from serai.lib.hsds.problems import Problem, shown
from serai.lib.hsds.schema import FIELDS
from serai.lib.hsds.values import codes_of
from serai.lib.tables import Row, Table, read_csv

Thing = tuple[str, str]  # table and id

_SPACE = uuid.UUID("5e7a1d3c-0b52-4c5e-9d0e-6f1f2f1c3a10")
TAXONOMY = str(uuid.uuid5(_SPACE, "taxonomy"))
_TAXONOMY_ROW = {"id": TAXONOMY, "name": "Serai", "description": "What a directory says beside the fields of HSDS 3.0"}
_PREFIX = "serai:"  # a code may stand once in a directory, in whatever taxonomy
_TERMS = {row.text("code"): row for row in read_csv(Path(__file__).resolve().parent / "terms.csv").rows}
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "ZZ"})


def _keys(kind: str) -> tuple[str, ...]:
    return tuple(code.partition(":")[2] for code in _TERMS if code.startswith(f"{kind}:"))


NEEDS = _keys("need")
NEED_NAMES = {key: _TERMS[f"need:{key}"].text("name") for key in NEEDS}  # in English, for other programs
AUDIENCES = _keys("audience")


@dataclass(frozen=True)
class Extras:
    """What attributes of ours say of one row; "" and () where they say nothing.

    `translations` are texts by field and language tag. Days are ISO 8601, countries ISO 3166-1 alpha-2 in capitals,
    `papers_asked` and `free` yes or no, `step_free` also limited.
    """

    translations: Mapping[tuple[str, str], str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    operates_for: tuple[str, ...] = ()
    written_in: str = ""
    opening_hours: str = ""
    timezone: str = ""
    country: str = ""
    papers_asked: str = ""
    free: str = ""
    step_free: str = ""
    sensitivity: str = ""
    source_name: str = ""
    source_url: str = ""
    review_by: str = ""
    valid_from: str = ""
    valid_to: str = ""


_LISTS = {"need": "needs", "audience": "audience", "operates_for": "operates_for"}  # by link_type
SINGLE = tuple(part.name for part in fields(Extras) if part.name not in ("translations", *_LISTS.values()))
EXTRAS = (*_LISTS.values(), *SINGLE)  # all but translations


def extras_of(tables: Mapping[str, Table]) -> dict[Thing, Extras]:
    """What our attributes say, by table and id of the row; what `check_extras` finds wrong is left out."""
    found: dict[Thing, dict[str, list[tuple[str, str]]]] = {}
    for said in _said(tables):
        if not said.code:
            found.setdefault(said.thing, {}).setdefault(said.kind, []).append((said.key, said.value))
    return {thing: _extras(parts) for thing, parts in found.items()}


def check_extras(tables: Mapping[str, Table]) -> list[Problem]:
    """What is wrong with our attributes, beyond what `check_rows` says of every attribute.

    Codes: `term-unknown`, `field-unknown`, `said-twice`, and of values `required`, `enum`, `hours`, `zone`, `country`,
    `language`, `date`, and those of fields that are translated.
    """
    return [
        Problem("attribute", said.row, "value", said.code, shown(said.value or said.key), said.kind)
        for said in _said(tables)
        if said.code
    ]


def problems_of(extras: Extras, table: str) -> Iterator[tuple[str, str, str]]:
    """Name of the part, code and value of what is wrong in extras for a row of `table`, before they are written."""
    for kind, key, value in _parts(extras):
        if code := _code_of(table, kind, key, value):
            yield kind, code, value or key


def with_extras(tables: Mapping[str, Table], extras: Mapping[Thing, Extras]) -> dict[str, Table]:
    """The tables with `extras` as attributes; for rows that are named in it, ours that stood there before are gone.

    ValueError for extras that cannot be said (see `problems_of`). The same extras give the same rows.
    """
    ours = _our_terms(tables)
    replaced = {(name, key) for name, key in extras}
    attributes = [
        row.cells
        for row in _rows(tables, "attribute")
        if (row.text("link_entity"), row.text("link_id")) not in replaced or row.text("taxonomy_term_id") not in ours
    ]
    terms: dict[str, Mapping[str, str]] = {}
    for (table, key), said in extras.items():
        for row, term in _written(table, key, said):
            attributes.append(dict(row))
            terms[term["id"]] = term
    used = {cells.get("taxonomy_term_id") for cells in attributes}
    kept = [row.cells for row in _rows(tables, "taxonomy_term") if row.text("id") not in ours or row.text("id") in used]
    known = {cells.get("id") for cells in kept}
    kept += [dict(term) for key, term in sorted(terms.items()) if key not in known]
    taxonomies = [row.cells for row in _rows(tables, "taxonomy") if row.text("id") != TAXONOMY]
    if any(cells.get("taxonomy_id") == TAXONOMY for cells in kept):
        taxonomies.append(dict(_TAXONOMY_ROW))
    written = {"attribute": attributes, "taxonomy_term": kept, "taxonomy": taxonomies}
    return {**tables, **{name: table_of(name, rows) for name, rows in written.items() if rows or name in tables}}


def table_of(name: str, rows: Iterable[Mapping[str, object]]) -> Table:
    """A table with all columns of the standard, then those that only these rows have."""
    taken = list(rows)
    header = list(dict.fromkeys([*FIELDS[name], *(key for row in taken for key in row)]))
    filled = ({key: str(row.get(key) or "") for key in header} for row in taken)
    return Table(tuple(header), [Row(number, {**cells}) for number, cells in enumerate(filled, 2)])


class _Said(NamedTuple):
    """One attribute of ours: of which row, which part, and the code of what is wrong with it."""

    row: int
    thing: Thing
    kind: str
    key: str
    value: str
    code: str


def _said(tables: Mapping[str, Table]) -> Iterator[_Said]:
    ours = _our_terms(tables)
    seen: set[tuple[Thing, str, str]] = set()
    for row in _rows(tables, "attribute"):
        cells = row.cells
        term = ours.get(str(cells["taxonomy_term_id"]))
        if term is None:
            continue
        kind, _, key = term.partition(":")
        table, value = str(cells.get("link_entity") or ""), str(cells.get("value") or "")
        thing = table, str(cells.get("link_id") or "")
        key = value if kind == "operates_for" else key
        code = _code_of(table, kind, key, value)
        part = thing, kind, key
        if not code and part in seen:
            code = "said-twice"
        seen.add(part)
        yield _Said(row.number, thing, kind, key, value, code)


def _our_terms(tables: Mapping[str, Table]) -> dict[str, str]:
    """Codes of our terms by their ids in these tables."""
    return {
        row.text("id"): row.text("code").removeprefix(_PREFIX)
        for row in _rows(tables, "taxonomy_term")
        if row.cells.get("taxonomy_id") == TAXONOMY and "code" in row.cells
    }


def _rows(tables: Mapping[str, Table], name: str) -> list[Row]:
    needed = {"attribute": {"taxonomy_term_id", "link_entity", "link_id"}}.get(name, {"id"})
    table = tables.get(name)
    return table.rows if table is not None and needed <= set(table.header) else []


def _extras(parts: Mapping[str, list[tuple[str, str]]]) -> Extras:
    texts = {(key.partition(":")[0], key.partition(":")[2]): value for key, value in parts.get("translation", ())}
    found: dict[str, Any] = {name: parts[name][0][1] for name in SINGLE if name in parts}
    for kind, name in _LISTS.items():
        found[name] = tuple(sorted(key for key, _ in parts.get(kind, ())))
    return Extras(translations=texts, **found)


def _parts(extras: Extras) -> Iterator[tuple[str, str, str]]:
    """Kind, key and value of each attribute that extras come to."""
    for (name, tag), text in sorted(extras.translations.items()):
        yield "translation", f"{name}:{tag}", text
    for kind, attribute in _LISTS.items():
        for key in sorted(set(getattr(extras, attribute))):
            yield kind, key, key if kind == "operates_for" else ""
    for name in SINGLE:
        if value := getattr(extras, name):
            yield name, "", value


def _written(table: str, key: str, extras: Extras) -> Iterator[tuple[dict[str, str], Mapping[str, str]]]:
    """Each attribute of a row with its term."""
    for kind, part, value in _parts(extras):
        if code := _code_of(table, kind, part, value):
            raise ValueError(f"{table} {key}, {kind} {part}: {code}: {shown(value)}")
        term = _term(kind if kind == "operates_for" or not part else f"{kind}:{part}")
        row = {
            "id": str(uuid.uuid5(_SPACE, f"attribute {table} {key} {kind} {part}")), "link_id": key,
            "taxonomy_term_id": term["id"], "link_type": kind, "link_entity": table, "value": value,
        }  # fmt: skip
        yield row, term


@lru_cache(maxsize=1_000)
def _term(code: str) -> Mapping[str, str]:
    known = _TERMS.get(code)
    kind, _, part = code.partition(":")
    name = known.text("name") if known else f"{kind.capitalize()} ({part})"
    description = known.text("description") if known else "A text of the field in another language"
    return {
        "id": str(uuid.uuid5(_SPACE, f"term {code}")), "code": _PREFIX + code, "name": name, "description": description,
        "taxonomy_id": TAXONOMY,
    }  # fmt: skip


def fixed_terms() -> dict[str, Table]:
    """Our taxonomy and its terms as tables, but for those of translations: they are made where a text has one."""
    rows = [_term(code) for code in _TERMS]
    return {"taxonomy": table_of("taxonomy", [_TAXONOMY_ROW]), "taxonomy_term": table_of("taxonomy_term", rows)}


def term_id(kind: str, key: str) -> str:
    """The id of the term of a need or an audience."""
    return _term(f"{kind}:{key}")["id"]


@lru_cache(maxsize=20_000)  # a large directory says the same hours and names of needs thousands of times
def _code_of(table: str, kind: str, key: str, value: str) -> str:
    """What is wrong with one part said of a row of `table`, or nothing."""
    if kind == "translation":
        return _code_of_translation(table, *key.partition(":")[::2], value)
    if kind in ("need", "audience"):
        return "" if f"{kind}:{key}" in _TERMS else "enum"
    if kind not in _CODES:
        return "term-unknown"
    return _CODES[kind](value) if value.strip() else "required"


def _code_of_translation(table: str, name: str, tag: str, text: str) -> str:
    of_table = FIELDS.get(table, {}).get(name)
    if of_table is None or of_table.kind != "text" or of_table.enum or of_table.refers_to:
        return "field-unknown"
    if not _TAG.fullmatch(tag):
        return "language"
    return next(iter(codes_of(of_table, text)), "") if text.strip() else "required"


def _one_of(*allowed: str) -> Callable[[str], str]:
    return lambda text: "" if text in allowed else "enum"


def _parses(read: Callable[[str], object], code: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        try:
            read(text)
        except ValueError:
            return code
        return ""

    return check


def _country(text: str) -> str:
    known = re.fullmatch("[A-Z]{2}", text) and text not in _NO_COUNTRIES
    # XA to XZ are free for invented places, which demonstrations need.
    return "" if known and (text.startswith("X") or text in Locale("en").territories) else "country"


_CODES: dict[str, Callable[[str], str]] = {
    "operates_for": _country,
    "country": _country,
    "written_in": lambda text: "" if _TAG.fullmatch(text) else "language",
    "opening_hours": _parses(read_osm, "hours"),
    "timezone": _parses(Hours, "zone"),
    "papers_asked": _one_of("yes", "no"),
    "free": _one_of("yes", "no"),
    "step_free": _one_of("yes", "no", "limited"),
    "sensitivity": _one_of("public", "approximate", "contact-only"),
    "source_name": lambda text: next((problem.code for problem in problems_in_name(text)), ""),
    "source_url": lambda text: next((problem.code for problem in problems_in_link(text)), ""),
    "review_by": _parses(parse_day, "date"),
    "valid_from": _parses(parse_day, "date"),
    "valid_to": _parses(parse_day, "date"),
}
