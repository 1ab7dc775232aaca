"""Keys and passkeys, from adding one to losing it, with a key made of software."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings

from .people import give_password, sign_in, with_codes, with_password
from .soft_key import SoftKey

pytestmark = pytest.mark.django_db
HERE = "/staff/me/"
SITE = settings.SERAI_DESK_HOST.partition(":")[0]
ORIGIN = f"{settings.SERAI_SCHEME}://{settings.SERAI_DESK_HOST}"


def options_in(page: Any) -> Any:
    """What the page asks the key for."""
    return json.loads(json.dumps(page.context["js_data"], default=dict))


def add(client: Any, key: SoftKey, passwordless: bool = True) -> Any:
    asked = options_in(client.get("/sign-in/2fa/keys/add/"))["creation_options"]
    data = {"name": "Blue key", "credential": key.register(asked), **({"passwordless": "on"} if passwordless else {})}
    return client.post("/sign-in/2fa/keys/add/", data)


def sign_in_by(client: Any, key: SoftKey) -> Any:
    asked = client.get("/sign-in/2fa/keys/sign-in/", HTTP_ACCEPT="application/json").json()["request_options"]
    return client.post("/sign-in/2fa/keys/sign-in/", {"credential": key.sign(asked)})


@pytest.fixture
def key() -> SoftKey:
    """A key that asks for a finger."""
    return SoftKey(ORIGIN, SITE)


def test_adding_a_key_opens_the_desk_and_the_key_alone_signs_in(desk: Any, ana: Any, key: SoftKey) -> None:
    client = desk()
    give_password(client, with_password(ana))
    assert add(client, key).headers["Location"] == "/sign-in/2fa/recovery/"
    assert client.get(HERE).status_code == 200
    assert b"Blue key" in client.get("/sign-in/2fa/keys/").content

    later = desk()
    assert sign_in_by(later, key).status_code == 302
    assert later.get(HERE).status_code == 200


def test_a_key_is_the_second_step_after_the_password(desk: Any, ana: Any, key: SoftKey) -> None:
    first = desk()
    give_password(first, with_password(ana))
    add(first, key)
    client = desk()
    assert give_password(client, ana).headers["Location"] == "/sign-in/2fa/code/"
    asked = options_in(client.get("/sign-in/2fa/code/"))["request_options"]
    assert client.post("/sign-in/2fa/code/", {"credential": key.sign(asked)}).status_code == 302
    assert client.get(HERE).status_code == 200


def test_a_key_that_asks_for_nothing_is_not_taken(desk: Any, ana: Any) -> None:
    client = desk()
    give_password(client, with_password(ana))
    bare = SoftKey(ORIGIN, SITE, verifies=False)
    assert add(client, bare).status_code == 200
    assert not Authenticator.objects.filter(user=ana).exists()


def test_a_challenge_of_the_second_step_does_not_let_a_stolen_key_in_without_its_finger(
    desk: Any, ana: Any, bilal: Any, key: SoftKey
) -> None:
    """Bilal, who has an account of his own, holds Ana's key but not her finger."""
    first = desk()
    give_password(first, with_password(ana))
    add(first, key)
    his = SoftKey(ORIGIN, SITE)
    other = desk()
    give_password(other, with_password(bilal))
    add(other, his)

    thief = desk()
    give_password(thief, bilal)
    asked = options_in(thief.get("/sign-in/2fa/code/"))["request_options"]
    key.verifies = False
    thief.post("/sign-in/2fa/keys/sign-in/", {"credential": key.sign(asked)})
    assert thief.get(HERE).status_code == 302


def test_an_answer_to_another_challenge_or_from_another_site_does_not_sign_in(
    desk: Any, ana: Any, key: SoftKey
) -> None:
    first = desk()
    give_password(first, with_password(ana))
    add(first, key)
    stale = desk().get("/sign-in/2fa/keys/sign-in/", HTTP_ACCEPT="application/json").json()["request_options"]
    client = desk()
    client.get("/sign-in/2fa/keys/sign-in/", HTTP_ACCEPT="application/json")
    client.post("/sign-in/2fa/keys/sign-in/", {"credential": key.sign(stale)})
    assert client.get(HERE).status_code == 302
    key.site = "evil.example"
    assert sign_in_by(client, key).headers["Location"] == "/sign-in/"
    assert client.get(HERE).status_code == 302


NONSENSE = ["", "{}", "[]", '"x"', '{"id": 1}', '{"id": "eA", "rawId": "eA", "response": {}}', "null", "not json"]


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_instead_of_a_key_is_refused_politely(desk: Any, ana: Any, nonsense: str) -> None:
    client = desk()
    client.get("/sign-in/2fa/keys/sign-in/", HTTP_ACCEPT="application/json")
    assert client.post("/sign-in/2fa/keys/sign-in/", {"credential": nonsense}).status_code == 302
    assert client.get(HERE).status_code == 302


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_in_the_other_forms_of_keys_is_refused_too(desk: Any, ana: Any, key: SoftKey, nonsense: str) -> None:
    client = desk()
    give_password(client, with_password(ana))
    client.get("/sign-in/2fa/keys/add/")
    assert client.post("/sign-in/2fa/keys/add/", {"credential": nonsense}).status_code == 200
    assert not Authenticator.objects.filter(user=ana).exists()
    add(client, key)
    client.get("/sign-in/2fa/keys/again/")
    assert client.post("/sign-in/2fa/keys/again/", {"credential": nonsense}).status_code == 302
    later = desk()
    give_password(later, ana)
    later.get("/sign-in/2fa/code/")
    assert later.post("/sign-in/2fa/code/", {"credential": nonsense}).status_code == 200
    assert later.get(HERE).status_code == 302


def test_the_last_key_stays_and_one_of_two_may_go(desk: Any, ana: Any, key: SoftKey) -> None:
    client = desk()
    give_password(client, with_password(ana))
    add(client, key)
    row = Authenticator.objects.get(user=ana, type="webauthn")
    client.post(f"/sign-in/2fa/keys/{row.pk}/remove/")
    assert b"last second factor" in client.get("/sign-in/2fa/keys/").content
    assert Authenticator.objects.filter(pk=row.pk).exists()
    add(client, SoftKey(ORIGIN, SITE))
    client.post(f"/sign-in/2fa/keys/{row.pk}/remove/")
    assert not Authenticator.objects.filter(pk=row.pk).exists()


def test_nobody_touches_the_key_of_a_colleague(desk: Any, ana: Any, bilal: Any, key: SoftKey) -> None:
    client = desk()
    give_password(client, with_password(ana))
    add(client, key)
    row = Authenticator.objects.get(user=ana, type="webauthn")
    other = desk()
    sign_in(other, with_codes(bilal))
    for address in ("remove/", "name/"):
        assert other.post(f"/sign-in/2fa/keys/{row.pk}/{address}", {"name": "mine"}).status_code == 404
    row.refresh_from_db()
    assert row.data["name"] == "Blue key"
    assert client.post(f"/sign-in/2fa/keys/{row.pk}/name/", {"name": "Red key"}).status_code == 302


def test_a_closed_accounts_key_opens_nothing(desk: Any, ana: Any, key: SoftKey) -> None:
    client = desk()
    give_password(client, with_password(ana))
    add(client, key)
    ana.is_active = False
    ana.save()
    later = desk()
    assert sign_in_by(later, key).headers["Location"] == "/sign-in/closed/"
    assert later.get(HERE).status_code == 302
