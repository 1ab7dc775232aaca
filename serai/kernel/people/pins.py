"""PINs: how they are written, and what is made of them so that nobody can try them without the key store."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from threading import BoundedSemaphore

from argon2.low_level import Type, hash_secret_raw
from django.conf import settings

from serai.kernel.keys.store import KeyRefused, key_store, version_of

from .models import Account
from .person import derived

SHORTEST, LONGEST = 6, 12
SALT_BYTES = 16
_KEY = "people.pin"
_RUNS = 3
_AT_ONCE = BoundedSemaphore(2)
"""So many PINs are computed at once by one process: each takes 64 MiB, and others want to be served."""


class PinRefused(ValueError):
    """Not a PIN that may be chosen. code: `short`, `long`, `not-digits`, `plain` (1111, 1234, a year twice ...)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_pin(text: str) -> str:
    """The digits of a PIN as typed, in any script, with spaces. Raises PinRefused `not-digits`, `short`, `long`."""
    digits = []
    for char in text:
        if char.isspace() or unicodedata.category(char) in ("Cf", "Pd"):
            continue
        value = unicodedata.decimal(char, None)
        if value is None:
            raise PinRefused("not-digits")
        digits.append(str(value))
    if len(digits) < SHORTEST:
        raise PinRefused("short")
    if len(digits) > LONGEST:
        raise PinRefused("long")
    return "".join(digits)


def choose_pin(text: str) -> str:
    """A PIN to be set. Raises PinRefused, also for what somebody tries first."""
    pin = read_pin(text)
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    half = len(pin) // 2
    if (len(steps) == 1 and steps <= {0, 1, 9}) or len(set(pin)) < _RUNS or pin[:half] == pin[half:]:
        raise PinRefused("plain")
    return pin


@dataclass(frozen=True)
class Cost:
    """What one try of a PIN costs (Argon2id, RFC 9106). memory in KiB."""

    memory: int
    passes: int

    @classmethod
    def parse(cls, text: str) -> Cost:
        """From `m=65536,t=3`."""
        said = dict(part.split("=") for part in text.split(","))
        return cls(int(said["m"]), int(said["t"]))

    @classmethod
    def now(cls) -> Cost:
        """What this house asks of new PINs (SERAI_PIN_COST)."""
        return cls.parse(settings.SERAI_PIN_COST)

    def __str__(self) -> str:
        return f"m={self.memory},t={self.passes}"


def check_keys() -> None:
    """Raises KeyRefused `store-closed` where accounts stand whose key is not in this key store: it was lost, or another
    took its place. A right PIN would look like a wrong one there, and the tenth would destroy what it opens."""
    if not key_store().version(_KEY) and Account.objects.exists():
        raise KeyRefused("store-closed", _KEY)


def pin_key(pin: str, secret: bytes, salt: bytes, cost: Cost, version: int = 0) -> tuple[int, bytes]:
    """The key that card and PIN make together, and with which version of the house's own key.

    secret: that of the card. Without the key store nobody can try PINs, without the card neither; and each try costs.
    """
    with _AT_ONCE:
        stretched = hash_secret_raw(pin.encode(), salt, cost.passes, cost.memory, 1, 32, Type.ID)
    peppered = key_store().mac(_KEY, salt + stretched, version)
    return version_of(peppered), derived(secret + peppered, "card and pin")
