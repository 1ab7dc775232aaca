"""Whether this session was opened with a second factor. Staff without one can only set one up."""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

ORGANISATION_PROVED = "organisation_second_factor"
"""Recorded when an organisation's own sign-in proved a second factor (see organisation_sign_in.py)."""

STRONG = frozenset({"mfa", ORGANISATION_PROVED})
SETS_UP = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(request: HttpRequest) -> bool:
    """True when this person signed in, in this session, with a code, a key, a recovery code or a proof by OIDC.

    The steps are bound to the person: those of whoever sat here before count for nothing.
    """
    return any(step.get("method") in STRONG for step in get_authentication_records(request, request.user))


def organisation_proved(request: HttpRequest, user: object) -> bool:
    """Whether the organisation's own sign-in proved a second factor on the way in."""
    return any(step.get("method") == ORGANISATION_PROVED for step in get_authentication_records(request, user))


def owns_second_factor(user_id: object) -> bool:
    """Whether one is set up at all. Recovery codes alone are none."""
    return Authenticator.objects.filter(user_id=user_id, type__in=SETS_UP).exists()


PROVES = frozenset({"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"})
"""Pages on which somebody who owns a second factor shows it."""


def may_set_up(request: HttpRequest, route: str) -> bool:
    """Whether a session without a second factor may come to a page that sets one up.

    Only while there is none: otherwise a password alone would be enough to add another, or to look at what there is.
    """
    return route in PROVES or not owns_second_factor(request.user.pk)
