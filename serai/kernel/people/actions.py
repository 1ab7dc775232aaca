"""Everything that changes an account. A PIN is computed outside of transactions: it takes long, and others write.

Whether a card is known cannot be told from the answer nor from how long it takes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from serai.kernel.ledger.actions import record

from .models import TRIES, Account
from .person import KEY_BYTES, Person, derived
from .pins import SALT_BYTES, Cost, pin_key

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
    that has another PIN.
    """
    account, key = Account(), secrets.token_bytes(KEY_BYTES)
    _with_secrets(account, key, fresh, pin)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            record("people.account_opened", subject=SUBJECT)
    except IntegrityError:
        return open_with_card(card=fresh.card, pin=pin)
    return Person(account.pk, key)


def open_with_card(*, card: bytes, pin: str) -> Person:
    """Raises NotOpened; the tenth wrong PIN leaves only recovery. Ten at once count like ten one after another."""
    account = Account.objects.filter(card=_found_by(card, "card")).first()
    if account is None or not _takes_a_try(account):
        pin_key(pin, card, secrets.token_bytes(SALT_BYTES), Cost.now())  # as long as with a card that is known
        raise NotOpened
    key = _unwrapped(account, card, pin)
    if key is None:
        _forget_if_none_left(account)
        raise NotOpened
    _used(account)
    return Person(account.pk, key)


def change_pin(*, person: Person, card: bytes, pin: str) -> None:
    """Another PIN for the same card. Everything that is open elsewhere closes. Raises NotOpened for another card."""
    account = Account.objects.get(pk=person.account)
    if not secrets.compare_digest(account.card, _found_by(card, "card")):
        raise NotOpened
    _wrap_with_card(account, person.key, card, pin)
    _save(account, "people.pin_changed")


def renew(*, person: Person, pin: str) -> Secrets:
    """A new card and new shares; the old ones open nothing. Everything that is open elsewhere closes."""
    account, fresh = Account.objects.get(pk=person.account), fresh_secrets()
    _with_secrets(account, person.key, fresh, pin)
    _save(account, "people.card_renewed")
    return fresh


def recover(*, recovery: bytes, pin: str) -> tuple[Person, Secrets]:
    """With the secret that shares make: a new card, a new PIN, new shares. Raises NotRecovered."""
    account = Account.objects.filter(recovery=_found_by(recovery, "recovery")).first()
    if account is None:
        raise NotRecovered
    key = _open(derived(recovery, "recovery key"), bytes(account.wrapped_for_recovery), account)
    if key is None:
        raise NotRecovered
    person = Person(account.pk, key)
    return person, renew(person=person, pin=pin)


def close_everywhere(*, person: Person) -> None:
    """Closes everything that is open for this account, on each device."""
    _save(Account.objects.get(pk=person.account), "people.closed_everywhere")


def delete_account(*, person: Person) -> None:
    """The account, its key and what is open. What lies under pseudonyms must have been deleted before: nobody finds it
    afterwards."""
    with transaction.atomic():
        gone, _ = Account.objects.filter(pk=person.account).delete()
        if gone:
            record("people.account_deleted", subject=SUBJECT)


def _with_secrets(account: Account, key: bytes, fresh: Secrets, pin: str) -> None:
    account.card, account.recovery = _found_by(fresh.card, "card"), _found_by(fresh.recovery, "recovery")
    account.wrapped_for_recovery = _seal(derived(fresh.recovery, "recovery key"), key, account)
    _wrap_with_card(account, key, fresh.card, pin)


def _wrap_with_card(account: Account, key: bytes, card: bytes, pin: str) -> None:
    cost = Cost.now()
    account.salt, account.cost = secrets.token_bytes(SALT_BYTES), str(cost)
    version, wrapping = pin_key(pin, card, account.salt, cost)
    account.wrapped = version.to_bytes(4, "big") + _seal(wrapping, key, account)
    account.tries_left, account.used = TRIES, _month()


def _unwrapped(account: Account, card: bytes, pin: str) -> bytes | None:
    wrapped = bytes(account.wrapped)
    version = int.from_bytes(wrapped[:4], "big")
    _version, wrapping = pin_key(pin, card, bytes(account.salt), Cost.parse(account.cost), version)
    return _open(wrapping, wrapped[4:], account)


def _takes_a_try(account: Account) -> bool:
    """Counts a try before it is made, so that it counts whatever happens then."""
    left = Account.objects.filter(pk=account.pk, tries_left__gt=0).exclude(wrapped=b"")
    return bool(left.update(tries_left=F("tries_left") - 1))


def _forget_if_none_left(account: Account) -> None:
    with transaction.atomic():
        if Account.objects.filter(pk=account.pk, tries_left=0).exclude(wrapped=b"").update(wrapped=b""):
            record("people.card_locked", subject=SUBJECT)


def _used(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(tries_left=TRIES, used=_month())


def _save(account: Account, event: str) -> None:
    with transaction.atomic():
        account.generation += 1
        account.save(force_update=True)
        record(event, subject=SUBJECT)


def _found_by(secret: bytes, use: str) -> str:
    return derived(secret, f"{use} found by").hex()


def _month() -> str:
    return f"{timezone.now():%Y-%m}"


def _seal(wrapping: bytes, key: bytes, account: Account) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(wrapping).encrypt(nonce, key, account.pk.bytes)


def _open(wrapping: bytes, sealed: bytes, account: Account) -> bytes | None:
    try:
        return AESGCM(wrapping).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], account.pk.bytes)
    except (InvalidTag, ValueError):
        return None
