"""Pages for what went wrong: in the person's language, what happened and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import override

from serai.kernel.access.viewer import NOBODY

from .asked import interface_of
from .context import house_context


def refuse_foreign_origin(request: HttpRequest) -> HttpResponse:
    """403: a form of another site was sent here."""
    return render(request, "shell/refused.html", {"why": "origin"}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form on the desk was too old or came from elsewhere."""
    return render(request, "shell/refused.html", {"why": "form"}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return render(request, "shell/not_found.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 on the desk: signed in, but not for this."""
    return render(request, "shell/refused.html", {"why": "role"}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault; nothing of the error is shown. Asks no database: it may be what is broken."""
    context = house_context(request, NOBODY)
    with override(interface_of(context["lang"].tag).tag.lower()):
        return HttpResponse(render_to_string("shell/broken.html", context), status=500)
