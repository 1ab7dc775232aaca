"""Signing in: password, second factor, and what an attacker tries at that door."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from serai.kernel.access.sessions import SIGNED_IN_AT

from .people import PASSWORD, code_of, give_password, sign_in, with_codes, with_password

pytestmark = pytest.mark.django_db
HERE = "/staff/me/"


def test_password_and_code_open_the_desk(desk: Any, ana: Any) -> None:
    client = desk()
    assert sign_in(client, with_codes(ana)).status_code == 302
    assert client.get(HERE).status_code == 200


def test_the_password_alone_opens_nothing_when_there_is_a_second_factor(desk: Any, ana: Any) -> None:
    client = desk()
    give_password(client, with_codes(ana))
    assert client.get(HERE).headers["Location"].startswith("/sign-in/?next=")
    assert client.get("/sign-in/2fa/").headers["Location"].startswith("/sign-in/?next=")


def test_a_wrong_code_does_not_sign_in(desk: Any, ana: Any) -> None:
    client = desk()
    give_password(client, with_codes(ana))
    wrong = "000000" if code_of(ana) != "000000" else "111111"
    assert client.post("/sign-in/2fa/code/", {"code": wrong}).status_code == 200
    assert client.get(HERE).status_code == 302


def test_a_code_works_once_even_from_another_process(desk: Any, ana: Any) -> None:
    from django.core.cache import cache

    assert sign_in(desk(), with_codes(ana)).status_code == 302
    cache.clear()  # another process remembers nothing of the first
    again = desk()
    give_password(again, ana)
    assert again.post("/sign-in/2fa/code/", {"code": code_of(ana)}).status_code == 200
    assert again.get(HERE).status_code == 302


def test_the_code_before_works_but_not_after_a_later_one(desk: Any, ana: Any) -> None:
    with_codes(ana)
    first = desk()
    give_password(first, ana)
    assert first.post("/sign-in/2fa/code/", {"code": code_of(ana)}).status_code == 302
    second = desk()
    give_password(second, ana)
    assert second.post("/sign-in/2fa/code/", {"code": code_of(ana, -1)}).status_code == 200


def test_without_a_second_factor_only_the_pages_that_set_one_up_are_open(desk: Any, ana: Any) -> None:
    client = desk()
    assert give_password(client, with_password(ana)).status_code == 302
    for address in (HERE, "/", "/editor/", "/staff/me/password/", "/sign-in/2fa/keys/", "/sign-in/2fa/recovery/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/2fa/"), address
    assert client.get("/sign-in/2fa/").status_code == 200
    assert client.get("/sign-in/2fa/app/").status_code == 200
    assert client.get("/sign-in/2fa/keys/add/").status_code == 200


def test_setting_up_codes_opens_the_desk_at_once_and_gives_recovery_codes(desk: Any, ana: Any) -> None:
    client = desk()
    give_password(client, with_password(ana))
    secret = client.get("/sign-in/2fa/app/").context["form"].secret
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    answer = client.post("/sign-in/2fa/app/", {"code": code})
    assert answer.headers["Location"] == "/sign-in/2fa/recovery/"
    codes = client.get("/sign-in/2fa/recovery/").context["unused_codes"]
    assert len(codes) == 10
    assert client.get(HERE).status_code == 200

    later = desk()
    give_password(later, ana)
    assert later.post("/sign-in/2fa/code/", {"code": codes[0]}).status_code == 302
    once_more = desk()
    give_password(once_more, ana)
    assert once_more.post("/sign-in/2fa/code/", {"code": codes[0]}).status_code == 200


def test_a_session_from_before_the_second_factor_cannot_touch_it(desk: Any, ana: Any) -> None:
    old = desk()
    give_password(old, with_password(ana))
    with_codes_only = with_codes(ana)
    old = desk()
    old.force_login(with_codes_only)  # a session that holds a password only, while there is a second factor
    for address in ("/sign-in/2fa/", "/sign-in/2fa/app/", "/sign-in/2fa/keys/add/", "/sign-in/2fa/app/remove/", HERE):
        assert old.get(address).headers["Location"].startswith("/sign-in/2fa/again/?next="), address
    assert old.post("/sign-in/2fa/again/", {"code": code_of(ana)}).status_code == 302
    assert old.get(HERE).status_code == 200


def test_the_last_second_factor_stays(desk: Any, ana: Any) -> None:
    client = desk()
    sign_in(client, with_codes(ana))
    page = client.get("/sign-in/2fa/app/remove/")
    assert "Add another one first" in page.content.decode()
    client.post("/sign-in/2fa/app/remove/")
    assert Authenticator.objects.filter(user=ana, type="totp").exists()


def test_the_secret_of_codes_is_sealed_in_the_database(ana: Any) -> None:
    row = Authenticator.objects.get(user=with_codes(ana), type="totp")
    assert row.data["secret"].startswith("gAAAA")


def test_steps_of_somebody_else_in_this_session_count_for_nothing(desk: Any, ana: Any, bilal: Any) -> None:
    client = desk(ana)
    session = client.session
    session["_auth_user_id"] = str(bilal.pk)
    session["_auth_user_hash"] = bilal.get_session_auth_hash()
    session.save()
    assert client.get(HERE).headers["Location"] == "/sign-in/2fa/"


def test_signing_in_gives_a_new_session_so_that_a_planted_one_is_worthless(desk: Any, ana: Any) -> None:
    client = desk()
    client.get("/sign-in/")
    client.session.save()
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    sign_in(client, with_codes(ana))
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_signing_in_again_as_the_same_person_also_gives_a_new_session(desk: Any, ana: Any) -> None:
    client = desk()
    sign_in(client, with_codes(ana))
    before = client.session.session_key
    client.post("/sign-in/out/")
    Authenticator.objects.filter(user=ana).update(data={**Authenticator.objects.get(user=ana).data, "last_counter": 0})
    from django.core.cache import cache

    cache.clear()
    sign_in(client, ana)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_the_sign_in_form_of_another_site_is_refused(ana: Any) -> None:
    with_password(ana)
    client = Client(HTTP_HOST=settings.SERAI_DESK_HOST, enforce_csrf_checks=True)
    for address in ("/sign-in/", "/sign-in/out/", "/sign-in/2fa/keys/sign-in/"):
        assert client.post(address, {"login": ana.email, "password": PASSWORD}).status_code == 403, address
    assert client.get(HERE).status_code == 302


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "http://127.0.0.1/",
        "\thttps://evil.example",
    ],
)
def test_after_signing_in_nobody_is_sent_elsewhere(desk: Any, ana: Any, target: str) -> None:
    answer = sign_in(desk(), with_codes(ana), next=target)
    assert answer.headers["Location"] == "/"
    signed_in = desk(ana)
    assert signed_in.get("/sign-in/", {"next": target}).headers["Location"] == "/"
    assert signed_in.post("/sign-in/out/", {"next": target}).headers["Location"] == "/"


def test_after_signing_in_the_person_arrives_where_she_wanted_to_go(desk: Any, ana: Any) -> None:
    client = desk()
    there = client.get(HERE).headers["Location"]
    assert there == f"/sign-in/?next={HERE}"
    assert sign_in(client, with_codes(ana), next=HERE).headers["Location"] == HERE


def test_twelve_hours_after_signing_in_it_is_over_whatever_happened_meanwhile(desk: Any, ana: Any) -> None:
    client = desk()
    sign_in(client, with_codes(ana))
    session = client.session
    session[SIGNED_IN_AT] = int(time.time()) - 12 * 3600 + 60
    session.set_expiry(12 * 3600)
    session.save()
    assert client.get(HERE).status_code == 200
    session = client.session
    session[SIGNED_IN_AT] -= 61
    session.save()
    assert client.get(HERE).headers["Location"].startswith("/sign-in/?next=")
    assert "_auth_user_id" not in client.session


def test_the_cookie_lives_twelve_hours_at_most(desk: Any, ana: Any) -> None:
    client = desk()
    sign_in(client, with_codes(ana))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert int(cookie["max-age"]) <= 12 * 3600
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    row = Session.objects.get(session_key=client.session.session_key)
    assert row.expire_date <= timezone.now() + timedelta(hours=12, seconds=5)


def test_signing_out_everywhere_ends_the_sessions_on_all_devices(desk: Any, ana: Any) -> None:
    office, phone = desk(ana), desk(ana)
    assert phone.get(HERE).status_code == 200
    answer = office.post("/staff/me/out-everywhere/")
    assert answer.headers["Location"] == "/sign-in/"
    assert '"cookies"' in answer.headers["Clear-Site-Data"]
    assert office.get(HERE).status_code == 302
    assert phone.get(HERE).status_code == 302


def test_signing_out_has_the_browser_forget_everything(desk: Any, ana: Any) -> None:
    client = desk(ana)
    key = client.session.session_key
    assert client.get("/sign-in/out/").status_code == 200
    assert client.get(HERE).status_code == 200, "asking is not signing out"
    answer = client.post("/sign-in/out/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get(HERE).status_code == 302


def test_a_new_password_ends_every_other_session(desk: Any, ana: Any) -> None:
    with_password(ana)
    here, elsewhere = desk(ana), desk(ana)
    data = {"old": PASSWORD, "password": "nine bells before noon", "again": "nine bells before noon"}
    assert here.post("/staff/me/password/", data).status_code == 302
    assert here.get(HERE).status_code == 200
    assert elsewhere.get(HERE).status_code == 302


def test_a_wrong_old_password_changes_nothing_and_tries_are_counted(desk: Any, ana: Any) -> None:
    client = desk(with_password(ana))
    data = {"old": "no", "password": "nine bells before noon", "again": "nine bells before noon"}
    answers = [client.post("/staff/me/password/", data).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


def test_after_five_wrong_passwords_the_account_waits_also_from_other_addresses(desk: Any, ana: Any) -> None:
    with_codes(ana)
    for number in range(5):
        give_password(desk(), ana, "wrong", REMOTE_ADDR=f"192.0.2.{number}")
    answer = give_password(desk(), ana, REMOTE_ADDR="192.0.2.99")
    assert answer.status_code == 200
    assert "Too many failed login attempts" in answer.content.decode()


def test_one_address_cannot_try_many_accounts(desk: Any, staff: Any) -> None:
    people = [with_password(staff(f"person{number}")) for number in range(11)]
    for user in people[:10]:
        give_password(desk(), user, "wrong", REMOTE_ADDR="192.0.2.1")
    assert "Too many failed" in give_password(desk(), people[10], REMOTE_ADDR="192.0.2.1").content.decode()
    assert give_password(desk(), people[10], REMOTE_ADDR="192.0.2.2").status_code == 302


def test_behind_our_own_proxy_a_strangers_guesses_shut_nobody_else_out(desk: Any, ana: Any, bilal: Any) -> None:
    with_password(ana)
    with_password(bilal)
    for number in range(12):
        desk().post("/sign-in/", {"login": f"nobody{number}@staff.example", "password": "wrong"})
    for _ in range(6):
        give_password(desk(), ana, "wrong")
    assert "Too many failed" in give_password(desk(), ana).content.decode()
    assert give_password(desk(), bilal).status_code == 302


def test_codes_cannot_be_guessed_either(desk: Any, ana: Any) -> None:
    client = desk()
    give_password(client, with_codes(ana))
    wrong = next(
        code for code in ("000000", "111111", "222222", "333333") if code not in {code_of(ana, n) for n in (-1, 0, 1)}
    )
    for _ in range(5):
        client.post("/sign-in/2fa/code/", {"code": wrong})
    assert client.post("/sign-in/2fa/code/", {"code": code_of(ana)}).status_code == 200
    assert client.get(HERE).status_code == 302


def test_a_closed_account_and_a_wrong_password_look_the_same_until_the_password_is_right(desk: Any, ana: Any) -> None:
    with_codes(ana)
    nobody = type("Nobody", (), {"email": "nobody@staff.example"})()
    known, unknown = give_password(desk(), ana, "wrong"), give_password(desk(), nobody, "wrong")
    assert known.context["form"].errors == unknown.context["form"].errors
    ana.is_active = False
    ana.save()
    assert give_password(desk(), ana).headers["Location"] == "/sign-in/closed/"


def test_wagtails_own_sign_in_is_closed(desk: Any, ana: Any) -> None:
    assert desk().get("/editor/login/").headers["Location"] == "/sign-in/"
    assert desk(ana).get("/editor/login/").headers["Location"] == "/sign-in/"
    assert desk(ana).post("/editor/logout/").headers["Clear-Site-Data"]


def test_nobody_signs_up(desk: Any) -> None:
    for address in ("/sign-in/signup/", "/sign-in/password/reset/", "/sign-in/email/", "/sign-in/3rdparty/"):
        assert desk().get(address).status_code == 404


def test_there_is_no_sign_in_on_the_public_host(public: Any) -> None:
    for address in ("/sign-in/", "/staff/me/", "/welcome/", "/editor/"):
        answer = public.get(address)
        assert answer.status_code == 404
        assert not answer.cookies


def test_over_tls_the_form_of_the_desk_is_accepted_behind_a_proxy(settings: Any, ana: Any) -> None:
    with_password(ana)
    client = Client(HTTP_HOST=settings.SERAI_DESK_HOST, enforce_csrf_checks=True)
    settings.CSRF_TRUSTED_ORIGINS = [f"https://{settings.SERAI_DESK_HOST}"]
    token = client.get("/sign-in/").cookies["csrftoken"].value
    data = {"login": ana.email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    origin = {"HTTP_ORIGIN": f"https://{settings.SERAI_DESK_HOST}"}
    assert client.post("/sign-in/", data, **origin).status_code == 302
