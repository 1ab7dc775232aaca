"""A guide's blocks as plain data: compared without their ids, saved with the ids they had, told as plain words.

Wagtail gives each block an id; comments and comparisons hang on it. Importers, packs and spreadsheets know no ids, so
what comes from outside is laid over what stands, and a block that says the same keeps its id. Nothing here asks the
database.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from typing import Any

from wagtail import blocks

from .blocks import guide_blocks

Kinds = Sequence[tuple[str, Any]]
"""Blocks as (kind, value) in order; a value is plain data as in docs/packs.md, lists without ids."""

_PAGE_LINK = re.compile(r'(<a\b[^>]*\blinktype="page"[^>]*\b)id="\d+"')
_EDITOR_KEY = re.compile(r' data-block-key="[^"]*"')
_TAG = re.compile(r"<[^>]+>")
_BREAK = re.compile(r"</(?:p|h[1-6]|li|ul|ol)>|<br\s*/?>", re.I)
_HOUSE_ONLY = ("image", "file")


@dataclass(frozen=True)
class Words:
    """One text in a block: where it stands (`2.steps.0.text`), its kind of block, the field, and the text itself."""

    where: str
    kind: str
    field: str
    text: str
    is_html: bool = False


def stream_block() -> blocks.StreamBlock:
    """The definition of a guide's body."""
    return _STREAM


def stream_value(raw: list[dict[str, Any]]) -> blocks.StreamValue:
    """Stored blocks as the value of a body field; nothing is looked up yet."""
    return blocks.StreamValue(_STREAM, raw, is_lazy=True)


def canonical(raw: Iterable[Mapping[str, Any]] | Kinds) -> list[tuple[str, Any]]:
    """Blocks without ids, each value in its one plain form, so that equal content compares equal.

    raw: Wagtail's stored form, or (kind, value) pairs. A kind that the house does not know is kept as it is.
    """
    pairs = [(item["type"], item["value"]) if isinstance(item, Mapping) else (item[0], item[1]) for item in raw]
    return [(kind, _plain(_STREAM.child_blocks.get(kind), value)) for kind, value in pairs]


