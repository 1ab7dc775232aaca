"""An account behind a card and a PIN: Amina has one, Karim has another, the thief has whatever lies about."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from serai.kernel.keys.store import KeyRefused, key_store
from serai.kernel.ledger.models import OutboxRow

from ..actions import (
    NotOpened,
    NotRecovered,
    Secrets,
    change_pin,
    close_everywhere,
    delete_account,
    fresh_secrets,
    open_account,
    open_with_card,
    recover,
    renew,
)
from ..models import TRIES, Account, Opened
from ..opened import NotOpen, close, forget_expired, keep_open, opened_by
from ..person import Person
from ..pins import PinRefused, choose_pin, read_pin
from ..sweeps import forget_unused

pytestmark = pytest.mark.django_db
PIN, OTHER_PIN = "402917", "771350"


def _new(pin: str = PIN) -> tuple[Person, Secrets]:
    fresh = fresh_secrets()
    return open_account(pin=pin, fresh=fresh), fresh


def test_a_form_that_is_sent_twice_makes_one_account() -> None:
    amina, hers = _new()
    assert open_account(pin=PIN, fresh=hers) == amina
    with pytest.raises(NotOpened):
        open_account(pin=OTHER_PIN, fresh=hers)
    assert Account.objects.count() == 1


def test_card_and_pin_open_the_account_with_the_same_key_each_time() -> None:
    amina, hers = _new()
    karim, his = _new()
    assert open_with_card(card=hers.card, pin=PIN) == amina
    assert open_with_card(card=his.card, pin=PIN) == karim
    assert amina.key != karim.key
    assert (len(hers.card), len(hers.recovery)) == (20, 16)


def test_the_card_without_the_pin_opens_nothing_and_neither_does_the_pin_with_another_card() -> None:
    _amina, hers = _new()
    _karim, his = _new(OTHER_PIN)
    for card, pin in ((hers.card, OTHER_PIN), (his.card, PIN), (bytes(20), PIN)):
        with pytest.raises(NotOpened) as refused:
            open_with_card(card=card, pin=pin)
        assert str(refused.value) == ""


def test_after_ten_wrong_pins_only_recovery_is_left() -> None:
    amina, hers = _new()
    for _ in range(TRIES):
        with pytest.raises(NotOpened):
            open_with_card(card=hers.card, pin=OTHER_PIN)
    with pytest.raises(NotOpened):
        open_with_card(card=hers.card, pin=PIN)
    assert bytes(Account.objects.get().wrapped) == b""
    fresh = fresh_secrets()
    assert recover(recovery=hers.recovery, pin=OTHER_PIN, fresh=fresh) == amina
    assert open_with_card(card=fresh.card, pin=OTHER_PIN) == amina


def test_a_right_pin_gives_all_tries_back() -> None:
    amina, hers = _new()
    for _ in range(3):
        for _ in range(TRIES - 1):
            with pytest.raises(NotOpened):
                open_with_card(card=hers.card, pin=OTHER_PIN)
        assert open_with_card(card=hers.card, pin=PIN) == amina


@pytest.mark.django_db(transaction=True)
def test_many_phones_at_once_have_ten_tries_together(monkeypatch: pytest.MonkeyPatch) -> None:
    _amina, hers = _new()
    tried: list[str] = []
    from .. import actions

    real = actions._unwrapped

    def counted(account: Any, card: bytes, pin: str) -> bytes | None:
        tried.append(pin)
        return real(account, card, pin)

    monkeypatch.setattr(actions, "_unwrapped", counted)

    def thief(start: int) -> None:
        try:
            for number in range(start, start + 10):
                with pytest.raises(NotOpened):
                    open_with_card(card=hers.card, pin=f"{number:06}")
        finally:
            connection.close()

    threads = [threading.Thread(target=thief, args=(900_000 + 10 * each,)) for each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tried) == TRIES
    assert Account.objects.get().tries_left == 0


def test_recovery_makes_a_new_card_and_the_old_ones_open_nothing() -> None:
    amina, old = _new()
    fresh = fresh_secrets()
    assert recover(recovery=old.recovery, pin=OTHER_PIN, fresh=fresh) == amina
    for card in (old.card, fresh.card):
        with pytest.raises(NotOpened):
            open_with_card(card=card, pin=PIN)
    for recovery in (old.recovery, bytes(16)):
        with pytest.raises(NotRecovered):
            recover(recovery=recovery, pin=PIN, fresh=fresh_secrets())
    assert open_with_card(card=fresh.card, pin=OTHER_PIN) == amina
    assert recover(recovery=fresh.recovery, pin=PIN, fresh=fresh_secrets()) == amina


def test_another_pin_keeps_card_and_shares() -> None:
    amina, hers = _new()
    change_pin(person=amina, pin=OTHER_PIN)
    with pytest.raises(NotOpened):
        open_with_card(card=hers.card, pin=PIN)
    assert open_with_card(card=hers.card, pin=OTHER_PIN) == amina
    assert recover(recovery=hers.recovery, pin=PIN, fresh=fresh_secrets()) == amina


def test_who_opened_before_a_change_writes_nothing_over_it_and_keeps_nothing_open() -> None:
    amina, hers = _new()
    thief = open_with_card(card=hers.card, pin=PIN)
    token, fresh = keep_open(thief), fresh_secrets()
    renew(person=amina, pin=OTHER_PIN, fresh=fresh)
    for call in (
        lambda: renew(person=thief, pin=PIN, fresh=fresh_secrets()),
        lambda: change_pin(person=thief, pin=PIN),
        lambda: close_everywhere(person=thief),
    ):
        with pytest.raises(NotOpened):
            call()
    for each in (token, keep_open(thief)):
        with pytest.raises(NotOpen):
            opened_by(each)
    assert open_with_card(card=fresh.card, pin=OTHER_PIN) == amina
    assert recover(recovery=fresh.recovery, pin=PIN, fresh=fresh_secrets()) == amina


def test_a_card_renewed_while_its_pin_was_computed_does_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    from .. import actions

    amina, hers = _new()
    real = actions._unwrapped

    def renewed_meanwhile(account: Account, card: bytes, pin: str) -> bytes | None:
        renew(person=amina, pin=OTHER_PIN, fresh=fresh_secrets())
        return real(account, card, pin)

    monkeypatch.setattr(actions, "_unwrapped", renewed_meanwhile)
    with pytest.raises(NotOpened):
        open_with_card(card=hers.card, pin=PIN)


def test_what_is_not_the_fault_of_the_pin_takes_no_try(monkeypatch: pytest.MonkeyPatch) -> None:
    from .. import actions

    _amina, hers = _new()
    monkeypatch.setattr(actions, "_unwrapped", lambda *_: (_ for _ in ()).throw(MemoryError()))
    for _ in range(TRIES + 1):
        with pytest.raises(MemoryError):
            open_with_card(card=hers.card, pin=PIN)
    assert Account.objects.get().tries_left == TRIES


def test_each_purpose_knows_a_person_by_another_name_that_nobody_can_make_from_the_account() -> None:
    amina, _hers = _new()
    karim, _his = _new()
    names = {
        person.pseudonym(purpose, epoch) for person in (amina, karim) for purpose in ("safe", "aid") for epoch in (1, 2)
    }
    assert len(names) == 8
    assert amina.pseudonym("safe") == amina.pseudonym("safe")
    assert amina.seed("safe") != amina.seed("aid")
    assert all(len(bytes.fromhex(name)) == 16 for name in names)
    told = str(list(Account.objects.values())) + repr(amina)
    assert not any(name in told or name[:8] in told for name in names)
    assert amina.key.hex() not in told


def test_card_and_database_without_the_key_store_cannot_tell_a_right_pin_from_a_wrong_one(
    settings: Any, tmp_path: Path
) -> None:
    amina, hers = _new()
    here, settings.SERAI_DATA = settings.SERAI_DATA, tmp_path
    for _ in range(TRIES + 1):
        with pytest.raises(KeyRefused, match="store-closed"):  # lost: nobody's tries are taken
            open_with_card(card=hers.card, pin=PIN)
    with pytest.raises(KeyRefused, match="store-closed"):
        _new()
    key_store().mac("people.pin", b"")  # a key store, but another one
    with pytest.raises(NotOpened):
        open_with_card(card=hers.card, pin=PIN)
    settings.SERAI_DATA = here
    assert open_with_card(card=hers.card, pin=PIN) == amina


def test_what_is_open_closes_by_itself_by_hand_and_everywhere() -> None:
    amina, hers = _new()
    phone, laptop = keep_open(amina), keep_open(amina)
    assert opened_by(phone) == opened_by(laptop) == amina
    close(phone)
    with pytest.raises(NotOpen):
        opened_by(phone)
    assert opened_by(laptop) == amina
    amina = close_everywhere(person=amina)
    with pytest.raises(NotOpen):
        opened_by(laptop)
    phone = keep_open(amina)
    assert opened_by(phone) == amina
    renew(person=amina, pin=PIN, fresh=fresh_secrets())
    with pytest.raises(NotOpen):
        opened_by(phone)
    with pytest.raises(NotOpened):
        open_with_card(card=hers.card, pin=PIN)


def test_what_is_open_ends_some_minutes_after_its_last_use_and_in_two_hours_at_the_latest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    amina, _hers = _new()
    token, start = keep_open(amina), timezone.now()
    later = [14, 28, 42, 56, 70, 84, 98, 112]
    for minutes in later:
        monkeypatch.setattr(timezone, "now", lambda minutes=minutes: start + timedelta(minutes=minutes))
        assert opened_by(token) == amina
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(minutes=121))
    with pytest.raises(NotOpen):
        opened_by(token)
    other = keep_open(amina)
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(minutes=121 + 16))
    with pytest.raises(NotOpen):
        opened_by(other)
    assert forget_expired() == 1
    assert not Opened.objects.exists()


@pytest.mark.parametrize("spoilt", ["", "x", "é", "AAAA", "A" * 64, "A" * 65])
def test_what_is_no_token_opens_nothing(spoilt: str) -> None:
    amina, _hers = _new()
    token = keep_open(amina)
    for text in (spoilt, token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")):
        with pytest.raises(NotOpen):
            opened_by(text)
        close(text)
    assert opened_by(token) == amina


def test_what_is_open_does_not_say_whose_it_is() -> None:
    amina, _hers = _new()
    keep_open(amina)
    row = Opened.objects.get()
    told = f"{row.key} {bytes(row.sealed).hex()} {row}"
    assert amina.account.hex not in told
    assert amina.key.hex() not in told


def test_a_deleted_account_opens_nothing_on_any_device() -> None:
    amina, hers = _new()
    token = keep_open(amina)
    delete_account(person=amina)
    delete_account(person=amina)
    with pytest.raises(NotOpen):
        opened_by(token)
    with pytest.raises(NotOpened):
        open_with_card(card=hers.card, pin=PIN)
    with pytest.raises(NotRecovered):
        recover(recovery=hers.recovery, pin=PIN, fresh=fresh_secrets())
    assert not Account.objects.exists()


def test_accounts_that_nobody_has_used_for_two_years_go_and_no_others() -> None:
    amina, _hers = _new()
    karim, _his = _new()
    two_years_ago = timezone.now() - timedelta(days=730 + 32)
    Account.objects.filter(pk=amina.account).update(used=f"{two_years_ago:%Y-%m}")
    forget_unused()
    assert [row.pk for row in Account.objects.all()] == [karim.account]
    assert OutboxRow.objects.filter(event="people.accounts_expired").count() == 1


def test_the_ledger_says_that_something_happened_and_never_to_whom() -> None:
    amina, _hers = _new()
    amina = change_pin(person=amina, pin=OTHER_PIN)
    delete_account(person=amina)
    rows = OutboxRow.objects.all()
    assert [row.event for row in rows] == ["people.account_opened", "people.pin_changed", "people.account_deleted"]
    assert {(row.subject, row.by) for row in rows} == {("people.account:-", "")}


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("402917", "402917"), (" 40 29-17 ", "402917"), ("٤٠٢٩١٧", "402917"), ("۴۰۲۹۱۷", "402917"), ("৪০২৯১৭", "402917"),
     ("४०२९१७", "402917"), ("\u2068402917\u2069", "402917"), ("40\u20112917", "402917")],
)  # fmt: skip
def test_a_pin_may_be_typed_in_the_digits_of_any_script(typed: str, digits: str) -> None:
    assert read_pin(typed) == digits


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "short"), ("12345", "short"), ("1" * 13, "long"), ("12a456", "not-digits"), ("½23456", "not-digits"),
     ("111111", "plain"), ("123456", "plain"), ("987654", "plain"), ("890123", "plain"), ("121212", "plain"),
     ("199199", "plain"), ("112211", "plain")],
)  # fmt: skip
def test_a_pin_that_anybody_would_try_first_is_refused(typed: str, code: str) -> None:
    with pytest.raises(PinRefused) as refused:
        choose_pin(typed)
    assert refused.value.code == code


def test_an_ordinary_pin_is_taken() -> None:
    assert [choose_pin(pin) for pin in ("402917", "135790", "20071988")] == ["402917", "135790", "20071988"]
