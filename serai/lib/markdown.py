"""The house's shapes as Markdown, so that a translator meets words and almost no signs.

Reading is CommonMark by markdown-it-py with HTML switched off. Writing must come back exactly: every sign that could
be read as markup is escaped, and where CommonMark would not see an emphasis (between letters of scripts without
spaces, before punctuation) the letter outside it is written as its number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from markdown_it import MarkdownIt

from serai.lib.htmltree import Block, ItemList, Line, Paragraph, Run

_ALWAYS = re.compile(r"[\\`*_\[\]<]|&(?=[#A-Za-z])")
_AT_LINE_START = re.compile(r"(?P<sign>[#>=~]|[+-](?=[ +-]|$))|(?P<number>[0-9]{1,9})(?P<after>[.)])(?= |$)")
_HASHES = {"h2": "## ", "h3": "### ", "h4": "#### "}
_ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def render(text: str) -> str:
    """The HTML of Markdown, links unchecked and unchanged: only for markup.clean_html to read."""
    return str(_reader().render(text))


def write(blocks: Iterable[Block]) -> str:
    """Markdown of the blocks, an empty line between; it ends with a line break unless it is empty."""
    parts: list[str] = []
    before: Block | None = None
    alternate = False
    for block in blocks:
        if isinstance(block, ItemList):
            # Two lists of one kind in a row would be read as one, unless their signs differ.
            alternate = _same_kind(before, block) and not alternate
            parts.append("\n".join(_list_rows(block, alternate)))
        else:
            parts.append(_paragraph(block))
        before = block
    return "\n\n".join(parts) + ("\n" if parts else "")


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False})
    # markup.clean_html judges links; markdown-it would hide the refused ones and rewrite other scripts' hosts.
    reader.validateLink = lambda url: True  # type: ignore[method-assign]
    reader.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return reader


def _same_kind(before: Block | None, block: ItemList) -> bool:
    return isinstance(before, ItemList) and before.ordered == block.ordered


def _paragraph(block: Paragraph) -> str:
    if block.kind == "p":
        return "\\\n".join(_line(line) for line in block.lines)
    # A row of hashes at the end would be read as the heading's closing mark.
    words = re.sub(r"(?:^|(?<= ))(#+)$", r"\\\1", _line(block.lines[0], starts=False))
    return _HASHES[block.kind] + words


def _list_rows(block: ItemList, alternate: bool) -> list[str]:
    rows: list[str] = []
    for number, item in enumerate(block.items, 1):
        sign = (f"{number}{')' if alternate else '.'} ") if block.ordered else ("* " if alternate else "- ")
        inner = "\\\n".join(_line(line) for line in item.lines).split("\n") if item.lines else []
        before: ItemList | None = None
        other = False
        for below in item.lists:
            other = _same_kind(before, below) and not other
            inner += _list_rows(below, other)
            before = below
        rows += [(" " * len(sign) if at else sign) + row for at, row in enumerate(inner)]
    return rows


@dataclass(slots=True)
class _Piece:
    """A stretch of one line: words, or a sign (`**`, `_`, `[`, `](…)`); `opens` tells which side a sign faces."""

    words: str
    sign: bool = False
    opens: bool = False
    first_by_number: bool = False
    last_by_number: bool = False


def _line(line: Line, *, starts: bool = True) -> str:
    """One line; `starts` unless a sign stands before it, so that its first words could be read as one."""
    pieces = list(_pieces(line))
    _number_neighbours(pieces)
    following = [*pieces[1:], None]
    written = "".join(_written(piece, next_one) for piece, next_one in zip(pieces, following, strict=True))
    begins = _AT_LINE_START.match(written) if starts else None
    return _escape_start(begins) + written[begins.end() :] if begins else written


def _escape_start(match: re.Match[str]) -> str:
    return f"{match['number']}\\{match['after']}" if match["number"] else "\\" + match["sign"]


def _pieces(line: Line) -> Iterator[_Piece]:
    for href, linked in groupby(line, key=lambda run: run.href):
        if href is not None:
            yield _Piece("[", sign=True, opens=True)
        for strong, runs in groupby(linked, key=lambda run: run.strong):
            if strong:
                yield _Piece("**", sign=True, opens=True)
            yield from _emphasised(runs)
            if strong:
                yield _Piece("**", sign=True)
        if href is not None:
            yield _Piece(f"]({_address(href)})", sign=True)


def _emphasised(runs: Iterable[Run]) -> Iterator[_Piece]:
    for run in runs:
        if run.emphasis:
            yield _Piece("_", sign=True, opens=True)
        yield _Piece(run.text)
        if run.emphasis:
            yield _Piece("_", sign=True)


def _address(href: str) -> str:
    plain = _ALWAYS.sub(lambda match: "\\" + match.group(), href)
    return f"<{plain}>" if re.search(r"[()]", href) else plain


def _number_neighbours(pieces: list[_Piece]) -> None:
    """Mark the letters outside an emphasis that must be written as a number for CommonMark to see it (6.2, flanking).

    Writing one so turns it into punctuation for its other side as well, so that sign is looked at again.
    """
    waiting = list(range(len(pieces)))
    while waiting:
        at = waiting.pop()
        sign = pieces[at]
        outside_at = at - 1 if sign.opens else at + 1
        inside_at = at + 1 if sign.opens else at - 1
        if sign.words not in ("**", "_") or not 0 <= outside_at < len(pieces):
            continue
        outside, inside = pieces[outside_at], pieces[inside_at]
        if outside.sign or _parts(outside.words[-1 if sign.opens else 0]):
            continue
        if sign.words == "**" and _is_letter(inside, first=sign.opens):
            continue
        already = outside.last_by_number if sign.opens else outside.first_by_number
        if already:
            continue
        outside.last_by_number |= sign.opens
        outside.first_by_number |= not sign.opens
        if len(outside.words) == 1:
            outside.first_by_number = outside.last_by_number = True
        waiting += [near for near in (outside_at - 1, outside_at + 1) if 0 <= near < len(pieces)]


def _parts(char: str) -> bool:
    """Whether a character outside an emphasis parts it well enough in every reader: white space or ASCII sign."""
    return char.isspace() or char in _ASCII_PUNCTUATION


def _is_letter(piece: _Piece, *, first: bool) -> bool:
    """Whether the edge of `piece` is written as something that is neither punctuation nor symbol."""
    by_number = piece.first_by_number if first else piece.last_by_number
    return not piece.sign and not by_number and unicodedata.category(piece.words[0 if first else -1])[0] in "LNM"


def _written(piece: _Piece, next_one: _Piece | None) -> str:
    if piece.sign:
        return piece.words
    words = piece.words
    start = 1 if piece.first_by_number else 0
    end = len(words) - 1 if piece.last_by_number and len(words) > start else len(words)
    middle = _ALWAYS.sub(lambda match: "\\" + match.group(), words[start:end])
    if next_one and next_one.words == "[" and middle.endswith("!"):
        middle = middle[:-1] + "\\!"
    by_number = [f"&#{ord(char)};" for char in (words[:start], words[end:]) if char]
    return (by_number.pop(0) if start else "") + middle + "".join(by_number)
