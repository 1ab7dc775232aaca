"""What of a place people may know. Whatever shows, exports, indexes or answers goes through here.

An approximate place is known by the middle of its cell on a fixed grid, a contact-only place by nothing at all: neither
name, address, map, directions nor distance. Phones and hours stay: they are how one gets there.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from serai.lib.geo import Point, rounded

from .models import Location, Sensitivity

# Cells of location and rows under it that tell where it is, also in words.
_TELLING = frozenset({
    "name", "alternate_name", "description", "transportation", "url", "external_identifier", "external_identifier_type",
})  # fmt: skip
_SHOWN_CHILDREN = frozenset({"phone", "schedule", "language"})
_SHOWN_SCHEDULE = frozenset({
    "id", "service_id", "location_id", "service_at_location_id", "valid_from", "valid_to", "dtstart", "timezone",
    "until", "count", "wkst", "freq", "interval", "byday", "byweekno", "bymonthday", "byyearday", "opens_at",
    "closes_at",
})  # fmt: skip


def exact_point(location: Location) -> Point | None:
    """Where it is, for those who keep the directory; never for the public."""
    if location.latitude is None or location.longitude is None:
        return None
    return Point(float(location.latitude), float(location.longitude))


def known_point(location: Location) -> Point | None:
    """What anybody may know of where it is."""
    point = exact_point(location)
    if point is None or location.sensitivity == Sensitivity.CONTACT_ONLY:
        return None
    return point if location.sensitivity == Sensitivity.PUBLIC else area_of(point)


def area_of(point: Point) -> Point:
    """The middle of the cell of the fixed grid in which a point lies."""
    return rounded(point, settings.SERAI_APPROXIMATE_METRES)


def is_public(location: Location) -> bool:
    """Whether its address may be shown."""
    return location.sensitivity == Sensitivity.PUBLIC


def known_cells(location: Location) -> dict[str, str]:
    """Cells of the place that anybody may know."""
    if is_public(location):
        return dict(location.cells)
    return {name: text for name, text in location.cells.items() if name not in _TELLING}


def known_texts(location: Location) -> dict[str, dict[str, str]]:
    """Translations of the place that anybody may know."""
    if is_public(location):
        return dict(location.texts)
    return {
        tag: {name: text for name, text in said.items() if name not in _TELLING} for tag, said in location.texts.items()
    }


def known_children(location: Location, children: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Rows under a place, or under a service at it, that anybody may know."""
    if is_public(location):
        return children
    found = {table: rows for table, rows in children.items() if table in _SHOWN_CHILDREN}
    if "schedule" in found:
        found["schedule"] = [
            {name: text for name, text in row.items() if name in _SHOWN_SCHEDULE} for row in found["schedule"]
        ]
    if "phone" in found:
        found["phone"] = [
            {name: text for name, text in row.items() if name not in {"description", "texts"}} for row in found["phone"]
        ]
    return found


def fill_withheld(
    cells: dict[str, str], children: dict[str, list[dict[str, Any]]], texts: dict[str, dict[str, str]],
    standing: Any, *, kept: frozenset[str] = _TELLING,
) -> None:  # fmt: skip
    """Puts back what an export of a place that is not public left out, so that bringing it in again changes nothing."""
    for name, text in standing.cells.items():
        if name in kept:
            cells.setdefault(name, text)
    for tag, said in standing.texts.items():
        for name, text in said.items():
            if name in kept:
                texts.setdefault(tag, {}).setdefault(name, text)
    for table, rows in standing.children.items():
        if table not in _SHOWN_CHILDREN:
            children.setdefault(table, rows)
            continue
        arrived = {row.get("id"): row for row in children.get(table, ())}
        for row in rows:
            if row.get("id") in arrived:
                for name, text in row.items():
                    arrived[row["id"]].setdefault(name, text)
