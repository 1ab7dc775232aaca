"""Making packs: stamp translations, take a house's own content out as a pack, seal and freeze a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from serai.kernel.access.viewer import NOBODY
from serai.kernel.register.ports import PACK_EXPORTS, PACK_STAMPS, PackExport, PackProblem
from serai.lib.plainyaml import dump

from .checking import organisation_keys
from .head import FILE, Head, read_head, version_key
from .queries import last_head
from .signature import SIG, seal
from .words import is_words, stamp_words
from .yaml_text import read_yaml


class NotOnePublisher(ValueError):
    """The house has no content of this publisher."""


def stamped(files: Mapping[str, bytes], again: frozenset[str] = frozenset()) -> dict[str, bytes]:
    """The files whose stamps are new: each translation then says from which original it was made.

    again: translations that were looked at since the original changed, so their stamp is made anew.
    """
    head, _problems = read_head(files.get(FILE))
    if head is None:
        return {}
    changed = stamp_words(head, files, again)
    for offer in PACK_STAMPS:
        changed |= offer(head.mapping(), dict(files), again)
    return changed


def sealed(head: Head, files: Mapping[str, bytes], key: Ed25519PrivateKey) -> dict[str, bytes]:
    """The files with their pack.sig."""
    content = {path: data for path, data in files.items() if path != SIG}
    return {**content, SIG: seal(content, pack=head.pack, version=head.version, publisher=head.publisher, key=key)}


def exported(publisher: str, head: Head) -> PackExport:
    """A publisher's content in this house as a pack, and what a pack cannot hold. Raises NotOnePublisher."""
    files: dict[str, bytes] = {}
    problems: list[PackProblem] = []
    words: dict[str, dict[str, Any]] = {}
    for offer in PACK_EXPORTS:
        export = offer(publisher, head.mapping())
        problems += export.problems
        for path, data in export.files.items():
            if is_words(path):
                _merge(words.setdefault(path, {}), read_yaml(data.decode()).value or {})
            else:
                files[path] = data
    if publisher not in organisation_keys(files):
        raise NotOnePublisher(publisher)
    files |= {path: dump(tree).encode() for path, tree in words.items() if tree}
    return PackExport({FILE: head.text().encode(), **files}, tuple(problems))


def _merge(tree: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, Mapping) and isinstance(tree.get(key), dict):
            _merge(tree[key], value)
        else:
            tree[key] = value


def head_for(publisher: str, pack: str, given: Mapping[str, Any]) -> tuple[Head | None, list[PackProblem]]:
    """pack.yaml for an export: as in the last version that this house knows, with what is given, one version on."""
    before = last_head(pack, viewer=NOBODY)
    rows: dict[str, Any] = {
        "languages": list(settings.SERAI_LANGUAGES),
        "countries": [],
        "licence": "CC-BY-4.0",
        **(before or {}),
        "pack": pack,
        "publisher": publisher,
        "version": _next(str(before["version"])) if before else "1.0.0",
        **given,
    }
    return read_head(dump(rows).encode())


def _next(version: str) -> str:
    major, minor, patch = version_key(version)
    return f"{major}.{minor}.{patch + 1}"
