"""From paths to files: nothing leaves the folder, no two pages share a file."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.engine.shell.published.addresses import HTML, address_of

PARTS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=40),
    st.text(st.sampled_from(".%~\\\x00\u202ea-_"), max_size=8),
    st.sampled_from(["..", ".", "index.html", "~"]),
)


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "index.html"),
        ("/en/", "en/index.html"),
        ("/ar/lindenbach/first-days/", "ar/lindenbach/first-days/index.html"),
        ("/ar/مدينة/", "ar/مدينة/index.html"),
        ("/en/page.txt", "en/page.txt"),
        ("/sitemap.xml", "sitemap.xml"),
    ],
)
def test_plain_paths_keep_their_names(path: str, file: str) -> None:
    found = address_of(path)
    assert found is not None
    assert found.file == file


@pytest.mark.parametrize(
    "path",
    [
        *("", "en/", "/en", "//", "/en//x/", "/en/x.html", "/en/x.br", "/en/x.txt.gz", "/.x.txt", "/en/x.py"),
        *("/" + "a/" * 31, "/" + "a" * 1600 + "/", "/en/\ud800/"),
    ],
)
def test_other_paths_are_never_published(path: str) -> None:
    assert address_of(path) is None


@pytest.mark.parametrize(
    "part", ["..", ".", "~root", "a.b", "index.html", "-x", "_x", "a" * 151, "a\\b", "%2e", "a\x00b", "a b"]
)
def test_odd_parts_become_a_digest(part: str) -> None:
    found = address_of(f"/en/{part}/")
    assert found is not None
    assert found.file.startswith("en/~")
    assert len(found.file) == len("en/~/index.html") + 40


@given(st.lists(PARTS, max_size=6))
def test_no_path_leaves_the_folder(parts: list[str]) -> None:
    found = address_of("/" + "/".join(parts))
    if found is None:
        return
    inside = PurePosixPath(found.file)
    assert not inside.is_absolute()
    assert all(part not in {"", ".", ".."} and len(part.encode()) <= 255 for part in found.file.split("/"))
    assert "\x00" not in found.file


@given(st.lists(PARTS, max_size=4), st.lists(PARTS, max_size=4))
def test_two_pages_never_share_a_file(one: list[str], other: list[str]) -> None:
    paths = {"/" + "/".join([*parts, ""]) for parts in (one, other)}
    files = [found.file for found in map(address_of, paths) if found and found.content_type == HTML]
    assert len(files) == len(set(files))
