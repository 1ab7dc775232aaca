"""The key store: keys with a name, which never lie in the database and never leave the store.

Whoever takes the database alone can open nothing that is wrapped here, and try no PIN. A key is made at its first use,
gets a new version by `rotate`, and what is destroyed cannot be made again under its name.
"""

from __future__ import annotations

import hmac
from functools import lru_cache
from pathlib import Path
from typing import Protocol

MAC_BYTES = 36
"""A mac as it is kept: 4 bytes with the version of the key, 32 bytes of HMAC-SHA-256."""


class KeyRefused(ValueError):
    """The store did not do it. code: `destroyed` (the key is gone for good), `not-opened` (not wrapped under this key
    for this context, or changed since), `no-version`, `store-closed` (the store itself cannot be opened: wrong secret,
    or not a store), `name` (no name for a key)."""

    def __init__(self, code: str, found: str) -> None:
        super().__init__(f"{code}: {found}")
        self.code = code
        self.found = found


class KeyStore(Protocol):
    """What a store does. key: a name such as `people.pin` or `vault/housing`; context: bound to what is wrapped, the
    same must be given to unwrap it. All raise KeyRefused."""

    def wrap(self, key: str, plain: bytes, context: bytes) -> bytes:
        """Sealed under the newest version of the key, which is made when it is not there."""
        ...

    def unwrap(self, key: str, wrapped: bytes, context: bytes) -> bytes:
        """The plain bytes again, whichever version wrapped them."""
        ...

    def mac(self, key: str, message: bytes, version: int = 0) -> bytes:
        """MAC_BYTES over a message. version: that of an earlier mac to compare with; 0 is the newest."""
        ...

    def rotate(self, key: str) -> int:
        """Makes a new version, with which is wrapped from now on; returns its number. Older ones still open."""
        ...

    def destroy(self, key: str, before: int = 0) -> None:
        """Forgets a key for good, or with `before` only its versions below that number."""
        ...

    def version(self, key: str) -> int:
        """The newest version of a key; 0 for one that nobody has used."""
        ...


def version_of(wrapped: bytes) -> int:
    """Which version of its key wrapped these bytes, or made this mac."""
    return int.from_bytes(wrapped[:4], "big")


def same_mac(store: KeyStore, key: str, message: bytes, kept: bytes) -> bool:
    """Whether a mac that was kept is that of this message, whichever version made it. Takes the same time for each."""
    return len(kept) == MAC_BYTES and hmac.compare_digest(store.mac(key, message, version_of(kept)), kept)


def key_store() -> KeyStore:
    """The store of this house (SERAI_KEYS)."""
    from django.conf import settings

    return _opened(Path(settings.SERAI_DATA) / "keys", settings.SERAI_KEYS_SECRET)


@lru_cache(maxsize=4)
def _opened(folder: Path, secret: str) -> KeyStore:
    from .sealed_file import SealedFile

    return SealedFile(folder, secret)
