"""Everything wrong with a pack is said at once, each with its file, its line and a cure."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from serai.kernel.packs import folder
from serai.kernel.packs.checking import check_files, check_path
from serai.kernel.packs.tests.small import FILES, HEAD, edited, pack, topics
from serai.kernel.register.ports import PackProblem

pytestmark = pytest.mark.django_db


def problems(changes: dict[str, Any]) -> list[PackProblem]:
    return check_files(pack(changes), beside={"topics": topics()}).problems


def refusals(changes: dict[str, Any]) -> set[tuple[str, int, str]]:
    found = [each for each in problems(changes) if each.refuses]
    assert all(each.says and each.cure for each in found)
    return {(each.file, each.line, each.code) for each in found}


def write(root: Path, files: dict[str, bytes]) -> Path:
    folder.write_files(root, files)
    return root


def zipped(tmp_path: Path, entries: list[tuple[str, bytes]], mode: int = 0o100644) -> Path:
    path = tmp_path / "it.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = mode << 16
            archive.writestr(entry, data)
    return path


def test_a_pack_as_it_should_be_has_no_problem_at_all() -> None:
    assert problems({}) == []


def test_the_same_pack_is_read_alike_from_a_folder_and_from_a_zip_with_one_folder(tmp_path: Path) -> None:
    root = write(tmp_path / "lindenbach", pack())
    path = tmp_path / "lindenbach.zip"
    path.write_bytes(folder.zip_bytes(pack(), "lindenbach"))
    assert folder.read_pack(root).files == folder.read_pack(path).files == pack()


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("licence: CC-BY-4.0", "licence: CC-BY-4.0\ncolour: red", 7, "key-unknown"),
        ("licence: CC-BY-4.0\n", "", 1, "key-missing"),
        ("version: 1.0.0", "version: 1.0", 2, "version-wrong"),
        ("version: 1.0.0", "version: 01.0.0", 2, "version-wrong"),
        ("languages: [en, ar]", "languages: [en, xx]", 4, "language-unknown"),
        ("languages: [en, ar]", "languages: [en, ar, AR]", 4, "language-twice"),
        ("countries: [XV]", "countries: [Valmark]", 5, "country-unknown"),
        ("pack: lindenbach", "pack: Linden Bach", 1, "name-wrong"),
        ("fictional: true", "fictional: yes", 7, "fictional-wrong"),
        ("requires: {topics: 1.0.0}", "requires: {topics: newest}", 8, "requires-wrong"),
        ("licence: CC-BY-4.0", "licence: CC-BY-4.0\npack: again", 7, "yaml-duplicate"),
        ("countries: [XV]", "countries: &all [XV]", 5, "yaml-alias"),
        ("countries: [XV]", "countries: !!python/object:os.system [XV]", 5, "yaml-tag"),
        ("countries: [XV]", "countries: [XV", 6, "yaml"),
    ],
)
def test_pack_yaml_is_read_strictly(old: str, new: str, line: int, code: str) -> None:
    assert ("pack.yaml", line, code) in refusals({"pack.yaml": HEAD.replace(old, new)})


def test_a_yaml_bomb_is_refused_before_it_unfolds() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for before, letter in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{letter}: &{letter} [*{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}]\n"
    assert refusals({"words/en.yaml": bomb}) >= {("words/en.yaml", 1, "yaml-alias")}


def test_a_folder_without_pack_yaml_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert [each.code for each in check_path(tmp_path / "empty").problems] == ["pack-empty"]
    assert "head-missing" in {each[2] for each in refusals({"pack.yaml": None})}


def test_a_file_that_no_part_understands_is_refused() -> None:
    assert refusals({"notes/todo.txt": "x", "README.md": "read me"}) == {("notes/todo.txt", 0, "file-unknown")}


def test_many_problems_are_told_at_once_and_in_order() -> None:
    changes = {
        "pack.yaml": HEAD,
        "strange.bin": "x",
        **edited("guides/doctor.en.md", "topic: health", "topic: heatlh"),
        **edited("tables/contacts.csv", "+00 555 20 100", "call us"),
    }
    found = refusals(changes)
    assert ("strange.bin", 0, "file-unknown") in found
    assert ("guides/doctor.en.md", 4, "topic-unknown") in found
    assert ("tables/contacts.csv", 2, "phone") in found
    order = [(not each.refuses, each.file, each.line) for each in problems(changes)]
    assert order == sorted(order)


def test_the_publisher_must_be_described_in_the_pack() -> None:
    found = refusals({"pack.yaml": HEAD.replace("publisher: lindenbach", "publisher: somebody")})
    assert ("tables/organisations.csv", 0, "publisher-missing") in found


def test_words_that_are_missing_refuse_in_the_original_and_are_a_note_in_a_translation() -> None:
    assert refusals(edited("words/en.yaml", "    hours: Monday to Friday\n", "")) == {
        ("words/en.yaml", 0, "words-missing")
    }
    notes = problems(edited("words/ar.yaml", "    hours: من الاثنين إلى الجمعة\n", ""))
    assert [(each.file, each.code, each.refuses) for each in notes] == [("words/ar.yaml", "words-missing", False)]


def test_words_that_no_table_has_are_refused_with_their_line() -> None:
    found = refusals(edited("words/en.yaml", "  desk:\n", "  deks:\n"))
    assert ("words/en.yaml", 10, "words-unknown") in found
    assert ("words/en.yaml", 0, "words-missing") in found


def test_words_of_a_language_that_the_pack_does_not_list_are_refused() -> None:
    assert ("words/fr.yaml", 0, "language-unlisted") in refusals({"words/fr.yaml": FILES["words/en.yaml"]})


def test_a_character_that_turns_words_around_is_refused_and_shown() -> None:
    found = problems(edited("words/en.yaml", "City desk", "City \u202edesk"))
    assert [(each.file, each.line, each.code) for each in found if each.refuses] == [
        ("words/en.yaml", 10, "bidi-control")
    ]
    assert "[U+202E]" in found[0].says


@pytest.mark.parametrize("name", ["../evil.md", "/etc/passwd", "guides/../../evil.md", "C:/evil", "guides\\..\\evil"])
def test_a_zip_that_would_write_beside_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path, [("pack.yaml", HEAD.encode()), (name, b"x")])
    checked = check_path(path)
    assert checked.refused
    assert {each.code for each in checked.problems} <= {"path-traversal", "path-absolute", "path-name"}
    assert checked.files == {}


def test_a_zip_with_a_link_inside_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, [("guides/a.en.md", b"/etc/passwd")], mode=stat.S_IFLNK | 0o777)
    assert [each.code for each in check_path(path).problems] == ["zip-link"]


def test_a_zip_bomb_is_refused_without_being_unfolded(tmp_path: Path) -> None:
    path = zipped(tmp_path, [(f"guides/{n}.en.md", bytes(60_000_000)) for n in range(4)])
    assert path.stat().st_size < 1_000_000
    assert [each.code for each in check_path(path).problems] == ["too-large"]


def test_something_that_is_no_zip_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "it.zip").write_bytes(b"not a zip")
    assert [each.code for each in check_path(tmp_path / "it.zip").problems] == ["not-a-zip"]


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("a secret")
    root = write(tmp_path / "lindenbach", pack())
    (root / "guides" / "leak.en.md").symlink_to(secret)
    (root / "more").symlink_to(tmp_path)
    read = folder.read_pack(root)
    assert {(each.file, each.code) for each in read.problems} == {
        ("guides/leak.en.md", "path-escape"),
        ("more", "path-escape"),
    }
    assert b"a secret" not in b"".join(read.files.values())
    assert check_path(root).refused


def test_a_named_pipe_in_a_folder_does_not_keep_anybody_waiting(tmp_path: Path) -> None:
    root = write(tmp_path / "lindenbach", pack())
    os.mkfifo(root / "guides" / "pipe.en.md")
    assert ("guides/pipe.en.md", "not-a-file") in {(each.file, each.code) for each in folder.read_pack(root).problems}


def test_two_names_that_differ_in_capitals_only_are_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("pack.yaml", HEAD)
        archive.writestr("Pack.yaml", HEAD)
    (tmp_path / "it.zip").write_bytes(buffer.getvalue())
    assert [each.code for each in check_path(tmp_path / "it.zip").problems] == ["zip-duplicate"]
