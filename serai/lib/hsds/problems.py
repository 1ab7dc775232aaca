"""What is wrong with a directory, as codes: where, what was found, what helps. Callers put it into words."""

from __future__ import annotations

from dataclasses import dataclass

from serai.lib.direction import visible

# What helps, by code. A code that is not here is one of links (`link-scheme`…), names, or reading a CSV.
CURES = {
    "required": "fill-in",
    "column-missing": "add-column",
    "column-unknown": "rename-or-leave",
    "table-unknown": "rename-or-leave",
    "table-twice": "leave-out-one",
    "not-a-number": "write-number",
    "date": "write-date",
    "time": "write-time",
    "datetime": "write-moment",
    "uuid": "write-uuid",
    "email": "write-email",
    "phone": "write-phone",
    "enum": "choose-listed",
    "spoilt-by-spreadsheet": "format-as-text",
    "id-duplicate": "make-unique",
    "id-conflict": "make-unique",
    "link-conflict": "keep-one-link",
    "reference-missing": "add-row-or-clear",
    "reference-table-missing": "add-table",
    "coordinate-half": "fill-in",
    "lat-range": "correct-coordinates",
    "lon-range": "correct-coordinates",
    "zero-zero": "correct-coordinates",
    "order": "swap-or-correct",
    "closes-before-opens": "swap-or-split",
    "over-midnight": "look-at-times",
    "not-utf-8": "save-as-utf-8",
    "too-large": "split",
    "too-many-cells": "split",
    "csv-broken": "export-again",
    "header-missing": "add-header",
    "header-empty": "add-header",
    "header-duplicate": "leave-out-one",
    "cell-without-header": "add-header",
    "not-text": "write-text",
    "not-an-object": "write-object",
    "not-a-list": "write-list",
    "key-unknown": "rename-or-leave",
    "link-long": "shorten-link",
    "bidi-control": "remove-character",
    "control": "remove-character",
    "invisible": "remove-character",
    "not-a-character": "remove-character",
    "marks-piled": "remove-character",
    "mixed-script": "retype",
    "term-unknown": "rename-or-leave",
    "field-unknown": "rename-or-leave",
    "said-twice": "leave-out-one",
    "hours": "write-hours",
    "zone": "write-zone",
    "country": "write-country",
    "language": "write-language",
    # of what a mapping makes (lib/mapping)
    "code-unknown": "add-to-mapping",
    "hours-word": "add-to-mapping",
    "not-mapped": "add-to-mapping",
    "nothing-found": "export-again",
    "hours-unclear": "ask-the-place",
    "several": "leave-out-one",
    "id-repeated": "make-unique",
    "swapped": "swap-or-correct",
    "outside-box": "correct-coordinates",
    "not-a-point": "write-point",
    "phone-plus-missing": "write-phone",
    "phone-zero-missing": "format-as-text",
    "translation-missing": "add-translation",
    "translation-alone": "add-row-or-clear",
    "translation-count": "add-translation",
}
_LONGEST = 80


@dataclass(frozen=True)
class Problem:
    """One finding. `row` as a spreadsheet counts (header 1; 0: the whole table, or nested form, which has `path`)."""

    table: str
    row: int
    field: str
    code: str
    value: str = ""
    path: str = ""

    @property
    def cure(self) -> str:
        """What helps: `write-link` for everything about links."""
        return CURES.get(self.code, "write-link" if self.code.startswith("link-") else "look")


class HsdsRefused(ValueError):
    """Why a whole document was not taken.

    Codes: `too-large`, `item-too-large`, `not-a-file`, `not-utf-8`, `not-json`, `key-duplicate`, `not-a-directory`;
    and of tables that cannot be nested `id-missing`, `id-duplicate`.
    """

    def __init__(self, code: str, found: str = "") -> None:
        super().__init__(f"{code}: {found}")
        self.code = code
        self.found = found


def shown(value: object) -> str:
    """What was found, short, with hidden characters made visible."""
    text = visible(str(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
