"""What is wrong in a guide's blocks, said by place, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail import blocks

from serai.lib.direction import problems_in_link, visible

from . import stream

ALLOWED: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "linktype", "id"}),
    **{tag: frozenset() for tag in ("p", "h2", "h3", "h4", "b", "strong", "i", "em", "ol", "ul", "li", "br", "hr")},
}
"""Elements and attributes of a rich text (the editor marks its paragraphs with a key besides); anything else is refused
on the way in and dropped on the way out."""

Place = tuple[str, str]
"""(where, what it says): `2.fee.amount` counts blocks from 0."""


def block_problems(body: Any) -> list[Place]:
    """What the blocks themselves refuse: a missing field, a bad currency, an unknown kind."""
    found: list[Place] = []
    raw = []
    for number, (kind, value) in enumerate(stream.canonical(body)):
        if kind in stream.stream_block().child_blocks:
            raw.append({"type": kind, "value": value})
        else:
            sentence = _("The house knows no block of the kind “%(kind)s”.")
            found.append((str(number), sentence % {"kind": visible(str(kind))}))
    for item_number, item in enumerate(raw):
        block = stream.stream_block().child_blocks[item["type"]]
        found.extend(_unread_figures(block, item["value"], f"{item_number}.{item['type']}"))
    if found:
        return found
    block = stream.stream_block()
    try:
        block.clean(block.to_python(raw))
    except ValidationError as error:
        found.extend(_flat(error, "", [item["type"] for item in raw]))
    except (TypeError, ValueError, ArithmeticError) as error:
        found.append(("body", _("The blocks cannot be read: %(why)s") % {"why": str(error)}))
    return found


def _unread_figures(block: blocks.Block, value: Any, where: str) -> Iterator[Place]:
    """Amounts and numbers that are none: the blocks themselves would break on them."""
    if isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from _unread_figures(child, value.get(name), f"{where}.{name}")
    elif isinstance(block, blocks.ListBlock):
        for number, item in enumerate(value):
            yield from _unread_figures(block.child_block, item, f"{where}.{number}")
    elif isinstance(block, blocks.DecimalBlock | blocks.IntegerBlock) and value not in (None, ""):
        try:
            good = Decimal(str(value)).is_finite()
        except InvalidOperation:
            good = False
        if not good:
            sentence = _("“%(found)s” is no number. Write digits, with a point before decimals: 12.50.")
            yield where, sentence % {"found": visible(str(value)[:40])}


def link_problems(body: Any) -> list[Place]:
    """Links that do not lead to a web address, phone or mail, and HTML that a text may not hold."""
    found: list[Place] = []
    for number, (kind, value) in enumerate(stream.canonical(body)):
        if kind == "text":
            reader = _Html()
            reader.feed(value)
            found.extend((str(number), says) for says in reader.found)
        elif isinstance(value, Mapping):
            urls = [(name, text) for name, text in value.items() if name.endswith("url") and text]
            found.extend((f"{number}.{name}", bad_link(text)) for name, text in urls if problems_in_link(text))
    return found


def bad_link(url: str) -> str:
    """Why a link is refused, and what to do."""
    sentence = _("The link %(url)s is refused. Use an address that begins with https:// and a plain host name.")
    return sentence % {"url": visible(url[:80])}


class _Html(HTMLParser):
    """Collects what a rich text may not hold."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element and its attributes."""
        values = {name: value or "" for name, value in attrs}
        extra = set(values) - ALLOWED.get(tag, frozenset()) - {"data-block-key"}
        if tag not in ALLOWED or extra:
            shown = tag if tag not in ALLOWED else f"{tag} {sorted(extra)[0]}"
            sentence = _("The text holds HTML that is not allowed: <%(shown)s>. Take it out.")
            self.found.append(sentence % {"shown": visible(shown[:40])})
        if tag == "a" and "href" in values and problems_in_link(values["href"]):
            self.found.append(bad_link(values["href"]))


def _flat(error: ValidationError, where: str, kinds: list[str] | None = None) -> Iterator[Place]:
    """The nested errors of blocks as (place, sentence)."""
    block_errors = getattr(error, "block_errors", None)
    if block_errors is None:
        yield from ((where or "body", str(message)) for message in error.messages)
        return
    rest = getattr(error, "non_block_errors", None)
    if rest:
        yield from ((where or "body", str(message)) for message in ValidationError(list(rest)).messages)
    pairs = block_errors.items() if isinstance(block_errors, Mapping) else enumerate(block_errors)
    for name, inner in pairs:
        if inner is None:
            continue
        part = f"{name}.{kinds[name]}" if kinds is not None and isinstance(name, int) else str(name)
        place = f"{where}.{part}" if where else part
        for one in inner if isinstance(inner, list) else [inner]:
            yield from _flat(one, place)
