"""Signed notes and checkpoints as C2SP writes them (signed-note, tlog-checkpoint), so that any witness can read ours.

Plain Python: whoever was handed a proof checks it without a house. Only Ed25519 (signature type 0x01).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
DASH = "\u2014 "
MAX_CHARACTERS = 100_000
NAME = re.compile(r"[^\s+]+")
SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class NoteRefused(ValueError):
    """Not a signed note, not a checkpoint, or not signed by a key we trust; says why."""


@dataclass(frozen=True)
class Verifier:
    """A public key with its name: `<name>+<key id, hex>+<base64 of type and key>`."""

    name: str
    key: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        return _key_id(self.name, self.key)

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.key).decode()}"

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Raises NoteRefused."""
        name, _, rest = text.strip().partition("+")
        key_id, _, body = rest.partition("+")
        raw = _decoded(body)
        if not NAME.fullmatch(name) or not _encodes(name) or len(raw) != 33 or raw[:1] != ED25519:
            raise NoteRefused("not an Ed25519 verifier key (name+id+base64)")
        found = cls(name, raw[1:])
        if found.key_id.hex() != key_id:
            raise NoteRefused("the id of the verifier key does not fit its name and key")
        return found


@dataclass(frozen=True)
class Signer:
    """A private key with its name: `PRIVATE+KEY+<name>+<key id>+<base64 of type and seed>`."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.key.public_key().public_bytes_raw())

    def secret_text(self) -> str:
        """What the key file holds."""
        body = base64.b64encode(ED25519 + self.key.private_bytes_raw()).decode()
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{body}"

    @classmethod
    def parse(cls, text: str) -> Signer:
        """Raises NoteRefused, never with the text in it."""
        parts = text.strip().split("+", 4)
        if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
            raise NoteRefused("not a private note key")
        raw = _decoded(parts[4])
        if len(raw) != 33 or raw[:1] != ED25519:
            raise NoteRefused("not an Ed25519 private note key")
        found = cls(parts[2], Ed25519PrivateKey.from_private_bytes(raw[1:]))
        if found.verifier.key_id.hex() != parts[3]:
            raise NoteRefused("the id of the private key does not fit its name and key")
        return found


@dataclass(frozen=True)
class Signature:
    """One signature line. value is the 64 bytes of Ed25519, or whatever another kind of key makes."""

    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True)
class Note:
    """A text with its signatures; text ends in a newline. Nothing is verified yet."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True)
class Head:
    """What a checkpoint says: the tree of `size` leaves of the log `origin` has this root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign_note(text: str, signer: Signer) -> str:
    """The signed note of a text that ends in a newline."""
    if not text.endswith("\n") or text.endswith("\n\n") or CONTROL.search(text) or not _encodes(text):
        raise NoteRefused("a note ends in one newline and has no control characters")
    value = signer.verifier.key_id + signer.key.sign(text.encode())
    return f"{text}\n{DASH}{signer.name} {base64.b64encode(value).decode()}\n"


def parse_note(text: str) -> Note:
    """Splits a note into text and signatures. Raises NoteRefused."""
    if len(text) > MAX_CHARACTERS or CONTROL.search(text) or not _encodes(text):
        raise NoteRefused("too long, or with characters that a note may not hold")
    body, gap, lines = text.rpartition("\n\n")
    if not gap or not body or not lines.endswith("\n"):
        raise NoteRefused("no signature after an empty line")
    return Note(f"{body}\n", tuple(_signature(line) for line in lines[:-1].split("\n")))


def open_note(text: str, verifiers: Iterable[Verifier]) -> Note:
    """The note if a key we trust signed it and no such key's signature is wrong. Raises NoteRefused."""
    note = parse_note(text)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    good = 0
    for signature in note.signatures:
        verifier = known.get((signature.name, signature.key_id))
        if verifier is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(verifier.key).verify(signature.value, note.text.encode())
        except InvalidSignature:
            raise NoteRefused("a signature is wrong: the text was changed after signing") from None
        good += 1
    if not good:
        raise NoteRefused("no signature by a key that is trusted here")
    return note


def parse_head(text: str) -> Head:
    """What the text of a checkpoint's note says; extension lines are allowed and ignored. Raises NoteRefused."""
    lines = text.removesuffix("\n").split("\n")
    if not text.endswith("\n") or len(lines) < 3 or not all(lines):
        raise NoteRefused("a checkpoint has at least three lines and none is empty")
    root = _decoded(lines[2])
    if not SIZE.fullmatch(lines[1]) or len(root) != 32:
        raise NoteRefused("a checkpoint names a size and a root of 32 bytes")
    return Head(lines[0], int(lines[1]), root)


def open_checkpoint(text: str, verifiers: Iterable[Verifier]) -> Head:
    """The head of a checkpoint that a trusted key of the log itself signed. Raises NoteRefused."""
    trusted = list(verifiers)
    head = parse_head(parse_note(text).text)
    open_note(text, [verifier for verifier in trusted if verifier.name == head.origin])
    return head


def _key_id(name: str, key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + key).digest()[:4]


def _signature(line: str) -> Signature:
    name, _, body = line.removeprefix(DASH).partition(" ")
    raw = _decoded(body)
    if not line.startswith(DASH) or not NAME.fullmatch(name) or len(raw) < 5:
        raise NoteRefused("a signature line is not written as C2SP writes it")
    return Signature(name, raw[:4], raw[4:])


def _encodes(text: str) -> bool:
    """Whether it is UTF-8 at all: JSON can spell half a surrogate pair, which is no character."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _decoded(text: str) -> bytes:
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return b""
    return raw if base64.b64encode(raw).decode() == text else b""
