"""Components of a page, each as a person or a screen reader meets it."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override

from serai.engine.shell import icons
from serai.engine.shell.context import house_context
from serai.engine.shell.templatetags.shell import day, digits_to_dial, language_name, moment, qr
from serai.kernel.access.viewer import NOBODY
from serai.kernel.facts.models import FactLine, State
from serai.kernel.languages.registry import language

SERAI = Path(__file__).parents[3]
CHECKED = FactLine(
    State.CHECKED, "City office", "https://city.example/", date(2026, 10, 12), "Front desk", date(2027, 4, 12)
)


def shown(text: str, *, path: str = "/en/", **context: Any) -> BeautifulSoup:
    """A piece of template on the public host, without any query."""
    request = RequestFactory().get(path)
    whole = {**house_context(request, NOBODY), "request": request, **context}
    template = engines["django"].from_string("{% load shell %}" + text)
    with override(whole["ui"].tag):
        return BeautifulSoup(template.template.render(_context(whole)), "html.parser")


def _context(values: dict[str, Any]) -> Any:
    from django.template import Context

    return Context(values)


def words(page: Any) -> str:
    return re.sub(r"\s+", " ", page.get_text(" ")).strip()


# --- pictograms --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", icons.names())
def test_each_pictogram_is_small_and_only_a_drawing(name: str) -> None:
    drawn = icons.svg(name)
    assert len(drawn) < 700
    assert set(re.findall(r"<(\w+)", drawn)) <= {"svg", "path", "circle", "rect", "ellipse"}
    assert 'aria-hidden="true"' in drawn


def test_every_pictogram_that_topics_name_was_drawn() -> None:
    rows = csv.DictReader((SERAI.parent / "packs" / "topics" / "tables" / "topics.csv").open(encoding="utf-8"))
    named = {row["icon"] for row in rows}
    assert len(named) > 15
    assert named - set(icons.names()) == set()


def test_each_pictogram_named_in_a_template_was_drawn() -> None:
    used = {
        (path.name, name)
        for path in SERAI.rglob("templates/**/*.html")
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(used) > 20
    assert [pair for pair in used if pair[1] not in icons.names()] == []


def test_what_points_turns_and_what_does_not_stays() -> None:
    assert "turns" in icons.svg("next")
    assert "turns" not in icons.svg("clock")


def test_a_name_from_data_that_nobody_drew_becomes_the_lamp_and_writes_no_markup() -> None:
    assert icons.svg('"><script>') == icons.svg("lamp")


# --- facts line --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "word", "shape"),
    [
        (State.CHECKED, "Checked", "checked"),
        (State.STALE, "Check it yourself", "ask"),
        (State.UNCHECKED, "Check it yourself", "ask"),
        (State.HIDDEN, "Out of date", "out"),
    ],
)
def test_each_state_has_a_word_a_shape_and_a_colour_of_its_own(state: State, word: str, shape: str) -> None:
    checked = None if state is State.UNCHECKED else CHECKED.checked_on
    line = FactLine(state, CHECKED.source_name, CHECKED.source_url, checked, CHECKED.checked_by, CHECKED.review_by)
    page = shown("{% facts line %}", line=line)
    assert page.b.string == word
    assert page.div["class"] == ["facts", f"is-{shape}"]
    assert str(page.svg) == str(BeautifulSoup(icons.svg(f"state-{shape}"), "html.parser").svg)
    assert page.a["href"] == "https://city.example/"


def test_the_facts_line_says_who_when_and_until_when() -> None:
    said = words(shown("{% facts line %}", line=CHECKED))
    assert "Checked on 12 October 2026 by Front desk ." in said
    assert "We check it again by 12 April 2027." in said
    assert "City office" in said


def test_names_in_the_facts_line_are_text_only() -> None:
    line = FactLine(State.CHECKED, "<b>City", "", date(2026, 1, 2), "<i>x", date(2026, 3, 2))
    page = shown("{% facts line %}", line=line)
    assert not page.find("i")
    assert "<b>City" in words(page)


def test_a_name_whose_language_is_known_is_marked_and_one_of_which_nobody_knows_is_not() -> None:
    line = replace(CHECKED, source_language="en", checker_language="")
    page = shown("{% facts line %}", line=line, path="/ar/")
    assert page.a.span.attrs == {"lang": "en", "dir": "ltr"}
    assert [name.attrs for name in page.find_all("bdi")] == [{}, {}]
    assert not page.p.find("span")
    assert not shown("{% facts line %}", line=line).find("span")
    sheet = shown("{% sheet_foot 'City' line 'en' %}", line=line, path="/ar/")
    assert sheet.b.span.attrs == {"lang": "en", "dir": "ltr"}


# --- languages ---------------------------------------------------------------------------------------------------
def test_text_among_the_houses_words_is_held_against_the_language_of_the_house() -> None:
    english = language("en")
    assert shown("<p{% speaks 'en' 'house' %}>x</p>", path="/ar/", content_lang=english).p["lang"] == "en"
    assert shown("<p{% speaks 'ar' 'house' %}>x</p>", path="/ar/", content_lang=english).p.attrs == {}


def test_text_in_another_language_than_the_page_is_marked_and_the_same_is_not() -> None:
    assert shown("<p{% speaks 'fr' %}>x</p>", path="/ar/").p.attrs == {"lang": "fr", "dir": "ltr"}
    assert shown("<p{% speaks 'ar' %}>x</p>", path="/ar/").p.attrs == {}
    assert shown("<p{% speaks '' %}>x</p>", path="/ar/").p.attrs == {}


def test_a_page_whose_text_is_in_another_language_marks_main_and_gives_the_house_its_own_back() -> None:
    text = "<main{% content_words %}>{% facts line %}{% text_note 'fallback' language='fr' %}</main>"
    page = shown(text, path="/ar/", line=CHECKED, content_lang=language("fr"))
    assert (page.main["lang"], page.main["dir"]) == ("fr", "ltr")
    assert {(part["lang"], part["dir"]) for part in page.select(".facts, .note")} == {("ar", "rtl")}
    tall = shown("<main{% content_words %}></main>", path="/en/", content_lang=language("ti"))
    assert tall.main["class"] == ["tall"]


def test_notes_name_languages_in_the_readers_language_and_link_the_original() -> None:
    assert "French" in words(shown("{% text_note 'fallback' language='fr' %}"))
    note = shown("{% text_note 'machine' original='en' url='/en/guide/x/' %}", path="/es/")
    assert note.a["href"] == "/en/guide/x/"
    assert note.a["hreflang"] == "en"
    assert "older" in words(shown("{% text_note 'older' original='en' url='/x/' %}"))
    until = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    assert "2026" in words(shown("{% text_note 'urgent' until=until %}", until=until))
    assert "invented" in words(shown("{% text_note 'invented' %}"))


@pytest.mark.parametrize(
    ("tag", "said"), [("en", "12 October 2026"), ("fr", "12 octobre 2026"), ("ar", "12 أكتوبر 2026")]
)
def test_days_have_the_months_name(tag: str, said: str) -> None:
    with override(tag):
        assert day(date(2026, 10, 12)) == said


def test_the_day_of_a_moment_is_the_day_it_is_here(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Dhaka"
    with override("en"):
        assert day(datetime(2026, 10, 12, 23, 0, tzinfo=UTC)) == "13 October 2026"


def test_a_moment_is_shown_as_the_day_and_time_it_is_here(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    with override("fr"):
        assert moment(datetime(2027, 1, 31, 23, 5, tzinfo=UTC)) == "1er février 2027, 00:05"
        assert moment(None) == ""


def test_language_names_fall_back_to_their_own() -> None:
    with override("fr"):
        assert language_name("ar") == "arabe"
        assert language_name("de-simple") == "Deutsch (einfach)"
        assert language_name("nothing") == "nothing"


def test_numbers_to_dial_keep_the_plus_and_lose_the_rest() -> None:
    assert digits_to_dial(" +00 (555) 20-100 ") == "+0055520100"
    assert digits_to_dial("112") == "112"


# --- forms and lists ---------------------------------------------------------------------------------------------
class Ask(forms.Form):
    """Three kinds of field."""

    name = forms.CharField(label="Name of the page", help_text="A question.")
    when = forms.ChoiceField(label="When", choices=[("a", "Today")], widget=forms.RadioSelect, help_text="One.")
    sure = forms.BooleanField(label="I looked at the source")


def test_label_hint_and_error_are_tied_to_their_field() -> None:
    page = shown("{% error_summary form %}{% for row in form %}{% field row %}{% endfor %}", form=Ask({}))
    field = page.select_one("input[name=name]")
    assert page.find("label", attrs={"for": field["id"]})
    told = [words(page.find(id=part)) for part in field["aria-describedby"].split()]
    assert told == ["A question.", "This field is required."]
    assert field["aria-invalid"] == "true"
    assert field["dir"] == "auto"
    radios = page.find("fieldset")
    assert words(radios.legend) == "When"
    assert all(page.find(id=part) for part in radios["aria-describedby"].split())
    assert page.find("label", attrs={"for": page.select_one("input[type=checkbox]")["id"]})
    assert all(page.find(id=link["href"][1:]) for link in page.select(".errors a"))
    assert len(page.select(".errors a")) == 3


def test_a_form_without_errors_has_no_summary() -> None:
    assert words(shown("{% error_summary form %}", form=Ask())) == ""


def test_the_pager_says_where_one_is_and_keeps_the_rest_of_the_address() -> None:
    pages = Paginator(range(30), 10)
    page = shown("{% pager page %}", path="/en/?place=x&page=2", page=pages.page(2))
    assert [link["href"] for link in page.select("a")] == ["?place=x&page=1", "?place=x&page=3"]
    assert "Page 2 of 3" in words(page)
    assert words(shown("{% pager page %}", page=Paginator([1], 10).page(1))) == ""


# --- paper -------------------------------------------------------------------------------------------------------
def test_a_sheet_carries_publisher_date_and_address() -> None:
    page = shown("{% sheet_foot 'City' line %}", path="/en/guide/a/", line=CHECKED)
    said = words(page)
    assert "City" in said
    assert "12 October 2026" in said
    assert "/en/guide/a/" in said
    assert page.svg["class"] == ["qr"]


def test_the_code_on_a_sheet_is_the_address() -> None:
    import segno

    drawn = qr("https://serai.example/en/")
    matrix = [list(row) for row in segno.make_qr("https://serai.example/en/", error="l").matrix]
    size = len(matrix) + 4
    assert f'viewBox="0 0 {size} {size}"' in drawn
    dark = sum(int(run) for run in re.findall(r"h(\d+)", drawn))
    assert dark == sum(map(sum, matrix))


def test_an_address_that_no_code_can_hold_stands_on_the_sheet_without_one() -> None:
    page = shown("{% sheet_foot 'City' line %}", path="/en/near/?place=" + "9" * 4000, line=CHECKED)
    assert "City" in words(page)
    assert qr("https://serai.example/" + "9" * 4000) == ""
