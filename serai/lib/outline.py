"""The land and its borders within a box, for a small map drawn by the house itself: no server of maps is asked.

The lines are Natural Earth's at 1:50,000,000 (borders.json; borders_source.yaml says from where), right to a few
kilometres: enough to see on which side of a border or of the sea a town lies, not for finding a street.
"""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from serai.lib.geo import Box

_PART = 64  # points of a line that are looked at together
Bounds = tuple[float, float, float, float]  # west, south, east, north
Spot = tuple[float, float]  # longitude, latitude in degrees; longitude may pass 180 where the box does


@dataclass(frozen=True)
class _Ring:
    """One closed line around land or a lake, in steps of the grid. numbers: x, y, x, y ...; bounds: its own box;
    parts: that of each _PART of its points."""

    numbers: array[int]
    bounds: Bounds
    parts: tuple[Bounds, ...]


@dataclass(frozen=True)
class _Land:
    rings: tuple[_Ring, ...]
    step: Spot
    start: Spot


def outline(box: Box) -> list[list[Spot]]:
    """Closed lines of countries cut to the box, in its longitudes: from box.west on, beyond 180 where it goes there.

    Where a country was cut, the line runs along the edge of the box. A box within one country gives the box itself.
    """
    land = _land()
    (step_x, step_y), (start_x, start_y) = land.step, land.start
    east = box.east if box.east >= box.west else box.east + 360
    turn = round(360 / step_x)
    west, right = (box.west - start_x) / step_x, (east - start_x) / step_x
    south, north = (box.south - start_y) / step_y, (box.north - start_y) / step_y
    found = []
    for aside in (-turn, 0, turn):
        edges = (west - aside, south, right - aside, north)
        for ring in land.rings:
            if _apart(ring.bounds, edges):
                continue
            cut = _cut(_spots(ring, edges), edges)
            if len(cut) > 2:
                found.append([((x + aside) * step_x + start_x, y * step_y + start_y) for x, y in cut])
    return found


def _apart(one: Bounds, other: Bounds) -> bool:
    """Whether one box lies wholly on one side of the other."""
    return one[0] > other[2] or one[2] < other[0] or one[1] > other[3] or one[3] < other[1]


def _spots(ring: _Ring, edges: Bounds) -> list[Spot]:
    """The points of a ring. Of a part that lies wholly on one side of the box only its ends: nothing of it is seen."""
    numbers = ring.numbers
    spots: list[Spot] = []
    for number, bounds in enumerate(ring.parts):
        start, end = number * 2 * _PART, min(len(numbers), (number + 1) * 2 * _PART)
        step = max(2, end - start - 2) if _apart(bounds, edges) else 2
        spots += [(numbers[at], numbers[at + 1]) for at in range(start, end, step)]
    return spots


def _cut(spots: list[Spot], edges: Bounds) -> list[Spot]:
    """A closed line cut to a box, edge by edge (Sutherland and Hodgman, 1974)."""
    west, south, east, north = edges
    sides: tuple[tuple[Callable[[Spot], float], int, float], ...] = (
        (lambda spot: spot[0] - west, 0, west),
        (lambda spot: east - spot[0], 0, east),
        (lambda spot: spot[1] - south, 1, south),
        (lambda spot: north - spot[1], 1, north),
    )
    for inside, axis, value in sides:
        kept: list[Spot] = []
        before = spots[-1] if spots else (0.0, 0.0)
        for spot in spots:
            here, there = inside(spot), inside(before)
            if (here >= 0) != (there >= 0):
                share = there / (there - here)
                other = before[1 - axis] + share * (spot[1 - axis] - before[1 - axis])
                kept.append((value, other) if axis == 0 else (other, value))
            if here >= 0:
                kept.append(spot)
            before = spot
        spots = kept
    return spots


@lru_cache(maxsize=1)
def _land() -> _Land:
    """Read when the first map is drawn (some tenths of a second), about 1 MB."""
    read = json.loads(Path(__file__).with_name("borders.json").read_text(encoding="utf-8"))
    lines = [_points(row) for row in read["lines"]]
    return _Land(tuple(_ring(lines, row) for row in read["rings"]), tuple(read["step"]), tuple(read["start"]))


def _points(steps: list[int]) -> list[tuple[int, int]]:
    x = y = 0
    points = []
    for at in range(0, len(steps), 2):
        x, y = x + steps[at], y + steps[at + 1]
        points.append((x, y))
    return points


def _ring(lines: list[list[tuple[int, int]]], row: list[int]) -> _Ring:
    """Lines one after the other, each beginning where the last one ended; a number below zero means backwards."""
    points: list[tuple[int, int]] = []
    for number in row:
        line = lines[number] if number >= 0 else lines[~number][::-1]
        points += line[1:] if points else line
    parts = tuple(_bounds(points[at : at + _PART]) for at in range(0, len(points), _PART))
    return _Ring(array("l", (n for point in points for n in point)), _bounds(points), parts)


def _bounds(points: list[tuple[int, int]]) -> Bounds:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def path_of(spots: list[tuple[float, float]], *, closed: bool = True) -> str:
    """Points of a drawing as the `d` of an SVG path in whole numbers; those that fall on the one before are left out.

    Empty where less than a triangle (or a stroke, if it is not closed) is left.
    """
    whole: list[tuple[int, int]] = []
    for x, y in spots:
        spot = (math.floor(x + 0.5), math.floor(y + 0.5))
        if not whole or spot != whole[-1]:
            whole.append(spot)
    if len(whole) < (3 if closed else 2):
        return ""
    steps = "".join(f"l{x - a} {y - b}" for (a, b), (x, y) in pairwise(whole))
    return f"M{whole[0][0]} {whole[0][1]}{steps}{'z' if closed else ''}".replace(" -", "-")
