"""Static files as collectstatic leaves them: a digest in each name, and a compressed copy beside each text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

from .encodings import SMALLEST, SUFFIX, squeezed, variants

TEXTS = frozenset({".css", ".js", ".mjs", ".json", ".svg", ".txt", ".map"})


class CompressedFiles(ManifestStaticFilesStorage):
    """Compresses each file once: a copy that is there already and newer stays."""

    manifest_strict = False

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Names first, then copies of what has its final name."""
        for name, hashed, processed in super().post_process(paths, dry_run, **options):
            yield name, hashed, processed
        if dry_run:
            return
        for hashed in sorted(set(self.hashed_files.values())):
            compress_copy(Path(self.path(hashed)))


def compress_copy(file: Path) -> bool:
    """Writes .gz and .br beside a text; returns whether there was anything to do."""
    if file.suffix.lower() not in TEXTS or not file.exists():
        return False
    best = file.with_name(file.name + SUFFIX["br"])
    if best.exists() and best.stat().st_mtime_ns >= file.stat().st_mtime_ns:
        return False
    content = file.read_bytes()
    if len(content) < SMALLEST:
        return False
    made = {**variants(content), "br": squeezed(content)}
    for encoding in ("gzip", "br"):
        half = file.with_name(f".{file.name}.half")
        half.write_bytes(made[encoding])
        half.replace(file.with_name(file.name + SUFFIX[encoding]))
    return True
