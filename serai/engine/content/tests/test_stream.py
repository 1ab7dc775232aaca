"""Blocks as plain data: equal when they say the same, found again when they move."""

from __future__ import annotations

from decimal import Decimal

import pytest

from serai.engine.content import stream

STEPS = ("steps", {"title": "Do", "steps": [{"title": "", "text": "Go"}, {"title": "", "text": "Ask"}]})


def test_one_content_has_one_form_whoever_wrote_it() -> None:
    by_hand = [("steps", {"steps": [{"text": "Go"}]}), ("fee", {"amount": Decimal("4.50")})]
    by_form = [("steps", {"title": "", "steps": [{"title": "", "text": "Go"}]}), ("fee", {"amount": "4.5"})]
    assert stream.canonical(by_hand) == stream.canonical(stream.stored(by_form))


def test_the_editors_own_marks_do_not_count() -> None:
    assert stream.canonical([("text", '<p data-block-key="x1">a</p>')]) == [("text", "<p>a</p>")]


def test_a_block_that_moves_keeps_its_id() -> None:
    before = stream.stored([("text", "<p>One</p>"), STEPS])
    after = stream.stored([("warning", {"title": "W", "text": "w"}), ("text", "<p>One</p>"), STEPS], before)
    assert [block["id"] for block in after[1:]] == [block["id"] for block in before]


def test_the_digest_is_the_same_in_every_house() -> None:
    here = [("text", '<p><a linktype="page" id="4">a</a></p>'), ("picture", {"image": 3, "alt": "A", "caption": ""})]
    there = [("text", '<p><a linktype="page" id="9">a</a></p>'), ("picture", {"image": 8, "alt": "A", "caption": ""})]
    assert stream.digest("t", "s", here) == stream.digest("t", "s", there)
    assert stream.digest("t", "s", here) != stream.digest("t", "s", here[:1])
    assert stream.digest("t", "s", here) != stream.digest("t", "other", here)


def test_every_text_is_named_by_its_place() -> None:
    found = [(words.where, words.text) for words in stream.words_of([("text", "<p>x</p>"), STEPS])]
    assert found == [("0", "<p>x</p>"), ("1.title", "Do"), ("1.steps.0.text", "Go"), ("1.steps.1.text", "Ask")]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>a</p><p>b</p>", "a\nb"),
        ("<ul><li>a &amp; b</li><li>c</li></ul>", "a & b\nc"),
        ("<p>a<br/>b</p>", "a\nb"),
    ],
)
def test_rich_text_is_told_line_by_line(source: str, text: str) -> None:
    assert stream.text_of_html(source) == text
