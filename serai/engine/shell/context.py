"""What every template may use: the house, its languages, its way out. No query on the public host."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import mark_safe

from serai.kernel.access.viewer import NOBODY, Viewer, viewer_of
from serai.kernel.languages.interface import interface
from serai.kernel.languages.registry import known, language
from serai.kernel.register.ports import WAYS

from .asked import host_of, interface_of, language_asked
from .style import css


def house(request: HttpRequest) -> dict[str, Any]:
    """Context of all pages; see house_context."""
    return house_context(request, viewer_of(request) if host_of(request) == "desk" else NOBODY)


def house_context(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    """Needs no database, so that the page for a broken house can use it.

    `lang` is the language asked for and `ui` the one in which the house's own words answer, both a Language; `ways`
    are the addresses of the pages to which every page links. A view may add `content_lang` (a Language) when its text
    is in another language than `ui`, and `alternates`, (Language, address) of the same page in each language.
    """
    host = host_of(request)
    tag = language_asked(request).tag
    if host == "desk" and known(viewer.language):
        tag = viewer.language
    return {
        "lang": language(tag),
        "ui": interface_of(tag),
        "ui_drafted": interface(tag).is_draft,
        "house_name": settings.SERAI_HOUSE_NAME,
        "house_languages": [language(offered) for offered in settings.SERAI_LANGUAGES],
        "exit_url": settings.SERAI_EXIT_URL,
        "demo": settings.SERAI_MODE == "demo",
        "host": host,
        "base": f"shell/{host}.html",
        "public_base": f"{settings.SERAI_SCHEME}://{settings.SERAI_PUBLIC_HOST}",
        "page_path": request.path,
        "ways": ways(tag),
        "style": mark_safe(css()),  # noqa: S308 - our own file
        "viewer": viewer if host == "desk" else None,
    }


@lru_cache(maxsize=64)
def ways(tag: str) -> dict[str, str]:
    """Addresses on the public host of what each page links to, by the names that parts offered to the port WAYS."""
    return {name: reverse(route, kwargs={"lang": tag}, urlconf=settings.ROOT_URLCONF) for name, route in WAYS.items()}
