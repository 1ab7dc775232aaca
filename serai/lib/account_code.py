"""The secret of an account, as its owner keeps it: 13 groups of five digits on paper, or the text of a QR code.

An account is 160 random bits and nothing else; who loses them and has no shares has lost it. So a slip of the pen is
found and its group named (see digitgroups), and a checksum over the whole finds what the groups let through. The
secret alone opens only a question for the PIN.

Figures: 160 bits and 12 bits of checksum are less than 10**52, which is 13 groups of four digits, each with its check
digit. The QR text is "SA1:" (the version) and 40 characters of base32: secret and 40 bits of checksum. It is no web
address and names neither the house nor a person; every character is of the QR's alphanumeric kind, so it stays small.
A phone's own camera may offer to look up what it scanned on the web: only the house's own scanner should read it.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Sequence
from typing import Literal

from serai.lib.digitgroups import GroupsRefused, read_groups, show_groups

SECRET_BYTES = 20
GROUPS = 13
VERSION = 1

Wrong = Literal["empty", "not-digits", "wrong-group", "too-short", "too-long", "bad-checksum", "other-version"]

_CHECK_BITS = 12
_QR_CHECK_BYTES = 5
_QR = re.compile(r"SA(?P<version>[0-9]{1,3}):(?P<body>[A-Z2-7]*)", re.ASCII)
_LABEL = b"serai account code 1\x00"


class AccountCodeRefused(ValueError):
    """No code of an account. code: see Wrong; groups: numbers (from 1) of wrong groups. Never holds what was typed."""

    def __init__(self, code: Wrong, groups: Sequence[int] = ()) -> None:
        super().__init__(f"{code}: {', '.join(map(str, groups))}" if groups else code)
        self.code: Wrong = code
        self.groups = tuple(groups)


def new_account_secret() -> bytes:
    """160 random bits."""
    return secrets.token_bytes(SECRET_BYTES)


def show_account_code(secret: bytes) -> list[str]:
    """The 13 groups, in ASCII digits. ValueError for a secret that is not 20 bytes."""
    number = int.from_bytes(_whole(secret), "big") << _CHECK_BITS | _checksum(secret)
    digits = f"{number:0{GROUPS * 4}d}"
    return show_groups([int(digits[at : at + 4]) for at in range(0, len(digits), 4)])


def account_qr_text(secret: bytes) -> str:
    """44 characters for a QR code. ValueError for a secret that is not 20 bytes."""
    body = _whole(secret) + _digest(secret)[:_QR_CHECK_BYTES]
    return f"SA{VERSION}:{base64.b32encode(body).decode()}"


def read_account_code(text: str) -> bytes:
    """The secret from typed digits of any script, or from the text of the QR code. Raises AccountCodeRefused."""
    scanned = _QR.fullmatch(text.strip().upper()) if len(text) < 200 else None
    if scanned:
        return _from_qr(scanned["version"], scanned["body"])
    try:
        numbers = read_groups(text, GROUPS)
    except GroupsRefused as wrong:
        raise AccountCodeRefused(wrong.code, wrong.groups) from None
    number = int("".join(f"{each:04d}" for each in numbers))
    if number >> _CHECK_BITS + SECRET_BYTES * 8:
        raise AccountCodeRefused("bad-checksum")
    secret = (number >> _CHECK_BITS).to_bytes(SECRET_BYTES, "big")
    if _checksum(secret) != number & (1 << _CHECK_BITS) - 1:
        raise AccountCodeRefused("bad-checksum")
    return secret


def _from_qr(version: str, body: str) -> bytes:
    if version != str(VERSION):
        raise AccountCodeRefused("other-version")
    expected = (SECRET_BYTES + _QR_CHECK_BYTES) * 8 // 5
    if len(body) != expected:
        raise AccountCodeRefused("too-short" if len(body) < expected else "too-long")
    raw = base64.b32decode(body)
    secret, check = raw[:SECRET_BYTES], raw[SECRET_BYTES:]
    if _digest(secret)[:_QR_CHECK_BYTES] != check:
        raise AccountCodeRefused("bad-checksum")
    return secret


def _whole(secret: bytes) -> bytes:
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"the secret of an account has {SECRET_BYTES} bytes")
    return secret


def _digest(secret: bytes) -> bytes:
    return hashlib.sha256(_LABEL + secret).digest()


def _checksum(secret: bytes) -> int:
    return int.from_bytes(_digest(secret)[:2], "big") >> 16 - _CHECK_BITS
