"""How long a member of staff stays signed in: twelve hours from signing in, whatever happens in between."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

SIGNED_IN_AT = "signed_in_at"


def connect() -> None:
    """Stamps every session at sign-in, by whichever way. Called once when the app is ready."""
    user_logged_in.connect(_stamp, dispatch_uid="access.signed_in_at")


def _stamp(request: HttpRequest, **_: Any) -> None:
    request.session[SIGNED_IN_AT] = int(time.time())


def end_if_too_old(request: HttpRequest) -> bool:
    """Signs out who signed in too long ago: saving a session would otherwise prolong it for ever."""
    if not request.user.is_authenticated:
        return False
    since = request.session.get(SIGNED_IN_AT, 0)
    if time.time() - since < settings.SESSION_COOKIE_AGE:
        return False
    logout(request)
    return True


def clear_expired_sessions() -> None:
    """Removes what is left of sessions that are over."""
    from django.contrib.sessions.backends.db import SessionStore

    SessionStore.clear_expired()
