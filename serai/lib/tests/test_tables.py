"""Tables of real shapes read back to the same values, and every trap in them refused with its place."""

import io
import os
import tracemalloc
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from serai.lib.tables import Row, Table, TableRefused, read_csv, read_xlsx, stream_csv, write_csv, write_xlsx

MOMENTS = (datetime.fromisoformat("1950-01-01"), datetime.fromisoformat("2100-01-01"))
texts = st.text(alphabet="a=+-@'\t\n ,;\"é字＝0\u202e", max_size=8)
cells = st.one_of(
    texts,
    st.integers(-(10**18), 10**18),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9),
    st.booleans(),
    st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 1, 1)),
    st.datetimes(MOMENTS[0], MOMENTS[1]).map(lambda moment: moment.replace(microsecond=0)),
)
rows_of_three = st.lists(st.tuples(cells, cells, cells), max_size=4)


def workbook(*rows: list) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    return buffer.getvalue()


def place(refusal: pytest.ExceptionInfo[TableRefused]) -> tuple[str, int, str]:
    return refusal.value.code, refusal.value.row, refusal.value.column


def test_csv_keeps_row_numbers_and_skips_empty_rows(tmp_path: Path):
    file = tmp_path / "t.csv"
    file.write_bytes('\ufeffkey, name \n\na,"x\ny"\n,\nb\n'.encode())
    table = read_csv(file)
    assert table.header == ("key", "name")
    assert table.rows == [Row(3, {"key": "a", "name": "x\ny"}), Row(5, {"key": "b", "name": ""})]
    assert read_csv(b"a;b\n1;2\n", delimiter=";").rows == [Row(2, {"a": "1", "b": "2"})]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ("header-missing", 1, "")),
        (b"\n,\n", ("header-missing", 1, "")),
        (b"a,b,a\n", ("header-duplicate", 1, "C")),
        (b"a,,c\n", ("header-empty", 1, "B")),
        (b"a,b\n1,2,3\n", ("cell-without-header", 2, "C")),
        (b"a,b\n1,\xff\n", ("not-utf-8", 2, "")),
        (b'a,b\n1,2\n"x', ("csv-broken", 3, "")),
        (b'a,b\n"1"2,2\n', ("csv-broken", 2, "")),
        (b"a\n" + b"1\n" * 50, ("too-many-cells", 21, "")),
        (b"a" * 2000, ("too-large", 0, "")),
    ],
)
def test_each_fault_of_a_csv_is_named_with_its_place(data, expected):
    with pytest.raises(TableRefused) as refusal:
        read_csv(data, max_bytes=1000, max_cells=20)
    assert place(refusal) == expected


@pytest.mark.parametrize("risky", ["=1+1", "+49", "-1", "@x", "\tx", "\rx", " =1", "＝1", "\n=1"])
def test_text_that_looks_like_a_formula_is_written_behind_an_apostrophe(risky):
    assert "'" + risky in write_csv(["a"], [[risky]]).decode("utf-8-sig").replace('"', "")
    if "\r" not in risky:
        written = openpyxl.load_workbook(io.BytesIO(write_xlsx(["a"], [[risky]]))).active["A2"]
        assert (written.value, written.data_type) == ("'" + risky, "s")


def test_numbers_stay_numbers_and_long_ones_become_exact_text():
    page = openpyxl.load_workbook(
        io.BytesIO(write_xlsx(["a"], [[-5], [Decimal("0.10")], [10**17 + 1], ["007"]]))
    ).active
    assert [page[f"A{row}"].data_type for row in (2, 3, 4, 5)] == ["n", "n", "s", "s"]
    assert page["A4"].value == str(10**17 + 1)
    assert write_csv(["a"], [[-5]]) == "\ufeffa\r\n-5\r\n".encode()


@settings(deadline=None)
@given(rows_of_three)
@example([("'=x", "''=x", "'x"), ("=1", "-1", "\t")])
def test_a_csv_is_read_back_to_the_same_text(rows):
    table = read_csv(write_csv(["a", "=b", "c"], rows))
    assert table.header == ("a", "=b", "c")
    written = [Row(at, dict(zip("abc", row, strict=True))) for at, row in enumerate(rows, 2)]
    expected = [[row.text(name) for name in "abc"] for row in written]
    assert [list(row.cells.values()) for row in table.rows] == [row for row in expected if any(row)]


@settings(deadline=None, max_examples=60)
@given(rows_of_three)
@example([("'=x", "''=x", "'x"), ("=1", "-1", "\t")])
@example([("_x0041_", " a ", "a\n")])
def test_a_workbook_is_read_back_to_the_same_values(rows):
    table = read_xlsx(write_xlsx(["a", "=b", "c"], rows))
    expected = [[cell if cell != "" else None for cell in row] for row in rows]
    read = [list(row.cells.values()) for row in table.rows]
    expected = [row for row in expected if any(cell is not None for cell in row)]
    exact = [[str(c) if type(c) is int and len(str(abs(c)).rstrip("0")) > 15 else c for c in row] for row in expected]
    assert read == exact
    same_type = [[type(c) for c in row if not isinstance(c, Decimal | int)] for row in exact]
    assert [[type(c) for c in row if not isinstance(c, Decimal | int)] for row in read] == same_type


def test_days_and_moments_are_told_apart():
    midnight = datetime.fromisoformat("2026-10-12")
    rows = read_xlsx(write_xlsx(["day", "moment"], [[date(2026, 10, 12), midnight]])).rows
    assert rows[0].cells == {"day": date(2026, 10, 12), "moment": midnight}
    assert type(rows[0].cells["day"]) is date
    assert rows[0].text("day") == "2026-10-12"


