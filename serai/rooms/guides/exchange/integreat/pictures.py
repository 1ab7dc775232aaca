"""Pictures are not fetched, ever. Words that stand for them stay in the text; icons beside words go."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field

_ATTRIBUTE = re.compile(r"""\b(src|alt|width|style)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++))""", re.I)
_SMALL = re.compile(r"(?:^|;|\s)(?:width|height)\s*:\s*(\d{1,3})px", re.I)
_ICON_PIXELS = 48
_FILE_NAME = re.compile(r"[\w.-]*\d[\w.-]*|[\w.-]+\.(?:png|jpe?g|gif|svg|webp)|\S*[-_]\S*", re.I)


@dataclass
class Pictures:
    """dropped: counts of `img` and `icon`; lost: words of each picture that was no icon, "" without words."""

    dropped: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)


def words_for_pictures(source: str) -> tuple[str, Pictures]:
    """The HTML with each picture replaced by its words, in one pass."""
    pictures = Pictures()
    parts: list[str] = []
    lower, at = source.lower(), 0
    while (found := lower.find("<img", at)) >= 0:
        end = source.find(">", found)
        parts.append(source[at:found])
        if end < 0:
            return "".join(parts), pictures
        if source[found + 4 : found + 5].isalnum():
            parts.append(source[found : end + 1])
        else:
            parts.append(_words(source[found + 4 : end], pictures))
        at = end + 1
    return "".join([*parts, source[at:]]), pictures


def _words(attributes: str, pictures: Pictures) -> str:
    values = {match[1].lower(): match[2] or match[3] or match[4] or "" for match in _ATTRIBUTE.finditer(attributes)}
    if _is_icon(values):
        pictures.dropped["icon"] += 1
        return " "
    pictures.dropped["img"] += 1
    words = html.unescape(values.get("alt", "")).strip()
    words = "" if _FILE_NAME.fullmatch(words) else words
    pictures.lost.append(words)
    return f" {html.escape(words)} " if words else " "


def _is_icon(values: dict[str, str]) -> bool:
    small = _SMALL.search(values.get("style", ""))
    width = values.get("width", "")
    is_small = (small and int(small[1]) <= _ICON_PIXELS) or (width.isdigit() and int(width[:6]) <= _ICON_PIXELS)
    return bool(is_small) or "/static/svg/" in values.get("src", "")
