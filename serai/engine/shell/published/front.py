"""What nginx in front must know of this generation: where pages lie and which headers they carry.

One small file to include, written when a server opens. Folder and headers are said together: after an upgrade, an
nginx that was not reloaded looks in a folder that is gone and hands on to the house; old headers never meet new pages.
"""

from __future__ import annotations

import os
from pathlib import Path

from serai.engine.shell.headers import public_headers

from .folder import Folder

NAME = "nginx-pages.conf"


def front_text(where: Folder) -> str:
    """The lines for nginx, to be included in the location that serves pages."""
    lines = ["# Made by `serai serve` for this generation of pages. Reload nginx after an upgrade."]
    lines.append(f"root {_quoted(str(where.pages.resolve()))};")
    for name, value in {**public_headers(), "Cache-Control": "no-cache", "Last-Modified": ""}.items():
        lines.append(f"add_header {name} {_quoted(value)};")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def write_front(where: Folder) -> Path:
    """Writes the file if it changed. Raises OSError."""
    file, text = where.root / NAME, front_text(where)
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        half = file.with_suffix(f".{os.getpid()}")
        half.write_text(text, encoding="utf-8")
        half.chmod(0o644)
        half.replace(file)
    return file
