"""The places that guides are about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from ..models import GuidePage


class PlaceNamed(NamedTuple):
    """A place by its key, with its name in each language."""

    key: str
    names: Mapping[str, str]


def places_of(pages: Collection[int]) -> dict[int, tuple[PlaceNamed, ...]]:
    """Places by the id of each page that is about any, in the order of their keys. One query."""
    rows = GuidePage.places.through.objects.filter(guidepage__in=pages).order_by("place__key")
    found: dict[int, tuple[PlaceNamed, ...]] = {}
    for page, key, names in rows.values_list("guidepage_id", "place__key", "place__names"):
        found[page] = (*found.get(page, ()), PlaceNamed(key, names))
    return found
