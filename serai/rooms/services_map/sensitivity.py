"""What of a place people may know. The columns of a place hold that and nothing else, so that whatever shows, exports,
indexes, counts or copies them can tell no more; the whole is sealed beside them (kernel/access/sealed.py).

An approximate place is known by the middle of its cell on a fixed grid, a contact-only place by nothing at all: neither
name, address, map, directions nor distance. Phones and hours stay, without words beside them: they are how one gets
there. Whoever takes a copy of the database has no more than that either: the key is not in it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from serai.kernel.access.sealed import CannotOpen, seal, unseal
from serai.kernel.languages.words import Said
from serai.lib.geo import Point, rounded
from serai.lib.hours import HoursError
from serai.lib.hours_osm import read_osm, write_osm

from .models import Children, Location, Organization, Row, Sensitivity, Service, ServiceAtLocation, said_of

Texts = dict[str, dict[str, str]]

# Cells of location and rows under it that tell where it is, also in words.
_TELLING = frozenset({
    "name", "alternate_name", "description", "transportation", "url", "external_identifier", "external_identifier_type",
})  # fmt: skip
_LINKS = frozenset({
    "id", "organization_id", "service_id", "location_id", "service_at_location_id", "contact_id", "phone_id",
})  # fmt: skip
# What is shown of the rows under it: the rest is, or may be, words in which the way to it can stand.
_SHOWN_CHILDREN: dict[str, frozenset[str]] = {
    "phone": _LINKS | {"number", "extension", "type"},
    "language": _LINKS | {"name", "code"},
    "schedule": _LINKS | {
        "valid_from", "valid_to", "dtstart", "timezone", "until", "count", "wkst", "freq", "interval", "byday",
        "byweekno", "bymonthday", "byyearday", "opens_at", "closes_at",
    },
}  # fmt: skip
_SIX = Decimal("0.000001")


@dataclass(frozen=True)
class Whole:
    """All that the house knows of a row, also what of a place nobody else may know. Coordinates: text of a decimal.
    hours: OpenStreetMap's opening_hours."""

    cells: dict[str, str]
    texts: Texts
    children: Children
    latitude: str = ""
    longitude: str = ""
    hours: str = ""

    @property
    def point(self) -> Point | None:
        """Where it is, exactly: for those who keep the directory; never for the public."""
        return Point(float(self.latitude), float(self.longitude)) if self.latitude and self.longitude else None


def whole_of(row: Row) -> Whole:
    """All of a row. Raises CannotOpen where it was sealed under another key of the house."""
    sealed = row.sealed if isinstance(row, Location | ServiceAtLocation) else ""
    hours = "" if isinstance(row, Organization) else row.hours  # type: ignore[attr-defined]
    if sealed:
        whole = unsealed(sealed)
        return whole if whole.hours else replace(whole, hours=hours)
    latitude, longitude = (row.latitude, row.longitude) if isinstance(row, Location) else (None, None)
    return Whole(row.cells, row.texts, row.children, _text(latitude), _text(longitude), hours)


def keep(row: Row, whole: Whole, sensitivity: str = Sensitivity.PUBLIC) -> None:
    """Puts a whole into a row that is to be saved: into its columns what anybody may know, the rest sealed."""
    known = known_of(whole, sensitivity, at=isinstance(row, ServiceAtLocation))
    row.cells, row.texts, row.children = known.cells, known.texts, known.children
    if isinstance(row, Location):
        row.latitude, row.longitude = _decimal(known.latitude), _decimal(known.longitude)
    if isinstance(row, Service | Location | ServiceAtLocation):
        row.hours = known.hours
    if isinstance(row, Location | ServiceAtLocation):
        row.sealed = sealed_of(whole, known)


def sealed_of(whole: Whole, known: Whole) -> str:
    """The whole as it may lie in the database; empty where everything of it may be known."""
    return "" if known == whole else seal(json.dumps(vars(whole), ensure_ascii=False))


def unsealed(sealed: str) -> Whole:
    """The whole again. Raises CannotOpen."""
    return Whole(**json.loads(unseal(sealed)))


def known_of(whole: Whole, sensitivity: str, *, at: bool = False) -> Whole:
    """What anybody may know of a place; at: of a service at it, of which only what stands under it is told."""
    if sensitivity == Sensitivity.PUBLIC:
        return whole
    area = area_of(whole.point) if whole.point and sensitivity == Sensitivity.APPROXIMATE else None
    return Whole(
        {} if at else _untold(whole.cells),
        {} if at else {tag: _untold(said) for tag, said in whole.texts.items()},
        _known_children(whole.children),
        _number(area.lat) if area else "",
        _number(area.lon) if area else "",
        _without_words(whole.hours),
    )


