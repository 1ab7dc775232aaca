"""Sheets of paper that the house makes itself: a template becomes a PDF in the language asked for, right to left too.

For what a browser cannot print alike everywhere: a report to a donor, a letter. The same words always give the same
bytes, so that a sheet can be compared with the one that was sent. Nothing is fetched: what a template names must be
inside it (data:, inline SVG) or among the static files that come with the house.

WeasyPrint draws it. It has no `<bdi>`: a part that runs the other way carries `dir`. Pictograms get their pen here,
because its drawings do not listen to the page's style.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import override

from serai.kernel.languages.registry import language

from .asked import interface_of
from .style import paper_css


class PrintRefused(ValueError):
    """The template names something outside the house. address: what it wanted to fetch."""

    def __init__(self, address: str) -> None:
        super().__init__(f"A sheet may not fetch {address[:200]}: put it into the template or among the static files.")
        self.address = address


def pdf_of(template: str, context: Mapping[str, Any], lang: str) -> bytes:
    """The sheets of a template that extends shell/paper.html, as PDF (tagged, fonts inside).

    context, for the foot of each sheet: `page_path` (where the same stands on the public host; also in the QR code),
    `publisher` (else the house), `line` (a FactLine: the day it was checked) or `made_on` (a day), and `source` (a
    sentence: where its numbers come from). Raises PrintRefused.
    """
    ui = interface_of(lang)
    with override(ui.tag.lower()):
        html = render_to_string(template, {**_house(lang), **context})
    return _drawn(html)


def _house(lang: str) -> dict[str, Any]:
    """What shell/paper.html and the tags of the shell need; see context.py for their meaning."""
    return {
        "lang": language(lang),
        "ui": interface_of(lang),
        "house_name": settings.SERAI_HOUSE_NAME,
        "public_base": _public_base(),
        "page_path": "/",
        "style": mark_safe(paper_css()),  # noqa: S308 - our own file
    }


def _public_base() -> str:
    return f"{settings.SERAI_SCHEME}://{settings.SERAI_PUBLIC_HOST}"


def _drawn(html: str) -> bytes:
    html = html.replace('<svg class="icon', '<svg fill="none" stroke="#000" stroke-width="1.8" class="icon')
    # Only who prints pays for this library: it loads Pango and a tenth of a second of Python.
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Inside(URLFetcher):  # type: ignore[misc]
        """Answers for data: and for static files of the house; anything else ends the printing."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.lower().startswith("data:"):
                return super().fetch(url, headers)
            file = _static_file(url)
            if file is None:
                raise FatalURLFetchingError(url)
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": kind})

    page = HTML(string=html, base_url=_public_base() + "/", url_fetcher=Inside(allowed_protocols={"data"}))
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    try:
        made: bytes = page.write_pdf(pdf_identifier=identifier, pdf_tags=True)
    except FatalURLFetchingError as wanted:
        raise PrintRefused(str(wanted)) from wanted
    return made


def _static_file(url: str) -> Path | None:
    """The file behind an address below STATIC_URL of this house, None for any other address."""
    base = _public_base() + settings.STATIC_URL
    if not url.startswith(base):
        return None
    try:
        found = finders.find(url.removeprefix(base))
    except SuspiciousFileOperation:
        return None
    return Path(found) if found else None
