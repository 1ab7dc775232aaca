"""How exactly a place may be known: one person says so, for one place, and everything that shows it follows at once."""

from __future__ import annotations

from django.db import transaction

from serai.kernel.access.models import User
from serai.kernel.access.viewer import viewer_for
from serai.kernel.ledger.actions import record

from ..access import may_edit
from ..keys import DIRECTORY, service_touch
from ..models import Location, Sensitivity, ServiceAtLocation
from .offering import make_offers


class MayNotEdit(PermissionError):
    """Only editors of the publisher."""


@transaction.atomic
def set_sensitivity(*, by: User, location: Location, sensitivity: str) -> Location:
    """Says how exactly a place may be known. Raises MayNotEdit, ValueError for an unknown word."""
    chosen = Sensitivity(sensitivity)
    location = Location.objects.select_for_update().get(pk=location.pk)
    if not may_edit(viewer_for(by), location.publisher_id):
        raise MayNotEdit(str(location.pk))
    if location.sensitivity == chosen:
        return location
    location.sensitivity = chosen
    location.save(update_fields=["sensitivity"])
    services = set(ServiceAtLocation.objects.filter(location=location).values_list("service_id", flat=True))
    make_offers(services)
    touches = {DIRECTORY, *(service_touch(pk) for pk in services)}
    subject = f"services_map.location:{location.pk}"
    record("services_map.sensitivity_set", subject=subject, by=str(by.pk), touches=touches)
    return location
