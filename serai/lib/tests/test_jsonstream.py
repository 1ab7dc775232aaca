"""Large JSON comes item by item and is the same as read at once; too large is refused before it is read."""

from __future__ import annotations

import io
import json
import os
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.lib import jsonstream
from serai.lib.jsonstream import JsonRefused, stream_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def read(text: str | bytes, **options: Any) -> list[tuple[str, Any]]:
    """All items of a document."""
    data = text if isinstance(text, bytes) else text.encode()
    return list(stream_json(io.BytesIO(data), **options))


@given(items=st.lists(VALUES, max_size=6), indent=st.sampled_from([None, 1]), piece=st.integers(1, 9))
def test_items_are_those_of_the_whole_however_small_the_pieces_are(items: list[Any], indent: Any, piece: int) -> None:
    text = json.dumps(items, ensure_ascii=False, indent=indent)
    before, jsonstream._PIECE = jsonstream._PIECE, piece
    try:
        assert read(text) == [("", item) for item in items]
        named = json.dumps({"a": 1, "features": items, "z": {"features": [1]}}, indent=indent)
        assert read(named, lists=("features",)) == [
            ("a", 1),
            *(("features", i) for i in items),
            ("z", {"features": [1]}),
        ]
    finally:
        jsonstream._PIECE = before


def test_a_document_may_have_a_byte_order_mark_and_lists_that_are_empty() -> None:
    assert read("\ufeff [ 1 , 2 ] \n") == [("", 1), ("", 2)]
    assert read("[]") == []
    assert read("{}") == []
    assert read('{"a": [], "b": [1], "c": null}') == [("b", 1), ("c", None)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not-json"),
        ("[1, 2", "not-json"),
        ("[1 2]", "not-json"),
        ("[1,]", "not-json"),
        ('{"a": 1,}', "not-json"),
        ('{"a" 1}', "not-json"),
        ("[1] x", "not-json"),
        ("[NaN]", "not-json"),
        ('["a]', "not-json"),
        ('["\\ud800"]', "not-json"),
        ("[" * 50_000, "not-json"),
        ('"text"', "not-a-directory"),
        ('[{"a": 1, "a": 2}]', "key-duplicate"),
        ('{"a": [1], "a": [2]}', "key-duplicate"),
        (b"[\xff]", "not-utf-8"),
        (b'["\xc3', "not-utf-8"),
    ],
)
def test_what_is_broken_is_refused_with_its_reason(text: str | bytes, code: str) -> None:
    with pytest.raises(JsonRefused) as refused:
        read(text)
    assert refused.value.code == code


def test_a_fault_in_a_long_document_is_said_where_it_is() -> None:
    text = '[{"a": 1}, {"b" 2}, ' + ", ".join(['{"c": 3}'] * 200_000) + "]"
    with pytest.raises(JsonRefused) as refused:
        read(text)
    assert refused.value.code == "not-json"
    assert refused.value.found.startswith("at character 11")


def test_an_item_that_never_ends_is_refused_before_all_of_it_is_read() -> None:
    stream = io.BytesIO(b'["' + b"a" * 3_000_000 + b'"]')
    with pytest.raises(JsonRefused) as refused:
        list(stream_json(stream, max_item=100_000))
    assert refused.value.code == "item-too-large"
    assert stream.tell() < 2_000_000


def test_a_file_of_200_megabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    path.touch()
    os.truncate(path, 200_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(JsonRefused) as refused:
            next(stream_json(path))
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert refused.value.code == "too-large"


def test_a_stream_whose_size_nobody_knows_is_read_up_to_the_limit() -> None:
    stream = io.BytesIO(b"[" + b"1," * 1_000_000 + b"1]")
    with pytest.raises(JsonRefused) as refused:
        list(stream_json(stream, max_bytes=600_000))
    assert refused.value.code == "too-large"
    assert stream.tell() < 1_000_000


def test_thirty_megabytes_are_read_in_the_memory_of_a_few(tmp_path: Path) -> None:
    path = tmp_path / "features.json"
    item = json.dumps({"type": "Feature", "properties": {"name": "x" * 900}})
    path.write_text('{"features": [' + ",".join([item] * 30_000) + "]}")
    assert path.stat().st_size > 28_000_000
    tracemalloc.start()
    try:
        assert sum(1 for _ in stream_json(path, lists=("features",))) == 30_000
        assert tracemalloc.get_traced_memory()[1] < 6_000_000
    finally:
        tracemalloc.stop()
