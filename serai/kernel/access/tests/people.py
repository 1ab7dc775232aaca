"""What the tests of signing in share: a member of staff with a password and codes, and the way through the pages."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.test import Client

PASSWORD = "seven lamps at dusk"


def with_password(user: Any) -> Any:
    """The same person, who now has a password."""
    user.set_password(PASSWORD)
    user.save()
    return user


def with_codes(user: Any) -> Any:
    """The same person, who now has a password and an app for codes."""
    TOTP.activate(with_password(user), generate_totp_secret())
    return user


def code_of(user: Any, steps: int = 0) -> str:
    """The code the app shows, `steps` half minutes from now."""
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return format_hotp_value(hotp_value(decrypt(row.data["secret"]), int(time.time()) // 30 + steps))


def give_password(client: Client, user: Any, password: str = PASSWORD, **more: Any) -> Any:
    """Sends the sign-in form."""
    address = more.pop("next", "")
    data = {"login": user.email, "password": password, **({"next": address} if address else {})}
    return client.post("/sign-in/", data, **more)


def sign_in(client: Client, user: Any, **more: Any) -> Any:
    """Password, then code. Returns the answer to the code."""
    answer = give_password(client, user, **more)
    assert answer.headers["Location"] == "/sign-in/2fa/code/"
    return client.post("/sign-in/2fa/code/", {"code": code_of(user)}, **{k: v for k, v in more.items() if k != "next"})
