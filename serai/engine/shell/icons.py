"""The house's own line pictograms, drawn on a square of 24: one small file each in icons/, which any program can show.

A page carries only those it uses. Those that point (data-turns) are mirrored in languages written from the right.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "icons"
FALLBACK = "lamp"


@lru_cache(maxsize=1)
def drawings() -> dict[str, tuple[str, bool]]:
    """(what is inside the svg element, whether it turns) of each pictogram, by name."""
    found = {}
    for path in sorted(FOLDER.glob("*.svg")):
        root, inner = re.fullmatch(r"(<svg[^>]*>)(.*)</svg>", path.read_text(encoding="utf-8").strip()).groups()  # type: ignore[union-attr]
        found[path.stem] = (inner, "data-turns" in root)
    return found


def names() -> list[str]:
    """All pictograms, for choosers and checks."""
    return list(drawings())


def svg(name: str) -> str:
    """The pictogram as an element of the page; the house's lamp for a name that nobody drew (names may be data)."""
    inner, turns = drawings().get(name) or drawings()[FALLBACK]
    css_class = "icon turns" if turns else "icon"
    return f'<svg class="{css_class}" viewBox="0 0 24 24" aria-hidden="true">{inner}</svg>'
