"""Where a place is: its name, address, point and way in, written by an editor of its publisher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from django.db import transaction

from serai.kernel.access.models import User
from serai.kernel.access.viewer import viewer_for
from serai.kernel.ledger.actions import record
from serai.kernel.places.towns import nearest_zone
from serai.lib.geo import Point
from serai.lib.locales import country_zone

from ..access import may_edit
from ..keys import DIRECTORY, service_touch
from ..models import Location
from ..sensitivity import Whole, address_row, digest, keep, whole_of, with_point
from .offering import make_offers, services_at
from .placing import MayNotEdit


class ChangedMeanwhile(ValueError):
    """Somebody else has changed the place since the form was opened."""


@dataclass(frozen=True)
class Written:
    """What was written. texts, address: HSDS field -> text, "" for nothing; an address without a street is none.

    step_free: yes, no, limited or "".
    """

    texts: Mapping[str, str]
    address: Mapping[str, str]
    point: Point | None
    step_free: str


@transaction.atomic
def write_place(*, by: User, location: Location, written: Written, seen: str) -> Location:
    """Writes where a place is; how exactly that may be known stays. seen: digest of what the form showed.

    Raises MayNotEdit, ChangedMeanwhile, CannotOpen.
    """
    location = Location.objects.select_for_update().get(pk=location.pk)
    if not may_edit(viewer_for(by), location.publisher_id):
        raise MayNotEdit(str(location.pk))
    standing = whole_of(location)
    if digest(standing, location.step_free) != seen:
        raise ChangedMeanwhile(str(location.pk))
    cells = {**standing.cells, **written.texts}
    whole = with_point(replace(standing, cells={name: text for name, text in cells.items() if text}), written.point)
    whole = replace(whole, children=_with_address(whole, str(location.pk), written.address))
    location.country = written.address.get("country") or location.country
    location.timezone = _zone(location, written.point)
    location.step_free, location.changed_here = written.step_free, True
    keep(location, whole, location.sensitivity)
    location.save()
    services = services_at(location)
    make_offers(services)
    touches = {DIRECTORY, *(service_touch(pk) for pk in services)}
    record("services_map.place_written", subject=f"services_map.location:{location.pk}", by=str(by.pk), touches=touches)
    return location


def _zone(location: Location, point: Point | None) -> str:
    return country_zone(location.country) or (nearest_zone(point) if point else "") or location.timezone


def _with_address(whole: Whole, key: str, address: Mapping[str, str]) -> dict[str, Any]:
    """The rows under the place, with this address as the one where it is; others (postal) stay."""
    standing = address_row(whole.children)
    others = [row for row in whole.children.get("address", ()) if row is not standing]
    found = {name: text for name, text in address.items() if text}
    if "address_1" not in found:
        rows = others
    else:
        before = standing or {"id": str(uuid4()), "location_id": key, "address_type": "physical"}
        kept = {name: text for name, text in before.items() if name not in address}
        rows = [{**kept, **found}, *others]
    children = {table: under for table, under in whole.children.items() if table != "address"}
    return {**children, **({"address": rows} if rows else {})}
