"""Headers that protect: strict on the public host, as strict as Wagtail's admin allows on the desk."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .hosts import host_of
from .style import css

DESK_CSP = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; media-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


@lru_cache(maxsize=1)
def public_csp() -> str:
    """Nothing from elsewhere, no script at all; the style is named by its hash, the tab's mark is in the page."""
    digest = base64.b64encode(hashlib.sha256(css().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self' data:; media-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def over_tls() -> dict[str, str]:
    """Where the house is reached over TLS, a browser that came once never comes without it for a year."""
    if settings.SERAI_SCHEME != "https":
        return {}
    return {"Strict-Transport-Security": "max-age=31536000"}


def public_headers() -> dict[str, str]:
    """Headers of every public answer, published files included."""
    return {
        **over_tls(),
        "Content-Security-Policy": public_csp(),
        "Referrer-Policy": "same-origin",  # not no-referrer: browsers then send our own forms with Origin: null
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    }


class SecurityHeaders:
    """Puts the headers on each answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A view may set a header itself; it is then left alone."""
        response = self.get_response(request)
        if host_of(request) == "public":
            for name, value in public_headers().items():
                response.headers.setdefault(name, value)
            response.headers.setdefault("Cache-Control", "no-cache")
            return response
        for name, value in over_tls().items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", DESK_CSP)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Cache-Control", "no-store")
        return response
