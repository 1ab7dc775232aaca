"""tables/places.csv of a pack: which countries, towns and camps its content is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from serai.kernel.register.ports import PackExport, PackProblem, PackReport
from serai.lib.direction import visible
from serai.lib.tables import Row

from .actions import put_place, remember_pack
from .models import Place
from .pack_table import PackTable, Texts, remembered, settle, spoken, unspoken
from .queries import known_places

TABLE = PackTable("tables/places.csv", ("key", "parent", "country", "kind", "latitude", "longitude"), ("name",))
PLAIN = ("parent", "country", "kind", "latitude", "longitude", "fictional")
LIMITS = {"latitude": Decimal(90), "longitude": Decimal(180)}
EXACT = Decimal("0.00001")


class PlacesPart:
    """Understands tables/places.csv. Installed first: others point at places."""

    order = 10

    def owns(self, path: str) -> bool:
        """The table alone."""
        return path == TABLE.path

    def check(self, pack: dict[str, Any], files: dict[str, bytes]) -> list[PackProblem]:
        """All that is wrong; writes nothing."""
        rows, problems = TABLE.rows(files)
        problems += TABLE.check_cells(rows)
        beside = {row.text("key") for other in pack.get("beside", {}).values() for row in TABLE.rows(other)[0]}
        own = {row.text("key"): row.text("parent") for row in rows}
        for row in rows:
            problems += _check_row(row)
            problems += _check_parent(row, own, beside)
        return problems

    def install(self, pack: dict[str, Any], files: dict[str, bytes], *, by: Any) -> PackReport:
        """Writes the places; parents before their children."""
        rows, problems = TABLE.rows(files)
        created: list[str] = []
        updated: list[str] = []
        kept: list[str] = []
        unchanged = 0
        for row in _parents_first(rows):
            key, ref = row.text("key"), f"places/{row.text('key')}"
            new = _pieces_of(row, pack, files)
            place = Place.objects.filter(key=key).select_related("parent").first()
            memory = place.from_pack if place else {}
            settled = settle(standing(place), new, memory, pack["pack"])
            problems += _disputes(row, settled.disputed)
            if settled.kept or settled.disputed:
                kept.append(ref)
            after = remembered(memory, new, pack["pack"], made_now=place is None)
            if place is not None and settled.values == standing(place):
                remember_pack(place=place, memory=after)
                unchanged += 1
                continue
            values = {**_fields(settled.values), "from_pack": after}
            put_place(by=str(by.pk) if by else "", key=key, values=values)
            (updated if place else created).append(ref)
        return PackReport(tuple(created), tuple(updated), (), unchanged, tuple(kept), tuple(problems))


def export_places(publisher: str, pack: dict[str, Any]) -> PackExport:
    """Places that came with this pack or were made in this house, and what they lie in."""
    places = {place.key: place for place in Place.objects.select_related("parent")}
    wanted: dict[str, Place] = {}
    for place in places.values():
        if place.from_pack and pack["pack"] not in place.from_pack.get("packs", {}):
            continue
        at: Place | None = place
        while at is not None and at.key not in wanted:
            wanted[at.key] = at
            at = places.get(at.parent.key) if at.parent else None
    rows, texts = [], Texts()
    for key in sorted(wanted):
        pieces = standing(wanted[key])
        rows.append((key, *(pieces.get(column, "") for column in TABLE.columns[1:])))
        texts[f"{key}.name"] = wanted[key].names
    return PackExport(TABLE.export(rows, texts, pack["languages"]))


def standing(place: Place | None) -> dict[str, str]:
    """What stands in the house of a place, as pieces."""
    if place is None:
        return {}
    return {
        "parent": place.parent.key if place.parent else "",
        "country": place.country,
        "kind": place.kind,
        "latitude": _number(place.latitude),
        "longitude": _number(place.longitude),
        "fictional": "yes" if place.fictional else "",
        **spoken("name", place.names),
    }


def _pieces_of(row: Row, pack: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, str]:
    plain = {column: row.text(column).strip() for column in TABLE.columns[1:]}
    for column in LIMITS:
        plain[column] = _number(_decimal(plain[column]))
    plain["fictional"] = "yes" if pack.get("fictional") else ""
    return {**plain, **spoken("name", TABLE.texts(files, row.text("key"), "name"))}


def _fields(values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "parent": Place.objects.filter(key=values.get("parent", "")).first(),
        "country": values["country"],
        "kind": values["kind"],
        "latitude": _decimal(values.get("latitude", "")),
        "longitude": _decimal(values.get("longitude", "")),
        "fictional": bool(values.get("fictional")),
        "names": unspoken("name", values),
    }


def _check_row(row: Row) -> Iterator[PackProblem]:
    if not re.fullmatch(r"[A-Z]{2}", row.text("country")):
        says = _("“%(found)s” is not a country.") % {"found": visible(row.text("country"))[:40]}
        yield TABLE.problem(row, "country", says, _("Write the two capital letters of ISO 3166-1, such as KE."))
    if row.text("kind") not in Place.Kind.values:
        says = _("“%(found)s” is not a kind of place.") % {"found": visible(row.text("kind"))[:40]}
        cure = _("Write one of: %(kinds)s.") % {"kinds": ", ".join(Place.Kind.values)}
        yield TABLE.problem(row, "kind-unknown", says, cure)
    if bool(row.text("latitude")) != bool(row.text("longitude")):
        says = _("Latitude and longitude belong together.")
        yield TABLE.problem(row, "position-half", says, _("Fill both cells, or neither."))
    for column, most in LIMITS.items():
        text = row.text(column)
        number = _decimal(text)
        if text and (number is None or abs(number) > most):
            says = _("“%(found)s” is not a %(column)s in degrees.")
            values = {"found": visible(text)[:40], "column": column}
            yield TABLE.problem(row, "position", says % values, _("Write a number with a point, such as 45.1."))


def _check_parent(row: Row, own: Mapping[str, str], beside: set[str]) -> Iterator[PackProblem]:
    key, parent = row.text("key"), row.text("parent")
    if not parent:
        return
    if parent not in own and parent not in beside and parent not in known_places():
        says = _("There is no place “%(key)s”.") % {"key": visible(parent)[:80]}
        yield TABLE.problem(row, "parent-unknown", says, _("Add a row for it, or leave the cell “parent” empty."))
    seen, at = {key}, parent
    while at in own and at not in seen:
        seen.add(at)
        at = own[at]
    if at == key:
        says = _("The place “%(key)s” lies inside itself.") % {"key": key}
        yield TABLE.problem(row, "parent-cycle", says, _("Empty the cell “parent” of one of them."))


def _disputes(row: Row, pieces: Iterable[str]) -> list[PackProblem]:
    """Names in a language may differ from pack to pack; what a place is may not."""
    found = []
    for piece in pieces:
        if piece in PLAIN:
            values = {"key": row.text("key"), "column": piece}
            says = _("Another pack says something else in “%(column)s” of the place “%(key)s”.") % values
            cure = _("Agree with its publisher, or give your place a key of its own.")
            found.append(TABLE.problem(row, "place-of-another-pack", says, cure))
    return found


def _parents_first(rows: list[Row]) -> list[Row]:
    by_key = {row.text("key"): row for row in rows}

    def depth(row: Row) -> int:
        steps, at = 0, row.text("parent")
        while at in by_key and steps <= len(rows):
            steps, at = steps + 1, by_key[at].text("parent")
        return steps

    return sorted(rows, key=depth)


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
        return number.quantize(EXACT) if number.is_finite() else None
    except InvalidOperation:
        return None


def _number(number: Decimal | None) -> str:
    return "" if number is None else f"{number:.5f}"
