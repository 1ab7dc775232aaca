"""One-time links: shown once to whoever makes them, kept only as a digest, good for 72 hours and for one password."""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import OneTimeLink, User

LINK_HOURS = 72
NO_LETTERS = ("console", "dummy", "filebased")
"""Kinds of mail backend that bring nothing to anybody; a link must not end up in what they write."""

log = logging.getLogger(__name__)


def new_token() -> str:
    """256 bits that fit into an address."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_life() -> timedelta:
    """How long a link is good for."""
    return timedelta(hours=LINK_HOURS)


def waiting_user(token: str) -> User | None:
    """Whose link it is, if it is still good."""
    found = OneTimeLink.objects.filter(digest=digest_of(token), expires_at__gt=timezone.now(), user__is_active=True)
    link = found.select_related("user").first()
    return link.user if link else None


def address_of(token: str) -> str:
    """The link, whole, on the desk."""
    path = reverse("access:welcome_link", args=[token], urlconf=settings.SERAI_DESK_URLCONF)
    return f"{settings.SERAI_SCHEME}://{settings.SERAI_DESK_HOST}{path}"


def letters_go_out() -> bool:
    """Whether a mail server is configured."""
    return not any(kind in settings.EMAIL_BACKEND for kind in NO_LETTERS)


def send_link(*, to: str, token: str) -> bool:
    """Sends the link as a letter too, where letters go out. False when none was sent."""
    if not letters_go_out():
        return False
    subject = _("Your access to the desk of %(house)s") % {"house": settings.SERAI_HOUSE_NAME}
    text = _(
        "You have been given access to the desk of %(house)s.\n\n"
        "Open this link within %(hours)s hours and choose a password:\n\n%(link)s\n\n"
        "The link works once. If you did not expect this letter, do nothing."
    ) % {"house": settings.SERAI_HOUSE_NAME, "hours": LINK_HOURS, "link": address_of(token)}
    try:
        return bool(send_mail(subject, text, None, [to]))
    except (SMTPException, OSError):
        log.warning("a letter with a one-time link could not be sent")
        return False
