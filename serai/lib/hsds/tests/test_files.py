"""A directory is read from a folder, an archive or JSON, whatever its size, up to the limit that was agreed."""

from __future__ import annotations

import json
import os
import tracemalloc
from pathlib import Path

import pytest

from serai.lib.atomic import FileRefused
from serai.lib.hsds import files
from serai.lib.hsds.files import read_directory
from serai.lib.hsds.nested import to_nested, to_tables, write_json
from serai.lib.hsds.problems import HsdsRefused
from serai.lib.hsds.tabular import write_folder, write_zip
from serai.lib.hsds.tests.directory import service, sound, tables


@pytest.fixture
def in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as large."""
    monkeypatch.setattr(files, "MAX_ITEM", 0)


def test_a_folder_an_archive_and_json_say_the_same(tmp_path: Path) -> None:
    given = tables(sound())
    (tmp_path / "folder").mkdir()
    write_folder(given, tmp_path / "folder")
    (tmp_path / "directory.zip").write_bytes(write_zip(given))
    (tmp_path / "directory.json").write_bytes(write_json(to_nested(given)))
    nested, problems = to_tables(to_nested(given))
    assert problems == []
    assert read_directory(tmp_path / "folder").tables == given
    assert read_directory(tmp_path / "directory.zip").tables == given
    assert read_directory(tmp_path / "directory.json").tables == nested


@pytest.mark.usefixtures("in_pieces")
@pytest.mark.parametrize("form", ["list", "page", "tables"])
def test_json_in_pieces_is_json_at_once(tmp_path: Path, form: str) -> None:
    page = {"total_items": 1, "page_number": 1, "contents": [service()]}
    document = {"list": [service()], "page": page, "tables": {"service": [service()], "taxonomy": []}}[form]
    path = tmp_path / "directory.json"
    path.write_text(json.dumps(document), "utf-8")
    found = read_directory(path)
    assert (found.tables, found.problems) == to_tables({"service": [service()]})


@pytest.mark.usefixtures("in_pieces")
def test_problems_say_which_item_they_are_in(tmp_path: Path) -> None:
    path = tmp_path / "directory.json"
    path.write_text(json.dumps([service(), {**service(), "phones": "none"}]), "utf-8")
    (problem,) = read_directory(path).problems
    assert (problem.code, problem.path, problem.field) == ("not-a-list", "service[1]", "phones")


@pytest.mark.usefixtures("in_pieces")
@pytest.mark.parametrize(
    ("text", "code"), [('{"id": "x", "name": "y"}', "not-a-directory"), ("[1,", "not-json"), ("7", "not-a-directory")]
)
def test_large_json_that_is_no_directory_is_refused(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "directory.json"
    path.write_text(text, "utf-8")
    with pytest.raises(HsdsRefused) as refused:
        read_directory(path)
    assert refused.value.code == code


@pytest.mark.parametrize("name", ["directory.json", "directory.zip", "folder/services.csv"])
def test_200_megabytes_are_refused_at_once_without_being_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"PK\x03\x04" if name.endswith("zip") else b"")
    os.truncate(path, 200_000_000)
    tracemalloc.start()
    try:
        with pytest.raises((HsdsRefused, FileRefused)) as refused:
            read_directory(path.parent if name.endswith("csv") else path)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert getattr(refused.value, "code", "") == "too-large"


def test_the_limit_is_the_callers(tmp_path: Path) -> None:
    path = tmp_path / "directory.json"
    path.write_bytes(write_json([service()]))
    size = path.stat().st_size
    assert read_directory(path, max_bytes=size).problems == []
    with pytest.raises(HsdsRefused):
        read_directory(path, max_bytes=size - 1)


def test_a_directory_of_30_megabytes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "directory.json"
    one = service()
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for number in range(900):
            item = json.dumps({**one, "id": f"00000000-0000-4000-9000-{number:012d}", "description": "x" * 34_000})
            file.write(("," if number else "") + item)
        file.write("]")
    assert path.stat().st_size > 30_000_000
    assert len(read_directory(path).tables["service"].rows) == 900
