"""What goes out of a guide: a short text to send, a poster to hang up, and one tap that says whether it helped."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from serai.kernel.access.viewer import NOBODY
from serai.kernel.facts.models import State
from serai.lib.dates import format_date
from serai.lib.qr import svg_qr

from ..actions import NoSuchGuide, count_useful
from ..queries import reading
from .public import alternates, depends


def share(request: HttpRequest, lang: str, key: UUID) -> HttpResponse:
    """A guide as a few lines of plain text."""
    found = _found(lang, key)
    text = short_text(found)
    encoded = quote(text, safe="")
    context = {
        "guide": found,
        "content_lang": None,
        "text": text,
        "whatsapp": f"https://wa.me/?text={encoded}",
        "telegram": f"https://t.me/share/url?url={quote(_address(found), safe='')}&text={encoded}",
        "sms": f"sms:?body={encoded}",
        "alternates": alternates(request),
    }
    return depends(render(request, "guides/share.html", context), found.keys, found.expires)


def poster(request: HttpRequest, lang: str, key: UUID) -> HttpResponse:
    """A guide as one sheet to print: what it is about, where it stands, who says so."""
    found = _found(lang, key)
    context = {
        "guide": found,
        "page": found.page,
        "content_lang": found.language,
        "publisher_name": found.page.organisation.said(found.asked.tag),
        "address": _address(found),
        "qr": mark_safe(svg_qr(_address(found))),  # noqa: S308 - numbers only
        "alternates": alternates(request),
    }
    return depends(render(request, "guides/poster.html", context), found.keys, found.expires)


def useful(request: HttpRequest, lang: str) -> HttpResponse:
    """POST counts an answer and leads to the thanks, so that loading the page again counts nothing."""
    if request.method != "POST":
        return depends(render(request, "guides/useful.html", {"alternates": alternates(request)}), ())
    try:
        count_useful(
            by=None,
            translation_key=UUID(request.POST.get("guide", "")),
            language=lang,
            yes={"yes": True, "no": False}[request.POST.get("useful", "")],
        )
    except (ValueError, KeyError, NoSuchGuide):
        return render(request, "guides/useful.html", {"unread": True, "alternates": []}, status=400)
    return HttpResponseRedirect(reverse("guides:useful", kwargs={"lang": lang}))


def short_text(found: reading.Reading) -> str:
    """Title, summary, how far it can be relied on, and the address. In the language of the text where that is known."""
    line = found.line
    lines = [found.page.title, found.page.summary]
    if line.state == State.CHECKED and line.checked_on:
        said = _("Checked on %(day)s by %(who)s.")
        lines.append(said % {"day": format_date(line.checked_on, found.asked.tag), "who": line.checked_by})
    else:
        lines.append(_("Please ask before you rely on it."))
    if found.closed or found.warnings:
        lines.append(_("There is a warning on this page."))
    return "\n".join(part for part in [*lines, _address(found)] if part)


def _address(found: reading.Reading) -> str:
    return f"{settings.SERAI_SCHEME}://{settings.SERAI_PUBLIC_HOST}{found.address}"


def _found(lang: str, key: UUID) -> reading.Reading:
    found = reading.guide_of(viewer=NOBODY, tag=lang, translation_key=key)
    if found is None or found.unseen:
        raise Http404
    return found
