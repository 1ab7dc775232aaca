"""What an export of a place that is not public left out, put back before the comparison: nothing is lost by a round."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from uuid import UUID

from serai.kernel.access.sealed import CannotOpen
from serai.lib.hsds.problems import Problem

from ..models import Location, Row, ServiceAtLocation
from ..sensitivity import Whole, is_public, whole_of, with_withheld
from .arriving import Arrival, Coming


def put_back(
    arrival: Arrival, standing: Mapping[str, Mapping[UUID, Row]], tag_of: Callable[[Coming], str]
) -> Iterator[Problem]:
    """Fills rows on their way in from those that stand, where their place is not public; a row that cannot be read
    is a problem. A file in another language than the row's brings texts only, and is left as it came; so is a service
    that has moved: what was said of the way to its hidden place must not stand at another."""
    hidden: set[UUID] = set()
    for pk, row in standing["location"].items():
        if isinstance(row, Location) and not is_public(row):
            hidden.add(pk)
            yield from _put_back(arrival.rows["location"][pk], row, tag_of)
    for pk, row in standing["service_at_location"].items():
        coming = arrival.rows["service_at_location"][pk]
        stays = isinstance(row, ServiceAtLocation) and row.location_id == coming.links["location_id"]
        if stays and coming.links["location_id"] in hidden:
            yield from _put_back(coming, row, tag_of)


def _put_back(coming: Coming, row: Row, tag_of: Callable[[Coming], str]) -> Iterator[Problem]:
    try:
        standing = whole_of(row)
    except CannotOpen:
        yield Problem(coming.table, coming.row, "id", "sealed-elsewhere", str(coming.id))
        return
    if tag_of(coming) != row.language:
        return
    came = Whole(
        coming.cells, coming.texts, coming.children, coming.said.get("latitude", ""), coming.said.get("longitude", ""),
        coming.extras.opening_hours,
    )  # fmt: skip
    whole = with_withheld(came, standing, at=isinstance(row, ServiceAtLocation))
    coming.cells, coming.texts, coming.children = whole.cells, whole.texts, whole.children
    coming.extras = replace(coming.extras, opening_hours=whole.hours)
    if isinstance(row, Location):
        coming.said["latitude"], coming.said["longitude"] = whole.latitude, whole.longitude
