"""Pasted, broken and hostile HTML into the house's subset, and that subset to Markdown and back."""

import time

import nh3
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from serai.lib.markup import TAGS, clean_html, clean_markdown, html_to_markdown, html_to_text, markdown_to_html

names = ["p", "h1", "h2", "h4", "h6", "ul", "ol", "li", "strong", "b", "em", "i", "a", "br", "div", "span", "td", "svg"]
words = st.text(alphabet="ab .1-+#*_!()[]`~>=|\\:কাمر字\u00a0é\u200b\n“€", max_size=6).map(
    lambda text: text.replace(">", "&gt;")
)
pieces = st.one_of(
    words,
    st.sampled_from([f"<{name}>" for name in names] + [f"</{name}>" for name in names]),
    st.sampled_from(
        ['<a href="https://e.example/(x)_*?a=1&amp;b=&amp;lt;">', "<a href='javascript:x'>",
         "<a href=guide:first-days>",
         "<p style='x' class=y>", "&amp;", "&lt;b>", "&#42;", "<!-- x -->", "<br><br>", "</"]
    ),
)  # fmt: skip
documents = st.lists(pieces, max_size=25).map("".join)


@pytest.mark.parametrize(
    ("given_html", "cleaned"),
    [
        ("hello", "<p>hello</p>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<h1>a</h1><h5>b</h5>", "<h2>a</h2><h4>b</h4>"),
        ("<b>a</b> <i>b</i>", "<p><strong>a</strong> <em>b</em></p>"),
        ("x<strong> a </strong>y", "<p>x <strong>a</strong> y</p>"),
        ("<strong>a</strong> <b>b</b>", "<p><strong>a b</strong></p>"),
        ("<b><p>a</p><p>b</p></b>", "<p><strong>a</strong></p><p><strong>b</strong></p>"),
        ("<p>&nbsp;</p><p>\u200b</p><p> <br> </p><h2></h2>", ""),
        ("<p>10&nbsp;000 &lt; &amp;</p>", "<p>10&nbsp;000 &lt; &amp;</p>"),
        ("a<br>b<br><br>c<br>", "<p>a<br>b</p><p>c</p>"),
        ("<h2>a<br>b</h2>", "<h2>a b</h2>"),
        ("<ul><li><p>a</p><p>b</p></li><li></li></ul><ol></ol>", "<ul><li>a<br>b</li></ul>"),
        ("<ul>x<li>a<ol><li>b</ol>c</ul>", "<ul><li>x</li><li>a<ol><li>b</li></ol></li><li>c</li></ul>"),
        ("<li>a</li><p>b</p>", "<ul><li>a</li></ul><p>b</p>"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "<p>a b</p><p>c</p>"),
        ("<div>a<div>b</div>c</div>", "<p>a</p><p>b</p><p>c</p>"),
        ('<a href="https://e.example">a <b>b</b></a>', '<p><a href="https://e.example">a <strong>b</strong></a></p>'),
        ("<a href=https://e.example/?a=1&copy=2>a</a>", '<p><a href="https://e.example/?a=1&amp;copy=2">a</a></p>'),
        ("<p title='a>b' x=\"</p>\" y=it's>c", "<p>c</p>"),
        ("a <3 b < c", "<p>a &lt;3 b &lt; c</p>"),
        ("a\x00\x08b &#0; \ud800", "<p>ab � �</p>"),
        ("&#" + "9" * 5000 + ";", "<p>�</p>"),
        ("a<video>b", "<p>ab</p>"),
        ("a<video>b</video>c<svg/>d<script>e", "<p>acd</p>"),
        ("<!-->a<!--->b<!-- --><![if !x]>c<?x?>d<!--e", "<p>abcd</p>"),
    ],
)
def test_each_shape_comes_out_as_the_house_writes_it(given_html, cleaned):
    assert clean_html(given_html).html == cleaned


def test_lists_deeper_than_six_go_on_at_the_sixth():
    cleaned = "<ul><li>1" * 5 + "<ul>" + "<li>1</li>" * 3 + "</ul>" + "</li></ul>" * 5 + "<p>x</p>"
    assert clean_html("<ul><li>1" * 8 + "</ul>" * 8 + "x").html == cleaned


def test_what_is_dropped_is_counted_and_refused_links_are_listed():
    result = clean_html(
        "<div class=x><span>a</span><span>b</span><img src=x><script>c</script><b>d</b>"
        "<a href=' JavaScript:x'>e</a><a name=top>f</a><a href='/relative'>g</a><h1>h</h1></div>"
    )
    assert result.dropped == {"div": 1, "span": 2, "img": 1, "script": 1, "a": 1}
    assert result.refused_links == [" JavaScript:x", "/relative"]
    assert result.html == "<p>ab<strong>d</strong>efg</p><h2>h</h2>"


