"""Places: what is refused, what distances are, that a grid hides and a box forgets nobody."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from serai.lib.geo import (
    RADIUS,
    Box,
    GeoRefused,
    Point,
    about,
    box_around,
    distance,
    from_position,
    looks_swapped,
    rounded,
    to_position,
)

points = st.builds(Point, st.floats(-90, 90), st.floats(0.001, 180) | st.floats(-180, -0.001))
reaches = st.floats(1, 1_000_000)
AUSTRIA = Box(46.3, 9.5, 49.1, 17.2)
FIJI = Box(-21, 176, -12, -178)


def code(lat: float, lon: float) -> str:
    with pytest.raises(GeoRefused) as refused:
        Point(lat, lon)
    return refused.value.code


def test_a_point_outside_the_earth_is_refused_with_the_side_that_is_wrong() -> None:
    assert code(90.01, 0) == code(-91, 0) == "lat-range"
    assert code(0, 180.01) == code(48, -181) == "lon-range"
    assert Point(90, 180) == Point(90.0, 180.0)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, True, "48", None])
def test_a_point_of_what_is_no_number_is_refused(value: float) -> None:
    assert code(value, 16) == code(48, value) == "not-a-number"


def test_the_place_of_empty_fields_is_refused_and_its_neighbours_are_not() -> None:
    assert code(0, 0) == code(0.0, -0.0) == "zero-zero"
    assert Point(0, 32.58)  # near Kampala
    assert Point(51.48, 0)  # Greenwich


def test_one_degree_of_latitude_is_a_360th_of_the_circumference() -> None:
    # pi * 6371008.8 / 180, by hand
    assert distance(Point(10, 20), Point(11, 20)) == pytest.approx(111_195.08, abs=0.01)
    assert distance(Point(0, 1), Point(0, 2)) == pytest.approx(111_195.08, abs=0.01)
    assert distance(Point(60, 1), Point(60, 1.001)) == pytest.approx(111.19508 / 2, abs=0.01)


def test_nashville_to_los_angeles_is_as_rosetta_code_has_it() -> None:
    # rosettacode.org, "Haversine formula": 2887.2599506 km on a radius of 6372.8 km
    assert distance(Point(36.12, -86.67), Point(33.94, -118.40)) == pytest.approx(
        2_887_259.9506 * RADIUS / 6_372_800, abs=0.01
    )


def test_flinders_peak_to_buninyong_is_within_half_a_percent_of_the_surveyed_line() -> None:
    # Geoscience Australia, GDA94 Technical Manual, chapter 4: 54 972.271 m on the ellipsoid
    flinders = Point(-37.9510334167, 144.4248679000)
    buninyong = Point(-37.6528211389, 143.9264955278)
    assert distance(flinders, buninyong) == pytest.approx(54_972.271, rel=0.005)


def test_the_antimeridian_is_no_wall_and_the_other_side_is_half_way_round() -> None:
    assert distance(Point(-17, 179.999), Point(-17, -179.999)) == pytest.approx(212.68, abs=0.1)
    assert distance(Point(90, 5), Point(-90, 5)) == pytest.approx(math.pi * RADIUS)
    assert distance(Point(30, 40), Point(-30, -140)) == pytest.approx(math.pi * RADIUS)


@given(points, points)
def test_distance_is_the_same_both_ways_and_never_more_than_half_the_earth(one: Point, other: Point) -> None:
    assert distance(one, other) == pytest.approx(distance(other, one), abs=1e-6)
    assert 0 <= distance(one, other) <= math.pi * RADIUS
    assert distance(one, one) == 0


@pytest.mark.parametrize(
    ("metres", "said"),
    [(0, 50), (10, 50), (74, 50), (75, 100), (512, 500), (980, 1000), (999.9, 1000), (1040, 1000), (1050, 1100),
     (9949, 9900), (9950, 10_000), (10_499, 10_000), (10_500, 11_000), (123_456, 123_000)],
)  # fmt: skip
def test_distances_are_said_in_steps_that_people_use(metres: float, said: int) -> None:
    assert about(metres) == said


@pytest.mark.parametrize("metres", [-1, math.nan, math.inf])
def test_what_is_no_distance_is_not_said(metres: float) -> None:
    with pytest.raises(GeoRefused) as refused:
        about(metres)
    assert refused.value.code == "distance-range"


@given(points, reaches)
@example(Point(0.001, 0.001), 913_932)  # odd rows and columns would put the middle at 0,0
@example(Point(90, 180), 500)
@example(Point(-90, -180), 1)
def test_a_rounded_point_stays_where_it_is_when_rounded_again(point: Point, metres: float) -> None:
    once = rounded(point, metres)
    assert rounded(once, metres) == once


@given(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9), st.floats(50, 100_000))
def test_cells_are_as_big_as_asked_at_every_latitude(lat: float, lon: float, metres: float) -> None:
    assume(lat or lon)
    middle = rounded(Point(lat, lon), metres)
    # Whoever goes from the middle along the meridian or the parallel is in the same cell for almost half of it.
    half = 0.499 * metres
    north = half / RADIUS * 180 / math.pi
    east = north / math.cos(math.radians(middle.lat))
    for at_lat, at_lon in ((north, 0.0), (-north, 0.0), (0.0, east), (0.0, -east)):
        turned = (middle.lon + at_lon + 180) % 360 - 180
        if abs(middle.lat + at_lat) <= 90:
            assert rounded(Point(middle.lat + at_lat, turned), metres) == middle


def test_both_names_of_the_antimeridian_are_one_cell() -> None:
    assert rounded(Point(-17, 180), 500) == rounded(Point(-17, -180), 500)


def test_somebody_who_walks_within_a_cell_is_not_seen_walking() -> None:
    middle = rounded(Point(48.2082, 16.3738), 500)
    steps = [Point(middle.lat + i * 0.0004, middle.lon - i * 0.0006) for i in range(-5, 6)]
    assert {rounded(step, 500) for step in steps} == {middle}
    assert distance(middle, Point(48.2082, 16.3738)) < 500


@pytest.mark.parametrize("metres", [0, -5, 0.5, 1_000_001, math.nan, math.inf])
def test_a_cell_or_box_of_no_size_is_refused(metres: float) -> None:
    for made in (rounded, box_around):
        with pytest.raises(GeoRefused) as refused:
            made(Point(48, 16), metres)
        assert refused.value.code == "distance-range"


@given(points, reaches, st.floats(0, 360), st.floats(0, 1))
@example(Point(89.9, 10), 50_000, 0, 1)
@example(Point(-17, 179.99), 50_000, 90, 1)
@example(Point(-17, -179.99), 50_000, 270, 1)
@example(Point(70, 10), 1_000_000, 70, 1)
def test_a_box_has_every_point_within_its_radius(point: Point, metres: float, bearing: float, part: float) -> None:
    other = _walked(point, bearing, metres * part)
    assume(distance(point, other) <= metres)
    assert box_around(point, metres).contains(other)


def _walked(point: Point, bearing: float, metres: float) -> Point:
    """Where one arrives (the direct formula on a sphere, another than the one tested)."""
    lat, lon, way, arc = *map(math.radians, (point.lat, point.lon, bearing)), metres / RADIUS
    there = math.asin(max(-1, min(1, math.sin(lat) * math.cos(arc) + math.cos(lat) * math.sin(arc) * math.cos(way))))
    aside = math.atan2(math.sin(way) * math.sin(arc) * math.cos(lat), math.cos(arc) - math.sin(lat) * math.sin(there))
    return Point(math.degrees(there), (math.degrees(lon + aside) + 180) % 360 - 180 or 1e-9)


def test_a_box_is_no_bigger_than_it_must_be() -> None:
    box = box_around(Point(48.2, 16.37), 1000)
    assert not box.contains(Point(48.2 + 0.0091, 16.37))
    assert not box.contains(Point(48.2, 16.37 + 0.0137))
    assert len(box.parts()) == 1


def test_a_box_across_the_antimeridian_comes_in_two_parts_for_the_query() -> None:
    box = box_around(Point(-17, 179.9), 50_000)
    east, west = box.parts()
    assert (east.east, west.west) == (180.0, -180.0)
    assert east.west < 179.9
    assert west.east < -179
    assert all(part.west <= part.east for part in (east, west))
    assert not box.contains(Point(-17, 0.5))


def test_a_box_around_a_pole_goes_through_all_longitudes() -> None:
    box = box_around(Point(89.9, 10), 50_000)
    assert (box.west, box.east, box.north) == (-180, 180, 90)
    assert box_around(Point(-90, 10), 500).south == -90


def test_a_box_knows_both_names_of_its_edge() -> None:
    assert Box(-21, 176, -12, 180).contains(Point(-17, -180))
    assert FIJI.contains(Point(-17, 180))
    assert not FIJI.contains(Point(-17, 175))


@pytest.mark.parametrize("sides", [(5, 0, 4, 1), (-91, 0, 4, 1), (0, 0, math.nan, 1), (0, -181, 4, 1), (0, 0, 4, 999)])
def test_a_box_that_is_none_is_refused(sides: tuple[float, float, float, float]) -> None:
    with pytest.raises(GeoRefused) as refused:
        Box(*sides)
    assert refused.value.code == "box-range"


def test_swapped_coordinates_are_noticed_where_the_country_is_known() -> None:
    assert looks_swapped(Point(16.37, 48.2), AUSTRIA)
    assert not looks_swapped(Point(48.2, 16.37), AUSTRIA)
    assert not looks_swapped(Point(52.5, 13.4), AUSTRIA)  # Berlin: elsewhere, but not swapped
    assert not looks_swapped(Point(35.6, 139.7), AUSTRIA)  # turned it would be no place at all


def test_geojson_has_the_longitude_first() -> None:
    assert to_position(Point(48.2082123456, 16.3738)) == (16.3738, 48.208212)
    assert from_position([16.3738, 48.2082]) == from_position([16.3738, 48.2082, 171]) == Point(48.2082, 16.3738)
    with pytest.raises(GeoRefused) as refused:
        from_position([16.3738])
    assert refused.value.code == "position-length"
