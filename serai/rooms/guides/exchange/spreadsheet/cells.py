"""A guide's blocks as cells that people can read and change, and back.

The text is Markdown; other blocks leave a mark in it, `[[contact 1]]`, and stand in their own column as lines of names
and values (packs/fences.py). Pictures, recordings and videos only have their mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from serai.lib import plainyaml
from serai.lib.markup import clean_markdown, html_to_markdown

from ...packs.fences import read_fence, write_fence
from .columns import RECORDS, TEXT

Kinds = list[tuple[str, Any]]
GUIDE = ("guide",)
_MARK = re.compile(r"^[ \t]*\[\[ *([a-z]+) +([0-9]{1,3}) *\]\][ \t]*$", re.M)
_ALMOST = re.compile(r"\[\[[^\]\n]*\]\]")
_NAME = re.compile(r"([a-z]+) ([0-9]{1,3})")


@dataclass(frozen=True)
class CellProblem:
    """One thing wrong in a cell: its column, code (docs/formats.md), what, and what to do."""

    column: str
    code: str
    says: str
    cure: str


def to_cells(kinds: Kinds) -> dict[str, str]:
    """The columns of text and of blocks; all of them, "" when there is none of a kind."""
    parts: list[str] = []
    records: dict[str, dict[str, Any]] = {column: {} for column in RECORDS.values()}
    for (kind, value), name in zip(kinds, _named(kinds), strict=True):
        if kind == "text":
            parts.append(html_to_markdown(value, extra_schemes=GUIDE).strip())
            continue
        parts.append(f"[[{name}]]")
        if kind in RECORDS:
            records[RECORDS[kind]][name] = write_fence(kind, value)
    cells = {column: plainyaml.dump(found).strip() if found else "" for column, found in records.items()}
    return {TEXT: "\n\n".join(part for part in parts if part), **cells}


def from_cells(cells: Mapping[str, str], former: Kinds) -> tuple[Kinds, list[CellProblem]]:
    """The blocks that the cells say, and what is wrong. former: blocks from which pictures and such are taken."""
    problems: list[CellProblem] = []
    blocks: dict[str, tuple[str, Any]] = {}
    for kind, column in RECORDS.items():
        blocks.update(_records(kind, column, cells[column], problems))
    kept = {name: pair for pair, name in zip(former, _named(former), strict=True) if pair[0] not in RECORDS}
    kinds: Kinds = []
    used: set[str] = set()
    for name, words in _parts(cells[TEXT]):
        if not name:
            kinds.extend(_text(words, problems))
        elif name in used:
            says = _("The mark [[%(name)s]] stands twice.") % {"name": name}
            problems.append(CellProblem(TEXT, "mark-twice", says, _("Delete one of the two.")))
        elif name in blocks or (name in kept and kept[name][0] != "text"):
            used.add(name)
            kinds.append(blocks.get(name) or kept[name])
        else:
            problems.append(_mark_without_lines(name))
    for name in blocks:
        if name not in used:
            says = _("The text has no place for %(name)s.") % {"name": name}
            cure = _("Write [[%(name)s]] in the text, on a line of its own, or delete its lines.") % {"name": name}
            problems.append(CellProblem(RECORDS[name.split()[0]], "mark-missing", says, cure))
    return kinds, problems


def _named(kinds: Kinds) -> Iterator[str]:
    counts: dict[str, int] = {}
    for kind, _value in kinds:
        counts[kind] = counts.get(kind, 0) + 1
        yield f"{kind} {counts[kind]}"


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """("", words) and (name of a block, "") in order."""
    at = 0
    for mark in _MARK.finditer(text):
        if text[at : mark.start()].strip():
            yield "", text[at : mark.start()].strip()
        yield f"{mark[1]} {int(mark[2])}", ""
        at = mark.end()
    if text[at:].strip():
        yield "", text[at:].strip()


def _text(words: str, problems: list[CellProblem]) -> Kinds:
    cleaned = clean_markdown(words, extra_schemes=GUIDE)
    for href in cleaned.refused_links:
        says = _("The link “%(url)s” is refused.") % {"url": href[:120]}
        cure = _("Use an address that begins with https:// and has a plain host name, or guide: and a guide's key.")
        problems.append(CellProblem(TEXT, "link-refused", says, cure))
    for name in sorted(cleaned.dropped):
        says = _("The text cannot hold this: %(name)s.") % {"name": name}
        cure = _("Use paragraphs, headings, lists, bold, italic and links.")
        problems.append(CellProblem(TEXT, "element", says, cure))
    almost = _ALMOST.search(words)
    if almost and not re.match(r"\(", words[almost.end() :]):
        says = _("A mark such as %(mark)s must stand alone on its line.") % {"mark": almost[0][:40]}
        problems.append(CellProblem(TEXT, "mark-inside", says, _("Give it a line of its own.")))
    return [("text", cleaned.html)] if cleaned.html else []


def _records(kind: str, column: str, cell: str, problems: list[CellProblem]) -> Iterator[tuple[str, tuple[str, Any]]]:
    if not cell:
        return
    rows, errors, lines = plainyaml.load(cell)
    for error in errors:
        says = _("Line %(line)d cannot be read: %(detail)s") % {
            "line": error.line,
            "detail": error.detail or error.code,
        }
        cure = _("Write each line as a name, a colon, a space and the value; put values with signs in quotes.")
        problems.append(CellProblem(column, error.code, says, cure))
    if errors:
        return
    if not isinstance(rows, dict):
        says = _("The lines belong to no %(kind)s.") % {"kind": kind}
        problems.append(CellProblem(column, "lines-alone", says, _shape(kind)))
        return
    for name, inside in rows.items():
        known = _NAME.fullmatch(name)
        if known is None or known[1] != kind:
            says = _("“%(name)s” is no name of a %(kind)s.") % {"name": name[:40], "kind": kind}
            problems.append(CellProblem(column, "lines-alone", says, _shape(kind)))
            continue
        value, wrong = read_fence(kind, inside, lines.get(name, 1), {})
        problems += [CellProblem(column, each.code, f"{name}: {each.says}", each.cure) for each in wrong]
        if value is not None:
            yield f"{kind} {int(known[2])}", (kind, value)


def _shape(kind: str) -> str:
    return _("Begin with “%(kind)s 1:”, and write its lines below with two spaces before them.") % {"kind": kind}


def _mark_without_lines(name: str) -> CellProblem:
    kind = name.split()[0]
    says = _("There is no %(name)s.") % {"name": name}
    if kind in RECORDS:
        cure = _("Write “%(name)s:” and its lines in the column %(column)s, or delete the mark.")
        return CellProblem(TEXT, "lines-missing", says, cure % {"name": name, "column": RECORDS[kind]})
    return CellProblem(TEXT, "lines-missing", says, _("Delete the mark, or add it with the editor."))
