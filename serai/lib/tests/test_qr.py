"""The path is read back into modules and compared with the code itself."""

import re
from xml.etree import ElementTree as ET

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from serai.lib.qr import TooLongForQr, svg_qr


def modules(svg: str) -> set[tuple[int, int]]:
    """Dark modules (column, row) that the path paints."""
    path = re.search(r' d="([^"]+)"', svg).group(1)
    dark, x, y = set(), 0, 0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]+)", path):
        values = [float(number) for number in re.findall(r"-?[0-9.]+", numbers)]
        if command == "h":
            dark |= {(x + step, y) for step in range(int(values[0]))}
            x += int(values[0])
        elif command == "M":
            x, y = int(values[0]), int(values[1] - 0.5)
        else:
            x, y = x + int(values[0]), y + int(values[1])
    return dark


@given(st.text(min_size=1, max_size=80, alphabet=st.characters(exclude_categories=["Cs"])))
def test_the_path_paints_exactly_the_modules_of_the_code(text):
    code = segno.make_qr(text, error="l", encoding=None if text.isascii() else "utf-8")
    expected = {(x, y) for y, row in enumerate(code.matrix) for x, module in enumerate(row) if module}
    assert modules(svg_qr(text)) == expected


def test_the_picture_is_small_well_formed_and_leaves_its_size_to_the_page():
    svg = svg_qr("https://serai.example/en/guides/first-days")
    picture = ET.fromstring(svg)  # noqa: S314
    assert picture.get("width") is None
    assert picture.get("aria-hidden") == "true"
    assert picture.get("viewBox") == "-4 -4 37 37"
    assert len(picture) == 1
    assert len(svg) < len(segno.make_qr("https://serai.example/en/guides/first-days").svg_inline(border=4))


def test_arabic_text_is_encoded_as_utf_8():
    expected = segno.make_qr("مرحبا".encode(), error="l")
    assert len(modules(svg_qr("مرحبا"))) == sum(sum(row) for row in expected.matrix)


def test_a_text_that_fits_no_code_is_refused():
    with pytest.raises(TooLongForQr):
        svg_qr("é" * 1500)
    with pytest.raises(ValueError, match="nothing"):
        svg_qr("")
