"""Words that go to a translator's tool and come back the same, and files that do not fit."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from serai.lib.xliff import STATES, Unit, Xliff, XliffError, check_placeholders, read, write

texts = st.text(alphabet="ab <>&\"'{}%()s\n\r\t\x07é字\ufffe", max_size=12) | st.sampled_from(
    ["Hello {name}, %(count)s of %s", "<a href='x'>{{x}} 100%% %d</a>", "]]>", ""]
)
ids = st.text(alphabet="ab/. \"'<é\n", min_size=1, max_size=6)
units = st.lists(
    st.builds(Unit, ids, texts, st.none() | texts, st.sampled_from(STATES), texts), max_size=4, unique_by=lambda u: u.id
)

HEAD = '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="ar"><file id="f1">'


def body(inside: str) -> bytes:
    return f"{HEAD}{inside}</file></xliff>".encode()


@given(
    st.builds(Xliff, texts.filter(lambda t: "\x07" not in t and "\ufffe" not in t), st.just("en"), st.just("ti"), units)
)
@example(Xliff("guides", "en", "ar", [Unit("a/b", "{a}{a} %s", "%s {a}{b}", "reviewed", "note\r")]))
def test_every_document_comes_back_as_it_was_written(document):
    assert read(write(document)) == (document, [])


def test_placeholders_travel_as_protected_codes():
    written = write(Xliff("x", "en", "ar", [Unit("a", "Hi {name}, <b>100%%</b>")])).decode()
    assert '<ph id="1" dataRef="d1" disp="{name}"/>' in written
    assert '<data id="d1">{name}</data>' in written
    assert "&lt;b&gt;" in written


def test_a_unit_cut_into_segments_by_a_tool_is_joined_with_its_lowest_state():
    document, errors = read(
        body(
            '<group id="g"><unit id="a"><notes><note>n</note></notes>'
            '<segment state="final"><source>One.</source><target>1.</target></segment>'
            "<ignorable><source> </source></ignorable>"
            '<segment state="translated"><source>T<mrk id="m" type="comment">w</mrk>o.</source>'
            "<target>2.</target></segment>"
            "</unit></group>"
        )
    )
    assert errors == []
    assert document.units == [Unit("a", "One. Two.", "1. 2.", "translated", "n")]


@pytest.mark.parametrize(
    ("unit", "error"),
    [
        ("<unit/>", XliffError("", "id-missing")),
        ("<unit id='a'/>", XliffError("a", "source-missing")),
        ("<unit id='a'><segment/></unit>", XliffError("a", "source-missing")),
        ("<unit id='a'><segment state='x'><source/></segment></unit>", XliffError("a", "state-unknown", "x")),
        ("<unit id='a'><segment><source><pc id='1'>b</pc></source></segment></unit>", XliffError("a", "inline", "pc")),
        ("<unit id='a'><segment><source><ph dataRef='d9'/></source></segment></unit>", XliffError("a", "inline", "ph")),
        ("<unit id='a'><segment><source><cp hex='110000'/></source></segment></unit>", XliffError("a", "inline", "cp")),
        ("<unit id='a'><segment><source><cp hex='D800'/></source></segment></unit>", XliffError("a", "inline", "cp")),
        ("<unit id='ok'><segment><source/></segment></unit>", XliffError("ok", "id-twice")),
        (
            "<unit id='a'><segment><source>1</source><target>1</target></segment>"
            "<segment><source>2</source></segment></unit>",
            XliffError("a", "half-translated", "1/2"),
        ),
    ],
)  # fmt: skip
def test_a_unit_that_does_not_fit_is_named_and_the_others_are_read(unit, error):
    document, errors = read(body("<unit id='ok'><segment><source>fine</source></segment></unit>" + unit))
    assert errors == [error]
    assert document.units == [Unit("ok", "fine")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-xml"),
        (b"<xliff", "not-xml"),
        (b"<?xml version='1.0' encoding='x-none'?><a/>", "not-xml"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "entities"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "entities"),
        (b"<html/>", "not-xliff"),
        (b'<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2"/>', "not-xliff"),
        (HEAD.removesuffix('<file id="f1">').encode() + b"</xliff>", "not-one-file"),
        (body("").replace(b"trgLang", b"x"), "no-language"),
        (b" " * 1001, "too-large"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_xliff_is_refused_by_name(data, code):
    document, errors = read(data, max_bytes=1000)
    assert document is None
    assert [error.code for error in errors] == [code]


def test_two_units_of_one_id_are_not_written():
    with pytest.raises(ValueError, match="id"):
        write(Xliff("x", "en", "ar", [Unit("a", "1"), Unit("a", "2")]))


@pytest.mark.parametrize(
    ("source", "target", "missing", "extra"),
    [
        ("Hi {name}", "{name} مرحبا", [], []),
        ("Hi {name}", "Hi", ["{name}"], []),
        ("Hi {name}", "Hi {nom}", ["{name}"], ["{nom}"]),
        ("%(a)s %(a)s", "%(a)s", ["%(a)s"], []),
        ("%s of %d", "%d", ["%s"], []),
        ("100%% {{x}}", "100 %", [], []),
        ('<a href="x">a</a> <a href="y">b</a>', '<a href="z">a</a>', ["<a href>"], []),
        ("a", "<a href='x'>a</a>", [], ["<a href>"]),
    ],
)
def test_placeholders_and_links_are_compared_by_their_number(source, target, missing, extra):
    check = check_placeholders(source, target)
    assert (check.missing, check.extra) == (missing, extra)
    assert check.fits is not bool(missing or extra)
