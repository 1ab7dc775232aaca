"""Two hosts in one process: the public one without session, cookie or user; the desk with all three.

Each middleware below works on one host only, so nothing of the desk can leak to the public host by mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation

from serai.kernel.access.viewer import viewer_of
from serai.kernel.languages.corrected import follow_corrections
from serai.kernel.languages.interface import interface
from serai.kernel.languages.registry import known

from .asked import host_of as host_of
from .asked import interface_of, language_asked
from .errors import refuse_foreign_origin

GetResponse = Callable[[HttpRequest], HttpResponse]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class TwoHosts:
    """Says which host was asked, and gives the desk its own addresses."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """get_host() refuses any name that is not one of the two."""
        if request.get_host() == settings.SERAI_DESK_HOST:
            request.serai_host = "desk"  # type: ignore[attr-defined]
            request.urlconf = settings.SERAI_DESK_URLCONF  # type: ignore[attr-defined]
        else:
            request.serai_host = "public"  # type: ignore[attr-defined]
            request.user = AnonymousUser()
        return self.get_response(request)


class _DeskOnly:
    """Mixin: the middleware does its work on the desk and steps aside on the public host."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        if host_of(request) != "desk":
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc]


class DeskSession(_DeskOnly, SessionMiddleware):
    """Sessions of staff."""


class DeskAuthentication(_DeskOnly, AuthenticationMiddleware):
    """Who of the staff is here."""


class DeskMessages(_DeskOnly, MessageMiddleware):
    """One-time messages on the desk."""


class DeskCsrf(_DeskOnly, CsrfViewMiddleware):
    """Django's protection by cookie, for the desk."""

    def process_view(self, request: HttpRequest, callback: Any, args: Any, kwargs: Any) -> Any:
        """Nothing to do on the public host, which has no cookie: see PublicOrigin."""
        if host_of(request) != "desk":
            return None
        return super().process_view(request, callback, args, kwargs)


class PublicOrigin:
    """The public host has no cookie to protect; forms sent from foreign pages are refused all the same."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A browser names the origin of each form; one that says nothing at all is an old one, and is let in."""
        if host_of(request) == "public" and request.method not in SAFE_METHODS:
            origin = request.headers.get("Origin")
            site = request.headers.get("Sec-Fetch-Site", "")
            own = f"{settings.SERAI_SCHEME}://{settings.SERAI_PUBLIC_HOST}"
            if origin == "null" and site == "same-origin":  # some browsers hide the origin even from ourselves
                origin = own
            if origin not in {None, own} or site not in {"", "same-origin", "none"}:
                return refuse_foreign_origin(request)
        return self.get_response(request)


class Languages:
    """Speaks the language of the address on the public host, and the member of staff's own on the desk."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Never guesses from headers on the public host: the person chose, and the address says so."""
        tag = language_asked(request).tag
        follow_words(tag)
        with translation.override(interface_language(tag)):
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", tag)
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """On the desk the user is known only now."""
        if host_of(request) == "desk":
            viewer = viewer_of(request)
            if viewer.user_id and known(viewer.language):
                follow_words(viewer.language)
                translation.activate(interface_language(viewer.language))


def interface_language(tag: str) -> str:
    """The Django code whose catalogue serves a language: never half one language and half another."""
    return interface_of(tag).tag.lower()


def follow_words(tag: str) -> None:
    """Takes up what was corrected in the words of a language; nothing is asked for the one they were written in."""
    if interface(tag).made != "original":
        follow_corrections()
