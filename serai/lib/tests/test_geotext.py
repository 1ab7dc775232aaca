"""Coordinates as people write them: read in one way, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.lib.geo import GeoRefused, Point
from serai.lib.geotext import read_point

CODES = {"not-a-pair", "ambiguous", "letter-ambiguous", "minutes", "lat-range", "lon-range", "zero-zero"}


@pytest.mark.parametrize(
    "text",
    [
        "48.2082,16.3738",
        " 48.2082, 16.3738 ",
        "48.2082 16.3738",
        "48.2082;16.3738",
        "(48.2082, 16.3738)",
        "[48.2082,16.3738]",
        "48,2082, 16,3738",
        "48,2082 16,3738",
        "48,2082;16,3738",
        "48,2082,16,3738",
        "N48.2082 E16.3738",
        "N 48,2082, E 16,3738",
        "48.2082N,16.3738E",
        "48.2082° N, 16.3738° E",
        "16.3738° e 48.2082° n",
        "48.2082°, 16.3738°",
        "48.2082° 16.3738°",
        "٤٨٫٢٠٨٢، ١٦٫٣٧٣٨",
        "۴۸٫۲۰۸۲، ۱۶٫۳۷۳۸",
        "\u200e48.2082\u200f, \u206616.3738\u2069",
        "48°12.492'N 16°22.428'E",
        "48°12'29.52\"N 16°22'25.68\"E",
        "48°12′29.52″N, 16°22′25.68″E",
        "48° 12' 29.52'' N 16° 22' 25.68'' E",
        "48 12 29.52 N, 16 22 25.68 E",
        "48:12:29,52 N 16:22:25,68 E",
        "N48°12’29.52” E16°22’25.68”",
        "48°12'29.52\", 16°22'25.68\"",
        "48º12'29,52\" 16º22'25,68\"",
    ],
)
def test_one_place_is_read_from_every_way_to_write_it(text: str) -> None:
    point = read_point(text)
    assert (point.lat, point.lon) == (pytest.approx(48.2082, abs=1e-9), pytest.approx(16.3738, abs=1e-9))


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("-33.8688, 151.2093", -33.8688, 151.2093),
        ("−33.8688, 151.2093", -33.8688, 151.2093),
        ("33.8688 S 151.2093 E", -33.8688, 151.2093),
        ("S33°52'7.68\" W70°30'", -33.8688, -70.5),
        ("-33°52'7.68\" -70°30'", -33.8688, -70.5),
        ("48,16", 48, 16),
        ("48, 16,5", 48, 16.5),
        ("48,5 16", 48.5, 16),
        ("+48.5,+16", 48.5, 16),
    ],
)
def test_signs_letters_and_whole_numbers_mean_what_they_say(text: str, lat: float, lon: float) -> None:
    point = read_point(text)
    assert (point.lat, point.lon) == (pytest.approx(lat, abs=1e-9), pytest.approx(lon, abs=1e-9))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("48,2,16", "ambiguous"),
        ("", "not-a-pair"),
        ("48.2", "not-a-pair"),
        ("48.2,16.3,7", "not-a-pair"),
        ("48.2.1,16.3", "not-a-pair"),
        ("48.2N 16.3", "not-a-pair"),
        ("48.2 N 16.3 N", "not-a-pair"),
        ("48.2 N 16.3 S", "not-a-pair"),
        ("-48.2 N 16.3 E", "not-a-pair"),
        ("48.5°30'N 16°E", "not-a-pair"),
        ("48.2,16.3e2", "not-a-pair"),
        ("Lindenbach", "not-a-pair"),
        ("48.2 N, 16.3 O", "letter-ambiguous"),
        ("48°60'N 16°E", "minutes"),
        ("48°12'75\"N 16°E", "minutes"),
        ("98.2, 16.3", "lat-range"),
        ("48.2, 216.3", "lon-range"),
        ("0,0", "zero-zero"),
        ("0.000 N, 0.000 E", "zero-zero"),
        ("nan,nan", "not-a-pair"),
        ("4" * 101, "too-long"),
    ],
)
def test_what_cannot_be_read_in_one_way_is_refused(text: str, code: str) -> None:
    with pytest.raises(GeoRefused) as refused:
        read_point(text)
    assert refused.value.code == code


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_what_we_write_we_read(lat: float, lon: float) -> None:
    north, east = round(lat, 6), round(lon, 6) or 1.0
    assert read_point(f"{north:.6f},{east:.6f}") == Point(north, east)
    assert read_point(f"{north:.6f}; {east:.6f}".replace(".", ",")) == Point(north, east)


@given(st.text("0123456789.,;-°'\" NSEWO٤۴", max_size=30))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    refused = None
    try:
        read_point(text)
    except GeoRefused as error:
        refused = error.code
    assert refused is None or refused in CODES
