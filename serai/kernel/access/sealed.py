"""Secrets that the database must hold but that nobody should read in a copy of it: sealed with a key of the house.

The key comes from SECRET_KEY, which lies in the data folder or the surroundings and never in the database.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotOpen(ValueError):
    """The secret was sealed under another SECRET_KEY: put the old one into SECRET_KEY_FALLBACKS, or set it up anew."""


def seal(secret: str) -> str:
    """The secret as it may lie in the database."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret again. Raises CannotOpen."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotOpen("sealed under another key") from None


def _box() -> MultiFernet:
    return _box_of((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=1)  # a directory seals and opens thousands
def _box_of(secrets: tuple[str | bytes, ...]) -> MultiFernet:
    return MultiFernet([_key(secret) for secret in secrets])


def _key(secret: str | bytes) -> Fernet:
    given = secret.encode() if isinstance(secret, str) else secret
    digest = hmac.new(given, b"serai.kernel.access.sealed", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
