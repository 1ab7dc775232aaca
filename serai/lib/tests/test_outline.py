"""Land and borders within a box: cut where it must be, whole where it fits, across the antimeridian too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.make_borders import made
from serai.lib.geo import Point, box_around
from serai.lib.outline import outline, path_of

TRIESTE = Point(45.65, 13.77)
PARIS = Point(48.857, 2.352)
TAVEUNI = Point(-16.85, -179.95)  # Fiji, on both sides of 180 degrees


def _area(ring: list[tuple[float, float]]) -> float:
    """Square degrees inside a closed line."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(a * d - b * c for (a, b), (c, d) in pairs)) / 2


def test_every_line_stays_within_the_box() -> None:
    box = box_around(TRIESTE, 100_000)
    rings = outline(box)
    assert len(rings) >= 3  # Italy, Slovenia, Croatia
    for lon, lat in (spot for ring in rings for spot in ring):
        assert box.west - 1e-9 <= lon <= box.east + 1e-9
        assert box.south - 1e-9 <= lat <= box.north + 1e-9


def test_inside_one_country_the_land_is_the_whole_box() -> None:
    box = box_around(PARIS, 10_000)
    (ring,) = outline(box)
    assert _area(ring) == pytest.approx((box.east - box.west) * (box.north - box.south))


def test_in_the_middle_of_the_sea_there_is_no_land() -> None:
    assert outline(box_around(Point(-40, -30), 100_000)) == []


def test_at_a_coast_land_covers_a_part() -> None:
    box = box_around(TRIESTE, 100_000)
    covered = sum(map(_area, outline(box))) / ((box.east - box.west) * (box.north - box.south))
    assert 0.4 < covered < 0.95


def test_a_box_across_the_antimeridian_has_land_on_both_sides() -> None:
    box = box_around(TAVEUNI, 100_000)
    assert box.west > box.east
    lons = [lon for ring in outline(box) for lon, _ in ring]
    assert min(lons) < 180 < max(lons)
    assert box.west <= min(lons)
    assert max(lons) <= box.east + 360 + 1e-9


def test_a_path_leaves_out_what_nobody_sees() -> None:
    assert path_of([(0, 0), (0.2, 0.1), (10, 0), (10, -10.4)]) == "M0 0l10 0l0-10z"
    assert path_of([(0, 0), (0.2, 0.1), (0.3, 0.3)]) == ""


def test_the_file_is_made_from_a_topology() -> None:
    topology: dict[str, Any] = {
        "transform": {"scale": [0.5, 0.25], "translate": [-180, -90]},
        "arcs": [[[1, 1], [2, 0]], [[3, 1], [0, 2], [-2, -2]]],
        "objects": {"countries": {"geometries": [
            {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "A"}},
            {"type": "MultiPolygon", "arcs": [[[-2, -1]]]},
        ]}},
    }  # fmt: skip
    read = json.loads(made(json.dumps(topology)))
    assert read == {
        "step": [0.5, 0.25],
        "start": [-180, -90],
        "lines": [[1, 1, 2, 0], [3, 1, 0, 2, -2, -2]],
        "rings": [[0, 1], [-2, -1]],
    }


def test_the_source_of_the_lines_is_named() -> None:
    text = (Path(__file__).parents[1] / "borders_source.yaml").read_text(encoding="utf-8")
    assert "Natural Earth" in text
    assert "public domain" in text
