"""Two versions of a text side by side, in words: what the second person reads before saying yes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from wagtail import blocks

from .stream import canonical, stream_block, text_of_html

Piece = tuple[Literal["same", "gone", "new"], str]
_WORD = re.compile(r"\S+\s*|\s+")
_LONGEST = 20_000
_ISLAND = 2
"""So few same words between two changes are read as part of the change: a patchwork of words says nothing."""


@dataclass(frozen=True)
class Compared:
    """One part of a text in two versions. state: same, changed, new or gone; pieces: its words, marked."""

    label: str
    state: Literal["same", "changed", "new", "gone"]
    pieces: tuple[Piece, ...]


def compare_lines(label: str, before: str, after: str) -> Compared:
    """A title or a summary in two versions."""
    if before == after:
        return Compared(label, "same", (("same", after),))
    if not before:
        return Compared(label, "new", (("new", after),))
    if not after:
        return Compared(label, "gone", (("gone", before),))
    return Compared(label, "changed", tuple(_pieces(before, after)))


def compare_bodies(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> list[Compared]:
    """Blocks of two versions in the order of the newer one; a block is known again by its id."""
    old, new = _told(before), _told(after)
    left, right = [key for key, _, _ in old], [key for key, _, _ in new]
    former = {key: text for key, _, text in old}
    found: list[Compared] = []
    for operation, i1, i2, j1, j2 in SequenceMatcher(a=left, b=right, autojunk=False).get_opcodes():
        if operation in {"delete", "replace"}:
            found += [compare_lines(label, text, "") for key, label, text in old[i1:i2] if key not in right]
        found += [compare_lines(label, former.get(key, ""), text) for key, label, text in new[j1:j2]]
    return found


def _told(raw: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    rows = list(raw)
    found = []
    for number, ((kind, value), row) in enumerate(zip(canonical(rows), rows, strict=True)):
        block = stream_block().child_blocks.get(kind)
        label = str(block.label) if block is not None else kind
        text = "\n".join(_lines(block, value, "")) if block is not None else str(value)
        found.append((str(row.get("id") or number), label, text))
    return found


def _lines(block: blocks.Block, value: Any, label: str) -> Iterator[str]:
    if isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from _lines(child, value[name], str(child.label))
    elif isinstance(block, blocks.ListBlock):
        for item in value:
            yield from _lines(block.child_block, item, "")
    elif isinstance(block, blocks.RichTextBlock):
        yield _with_links(value)
    elif value is True:
        yield label
    elif value not in ("", None, False):
        yield f"{label}: {value}" if label else str(value)


def _with_links(source: str) -> str:
    """Words with the addresses of links behind them: a changed link must be seen too."""
    shown = re.sub(r'<a\b[^>]*\bhref="([^"]*)"[^>]*>(.*?)</a>', r"\2 (\1)", source, flags=re.S)
    shown = re.sub(r'<a\b[^>]*\bid="(\d+)"[^>]*>(.*?)</a>', r"\2 (→ \1)", shown, flags=re.S)
    return text_of_html(shown)


def _pieces(before: str, after: str) -> Iterator[Piece]:
    if len(before) > _LONGEST or len(after) > _LONGEST:
        yield ("gone", before)
        yield ("new", after)
        return
    old, new = _WORD.findall(before), _WORD.findall(after)
    for same, i1, i2, j1, j2 in _runs(old, new):
        if same:
            yield ("same", "".join(new[j1:j2]))
            continue
        if i1 != i2:
            yield ("gone", "".join(old[i1:i2]))
        if j1 != j2:
            yield ("new", "".join(new[j1:j2]))


def _runs(old: list[str], new: list[str]) -> list[tuple[bool, int, int, int, int]]:
    """Stretches of same and of changed words, islands of same words taken into the change around them."""
    found: list[tuple[bool, int, int, int, int]] = []
    codes = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    for number, (operation, i1, i2, j1, j2) in enumerate(codes):
        inner = 0 < number < len(codes) - 1
        same = operation == "equal" and not (inner and i2 - i1 <= _ISLAND)
        if found and not same and not found[-1][0]:
            found[-1] = (False, found[-1][1], i2, found[-1][3], j2)
        else:
            found.append((same, i1, i2, j1, j2))
    return found
