"""Sheets that the house prints itself: their words can be read back, in Arabic too, and nothing is fetched for them."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from serai.engine.shell.printing import PrintRefused, pdf_of
from serai.kernel.facts.models import FactLine, State

REPORT = """{% extends "shell/paper.html" %}{% load i18n shell %}
{% block title %}Report{% endblock %}
{% block main %}<h1>{{ heading }}</h1>{% if shown %}{% facts shown %}{% endif %}
<p><a href="https://door.example/about">{{ link }}</a></p>
<table><caption>{{ caption }}</caption><thead><tr><th>{{ day }}</th><th class="number">{{ tea }}</th></tr></thead>
<tbody>{% for number in numbers %}<tr><td>{{ day }} {{ number }}</td><td class="number">{{ number }}</td></tr>
{% endfor %}</tbody></table>{{ more|safe }}{% endblock %}"""
ENGLISH = {
    "heading": "The point gave 40 cups of tea a day",
    "link": "About us",
    "caption": "Cups by day",
    "day": "Day",
    "tea": "Tea",
}
ARABIC = {
    "heading": "قدّمت النقطة 40 كوب شاي في اليوم",
    "link": "من نحن",
    "caption": "الأكواب بحسب اليوم",
    "day": "اليوم",
    "tea": "شاي",
}


@pytest.fixture
def printed(settings: Any, tmp_path: Path) -> Callable[..., bytes]:
    """printed("ar", heading=...): the report of a day in November as PDF."""
    (tmp_path / "report.html").write_text(REPORT, encoding="utf-8")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(tmp_path)]}]
    settings.SERAI_SCHEME, settings.SERAI_PUBLIC_HOST = "https", "house.example"
    foot = {"page_path": "/en/report/", "publisher": "Open Door", "made_on": date(2026, 11, 22)}

    def make(tag: str, **context: Any) -> bytes:
        return pdf_of("report.html", {**foot, "numbers": range(3), **context}, tag)

    return make


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_the_words_of_a_sheet_are_in_it(printed: Callable[..., bytes]) -> None:
    pdf = printed("en", **ENGLISH)
    (text,) = pages(pdf)
    for words in (*ENGLISH.values(), "Day 2"):
        assert words in text
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Report", "Open Door")
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_arabic_is_joined_and_read_in_its_order(printed: Callable[..., bytes]) -> None:
    pdf = printed("ar", **ARABIC)
    (text,) = pages(pdf)
    for words in ("قدّمت النقطة", "كوب شاي في اليوم", "الأكواب بحسب اليوم", "من نحن"):
        assert words in text
    assert PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Lang"] == "ar"


@pytest.mark.parametrize(
    ("tag", "words"), [("am", "ቁጥሮች ብቻ"), ("bn", "শুধু সংখ্যা"), ("my", "နံပါတ်များ"), ("hi", "केवल संख्याएँ")]
)
def test_each_script_has_a_font_in_the_sheet(printed: Callable[..., bytes], tag: str, words: str) -> None:
    reader = PdfReader(io.BytesIO(printed(tag, **ENGLISH | {"heading": words})))
    fonts = {str(font["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()}
    script = {"am": "Ethiopic", "bn": "Bengali", "my": "Myanmar", "hi": "Devanagari"}[tag]
    assert any(script in font for font in fonts), fonts


def test_each_sheet_says_who_when_where_and_which_of_how_many(printed: Callable[..., bytes]) -> None:
    found = pages(printed("en", **ENGLISH | {"numbers": range(100)}))
    assert len(found) > 2
    for number, text in enumerate(found, 1):
        for words in ("Open Door", "https://house.example/en/report/", "Made on 22 November 2026"):
            assert words in text, number
        assert f"Sheet {number} of {len(found)}" in text
        assert "Tea" in text, "the head of a table stands on each of its sheets"


def test_a_link_has_its_address_beside_it(printed: Callable[..., bytes]) -> None:
    assert "About us (https://door.example/about)" in pages(printed("en", **ENGLISH))[0]


def test_a_checked_report_says_when_it_was_checked(printed: Callable[..., bytes]) -> None:
    line = FactLine(State.CHECKED, "Door", "https://door.example", date(2026, 11, 2), "Desk", date(2027, 5, 2))
    (text,) = pages(printed("en", **ENGLISH, line=line, shown=line))
    assert "Checked on 2 November 2026" in text
    assert "We check it again by 2 May 2027." in text


def test_the_same_words_give_the_same_bytes_and_others_do_not(printed: Callable[..., bytes]) -> None:
    first = printed("ar", **ARABIC)
    assert printed("ar", **ARABIC) == first
    assert printed("ar", **ARABIC | {"tea": "قهوة"}) != first


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/logo.png",
        "http://127.0.0.1:9/logo.png",
        "//elsewhere.example/logo.png",
        "file:///etc/hostname",
        "FILE:///etc/hostname",
        "ftp://elsewhere.example/logo.png",
        "/media/logo.png",
        "/static/nothing-there.png",
        "/static/../../config/settings.py",
        "/static/%2e%2e/%2e%2e/config/settings.py",
        "https://house.example.elsewhere.example/static/shell/desk.css",
    ],
)
@pytest.mark.parametrize("how", ['<img src="{}" alt="">', '<link rel="stylesheet" href="{}">'])
def test_nothing_is_fetched_from_anywhere(printed: Callable[..., bytes], address: str, how: str) -> None:
    with pytest.raises(PrintRefused) as refused:
        printed("en", **ENGLISH, more=how.format(address))
    assert refused.value.address


def test_what_the_house_brings_itself_is_drawn(printed: Callable[..., bytes]) -> None:
    dot = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="
    inside = f'<img src="{dot}" alt="dot"><link rel="stylesheet" href="/static/shell/desk.css">'
    reader = PdfReader(io.BytesIO(printed("en", **ENGLISH, more=inside)))
    assert len(reader.pages[0].images) == 1


def test_the_style_of_paper_says_nothing_that_is_not_understood(
    printed: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "weasyprint"):
        printed("ar", **ARABIC)
    assert caplog.messages == []
