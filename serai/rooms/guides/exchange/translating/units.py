"""A guide's words as units that a translator's tool can hold, and a guide made of units again.

A unit is a title, a line of a block, or one paragraph, heading or list of a rich text. Blocks and figures are not in
the file at all: a translation has the blocks of its original.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from serai.engine.content import stream
from serai.lib import htmltree

Kinds = list[tuple[str, Any]]
TITLE, SUMMARY = "title", "summary"
_HREF = re.compile(r'\bhref="([^"]*)"')


@dataclass(frozen=True)
class Piece:
    """One text. id: its place (`2.steps.0.text`, `0#3`: the fourth part of block 0); is_html: of the house's subset."""

    id: str
    text: str
    note: str
    is_html: bool


def pieces_of(title: str, summary: str, kinds: Kinds) -> list[Piece]:
    """All words of a guide, in reading order."""
    found = [Piece(TITLE, title, "title", False)]
    if summary:
        found.append(Piece(SUMMARY, summary, "summary", False))
    for words in stream.words_of(kinds):
        note = f"{words.kind} {words.field}".strip()
        if words.is_html:
            found.extend(Piece(f"{words.where}#{at}", part, note, True) for at, part in enumerate(_parts(words.text)))
        else:
            found.append(Piece(words.where, words.text, note, False))
    return found


def kinds_with(kinds: Kinds, pieces: Sequence[Piece], texts: Mapping[str, str]) -> Kinds:
    """The same blocks with other words. texts: by id of all pieces."""
    result: list[list[Any]] = [[kind, copy.deepcopy(value)] for kind, value in stream.canonical(kinds)]
    html: dict[str, list[str]] = {}
    for piece in pieces:
        if piece.id in (TITLE, SUMMARY):
            continue
        if piece.is_html:
            html.setdefault(piece.id.rpartition("#")[0], []).append(texts[piece.id])
        else:
            _put(result, piece.id, texts[piece.id])
    for where, parts in html.items():
        _put(result, where, "".join(parts))
    return [(kind, value) for kind, value in result]


def hrefs(html: str) -> list[str]:
    """Where the links of a text lead, in order of the alphabet: a translation may say things in another order."""
    return sorted(_HREF.findall(html))


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but white space, which translators' tools change."""
    return one.split() == other.split()


def _parts(html: str) -> list[str]:
    """The paragraphs, headings and lists of a rich text, each as HTML."""
    tree = htmltree.parse(html, lambda href: False)
    return [htmltree.write_html([block]) for block in tree.blocks]


def _put(kinds: list[list[Any]], where: str, text: str) -> None:
    first, *path = where.split(".")
    if not path:
        kinds[int(first)][1] = text
        return
    at = kinds[int(first)][1]
    for step in path[:-1]:
        at = at[int(step)] if isinstance(at, list) else at[step]
    at[path[-1]] = text
