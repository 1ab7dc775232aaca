"""Pages that show what an organisation is called, slowly or with an end when asked."""

import os
import time
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone

from serai.kernel.access.models import Organisation


def name(request: HttpRequest, key: str) -> HttpResponse:
    """Depends on one organisation; waits between reading and answering while the file SERAI_TEST_HOLD exists."""
    shown = get_object_or_404(Organisation, key=key).names["en"]
    hold = os.environ.get("SERAI_TEST_HOLD", "")
    if os.path.exists(hold):
        open(hold + ".read", "w").close()
        while os.path.exists(hold):
            time.sleep(0.01)
    response = HttpResponse(f"<!doctype html><title>{shown}</title><h1>{shown}</h1>" + "<p>Some words.</p>" * 60)
    response.serai_keys = {f"organisation:{key}"}
    response.serai_expires = None
    return response


def ending(request: HttpRequest) -> HttpResponse:
    """Ends in an hour."""
    response = HttpResponse("<!doctype html><title>Alert</title>")
    response.serai_keys = {"alerts"}
    response.serai_expires = timezone.now() + timedelta(hours=1)
    return response


def echo(request: HttpRequest) -> HttpResponse:
    """Says its path; never a file."""
    return HttpResponse(f"rendered {request.path_info}", content_type="text/plain; charset=utf-8")


def with_cookie(request: HttpRequest, key: str) -> HttpResponse:
    """Breaks the rule of the public host, so it is never a file."""
    response = name(request, key)
    response.set_cookie("a", "b")
    return response


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return HttpResponse("missing", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    return HttpResponse("broken", status=500)


urlpatterns = [
    path("en/ending/", ending),
    path("en/cookie/<str:key>/", with_cookie),
    path("en/<str:key>/", name),
    path("<path:rest>", lambda request, rest: echo(request)),
    path("", echo),
]
handler404 = "tests.running.pages.missing"
handler500 = "tests.running.pages.broken"
