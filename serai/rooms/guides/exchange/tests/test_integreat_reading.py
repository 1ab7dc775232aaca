"""Files from outside: whatever is in them, the house says what is wrong and stays whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from serai.rooms.guides.exchange.integreat.languages import tag_of
from serai.rooms.guides.exchange.integreat.stream import Malformed, elements
from serai.rooms.guides.models import GuidePage

from .regions import codes, imported, page, refused, run, write

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ('[{"id": 1,}]', "not-json", "line 1, column 11"),
        ('[\n {"id": 1},\n {"id": 2 "x"}\n]', "not-json", "line 3"),
        ('[{"id": 1}', "not-json", "line 1, column 11"),
        ('[{"id": 1}] x', "not-json", "column 13"),
        ('[{"id": NaN}]', "not-json", "NaN"),
        ('["unfinished', "not-json", "line 1, column 2"),
        ("[" * 100_000, "not-json", "nested too deeply"),
        ('[{"id": ' + "9" * 5000 + "}]", "not-json", "line 1"),
        ('{"error": "no region"}', "not-a-list", "no list of pages"),
        ('"text"', "not-a-list", "no list of pages"),
        ("", "not-a-list", "no list of pages"),
        ("<html>", "not-json", "line 1, column 1"),
    ],
)
def test_malformed_files_are_refused_with_their_place(tmp_path: Path, text: str, code: str, says: str) -> None:
    path = tmp_path / "region.json"
    path.write_text(text, encoding="utf-8")
    report = refused(path)
    problem = next(row for row in report["problems"] if row["refuses"])
    assert (problem["code"], problem["file"]) == (code, "region.json")
    assert says in problem["says"]
    assert problem["cure"]
    assert not GuidePage.objects.exists()


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.json"
    path.write_bytes(b'[\n{"id": 1, "title": "Stra\xdfe"}]')
    report = refused(path)
    assert codes(report) == ["not-utf-8"]
    assert "Line 2" in report["problems"][0]["says"]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "windows.json"
    one = page(1, "start", content="<p>One</p>\r\n<p>Two</p>")
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps([one], indent=2).replace("\n", "\r\n").encode())
    assert imported(path)["created"] == 1


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.write(b"[")
        file.truncate(3 * 1024 * 1024)
    report = refused(path, "--max-megabytes", 2)
    assert codes(report) == ["file-too-large"]
    assert "2 MB" in report["problems"][0]["says"]
    assert "--max-megabytes" in report["problems"][0]["cure"]


def test_memory_is_bounded_by_the_pages_and_not_by_the_file(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "wide.json"
    others = {f"x{number}": {"id": number, "path": "/x" * 400} for number in range(100)}
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for number in range(400):
            file.write(("," if number else "") + json.dumps(page(number + 1, f"p{number}", available_languages=others)))
        file.write("]")
    assert path.stat().st_size > 25_000_000
    tracemalloc.start()
    assert sum(1 for _ in elements(path, 1 << 30)) == 400
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_a_single_huge_element_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text('["' + "x" * (9 << 20) + '"]', encoding="utf-8")
    with pytest.raises(Malformed, match="element-too-large"):
        list(elements(path, 1 << 30))


def test_elements_are_whole_wherever_the_chunks_end(tmp_path: Path, monkeypatch: Any) -> None:
    from serai.rooms.guides.exchange.integreat import stream

    monkeypatch.setattr(stream, "CHUNK", 3)
    wanted = [{"id": 12345, "t": 'é "quoted" \\ ሓኪም', "n": [1.5e3, -2, True, None]}, 678, "x", [], {}, 9]
    path = tmp_path / "small.json"
    path.write_text(json.dumps(wanted, ensure_ascii=False, indent=1), encoding="utf-8")
    assert list(elements(path, 10_000)) == wanted


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert codes(refused(tmp_path / "missing.json")) == ["file-unreadable"]
    assert codes(refused(tmp_path)) == ["file-unreadable"]


def test_an_empty_list_is_refused_as_having_no_page(tmp_path: Path) -> None:
    assert codes(refused(write(tmp_path, "empty.json", []))) == ["file-empty", "no-pages"]


def test_one_bad_file_of_two_refuses_both(tmp_path: Path) -> None:
    good = write(tmp_path, "good.json", [page(1, "start")])
    bad = tmp_path / "bad.json"
    bad.write_text("[", encoding="utf-8")
    refused(good, bad)
    assert not GuidePage.objects.exists()


def test_wrong_use_is_no_refusal(tmp_path: Path) -> None:
    good = write(tmp_path, "good.json", [page(1, "start")])
    assert run().exit_code == 2
    assert run(good, "--publisher", "nobody").exit_code == 2
    assert run(good, "--topic", "nothing").exit_code == 2
    assert run(good, "--original", "xx").exit_code == 2
    assert run(good, "--nonsense").exit_code == 2


@pytest.mark.parametrize(
    ("code", "tag"),
    [
        ("de-si", "de-simple"),
        ("de", "de"),
        ("zh-CN", "zh-Hans"),
        ("zh-tw", ""),
        ("ckb", "ckb"),
        ("kmr", "kmr"),
        ("ku", "kmr"),
        ("fa", "fa"),
        ("fa-AF", "prs"),
        ("prs", "prs"),
        ("ti", "ti"),
        ("uk", "uk"),
        ("pt-br", "pt"),
        ("tl", "fil"),
        ("xx", ""),
        ("", ""),
    ],
)
def test_codes_of_integreat_are_tags_of_the_house(code: str, tag: str) -> None:
    assert tag_of(code) == tag


def test_the_language_is_that_of_the_address_and_not_of_the_files_name(tmp_path: Path) -> None:
    report = imported(write(tmp_path, "pages_en.json", [page(1, "start", "ar")]))
    assert report["pages"] == {"ar": 1}
    assert GuidePage.objects.get().tag == "ar"


def test_pages_in_an_unknown_language_are_reported_and_the_others_imported(tmp_path: Path) -> None:
    report = imported(write(tmp_path, "a.json", [page(1, "start"), page(2, "tlh", "tlh")]))
    assert (report["created"], codes(report)) == (1, ["language-unknown"])
    assert codes(refused(write(tmp_path, "b.json", [page(2, "tlh", "tlh")]))) == ["language-unknown", "no-pages"]


def test_what_is_missing_in_a_page_is_said_and_the_rest_kept(tmp_path: Path) -> None:
    pages: list[Any] = [
        {"path": "/tal/de/nur-pfad/"},
        {"id": 2, "title": "Ohne Pfad"},
        {"id": "3", "path": "/tal/de/zahl/", "title": "Zahl", "content": "<p>x</p>", "order": "7", "parent": None},
        {"id": 4, "url": "https://cms.example/tal/de/nur-url/", "title": " ", "content": "<p>x</p>"},
        "text",
        None,
        {"id": True, "path": 7, "title": [], "content": {}},
    ]
    report = imported(write(tmp_path, "odd.json", pages))
    assert report["created"] == 3
    assert sorted(codes(report)) == [
        "page-odd",
        "page-odd",
        "page-without-address",
        "page-without-address",
        "page-without-id",
        "page-without-text",
        "page-without-title",
        "page-without-title",
    ]
    titles = dict(GuidePage.objects.values_list("slug", "title"))
    assert titles == {"nur-pfad": "nur pfad", "zahl": "Zahl", "nur-url": "nur url"}
    assert GuidePage.objects.get(slug="zahl").position == 7


def test_pages_that_stand_twice_are_taken_once(tmp_path: Path) -> None:
    same, newer = page(1, "start"), page(2, "zwei", last_updated="2024-01-01T00:00:00+00:00", title="Neuer")
    first = write(tmp_path, "first.json", [same, page(2, "zwei")])
    second = write(tmp_path, "second.json", [same, newer])
    report = imported(first, second)
    assert (report["created"], sorted(codes(report))) == (2, ["page-conflict", "page-twice"])
    assert GuidePage.objects.get(slug="zwei").title == "Neuer"


def test_two_regions_at_once_are_refused(tmp_path: Path) -> None:
    files = [write(tmp_path, f"{name}.json", [page(1, "start", region=name)]) for name in ("tal", "berg")]
    assert codes(refused(*files)) == ["several-regions"]


def test_a_title_of_entities_markup_and_hidden_signs_is_plain(tmp_path: Path) -> None:
    title = "Arbeit &amp; <b>Beruf</b>\u202egnp.exe\u200f \x00\ud800 ok"
    path = tmp_path / "title.json"
    path.write_text(json.dumps([page(1, "start", title=title)]), encoding="utf-8")
    report = imported(path)
    assert GuidePage.objects.get().title == "Arbeit & Beruf gnp.exe ok"
    assert codes(report) == ["bidi-control"]


def test_a_title_too_long_is_cut_and_said(tmp_path: Path) -> None:
    report = imported(write(tmp_path, "long.json", [page(1, "start", title="Wort " * 200)]))
    assert codes(report) == ["title-too-long"]
    assert len(GuidePage.objects.get().title) == 255
