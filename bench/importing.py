"""Import of 1,000 pages in Integreat's format: two languages, a tree four levels deep, links between pages."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .figures import Figure
from .house import House

PAGES = 500
LANGUAGES = ("de", "en")
WORDS = (
    "You can go to the office with or without papers. Bring what you have; somebody will help you to fill in the form."
)


def measure(house: House) -> Iterator[Figure]:
    """Once new, then the same files again."""
    files = [str(_write(house.folder, language)) for language in LANGUAGES]
    start = time.monotonic()
    first = json.loads(house.run("import", "integreat", *files, "--json").stdout)
    new = time.monotonic() - start
    start = time.monotonic()
    house.run("import", "integreat", *files, "--json")
    again = time.monotonic() - start
    count = PAGES * len(LANGUAGES)
    yield Figure(f"{count:,} pages imported", f"{new:.1f} s, {count / new:.0f} pages/s", note=_short(first))
    yield Figure("the same files again (nothing changes)", f"{again:.1f} s")


def _short(report: dict[str, Any]) -> str:
    plain = {name: value for name, value in report.items() if isinstance(value, int) and not isinstance(value, bool)}
    return ", ".join(f"{name} {value}" for name, value in plain.items())


def _write(folder: Path, language: str) -> Path:
    file = folder / f"benchmark_{language}.json"
    file.write_text(json.dumps([_page(number, language) for number in range(1, PAGES + 1)]))
    return file


def _address(number: int, language: str) -> dict[str, Any]:
    path = f"/benchmark/{language}/page-{number}/"
    key = number * 10 + LANGUAGES.index(language)
    return {"id": key, "url": f"https://integreat.example{path}", "path": path}


def _page(number: int, language: str) -> dict[str, Any]:
    parent = number // 8
    others = {other: _address(number, other) for other in LANGUAGES if other != language}
    link = _address(number % PAGES + 1, language)["url"]
    content = f"<h2>What to do</h2><p>{WORDS * 6}</p><ul><li>{WORDS}</li></ul><p><a href='{link}'>Next</a></p>"
    return {
        **_address(number, language),
        "title": f"Page {number} ({language})",
        "modified_gmt": "2026-01-02T03:04:05.000Z",
        "last_updated": "2026-01-02T04:04:05.000+01:00",
        "excerpt": WORDS,
        "content": content,
        "parent": _address(parent, language) if parent else {"id": 0, "url": None, "path": None},
        "order": number,
        "available_languages": others,
        "thumbnail": None,
        "organization": None,
        "hash": None,
    }
