"""Names and links that pretend, and honest ones in many scripts that must pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.lib.direction import (
    Problem,
    find_bidi_controls,
    is_mixed_script,
    problems_in_link,
    problems_in_name,
    visible,
)


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def test_every_direction_control_is_found_where_it_stands():
    assert find_bidi_controls("a\u202eb\u2069") == [
        Problem("bidi-control", 1, "\u202e"),
        Problem("bidi-control", 3, "\u2069"),
    ]
    assert find_bidi_controls("سلام hello") == []


def test_invisible_characters_are_shown_by_their_number():
    assert visible("invoice\u202efdp.exe") == "invoice[U+202E]fdp.exe"
    assert visible("a\u200bb\u3164c") == "a[U+200B]b[U+3164]c"
    assert visible("a\nb\tc") == "a[U+000A]b[U+0009]c"
    assert visible("a\nb\u202d", keep_lines=True) == "a\nb[U+202D]"
    assert visible("नमस्ते 한국 ሰላም") == "नमस्ते 한국 ሰላም"


@pytest.mark.parametrize("word", ["pаypal", "Μicrosoft", "Оksana", "gооgle", "Լondon"])
def test_a_word_of_two_alphabets_is_mixed(word):
    assert is_mixed_script(word)


@pytest.mark.parametrize("word", ["paypal", "Оксана", "Αθήνα", "réfugié", "محمد", "日本ABC", "covid19", "5µ"])
def test_a_word_of_one_alphabet_is_not_mixed(word):
    assert not is_mixed_script(word)


@pytest.mark.parametrize(
    "name",
    ["Amina Yusuf", "María-José O’Neill", "محمد علی‌زاده", "සිංහල ශ්‍රී", "Nguyễn Thị Ánh", "নাসরিন", "ደስታ", "Оксана П’ятак",
     "Smith & Оксана GmbH", "שָׁלוֹם"],
)  # fmt: skip
def test_honest_names_have_no_problem(name):
    assert problems_in_name(name) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ali\u202eba", [("bidi-control", 3)]),
        ("Ali\nba", [("control", 3)]),
        ("Ali\u200bba", [("invisible", 3)]),
        ("Ali\u200dba", [("invisible", 3)]),
        ("\u200cعلی", [("invisible", 0)]),
        ("Ali\u3164", [("invisible", 3)]),
        ("Ali\ue000\ud800", [("not-a-character", 3), ("not-a-character", 4)]),
        ("Good Wоrk", [("mixed-script", 5)]),
        ("a\u0301\u0302\u0303\u0304\u0305\u0306", [("marks-piled", 5)]),
    ],
)
def test_each_trick_in_a_name_is_named_with_its_position(name, expected):
    assert [(problem.code, problem.at) for problem in problems_in_name(name)] == expected


@pytest.mark.parametrize(
    "url",
    ["https://health.lindenbach.example/doctor?x=1&y=(2)#z", "http://localhost:8000/", "HTTPS://Example.org",
     "mailto:info@city.example", "mailto:info@city.example?subject=Help%20me", "tel:+49-170-1234567", "tel:112",
     "sms:+49170?body=hello", "geo:52.5,13.4?q=office", "https://пошта.укр/", "https://وزارة.مصر/a", "https://münchen.example",
     "https://example.org./"],
)  # fmt: skip
def test_honest_links_pass(url):
    assert problems_in_link(url) == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "link-empty"),
        ("https://e.example/" + "a" * 2000, "link-long"),
        ("javascript:alert(1)", "link-scheme"),
        ("JaVaScRiPt:alert(1)", "link-scheme"),
        ("data:text/html,x", "link-scheme"),
        ("vbscript:x", "link-scheme"),
        ("file:///etc/passwd", "link-scheme"),
        ("java\nscript:alert(1)", "link-control"),
        (" https://e.example", "link-control"),
        ("https://e.example/\u202egpj", "link-control"),
        ("https://e.example/a%0d%0aSet-Cookie", "link-control"),
        ("mailto:a@b.example?subject=x%0Abcc:c@d.example", "link-control"),
        ("\x01javascript:alert(1)", "link-control"),
        ("https:\\\\evil.example", "link-backslash"),
        ("//evil.example/x", "link-host-unsaid"),
        ("/en/guides", "link-no-scheme"),
        ("www.example.org", "link-no-scheme"),
        ("&#106;avascript:alert(1)", "link-no-scheme"),
        ("https:evil.example", "link-host-missing"),
        ("https:///evil.example", "link-host-missing"),
        ("https://ministry.example@evil.example/", "link-userinfo"),
        ("https://a:b@evil.example/", "link-userinfo"),
        ("https://[::1", "link-host-malformed"),
        ("https://[::1]/", "link-host-address"),
        ("https://127.0.0.1/", "link-host-address"),
        ("https://2130706433/", "link-host-address"),
        ("https://0x7f000001/", "link-host-address"),
        ("https://e.example:99999/", "link-host-malformed"),
        ("https://e%2eexample/", "link-host-malformed"),
        ("https://ｅ.example/", "link-host-malformed"),
        ("https://a..example/", "link-host-malformed"),
        ("https://a<b.example/", "link-host-malformed"),
        ("https://xn--pypal-4ve.com/", "link-host-punycode"),
        ("https://pаypal.com/", "link-host-mixed-script"),
        ("https://раура.com/", "link-host-lookalike"),
        ("tel:*21*12345%23", "link-malformed"),
        ("tel:#31#", "link-malformed"),
        ("mailto:a@b.example?bcc=c@d.example", "link-malformed"),
        ("mailto:a@b.example,c@d.example", "link-malformed"),
        ("geo:here", "link-malformed"),
        ("guide:first-days", "link-scheme"),
    ],
)
def test_each_dangerous_link_is_refused_by_its_name(url, code):
    assert codes(problems_in_link(url)) == [code]


def test_a_scheme_of_the_house_passes_only_where_the_caller_allows_it():
    assert problems_in_link("guide:pack/first-days", extra_schemes={"guide"}) == []
    assert codes(problems_in_link("guide:../x", extra_schemes={"guide"})) == ["link-malformed"]
    assert codes(problems_in_link("guide:a/../../x", extra_schemes={"guide"})) == ["link-malformed"]
    assert codes(problems_in_link("guide:a?b=<", extra_schemes={"guide"})) == ["link-malformed"]


@given(st.text())
def test_any_text_is_judged_without_an_exception(text):
    problems_in_name(text)
    for link in (text, "https://" + text, "mailto:" + text, "geo:" + text):
        problems_in_link(link)
    assert find_bidi_controls(visible(text)) == []
