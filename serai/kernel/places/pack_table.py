"""Tables of a pack that name things (places, organisations): read with their rows, checked, and settled with the house.

A house keeps what it changed itself: for each thing it remembers what every pack said last. So three things are held
together, what the pack said before, what it says now, and what stands in the house. Only the pack that brought a
thing first may change it later; another one may add what is missing, and no more.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from serai.kernel.register.ports import PackProblem
from serai.lib.direction import problems_in_name, visible
from serai.lib.plainyaml import load
from serai.lib.tables import Row, TableRefused, read_csv

KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")
WORDS = re.compile(r"words/([A-Za-z0-9-]+)\.yaml")
LONGEST = 1000
NO_VALUES = frozenset({"n/a", "none", "null", "-"})

Texts = dict[str, dict[str, str]]
"""By key of the thing and word (`lindenbach.name`), texts by language."""


@dataclass(frozen=True)
class PackTable:
    """One table: its path, its columns and which words each row needs."""

    path: str
    columns: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def name(self) -> str:
        """`places`: the table's own part of word keys."""
        return self.path.removeprefix("tables/").removesuffix(".csv")

    def rows(self, files: Mapping[str, bytes]) -> tuple[list[Row], list[PackProblem]]:
        """All rows, and what is wrong with the shape of the file."""
        if self.path not in files:
            return [], []
        try:
            table = read_csv(files[self.path])
        except TableRefused as refusal:
            return [], [self._refused(refusal)]
        if sorted(table.header) != sorted(self.columns):
            return [], [self._header(table.header)]
        return table.rows, []

    def words_needed(self, _pack: dict[str, Any], files: dict[str, bytes]) -> Iterator[str]:
        """For PACK_WORDS: the keys that the rows need."""
        for row in self.rows(files)[0]:
            yield from (f"{self.name}.{row.text('key')}.{word}" for word in self.words)

    def problem(self, row: Row, code: str, says: str, cure: str) -> PackProblem:
        """A problem in a row."""
        return PackProblem(self.path, row.number, code, says, cure)

    def check_cells(self, rows: Iterable[Row]) -> Iterator[PackProblem]:
        """What may be wrong in any table: keys, hidden characters, cells that only look filled."""
        seen: dict[str, int] = {}
        for row in rows:
            key = row.text("key")
            if not KEY.fullmatch(key):
                says = _("“%(key)s” cannot be a key.") % {"key": visible(key)[:80]}
                yield self.problem(row, "key-wrong", says, _("Use a to z, 0 to 9 and -."))
            elif key in seen:
                says = _("The key “%(key)s” stands in row %(row)d already.") % {"key": key, "row": seen[key]}
                yield self.problem(row, "key-twice", says, _("Give each row its own key."))
            seen.setdefault(key, row.number)
            for column in row.cells:
                yield from self._cell(row, column)

    def texts(self, files: Mapping[str, bytes], key: str, word: str) -> dict[str, str]:
        """A word of a row in each language of the pack."""
        found = {}
        for path, data in files.items():
            match = WORDS.fullmatch(path)
            if match:
                text = _inside(_tree(data), self.name, key, word)
                if text:
                    found[match[1]] = text
        return found

    def export(self, rows: list[tuple[str, ...]], texts: Texts, languages: Iterable[str]) -> dict[str, bytes]:
        """The table and its words as files of a pack."""
        if not rows:
            return {}
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(rows)
        files = {self.path: buffer.getvalue().encode()}
        for tag in languages:
            lines = list(_word_lines(self.name, texts, tag))
            if lines:
                files[f"words/{tag}.yaml"] = ("\n".join(lines) + "\n").encode()
        return files

    def _cell(self, row: Row, column: str) -> Iterator[PackProblem]:
        text = row.text(column)
        values = {"column": column, "text": visible(text)[:80]}
        hidden = [each for each in problems_in_name(text) if each.code != "mixed-script"]
        if hidden:
            says = _("“%(column)s” holds a hidden character: %(text)s") % values
            yield self.problem(row, hidden[0].code, says, _("Delete it and type the words again."))
        if len(text) > LONGEST:
            says = _("“%(column)s” is longer than a thousand characters.") % values
            yield self.problem(row, "cell-long", says, _("Make it shorter."))
        if text.strip().lower() in NO_VALUES:
            says = _("“%(text)s” is not a value.") % values
            yield self.problem(row, "cell-empty", says, _("Leave the cell empty."))

    def _header(self, header: tuple[str, ...]) -> PackProblem:
        unknown = ", ".join(visible(name)[:40] for name in header if name not in self.columns)
        missing = ", ".join(name for name in self.columns if name not in header)
        if unknown:
            says = _("The table has columns that it should not have: %(unknown)s.") % {"unknown": unknown}
        else:
            says = _("The table lacks columns: %(missing)s.") % {"missing": missing}
        cure = _("The first line must be: %(columns)s") % {"columns": ",".join(self.columns)}
        return PackProblem(self.path, 1, "columns", says, cure)

    def _refused(self, refusal: TableRefused) -> PackProblem:
        says = {
            "not-utf-8": _("This file is not UTF-8 text."),
            "csv-broken": _("This row is not CSV."),
            "too-large": _("This file is too large."),
            "too-many-cells": _("This table has too many cells."),
            "header-missing": _("The table is empty."),
            "header-duplicate": _("Two columns have the same name."),
            "cell-without-header": _("A cell stands outside the columns."),
        }.get(refusal.code, _("This table cannot be read."))
        cure = _("Save it as CSV in UTF-8, with the columns %(columns)s.") % {"columns": ",".join(self.columns)}
        return PackProblem(self.path, refusal.row, refusal.code, says, cure)


