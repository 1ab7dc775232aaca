"""A key made of software: does what a USB key or a phone does, so that its sign-in can be tested whole."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

USER_PRESENT, USER_VERIFIED, HAS_CREDENTIAL = 0x01, 0x04, 0x40


class SoftKey:
    """One credential for one site. verifies: whether it asks for finger, face or PIN."""

    def __init__(self, origin: str, site: str, verifies: bool = True) -> None:
        self.origin, self.site, self.verifies = origin, site, verifies
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.name = secrets.token_bytes(16)
        self.user = b""
        self.count = 0

    def register(self, options: dict[str, Any]) -> str:
        """Answers a request to make a credential, as the browser would send it."""
        asked = options["publicKey"]
        self.user = _bytes(asked["user"]["id"])
        client = self._client("webauthn.create", asked["challenge"])
        point = self.secret.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        data = self._data(HAS_CREDENTIAL) + bytes(16) + struct.pack(">H", len(self.name)) + self.name
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data + cbor.encode(public)})
        response = {"clientDataJSON": _text(client), "attestationObject": _text(attestation), "transports": ["usb"]}
        return self._answer(response)

    def sign(self, options: dict[str, Any]) -> str:
        """Answers a request to sign in."""
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        data = self._data(0)
        signature = self.secret.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": _text(client),
            "authenticatorData": _text(data),
            "signature": _text(signature),
            "userHandle": _text(self.user),
        }
        return self._answer(response)

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, more: int) -> bytes:
        self.count += 1
        flags = USER_PRESENT | (USER_VERIFIED if self.verifies else 0) | more
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _answer(self, response: dict[str, Any]) -> str:
        whole = {"type": "public-key", "id": _text(self.name), "rawId": _text(self.name), "response": response}
        return json.dumps({**whole, "clientExtensionResults": {"credProps": {"rk": True}}})


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
