"""How exactly a place may be known: one person says so, for one place, and everything that shows it follows at once."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from serai.kernel.access.models import User
from serai.kernel.access.viewer import viewer_for
from serai.kernel.ledger.actions import record

from ..access import may_edit
from ..keys import DIRECTORY, service_touch
from ..models import Location, Sensitivity, ServiceAtLocation
from ..sensitivity import keep, whole_of
from .offering import AT_ONCE, hold, make_offers, services_at


class MayNotEdit(PermissionError):
    """Only editors of the publisher."""


@transaction.atomic
def set_sensitivity(*, by: User, location: Location, sensitivity: str) -> Location:
    """Says how exactly a place may be known. Raises MayNotEdit, ValueError for an unknown word, CannotOpen."""
    chosen = Sensitivity(sensitivity)
    location = Location.objects.select_for_update().get(pk=location.pk)
    if not may_edit(viewer_for(by), location.publisher_id):
        raise MayNotEdit(str(location.pk))
    if location.sensitivity == chosen:
        return location
    whole = whole_of(location)
    location.sensitivity = chosen
    keep(location, whole, chosen)
    location.save(
        update_fields=["sensitivity", "cells", "texts", "children", "latitude", "longitude", "hours", "sealed"]
    )
    services = services_at(location)
    hold(services)
    keep_again([location.pk])
    make_offers(services)
    touches = {DIRECTORY, *(service_touch(pk) for pk in services)}
    subject = f"services_map.location:{location.pk}"
    record("services_map.sensitivity_set", subject=subject, by=str(by.pk), touches=touches)
    return location


def keep_again(locations: Iterable[UUID]) -> None:
    """Seals or opens what stands at places that may be known more or less exactly from now on. Raises CannotOpen."""
    wanted = list(locations)
    for at in range(0, len(wanted), AT_ONCE):
        there = ServiceAtLocation.objects.filter(location_id__in=wanted[at : at + AT_ONCE])
        rows = list(there.select_related("location"))
        for row in rows:
            keep(row, whole_of(row), row.location.sensitivity)
        ServiceAtLocation.objects.bulk_update(rows, ["cells", "texts", "children", "hours", "sealed"], batch_size=100)