@dataclass
class Settled:
    """What becomes of one thing. values: all pieces as they shall stand; kept: the house's own; disputed: another's."""

    values: dict[str, str]
    kept: list[str] = field(default_factory=list)
    disputed: list[str] = field(default_factory=list)


def settle(here: Mapping[str, str], new: Mapping[str, str], memory: Mapping[str, Any], pack: str) -> Settled:
    """Settles the pieces of one thing.

    here: what stands in the house; new: what the pack says; memory: what the house remembers of packs (`owner`, and
    under `packs` what each said last). Empty memory means that the house made the thing itself.
    """
    last: Mapping[str, str] = memory.get("packs", {}).get(pack, {})
    owns = memory.get("owner") == pack
    settled = Settled(dict(here))
    for piece in sorted({*new, *last}):
        have, was, want = here.get(piece, ""), last.get(piece, ""), new.get(piece, "")
        if have == want:
            continue
        if (owns and have == was) or (not have and not was):
            settled.values[piece] = want
        elif owns or not memory.get("owner"):
            settled.kept.append(piece)
        else:
            settled.disputed.append(piece)
    return settled


def remembered(memory: Mapping[str, Any], new: Mapping[str, str], pack: str, *, made_now: bool) -> dict[str, Any]:
    """The memory after an install."""
    packs = {**memory.get("packs", {}), pack: dict(new)}
    return {"owner": pack if made_now else memory.get("owner", ""), "packs": packs}


def spoken(prefix: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Texts by language as pieces: {"name.en": "Lindenbach"}."""
    return {f"{prefix}.{tag}": text for tag, text in texts.items() if text}


def unspoken(prefix: str, values: Mapping[str, str]) -> dict[str, str]:
    """The other way round."""
    start = f"{prefix}."
    return {piece.removeprefix(start): text for piece, text in values.items() if piece.startswith(start) and text}


def _tree(data: bytes) -> Any:
    try:
        value, _errors, _lines = load(data.decode("utf-8"))
    except UnicodeDecodeError:
        return None
    return value


def _inside(tree: Any, *path: str) -> str:
    for step in path:
        tree = tree.get(step) if isinstance(tree, dict) else None
    return "" if tree is None or isinstance(tree, dict | list | bool) else str(tree).strip()


def _word_lines(table: str, texts: Texts, tag: str) -> Iterator[str]:
    from serai.lib.plainyaml import dump

    tree: dict[str, Any] = {}
    for place, by_language in texts.items():
        key, _dot, word = place.rpartition(".")
        if by_language.get(tag):
            tree.setdefault(key, {})[word] = by_language[tag]
    if tree:
        yield dump({table: tree}).rstrip("\n")
