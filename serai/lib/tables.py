"""Tables in and out: CSV and XLSX that organisations exchange, read without trust and written without traps.

A spreadsheet can hold a formula that sends its reader's data away, an archive that unfolds into gigabytes, or two
columns of one name. On reading all that is refused with its row and column; on writing, text that a spreadsheet would
take for a formula gets an apostrophe before it (OWASP, CSV injection), which reading takes off again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError

from serai.lib.atomic import FileRefused, open_bounded, read_bounded, unzip_bounded

Cell = str | int | Decimal | bool | date | datetime | None

MAX_BYTES = 20_000_000
MAX_UNZIPPED_BYTES = 100_000_000
MAX_CELLS = 1_000_000
_MAX_PARTS = 2_000  # files inside an XLSX
_LONGEST_TEXT = 32_767  # characters in a cell of XLSX; openpyxl would cut the rest off
_EXACT_DIGITS = 15  # of a number in a spreadsheet
_FIRST_SAFE_DAY = date(1900, 3, 1)  # before it spreadsheets disagree on the calendar

# What spreadsheets take for a formula, also in full width, after white space, and already behind apostrophes.
_RISKY = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")


class TableRefused(ValueError):
    """Why a table was not read or written: a code, row as spreadsheets count (header 1), column, what was found.

    Codes: `not-utf-8`, `csv-broken`, `too-large`, `too-many-cells`, `header-missing`, `header-empty`,
    `header-duplicate`, `header-not-text`, `cell-without-header`, `cell-formula`, `cell-error`, `cell-too-long`,
    `cell-control`, `cell-zone` (a moment with a zone; write it as text), `not-xlsx`, `xlsx-broken`, `xlsx-entities`,
    `sheet-missing`, `row-length` (when writing).
    """

    def __init__(self, code: str, row: int = 0, column: str = "", found: str = "") -> None:
        super().__init__(f"{code} at row {row}, column {column or '-'}: {found}")
        self.code = code
        self.row = row
        self.column = column
        self.found = found


def _shown(value: object) -> str:
    """What was found, short enough for a message; says when there is more."""
    text = str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


@dataclass(frozen=True)
class Row:
    """One row: its `number` as a spreadsheet counts and its cells by header. From CSV all are strings ("" if empty)."""

    number: int
    cells: dict[str, Cell]

    def text(self, column: str) -> str:
        """The cell as text: "" for an empty one, ISO 8601 for days, true or false. KeyError for an unknown column."""
        value = self.cells[column]
        if type(value) is str:
            return value
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        return value.isoformat() if isinstance(value, date) else str(value)

    def texts(self) -> dict[str, str]:
        """All cells as text, by column."""
        return {name: cell if type(cell) is str else self.text(name) for name, cell in self.cells.items()}


@dataclass(frozen=True)
class Table:
    """Header in order and rows without the empty ones."""

    header: tuple[str, ...]
    rows: list[Row]


def read_csv(
    source: Path | bytes, *, max_bytes: int = MAX_BYTES, max_cells: int = MAX_CELLS, delimiter: str = ","
) -> Table:
    """A CSV file in UTF-8 (with or without byte order mark) whose first row is the header. TableRefused; OSError."""
    try:
        data = source if isinstance(source, bytes) else read_bounded(source, max_bytes)
    except FileRefused as error:
        raise TableRefused(error.code, found=error.found) from error
    if len(data) > max_bytes:
        raise TableRefused("too-large", found=str(len(data)))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableRefused("not-utf-8", data.count(b"\n", 0, error.start) + 1, found=str(error.start)) from error
    rows = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    return _table(_csv_rows(rows), max_cells, empty="")


def stream_csv(
    source: Path | BinaryIO, *, max_bytes: int = MAX_BYTES, delimiter: str = ",", header: list[str] | None = None
) -> Iterator[Row]:
    """The rows of `read_csv`, one after the other without holding them; `header` is filled before the first.

    A file that is too large is refused by its size before it is read. TableRefused, also half-way; OSError.
    """
    number = 0
    try:
        with open_bounded(source, max_bytes) as file:
            text = io.TextIOWrapper(file, "utf-8-sig", newline="")
            rows = csv.reader(text, strict=True, delimiter=delimiter)
            for row in _rows(_csv_rows(rows), max_bytes, "", [] if header is None else header):
                number = row.number
                yield row
    except FileRefused as error:
        raise TableRefused(error.code, found=error.found) from error
    except UnicodeDecodeError as error:
        raise TableRefused("not-utf-8", number + 1) from error


def read_xlsx(
    data: bytes,
    *,
    max_cells: int = MAX_CELLS,
    max_unzipped_bytes: int = MAX_UNZIPPED_BYTES,
    sheet: str | None = None,
    bad_cells: list[TableRefused] | None = None,
) -> Table:
    """The first sheet of a workbook, or `sheet`, whose first row is the header. TableRefused.

    Text, whole numbers, Decimals (never floats), booleans, days and moments without zone keep their type; an empty
    cell is None; a time of day becomes text. Formulas are refused: their stored result may be anything. With
    `bad_cells` formulas and error values are put there instead, all of them, and the cells read as None.
    """
    _check_archive(data, max_unzipped_bytes)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        names = [page.title for page in book.worksheets]
    except Exception as error:  # openpyxl raises whatever its parsers raise on broken files
        raise TableRefused("not-xlsx", found=type(error).__name__) from error
    if not names or (sheet is not None and sheet not in names):
        raise TableRefused("sheet-missing", found=sheet or "")
    page = book[sheet or names[0]]
    page.reset_dimensions()
    return _table(_xlsx_rows(page, bad_cells), max_cells, empty=None)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """CSV in UTF-8 with a byte order mark, without which spreadsheets garble other scripts. TableRefused."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([_armed(name) for name in header])
    for number, row in enumerate(rows, 2):
        _check_length(header, row, number)
        writer.writerow(
            [_armed(Row(number, {"": value}).text("")) if not _is_number(value) else value for value in row]
        )
    return buffer.getvalue().encode("utf-8-sig")


