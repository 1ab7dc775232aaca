"""A draft as its public page would look, inside Wagtail's admin."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from serai.kernel.access.viewer import viewer_of
from serai.kernel.languages.registry import language

from ..models import GuidePage
from ..queries.reading import reading_of_draft


def show_draft(request: HttpRequest, page: GuidePage) -> HttpResponse:
    """Offered to the port PREVIEWS. Wagtail has checked that the viewer may see the draft."""
    found = reading_of_draft(viewer=viewer_of(request), page=page)
    context = {
        "guide": found,
        "page": page,
        "lang": language(page.tag),
        "content_lang": found.language,
        "alternates": [],
        "publisher": page.organisation,
        "publisher_name": page.organisation.said(page.tag),
        "draft": True,
    }
    return render(request, "guides/guide.html", context)
