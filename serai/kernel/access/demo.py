"""The people of the demo house: five at each invented organisation and one who runs the house.

Their passwords and secrets are made at random and kept in one file in the data folder that only its owner can read.
A house in live mode never makes them, and does not open while they exist.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from serai.kernel.register.house import roles

from .access import OPERATOR
from .actions import erase_staff, grant_role
from .models import Organisation, User

ORDER = 900
TITLE = _("Staff of the demo house")
OPERATOR_NAME = "omar"
SECONDS = 30

Say = Callable[[str], None]


class NotInALiveHouse(PermissionError):
    """Demo accounts and printed codes exist in demo mode only."""


class NoSuchAccount(LookupError):
    """There is no account with this address, or it has no codes."""


@transaction.atomic
def make_demo_staff(say: Say) -> None:
    """Makes whoever is missing; a second run changes nothing. Raises NotInALiveHouse."""
    refuse_live()
    known = _read()
    wanted = _wanted()
    for email, (name, organisation, role_keys) in wanted.items():
        password = known.get(email, "")
        user = User.objects.filter(email=email).first() or User.objects.create_user(email, None, name=name, demo=True)
        if not user.demo:
            continue  # somebody real has this address: not ours to touch
        if not password or not check_password(password, user.password):
            password = secrets.token_urlsafe(12)
            user.password = _quick_hash(password)
            user.save(update_fields=["password"])
        known[email] = password
        if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
            TOTP.activate(user, generate_totp_secret())
        for key in role_keys:
            if key in roles() and not user.memberships.filter(organisation=organisation, role=key).exists():
                grant_role(by=None, user=user, organisation=organisation, role=key, title=_public_title(organisation))
    path = _write({email: known[email] for email in wanted if email in known})
    say(str(_("%(count)d demo accounts; their passwords lie in %(path)s") % {"count": len(wanted), "path": path}))


@transaction.atomic
def remove_demo_staff() -> int:
    """Erases all demo accounts and their file. Returns how many there were."""
    people = list(User.objects.filter(demo=True))
    for user in people:
        user.memberships.all().delete()
        erase_staff(by=None, user=user)
    _file().unlink(missing_ok=True)
    return len(people)


def code_now(email: str, at: float) -> str:
    """The code that a demo account's app would show at a moment (seconds). Raises NotInALiveHouse, NoSuchAccount."""
    refuse_live()
    rows = Authenticator.objects.filter(user__email=email.strip().lower(), type=Authenticator.Type.TOTP)
    row = rows.filter(user__demo=True).first()
    if row is None:
        raise NoSuchAccount(email)
    return format_hotp_value(hotp_value(decrypt(row.data["secret"]), int(at) // SECONDS))


def refuse_live() -> None:
    """Raises NotInALiveHouse."""
    if settings.SERAI_MODE != "demo":
        raise NotInALiveHouse(settings.SERAI_MODE)


def _wanted() -> dict[str, tuple[str, Organisation, tuple[str, ...]]]:
    """Address: (name, organisation, role keys). Role keys by person come from the settings, which know every room."""
    found: dict[str, tuple[str, Organisation, tuple[str, ...]]] = {}
    organisations = list(Organisation.objects.filter(fictional=True))
    for organisation in organisations:
        for name, keys in settings.SERAI_DEMO_PEOPLE.items():
            found[f"{name}@{organisation.key}.example"] = (name.title(), organisation, tuple(keys))
    if organisations:
        found[f"{OPERATOR_NAME}@house.example"] = (OPERATOR_NAME.title(), organisations[0], (OPERATOR,))
    return found


def _quick_hash(password: str) -> str:
    """Few rounds: nobody guesses 96 random bits, and thirty slow ones hold up the opening. Signing in makes it slow."""
    return PBKDF2PasswordHasher().encode(password, secrets.token_urlsafe(12), iterations=1000)


def _public_title(organisation: Organisation) -> str:
    desk = _("Information desk, %(organisation)s")
    return str(desk % {"organisation": organisation.said(settings.SERAI_LANGUAGES[0]).text})[:120]


def _file() -> Path:
    return Path(settings.SERAI_DATA) / "demo-accounts.txt"


def _read() -> dict[str, str]:
    with contextlib.suppress(FileNotFoundError):
        lines = _file().read_text(encoding="utf-8").splitlines()
        return dict(match.groups() for line in lines if (match := re.match(r"(\S+@\S+) +(\S+)", line)))  # type: ignore[misc]
    return {}


def _write(passwords: dict[str, str]) -> Path:
    """Whole or not at all, and never readable by others, not even for a moment."""
    path, half = _file(), _file().with_suffix(".half")
    half.unlink(missing_ok=True)
    rows = [f"{email:<40} {password}" for email, password in passwords.items()]
    head = [
        "# Demo accounts of this house: address and password. The code of the moment: serai staff code ADDRESS",
        f"# Sign in at {settings.SERAI_SCHEME}://{settings.SERAI_DESK_HOST}{settings.LOGIN_URL}",
    ]
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join([*head, *rows]) + "\n")
    half.rename(path)
    return path
