"""Text with markup, from outside to the house's few shapes, and from there to text and Markdown.

Guides, messages and imported pages arrive as HTML or Markdown of any kind. What we keep is p, h2-h4, ul, ol, li,
strong, em, a[href] and br: that much can be shown, spoken, printed and translated everywhere. What is lost is reported,
so that an editor sees it. htmltree makes the shapes; nh3 is the guard behind it, on input it can read in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import nh3

from serai.lib import htmltree, markdown
from serai.lib.direction import LINK_SCHEMES, problems_in_link

TAGS = frozenset({"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "br"})
_LONG_WORDS = re.compile(r"(?<=>)[^<>]{8000,}+(?=<)")
_SOME_CHARACTERS = re.compile(r"(?:&[a-z]+;|[^&]){1,4000}")


@dataclass(frozen=True)
class Cleaned:
    """`html` in the house's subset; `dropped`: count of elements lost, by name; `refused_links`: hrefs as given.

    Content of dropped elements is kept, except of scripts, pictures in SVG, forms' choices and the like.
    """

    html: str
    dropped: dict[str, int]
    refused_links: list[str]


def clean_html(html: str, *, extra_schemes: Collection[str] = ()) -> Cleaned:
    """The fragment in the house's subset, safe to show as it is.

    h1 becomes h2, h5 and h6 become h4, b strong, i em; loose text a paragraph; blocks without words go. Links pass
    if direction.problems_in_link finds nothing (`extra_schemes` such as guide). Cleaning twice changes nothing.
    """
    tree = _tree(html, extra_schemes)
    return Cleaned(_guarded(htmltree.write_html(tree.blocks), extra_schemes), tree.dropped, tree.refused_links)


def clean_markdown(text: str, *, extra_schemes: Collection[str] = ()) -> Cleaned:
    """Markdown (CommonMark, HTML in it is text) in the house's subset, with what was lost."""
    return clean_html(markdown.render(text), extra_schemes=extra_schemes)


def markdown_to_html(text: str, *, extra_schemes: Collection[str] = ()) -> str:
    """The HTML of `clean_markdown`, for text whose losses were already shown to its editor."""
    return clean_markdown(text, extra_schemes=extra_schemes).html


def html_to_markdown(html: str, *, extra_schemes: Collection[str] = ()) -> str:
    """Markdown that `markdown_to_html` turns into what `clean_html` makes of `html`."""
    return markdown.write(_tree(html, extra_schemes).blocks)


def html_to_text(html: str, *, links: bool = True) -> str:
    """Plain text for SMS, mail and search: blocks parted by an empty line, "- " and "1. " before items.

    With `links` the address stands in brackets behind the words unless it is the same; refused links never appear.
    """
    return "\n\n".join(_block_text(block, links) for block in _tree(html, ("guide",)).blocks)


def _tree(html: str, extra_schemes: Collection[str]) -> htmltree.Tree:
    return htmltree.parse(html, _link_judge(frozenset(extra_schemes)))


def _link_judge(extra_schemes: frozenset[str]) -> Callable[[str], bool]:
    @lru_cache(maxsize=1024)
    def is_refused(href: str) -> bool:
        if problems_in_link(href, extra_schemes=extra_schemes):
            return True
        # nh3 reads addresses by the WHATWG rules; what it would not let through, we refuse here, where it is reported.
        link = f'<a href="{htmltree.escape(href)}">x</a>'
        return _guarded(link, extra_schemes) != link

    return is_refused


def _guarded(html: str, extra_schemes: Collection[str]) -> str:
    """Our own output through nh3, which gives it back unchanged unless we made a mistake."""
    return nh3.clean(
        _LONG_WORDS.sub(_in_short_nodes, html),
        tags=set(TAGS),
        attributes={"a": {"href"}},
        url_schemes={*LINK_SCHEMES, *extra_schemes},
        link_rel=None,
    )


def _in_short_nodes(match: re.Match[str]) -> str:
    # nh3 0.3.8 takes the square of the length over one text of many "&"; comments, which it drops, part the text.
    return "<!---->".join(_SOME_CHARACTERS.findall(match.group()))


def _block_text(block: htmltree.Block, links: bool) -> str:
    if isinstance(block, htmltree.ItemList):
        return "\n".join(_list_text(block, links))
    return "\n".join(_line_text(line, links) for line in block.lines)


def _list_text(block: htmltree.ItemList, links: bool) -> list[str]:
    rows: list[str] = []
    for number, item in enumerate(block.items, 1):
        mark = f"{number}. " if block.ordered else "- "
        inner = [_line_text(line, links) for line in item.lines]
        for below in item.lists:
            inner += _list_text(below, links)
        rows += [(" " * len(mark) if at else mark) + row for at, row in enumerate(inner)]
    return rows


def _line_text(line: htmltree.Line, links: bool) -> str:
    parts: list[str] = []
    for href, runs in groupby(line, key=lambda run: run.href):
        words = "".join(run.text for run in runs)
        parts.append(words)
        if links and href and not href.startswith("guide:"):
            address = href.removeprefix("mailto:").removeprefix("tel:")
            if address not in (words, words.replace(" ", "")):
                parts.append(f" ({address})")
    return "".join(parts)
