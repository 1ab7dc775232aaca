"""From stored rich text to HTML that is safe to show: guarded again on the way out, links to guides resolved at once.

Wagtail's own expansion asks the database once for each text block; here a page's links are collected first and looked
up in one query by the room that owns the pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe

from serai.lib.direction import problems_in_link

from .checking import ALLOWED
from .stream import canonical

_TAGS = set(ALLOWED)
_ATTRIBUTES = {tag: set(names) for tag, names in ALLOWED.items() if names}
_SCHEMES = {"http", "https", "mailto", "tel", "sms", "geo"}
_LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.S)
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_PAGE = re.compile(r'<a\b(?=[^>]*\blinktype="page")[^>]*\bid="(\d{1,18})"')


@dataclass(frozen=True)
class LinkTo:
    """Where a link to a page of the house leads: address on the public host, BCP 47 tag of the text found there."""

    address: str
    language: str


Links = Mapping[int, LinkTo]


def linked_pages(raw: Iterable[Mapping[str, Any]]) -> set[int]:
    """Ids of all pages of the house to which the texts of a body link."""
    return {int(found) for kind, value in canonical(raw) if kind == "text" for found in _PAGE.findall(value)}


def render_text(source: str, links: Links) -> SafeString:
    """A rich text as HTML. A link to a page that is not shown, or that is dangerous, leaves its words; a link to
    another site says which."""
    guarded = nh3.clean(source, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
    return mark_safe(_LINK.sub(lambda found: _link(found, links), guarded))  # noqa: S308 - guarded by nh3 just above


def _link(found: re.Match[str], links: Links) -> str:
    words = found[2]
    attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(found[1])}
    if attributes.get("linktype") == "page":
        target = links.get(int(attributes["id"])) if attributes.get("id", "").isdigit() else None
        if target is None:
            return words
        return f'<a href="{escape(target.address)}" hreflang="{escape(target.language)}">{words}</a>'
    href = attributes.get("href", "")
    if problems_in_link(href):
        return words
    host = host_of_link(href)
    if not host:
        return f'<a href="{escape(href)}">{words}</a>'
    said = "" if host in words else f' <span class="quiet">(<bdi>{escape(host)}</bdi>)</span>'
    return f'<a href="{escape(href)}" rel="noreferrer external">{words}</a>{said}'


def host_of_link(url: str) -> str:
    """The host of a web address without `www.`; empty for telephone and mail."""
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www.") if parts.scheme in {"http", "https"} else ""
