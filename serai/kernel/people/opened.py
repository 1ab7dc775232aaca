"""What is open on a device for a while: a token that travels in the page, never in a cookie nor in an address.

The token is the key: the row opens with nothing else, so neither the database nor a page alone opens anything, and
deleting the row ends it.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils import timezone

from serai.kernel.keys.store import key_store

from .models import Account, Opened
from .person import Person, derived

TOKEN_BYTES = 48
NONCE_BYTES = 12
_KEY = "people.opened"


class NotOpen(ValueError):
    """Closed, too long unused, or never open: open again with card and PIN."""


def keep_open(person: Person) -> str:
    """A token for this device, for SERAI_OPEN_MINUTES from its last use."""
    token, nonce = secrets.token_bytes(TOKEN_BYTES), secrets.token_bytes(NONCE_BYTES)
    until = timezone.now() + timedelta(minutes=settings.SERAI_OPEN_MOST_MINUTES)
    said = {
        "account": person.account.hex,
        "key": person.key.hex(),
        "card": person.card.hex(),
        "generation": person.generation,
        "until": until.timestamp(),
    }
    mac = key_store().mac(_KEY, token)
    sealed = mac[:4] + nonce + AESGCM(_opening(token, mac)).encrypt(nonce, json.dumps(said).encode(), None)
    Opened.objects.create(key=_row_of(token), sealed=sealed, expires_at=_idle_until())
    return base64.urlsafe_b64encode(token).decode()


def opened_by(text: str) -> Person:
    """Who has this open, which is then open a while longer. Raises NotOpen."""
    token = _read(text)
    row = Opened.objects.filter(key=_row_of(token), expires_at__gt=timezone.now()).first()
    if row is None:
        raise NotOpen
    sealed = bytes(row.sealed)
    mac = key_store().mac(_KEY, token, int.from_bytes(sealed[:4], "big"))
    start = 4 + NONCE_BYTES
    try:
        said = json.loads(AESGCM(_opening(token, mac)).decrypt(sealed[4:start], sealed[start:], None))
    except InvalidTag:
        raise NotOpen from None
    account = UUID(said["account"])
    living = Account.objects.filter(pk=account, generation=said["generation"]).exists()
    if not living or said["until"] < timezone.now().timestamp():
        row.delete()
        raise NotOpen
    Opened.objects.filter(pk=row.pk).update(expires_at=_idle_until())
    return Person(account, bytes.fromhex(said["key"]), bytes.fromhex(said["card"]), said["generation"])


def close(text: str) -> None:
    """Ends it on this device. Nothing happens where it was not open."""
    try:
        Opened.objects.filter(key=_row_of(_read(text))).delete()
    except NotOpen:
        return


def forget_expired() -> int:
    """Deletes what nobody can open any more; how many."""
    return Opened.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _read(text: str) -> bytes:
    try:
        token = base64.urlsafe_b64decode(text.encode())
    except (binascii.Error, ValueError):
        raise NotOpen from None
    if len(token) != TOKEN_BYTES:
        raise NotOpen
    return token


def _row_of(token: bytes) -> str:
    return derived(token, "row of opened").hex()


def _opening(token: bytes, mac: bytes) -> bytes:
    return derived(token + mac, "opened")


def _idle_until() -> datetime:
    return timezone.now() + timedelta(minutes=settings.SERAI_OPEN_MINUTES)
