"""Proofs that something was really rehearsed: written by the command that did it, read by `serai check --live`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from . import env


@dataclass(frozen=True)
class Proof:
    """What was done, when, on which code, and what came out of it."""

    kind: str
    at: str
    code: str
    detail: dict[str, Any]

    def age(self) -> timedelta:
        """How long ago it was."""
        return datetime.now(UTC) - datetime.fromisoformat(self.at)


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Digest of the code and locks that run now: an upgrade is rehearsed for exactly this code."""
    digest = hashlib.sha256((env.ROOT / "requirements" / "base.txt").read_bytes())
    for path in sorted((env.ROOT / "serai").rglob("*.py")):
        if "tests" not in path.parts:
            digest.update(str(path.relative_to(env.ROOT)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _file(folder: Path) -> Path:
    return folder / "proofs.json"


def read_proofs(folder: Path) -> dict[str, Proof]:
    """The newest proof of each kind."""
    path = _file(folder)
    if not path.exists():
        return {}
    return {kind: Proof(**row) for kind, row in json.loads(path.read_text(encoding="utf-8")).items()}


def keep_proof(folder: Path, kind: str, **detail: Any) -> Proof:
    """Writes down that it was done now."""
    proofs = read_proofs(folder)
    proofs[kind] = Proof(kind, datetime.now(UTC).isoformat(timespec="seconds"), code_digest(), detail)
    half = _file(folder).with_suffix(".half")
    half.write_text(json.dumps({name: asdict(proof) for name, proof in proofs.items()}, indent=1), encoding="utf-8")
    half.replace(_file(folder))
    return proofs[kind]


def demands(folder: Path) -> dict[str, dict[str, Any]]:
    """How old each proof may be: the house's own live.yaml over the default."""
    asked: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "live.yaml").read_text(encoding="utf-8"))
    own = folder / "live.yaml"
    if own.exists():
        asked.update(yaml.safe_load(own.read_text(encoding="utf-8")) or {})
    return asked