def stored(new: Kinds | Sequence[Mapping[str, Any]], old: Iterable[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """Wagtail's form of the blocks; a block that stands in `old` too, or replaces one of its kind, keeps its id."""
    wanted = canonical(new)
    before = list(old)
    told = canonical(before)
    result = []
    for (kind, value), index in zip(wanted, _matched(told, wanted), strict=True):
        former = before[index] if index is not None else {}
        if index is not None and told[index] == (kind, value) and "id" in former:
            result.append(dict(former))
            continue
        block = _STREAM.child_blocks.get(kind)
        result.append(
            {
                "type": kind,
                "value": _with_item_ids(block, value, former.get("value")),
                "id": former.get("id") or str(uuid.uuid4()),
            }
        )
    return result


def digest(title: str, summary: str, raw: Iterable[Mapping[str, Any]] | Kinds) -> str:
    """SHA-256 of what a reader of the text reads: title, summary, words and figures of all blocks.

    The same in each house that has the text: ids of blocks, of linked pages, of pictures and files do not count.
    """
    told = [title.strip(), summary.strip(), [[kind, _homeless(value)] for kind, value in canonical(raw)]]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def words_of(raw: Iterable[Mapping[str, Any]] | Kinds) -> Iterator[Words]:
    """Every text that changes with the language, in reading order."""
    for number, (kind, value) in enumerate(canonical(raw)):
        block = _STREAM.child_blocks.get(kind)
        if block is not None:
            yield from _words(block, value, str(number), kind, "")


def plain_text(raw: Iterable[Mapping[str, Any]] | Kinds) -> str:
    """All words of the blocks as lines of plain text: for search, for reading aloud."""
    lines = (text_of_html(words.text) if words.is_html else words.text for words in words_of(raw))
    return "\n".join(line for line in (line.strip() for line in lines) if line)


def text_of_html(source: str) -> str:
    """The words of a rich text, a line for each paragraph, heading and list item."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", source))).strip()


def _plain(block: blocks.Block | None, value: Any) -> Any:
    if isinstance(block, blocks.StructBlock):
        mapping = value if isinstance(value, Mapping) else {}
        return {name: _plain(child, mapping.get(name)) for name, child in block.child_blocks.items()}
    if isinstance(block, blocks.ListBlock):
        return [_plain(block.child_block, _item_value(item)) for item in value or []]
    if isinstance(block, blocks.DecimalBlock):
        return _decimal(value)
    if isinstance(block, blocks.BooleanBlock):
        return bool(value)
    if isinstance(block, blocks.IntegerBlock | blocks.ChooserBlock):
        return getattr(value, "pk", value)
    if block is None:
        return value
    text = "" if value is None else str(getattr(value, "source", value))
    return _EDITOR_KEY.sub("", text) if isinstance(block, blocks.RichTextBlock) else text


def _item_value(item: Any) -> Any:
    is_item = isinstance(item, Mapping) and item.get("type") == "item" and "value" in item
    return item["value"] if is_item else item


def _decimal(value: Any) -> str | None:
    if value in (None, ""):
        return None
    try:
        return format(Decimal(str(value)).normalize(), "f")
    except InvalidOperation:
        return str(value)


def _matched(old: Kinds, new: Kinds) -> list[int | None]:
    """For each new block the index of the old one whose place it takes, or None."""
    left, right = ([json.dumps(item, ensure_ascii=False, sort_keys=True) for item in side] for side in (old, new))
    found: list[int | None] = [None] * len(new)
    for operation, i1, i2, j1, j2 in SequenceMatcher(a=left, b=right, autojunk=False).get_opcodes():
        if operation == "equal":
            found[j1:j2] = range(i1, i2)
        elif operation == "replace":
            for i, j in zip(range(i1, i2), range(j1, j2), strict=False):
                if old[i][0] == new[j][0]:
                    found[j] = i
    return found


def _with_item_ids(block: blocks.Block | None, value: Any, former: Any) -> Any:
    if isinstance(block, blocks.StructBlock):
        before = former if isinstance(former, Mapping) else {}
        return {name: _with_item_ids(block.child_blocks[name], part, before.get(name)) for name, part in value.items()}
    if isinstance(block, blocks.ListBlock):
        before_items = [item for item in former or [] if isinstance(item, Mapping) and "id" in item]
        old = [("item", _plain(block.child_block, item["value"])) for item in before_items]
        places = _matched(old, [("item", item) for item in value])
        return [
            {
                "type": "item",
                "value": item,
                "id": before_items[at]["id"] if at is not None else str(uuid.uuid4()),
            }
            for item, at in zip(value, places, strict=True)
        ]
    return value


def _homeless(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _homeless(part) for name, part in value.items() if name not in _HOUSE_ONLY}
    if isinstance(value, list):
        return [_homeless(part) for part in value]
    return _PAGE_LINK.sub(r'\1id=""', value) if isinstance(value, str) else value


def _words(block: blocks.Block, value: Any, where: str, kind: str, field: str) -> Iterator[Words]:
    if isinstance(block, blocks.RichTextBlock):
        yield Words(where, kind, field, value, is_html=True)
    elif isinstance(block, blocks.StructBlock):
        words = getattr(block, "translatable", ())
        for name, child in block.child_blocks.items():
            if name in words or isinstance(child, blocks.ListBlock):
                yield from _words(child, value[name], f"{where}.{name}", kind, name)
    elif isinstance(block, blocks.ListBlock):
        for number, item in enumerate(value):
            yield from _words(block.child_block, item, f"{where}.{number}", kind, field)
    elif value:
        yield Words(where, kind, field, value)


_STREAM = blocks.StreamBlock(guide_blocks(), required=False)