def write_xlsx(
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    sheet: str = "Sheet1",
    widths: Sequence[int] = (),
    words: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """A workbook of one sheet. Numbers stay numbers up to 15 digits, longer ones become text; days stay days.

    widths: of the columns, in characters; with them the header stands still and is bold, and long text is wrapped.
    words: further sheets by name, for people to read: one line of text a row. TableRefused for control characters,
    texts too long for a cell, moments with a zone, rows of another length.
    """
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(sheet)
    # All cells before the first is written: openpyxl cannot be stopped half-way without leaving an open file.
    cells = [[_xlsx_cell(page, name, 1, column) for column, name in enumerate(header, 1)]]
    for number, row in enumerate(rows, 2):
        _check_length(header, row, number)
        cells.append([_xlsx_cell(page, value, number, column) for column, value in enumerate(row, 1)])
    further = [(book.create_sheet(name), lines) for name, lines in (words or {}).items()]
    read = [
        (other, [[_xlsx_cell(other, line, number, 1)] for number, line in enumerate(lines, 1)])
        for other, lines in further
    ]
    if widths:
        _lay_out(page, cells, widths)
    for other, lines in read:
        _lay_out(other, lines, (100,))
        for line in lines:
            other.append(line)
    for ready in cells:
        page.append(ready)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _lay_out(page: Any, cells: Sequence[Sequence[Any]], widths: Sequence[int]) -> None:
    """Widths, wrapped text, and a first row that is bold and stays in sight."""
    page.freeze_panes = "A2"
    for column, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(column)].width = width
    for row in cells:
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in cells[0] if cells else ():
        cell.font = Font(bold=True)


def _armed(text: str) -> str:
    return "'" + text if _RISKY.match(text) else text


def _disarmed(text: str) -> str:
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text


def _is_number(value: Cell) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _check_length(header: Sequence[str], row: Sequence[Cell], number: int) -> None:
    if len(row) != len(header):
        raise TableRefused("row-length", number, found=str(len(row)))


def _table(rows: Iterator[tuple[int, list[Cell]]], max_cells: int, empty: Cell) -> Table:
    header: list[str] = []
    kept = list(_rows(rows, max_cells, empty, header))
    return Table(tuple(header), kept)


def _rows(rows: Iterator[tuple[int, list[Cell]]], max_cells: int, empty: Cell, header: list[str]) -> Iterator[Row]:
    """Rows under their header, which is put into `header`; cells are counted while they come, before they are kept."""
    left = max_cells
    for number, cells in rows:
        # An empty row costs something too: a single cell in the last of a million rows must not.
        left -= max(1, len(cells))
        if left < 0:
            raise TableRefused("too-many-cells", number, found=str(max_cells))
        if not any(cells) and all(cell in ("", None) for cell in cells):  # 0 and false are no empty cells
            continue
        if not header:
            header += _header(cells, number)
            continue
        if len(cells) != len(header):
            cells = _fitted(cells, header, number, empty)
        yield Row(number, dict(zip(header, cells, strict=True)))
    if not header:
        raise TableRefused("header-missing", 1)


