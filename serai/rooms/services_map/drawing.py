"""The small map under the list: what was found, drawn around a point, from nothing but what the list itself shows.

It takes lines, never rows of the database: a place that is only known by its area comes as the middle of that area and
is drawn as a circle around all of it, never as a dot; one that is reached by phone only is on no map.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from babel.units import format_unit
from django.conf import settings
from django.utils.translation import get_language

from serai.kernel.places.towns import gazetteer
from serai.lib.geo import RADIUS, Point, box_around, distance
from serai.lib.locales import babel_locale
from serai.lib.outline import outline, path_of

from .queries.lines import Line

HALF = 160
"""Half of the drawing, in its own units: about one pixel each on a phone."""
OUTER = 140
"""The radius of the outer circle."""
_TALL = 22  # of a sign's plate
_NICE = (250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)  # metres
_SHARE = 0.8  # of the places are within the outer circle; the others are named as farther away
_COARSE = 20_000  # metres; the lines of outline.py are right to a few kilometres and would mislead on less
_TOWNS = 5
_LETTER = 7  # units a letter takes
_TURNS = (0, 40, -40, 75, -75, 180, 140, -140)  # degrees from below where the words of a circle may stand

Spot = tuple[float, float]


@dataclass(frozen=True)
class Sign:
    """One or more places in the drawing, by their numbers in the list. reach: units around it that the place may lie
    in, 0 for an exact place."""

    x: int
    y: int
    numbers: tuple[int, ...]
    reach: int = 0

    @property
    def words(self) -> str:
        """`3`, `1–4` or `1, 5 +2`."""
        first, last = self.numbers[0], self.numbers[-1]
        if first == last:
            return f"{first}"
        if last - first == len(self.numbers) - 1:
            return f"{first}–{last}"
        more = len(self.numbers) - 2
        return f"{first}, {self.numbers[1]}{f' +{more}' if more else ''}"

    @property
    def width(self) -> int:
        """Of its plate."""
        return 12 + 8 * len(self.words)

    @property
    def left(self) -> int:
        """Where its plate begins."""
        return self.x - self.width // 2

    @property
    def middle(self) -> int:
        """How high its plate is: at the upper edge of an area, for in its middle it would look like the place."""
        return max(_TALL // 2 - HALF, self.y - self.reach)


@dataclass(frozen=True)
class Ring:
    """A circle of so many units around the point, what it says, and where these words stand on it."""

    radius: int
    words: str
    x: int
    y: int


@dataclass(frozen=True)
class Town:
    """A town to find one's way by."""

    x: int
    y: int
    name: str

    @property
    def foot(self) -> int:
        """Where its name stands."""
        return self.y + 15


@dataclass(frozen=True)
class Drawing:
    """All of the map. land: an SVG path, "" for none or where it would be too coarse; beyond: numbers of places that
    are farther away than it shows; reach: metres to the outer circle."""

    signs: tuple[Sign, ...]
    rings: tuple[Ring, ...]
    towns: tuple[Town, ...]
    land: str
    beyond: tuple[int, ...]
    reach: int

    @property
    def has_areas(self) -> bool:
        """Whether a place is known by its area only."""
        return any(sign.reach for sign in self.signs)


