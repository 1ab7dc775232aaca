"""Whatever a file holds, what comes out is a valid directory, and nothing falls over."""

from __future__ import annotations

import io
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from serai.lib.hsds.check import check_rows
from serai.lib.hsds.ours import check_extras
from serai.lib.mapping.convert import convert
from serai.lib.mapping.features import read_geojson
from serai.lib.mapping.tests.lindenbach import TODAY, doctor, mapping

WORDS = st.sampled_from([
    "", " ", "Doctor", "Mon-Fri", "8:30am", "5pm", "weekly", "asked", "Arabic", "A/B;C", "12.10.2026", "31.02.2026",
    "0", "+43 1 5550100", "9.62E+11", "https://linden.example", "javascript:x", "a@b.example", "\u202eevil",
    'say "hi"', "طبيب", "x\u0000y", "=1+1", "\ud83d\ude00", "e\u0301" * 9,
])  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=4,
)
# Without these two there is nothing to come out, so they are spoilt only where all may be.
SAFE = st.sampled_from([*{*doctor()["properties"], "state", "until", "door", "شرح"} - {"run by", "what"}])
ALL = st.sampled_from([*doctor()["properties"], "شرح"])
COORDINATES = VALUES | st.lists(st.floats(-200, 200), max_size=4)
GEOMETRY = st.none() | VALUES | COORDINATES.map(lambda found: {"type": "Point", "coordinates": found})


@st.composite
def features(draw: st.DrawFn) -> list[Any]:
    """Sound things, of which some properties became anything."""
    items: list[Any] = []
    for number in range(draw(st.integers(1, 3))):
        item = doctor()
        spoilt = st.tuples(SAFE, WORDS | VALUES) | st.tuples(ALL, VALUES) if number else st.tuples(SAFE, WORDS)
        item["properties"].update(draw(st.lists(spoilt, min_size=1, max_size=6)))
        item["id"] = draw(st.integers(1, 3) | VALUES) if number else 9
        item["geometry"] = draw(st.just(item["geometry"]) | GEOMETRY)
        items.append(item)
    return items


@settings(max_examples=60, deadline=None)
@given(items=features(), arabics=features())
def test_what_comes_out_is_always_valid(items: list[Any], arabics: list[Any]) -> None:
    read = [list(read_geojson(io.BytesIO(json.dumps(part).encode()))) for part in (items, arabics)]
    found = convert(read[0], mapping(), {"ar": read[1]}, today=TODAY)
    assert check_rows(found.tables) == []
    assert check_extras(found.tables) == []
    assert found.count == len(items)
    again = convert(read[0], mapping(), {"ar": read[1]}, today=TODAY)
    assert again.tables == found.tables
