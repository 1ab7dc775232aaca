"""The HTML of imported pages: nothing harmful comes in, nothing that can be kept is lost, all else is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from serai.rooms.guides.models import GuidePage

from .regions import codes, imported, page, write

pytestmark = pytest.mark.django_db


def html_of(tmp_path: Path, content: str, **fields: object) -> tuple[str, list[str]]:
    """The text that an imported page has, and the codes of what is said about it."""
    report = imported(write(tmp_path, "one.json", [page(1, "start", content=content, **fields)]))
    found = GuidePage.objects.get(slug="start")
    body = found.body.get_prep_value()
    return (body[0]["value"] if body else ""), codes(report)


@pytest.mark.parametrize(
    ("content", "wanted", "said"),
    [
        ("<h1>A</h1><p style='color:red'>B <u>c</u></p>", "<h2>A</h2><p>B c</p>", []),
        ("<p>A &amp; B&nbsp;&lt;x&gt;</p><h2>C</h2>", None, []),
        ("<h2>T</h2><script>alert(1)</script><p>b</p>", "<h2>T</h2><p>b</p>", ["embedded"]),
        ("<h2>T</h2><p onclick='x()' onerror=y>b</p>", "<h2>T</h2><p>b</p>", []),
        (
            "<h2>T</h2><img src=x onerror=alert(1) alt='Ein Haus'><p>b</p>",
            "<h2>T</h2><p>Ein Haus</p><p>b</p>",
            ["picture"],
        ),
        ("<h2>T</h2><p><a href='javascript:alert(1)'>los</a></p>", "<h2>T</h2><p>los</p>", ["link-refused"]),
        ("<h2>T</h2><p><a href='data:text/html,x'>los</a></p>", "<h2>T</h2><p>los</p>", ["link-refused"]),
        ("<h2>T</h2><p><a href=' JaVa\tScript:x'>los</a></p>", "<h2>T</h2><p>los</p>", None),
        ("<h2>T</h2><iframe src='https://x.example'></iframe>", "<h2>T</h2>", ["embedded"]),
        ("<h2>T</h2><table><tr><td>a</td><td>b</td></tr></table>", "<h2>T</h2><p>a b</p>", ["table"]),
        ("<h2>T</h2><p>a\u202eb\u200fc</p>", "<h2>T</h2><p>abc</p>", ["bidi-control"]),
        ("<h2>T</h2><p>a\u200fc</p>", "<h2>T</h2><p>ac</p>", []),
        ("<h2>T</h2><svg><script>x</script></svg><p>b</p>", "<h2>T</h2><p>b</p>", ["embedded"]),
    ],
)
def test_html_becomes_text_of_the_house(
    tmp_path: Path, content: str, wanted: str | None, said: list[str] | None
) -> None:
    html, found = html_of(tmp_path, content)
    if wanted is not None:
        assert html == wanted
    if said is not None:
        assert found == said
    assert "alert" not in html
    assert "href" not in html


@pytest.mark.parametrize(
    ("link", "wanted", "said"),
    [
        ("<a href='tel:+49 821/31020'>0821 31020</a>", 'href="tel:082131020"', ["link-mended"]),
        ("<a href='https://integreat.app/tel:'>0800 116 016\u00a0</a>", 'href="tel:0800116016"', ["link-mended"]),
        ("<a href='https://integreat.app/mailto:'>a@b.example</a>", 'href="mailto:a@b.example"', ["link-mended"]),
        ("<a href='https://integreat.app/112'>112</a>", 'href="tel:112"', ["link-mended"]),
        ("<a href='tel:+49%C2%B41741'>0174 131 5515</a>", 'href="tel:01741315515"', ["link-mended"]),
        ("<a href='https://a.b@c.example'>Mail</a>", 'href="mailto:a.b@c.example"', ["link-mended"]),
        ("<a href='www.stadt.example/amt'>Amt</a>", 'href="https://www.stadt.example/amt"', []),
        ("<a href='amt@stadt.example'>Amt</a>", 'href="mailto:amt@stadt.example"', []),
        ("<a href='https://stadt.example/ein amt'>Amt</a>", 'href="https://stadt.example/ein%20amt"', []),
        ("<a href='https://integreat.app/berg/de/amt/'>Amt</a>", 'href="https://integreat.app/berg/de/amt/"', []),
        ("<a href='https://cms.integreat-app.de/tal/wp-content/uploads/x.pdf'>PDF</a>", "x.pdf", []),
        ("<a href='https://www.google.com/maps/place/X+1'>Karte</a>", "google.com/maps", []),
        ("<a href='https://integreat.app/tal/de/weg/'>Amt</a>", "Amt</p>", ["link-broken"]),
        ("<a href='https://integreat.app/tal/ar/weg/'>Amt</a>", "Amt</p>", ["link-broken"]),
        ("<a href='https://integreat.app/irgendwas'>Amt</a>", "Amt</p>", ["link-broken"]),
        ("<a href='/tal/de/start/'>Start</a>", 'linktype="page"', []),
        ("<a href='https://integreat.app/tal/de/alt/start'>Start</a>", 'linktype="page"', ["link-moved"]),
        ("<a href='https://admin.integreat-app.de/tal/de/start/?x=1#y'>Start</a>", 'linktype="page"', []),
        ("<a href='#unten'>unten</a>", "unten</p>", []),
        ("<a>Amt</a>", "Amt</p>", []),
        ("<a href='https://xn--80ak6aa92e.com/'>Amt</a>", "Amt</p>", ["link-refused"]),
        ("<a href='https://192.168.0.1/'>Amt</a>", "Amt</p>", ["link-refused"]),
        ("<a href='//evil.example'>Amt</a>", "Amt</p>", None),
    ],
)
def test_links_are_kept_mended_led_or_become_words(
    tmp_path: Path, link: str, wanted: str, said: list[str] | None
) -> None:
    html, found = html_of(tmp_path, f"<h2>T</h2><p>x {link}</p>")
    assert wanted in html
    assert said is None or found == said


def test_icons_beside_words_go_silently_and_are_counted(tmp_path: Path) -> None:
    icon = '<img style="width: 15px; height: 15px;" src="https://admin.integreat-app.de/static/svg/call.svg">'
    report = imported(write(tmp_path, "one.json", [page(1, "start", content=f"<h2>T</h2><p>{icon} Tel</p>")]))
    assert report["dropped"] == {"icon": 1}
    assert codes(report) == []


def test_thumbnails_are_counted_as_not_kept(tmp_path: Path) -> None:
    report = imported(write(tmp_path, "one.json", [page(1, "start", thumbnail="https://x.example/a.png")]))
    assert report["dropped"]["thumbnail"] == 1


def test_a_first_paragraph_that_stands_in_the_excerpt_becomes_the_summary(tmp_path: Path) -> None:
    first = "In diesem Text steht, wie man eine Wohnung findet und was sie kostet."
    html, _ = html_of(tmp_path, f"<p>{first}</p><p>Mehr.</p>", excerpt=f"\r\n{first}\r\nMehr.")
    assert html == "<p>Mehr.</p>"
    assert GuidePage.objects.get().summary == first


def test_an_excerpt_of_its_own_is_the_summary(tmp_path: Path) -> None:
    html, _ = html_of(tmp_path, "<p>Text</p>", excerpt="Kurz &amp; <b>gut</b>")
    assert (html, GuidePage.objects.get().summary) == ("<p>Text</p>", "Kurz & gut")


def test_a_page_that_only_lists_other_languages_is_empty(tmp_path: Path) -> None:
    content = (
        "<p>Die Seite existiert nicht in der ausgewählten Sprache:</p><ul>"
        '<li><a href="https://integreat.app/tal/ar/x/">العربية</a></li>'
        '<li><a href="https://integreat.app/tal/hr/y/">Hrvatski</a></li></ul>'
    )
    assert html_of(tmp_path, content) == ("", ["page-placeholder"])


def test_an_empty_page_is_a_page(tmp_path: Path) -> None:
    assert html_of(tmp_path, "") == ("", [])
    assert GuidePage.objects.get().live


@pytest.mark.parametrize(
    "content", ["<p>" * 100_000, "<img " * 50_000, "<a href='" * 30_000, "&" * 200_000, "<ul><li>" * 40_000]
)
def test_hostile_markup_takes_no_long_time(tmp_path: Path, content: str) -> None:
    import time

    begun = time.monotonic()
    html_of(tmp_path, content)
    assert time.monotonic() - begun < 30


def test_a_text_too_long_is_left_out_with_the_reason(tmp_path: Path) -> None:
    pages = [page(1, "start"), page(2, "lang", content="x" * 600_000)]
    report = imported(write(tmp_path, "long.json", pages))
    assert (report["created"], codes(report)) == (1, ["page-too-long"])