def drawing(lines: Sequence[Line], point: Point) -> Drawing | None:
    """The map of a list around a point; None where nothing of it may be drawn."""
    known = [(number, line, line.point) for number, line in enumerate(lines, 1) if line.point is not None]
    if not known:
        return None
    away = sorted(distance(point, there) for _, _, there in known)
    usual = away[math.ceil(len(away) * _SHARE) - 1]
    if any(line.area_only for _, line, _ in known):
        usual = max(usual, settings.SERAI_APPROXIMATE_METRES)  # or its circle is larger than the drawing
    reach = next((metres for metres in _NICE if metres >= usual), _NICE[-1])
    scale = OUTER / reach
    onto = _onto(point, scale)
    signs: list[Sign] = []
    beyond = []
    for number, line, there in known:
        x, y = onto(there.lon, there.lat)
        if max(abs(x), abs(y)) > HALF - 8:
            beyond.append(number)
            continue
        # Around the whole square cell, wherever in it the place is.
        around = math.ceil(settings.SERAI_APPROXIMATE_METRES * math.sqrt(0.5) * scale) if line.area_only else 0
        _put(signs, Sign(round(x), round(y), (number,), around))
    rings = tuple(_ring(radius, reach, signs) for radius in (OUTER, OUTER // 2))
    land = _land(point, reach, onto) if reach >= _COARSE else ""
    return Drawing(tuple(signs), rings, _towns(point, reach, onto, signs, rings), land, tuple(beyond), reach)


def metres_words(metres: float) -> str:
    """A round distance in the language that is speaking: `500 m`, `2.5 km`."""
    kilometres = metres >= 1000
    number = metres / 1000 if kilometres else metres
    unit = "length-kilometer" if kilometres else "length-meter"
    return format_unit(number, unit, "short", format="#,##0.##", locale=babel_locale(get_language() or "en"))


def _onto(middle: Point, scale: float) -> Callable[[float, float], Spot]:
    """From degrees to units of the drawing: flat around its middle, east to the right, north up."""
    degree = math.radians(1) * RADIUS * scale
    narrow = math.cos(math.radians(middle.lat))

    def onto(lon: float, lat: float) -> Spot:
        aside = (lon - middle.lon + 180) % 360 - 180
        return aside * degree * narrow, (middle.lat - lat) * degree

    return onto


def _put(signs: list[Sign], sign: Sign) -> None:
    """Beside the others, or together with the one that it would cover; an area only with the same area."""
    for at, other in enumerate(signs):
        if sign.reach or other.reach:
            same = (sign.x, sign.y, sign.reach) == (other.x, other.y, other.reach)
        else:
            same = _meet(sign.x, sign.y, sign.width, other.x, other.y, other.width)
        if same:
            del signs[at]
            _put(signs, Sign(other.x, other.y, tuple(sorted((*other.numbers, *sign.numbers))), other.reach))
            return
    signs.append(sign)


def _meet(x: float, y: float, wide: float, other_x: float, other_y: float, other_wide: float) -> bool:
    """Whether two words or plates of those widths would lie upon each other."""
    return abs(x - other_x) * 2 < wide + other_wide and abs(y - other_y) < _TALL


def _ring(radius: int, reach: int, signs: Sequence[Sign]) -> Ring:
    """A circle; its words stand below the middle, or where no sign is."""
    words = metres_words(reach * radius / OUTER)
    width = _LETTER * len(words)
    spots = [(radius * math.sin(math.radians(turn)), radius * math.cos(math.radians(turn))) for turn in _TURNS]
    free = [
        (x, y) for x, y in spots
        if not any(_meet(x, y, width, sign.x, sign.middle, sign.width) for sign in signs)
    ]  # fmt: skip
    x, y = (free or spots)[0]
    return Ring(radius, words, round(x), round(y) + 4)


def _land(middle: Point, reach: int, onto: Callable[[float, float], Spot]) -> str:
    """Countries as one path. A little wider than the drawing, so that no cut edge is seen in it."""
    box = box_around(middle, reach * 1.25 * HALF / OUTER)
    return "".join(path_of([onto(*spot) for spot in ring]) for ring in outline(box))


def _towns(
    middle: Point, reach: int, onto: Callable[[float, float], Spot], signs: Sequence[Sign], rings: Sequence[Ring]
) -> tuple[Town, ...]:
    """The largest towns whose name covers neither a sign nor another town nor what stands around the middle."""
    found: list[Town] = []
    taken: list[tuple[float, float, float]] = [(0, 0, 40), *((sign.x, sign.middle, sign.width) for sign in signs)]
    taken += [(ring.x, ring.y, _LETTER * len(ring.words)) for ring in rings]
    for town in gazetteer().around(middle, reach):
        x, y = onto(town.point.lon, town.point.lat)
        width = _LETTER * len(town.name)
        covers = any(_meet(x, y + 8, width, *other) for other in taken)
        if not covers and abs(x) + width / 2 < HALF and abs(y) < HALF - 20:
            found.append(Town(round(x), round(y), town.name))
            taken.append((x, y + 8, width))
        if len(found) == _TOWNS:
            break
    return tuple(found)
