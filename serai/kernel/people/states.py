"""What a form carries from one page to the next, sealed: the public host has no cookie and keeps nothing in between."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import timedelta
from typing import Any

from django.utils import timezone

from serai.kernel.keys.store import KeyRefused, key_store

LASTS = timedelta(hours=1)
_KEY = "people.form"


class StateRefused(ValueError):
    """Not sealed by this house for this form, or too long ago: begin the form again."""


def seal_state(form: str, said: dict[str, Any]) -> str:
    """As it may stand in a hidden field for an hour. form: its name; another form cannot open it."""
    plain = json.dumps({"at": timezone.now().timestamp(), **said}).encode()
    return base64.urlsafe_b64encode(key_store().wrap(_KEY, plain, form.encode())).decode()


def open_state(form: str, text: str) -> dict[str, Any]:
    """What was sealed. Raises StateRefused."""
    try:
        plain = key_store().unwrap(_KEY, base64.urlsafe_b64decode(text.encode()), form.encode())
    except (KeyRefused, binascii.Error, ValueError):
        raise StateRefused from None
    said: dict[str, Any] = json.loads(plain)
    if said.pop("at") < (timezone.now() - LASTS).timestamp():
        raise StateRefused
    return said
