"""All guides of a pack, read: by slug the original and its translations, and what they refer to in tables."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from serai.kernel.packs.queries import house_is_there

from .markdown_file import Guide, read_guide

PATH = re.compile(r"^guides/([a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?)\.([A-Za-z0-9-]+)\.md$")


@dataclass
class Versions:
    """One guide of a pack in all its languages. original is None when the file is missing."""

    slug: str
    original_path: str
    original: Guide | None = None
    translations: dict[str, Guide] = field(default_factory=dict)


def path_of(slug: str, language: str) -> str:
    """Where a guide's file lies."""
    return f"guides/{slug}.{language}.md"


def read_guides(pack: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Versions]:
    """All guides by slug. Files with other names are left out: checking tells of them."""
    first = pack["languages"][0]
    found: dict[str, Versions] = {}
    for path in sorted(files):
        match = PATH.match(path)
        if not match:
            continue
        slug, language = match[1], match[2]
        versions = found.setdefault(slug, Versions(slug, path_of(slug, first)))
        guide = read_guide(files[path], pack["pack"])
        if language == first:
            versions.original = guide
        else:
            versions.translations[language] = guide
    return found


def known_keys(pack: Mapping[str, Any], table: str, in_house: Callable[[], Iterable[str]]) -> set[str]:
    """Keys of a table (`topics`): in this pack, in the packs it requires that lie beside it, and in the house."""
    found = set(table_keys(pack.get("whole", {}), table))
    for files in pack.get("beside", {}).values():
        found |= set(table_keys(files, table))
    if house_is_there():
        found |= set(in_house())
    return found


def table_keys(files: Mapping[str, bytes], table: str) -> list[str]:
    """The column `key` of a table; empty when there is none or it cannot be read (checking the table tells why)."""
    try:
        text = files.get(f"tables/{table}.csv", b"").decode("utf-8-sig")
        return [row["key"] for row in csv.DictReader(io.StringIO(text)) if row.get("key")]
    except (UnicodeDecodeError, csv.Error):
        return []


def guides_beside(pack: Mapping[str, Any], in_house: Callable[[], Iterable[str]]) -> set[str]:
    """Keys (pack/slug) of guides in the packs beside this one and in the house."""
    found = {
        f"{name}/{match[1]}"
        for name, files in pack.get("beside", {}).items()
        for path in files
        if (match := PATH.match(path))
    }
    if house_is_there():
        found |= set(in_house())
    return found
