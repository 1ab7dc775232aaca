"""Pictures of streets from a server that the operator names. Without one, which is the rule, nobody is asked."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from serai.lib.geo import RADIUS, Point

from .drawing import OUTER, Drawing


@dataclass(frozen=True)
class Tiles:
    """template: address with {z}, {x} and {y}; origin: what the page's policy lets through; by: who must be named;
    place: latitude, longitude and units of the drawing in a degree of latitude."""

    template: str
    origin: str
    host: str
    by: str
    place: str


def tiles_for(drawn: Drawing | None, point: Point | None) -> Tiles | None:
    """The operator's tiles under a drawing; None without a server, or where its address is not one of tiles."""
    template: str = settings.SERAI_TILES
    parts = urlsplit(template)
    named = parts.scheme in {"https", "http"} and re.fullmatch(r"[\w.-]+(:\d+)?", parts.netloc, re.ASCII)
    if drawn is None or point is None or not named or not all(name in template for name in ("{z}", "{x}", "{y}")):
        return None
    degree = math.radians(1) * RADIUS * OUTER / drawn.reach
    place = f"{point.lat} {point.lon} {degree:.3f}"
    return Tiles(template, f"{parts.scheme}://{parts.netloc}", parts.netloc, settings.SERAI_TILES_BY, place)