def _fitted(cells: list[Cell], header: list[str], number: int, empty: Cell) -> list[Cell]:
    """As many cells as the header has columns. TableRefused for one with something in it that has no header."""
    for column, extra in enumerate(cells[len(header) :], len(header) + 1):
        if extra not in ("", None):
            raise TableRefused("cell-without-header", number, get_column_letter(column), _shown(extra))
    return cells[: len(header)] + [empty] * (len(header) - len(cells))


def _header(cells: list[Cell], number: int) -> tuple[str, ...]:
    names: list[str] = []
    while cells and cells[-1] in ("", None):
        cells = cells[:-1]
    for column, cell in enumerate(cells, 1):
        letter = get_column_letter(column)
        if cell is not None and not isinstance(cell, str):
            raise TableRefused("header-not-text", number, letter, str(cell))
        name = (cell or "").strip()
        if not name:
            raise TableRefused("header-empty", number, letter)
        if name in names:
            raise TableRefused("header-duplicate", number, letter, name)
        names.append(name)
    return tuple(names)


def _csv_rows(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[Cell]]]:
    number = 0
    try:
        for number, cells in enumerate(rows, 1):
            yield number, [_disarmed(cell) if cell[:1] == "'" else cell for cell in cells]
    except csv.Error as error:
        raise TableRefused("csv-broken", number + 1, found=str(error)) from error


def _xlsx_rows(page: Any, bad_cells: list[TableRefused] | None) -> Iterator[tuple[int, list[Cell]]]:
    rows = enumerate(page.iter_rows(), 1)
    while True:
        try:
            number, cells = next(rows)
        except StopIteration:
            return
        except Exception as error:  # openpyxl raises whatever its parsers raise on broken files
            raise TableRefused("xlsx-broken", found=type(error).__name__) from error
        yield number, [_read_or_keep(cell, number, column, bad_cells) for column, cell in enumerate(cells, 1)]


def _read_or_keep(cell: Any, row: int, column: int, bad_cells: list[TableRefused] | None) -> Cell:
    try:
        return _read_cell(cell, row, column)
    except TableRefused as error:
        if bad_cells is None:
            raise
        bad_cells.append(error)
        return None


def _read_cell(cell: Any, row: int, column: int) -> Cell:
    value, kind = cell.value, cell.data_type
    if kind == "f":
        raise TableRefused("cell-formula", row, get_column_letter(column), _shown(value))
    if kind == "e":
        raise TableRefused("cell-error", row, get_column_letter(column), _shown(value))
    if isinstance(value, str):
        return _disarmed(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, datetime):
        # A day is stored as its midnight; only the format of the cell tells it from that moment.
        day = value.time() == time() and "h" not in str(cell.number_format).lower()
        return value.date() if day else value
    if value is None or isinstance(value, int | date):
        return value
    return str(value)


def _xlsx_cell(page: Any, value: Cell, row: int, column: int) -> Any:
    def refuse(code: str) -> TableRefused:
        return TableRefused(code, row, get_column_letter(column), _shown(value))

    if isinstance(value, datetime) and value.tzinfo:
        raise refuse("cell-zone")
    as_text = isinstance(value, str) or (_is_number(value) and not _is_exact(value))
    if isinstance(value, date):
        as_text = (value.date() if isinstance(value, datetime) else value) < _FIRST_SAFE_DAY
    if not as_text:
        return WriteOnlyCell(page, value)  # type: ignore[arg-type]  # days and Decimals too
    text = _armed(Row(row, {"": value}).text(""))
    if len(text) > _LONGEST_TEXT:
        raise refuse("cell-too-long")
    # XML would make a line feed of a carriage return.
    if "\r" in text or re.search(r"[\ud800-\udfff\ufffe\uffff]", text):
        raise refuse("cell-control")
    try:
        cell = WriteOnlyCell(page, text)
    except IllegalCharacterError as error:
        raise refuse("cell-control") from error
    cell.data_type = "s"
    return cell


def _is_exact(value: Cell) -> bool:
    """Whether a spreadsheet, which counts in floats, keeps this number."""
    number = Decimal(str(value))
    return (
        number.is_finite()
        and len(number.normalize().as_tuple().digits) <= _EXACT_DIGITS
        and abs(number.adjusted()) < 100
    )


def _check_archive(data: bytes, max_unzipped_bytes: int) -> None:
    try:
        parts = unzip_bounded(data, max_files=_MAX_PARTS, max_bytes=max_unzipped_bytes)
    except FileRefused as error:
        code = error.code if error.code == "too-large" else "not-xlsx"
        raise TableRefused(code, found=error.found or error.code) from error
    for name, content in parts.items():
        if not name.lower().endswith((".xml", ".rels", ".vml")):
            continue
        # No writer of spreadsheets declares entities; in another encoding than UTF-8 they would not be seen here.
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
            raise TableRefused("xlsx-entities", found=name)
