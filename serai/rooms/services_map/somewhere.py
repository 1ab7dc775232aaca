"""Where somebody looks for help: a name that was typed, or a point that the device rounded before it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from serai.kernel.places.towns import Somewhere, places_named
from serai.lib.geo import GeoRefused, Point
from serai.lib.geotext import read_point

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
