"""A person for the length of one request: what can be derived from their key, and nothing that is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
PSEUDONYM_BYTES = 16


def derived(secret: bytes, use: str, length: int = 32) -> bytes:
    """Bytes for one use from a secret (HKDF-SHA-256); those for another use tell nothing of them."""
    return HKDF(SHA256(), length, None, f"serai.people {use}".encode()).derive(secret)


@dataclass(frozen=True)
class Person:
    """Who has opened their account. key is known while they are here and nowhere else; card: the secret they opened it
    with; generation: that of the account as it was read, so that nothing is written over what changed since."""

    account: UUID = field(repr=False)
    key: bytes = field(repr=False)
    card: bytes = field(repr=False, compare=False, default=b"")
    generation: int = field(repr=False, compare=False, default=1)

    def pseudonym(self, purpose: str, epoch: int = 1) -> str:
        """By what this purpose knows the person: 32 hexadecimal digits. Those of two purposes have nothing in common
        for whoever has not the key. epoch: another number makes another pseudonym."""
        return derived(self.key, f"pseudonym {purpose} {epoch}", PSEUDONYM_BYTES).hex()

    def seed(self, purpose: str, epoch: int = 1) -> bytes:
        """From which the key pair of this purpose is made (lib/hpke)."""
        return derived(self.key, f"seed {purpose} {epoch}")
