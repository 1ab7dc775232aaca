"""`serai staff ...`: what must work when nobody can sign in yet, or any more.

Whoever has the machine runs the house: these commands ask for no account.
"""

from __future__ import annotations

import json
import time
from typing import Any, NoReturn

import click
from django.conf import settings
from django.core.exceptions import ValidationError

from .access import OPERATOR
from .models import Organisation, SecondFactorReset, User

JSON = click.option("--json", "as_json", is_flag=True, help="Machine-readable answer.")


@click.group()
def staff() -> None:
    """Accounts of staff."""


@staff.command("create-operator")
@click.argument("email")
@click.option("--name", default="", help="Name as colleagues see it; the address when left out.")
@click.option("--organisation", "key", default="", help="Key of the organisation the person works for.")
@JSON
def create_operator(email: str, name: str, key: str, as_json: bool) -> None:
    """Makes the account of somebody who runs the house and prints its one-time link."""
    from .actions import invite_staff
    from .links import LINK_HOURS, address_of

    organisation = Organisation.objects.filter(key=key).first() if key else _own_organisation()
    if organisation is None:
        _refuse(as_json, "no-organisation", f"There is no organisation {key!r} in this house.")
    try:
        user, token = invite_staff(
            by=None, email=email, name=name or email.partition("@")[0], organisation=organisation, role=OPERATOR
        )
    except ValidationError:
        _refuse(as_json, "not-an-address", f"{email!r} is not an e-mail address.")
    if not token:
        _say(as_json, f"{user.email} had an account already and now runs the house.", email=user.email, link="")
        return
    link = address_of(token)
    _say(as_json, f"Open this link within {LINK_HOURS} hours. It works once.\n{link}", email=user.email, link=link)


@staff.command("link")
@click.argument("email")
@click.option("--reset-second-factor", is_flag=True, help="Also takes away codes, keys and recovery codes.")
@JSON
def link(email: str, reset_second_factor: bool, as_json: bool) -> None:
    """Prints a new one-time link for an account, for somebody who cannot get in any more."""
    from . import actions
    from .links import LINK_HOURS, address_of

    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        _refuse(as_json, "no-account", f"There is no open account {email!r}.")
    if reset_second_factor:
        actions.reset_second_factor(by=None, user=user, checked=SecondFactorReset.Checked.IN_PERSON)
    address = address_of(actions.make_link(by=None, user=user))
    _say(
        as_json, f"Open this link within {LINK_HOURS} hours. It works once.\n{address}", email=user.email, link=address
    )


@staff.command("code")
@click.argument("email")
@JSON
def code(email: str, as_json: bool) -> None:
    """Prints the code that a demo account's app would show now. Demo mode only."""
    from .demo import NoSuchAccount, NotInALiveHouse, code_now

    try:
        now = code_now(email, time.time())
    except NotInALiveHouse:
        _refuse(as_json, "live", "Codes are printed in a demo house only (SERAI_MODE=demo).")
    except NoSuchAccount:
        _refuse(as_json, "no-account", f"There is no demo account {email!r} with codes. See demo-accounts.txt.")
    _say(as_json, now, email=email, code=now)


@staff.command("remove-demo")
@JSON
def remove_demo(as_json: bool) -> None:
    """Erases all demo accounts, as a house must before it opens to the public."""
    from .demo import remove_demo_staff

    count = remove_demo_staff()
    _say(as_json, f"{count} demo accounts erased.", erased=count)


def _own_organisation() -> Organisation:
    from .actions_organisations import create_organisation

    found = Organisation.objects.filter(key="house").first()
    return found or create_organisation(
        by=None, key="house", names={settings.SERAI_LANGUAGES[0]: settings.SERAI_HOUSE_NAME}, kind="network"
    )


def _say(as_json: bool, words: str, **values: Any) -> None:
    click.echo(json.dumps({"ok": True, **values}, ensure_ascii=False) if as_json else words)


def _refuse(as_json: bool, reason: str, words: str) -> NoReturn:
    click.echo(
        json.dumps({"ok": False, "code": reason, "says": words}, ensure_ascii=False) if as_json else words,
        err=not as_json,
    )
    raise SystemExit(1)
