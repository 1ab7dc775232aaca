"""Sealing to a public key (HPKE, RFC 9180, base mode): whoever has only the public key can put in and never look.

The house's suite is DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. Browsers of old phones know P-256 and AES-GCM
(WebCrypto), not X25519 and not ChaCha20; 256 bits because one house holds very many sealed records. Other suites of
the RFC are here so that its published vectors can be checked, not to be chosen.

What is sealed is one message: the encapsulated key (65 bytes in the house's suite), then the ciphertext, which is 16
bytes longer than the text. `info` says what the key pair is used for, `aad` which record and field the text belongs to;
both must be the same on opening. Base mode does not say who sealed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from pyhpke import AEADId, CipherSuite, ContextInterface, KDFId, KEMId, KEMKeyInterface, KEMKeyPair
from pyhpke.exceptions import PyHPKEError

_SIZES = {0x10: (32, 65), 0x11: (48, 97), 0x12: (66, 133), 0x20: (32, 32), 0x21: (56, 56)}
"""Bytes of a private and of a public key by KEM (RFC 9180, 7.1; an encapsulated key is as long as a public one)."""


class HpkeRefused(ValueError):
    """It cannot be sealed or opened. Never says whether the key, the text, `info` or `aad` was the wrong one."""

    def __init__(self) -> None:
        super().__init__("this cannot be sealed or opened with this key for this purpose")


@dataclass(frozen=True)
class KeyPair:
    """private: the scalar, big end first; public: an uncompressed point (EC) or the 32 or 56 bytes of X25519, X448."""

    private: bytes = field(repr=False)
    public: bytes


@dataclass(frozen=True)
class Suite:
    """Three algorithms by their numbers in RFC 9180, section 7. ValueError for one that is not there."""

    kem: int
    kdf: int
    aead: int

    def __post_init__(self) -> None:
        self._suite()

    def key_pair(self, seed: bytes) -> KeyPair:
        """Always the same pair for a seed (DeriveKeyPair). ValueError for a seed shorter than a private key."""
        private_size, _ = _SIZES[self.kem]
        if len(seed) < private_size:
            raise ValueError(f"a seed has at least {private_size} bytes")
        pair = self._suite().kem.derive_key_pair(seed)
        return KeyPair(_private_bytes(pair.private_key, private_size), pair.public_key.to_public_bytes())

    def new_key_pair(self) -> KeyPair:
        """A random pair."""
        return self.key_pair(secrets.token_bytes(_SIZES[self.kem][0]))

    def public_key(self, private_key: bytes) -> bytes:
        """The public half of a private key. Raises HpkeRefused."""
        return self._pair(private_key).public_key.to_public_bytes()

    def seal(self, plaintext: bytes, public_key: bytes, *, info: bytes, aad: bytes) -> bytes:
        """Encapsulated key and ciphertext; different each time. Raises HpkeRefused for a key that is none."""
        encapsulated, context = self.sender(public_key, info=info)
        try:
            return encapsulated + context.seal(plaintext, aad)
        except PyHPKEError:
            raise HpkeRefused from None

    def open(self, sealed: bytes, private_key: bytes, *, info: bytes, aad: bytes) -> bytes:
        """What was sealed. Raises HpkeRefused."""
        _, public_size = _SIZES[self.kem]
        context = self.recipient(sealed[:public_size], private_key, info=info)
        try:
            return context.open(sealed[public_size:], aad)
        except PyHPKEError:
            raise HpkeRefused from None

    def sender(
        self, public_key: bytes, *, info: bytes, ephemeral: bytes | None = None
    ) -> tuple[bytes, ContextInterface]:
        """Encapsulated key, and the context that seals one message after the other. Raises HpkeRefused.

        ephemeral: a private key to be used once. Only vectors give it: two messages with the same one betray both.
        """
        _, public_size = _SIZES[self.kem]
        if len(public_key) != public_size:
            raise HpkeRefused
        once = None if ephemeral is None else self._pair(ephemeral)
        suite = self._suite()
        try:
            return suite.create_sender_context(suite.kem.deserialize_public_key(public_key), info, eks=once)
        except (ValueError, PyHPKEError):
            raise HpkeRefused from None

    def recipient(self, encapsulated: bytes, private_key: bytes, *, info: bytes) -> ContextInterface:
        """The context that opens messages in their order; after one that fails it is of no more use.

        Raises HpkeRefused. Only the uncompressed form of a point counts: no second spelling of the same message.
        """
        _, public_size = _SIZES[self.kem]
        if len(encapsulated) != public_size:
            raise HpkeRefused
        own = self._pair(private_key).private_key
        try:
            return self._suite().create_recipient_context(encapsulated, own, info)
        except (ValueError, PyHPKEError):
            raise HpkeRefused from None

    def _suite(self) -> CipherSuite:
        return CipherSuite.new(KEMId(self.kem), KDFId(self.kdf), AEADId(self.aead))

    def _pair(self, private_key: bytes) -> KEMKeyPair:
        kem = self._suite().kem
        if len(private_key) != _SIZES[self.kem][0]:
            raise HpkeRefused
        try:
            own = kem.deserialize_private_key(private_key)
        except ValueError:  # zero, or not below the order of the curve
            raise HpkeRefused from None
        return KEMKeyPair(own, type(own)(own.raw.public_key()))


HOUSE = Suite(kem=0x10, kdf=0x01, aead=0x02)
"""The only suite the house seals with."""

key_pair = HOUSE.key_pair
new_key_pair = HOUSE.new_key_pair
public_key = HOUSE.public_key
seal = HOUSE.seal
open = HOUSE.open


def _private_bytes(key: KEMKeyInterface, size: int) -> bytes:
    """The scalar alone. pyhpke 0.6.5 pads it to as many bytes as the curve has bits."""
    raw = key.raw
    if isinstance(raw, EllipticCurvePrivateKey):
        return raw.private_numbers().private_value.to_bytes(size, "big")
    return bytes(raw.private_bytes_raw())
