"""Views for the tests of the middleware."""

from datetime import timedelta

from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils import timezone

BODY = "<!doctype html><title>Words</title>" + "<p>Some words.</p>" * 60


def kept(request: HttpRequest, **more: object) -> HttpResponse:
    """A page as all views should make it."""
    response = HttpResponse(BODY)
    response.serai_keys = {"thing:1"}
    response.serai_expires = None
    return response


def variant(request: HttpRequest, kind: str) -> HttpResponse:
    """One thing at a time that keeps a page from being a file."""
    response = kept(request)
    match kind:
        case "cookie":
            response.set_cookie("a", "b")
        case "nostore":
            response.headers["Cache-Control"] = "no-store"
        case "vary":
            response.headers["Vary"] = "Accept-Language"
        case "header":
            response.headers["X-Robots-Tag"] = "noindex"
        case "csp":
            response.headers["Content-Security-Policy"] = "default-src 'self'"
        case "type":
            response.headers["Content-Type"] = "application/json"
        case "gone":
            response.status_code = 410
        case "keyless":
            del response.serai_keys
        case "past":
            response.serai_expires = timezone.now() - timedelta(minutes=1)
        case "stream":
            response = StreamingHttpResponse([BODY])
            response.serai_keys = {"thing:1"}
    return response


def atomic(request: HttpRequest) -> HttpResponse:
    """Says whether it runs in a transaction."""
    return HttpResponse(str(connection.in_atomic_block), content_type="text/plain")


urlpatterns = [
    path("en/kept/", kept),
    path("en/atomic", atomic),
    path("en/ends/", lambda request: _ending(request)),
    path("en/<str:kind>/", variant),
    path("<str:tag>/kept/", lambda request, tag: kept(request)),
]


def _ending(request: HttpRequest) -> HttpResponse:
    response = kept(request)
    response.serai_expires = timezone.now() + timedelta(hours=2)
    return response