@pytest.mark.parametrize(
    "attack",
    [
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mi><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<a href='java&#10;script:alert(1)'>x</a>",
        "<a href='&#x6A;avascript:alert(1)'>x</a>",
        '<a href="https://e.example/&quot; onclick=&quot;alert(1)">x</a>',
        "<p onclick=alert(1) style='background:url(javascript:x)'>x",
        "<<script>alert(1)//<</script>",
        "<scr<script>ipt>alert(1)</script>",
        "<iframe srcdoc='<script>x</script>'></iframe>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "&lt;script>alert(1)&lt;/script>",
        "<a href=https://e.example/><a href=data:text/html,x>y</a>",
    ],
)
def test_no_attack_leaves_an_element_or_an_address_of_its_own(attack):
    result = clean_html(attack).html
    again = nh3.clean(result, tags=set(TAGS), attributes={"a": {"href"}}, link_rel=None, url_schemes={"https"})
    assert result == again
    assert "<script" not in result
    assert "<img" not in result
    assert "href" not in result or 'href="https://e.example/' in result


@settings(deadline=None)
@given(documents)
@example("<strong>a<em>b")
@example("<ul><li><ol><li>x</ol><ol><li>y</ol>")
def test_cleaning_twice_changes_nothing_and_loses_nothing_more(document):
    once = clean_html(document, extra_schemes={"guide"})
    twice = clean_html(once.html, extra_schemes={"guide"})
    assert twice.html == once.html
    assert twice.dropped == {}
    assert twice.refused_links == []


@settings(deadline=None, max_examples=400)
@given(documents)
@example("a<b>(b)</b>c<i>d</i>e<b><i>.</i></b>")
@example("<p>1. a<br>- b<br>+49 c<br># d<br>---<br>===<br>~~~")
@example("<h2>a #</h2><h3>##</h3>")
@example("!<a href=https://e.example>x</a><ol><li>a</ol><ol><li>b</ol><ol><li>c</ol>")
@example("<b>a</b><i>b</i><b><i>c</i></b><i>d</i>")
def test_markdown_brings_back_every_cleaned_text(document):
    cleaned = clean_html(document, extra_schemes={"guide"}).html
    assert markdown_to_html(html_to_markdown(cleaned, extra_schemes={"guide"}), extra_schemes={"guide"}) == cleaned


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_at_all_is_read_without_an_exception(text):
    cleaned = clean_html(text).html
    assert clean_html(cleaned).html == cleaned
    assert clean_html(markdown_to_html(text)).html == markdown_to_html(text)
    html_to_text(text)


def test_markdown_is_written_as_a_translator_would():
    html = (
        "<h2>First days</h2><p>Go <strong>today</strong>, it is <em>free</em>.<br>Ask.</p>"
        '<ul><li>passport<ol><li>copy</li></ol></li></ul><p>See <a href="https://e.example/a_b">the page</a>.</p>'
    )
    assert html_to_markdown(html) == (
        "## First days\n\nGo **today**, it is _free_.\\\nAsk.\n\n- passport\n  1. copy\n\n"
        "See [the page](https://e.example/a\\_b).\n"
    )


def test_markdown_loses_html_and_dangerous_links_and_reports_them():
    result = clean_markdown("# Hi\n\n<b>x</b> [a](javascript:x) ![b](https://e.example/c.png)\n\n[d](guide:e)\n\n---")
    assert result.html == "<h2>Hi</h2><p>&lt;b&gt;x&lt;/b&gt; a</p><p>d</p>"
    assert result.dropped == {"img": 1, "hr": 1}
    assert result.refused_links == ["javascript:x", "guide:e"]


def test_links_to_guides_pass_where_they_are_allowed():
    assert markdown_to_html("[d](guide:e)", extra_schemes={"guide"}) == '<p><a href="guide:e">d</a></p>'


def test_text_keeps_lists_lines_and_addresses():
    html = (
        '<h2>A</h2><p>b<br><a href="https://e.example">c <b>d</b></a></p>'
        "<ol><li>e<ul><li>f</li></ul></li><li>g</li></ol>"
        '<p><a href="tel:+49170">+49 170</a> <a href="mailto:a@b.example">mail</a></p>'
    )
    assert html_to_text(html) == ("A\n\nb\nc d (https://e.example)\n\n1. e\n   - f\n2. g\n\n+49 170 mail (a@b.example)")
    assert html_to_text(html, links=False) == "A\n\nb\nc d\n\n1. e\n   - f\n2. g\n\n+49 170 mail"


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    ["<div>", "<b>", "<b><p>", "<p>x</p>", "<", "<ul><li>", "<video>", "<!--", "<a b='", "&amp;", "&nbsp;", "a<i>b</i>",
     "a<b>.</b>b", "x<br>", "<b> </b>", "</", "<a href='https://e.example/'>x</a>"],
)  # fmt: skip
def test_time_grows_with_the_length_and_not_with_its_square(unit):
    def seconds(size: int) -> float:
        document = unit * (size // len(unit))
        start = time.process_time()
        clean_html(document)
        html_to_text(document)
        html_to_markdown(document)
        return time.process_time() - start

    small, large = seconds(12_500), seconds(100_000)
    # Eight times the length: 64 times the time if it were the square, 8 if in proportion. 0.1 s is noise.
    assert large < 24 * small + 0.1


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["<div>", "<b><p>", "&amp;"])
def test_two_megabytes_that_take_a_parser_minutes_take_seconds(unit):
    start = time.process_time()
    clean_html(unit * (2_000_000 // len(unit)))
    assert time.process_time() - start < 30
