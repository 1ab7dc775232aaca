"""A guide of many kinds of blocks, its workbook, and a workbook with cells changed: for tests."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from serai.rooms.guides.exchange.spreadsheet.standing import exported
from serai.rooms.guides.exchange.spreadsheet.workbook import write_workbook
from serai.rooms.guides.tests.conftest import FEE

CONTACT = {
    "name": "Health desk",
    "phone": "+49 821 1234",
    "email": "",
    "url": "",
    "address": "Mill Street 4",
    "hours": "Monday to Friday, 9 to 12",
    "languages": "en ar",
    "note": "",
}
BODY = [
    ("text", "<h2>Who?</h2><p>You can <strong>go</strong> there. =1+1</p><ul><li>one</li><li>two</li></ul>"),
    ("contact", CONTACT),
    ("text", "<p>Then pay.</p>"),
    ("fee", FEE),
    ("steps", {"title": "", "steps": [{"title": "", "text": "Go"}, {"title": "Ask", "text": "At the desk"}]}),
    ("warning", {"title": "Mind", "text": "Nobody may ask you for money: no."}),
    ("documents", {"title": "", "items": [{"name": "Passport", "note": "", "optional": True}]}),
]


def workbook_of(organisation: Any, *tags: str) -> bytes:
    return write_workbook(exported(organisation, tags or ("en",)))


def edited(data: bytes, changes: dict[tuple[str, str], dict[str, Any]]) -> bytes:
    """The workbook with cells changed: {(key, language): {column: value}}."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        cells = dict(zip(header, row, strict=True))
        for name, value in changes.get((cells["key"].value, cells["language"].value), {}).items():
            cells[name].value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
