"""Whether this session was opened with a second factor. Staff without one can only set one up."""

from __future__ import annotations

from django.http import HttpRequest

STRONG = frozenset({"mfa", "socialaccount"})


def has_second_factor(request: HttpRequest) -> bool:
    """True when one of the session's sign-in steps was TOTP, a passkey or the organisation's own sign-in (OIDC)."""
    steps = request.session.get("account_authentication_methods", [])
    return any(step.get("method") in STRONG for step in steps)
