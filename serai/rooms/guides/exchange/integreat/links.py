"""What becomes of each link: kept, mended from the words it stands behind, led to a guide of ours, or words alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from serai.lib.direction import problems_in_link, visible

from .languages import tag_of
from .reading import path_of
from .rows import Problem, RawPage

HOSTS = frozenset({"integreat.app", "www.integreat.app", "web.integreat-app.de", "integreat-app.de"})
"""Where people read Integreat's pages."""
_EDITING = frozenset({"admin.integreat-app.de", "cms.integreat-app.de"})
_PHONE = re.compile(r"\+?[0-9(][0-9 ()/.\u00a0\u2013-]{1,24}")
_MAIL = re.compile(r"[^@\s<>\"?&,;]+@[^@\s<>\"?&,;]+\.[A-Za-z]{2,24}")
_HOST_ONLY = re.compile(r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,12}(?:[/?#]\S*)?", re.I)


@dataclass(frozen=True)
class Target:
    """The guide to which a link leads. is_exact: False when only the last part of the path is the same."""

    key: str
    path: str
    is_exact: bool = True


Find = Callable[[str, str], Target | None]
"""Given the tag of a language and a path: the guide there, or None."""


@dataclass(frozen=True)
class Link:
    """Where it leads now (None: nowhere, its words stay) and what to say of it."""

    href: str | None
    problem: Problem | None = None


def judge(href: str, words: str, page: RawPage, region: str, target: Find) -> Link:
    """What becomes of a link that stands behind some words of a page."""
    address = href.strip()
    words = words.replace("\u00a0", " ").strip()
    scheme = address.split(":", 1)[0].lower() if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", address) else ""
    if scheme in ("tel", "mailto", "sms"):
        return _reach(address, words, page)
    if scheme in ("http", "https"):
        return _web(address, words, page, region, target)
    if not scheme:
        return _bare(address, words, page, region, target)
    return _refused(address, page)


def public_address(page: RawPage) -> str:
    """Where people read the page at its source; the editors' host is not for them."""
    host = _host(page.url)
    root = page.url.split("/", 3)[:3] if host and host not in _EDITING else ["https:", "", "integreat.app"]
    address = "/".join(root) + quote(page.path, safe="/%:@!$&'()*+,;=~", encoding="utf-8")
    return (
        address
        if not problems_in_link(address) and len(address) <= 1000
        else f"https://integreat.app/{region_of(page)}/"
    )


def region_of(page: RawPage) -> str:
    """The region's part of an address."""
    return quote(page.region)


def _reach(address: str, words: str, page: RawPage) -> Link:
    """A phone number or mail address, mended from the words where it is broken."""
    scheme, rest = address.split(":", 1)
    compact = f"{scheme.lower()}:" + (re.sub(r"[\s\u00a0]", "", rest) if scheme.lower() != "mailto" else rest.strip())
    if not problems_in_link(compact):
        return Link(compact)
    return _from_words(address, words, page)


def _from_words(address: str, words: str, page: RawPage) -> Link:
    mended = _reachable(words)
    return _broken(address, page) if mended is None else _mended(address, mended, page)


def _mended(address: str, mended: str, page: RawPage) -> Link:
    says = _("The link %(url)s was broken. It was mended from its words: %(mended)s.")
    says %= {"url": visible(address[:200]), "mended": mended}
    return Link(mended, page.problem("link-mended", says, _("Check the number or address once.")))


def _reachable(words: str) -> str | None:
    """The words as a link, when they are a phone number or a mail address."""
    if mail := _MAIL.fullmatch(words):
        return _sound(f"mailto:{mail[0]}")
    if _PHONE.fullmatch(words):
        digits = re.sub(r"[^0-9+]", "", words.replace("(0)", "") if words.startswith("+") else words)
        return _sound(f"tel:{digits}") if 3 <= len(digits.lstrip("+")) <= 15 else None
    return None


def _sound(address: str) -> str | None:
    return None if problems_in_link(address) else address


def _web(address: str, words: str, page: RawPage, region: str, target: Find) -> Link:
    host = _host(address)
    if host in HOSTS or host in _EDITING or (host and host == _host(page.url)):
        return _inside(address, words, page, region, target)
    whole = re.sub(r"\s", "%20", address)
    if not problems_in_link(whole):
        return Link(whole)
    mail = _MAIL.fullmatch(address.split("//", 1)[-1].rstrip("/"))  # somebody typed a mail address as a web address
    return _mended(address, f"mailto:{mail[0]}", page) if mail else _refused(address, page)


def _inside(address: str, words: str, page: RawPage, region: str, target: Find) -> Link:
    """A link to Integreat itself: to a page we have, to one we do not have, to a file, or a broken one."""
    path = path_of(address)
    parts = path.strip("/").split("/")
    if parts[0] in ("tel:", "mailto:") or (len(parts) == 1 and re.fullmatch(r"[0-9+]+", parts[0])):
        return _from_words(address, words, page)
    if parts[0] == "media" or "wp-content" in parts or re.search(r"\.[a-z0-9]{2,4}$", parts[-1], re.I):
        whole = re.sub(r"\s", "%20", address)
        return _refused(address, page) if problems_in_link(whole) else Link(whole)
    tag = tag_of(parts[1]) if len(parts) > 1 else ""
    if parts[0] == region:
        found = target(tag, path)
        if found is None:
            return _broken(address, page)
        return Link(f"guide:{found.key}", None if found.is_exact else _moved(address, found.path, page))
    return Link(address) if tag and not problems_in_link(address) else _broken(address, page)


def _bare(address: str, words: str, page: RawPage, region: str, target: Find) -> Link:
    """A link without http: one of the region's own paths, or what somebody typed."""
    if address.startswith("#") or not address:
        return Link(None)
    if address.startswith(f"/{region}/"):
        return _inside(f"https://integreat.app{address}", words, page, region, target)
    if mended := _reachable(address):
        return Link(mended)
    if _HOST_ONLY.fullmatch(address) and not problems_in_link(f"https://{address}"):
        return Link(f"https://{address}")
    return _from_words(address, words, page)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _moved(address: str, path: str, page: RawPage) -> Problem:
    says = _("The link %(url)s leads to an old place. It was led to the one page of that name: %(path)s.")
    says %= {"url": visible(address[:300]), "path": path}
    return page.problem("link-moved", says, _("Look whether this is the page that was meant."))


def _broken(address: str, page: RawPage) -> Link:
    says = _("The link %(url)s leads to no page in the files. Only its words were kept.")
    cure = _("Link to another page, or import the file that has it.")
    return Link(None, page.problem("link-broken", says % {"url": visible(address[:300])}, cure))


def _refused(address: str, page: RawPage) -> Link:
    says = _("The link %(url)s is refused. Only its words were kept.") % {"url": visible(address[:300])}
    return Link(None, page.problem("link-refused", says, _("Use an address that begins with https://.")))
