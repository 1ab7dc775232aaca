"""Pages as people write them, pages as attackers write them, and every page written back."""

from datetime import date

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from serai.lib import plainyaml
from serai.lib.frontmatter import Block, parse, write

PAGE = """---
title: How do I see a doctor?
order: 20
places: [lindenbach, no]
source: {name: City of Lindenbach, url: "https://health.lindenbach.example/doctor"}
checked_on: 2026-10-12
hours: 09:30
version: 1.10
phone: 0049170
---

You can see a doctor.

## Where

```contact
name: Desk
phone: "112"
free: true
```
```steps
- Go there
- Ask
```

Good luck.
"""

texts = st.text(alphabet="ab:#- '\"\n\t|>%@`é字\u2028\u00a0\x85\U0001f600{}[]*&!,~\x07", max_size=14)
scalars = st.one_of(
    texts,
    st.sampled_from(["no", "true", "null", "~", "1", "007", "1.5", "2026-01-01", "12:30", "---", "```", "=", "<<", ""]),
    st.integers(-(10**17), 10**17),
    st.booleans(),
    st.none(),
    st.dates(min_value=date(1000, 1, 1)),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
blocks = st.one_of(
    st.builds(Block, st.sampled_from(["steps", "fee", "a-b_1"]), values),
    st.builds(Block, st.just("text"), texts),
)


def codes(text: str, **limits: int) -> list[tuple[int, str]]:
    return [(error.line, error.code) for error in parse(text, **limits).errors]


def test_a_page_is_read_into_keys_with_lines_text_and_blocks():
    page = parse(PAGE)
    assert page.errors == []
    assert page.meta == {
        "title": "How do I see a doctor?",
        "order": 20,
        "places": ["lindenbach", "no"],
        "source": {"name": "City of Lindenbach", "url": "https://health.lindenbach.example/doctor"},
        "checked_on": date(2026, 10, 12),
        "hours": "09:30",
        "version": "1.10",
        "phone": "0049170",
    }
    assert page.meta_lines["title"] == 2
    assert page.meta_lines["phone"] == 9
    assert [(block.kind, block.value, block.line) for block in page.blocks] == [
        ("text", "You can see a doctor.\n\n## Where", 12),
        ("contact", {"name": "Desk", "phone": "112", "free": True}, 16),
        ("steps", ["Go there", "Ask"], 21),
        ("text", "Good luck.", 26),
    ]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing():
    assert parse("\ufeff" + PAGE.replace("\n", "\r\n")) == parse(PAGE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no front matter", [(1, "front-matter-missing")]),
        ("", [(1, "front-matter-missing")]),
        ("---\na: 1\n", [(1, "front-matter-open")]),
        ("---\n- a\n---\n", [(2, "front-matter-not-keys")]),
        ("---\na: 1\nb: 2\na: 3\n---\n", [(4, "yaml-duplicate")]),
        ("---\ns: {a: 1, a: 2}\n---\n", [(2, "yaml-duplicate")]),
        ("---\na: &x 1\nb: *x\n---\n", [(2, "yaml-alias")]),
        ("---\nb: *x\n---\n", [(2, "yaml-alias")]),
        ("---\na: !!python/object/apply:os.system [ls]\n---\n", [(2, "yaml-tag")]),
        ("---\na: " + "[" * 5000 + "\n---\n", [(2, "yaml-deep")]),
        ("---\n? [a, b]\n: 1\n---\n", [(2, "yaml-key")]),
        ("---\n~: 1\n---\n", [(2, "yaml-key")]),
        ("---\na: 2026-02-30\n---\n", [(2, "yaml-day")]),
        ("---\na: 'x\n---\n", [(2, "yaml")]),
        ("---\na: b: c\n---\n", [(2, "yaml")]),
        ("---\na: 1\nb: \x07\n---\n", [(3, "yaml")]),
        ("---\n---\n```steps\n- a\n", [(3, "fence-open")]),
        ("---\n---\n```\na\n```\n", [(3, "fence-kind")]),
        ("---\n---\n```Steps x\na\n```\n", [(3, "fence-kind")]),
        ("---\n---\n```text\na\n```\n", [(3, "fence-kind")]),
        ("---\n---\n\n```fee\na: 1\n--- \nb: 2\n```\n", [(6, "yaml-documents")]),
        ("---\n---\n\n```fee\na: 1\n\na: 2\n```\n\n```fee\nb: @\n```\n", [(7, "yaml-duplicate"), (11, "yaml")]),
    ],
)
def test_each_error_is_named_with_its_line(text, expected):
    assert codes(text) == expected


def test_a_file_over_the_limit_is_not_read_at_all():
    assert codes("é" * 60, max_bytes=100) == [(1, "too-large")]
    assert codes(PAGE, max_bytes=len(PAGE.encode())) == []


@settings(deadline=None)
@given(st.dictionaries(texts, values, max_size=4), st.lists(blocks, max_size=4))
@example({"a": "x\n\n  y\n", "b": "- \n```\nz"}, [Block("fee", "```\nx"), Block("text", "a  \n    b")])
@example({"a": {"b": [{"c": "x\ny", "d": ["\u2028\n"]}]}}, [Block("fee", "no\n---\nb")])
def test_every_page_that_can_be_written_is_read_back_the_same(meta, blocks):
    try:
        written = write(meta, blocks)
    except ValueError:
        assume(False)
    page = parse(written)
    assert page.errors == []
    assert (page.meta, page.blocks) == (meta, blocks)


@settings(deadline=None)
@given(st.text(alphabet="-`ab: \n[]{}*&!'\"|?#\t~", max_size=60))
def test_no_text_at_all_raises(text):
    parse(text)
    parse("---\n" + text + "\n---\n" + text)


def test_what_the_format_cannot_hold_is_refused_when_writing():
    for blocks in ([Block("text", "```x")], [Block("text", "a"), Block("text", "b")], [Block("text", " \n")]):
        with pytest.raises(ValueError, match="text"):
            write({}, blocks)
    with pytest.raises(ValueError, match="kind"):
        write({}, [Block("A b", 1)])
    with pytest.raises(TypeError):
        write({"a": 1.5}, [])


def test_several_lines_are_written_as_lines():
    assert (
        write({"a": "x\ny"}, [Block("fee", {"for": "card"})]) == "---\na: |-\n  x\n  y\n---\n\n```fee\nfor: card\n```\n"
    )


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        (r'a: "x\ud800"', "U+D800"),
        (r'a: [b, "\0"]', "U+0000"),
        ("\"k\\udfff\": b", "U+DFFF"),
        (r'a: {"\u0000": b}', "U+0000"),
    ],
)  # fmt: skip
def test_a_sign_that_is_no_character_comes_in_by_no_escape(text: str, sign: str) -> None:
    assert plainyaml.load(text)[:2] == (None, [plainyaml.SourceError(1, "yaml", sign)])


def test_two_escapes_that_make_one_character_are_not_broken_apart() -> None:
    assert plainyaml.load('a: "\\U0001F600\\x41"')[0] == {"a": "\U0001f600A"}
