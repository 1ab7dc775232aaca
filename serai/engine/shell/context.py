"""What every template may use: the house, its languages, its way out. No query on the public host."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import mark_safe

from serai.kernel.access.viewer import viewer_of
from serai.kernel.languages.registry import known, language

from .hosts import host_of
from .style import css


def house(request: HttpRequest) -> dict[str, Any]:
    """Context of all pages. `lang` is the language asked for, a Language."""
    first = request.path_info.split("/", 2)[1] if host_of(request) == "public" else ""
    tag = first if first and known(first) else settings.SERAI_LANGUAGES[0]
    if host_of(request) == "desk" and known(viewer_of(request).language):
        tag = viewer_of(request).language
    return {
        "lang": language(tag),
        "house_name": settings.SERAI_HOUSE_NAME,
        "house_languages": [language(tag) for tag in settings.SERAI_LANGUAGES],
        "exit_url": settings.SERAI_EXIT_URL,
        "demo": settings.SERAI_MODE == "demo",
        "host": host_of(request),
        "public_base": f"{settings.SERAI_SCHEME}://{settings.SERAI_PUBLIC_HOST}",
        "style": mark_safe(css()),  # noqa: S308 - our own file
        "viewer": viewer_of(request) if host_of(request) == "desk" else None,
    }
