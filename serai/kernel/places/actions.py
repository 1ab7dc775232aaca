"""Writes on places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from serai.kernel.ledger.actions import record

from .models import Place


def place_touch(key: str) -> str:
    """The key that published files depend on when they name this place."""
    return f"place:{key}"


@transaction.atomic
def put_place(*, by: str, key: str, values: Mapping[str, Any]) -> tuple[Place, bool]:
    """Makes or changes a place. by: id of the member of staff or "". Returns the place and whether it is new.

    values: fields of Place; parent is a Place or None.
    """
    place, made = Place.objects.update_or_create(key=key, defaults=dict(values))
    event = "places.place_added" if made else "places.place_changed"
    record(event, subject=f"places.place:{place.pk}", by=by, touches=[place_touch(key)])
    return place, made


@transaction.atomic
def remember_pack(*, place: Place, memory: Mapping[str, Any]) -> None:
    """Notes what a pack said of a place that stays as it is: nobody sees a change, so there is no event."""
    if place.from_pack != memory:
        place.from_pack = dict(memory)
        place.save(update_fields=["from_pack"])
