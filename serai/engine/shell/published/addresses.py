"""From the path of a page to the file it is kept in. Plain Python: odd paths end here, not on the disk.

Parts that a web server in front may look up by name keep their name; all others (dots, percent signs, controls,
very long ones) become a digest, so no path can leave the folder or meet the file of another.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

HTML = "text/html; charset=utf-8"
TYPES = {
    "txt": "text/plain; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "json": "application/json",
}
LONGEST_PATH = 1500
LONGEST_PART = 150
MOST_PARTS = 30
_PLAIN = re.compile(r"[^\W_][\w-]*")
_LEAF = re.compile(r"([^\W_][\w-]*)\.([a-z]+)")


@dataclass(frozen=True)
class Address:
    """file: relative path of the uncompressed file. content_type: the only one that may be kept there."""

    file: str
    content_type: str


@lru_cache(maxsize=4096)
def address_of(path: str) -> Address | None:
    """Where the page of a decoded path (`/en/lindenbach/`) is kept, or None: it is then never published."""
    if not path.startswith("/") or len(path.encode("utf-8", "replace")) > LONGEST_PATH:
        return None
    *folders, leaf = path[1:].split("/")
    if "" in folders or len(folders) > MOST_PARTS:
        return None
    try:
        inside = "".join(f"{_safe(part)}/" for part in folders)
    except UnicodeEncodeError:
        return None
    if not leaf:
        return Address(f"{inside}index.html", HTML)
    match = _LEAF.fullmatch(leaf)
    if match is None or match[2] not in TYPES or len(leaf.encode()) > LONGEST_PART:
        return None
    return Address(inside + leaf, TYPES[match[2]])


def _safe(part: str) -> str:
    raw = part.encode("utf-8")
    if len(raw) <= LONGEST_PART and _PLAIN.fullmatch(part):
        return part
    return f"~{hashlib.sha256(raw).hexdigest()[:40]}"
