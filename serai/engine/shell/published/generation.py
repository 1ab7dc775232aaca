"""The generation: a digest of everything that shapes a page but is not content.

Style, templates, catalogues, code, libraries, mode and names of the house. When one changes, all pages are made anew in
another folder; nobody has to remember to empty anything. The boot of the machine counts too: files are not forced to
the disk one by one, so after a power cut none of them is trusted.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import django
import wagtail
from django.conf import settings

from .folder import Folder

SHAPES = frozenset({".py", ".html", ".txt", ".css", ".svg", ".mo", ".yaml", ".json"})
NOT_SHAPING = frozenset({"tests", "migrations", "__pycache__"})
NOT_SETTINGS = frozenset({"SERAI_DATA", "SERAI_PUBLISHED", "SERAI_PACKS"})
BOOT = Path("/proc/sys/kernel/random/boot_id")


@lru_cache(maxsize=1)
def generation() -> str:
    """The digest for this process, 24 hexadecimal digits."""
    digest = hashlib.sha256(f"{django.__version__} {wagtail.__version__}".encode())
    for name in sorted(dir(settings)):
        if (name.startswith("SERAI_") and name not in NOT_SETTINGS) or name in {"TIME_ZONE", "LANGUAGES"}:
            digest.update(f"{name}={getattr(settings, name)!r}\n".encode())
    source = Path(__file__).resolve().parents[3]
    for path in sorted(source.rglob("*")):
        if path.suffix in SHAPES and not NOT_SHAPING & set(path.relative_to(source).parts):
            digest.update(f"{path.relative_to(source)}\n".encode() + path.read_bytes())
    digest.update(BOOT.read_bytes() if BOOT.exists() else b"")
    return digest.hexdigest()[:24]


def folder() -> Folder:
    """The published files of this server, in this generation."""
    return Folder(Path(settings.SERAI_PUBLISHED), generation())


def all_generations() -> Folder:
    """The same folder for those who only take pages away: cheap, nothing is digested."""
    return Folder(Path(settings.SERAI_PUBLISHED), "none")
