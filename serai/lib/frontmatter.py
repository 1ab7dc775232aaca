"""Guide pages as files: YAML between two `---` lines, then Markdown with special blocks in fences.

Translators and caseworkers write these by hand, so every error is collected with its line instead of stopping at the
first. The format is docs/packs.md; what each kind of block must hold is for its room to judge.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from serai.lib import plainyaml
from serai.lib.plainyaml import SourceError, Value

__all__ = ["MAX_BYTES", "Block", "Document", "SourceError", "Value", "parse", "write"]

MAX_BYTES = 200_000
TEXT = "text"

_FENCE = re.compile(r"`{3,}")
_KIND = re.compile(r"```([a-z][a-z0-9_-]*)")


@dataclass(frozen=True)
class Block:
    """Free Markdown (kind "text", value a string without outer empty lines) or a fence (its word, its YAML value).

    `line` is where it begins, from 1; it does not count when blocks are compared.
    """

    kind: str
    value: Value
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Document:
    """A page. `meta_lines`: the line of each key of `meta`. If there are `errors`, the rest is what could be read."""

    meta: dict[str, Value]
    meta_lines: dict[str, int]
    blocks: list[Block]
    errors: list[SourceError]


def parse(text: str, *, max_bytes: int = MAX_BYTES) -> Document:
    """The page in `text`; never raises for what is in it.

    Codes besides those of plainyaml.load: `too-large`; `front-matter-missing`, `front-matter-open` (no second `---`),
    `front-matter-not-keys`; `fence-open` (never closed), `fence-kind` (no word, or not one of a-z, 0-9, _ and -).
    """
    if len(text) > max_bytes or len(text.encode(errors="replace")) > max_bytes:
        return Document({}, {}, [], [SourceError(1, "too-large", str(max_bytes))])
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    if lines[0].rstrip() != "---":
        return Document({}, {}, *_body(lines, 0, [SourceError(1, "front-matter-missing")]))
    end = next((at for at in range(1, len(lines)) if lines[at].rstrip() == "---"), None)
    if end is None:
        return Document({}, {}, [], [SourceError(1, "front-matter-open")])
    meta, errors, meta_lines = plainyaml.load(_joined(lines[1:end]), first_line=2)
    if meta is not None and not isinstance(meta, dict):
        errors = [*errors, SourceError(2, "front-matter-not-keys")]
    return Document(meta if isinstance(meta, dict) else {}, meta_lines, *_body(lines, end + 1, errors))


def write(meta: Mapping[str, Value], blocks: Sequence[Block]) -> str:
    """A file that `parse` reads back to the same meta and blocks.

    ValueError for what the format cannot hold: text that is empty, has outer empty lines or a line that begins with
    ```, two texts in a row, or a kind that is no word. TypeError for values that plainyaml.dump does not know.
    """
    parts = ["---\n" + (_yaml(dict(meta)) if meta else "") + "---\n"]
    before = ""
    for block in blocks:
        if block.kind == TEXT:
            _check_text(block.value, before)
            parts.append(f"{block.value}\n")
        elif _KIND.fullmatch("```" + block.kind):
            parts.append(f"```{block.kind}\n{_yaml(block.value)}```\n")
        else:
            raise ValueError(f"not a kind of block: {block.kind!r}")
        before = block.kind
    return "\n".join(parts)


def _yaml(value: Value) -> str:
    written = plainyaml.dump(value).removesuffix("...\n")
    if any(line.startswith(("---", "```")) for line in written.split("\n")):
        raise ValueError("a value cannot stand in this format")
    return written


def _check_text(value: Value, before: str) -> None:
    if not isinstance(value, str) or not value.strip() or before == TEXT:
        raise ValueError("a text block holds some text, and two of them are one")
    lines = value.split("\n")
    if not lines[0].strip() or not lines[-1].strip() or "\r" in value or any(map(_FENCE.match, lines)):
        raise ValueError("this text would not be read back as it is")


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _body(lines: list[str], start: int, errors: list[SourceError]) -> tuple[list[Block], list[SourceError]]:
    blocks: list[Block] = []
    errors = list(errors)
    at = text_from = start
    while at < len(lines):
        if not _FENCE.match(lines[at]):
            at += 1
            continue
        blocks += _text_block(lines, text_from, at)
        end = next((other for other in range(at + 1, len(lines)) if lines[other].rstrip() == "```"), None)
        if end is None:
            errors.append(SourceError(at + 1, "fence-open", lines[at][:40]))
            return blocks, errors
        block, found = _fence(lines, at, end)
        blocks.append(block)
        errors += found
        at = text_from = end + 1
    return blocks + _text_block(lines, text_from, len(lines)), errors


def _text_block(lines: list[str], start: int, end: int) -> list[Block]:
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return [Block(TEXT, "\n".join(lines[start:end]), start + 1)] if start < end else []


def _fence(lines: list[str], start: int, end: int) -> tuple[Block, list[SourceError]]:
    value, errors, _ = plainyaml.load(_joined(lines[start + 1 : end]), first_line=start + 2)
    named = _KIND.fullmatch(lines[start].rstrip())
    if not named or named.group(1) == TEXT:
        errors = [SourceError(start + 1, "fence-kind", lines[start].strip("` ")[:40]), *errors]
    return Block(named.group(1) if named else "", value, start + 1), errors
