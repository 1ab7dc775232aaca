"""The seal of a pack: the digest of every file, and one Ed25519 signature over them.

`pack.sig` is a text that a person can read and openssl can verify: what is signed is every byte above its last line.

    serai-pack-signature: 1
    pack: lindenbach
    version: 1.0.0
    publisher: lindenbach
    key: ed25519:<public key, base64>
    <sha256>  guides/first-days.en.md
    ...
    signature: ed25519:<base64>
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.utils.translation import gettext as _

SIG = "pack.sig"
FIRST = "serai-pack-signature: 1"
ROW = re.compile(r"^([0-9a-f]{64})  (.+)$")


class SignatureRefused(ValueError):
    """The seal is broken or cannot be read. line counts from 1 in pack.sig, 0 is the whole file."""

    def __init__(self, code: str, says: str, cure: str, *, file: str = SIG, line: int = 0) -> None:
        super().__init__(says)
        self.code, self.says, self.cure, self.file, self.line = code, says, cure, file, line


@dataclass(frozen=True)
class Seal:
    """What a pack.sig says, once its signature was found good. key is `ed25519:<base64>`."""

    pack: str
    version: str
    publisher: str
    key: str
    manifest: dict[str, str]


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each file but the seal itself, by path, in the order of the manifest."""
    paths = sorted((path for path in files if path != SIG), key=lambda path: path.encode())
    return {path: hashlib.sha256(files[path]).hexdigest() for path in paths}


def manifest_text(manifest: Mapping[str, str]) -> str:
    """One line for each file, `<sha256>  <path>`, as sha256sum prints them, ordered by the bytes of the path."""
    return "".join(f"{manifest[path]}  {path}\n" for path in sorted(manifest, key=str.encode))


def digest_of(manifest: Mapping[str, str]) -> str:
    """One digest for all files: two packs with the same digest hold the same bytes under the same names."""
    return hashlib.sha256(manifest_text(manifest).encode()).hexdigest()


def public_text(key: Ed25519PublicKey) -> str:
    """A public key as text: `ed25519:<base64>`."""
    return "ed25519:" + base64.b64encode(key.public_bytes_raw()).decode()


def public_key(text: str) -> Ed25519PublicKey:
    """The public key of a text. Raises SignatureRefused."""
    return Ed25519PublicKey.from_public_bytes(_raw(text, 32))


def seal(files: Mapping[str, bytes], *, pack: str, version: str, publisher: str, key: Ed25519PrivateKey) -> bytes:
    """The bytes of pack.sig for these files."""
    signed = (
        f"{FIRST}\npack: {pack}\nversion: {version}\npublisher: {publisher}\n"
        f"key: {public_text(key.public_key())}\n{manifest_text(digests(files))}"
    ).encode()
    return signed + f"signature: ed25519:{base64.b64encode(key.sign(signed)).decode()}\n".encode()


def read_seal(text: bytes) -> Seal:
    """Reads a pack.sig and holds its signature against the key it names. Raises SignatureRefused."""
    at = text.rstrip(b"\n").rfind(b"\n") + 1
    signed, last = text[:at], text[at:]
    try:
        lines = signed.decode().split("\n")[:-1]
        written = last.decode().removesuffix("\n").removeprefix("signature: ")
    except UnicodeDecodeError:
        raise _unreadable(0) from None
    if len(lines) < 5 or lines[0] != FIRST or not last.startswith(b"signature: "):
        raise _unreadable(1)
    head = [_headed(lines[number], name, number + 1) for number, name in enumerate(NAMES, 1)]
    try:
        public_key(head[3]).verify(_raw(written, 64), signed)
    except InvalidSignature:
        raise SignatureRefused(
            "signature-wrong",
            _("The signature does not fit: the list of files was changed after signing."),
            _("Ask the publisher for the pack again. Do not install this copy."),
        ) from None
    pack, version, publisher, key = head
    return Seal(pack, version, publisher, key, _rows(lines[5:]))


def compare(seal: Seal, files: Mapping[str, bytes]) -> list[SignatureRefused]:
    """Every file that is not as it was signed: changed, added or missing."""
    here = digests(files)
    cure = _("Ask the publisher for the pack again, or sign it again if the change is yours.")
    found = [
        SignatureRefused("signature-file-missing", _("This file was signed but is not in the pack."), cure, file=path)
        for path in seal.manifest.keys() - here.keys()
    ]
    found += [
        SignatureRefused("signature-file-added", _("This file was added after signing."), cure, file=path)
        for path in here.keys() - seal.manifest.keys()
    ]
    found += [
        SignatureRefused("signature-file-changed", _("This file was changed after signing."), cure, file=path)
        for path in here.keys() & seal.manifest.keys()
        if here[path] != seal.manifest[path]
    ]
    return sorted(found, key=lambda refused: refused.file)


NAMES = ("pack", "version", "publisher", "key")


def _headed(line: str, name: str, number: int) -> str:
    if not line.startswith(f"{name}: "):
        raise _unreadable(number)
    return line.removeprefix(f"{name}: ")


def _rows(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 6):
        match = ROW.match(line)
        if not match or match[2] in found:
            raise _unreadable(number)
        found[match[2]] = match[1]
    return found


def _raw(text: str, length: int) -> bytes:
    kind, _colon, body = text.partition(":")
    try:
        raw = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if kind != "ed25519" or len(raw) != length:
        raise SignatureRefused(
            "signature-unreadable",
            _("“%(text)s” is not an Ed25519 key or signature.") % {"text": text[:80]},
            _("It begins with “ed25519:” and is one line, as `serai pack key` prints it."),
        )
    return raw


def _unreadable(line: int) -> SignatureRefused:
    says = _("pack.sig is not written as `serai pack sign` writes it.")
    return SignatureRefused("signature-unreadable", says, _("Ask the publisher to sign the pack again."), line=line)
