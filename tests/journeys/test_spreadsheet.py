"""An editor takes guides out as a workbook, makes mistakes, mends them, and brings them back; on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from .houses import LivingHouse

Rows = dict[str, dict[str, Any]]
VERSIONS = """
from wagtail.models import Revision, WorkflowState
print(Revision.objects.count(), WorkflowState.objects.filter(status="in_progress").count())
"""


class Table:
    """The first sheet of a workbook as a colleague has it open: cells by guide and column, in English."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book.worksheets[0]
        self.header = [str(cell.value) for cell in self.sheet[1]]

    def row(self, key: str) -> int:
        """Number of the row of a guide's English text."""
        for row in self.sheet.iter_rows(min_row=2):
            if (self.cell(row[0].row, "key"), self.cell(row[0].row, "language")) == (f"lindenbach/{key}", "en"):
                return int(row[0].row)
        raise AssertionError(f"no row of {key}")

    def cell(self, row: int, column: str) -> str:
        """What a cell says."""
        return str(self.sheet.cell(row, self.header.index(column) + 1).value or "")

    def write(self, row: int, column: str, value: str) -> None:
        """Writes into a cell."""
        self.sheet.cell(row, self.header.index(column) + 1).value = value

    def save(self, name: str) -> Path:
        """Keeps it beside the one that was downloaded."""
        path = self.path.with_name(name)
        self.book.save(path)
        return path


def download(page: Any, words: str, folder: Path, name: str) -> Table:
    """Presses what downloads a workbook, and opens it."""
    with page.expect_download() as started:
        page.click(f"main >> text={words}")
    assert started.value.suggested_filename.endswith(".xlsx")
    started.value.save_as(folder / name)
    return Table(folder / name)


def upload(page: Any, path: Path, words: str) -> None:
    """Chooses the file and sends it."""
    page.set_input_files("input[type=file]", str(path))
    page.click(f"button:has-text('{words}')")
    page.wait_for_url("**/guides/spreadsheet/*-*/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize(
    ("js", "three"),
    [
        (False, ("bank-account", "health-costs", "talk-about-home")),
        (True, ("asylum-overview", "papers-appointments", "emergency-numbers")),
    ],
    ids=["without-js", "with-js"],
)
def test_three_mistakes_are_named_mended_and_what_was_changed_is_live_after_a_second_person(
    house: LivingHouse,
    signed_in: Callable[..., Any],
    shot: Callable[[Any, str], None],
    tmp_path: Path,
    js: bool,
    three: tuple[str, str, str],
) -> None:
    title, summary, text = three
    ana = signed_in("ana", js=js)
    ana.goto(f"{house.desk}/guides/")
    ana.click("main a[href='/guides/spreadsheet/']")
    shot(ana, "spreadsheet")
    table = download(ana, "Download the workbook", tmp_path, "out.xlsx")
    rows = {key: table.row(key) for key in three}

    # A formula where a title stood, a language that nobody knows, a key with a letter too many.
    former = table.cell(rows[title], "title")
    table.write(rows[title], "title", '=HYPERLINK("https://prizes.example", "Click")')
    table.write(rows[summary], "language", "xx")
    table.write(rows[summary], "summary", "Ask at the desk what it costs before you go.")
    table.write(rows[text], "key", f"lindenbach/{text}s")
    table.write(rows[text], "text", f"{table.cell(rows[text], 'text')}\n\nYou may bring a friend.")
    before = house.python(VERSIONS)
    upload(ana, table.save("wrong.xlsx"), "Upload and see the differences")
    told = ana.locator(".errors li").all_inner_texts()
    assert len(told) == 3
    for key, column, cure in (
        (title, "title", "Write the text itself"),
        (summary, "language", "Write a tag such as en, ar or ti."),
        (text, "key", f"Did you mean “lindenbach/{text}”?"),
    ):
        assert [line for line in told if f"Row {rows[key]}, {column}:" in line and cure in line], (key, told)
    assert ana.locator("button:has-text('Make ')").count() == 0
    assert house.python(VERSIONS) == before
    shot(ana, "spreadsheet-mistakes")

    notes = download(ana, "Download the workbook with these notes in it", tmp_path, "notes.xlsx")
    assert notes.header[0] == "problem"
    noted = {row for row in range(2, notes.sheet.max_row + 1) if notes.cell(row, "problem")}
    assert noted == set(rows.values())
    notes.write(rows[title], "title", f"{former} (new)")
    notes.write(rows[summary], "language", "en")
    notes.write(rows[text], "key", f"lindenbach/{text}")
    upload(ana, notes.save("mended.xlsx"), "Upload the mended workbook")
    assert ana.locator(".errors").count() == 0
    added = " ".join(ana.locator("main ins").all_inner_texts())
    assert "(new)" in added
    assert "Ask at the desk what it costs" in added
    assert "bring a friend" in added
    shot(ana, "spreadsheet-differences")
    ana.click("button:has-text('Make 3 drafts')")
    ana.wait_for_url("**/guides/drafts/")
    assert "3 drafts were made." in ana.inner_text("header")
    revisions, waiting = (int(number) for number in house.python(VERSIONS).split())
    assert [revisions, waiting] == [int(number) + 3 for number in before.split()]

    number, path = house.guide(title)
    assert "(new)" not in house.soon(path, "<h1")
    ana.goto(f"{house.desk}/guides/approvals/{number}/")
    assert ana.locator("button[value=approve]").count() == 0
    bilal = signed_in("bilal", js=js)
    bilal.goto(f"{house.desk}/guides/approvals/")
    bilal.click(f"main a:has-text('{former} (new)')")
    assert "(new)" in bilal.inner_text("ins")
    bilal.click("button[value=approve]")
    assert f"<h1>{former} (new)</h1>" in house.soon(path, "(new)", seconds=5)
