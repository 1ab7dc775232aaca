"""Where somebody looks for help: a name that was typed, or a point that the device rounded before it was sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from serai.kernel.places.towns import Somewhere, own_country, places_named
from serai.lib.fold import fold, tokens
from serai.lib.geo import GeoRefused, Point
from serai.lib.geotext import read_point
from serai.lib.locales import babel_locale

SAYS: dict[str, Any] = {
    "lat-range": _("The first number is the latitude: it goes from -90 to 90. Perhaps the two have changed places."),
    "lon-range": _("The second number is the longitude: it goes from -180 to 180."),
    "zero-zero": _("0, 0 is in the sea. Write the name of a town instead."),
    "ambiguous": _("These numbers can be read in two ways. Write them with points: 31.95, 35.93."),
    "letter-ambiguous": _("The letter O means east or west, as the language has it. Write E or W."),
    "minutes": _("Minutes and seconds go up to 59."),
}


@dataclass(frozen=True)
class Meant:
    """Places that may be meant, the likeliest first; says: why there is none."""

    places: list[Somewhere]
    says: Any = ""


def somewhere(text: str, tag: str) -> Meant:
    """What is meant by a town's name in any language, or by latitude and longitude."""
    if not text.strip():
        return Meant([], _("Write the name of a town."))
    if any(char.isdigit() for char in text):
        try:
            point = read_point(text)
        except GeoRefused as refused:
            if refused.code in SAYS:
                return Meant([], SAYS[refused.code])
        else:
            return Meant([Somewhere(f"{point.lat:g}, {point.lon:g}", "", "", point)])
    found = places_named(text, tag)
    return Meant(found, "" if found else _("We do not know this place. Try a larger town nearby."))


def point_of(latitude: str, longitude: str) -> Point | None:
    """A point that a page sent, or None when it is none."""
    try:
        return Point(float(latitude), float(longitude))
    except (ValueError, GeoRefused):
        return None


def country_named(text: str, tag: str) -> str:
    """ISO 3166-1 alpha-2 of a country by its name in a language, or in one that the house offers; "" for none."""
    folded = _folded(text)
    spoken = dict.fromkeys((tag, *settings.SERAI_LANGUAGES, "en"))
    return next((code for each in spoken if (code := _countries(each).get(folded))), "") or own_country(text)


@lru_cache(maxsize=32)
def _countries(tag: str) -> dict[str, str]:
    """Codes by folded name. Names: CLDR, by Babel."""
    names = babel_locale(tag).territories
    return {_folded(name): code for code, name in names.items() if re.fullmatch("[A-Z]{2}", code)}


def _folded(text: str) -> str:
    return " ".join(tokens(fold(text[:100])))