def known_point(location: Location) -> Point | None:
    """What anybody may know of where it is."""
    if location.latitude is None or location.longitude is None or location.sensitivity == Sensitivity.CONTACT_ONLY:
        return None
    point = Point(float(location.latitude), float(location.longitude))
    return point if is_public(location) else area_of(point)  # the grid may have become coarser since it was kept


def area_of(point: Point) -> Point:
    """The middle of the cell of the fixed grid in which a point lies."""
    return rounded(point, settings.SERAI_APPROXIMATE_METRES)


def is_public(location: Location) -> bool:
    """Whether its address may be shown."""
    return location.sensitivity == Sensitivity.PUBLIC


def name_for_staff(location: Location, tag: str) -> Said:
    """What those who work there call a place; empty where it was sealed under another key."""
    try:
        whole = whole_of(location)
    except CannotOpen:
        return Said("", tag)
    return said_of(whole.cells, whole.texts, "name", location.language, tag)


def with_withheld(coming: Whole, standing: Whole, *, at: bool = False) -> Whole:
    """What arrived for a place that is not public, with what an export of it had left out: bringing it in again
    changes nothing. The exact point stays when nothing came, or only the middle of its area."""
    kept = frozenset({"description"}) if at else _TELLING
    cells = {**{name: text for name, text in standing.cells.items() if name in kept}, **coming.cells}
    texts = {tag: dict(said) for tag, said in coming.texts.items()}
    for tag, said in standing.texts.items():
        missing = {name: text for name, text in said.items() if name in kept}
        if missing:
            texts[tag] = {**missing, **texts.get(tag, {})}
    children = {**_children_withheld(coming.children, standing.children), **coming.children}
    for table in _SHOWN_CHILDREN.keys() & children.keys():
        before = {row.get("id"): row for row in standing.children.get(table, ())}
        children[table] = [{**before.get(row.get("id"), {}), **row} for row in children[table]]
    whole = replace(coming, cells=cells, texts=texts, children=children)
    if standing.point and (whole.point is None or _same(area_of(standing.point), whole.point)):
        whole = replace(whole, latitude=standing.latitude, longitude=standing.longitude)
    return replace(whole, hours=standing.hours) if whole.hours == _without_words(standing.hours) else whole


def with_point(whole: Whole, point: Point | None) -> Whole:
    """The same at another point, or at none."""
    if point is None:
        return replace(whole, latitude="", longitude="")
    return replace(whole, latitude=_number(point.lat), longitude=_number(point.lon))


def address_row(children: Children) -> dict[str, Any] | None:
    """The address where a place is, not one for letters only; None where there is none."""
    return next((row for row in children.get("address", ()) if row.get("address_type", "physical") != "postal"), None)


def digest(whole: Whole, *more: str) -> str:
    """A sign that changes with any of it, which tells nothing of it."""
    told = json.dumps([vars(whole), *more], sort_keys=True)
    return salted_hmac("services_map.place", told, algorithm="sha256").hexdigest()[:32]


def _children_withheld(coming: Children, standing: Children) -> Children:
    return {table: rows for table, rows in standing.items() if table not in _SHOWN_CHILDREN and table not in coming}


def _untold(cells: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in cells.items() if name not in _TELLING}


def _known_children(children: Children) -> Children:
    """Rows under a place, or under a service at it, that anybody may know."""
    return {
        table: [{name: value for name, value in row.items() if name in _SHOWN_CHILDREN[table]} for row in rows]
        for table, rows in children.items() if table in _SHOWN_CHILDREN
    }  # fmt: skip


def _without_words(hours: str) -> str:
    """The same hours without what somebody wrote beside them, such as at which door to ring."""
    if '"' not in hours:
        return hours
    try:
        return write_osm(tuple(replace(rule, comment="") for rule in read_osm(hours)))
    except HoursError:
        return "unknown"


def _same(area: Point, point: Point) -> bool:
    return abs(area.lat - point.lat) < 1e-5 and abs(area.lon - point.lon) < 1e-5


def _text(number: Decimal | None) -> str:
    return "" if number is None else str(number)


def _number(value: float) -> str:
    return str(Decimal(value).quantize(_SIX))


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None
