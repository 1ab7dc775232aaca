"""The one style of the public pages: read from a few files, squeezed, and written into each page; and that of paper."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "css"
ORDER = ("tokens.css", "page.css", "components.css", "blocks.css", "fields.css", "map.css", "print.css")


@lru_cache(maxsize=1)
def css() -> str:
    """The style without comments and needless space. The same text always, so that one hash in the CSP names it."""
    return _squeezed("".join((FOLDER / name).read_text(encoding="utf-8") for name in ORDER))


@lru_cache(maxsize=1)
def paper_css() -> str:
    """The style of sheets that the house prints itself: the values of the tokens by day, then paper.css."""
    by_day = (FOLDER / "tokens.css").read_text(encoding="utf-8").split("@media")[0]
    tokens = "".join(re.findall(r"--[\w-]+:[^;]+;", by_day))
    return _squeezed(f":root {{{tokens}}} {(FOLDER / 'paper.css').read_text(encoding='utf-8')}")


def _squeezed(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"\s*([{};,>])\s*", r"\1", text).replace(";}", "}").strip()
