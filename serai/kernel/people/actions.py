"""Everything that changes an account. A PIN is computed outside of transactions: it takes long, and others write.

Whether a card is known cannot be told from the answer nor from how long it takes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from serai.kernel.ledger.actions import record

from .models import TRIES, Account
from .person import KEY_BYTES, Person, derived
from .pins import SALT_BYTES, Cost, check_keys, pin_key

SECRET_BYTES = 20  # 160 bits
RECOVERY_BYTES = 16
NONCE_BYTES = 12
SUBJECT = "people.account:-"  # the ledger never says whose


class NotOpened(ValueError):
    """Card and PIN do not belong together, the card is not known, or its tries are used up: which, is not said."""


class NotRecovered(ValueError):
    """The shares are not those of an account."""


@dataclass(frozen=True)
class Secrets:
    """What the person is shown once and the house forgets. card: 20 bytes; recovery: 16, to be cut into shares."""

    card: bytes = field(repr=False)
    recovery: bytes = field(repr=False)


def fresh_secrets() -> Secrets:
    """For a card that is not there yet."""
    return Secrets(secrets.token_bytes(SECRET_BYTES), secrets.token_bytes(RECOVERY_BYTES))


def open_account(*, pin: str, fresh: Secrets) -> Person:
    """A new account behind a PIN (pins.choose_pin). Nothing is asked of the person.

    The same secrets again, as from a form that was sent twice, open the account that they made. Raises NotOpened when
    that has another PIN, KeyRefused when the key store is not the one under which others have theirs.
    """
    if Account.objects.filter(card=_found_by(fresh.card, "card")).exists():
        return open_with_card(card=fresh.card, pin=pin)
    check_keys()
    pk, key = uuid4(), secrets.token_bytes(KEY_BYTES)
    row = Account(pk=pk, **_recoverable(pk, key, fresh), **_wrapped(pk, key, fresh.card, pin))
    with transaction.atomic():
        Account.objects.bulk_create([row], ignore_conflicts=True)  # a refused row would stand in the database's log
        made = Account.objects.filter(pk=pk).exists()
        if made:
            record("people.account_opened", subject=SUBJECT)
    return Person(pk, key, fresh.card) if made else open_with_card(card=fresh.card, pin=pin)


def open_with_card(*, card: bytes, pin: str) -> Person:
    """Raises NotOpened; the tenth wrong PIN leaves only recovery. Ten at once count like ten one after another. What is
    not the fault of the PIN (KeyRefused, no memory) takes no try."""
    check_keys()
    account = Account.objects.filter(card=_found_by(card, "card")).first()
    if account is None or not _takes_a_try(account):
        pin_key(pin, card, secrets.token_bytes(SALT_BYTES), Cost.now())  # as long as with a card that is known
        raise NotOpened
    try:
        key = _unwrapped(account, card, pin)
    except Exception:
        Account.objects.filter(pk=account.pk).update(tries_left=F("tries_left") + 1)
        raise
    if key is None:
        _forget_if_none_left(account)
        raise NotOpened
    standing = Account.objects.filter(pk=account.pk, generation=account.generation).exclude(wrapped=b"")
    if not standing.update(tries_left=TRIES, used=_month()):
        raise NotOpened  # another card, or none, since it was read
    return Person(account.pk, key, card, account.generation)


def change_pin(*, person: Person, pin: str) -> Person:
    """Another PIN for the same card. Everything that is open elsewhere closes. Raises NotOpened when the account has
    changed since it was opened, as all that follow."""
    return _changed(person, "people.pin_changed", **_wrapped(person.account, person.key, person.card, pin))


def renew(*, person: Person, pin: str, fresh: Secrets) -> Person:
    """A new card and new shares; the old ones open nothing. Everything that is open elsewhere closes."""
    columns = _recoverable(person.account, person.key, fresh)
    columns |= _wrapped(person.account, person.key, fresh.card, pin)
    return replace(_changed(person, "people.card_renewed", **columns), card=fresh.card)


def recover(*, recovery: bytes, pin: str, fresh: Secrets) -> Person:
    """With the secret that shares make: a new card, a new PIN, new shares. Raises NotRecovered."""
    account = Account.objects.filter(recovery=_found_by(recovery, "recovery")).first()
    if account is None:
        raise NotRecovered
    key = _open(derived(recovery, "recovery key"), bytes(account.wrapped_for_recovery), account.pk)
    if key is None:
        raise NotRecovered
    try:
        return renew(person=Person(account.pk, key, generation=account.generation), pin=pin, fresh=fresh)
    except NotOpened:
        raise NotRecovered from None


def close_everywhere(*, person: Person) -> Person:
    """Closes everything that is open for this account, on each device."""
    return _changed(person, "people.closed_everywhere")


def delete_account(*, person: Person) -> None:
    """The account, its key and what is open. What lies under pseudonyms must have been deleted before: nobody finds it
    afterwards."""
    with transaction.atomic():
        gone, _ = Account.objects.filter(pk=person.account).delete()
        if gone:
            record("people.account_deleted", subject=SUBJECT)


def _changed(person: Person, event: str, **columns: Any) -> Person:
    """Writes only these columns, and only where nobody has changed the account since this person opened it."""
    with transaction.atomic():
        same = Account.objects.filter(pk=person.account, generation=person.generation)
        if not same.update(**columns, generation=F("generation") + 1):
            raise NotOpened
        record(event, subject=SUBJECT)
    return replace(person, generation=person.generation + 1)


def _recoverable(pk: UUID, key: bytes, fresh: Secrets) -> dict[str, Any]:
    """Columns for fresh secrets, but for what needs the PIN."""
    wrapped = _seal(derived(fresh.recovery, "recovery key"), key, pk)
    found = {"card": _found_by(fresh.card, "card"), "recovery": _found_by(fresh.recovery, "recovery")}
    return {**found, "wrapped_for_recovery": wrapped}


def _wrapped(pk: UUID, key: bytes, card: bytes, pin: str) -> dict[str, Any]:
    """Columns of a key under card and PIN."""
    cost, salt = Cost.now(), secrets.token_bytes(SALT_BYTES)
    version, wrapping = pin_key(pin, card, salt, cost)
    wrapped = version.to_bytes(4, "big") + _seal(wrapping, key, pk)
    return {"salt": salt, "cost": str(cost), "wrapped": wrapped, "tries_left": TRIES, "used": _month()}


def _unwrapped(account: Account, card: bytes, pin: str) -> bytes | None:
    wrapped = bytes(account.wrapped)
    version = int.from_bytes(wrapped[:4], "big")
    _version, wrapping = pin_key(pin, card, bytes(account.salt), Cost.parse(account.cost), version)
    return _open(wrapping, wrapped[4:], account.pk)


def _takes_a_try(account: Account) -> bool:
    """Counts a try before it is made, so that it counts whatever happens then."""
    left = Account.objects.filter(pk=account.pk, tries_left__gt=0).exclude(wrapped=b"")
    return bool(left.update(tries_left=F("tries_left") - 1))


def _forget_if_none_left(account: Account) -> None:
    with transaction.atomic():
        if Account.objects.filter(pk=account.pk, tries_left=0).exclude(wrapped=b"").update(wrapped=b""):
            record("people.card_locked", subject=SUBJECT)


def _found_by(secret: bytes, use: str) -> str:
    return derived(secret, f"{use} found by").hex()


def _month() -> str:
    return f"{timezone.now():%Y-%m}"


def _seal(wrapping: bytes, key: bytes, pk: UUID) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(wrapping).encrypt(nonce, key, pk.bytes)


def _open(wrapping: bytes, sealed: bytes, pk: UUID) -> bytes | None:
    try:
        return AESGCM(wrapping).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], pk.bytes)
    except (InvalidTag, ValueError):
        return None
