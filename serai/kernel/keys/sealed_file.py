"""The key store of a house on one machine: one sealed file, changed as a whole or not at all.

What opens it is SERAI_KEYS_SECRET, or a file beside it (`opener`) where the operator gives none. With the file beside
it the store protects a copy of the database and of backups, not of the whole disk.
"""

from __future__ import annotations

import base64
import fcntl
import hmac
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from serai.lib.atomic import write_atomically

from .store import KeyRefused

MARK = b"serai-keys-1\n"
NONCE_BYTES = 12
SECRET_BYTES = 32
OWNER_ONLY = 0o600
_NAME = re.compile(r"[a-z0-9_][a-z0-9_./-]{0,119}")
Versions = dict[int, bytes]


@dataclass(repr=False)
class _Content:
    """What the file holds. keys: by name, their living versions; highest: by name, the newest number ever given."""

    keys: dict[str, Versions] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)
    destroyed: set[str] = field(default_factory=set)


class SealedFile:
    """A KeyStore in a folder. Several processes may use it: each sees what another changed at its next call."""

    def __init__(self, folder: Path, secret: str = "") -> None:
        self.folder, self.path = folder, folder / "store.sealed"
        self._secret = secret
        self._lock = RLock()
        self._seen: tuple[int, ...] = ()
        self._content = _Content()

    def wrap(self, key: str, plain: bytes, context: bytes) -> bytes:
        """See KeyStore."""
        number, secret = self._newest(key)
        nonce = secrets.token_bytes(NONCE_BYTES)
        head = number.to_bytes(4, "big")
        return head + nonce + AESGCM(_for(secret, b"wrap")).encrypt(nonce, plain, _bound(key, head, context))

    def unwrap(self, key: str, wrapped: bytes, context: bytes) -> bytes:
        """See KeyStore."""
        head, nonce, sealed = wrapped[:4], wrapped[4 : 4 + NONCE_BYTES], wrapped[4 + NONCE_BYTES :]
        secret = self._version(key, int.from_bytes(head, "big"))
        try:
            return AESGCM(_for(secret, b"wrap")).decrypt(nonce, sealed, _bound(key, head, context))
        except (InvalidTag, ValueError):
            raise KeyRefused("not-opened", key) from None

    def mac(self, key: str, message: bytes, version: int = 0) -> bytes:
        """See KeyStore."""
        number, secret = (version, self._version(key, version)) if version else self._newest(key)
        head = number.to_bytes(4, "big")
        return head + hmac.digest(_for(secret, b"mac"), head + message, "sha256")

    def rotate(self, key: str) -> int:
        """See KeyStore."""
        with self._changing() as content:
            return _made(content, key)

    def destroy(self, key: str, before: int = 0) -> None:
        """See KeyStore."""
        with self._changing() as content:
            if before > content.highest.get(key, 0):
                raise KeyRefused("no-version", f"{key} {before}")
            kept = {
                number: secret for number, secret in content.keys.get(key, {}).items() if before and number >= before
            }
            content.keys[key] = kept
            if not kept:
                content.keys.pop(key)
                content.destroyed.add(key)

    def version(self, key: str) -> int:
        """See KeyStore."""
        return max(self._now().keys.get(key, {}), default=0)

    def _newest(self, key: str) -> tuple[int, bytes]:
        found = self._now().keys.get(key)
        if not found:
            with self._changing() as content:
                found = content.keys.get(key)  # another process may have been faster
                if not found:
                    _made(content, key)
                    found = content.keys[key]
        number = max(found)
        return number, found[number]

    def _version(self, key: str, number: int) -> bytes:
        content = self._now()
        if key in content.destroyed:
            raise KeyRefused("destroyed", key)
        secret = content.keys.get(key, {}).get(number)
        if secret is None:
            raise KeyRefused("no-version", f"{key} {number}")
        return secret

    def _now(self) -> _Content:
        """The content as it stands on the disk; read again only when the file is another one."""
        with self._lock:
            try:
                facts = self.path.stat()
            except FileNotFoundError:
                if self._seen:
                    raise KeyRefused("store-closed", str(self.path)) from None
                return self._content
            seen = (facts.st_ino, facts.st_mtime_ns, facts.st_size)
            if seen != self._seen:
                self._content, self._seen = _read(self.path, self._opener()), seen
            return self._content

    @contextmanager
    def _changing(self) -> Iterator[_Content]:
        """The content to be changed, by one process at a time; written when nothing was raised."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._lock, (self.folder / "lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            now = self._now()
            changed = _Content(
                {key: dict(found) for key, found in now.keys.items()}, dict(now.highest), set(now.destroyed)
            )
            yield changed
            write_atomically(self.path, _written(changed, self._opener()), mode=OWNER_ONLY)
            self._seen = ()
            self._now()

    def _opener(self) -> bytes:
        secret = self._secret.encode() or self._secret_beside()
        return HKDF(SHA256(), 32, None, b"serai.kernel.keys opener").derive(secret)

    def _secret_beside(self) -> bytes:
        """Made with the store, by the one process that makes it."""
        path = self.folder / "opener"
        if not path.exists() and not self.path.exists():
            write_atomically(path, secrets.token_bytes(SECRET_BYTES), mode=OWNER_ONLY)
        try:
            found = path.read_bytes()
        except FileNotFoundError:
            raise KeyRefused("store-closed", str(path)) from None
        if len(found) != SECRET_BYTES:
            raise KeyRefused("store-closed", str(path))
        return found


def _made(content: _Content, key: str) -> int:
    """A new version of a key. Numbers are never given twice."""
    if not _NAME.fullmatch(key):
        raise KeyRefused("name", key)
    if key in content.destroyed:
        raise KeyRefused("destroyed", key)
    number = content.highest.get(key, 0) + 1
    content.keys.setdefault(key, {})[number] = secrets.token_bytes(SECRET_BYTES)
    content.highest[key] = number
    return number


def _for(secret: bytes, use: bytes) -> bytes:
    """A key for one use, so that what wraps never makes a mac."""
    return HKDF(SHA256(), 32, None, b"serai.kernel.keys " + use).derive(secret)


def _bound(key: str, head: bytes, context: bytes) -> bytes:
    return MARK + key.encode() + b"\n" + head + context


def _written(content: _Content, opener: bytes) -> bytes:
    keys = {
        key: {str(number): base64.b64encode(secret).decode() for number, secret in found.items()}
        for key, found in content.keys.items()
    }
    said = {"keys": keys, "highest": content.highest, "destroyed": sorted(content.destroyed)}
    nonce = secrets.token_bytes(NONCE_BYTES)
    return MARK + nonce + AESGCM(opener).encrypt(nonce, json.dumps(said).encode(), MARK)


def _read(path: Path, opener: bytes) -> _Content:
    """KeyRefused `store-closed` for another secret, a broken file or one that is no store."""
    found = path.read_bytes()
    start = len(MARK)
    try:
        if not found.startswith(MARK):
            raise ValueError
        plain = AESGCM(opener).decrypt(found[start : start + NONCE_BYTES], found[start + NONCE_BYTES :], MARK)
    except (InvalidTag, ValueError):
        raise KeyRefused("store-closed", str(path)) from None
    said = json.loads(plain)
    keys = {
        key: {int(number): base64.b64decode(secret) for number, secret in found_here.items()}
        for key, found_here in said["keys"].items()
    }
    return _Content(keys, dict(said["highest"]), set(said["destroyed"]))
