"""Folders and archives of CSV: read within limits, written so that no spreadsheet runs them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from serai.lib.atomic import FileRefused
from serai.lib.hsds.schema import FILES
from serai.lib.hsds.tabular import Limits, read_folder, read_zip, write_folder, write_zip
from serai.lib.hsds.tests.directory import sound, tables


def archive(files: dict[str, bytes]) -> bytes:
    """A ZIP of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return buffer.getvalue()


def test_a_directory_comes_back_from_a_folder_and_from_an_archive(tmp_path: Path) -> None:
    given = tables(sound())
    write_folder(given, tmp_path)
    assert (tmp_path / "services.csv").exists()
    from_folder, from_zip = read_folder(tmp_path), read_zip(write_zip(given))
    assert from_folder == from_zip
    assert from_folder.problems == []
    assert list(from_folder.tables) == [name for name in FILES if name in given]
    assert from_folder.tables == given


def test_a_table_that_is_no_more_goes_from_the_folder_and_other_files_stay(tmp_path: Path) -> None:
    given = tables(sound())
    write_folder(given, tmp_path)
    (tmp_path / "notes.csv").write_text("mine")
    write_folder({name: table for name, table in given.items() if name != "phone"}, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {FILES[name] for name in given if name != "phone"} | {
        "notes.csv"
    }


def test_the_same_tables_make_the_same_archive() -> None:
    assert write_zip(tables(sound())) == write_zip(tables(sound()))


def test_what_a_spreadsheet_would_run_is_written_as_text_and_read_as_it_was() -> None:
    rows = sound()
    rows["organization"][0]["name"] = "=HYPERLINK(1)"
    data = write_zip(tables(rows))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        written = file.read("organizations.csv").decode("utf-8-sig")
        phones = file.read("phones.csv").decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in written
    assert "'+43 1 555 0100" in phones
    back = read_zip(data).tables
    assert back["organization"].rows[0].text("name") == "=HYPERLINK(1)"
    assert back["phone"].rows[0].text("number") == "+43 1 555 0100"


@pytest.mark.parametrize("name", ["services.csv", "service.csv", "SERVICES.CSV", "export/2026/services.csv"])
def test_a_table_is_known_by_its_file_in_any_folder(name: str) -> None:
    found = read_zip(
        archive({name: b"\xef\xbb\xbfid,name\r\n1,A\r\n", "readme.txt": b"x", "__MACOSX/._services.csv": b"\0"})
    )
    assert found.problems == []
    assert found.tables["service"].rows[0].cells == {"id": "1", "name": "A"}


@pytest.mark.parametrize(
    ("data", "row", "code", "cure"),
    [
        ("id,name\n1,A\n2,Café\n".encode("cp1252"), 3, "not-utf-8", "save-as-utf-8"),
        ("id,name\n1,A\n".encode("utf-16"), 1, "not-utf-8", "save-as-utf-8"),
        (b'id,name\n1,"A\n', 2, "csv-broken", "export-again"),
        (b"id,id\n1,2\n", 1, "header-duplicate", "leave-out-one"),
        (b"id,,name\n1,2,3\n", 1, "header-empty", "add-header"),
        (b"id\n1,2\n", 2, "cell-without-header", "add-header"),
        (b"", 1, "header-missing", "add-header"),
        (b"id\n" + b"1\n" * 200, 51, "too-many-cells", "split"),
        (b"id\n" + b"1" * 2000, 0, "too-large", "split"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_and_hides_no_other(data: bytes, row: int, code: str, cure: str) -> None:
    found = read_zip(archive({"phones.csv": data, "services.csv": b"id\n1\n"}), Limits(file_bytes=1000, cells=50))
    assert [(p.table, p.row, p.code, p.cure) for p in found.problems] == [("phone", row, code, cure)]
    assert list(found.tables) == ["service"]


def test_an_unknown_column_is_kept() -> None:
    found = read_zip(archive({"services.csv": b"id,lift\n1,yes\n"}))
    assert found.tables["service"].rows[0].text("lift") == "yes"


def test_unknown_and_second_files_are_said() -> None:
    files = {"bicycles.csv": b"id\n1\n", "a/services.csv": b"id\n1\n", "b/service.csv": b"id\n2\n"}
    found = read_zip(archive(files))
    assert [(p.table, p.code) for p in found.problems] == [
        ("bicycles.csv", "table-unknown"),
        ("service", "table-twice"),
    ]
    assert found.tables["service"].rows[0].text("id") == "1"


def test_an_archive_that_unfolds_beyond_its_limit_is_refused() -> None:
    bomb = archive({"services.csv": b"0" * 5_000_000})
    assert len(bomb) < 10_000
    with pytest.raises(FileRefused) as refused:
        read_zip(bomb, Limits(total_bytes=1_000_000))
    assert refused.value.code == "too-large"


def test_a_path_out_of_the_archive_is_refused() -> None:
    with pytest.raises(FileRefused) as refused:
        read_zip(archive({"../services.csv": b"id\n1\n"}))
    assert refused.value.code == "path-traversal"


def test_a_folder_is_read_within_its_limits_and_never_outside(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "services.csv").write_bytes(b"id\n" + b"1\n" * 300)
    (inside / "phones.csv").write_bytes(b"id\n" + b"1\n" * 300)
    for limits in (Limits(total_bytes=1000), Limits(files=1)):
        with pytest.raises(FileRefused) as refused:
            read_folder(inside, limits)
        assert refused.value.code == "too-large"
    (tmp_path / "secret.csv").write_bytes(b"id\n1\n")
    (inside / "contacts.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(FileRefused) as refused:
        read_folder(inside)
    assert refused.value.code == "path-escape"


def test_a_folder_keeps_no_table_of_an_earlier_directory_and_every_other_file(tmp_path: Path) -> None:
    (tmp_path / "addresses.csv").write_text("id,address_1\n1,7 Hidden Lane\n")
    (tmp_path / "notes.txt").write_text("ours")
    given = {name: table for name, table in tables(sound()).items() if name != "address"}
    write_folder(given, tmp_path)
    assert not (tmp_path / "addresses.csv").exists()
    assert (tmp_path / "notes.txt").read_text() == "ours"
