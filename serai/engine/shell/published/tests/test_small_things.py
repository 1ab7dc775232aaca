"""Encodings and stamps."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import brotli
import pytest

from serai.engine.shell.published.encodings import accepted, compress_for, squeezed, variants
from serai.engine.shell.published.stamp import etag_of, expiry_of, is_past, minute_of, put_stamp


@pytest.mark.parametrize(
    ("header", "best"),
    [
        ("", ""),
        ("gzip, deflate, br", "br"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0.0,gzip; q=0", ""),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("identity;q=1, *;q=0", ""),
        ("br;q=high", ""),
        ("zstd, deflate", ""),
    ],
)
def test_a_browser_gets_the_best_it_takes(header: str, best: str) -> None:
    assert accepted(header)[0] == best
    assert accepted(header)[-1] == ""


def test_all_variants_hold_the_same_page() -> None:
    page = "كلمة <p>word</p> ".encode() * 300
    made = variants(page)
    assert gzip.decompress(made["gzip"]) == brotli.decompress(made["br"]) == made[""] == page
    assert brotli.decompress(squeezed(page)) == page
    assert variants(page) == made, "the same bytes each time, or the tag would change"


def test_tiny_answers_stay_plain() -> None:
    assert compress_for("br", b"short") == ("", b"short")
    assert compress_for("br", b"long enough " * 100)[0] == "br"


def test_the_stamp_names_bytes_and_expiry(tmp_path: Path) -> None:
    def stamped(name: str, content: bytes, minute: int) -> tuple[str, int]:
        file = tmp_path / name
        file.write_bytes(content)
        put_stamp(file, content, minute)
        return etag_of(file.stat()), expiry_of(file.stat())

    one, other, same = stamped("a", b"page", 0), stamped("b", b"wage", 0), stamped("c", b"page", 29_000_000)
    assert one[0] == same[0] != other[0]
    assert (one[1], same[1]) == (0, 29_000_000)


def test_a_day_ends_at_midnight_in_the_house(settings) -> None:
    from django.utils import timezone

    settings.TIME_ZONE = "Asia/Kathmandu"
    timezone.get_default_timezone.cache_clear()
    try:
        minute = minute_of(date(2026, 11, 22))
    finally:
        settings.TIME_ZONE = "UTC"
        timezone.get_default_timezone.cache_clear()
    assert datetime.fromtimestamp(minute * 60, UTC) == datetime(2026, 11, 21, 18, 15, tzinfo=UTC)
    assert is_past(minute, minute * 60)
    assert not is_past(minute, minute * 60 - 1)
    assert minute_of(None) == 0
    assert not is_past(0, 1e12)
    with pytest.raises(ValueError, match="time zone"):
        minute_of(datetime(2026, 11, 22))  # noqa: DTZ001
