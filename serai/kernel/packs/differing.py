"""What is different between two packs, or between a pack and what a house has: by file, and line by line for text."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from .signature import digests


@dataclass(frozen=True)
class Difference:
    """One file that is not the same. change: added, removed or changed; lines: a unified diff, empty when not text."""

    path: str
    change: str
    lines: tuple[str, ...] = ()


def between(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[Difference]:
    """Differences of two packs whose files are both here, by path."""
    found = []
    for row in by_digest(digests(old), digests(new)):
        lines = _lines(row.path, old.get(row.path, b""), new.get(row.path, b""))
        found.append(Difference(row.path, row.change, lines))
    return found


def by_digest(old: Mapping[str, str], new: Mapping[str, str]) -> list[Difference]:
    """Differences of two manifests: which files, not what in them."""
    found = []
    for path in sorted({*old, *new}):
        if old.get(path) == new.get(path):
            continue
        change = "added" if path not in old else "removed" if path not in new else "changed"
        found.append(Difference(path, change))
    return found


def _lines(path: str, old: bytes, new: bytes) -> tuple[str, ...]:
    try:
        before, after = old.decode().splitlines(), new.decode().splitlines()
    except UnicodeDecodeError:
        return ()
    return tuple(difflib.unified_diff(before, after, path, path, lineterm="", n=1))
