"""Towns of the world by name, and the towns of the house: where somebody may look for help near."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from serai.kernel.languages.registry import known
from serai.lib.fold import fold, tokens
from serai.lib.gazetteer import Gazetteer, Town
from serai.lib.geo import Box, Point
from serai.lib.locales import babel_locale

from .models import Place

MOST = 8
AROUND = 50_000  # metres


@dataclass(frozen=True)
class Somewhere:
    """A place that was meant: what it is called, its country's name in the language asked for, where it is."""

    name: str
    country: str
    country_name: str
    point: Point

    @property
    def point_text(self) -> str:
        """Latitude and longitude as they can be typed; two towns may have one name."""
        return f"{self.point.lat:.4f}, {self.point.lon:.4f}"


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Towns of the world; the file lies among what may be thrown away."""
    return Gazetteer(settings.SERAI_CACHE)


def make_towns() -> None:
    """Makes the file of towns where it is missing, before somebody has to wait for it. Called by the clock."""
    gazetteer().make()


def places_named(text: str, tag: str) -> list[Somewhere]:
    """Places of the house of that name, in any language, then towns of the world; first what fits whole. At most 8."""
    folded = _folded(text)
    if not folded:
        return []
    rows = Place.objects.filter(latitude__isnull=False, longitude__isnull=False)
    mine = [place for place in rows if folded in {_folded(name) for name in (place.key, *place.names.values())}]
    own = [
        Somewhere(place.said(tag).text or place.key, place.country, country_name(place.country, tag), _point(place))
        for place in mine
    ]
    found = [_somewhere(town, tag) for town in gazetteer().find(text, limit=MOST)]
    return [*own, *found][:MOST]


def nearest_zone(point: Point) -> str:
    """The time zone of the nearest town; "" far from any."""
    town = gazetteer().nearest(point)
    return town.zone if town else ""


def countries_around(point: Point) -> frozenset[str]:
    """ISO 3166-1 alpha-2 of the countries with towns within 50 km, else of the nearest town; empty far from any.

    Near a border there are several: who lives there may need help of either side.
    """
    found = {town.country for town in gazetteer().around(point, AROUND)}
    nearest = None if found else gazetteer().nearest(point)
    return frozenset({nearest.country} if nearest else found)


def box_of(country: str) -> Box | None:
    """Where a country's towns are, with some room around."""
    return gazetteer().box_of(country) if country else None


def country_name(country: str, tag: str) -> str:
    """What a country is called in a language: by CLDR, else by the house's own place; its code where neither knows."""
    name = babel_locale(tag if known(tag) else "en").territories.get(country)
    own = None if name else Place.objects.filter(kind=Place.Kind.COUNTRY, country=country).first()
    return name or (own and own.said(tag).text) or country


def own_country(text: str) -> str:
    """The code of a country that is a place of the house, by its name in any language; "" for none."""
    folded = _folded(text)
    rows = Place.objects.filter(kind=Place.Kind.COUNTRY)
    return next((row.country for row in rows if folded in map(_folded, row.names.values())), "") if folded else ""


def _somewhere(town: Town, tag: str) -> Somewhere:
    return Somewhere(town.name, town.country, country_name(town.country, tag), town.point)


def _point(place: Place) -> Point:
    return Point(float(place.latitude or 0), float(place.longitude or 0))


def _folded(text: str) -> str:
    return " ".join(tokens(fold(text[:100])))
