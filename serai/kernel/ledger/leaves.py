"""What exactly is hashed, byte by byte: anyone must be able to do it again without our code.

    leaf       = SHA-256(0x00 || version || class || day || commitment)      (RFC 9162 leaf hash)
    commitment = SHA-256(salt || canonical event)

version is one byte, day ten ASCII characters, salt and commitment 32 bytes: only the class has no fixed length, so no
two different rows give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime

from serai.lib.merkle import leaf_hash

VERSION = 1
SALT_BYTES = 32
KIND = re.compile(r"[a-z]+(_[a-z]+)*")
"""A class is a word of the house's own, declared in a manifest: never anything that was typed in."""


@dataclass(frozen=True)
class Leaf:
    """A row before it has its number."""

    kind: str
    day: date
    commitment: bytes
    version: int = VERSION

    def hash(self) -> bytes:
        """The leaf's hash in the tree. ValueError for a class, version or commitment that cannot be."""
        if not KIND.fullmatch(self.kind) or not 0 < self.version < 256 or len(self.commitment) != 32:
            raise ValueError("not a leaf of this ledger")
        head = bytes([self.version]) + self.kind.encode("ascii") + self.day.isoformat().encode("ascii")
        return leaf_hash(head + self.commitment)


def canonical_event(*, event: str, kind: str, subject: str, by: str, at: datetime) -> str:
    """The event as JSON with sorted keys and no spaces; at in UTC with microseconds."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = {"at": moment, "by": by, "event": event, "kind": kind, "subject": subject}
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def new_salt() -> bytes:
    """32 random bytes: without them nobody can guess the event from its commitment."""
    return secrets.token_bytes(SALT_BYTES)


def commitment(salt: bytes, event: str) -> bytes:
    """What the ledger keeps of an event. ValueError if the salt is not 32 bytes: then it could be shifted."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt is {SALT_BYTES} bytes")
    return hashlib.sha256(salt + event.encode("utf-8")).digest()


def padding_leaf(kind: str, day: date) -> Leaf:
    """A leaf that stands for nothing. Nobody can tell it from one whose opening was deleted, not even we."""
    return Leaf(kind, day, secrets.token_bytes(32))


def stored_leaf(version: int, kind: str, day: date, stored: bytes | memoryview) -> Leaf:
    """The leaf of a stored row; databases give bytes in kinds of their own."""
    return Leaf(kind, day, bytes(stored), version)