def test_a_formula_is_refused_with_its_cell():
    with pytest.raises(TableRefused) as refusal:
        read_xlsx(workbook(["a", "b"], [1, "=HYPERLINK(A1)"]))
    assert place(refusal) == ("cell-formula", 2, "B")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["a", "a"]], ("header-duplicate", 1, "B")),
        ([["a", 5]], ("header-not-text", 1, "B")),
        ([["a"], [1, 2]], ("cell-without-header", 2, "B")),
        ([["a"], ["#N/A"]], ("cell-error", 2, "A")),
        ([[]], ("header-missing", 1, "")),
        ([["a"], *[[1]] * 50], ("too-many-cells", 21, "")),
    ],
)
def test_each_fault_of_a_workbook_is_named_with_its_place(rows, expected):
    with pytest.raises(TableRefused) as refusal:
        read_xlsx(workbook(*rows), max_cells=20)
    assert place(refusal) == expected


def test_a_cell_at_the_end_of_a_million_rows_costs_nothing():
    book = openpyxl.Workbook()
    book.active["A1"] = "a"
    book.active["A1048576"] = "x"
    buffer = io.BytesIO()
    book.save(buffer)
    with pytest.raises(TableRefused) as refusal:
        read_xlsx(buffer.getvalue(), max_cells=1000)
    assert refusal.value.code == "too-many-cells"


def test_bombs_entities_and_broken_files_are_refused_before_they_are_parsed():
    honest = workbook(["a"], ["b"])
    sheet = "xl/worksheets/sheet1.xml"
    bomb = repacked(honest, sheet, b"<x>" + b" " * 2_000_000)
    entities = repacked(honest, sheet, b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        cut = archive.read(sheet).replace(b"</row>", b"")
    for data, code in [
        (bomb, "too-large"),
        (entities, "xlsx-entities"),
        (repacked(honest, sheet, entities.decode("latin-1").encode("utf-16")), "xlsx-entities"),
        (repacked(honest, "xl/workbook.xml", b"<x"), "not-xlsx"),
        (repacked(honest, sheet, b"<worksheet"), "not-xlsx"),
        (repacked(honest, sheet, cut), "xlsx-broken"),
        (b"PK no", "not-xlsx"),
    ]:
        with pytest.raises(TableRefused) as refusal:
            read_xlsx(data, max_unzipped_bytes=1_000_000)
        assert refusal.value.code == code
    with pytest.raises(TableRefused) as refusal:
        read_xlsx(honest, sheet="Other")
    assert refusal.value.code == "sheet-missing"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("\x07", "cell-control"),
        ("a\rb", "cell-control"),
        ("x" * 32_768, "cell-too-long"),
        (datetime.fromisoformat("2026-01-01T00:00+00:00"), "cell-zone"),
    ],
)
def test_what_a_workbook_cannot_hold_is_refused_with_its_cell(value, code):
    with pytest.raises(TableRefused) as refusal:
        write_xlsx(["a", "b"], [["x", value]])
    assert place(refusal) == (code, 2, "B")


def test_a_row_of_another_length_is_refused():
    for write in (write_csv, write_xlsx):
        with pytest.raises(TableRefused) as refusal:
            write(["a", "b"], [["x"]])
        assert refusal.value.code == "row-length"


def test_further_sheets_are_for_people_and_the_first_is_still_the_table() -> None:
    data = write_xlsx(["a", "b"], [["x", 1]], widths=(10, 20), words={"Read me": ["How it works", "=1+1"]})
    assert read_xlsx(data).rows[0].cells == {"a": "x", "b": 1}
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Sheet1", "Read me"]
    assert [row[0].value for row in book["Read me"].iter_rows()] == ["How it works", "'=1+1"]
    assert book["Sheet1"].freeze_panes == "A2"
    assert book["Sheet1"].column_dimensions["B"].width == 20


def test_formulas_can_be_listed_all_together() -> None:
    book = openpyxl.Workbook()
    for row in (["a", "b"], ["=1+1", "x"], ["y", "=2+2"]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    bad: list[TableRefused] = []
    table = read_xlsx(buffer.getvalue(), bad_cells=bad)
    assert [(error.code, error.row, error.column) for error in bad] == [
        ("cell-formula", 2, "A"),
        ("cell-formula", 3, "B"),
    ]
    assert [row.cells for row in table.rows] == [{"a": None, "b": "x"}, {"a": "y", "b": None}]


def test_rows_come_one_after_the_other_as_they_stand_in_the_table(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_bytes('\ufeffname;phone;\r\n"A;\nB";\'+43 1\r\n\r\nC;\r\n'.encode())
    header: list[str] = []
    rows = list(stream_csv(path, delimiter=";", header=header))
    assert header == ["name", "phone"]
    assert Table(tuple(header), rows) == read_csv(path, delimiter=";")
    assert [(row.number, row.text("name"), row.text("phone")) for row in rows] == [(2, "A;\nB", "+43 1"), (4, "C", "")]


def test_a_table_of_200_megabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.touch()
    os.truncate(path, 200_000_000)
    tracemalloc.start()
    try:
        for read in (lambda: next(stream_csv(path)), lambda: read_csv(path)):
            with pytest.raises(TableRefused) as refused:
                read()
            assert refused.value.code == "too-large"
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_rows_are_refused_half_way_with_their_row() -> None:
    for data, code, row in (
        (b"id\n1\n\xff\n", "not-utf-8", 1),
        (b'id\n1\n"2', "csv-broken", 3),
        (b"id\n1\n2,3\n", "cell-without-header", 3),
        (b"", "header-missing", 1),
        (b"id\n" + b"1\n" * 100_000, "too-large", 0),
    ):
        with pytest.raises(TableRefused) as refused:
            list(stream_csv(io.BytesIO(data), max_bytes=50_000))
        assert (refused.value.code, refused.value.row) == (code, row)
