"""The workbook itself: written for staff, read without trust, given back with a column that says what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from serai.lib.tables import Row, Table, TableRefused, read_xlsx, write_xlsx

from .columns import COLUMNS, PROBLEM, WIDTHS, read_me
from .standing import Standing

MEGABYTE = 1 << 20
MAX_BYTES = 5 * MEGABYTE
MAX_UNZIPPED = 60 * MEGABYTE
MAX_ROWS = 2_000
MAX_CELLS = 100_000
LONGEST_CELL = 32_000
SHEET = "guides"


@dataclass(frozen=True)
class RowProblem:
    """One thing wrong. row: as the spreadsheet counts (0: the whole file); column: its name, "" for the row."""

    row: int
    column: str
    code: str
    says: str
    cure: str

    def as_row(self) -> dict[str, Any]:
        """For a report."""
        return dict(self.__dict__)


@dataclass(frozen=True)
class Workbook:
    """Rows as they came, and what is wrong with the file or single cells."""

    rows: list[Row]
    problems: list[RowProblem] = field(default_factory=list)


class CellTooLong(ValueError):
    """A text does not fit into a cell of a spreadsheet: key and language of its guide."""


def write_workbook(guides: Iterable[Standing]) -> bytes:
    """The guides as a workbook. Raises CellTooLong."""
    rows = []
    for one in guides:
        cells = one.cells()
        if any(len(text) > LONGEST_CELL for text in cells.values()):
            raise CellTooLong(f"{one.page.key} ({one.page.tag})")
        rows.append([cells[name] for name in COLUMNS])
    return write_xlsx(COLUMNS, rows, sheet=SHEET, widths=WIDTHS, words={_("Read me"): read_me()})


def write_with_problems(workbook: Workbook, problems: Sequence[RowProblem]) -> bytes:
    """The rows as they were sent, with one more column in front that says what is wrong with each."""
    by_row: dict[int, list[str]] = {}
    for problem in problems:
        place = f"{problem.column}: " if problem.column else ""
        by_row.setdefault(problem.row, []).append(f"{place}{problem.says} {problem.cure}")
    rows = [
        ["\n".join(by_row.get(row.number, [])), *(row.text(name)[:LONGEST_CELL] for name in COLUMNS)]
        for row in workbook.rows
    ]
    header, widths = [PROBLEM, *COLUMNS], [60, *WIDTHS]
    return write_xlsx(header, rows, sheet=SHEET, widths=widths, words={_("Read me"): read_me()})


def read_workbook(data: bytes) -> Workbook:
    """The rows of the first sheet; every formula, and whatever is wrong with the file as a whole."""
    bad: list[TableRefused] = []
    if len(data) > MAX_BYTES:
        return Workbook([], [_too_large()])
    try:
        table = read_xlsx(data, max_cells=MAX_CELLS, max_unzipped_bytes=MAX_UNZIPPED, bad_cells=bad)
    except TableRefused as error:
        return Workbook([], [_refused(error)])
    problems = list(_header_wrong(table))
    if not problems and len(table.rows) > MAX_ROWS:
        says = _("The table has %(count)d rows. It may have %(most)d.") % {"count": len(table.rows), "most": MAX_ROWS}
        problems.append(RowProblem(0, "", "too-many-rows", says, _("Divide it into several tables.")))
    if problems:
        return Workbook([], problems)
    return Workbook(table.rows, [_formula(error, table) for error in bad])


def _header_wrong(table: Table) -> Iterable[RowProblem]:
    for name in COLUMNS:
        if name not in table.header:
            says = _("The column “%(name)s” is missing.") % {"name": name}
            cure = _("Put it back as it was in the export, with this name in the first row.")
            yield RowProblem(1, name, "column-missing", says, cure)
    if not table.rows and set(COLUMNS) <= set(table.header):
        yield RowProblem(0, "", "no-rows", _("There is no row in the table."), _("Export the guides again."))


def _formula(error: TableRefused, table: Table) -> RowProblem:
    name = _column_name(error.column, table.header)
    if error.code == "cell-error":
        says = _("The cell holds an error of the spreadsheet: %(found)s") % {"found": error.found}
    else:
        says = _("The cell holds a formula: %(found)s") % {"found": error.found}
    return RowProblem(
        error.row, name, "formula", says, _("Write the text itself; begin it with an apostrophe if needed.")
    )


def _column_name(letters: str, header: Sequence[str]) -> str:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return header[number - 1] if 0 < number <= len(header) else letters


def _too_large() -> RowProblem:
    says = _("The file is larger than %(limit)d MB, or unfolds to more than it should.") % {
        "limit": MAX_BYTES // MEGABYTE
    }
    return RowProblem(0, "", "too-large", says, _("Export fewer languages at once."))


def _refused(error: TableRefused) -> RowProblem:
    if error.code in ("too-large", "too-many-cells"):
        return _too_large()
    if error.code.startswith("header") or error.code == "cell-without-header":
        says = _("The first row is not that of the export (row %(row)d, column %(column)s).")
        says %= {"row": error.row, "column": error.column or "-"}
        return RowProblem(error.row, error.column, error.code, says, _("Keep the first row as it was in the export."))
    says = _("This file is no workbook that can be read.")
    return RowProblem(0, "", error.code, says, _("Save it as an Excel workbook (.xlsx) without macros and passwords."))
