"""Plain, gzip or brotli: which one a browser gets, and how each is made."""

from __future__ import annotations

import gzip
from functools import lru_cache

import brotli

SUFFIX = {"br": ".br", "gzip": ".gz", "": ""}
"""Content-Encoding and the ending of its file, best first."""

SMALLEST = 256
"""Bytes below which compressing an answer is not worth it."""


@lru_cache(maxsize=512)
def accepted(header: str) -> tuple[str, ...]:
    """Encodings a browser takes, best first; always ends with "" (plain). `gzip;q=0` is a refusal, `*` takes all."""
    takes: dict[str, bool] = {}
    for item in header.lower().split(","):
        name, _, parameters = item.partition(";")
        takes[name.strip()] = _wanted(parameters)
    rest = takes.get("*", False)
    return (*(name for name in SUFFIX if name and takes.get(name, rest)), "")


def _wanted(parameters: str) -> bool:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value) > 0
            except ValueError:
                return False
    return True


LONG = 60_000
"""Bytes above which brotli's last two steps take seconds and save a few hundredths: scripts of the editor, no page."""


def squeezed(content: bytes) -> bytes:
    """Brotli at its best: more than 100 ms of CPU for a page, so never while somebody waits."""
    return brotli.compress(content, mode=brotli.MODE_TEXT, quality=11 if len(content) <= LONG else 9)


def variants(content: bytes) -> dict[str, bytes]:
    """All three, made within a few milliseconds: gzip 9, and brotli 5 until the clock has squeezed the page."""
    return {
        "br": brotli.compress(content, mode=brotli.MODE_TEXT, quality=5),
        "gzip": gzip.compress(content, 9, mtime=0),
        "": content,
    }


def compress_for(header: str, content: bytes) -> tuple[str, bytes]:
    """One answer for one browser: (Content-Encoding, bytes)."""
    best = accepted(header)[0] if len(content) >= SMALLEST else ""
    if best == "br":
        return best, brotli.compress(content, mode=brotli.MODE_TEXT, quality=5)
    if best == "gzip":
        return best, gzip.compress(content, 6, mtime=0)
    return "", content
