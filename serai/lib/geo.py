"""Places on the earth: checked coordinates, distances, grid cells that hide where somebody is, boxes for a query.

All degrees are WGS 84, all distances metres on a sphere of the mean radius (IUGG), which is right to half a percent:
enough to say which office is nearer. Latitude comes first, as people write it; only GeoJSON turns it around.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

RADIUS = 6_371_008.8  # metres
LONGEST_RADIUS = 1_000_000  # metres; beyond it "near" says nothing
_DEGREE = math.pi * RADIUS / 180  # metres from one parallel to the next
_SLACK = 1e-7  # degrees, one centimetre: what floats may lose at the edge of a box


class GeoRefused(ValueError):
    """Why a place was not taken: a code and what was found.

    Codes: `not-a-number`, `lat-range`, `lon-range`, `zero-zero` (the place of empty fields, in the Atlantic),
    `distance-range`, `box-range`, `position-length`; and of `read_point`: `too-long`, `not-a-pair`, `ambiguous` (such
    as 48,2,16), `letter-ambiguous` (O is west in French and Spanish, east in German), `minutes` (60 or more).
    """

    def __init__(self, code: str, found: str) -> None:
        super().__init__(f"{code}: {found}")
        self.code = code
        self.found = found


@dataclass(frozen=True)
class Point:
    """A place: `lat` -90 to 90 and `lon` -180 to 180, in degrees. GeoRefused; 0,0 is refused too."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        for value in (self.lat, self.lon):
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise GeoRefused("not-a-number", str(value)[:40])
        if not -90 <= self.lat <= 90:
            raise GeoRefused("lat-range", str(self.lat))
        if not -180 <= self.lon <= 180:
            raise GeoRefused("lon-range", str(self.lon))
        if self.lat == 0 and self.lon == 0:
            raise GeoRefused("zero-zero", "0,0")


@dataclass(frozen=True)
class Box:
    """From `south` to `north` and from `west` eastward to `east`; west > east goes across the antimeridian."""

    south: float
    west: float
    north: float
    east: float

    def __post_init__(self) -> None:
        fits = -90 <= self.south <= self.north <= 90 and -180 <= self.west <= 180 and -180 <= self.east <= 180
        if not fits:  # also for NaN, which is in no range
            raise GeoRefused("box-range", f"{self.south},{self.west},{self.north},{self.east}")

    def parts(self) -> tuple[Box, ...]:
        """The same box as one or two in which west <= east, for a query with BETWEEN."""
        if self.west <= self.east:
            return (self,)
        return Box(self.south, self.west, self.north, 180.0), Box(self.south, -180.0, self.north, self.east)

    def contains(self, point: Point) -> bool:
        """Whether the point is inside or on the edge; 180 and -180 are one meridian."""
        lons = (180.0, -180.0) if abs(point.lon) == 180 else (point.lon,)
        return any(
            part.south <= point.lat <= part.north and part.west <= lon <= part.east
            for part in self.parts()
            for lon in lons
        )


def distance(one: Point, other: Point) -> float:
    """Metres between two points along the sphere (haversine)."""
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    half_lat, half_lon = (lat2 - lat1) / 2, math.radians(other.lon - one.lon) / 2
    square = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
    return 2 * RADIUS * math.asin(min(1.0, math.sqrt(square)))


def about(metres: float) -> int:
    """A distance as people say it: in steps of 50 m below 1 km, 100 m to 10 km, 1 km beyond; never less than 50."""
    if not math.isfinite(metres) or metres < 0:
        raise GeoRefused("distance-range", str(metres))
    step = 50 if metres < 1000 else 100 if metres < 10_000 else 1000
    return max(50, math.floor(metres / step + 0.5) * step)


def rounded(point: Point, metres: float) -> Point:
    """The middle of the grid cell around `point`, for places that must not be known more exactly.

    The grid stands still, so asking again from within the cell tells nothing more. A cell measures at least `metres`
    (1 to 1000 km) from side to side at every latitude; around each pole it is one disc. GeoRefused `distance-range`.
    """
    _check_reach(metres)
    # An even number of rows puts the equator on an edge: no cell has its middle at 0,0, which would be refused.
    rows = math.floor(180 * _DEGREE / metres) // 2 * 2
    height = 180 / rows
    row = min(rows - 1, math.floor((point.lat + 90) / height))
    south = row * height - 90
    poleward = max(abs(south), abs(south + height))
    columns = max(1, math.floor(360 * _DEGREE * math.cos(math.radians(poleward)) / metres))
    width = 360 / columns
    column = math.floor((point.lon + 180) / width) % columns
    return Point(south + height / 2, (column + 0.5) * width - 180)


def box_around(point: Point, metres: float) -> Box:
    """The smallest box that has every point within `metres` (1 to 1000 km), and some beyond in its corners.

    Around a pole it goes through all longitudes. GeoRefused `distance-range`.
    """
    _check_reach(metres)
    reach = math.degrees(metres / RADIUS) + _SLACK
    south, north = point.lat - reach, point.lat + reach
    if south <= -90 or north >= 90:
        return Box(max(-90.0, south), -180.0, min(90.0, north), 180.0)
    # The circle is widest not at its middle but nearer to the pole.
    aside = math.degrees(math.asin(math.sin(math.radians(reach)) / math.cos(math.radians(point.lat)))) + _SLACK
    return Box(south, _turned(point.lon - aside), north, _turned(point.lon + aside))


def looks_swapped(point: Point, box: Box) -> bool:
    """Whether latitude and longitude seem to have changed places: outside a country's `box`, but inside when turned."""
    if box.contains(point) or abs(point.lon) > 90:
        return False
    return box.contains(Point(point.lon, point.lat))


def to_position(point: Point) -> tuple[float, float]:
    """Longitude and latitude in the order of GeoJSON (RFC 7946), with six decimals: ten centimetres."""
    return round(point.lon, 6), round(point.lat, 6)


def from_position(position: Sequence[float]) -> Point:
    """The point of a GeoJSON position; a third number (height) is left out. GeoRefused."""
    if len(position) not in (2, 3):
        raise GeoRefused("position-length", str(len(position)))
    return Point(position[1], position[0])


def _check_reach(metres: float) -> None:
    if not 1 <= metres <= LONGEST_RADIUS:
        raise GeoRefused("distance-range", str(metres))


def _turned(lon: float) -> float:
    """The same meridian between -180 and 180."""
    return lon - 360 if lon > 180 else lon + 360 if lon < -180 else lon
