"""What an export of a place that is not public left out, put back before the comparison: nothing is lost by a round."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from serai.lib.geo import Point

from ..models import Location, Row, ServiceAtLocation
from ..sensitivity import area_of, exact_point, fill_withheld, is_public
from .arriving import Arrival, Coming

_AT_LOCATION = frozenset({"description"})


def put_back(arrival: Arrival, standing: Mapping[str, Mapping[UUID, Row]]) -> None:
    """Fills rows on their way in from those that stand, where their place is not public."""
    hidden: set[UUID] = set()
    for pk, row in standing["location"].items():
        if isinstance(row, Location) and not is_public(row):
            hidden.add(pk)
            coming = arrival.rows["location"][pk]
            fill_withheld(coming.cells, coming.children, coming.texts, row)
            _put_back_point(coming, row)
    for pk, row in standing["service_at_location"].items():
        if isinstance(row, ServiceAtLocation) and row.location_id in hidden:
            coming = arrival.rows["service_at_location"][pk]
            fill_withheld(coming.cells, coming.children, coming.texts, row, kept=_AT_LOCATION)


def _put_back_point(coming: Coming, row: Location) -> None:
    """The exact point stays when nothing came, or only the middle of its area."""
    exact = exact_point(row)
    if exact is None:
        return
    latitude, longitude = coming.said.get("latitude"), coming.said.get("longitude")
    if not latitude or not longitude or _same(area_of(exact), latitude, longitude):
        coming.said["latitude"], coming.said["longitude"] = _text(row.latitude), _text(row.longitude)


def _same(area: Point, latitude: str, longitude: str) -> bool:
    return abs(area.lat - float(latitude)) < 1e-5 and abs(area.lon - float(longitude)) < 1e-5


def _text(number: object) -> str:
    return str(number)
