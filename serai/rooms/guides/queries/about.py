"""The places that guides are about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import QuerySet

from ..models import GuidePage


class PlaceNamed(NamedTuple):
    """A place by its key, with its name in each language."""

    key: str
    names: Mapping[str, str]


def places_of(pages: Collection[int]) -> dict[int, tuple[PlaceNamed, ...]]:
    """Places by the id of each page that is about any, in the order of their keys. One query."""
    found: dict[int, tuple[PlaceNamed, ...]] = {}
    for page, key, names in _all().filter(guidepage_id__in=pages):
        found[page] = (*found.get(page, ()), PlaceNamed(key, names))
    return found


@lru_cache(maxsize=1)
def _all() -> QuerySet[Any, tuple[Any, ...]]:
    """Never asked itself, only narrowed. See lines."""
    rows = GuidePage.places.through.objects.order_by("place__key")
    return rows.values_list("guidepage_id", "place__key", "place__names")
