"""Full disks, hostile paths and archives that want more than they say."""

import contextlib
import errno
import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.lib.atomic import FileRefused, read_bounded, safe_join, unzip_bounded, write_atomically, write_together


def zipped(files: dict[str, bytes], **attributes: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            for attribute, value in attributes.items():
                setattr(entry, attribute, value)
            archive.writestr(entry, content)
    return buffer.getvalue()


def refusal_of(data: bytes, max_files: int = 10, max_bytes: int = 100_000) -> str:
    with pytest.raises(FileRefused) as refusal:
        unzip_bounded(data, max_files=max_files, max_bytes=max_bytes)
    return refusal.value.code


def test_a_written_file_replaces_the_old_one_whole(tmp_path: Path):
    target = tmp_path / "page.html"
    write_atomically(target, b"old")
    write_atomically(target, b"new")
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert os.listdir(tmp_path) == ["page.html"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch, call):
    target = tmp_path / "page.html"
    target.write_bytes(b"old")

    def full(*_arguments):
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="no space"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["page.html"]


def test_of_several_files_none_changes_when_the_disk_is_full_before_the_last(tmp_path: Path, monkeypatch):
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    write_together(dict.fromkeys(files, b"old"))
    synced = []

    def full_at_the_second(handle):
        synced.append(handle)
        if len(synced) > 1:
            raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(os, "fsync", full_at_the_second)
    with pytest.raises(OSError, match="no space"):
        write_together(dict.fromkeys(files, b"new"))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.csv": b"old", "b.csv": b"old"}


def test_reading_stops_at_the_limit(tmp_path: Path):
    file = tmp_path / "a"
    file.write_bytes(b"12345")
    assert read_bounded(file, 5) == b"12345"
    with pytest.raises(FileRefused) as refusal:
        read_bounded(file, 4)
    assert refusal.value.code == "too-large"


def test_a_named_pipe_is_no_file_and_does_not_keep_us_waiting(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileRefused) as refusal:
        read_bounded(tmp_path / "pipe", 5)
    assert refusal.value.code == "not-a-file"


@pytest.mark.parametrize(
    ("relative", "code"),
    [
        ("", "path-empty"),
        ("/etc/passwd", "path-absolute"),
        ("\\\\server\\share", "path-absolute"),
        ("C:/x", "path-absolute"),
        ("../x", "path-traversal"),
        ("a/../../x", "path-traversal"),
        ("a\\..\\x", "path-traversal"),
        ("a/./x", "path-name"),
        ("a//x", "path-name"),
        ("a/", "path-name"),
        ("a\0b", "path-name"),
        ("a\nb", "path-name"),
        ("a\\b", "path-name"),
        ("NUL", "path-name"),
        ("guides/con.md", "path-name"),
        ("a ", "path-name"),
        ("a.", "path-name"),
        ("x\u202efdp.md", "path-name"),
        ("x\ud800", "path-name"),
        ("x" * 256, "path-name"),
        ("a/" * 20 + "x", "path-deep"),
    ],
)
def test_each_hostile_path_is_refused_by_name(tmp_path: Path, relative, code):
    with pytest.raises(FileRefused) as refusal:
        safe_join(tmp_path, relative)
    assert refusal.value.code == code


def test_ordinary_paths_in_any_script_are_joined(tmp_path: Path):
    for relative in ("guides/first-days.ar.md", "مرحبا/نص.md", "می‌خواهم.md", ".well-known/x", "console.md"):
        assert safe_join(tmp_path, relative) == tmp_path / relative


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "out").symlink_to(tmp_path)
    (root / "in").symlink_to(root)
    assert safe_join(root, "in/x") == root / "in" / "x"
    with pytest.raises(FileRefused) as refusal:
        safe_join(root, "out/x")
    assert refusal.value.code == "path-escape"


@given(st.text(alphabet="./\\ab:\0", max_size=12))
def test_whatever_is_joined_stays_inside(relative):
    root = Path("/nowhere/root")
    try:
        joined = safe_join(root, relative)
    except FileRefused:
        return
    assert os.path.normpath(joined).startswith("/nowhere/root/")


def test_an_honest_archive_is_read_whole_without_its_folders():
    files = {"pack.yaml": b"pack: x", "guides/a.en.md": b"text"}
    assert unzip_bounded(zipped({"guides/": b"", **files}), max_files=10, max_bytes=1000) == files


def test_an_archive_is_refused_for_its_number_its_size_and_its_packed_size():
    assert refusal_of(zipped({str(n): b"" for n in range(11)})) == "zip-too-many"
    assert refusal_of(zipped({"a": b"0" * 100_001})) == "too-large"
    assert refusal_of(b"PK" + b"0" * 100_000) == "too-large"
    assert refusal_of(b"no archive") == "not-a-zip"


def test_an_archive_that_lies_about_its_sizes_is_stopped_while_reading():
    honest = zipped({"a": b"0" * 200_000})
    lying = honest.replace(struct.pack("<L", 200_000), struct.pack("<L", 100))
    assert lying != honest
    assert refusal_of(lying) in ("too-large", "zip-broken")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../evil", "path-traversal"),
        ("/evil", "path-absolute"),
        ("a\\..\\evil", "path-traversal"),
        ("NUL", "path-name"),
    ],
)
def test_an_entry_that_would_leave_its_folder_is_refused(name, code):
    assert refusal_of(zipped({name: b"x"})) == code


def test_links_passwords_and_twins_in_an_archive_are_refused():
    assert refusal_of(zipped({"a": b"/etc/passwd"}, external_attr=(stat.S_IFLNK | 0o777) << 16)) == "zip-link"
    assert refusal_of(zipped({"A.md": b"1", "a.md": b"2"})) == "zip-duplicate"
    data = bytearray(zipped({"a": b"x"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refusal_of(bytes(data)) == "zip-encrypted"


def test_an_archive_inside_may_not_unpack_to_more_than_the_limit():
    inner = zipped({"a": b"0" * 100_001})
    assert refusal_of(zipped({"forms.xlsx": inner})) == "zip-nested"
    small = zipped({"a": b"0" * 1000})
    assert unzip_bounded(zipped({"f.xlsx": small}), max_files=1, max_bytes=100_000) == {"f.xlsx": small}


@given(st.binary(max_size=300), st.integers(0, 200))
def test_a_damaged_archive_is_refused_and_never_breaks_the_reader(noise, at):
    data = zipped({"a": b"hello", "b/c": b"world" * 20})
    damaged = data[:at] + noise + data[at + len(noise) :]
    with contextlib.suppress(FileRefused):
        unzip_bounded(damaged, max_files=10, max_bytes=10_000)
