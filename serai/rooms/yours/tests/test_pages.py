"""A page of one's own, as Amina sees it on a phone without JavaScript; and what the employer sees who took her card."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from serai.kernel.people.models import TRIES, Account, Opened

pytestmark = pytest.mark.django_db
PIN, OTHER_PIN = "402917", "771350"
GROUPS = re.compile(r'<ol class="groups" dir="ltr">(.*?)</ol>', re.S)


class Phone:
    """A browser that sends the one form of a page whose button is pressed, with its hidden fields."""

    def __init__(self, client: Client) -> None:
        self.client, self.page, self.answers = client, "", []

    def get(self, path: str) -> str:
        return self._seen(self.client.get(path))

    def press(self, words: str, **typed: str) -> str:
        form = next(form for form in re.findall(r"<form .*?</form>", self.page, re.S) if words in form)
        action = re.search(r'action="([^"]*)"', form)
        assert action is not None
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        pressed = dict(re.findall(r'<button[^>]* name="(\w+)" value="(\w+)"', form))
        return self._seen(self.client.post(action[1], {**hidden, **pressed, **typed}))

    def groups(self) -> list[str]:
        return [" ".join(re.findall(r"<li>(\d+)</li>", found)) for found in GROUPS.findall(self.page)]

    def _seen(self, answer: HttpResponse) -> str:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert not answer.cookies
        self.page = unescape(answer.content.decode())
        self.answers.append(self.page)
        return self.page


@pytest.fixture
def phone(client: Client) -> Phone:
    """A phone with an old browser."""
    return Phone(client)


def _make(phone: Phone, pin: str = PIN) -> tuple[str, list[str]]:
    phone.get("/en/yours/new/")
    phone.press("Make my card", pin=pin, again=pin)
    card, *shares = phone.groups()
    return card, shares


def _open(phone: Phone, card: str, pin: str = PIN) -> str:
    phone.get("/en/yours/open/")
    phone.press("Go on", card=card)
    return phone.press("Open my page", pin=pin)


def test_a_new_card_opens_the_page_with_its_pin_and_nothing_else_was_asked(phone: Phone) -> None:
    assert "Make a new card" in phone.get("/en/yours/")
    asked = re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', phone.get("/en/yours/new/"))
    assert asked == ["state", "pin", "again"]
    card, shares = _make(phone)
    assert (len(card.split()), len(shares), {len(share.split()) for share in shares}) == (13, 3, {20})
    assert "Close my page" in phone.press("I have written it down")
    assert "Your page is closed" in phone.press("Close my page")
    assert not Opened.objects.exists()
    assert "Close my page" in _open(phone, card)


def test_a_form_that_is_sent_twice_makes_one_card(phone: Phone) -> None:
    page = phone.get("/en/yours/new/")
    made = []
    for _ in range(2):
        phone.page = page
        phone.press("Make my card", pin=PIN, again=PIN)
        made.append(phone.groups()[0])
    assert made[0] == made[1]
    assert Account.objects.count() == 1
    phone.page = page
    assert "Begin again" in phone.press("Make my card", pin=OTHER_PIN, again=OTHER_PIN)


@pytest.mark.parametrize(
    ("pin", "again", "says"),
    [
        ("12a456", "12a456", "A PIN has digits only."), ("4029", "4029", "A PIN has 6 digits or more."),
        ("4" * 13, "4" * 13, "A PIN has 12 digits at most."), ("123456", "123456", "Others would guess this PIN"),
        (PIN, OTHER_PIN, "The two PINs are not the same."),
    ],
)  # fmt: skip
def test_a_pin_that_cannot_be_taken_is_said_and_makes_no_card(phone: Phone, pin: str, again: str, says: str) -> None:
    phone.get("/en/yours/new/")
    assert says in phone.press("Make my card", pin=pin, again=again)
    assert not Account.objects.exists()
    assert phone.press("Make my card", pin=PIN, again=PIN).count("<li>") >= 13


def test_digits_may_be_typed_in_any_script_and_a_slip_is_named_by_its_group(phone: Phone) -> None:
    card, _shares = _make(phone)
    arabic = card.translate({ord(str(digit)): 0x660 + digit for digit in range(10)})
    assert "Close my page" in _open(phone, arabic, "٤٠٢٩١٧")
    groups = card.split()
    groups[6] = groups[6][:-1] + str((int(groups[6][-1]) + 1) % 10)
    phone.get("/en/yours/open/")
    page = phone.press("Go on", card=" ".join(groups))
    assert "Group 7 has a wrong digit. Compare it with your paper." in page
    assert " ".join(groups) in page
    assert "Some groups are missing" in phone.press("Go on", card=card[:-6])
    assert "Write digits only" in phone.press("Go on", card="my card")


def test_the_employer_with_the_card_but_not_the_pin_gets_nothing_and_learns_nothing(phone: Phone) -> None:
    unknown, _shares = _make(phone)
    Account.objects.all().delete()
    card, shares = _make(phone)
    seen = []
    for each in (card, unknown):
        page = _open(phone, each, OTHER_PIN)
        seen.append(re.sub(r'name="state" value="[^"]*"', "", page))
    assert seen[0] == seen[1]
    assert "Close my page" not in seen[0]
    _open(phone, card, OTHER_PIN)
    for _ in range(TRIES):
        phone.press("Open my page", pin=OTHER_PIN)
    assert "Close my page" not in _open(phone, card)
    phone.get("/en/yours/recover/")
    phone.press("Make my card", one=shares[0], other=shares[2], pin=OTHER_PIN, again=OTHER_PIN)
    fresh = phone.groups()[0]
    assert "Close my page" not in _open(phone, card, OTHER_PIN)
    assert "Close my page" in _open(phone, fresh, OTHER_PIN)


@pytest.mark.parametrize(("one", "other"), [(0, 1), (2, 0), (1, 2)])
def test_any_two_shares_bring_the_page_back(phone: Phone, one: int, other: int) -> None:
    _card, shares = _make(phone)
    form = phone.get("/en/yours/recover/")
    made = []
    for _ in range(2):  # the first answer was lost on the way
        phone.page = form
        phone.press("Make my card", one=shares[one], other=shares[other], pin=PIN, again=PIN)
        made.append(phone.groups()[0])
    assert made[0] == made[1]
    assert "Close my page" in phone.press("I have written it down")
    assert Account.objects.count() == 1
    phone.get("/en/yours/recover/")
    again = {"pin": PIN, "again": PIN}
    assert "open nothing here" in phone.press("Make my card", one=shares[one], other=shares[other], **again)


def test_shares_that_do_not_belong_together_are_said(phone: Phone) -> None:
    _card, hers = _make(phone)
    _card, his = _make(phone)
    phone.get("/en/yours/recover/")
    again = {"pin": PIN, "again": PIN}
    assert "same share twice" in phone.press("Make my card", one=hers[0], other=hers[0], **again)
    assert "do not belong together" in phone.press("Make my card", one=hers[0], other=his[1], **again)
    slip = hers[1][:-1] + str((int(hers[1][-1]) + 1) % 10)
    assert "Group 20 has a wrong digit" in phone.press("Make my card", one=hers[0], other=slip, **again)
    assert "This is not a share" in phone.press("Make my card", one=hers[0], other=hers[1][:-6], **again)
    assert Account.objects.count() == 2


def test_a_new_card_and_closing_everywhere_end_what_is_open_elsewhere(phone: Phone, client: Client) -> None:
    card, _shares = _make(phone)
    laptop = Phone(client)
    _open(laptop, card)
    _open(phone, card)
    assert "Close my page" in phone.press("Close my page on all other phones")
    assert "Your page is closed." in laptop.press("Make a new card and a new PIN")
    phone.press("Make a new card and a new PIN")
    form = phone.page
    assert "do not fit together" in phone.press("Make my card", now=OTHER_PIN, pin=OTHER_PIN, again=OTHER_PIN)
    made = []
    for _ in range(2):  # the first answer was lost on the way
        phone.page = form
        phone.press("Make my card", now=PIN, pin=OTHER_PIN, again=OTHER_PIN)
        made.append(phone.groups()[0])
    assert made[0] == made[1]
    assert "Close my page" not in _open(phone, card)
    assert "Close my page" in _open(phone, made[0], OTHER_PIN)


def test_a_page_is_deleted_after_one_question(phone: Phone) -> None:
    card, _shares = _make(phone)
    phone.press("I have written it down")
    assert "Delete your page for ever?" in phone.press("Delete my page")
    assert Account.objects.exists()
    assert "do not fit together" in phone.press("Delete everything", pin=OTHER_PIN)
    assert Account.objects.exists()
    assert "Your page is deleted" in phone.press("Delete everything", pin=PIN)
    assert not Account.objects.exists()
    assert not Opened.objects.exists()
    assert "Close my page" not in _open(phone, card)


def test_nothing_that_opens_a_page_stands_in_an_address(phone: Phone) -> None:
    card, _shares = _make(phone)
    _open(phone, card)
    phone.press("Make a new card and a new PIN")
    secrets = {value for page in phone.answers for value in re.findall(r'name="(?:open|state)" value="([^"]+)"', page)}
    assert len(secrets) >= 4
    for page in phone.answers:
        addresses = re.findall(r'(?:href|action|src)="([^"]*)"', page)
        assert not any(secret in address or card.split()[0] in address for secret in secrets for address in addresses)


def test_without_what_opens_it_each_page_says_how_to_open_it(client: Client) -> None:
    for name in ("page", "renew", "delete"):
        for answer in (client.get(f"/en/yours/{name}/"), client.post(f"/en/yours/{name}/", {"open": "A" * 64})):
            assert "Your page is closed" in answer.content.decode()
    assert client.post("/en/yours/close/").headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_form_waits_for_an_hour_and_opens_no_other(phone: Phone, monkeypatch: Any) -> None:
    card, _shares = _make(phone)
    phone.get("/en/yours/open/")
    asked = phone.press("Go on", card=card)
    state = re.search(r'name="state" value="([^"]+)"', asked)
    assert state is not None
    assert "Begin again" in phone._seen(phone.client.post("/en/yours/new/", {"state": state[1], "pin": PIN}))
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr(timezone, "now", lambda: later)
    phone.page = asked
    assert "That took too long" in phone.press("Open my page", pin=PIN)
    for spoilt in ("", "x", state[1][:-2]):
        assert "Begin again" in phone._seen(phone.client.post("/en/yours/open/", {"state": spoilt, "pin": PIN}))
