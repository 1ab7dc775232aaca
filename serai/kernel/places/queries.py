"""Reads on places."""

from __future__ import annotations

from django.db import DatabaseError

from .models import Place


def known_places() -> frozenset[str]:
    """Keys of all places of the house; none when there is no house yet (a pack can be checked before)."""
    try:
        return frozenset(Place.objects.values_list("key", flat=True))
    except DatabaseError:
        return frozenset()
