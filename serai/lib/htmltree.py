"""The few shapes that the house's text has: paragraphs, headings, lists, and runs of words.

Whatever HTML comes in, one plain tree comes out, and writing that tree gives the same HTML each time. Web, chat, SMS,
print and Markdown are then written from the tree and never from markup. There is no recursion on input: lists are
at most six deep, and emphasis is a property of a run of words, not a nesting.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, NamedTuple

from serai.lib.htmltokens import Removed, Tag, Text, tokens

LIST_DEPTH = 6

_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_STRONG = frozenset({"strong", "b"})
_EMPHASIS = frozenset({"em", "i"})
_UNCOUNTED = frozenset({"html", "head", "body"})
# Elements that are lost but part the text around them.
_BREAKING = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend",
    "main", "menu", "nav", "option", "pre", "search", "section", "summary", "table", "tbody", "tfoot", "thead", "tr",
})  # fmt: skip
_SPACING = re.compile(r"[\t-\r\x1c-\x20\x85\u2028\u2029]+")
# A block of only these shows nothing (zero width space, word joiner, soft hyphen, byte order mark).
_SHOWS_NOTHING = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]*")


class Run(NamedTuple):
    """Words of one format; `href` where they are a link."""

    text: str
    strong: bool = False
    emphasis: bool = False
    href: str | None = None


Line = list[Run]


@dataclass
class Paragraph:
    """A paragraph or heading (`kind`), in lines with a line break between; a heading has one."""

    kind: Literal["p", "h2", "h3", "h4"]
    lines: list[Line]


@dataclass
class Item:
    """One point of a list: its lines, then lists below it."""

    lines: list[Line] = field(default_factory=list)
    lists: list[ItemList] = field(default_factory=list)


@dataclass
class ItemList:
    """A list, numbered if `ordered`."""

    ordered: bool
    items: list[Item] = field(default_factory=list)
    implied: bool = field(default=False, compare=False)  # opened by a stray item


Block = Paragraph | ItemList


@dataclass
class Tree:
    """What was read: blocks in order, elements dropped by name, hrefs refused in order."""

    blocks: list[Block]
    dropped: dict[str, int]
    refused_links: list[str]


def parse(source: str, is_refused: Callable[[str], bool]) -> Tree:
    """The tree of an HTML fragment; a link for which `is_refused` is true keeps only its words."""
    builder = _Builder(is_refused)
    for token in tokens(source):
        if isinstance(token, Text):
            builder.add_text(token.text)
        elif isinstance(token, Removed):
            builder.dropped[token.name] += 1
        else:
            builder.add_tag(token)
    return builder.finish()


def write_html(blocks: Iterable[Block]) -> str:
    """The blocks as HTML, without white space between elements."""
    return "".join(_block_html(block) for block in blocks)


class _Builder:
    """State while reading: the format in force, the lists that are open, the runs of the block at hand."""

    def __init__(self, is_refused: Callable[[str], bool]) -> None:
        self.is_refused = is_refused
        self.blocks: list[Block] = []
        self.dropped: Counter[str] = Counter()
        self.refused: list[str] = []
        self.runs: list[list[Run]] = [[]]  # one list for each line
        self.open_lists: list[ItemList] = []
        self.too_deep = 0
        self.strong = 0
        self.emphasis = 0
        self.href: str | None = None
        self.heading: Literal["h2", "h3", "h4"] | None = None

    def add_text(self, text: str) -> None:
        """Words in the format now in force."""
        self.runs[-1].append(Run(text, self.strong > 0, self.emphasis > 0, self.href))

    def add_tag(self, tag: Tag) -> None:
        """A tag: it changes the format, ends the block at hand, or is dropped and counted."""
        step = -1 if tag.closes else 1
        if tag.name in _STRONG:
            self.strong = max(0, self.strong + step)
        elif tag.name in _EMPHASIS:
            self.emphasis = max(0, self.emphasis + step)
        elif tag.name == "a":
            self.href = None if tag.closes else self._link(tag.href)
        elif tag.name == "br":
            self.runs.append([])
        elif tag.name == "p":
            self.flush()
        elif tag.name in _HEADINGS:
            self.flush()
            self.heading = None if tag.closes else _HEADINGS[tag.name]  # type: ignore[assignment]
        elif tag.name in ("ul", "ol"):
            self._list(tag)
        elif tag.name == "li":
            self._item(tag)
        else:
            self._drop(tag)

    def flush(self) -> None:
        """End the block at hand, if it shows anything."""
        if self.runs == [[]]:
            return
        lines, self.runs = [_normal_line(runs) for runs in self.runs], [[]]
        parts = [list(part) for some, part in groupby(lines, key=_shows) if some]
        if not parts:
            return
        joined = [line for part in parts for line in part]
        if self.open_lists:
            self._open_item().lines += joined
        elif self.heading:
            spaced = [run for line in joined for run in (Run(" "), *line)]
            self.blocks.append(Paragraph(self.heading, [_normal_line(spaced)]))
        else:
            # Two line breaks in a row were meant as a new paragraph.
            self.blocks += [Paragraph("p", part) for part in parts]

    def finish(self) -> Tree:
        """The whole tree, without lists and items that show nothing."""
        self.flush()
        return Tree(_without_empty(self.blocks), dict(self.dropped), self.refused)

    def _link(self, href: str | None) -> str | None:
        if href is None:
            self.dropped["a"] += 1
            return None
        address = href.strip(" \t\n\r\f")
        for char in '"<>`{}|^':
            address = address.replace(char, f"%{ord(char):02X}")
        if self.is_refused(address):
            self.refused.append(href)
            return None
        return address

    def _list(self, tag: Tag) -> None:
        self.flush()
        self.heading = None
        if not tag.closes:
            if len(self.open_lists) == LIST_DEPTH:
                self.too_deep += 1
                return
            new = ItemList(tag.name == "ol")
            self._attach(new)
            self.open_lists.append(new)
        elif self.too_deep:
            self.too_deep -= 1
        elif any(opened.ordered == (tag.name == "ol") for opened in self.open_lists):
            while self.open_lists.pop().ordered != (tag.name == "ol"):
                pass

    def _item(self, tag: Tag) -> None:
        self.flush()
        self.heading = None
        if not tag.closes:
            if not self.open_lists:
                new = ItemList(ordered=False, implied=True)
                self._attach(new)
                self.open_lists.append(new)
            self.open_lists[-1].items.append(Item())
        elif self.open_lists and self.open_lists[-1].implied:
            self.open_lists.pop()

    def _drop(self, tag: Tag) -> None:
        if not tag.closes and tag.name not in _UNCOUNTED:
            self.dropped[tag.name] += 1
        if tag.name in _BREAKING:
            self.flush()
        elif tag.name in ("td", "th"):
            self.add_text(" ")

    def _attach(self, new: ItemList) -> None:
        if not self.open_lists:
            self.blocks.append(new)
            return
        items = self.open_lists[-1].items
        if not items:
            items.append(Item())
        items[-1].lists.append(new)

    def _open_item(self) -> Item:
        """The item that takes text now; a new one if there is none or lists already stand below the last."""
        items = self.open_lists[-1].items
        if not items or items[-1].lists:
            items.append(Item())
        return items[-1]


def _normal_line(runs: Iterable[Run]) -> Line:
    """Runs with white space made one and moved out of formats, neighbours of one format joined."""
    line: Line = []
    space: list[str] = []
    for run in runs:
        words = run.text.strip()
        if not words:
            space.append(run.text)
            continue
        before = len(run.text) - len(run.text.lstrip())
        space.append(run.text[:before])
        between = _SPACING.sub(" ", "".join(space))
        if line and between:
            line.append(_between(line[-1], between, run))
        line.append(run._replace(text=_SPACING.sub(" ", words)))
        space = [run.text[before + len(words) :]]
    return [
        Run("".join(run.text for run in same), *key) for key, same in groupby(line, key=lambda run: run[1:])
    ]  # fmt: skip


def _between(left: Run, space: str, right: Run) -> Run:
    """White space carries what both its neighbours have, from the outermost format in; so links stay in one piece."""
    if left.href != right.href:
        return Run(space)
    if not (left.strong and right.strong):
        return Run(space, False, left.emphasis and right.emphasis and left.strong == right.strong, left.href)
    return Run(space, True, left.emphasis and right.emphasis, left.href)


def _shows(line: Line) -> bool:
    return not all(_SHOWS_NOTHING.fullmatch(run.text) for run in line)


def _without_empty(blocks: Collection[Block]) -> list[Block]:
    for block in blocks:
        if isinstance(block, ItemList):
            _prune(block)
    return [block for block in blocks if isinstance(block, Paragraph) or block.items]


def _prune(block: ItemList) -> None:
    for item in block.items:
        for below in item.lists:
            _prune(below)
        item.lists = [below for below in item.lists if below.items]
    block.items = [item for item in block.items if item.lines or item.lists]


def _block_html(block: Block) -> str:
    if isinstance(block, Paragraph):
        return f"<{block.kind}>{_lines_html(block.lines)}</{block.kind}>"
    name = "ol" if block.ordered else "ul"
    items = (f"<li>{_lines_html(item.lines)}{write_html(item.lists)}</li>" for item in block.items)
    return f"<{name}>{''.join(items)}</{name}>"


def _lines_html(lines: list[Line]) -> str:
    return "<br>".join(_line_html(line) for line in lines)


def _line_html(line: Line) -> str:
    parts: list[str] = []
    for href, linked in groupby(line, key=lambda run: run.href):
        by_weight = groupby(linked, key=lambda run: run.strong)
        words = "".join(_strong_html(strong, runs) for strong, runs in by_weight)
        parts.append(words if href is None else f'<a href="{escape(href)}">{words}</a>')
    return "".join(parts)


def _strong_html(strong: bool, runs: Iterable[Run]) -> str:
    words = "".join(f"<em>{escape(run.text)}</em>" if run.emphasis else escape(run.text) for run in runs)
    return f"<strong>{words}</strong>" if strong else words


def escape(text: str) -> str:
    """Text or attribute exactly as nh3 writes it, so that its check of our output changes nothing."""
    return html.escape(text, quote=False).replace("\u00a0", "&nbsp;")
