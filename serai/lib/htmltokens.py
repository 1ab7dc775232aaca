"""HTML cut into tags and text, in one pass whose time grows only with the length.

Pasted pages and imported content may be broken or hostile. A real HTML parser repairs nesting and takes minutes on
two megabytes of open tags (html5ever: quadratic in depth); this reader never nests, never goes back, and gives up
on what is not closed. It is no guard by itself: markup.clean_html passes its result through nh3.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple


class Text(NamedTuple):
    """Characters between tags, entities resolved."""

    text: str


class Tag(NamedTuple):
    """A start tag or, if `closes`, an end tag; `name` in small letters, `href` of the first such attribute."""

    name: str
    closes: bool = False
    href: str | None = None


class Removed(NamedTuple):
    """An element taken out with all its content, such as a script; `name` in small letters."""

    name: str


# Their content is not text for people. Of the first group a browser takes everything up to the closing tag as raw,
# be there one or not; of the second only what is closed can be told from the page around it.
_RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "textarea", "title"})
_FOREIGN = frozenset({"applet", "audio", "canvas", "math", "object", "select", "svg", "template", "video"})

# Any other < is a sign in the text.
_MARKUP = re.compile(r"<(?:[A-Za-z!?]|/(?!\Z))")
_TAG_NAME = re.compile(r"[A-Za-z][^\s/>]*+", re.ASCII)
_ATTRIBUTE = re.compile(
    r"[\s/]*+(?:(?P<end>>)|(?P<name>[^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:\"(?P<d>[^\"]*+)\"|'(?P<s>[^']*+)'|"
    r"(?P<u>(?![\"'])[^\s>]*+)|(?P<open>[\"'])))?+)",
    re.ASCII,
)
# html.unescape would raise on numbers of more than 4,300 digits; none of more than seven is a character.
_HUGE_NUMBER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")
_OPEN_NAME = re.compile(r"&(?=[A-Za-z][A-Za-z0-9]*+(?!;))")
_DROPPED_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def tokens(source: str) -> Iterator[Text | Tag | Removed]:
    """The tokens of an HTML fragment in order; comments and declarations are left out."""
    at, end = 0, len(source)
    never_closed: set[str] = set()  # looked for once and not found: looking again would cost the square of the length
    while at < end:
        begins = _MARKUP.search(source, at)
        opened = begins.start() if begins else end
        if opened > at:
            yield Text(_plain(source[at:opened]))
        if opened == end:
            return
        token, at = _markup(source, opened)
        if isinstance(token, Removed) and source[at - 2] != "/" and token.name not in never_closed:
            after = _after_content(source, at, token.name)
            if after is None and token.name in _FOREIGN:
                never_closed.add(token.name)
            else:
                at = after or end
        if token is not None:
            yield token


def _markup(source: str, at: int) -> tuple[Text | Tag | Removed | None, int]:
    """What stands at a `<`, and where it ends. A tag that is never closed swallows the rest, as in browsers."""
    follows = source[at + 1]
    if follows in "!?":
        return None, _after(source, "-->", at + 2) if source.startswith("<!--", at) else _after(source, ">", at)
    closes = follows == "/"
    named = _TAG_NAME.match(source, at + 2 if closes else at + 1)
    if not named:
        return None, _after(source, ">", at)
    name = named.group().lower()
    href, after = _attributes(source, named.end())
    if after is None:
        return None, len(source)
    if not closes and name in _RAW | _FOREIGN:
        return Removed(name), after
    return Tag(name, closes, href), after


def _attributes(source: str, at: int) -> tuple[str | None, int | None]:
    """The href among the attributes, and where the tag ends; None if it never does."""
    href: str | None = None
    while match := _ATTRIBUTE.match(source, at):
        if match["end"]:
            return href, match.end()
        if match["open"]:
            break
        if href is None and match["name"].lower() == "href":
            # Without its semicolon a name in an address is a parameter (?a=1&copy=2), not a character.
            given = match["d"] or match["s"] or match["u"] or ""
            href = _plain(_OPEN_NAME.sub("&amp;", given))
        at = match.end()
    return None, None


def _after(source: str, mark: str, at: int) -> int:
    found = source.find(mark, at)
    return len(source) if found < 0 else found + len(mark)


def _after_content(source: str, at: int, name: str) -> int | None:
    """Where the end tag of a removed element ends. Nesting of one name is not counted."""
    closing = re.compile(rf"</{name}(?=[\s/>])[^>]*+>?", re.IGNORECASE).search(source, at)
    return closing.end() if closing else None


def _plain(text: str) -> str:
    """Entities resolved; characters that no page may hold taken out, half pairs replaced."""
    if "&" in text:
        text = html.unescape(_HUGE_NUMBER.sub("\ufffd", text))
    return _SURROGATES.sub("\ufffd", _DROPPED_CHARACTERS.sub("", text))
