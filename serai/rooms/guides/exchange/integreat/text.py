"""The HTML of a page as text of the house: links mended or led to our pages, what is lost counted and said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.lib import htmltree, markup

from .links import Find, Link, judge
from .pictures import words_for_pictures
from .reading import bidi_removed, plain_line, without_bidi
from .rows import Problem, RawPage

SUMMARY = 200
_SHORTEST_SUMMARY = 40
_LONGEST_SUMMARY = 400
_SENTENCE_END = re.compile(r"(?<=[.!?。։។።؟])\s+")
_UNREMARKABLE = frozenset({"div", "span", "u", "img", "a", "font", "section", "article"})
_FLATTENED = frozenset({"table"})
_EMBEDDED = frozenset({"iframe", "video", "audio", "object", "embed", "script", "form", "svg"})


@dataclass
class Text:
    """A page's text. html: in the house's subset, links to guides as `guide:<key>`; "" when it has no text."""

    summary: str
    html: str
    problems: list[Problem] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)


def text_of(page: RawPage, region: str, target: Find) -> Text:
    """The text of a page; says of everything that could not be kept."""
    source, turned = without_bidi(page.content)
    source, pictures = words_for_pictures(source)
    tree = htmltree.parse(source, lambda href: False)
    text = Text("", "")
    text.dropped.update(tree.dropped)
    text.dropped.update(pictures.dropped)
    blocks = _without_placeholder(tree.blocks, page, text)
    for line in _lines(blocks):
        line[:] = _with_links(line, page, region, target, text)
    text.summary, blocks = _summary(page, blocks)
    text.html = markup.clean_html(htmltree.write_html(blocks), extra_schemes=("guide",)).html
    _say_what_is_lost(page, text, pictures.lost, turned)
    return text


def _lines(blocks: list[htmltree.Block]) -> Iterator[htmltree.Line]:
    for block in blocks:
        if isinstance(block, htmltree.Paragraph):
            yield from block.lines
        else:
            for item in block.items:
                yield from item.lines
                yield from _lines(list(item.lists))


def _with_links(line: htmltree.Line, page: RawPage, region: str, target: Find, text: Text) -> htmltree.Line:
    """The runs of a line with each link kept, mended, led to a guide, or turned into its words."""
    runs: htmltree.Line = []
    for href, linked in groupby(line, key=lambda run: run.href):
        words = list(linked)
        if href is not None:
            link = judge(href, "".join(run.text for run in words), page, region, target)
            href = link.href
            _count(link, text)
        runs.extend(run._replace(href=href) for run in words)
    return runs


def _count(link: Link, text: Text) -> None:
    if link.problem is not None:
        text.problems.append(link.problem)
    if link.href is None:
        text.dropped["link"] += 1


def _without_placeholder(blocks: list[htmltree.Block], page: RawPage, text: Text) -> list[htmltree.Block]:
    """Integreat fills a page without a translation with a list of languages that have one; we say that ourselves."""
    last = blocks[-1] if blocks else None
    if not isinstance(last, htmltree.ItemList) or not last.items:
        return blocks
    hrefs = [run.href for line in _lines([last]) for run in line if run.text.strip()]
    elsewhere = re.compile(rf"https?://[^/]+/{re.escape(page.region)}/(?!{re.escape(_code(page))}/)[A-Za-z-]+/")
    if not all(href and elsewhere.match(href) for href in hrefs) or len(blocks) > 2:
        return blocks
    says = _("The page has no text in this language, only a list of languages that have one. The list was left out.")
    text.problems.append(page.problem("page-placeholder", says, _("Translate the page, or delete it.")))
    return []


def _code(page: RawPage) -> str:
    return page.path.strip("/").split("/")[1]


def _summary(page: RawPage, blocks: list[htmltree.Block]) -> tuple[str, list[htmltree.Block]]:
    """The excerpt where it is one. Integreat mostly repeats the whole text there: then a first paragraph of fitting
    length becomes the summary, or the beginning of the text is quoted."""
    excerpt = plain_line(page.excerpt)[0]
    whole = _letters(plain_line(page.content)[0])
    is_own = excerpt and not whole.startswith(_letters(excerpt)[:200])
    if is_own:
        return _cut(excerpt, _LONGEST_SUMMARY), blocks
    first = blocks[0] if blocks else None
    if isinstance(first, htmltree.Paragraph) and first.kind == "p" and len(first.lines) == 1 and len(blocks) > 1:
        words = "".join(run.text for run in first.lines[0])
        is_plain = not any(run.href or run.strong or run.emphasis for run in first.lines[0])
        if is_plain and _SHORTEST_SUMMARY <= len(words) <= _LONGEST_SUMMARY:
            return words, blocks[1:]
    told = ("".join(run.text for run in line) for block in _paragraphs(blocks) for line in block.lines)
    return _cut(" ".join(" ".join(told).split()), SUMMARY), blocks


def _paragraphs(blocks: list[htmltree.Block]) -> list[htmltree.Paragraph]:
    return [block for block in blocks if isinstance(block, htmltree.Paragraph) and block.kind == "p"][:3]


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _cut(text: str, longest: int) -> str:
    """Whole sentences if one fits, else whole words and an ellipsis."""
    if len(text) <= longest:
        return text
    kept = ""
    for sentence in _SENTENCE_END.split(text):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > longest:
            break
        kept = longer
    if len(kept) >= _SHORTEST_SUMMARY:
        return kept
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _say_what_is_lost(page: RawPage, text: Text, pictures: list[str], turned: int) -> None:
    if turned:
        text.problems.append(page.problem(*bidi_removed(turned)))
    if pictures:
        says = ngettext("%(count)d picture was not kept.", "%(count)d pictures were not kept.", len(pictures))
        says %= {"count": len(pictures)}
        cure = _("Put pictures that matter into the guide, with words for those who do not see them.")
        text.problems.append(page.problem("picture", says, cure))
    for names, code, says, cure in (
        (_FLATTENED, "table", _("A table became plain lines."), _("Look at the page, and write a list instead.")),
        (_EMBEDDED, "embedded", _("%(names)s could not be kept."), _("Link to it, or use a block of the house.")),
    ):
        lost = sorted(names & set(text.dropped))
        if lost:
            text.problems.append(page.problem(code, says % {"names": ", ".join(lost)}, cure))
    rest = sorted(set(text.dropped) - _UNREMARKABLE - _FLATTENED - _EMBEDDED - {"link", "icon"} - _TABLE_PARTS)
    if rest:
        says = _("The words of these elements were kept, the elements not: %(names)s.") % {"names": ", ".join(rest)}
        text.problems.append(page.problem("element", says, _("Look at the page.")))


_TABLE_PARTS = frozenset({"thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col"})
