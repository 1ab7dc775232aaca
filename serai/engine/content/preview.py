"""A draft is shown as the public will see it: Wagtail asks the page, the page asks whoever renders its kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from serai.kernel.register.ports import Port

PREVIEWS: Port[Callable[[HttpRequest, Any], HttpResponse]] = Port("previews", "by app label: renders a draft")


class HousePreview:
    """Mixin for pages: the preview comes from the room that owns the page."""

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The draft as its public page."""
        render = PREVIEWS.get(self._meta.app_label)  # type: ignore[attr-defined]
        if render is None:
            return TemplateResponse(request, "content/no_preview.html", status=501)
        return render(request, self)
