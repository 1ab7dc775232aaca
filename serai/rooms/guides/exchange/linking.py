"""Links between guides in texts that come from outside: `guide:<key>` there, ids of pages here."""

from __future__ import annotations

import re
from collections.abc import Callable

from serai.engine.content import stream

from ..actions.bulk import Ids

_LINK = re.compile(r'<a href="guide:([^"]+)">(.*?)</a>', re.S)

Resolve = Callable[[str, str], int | None]
"""Given the key of a guide and a language: id of the page to link to."""


def with_links(html: str, language: str, resolve: Resolve) -> str:
    """The text with `guide:<key>` links led to pages; where there is no page the words stay."""

    def lead(found: re.Match[str]) -> str:
        pk = resolve(found[1], language)
        return f'<a linktype="page" id="{pk}">{found[2]}</a>' if pk else found[2]

    return _LINK.sub(lead, html)


def body_of(html: str) -> stream.Kinds:
    """The blocks of an imported text: one of text, or none at all."""
    return [("text", html)] if html else []


def page_to_link(ids: Ids, key: str, language: str) -> int | None:
    """The page of a guide in the language, else in any: the public page finds the reader's language by itself."""
    found = ids.get(key, {})
    return found.get(language) or next(iter(found.values()), None)
