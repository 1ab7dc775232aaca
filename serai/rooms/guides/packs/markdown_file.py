"""One guide in one language as a Markdown file: front matter, text, and fences for special blocks; read and written.

Links to other guides are `guide:slug` in the file and `guide:pack/slug` in the blocks made of it; what they are in the
house (Wagtail's internal links) is installing.py's and exporting.py's business.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from serai.kernel.packs.strict_yaml import Lined, YamlRefused, read_yaml, write_yaml
from serai.lib.direction import find_bidi_controls, problems_in_link, visible
from serai.lib.markup import html_to_markdown, markdown_to_html

from .fences import Wrong, read_fence, write_fence

FENCE = re.compile(r"^```([A-Za-z]*)[ \t]*$")
GUIDE_LINK = re.compile(r"^guide:(?:([a-z0-9-]+)/)?([a-z0-9-]+)$")
GUIDE = ("guide",)
SHAPES = ("paragraph", "heading", "bullet_list", "ordered_list", "list_item", "strong", "em", "link")
KEPT = {"inline", "text", "softbreak", "hardbreak"} | {
    f"{shape}_{end}" for shape in SHAPES for end in ("open", "close")
}
_reader = MarkdownIt("commonmark", {"html": True, "maxNesting": 100})
_reader.validateLink = lambda url: True  # type: ignore[method-assign]
_reader.normalizeLink = lambda url: url  # type: ignore[method-assign]


@dataclass
class Guide:
    """A guide's file, read. kinds: blocks as (kind, value); lines: where each begins; front: its front matter."""

    front: Lined
    kinds: list[tuple[str, Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)

    def said(self, key: str) -> str:
        """A text of the front matter, "" when it is not there."""
        value = self.front.value.get(key) if isinstance(self.front.value, dict) else None
        return value.strip() if isinstance(value, str) else ""

    @property
    def title(self) -> str:
        """The guide's title."""
        return self.said("title")

    @property
    def summary(self) -> str:
        """The short version."""
        return self.said("summary")

    def links(self) -> Iterator[str]:
        """Targets of all links to guides, as pack/slug."""
        for kind, value in self.kinds:
            if kind == "text":
                yield from re.findall(r'href="guide:([^"]+)"', value)

    def digest(self) -> str:
        """Of title, summary and blocks in their normal form: the same in each house and however the file is written."""
        return digest_of(self.title, self.summary, self.kinds)


def digest_of(title: str, summary: str, kinds: list[tuple[str, Any]]) -> str:
    """SHA-256 of a guide's text; links are guide:pack/slug, pictures and recordings their digests or names."""
    told = write_yaml({"title": title, "summary": summary}) + write_body(kinds)
    return hashlib.sha256(told.encode()).hexdigest()


def read_guide(data: bytes, pack: str) -> Guide:
    """The guide of a file, and all that is wrong with how it is written. pack: completes links to the same pack."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        wrong = Wrong(0, "not-utf8", _("This file is not UTF-8 text."), _("Save it as UTF-8."))
        return Guide(Lined({}), wrong=[wrong])
    head, body, body_line = _split(text)
    if head is None:
        says = _("The guide does not begin with its front matter.")
        cure = _("Begin with a line ---, then title, summary and the other keys, then another line ---.")
        return Guide(Lined({}), wrong=[Wrong(1, "front-missing", says, cure)])
    guide = Guide(Lined({}))
    try:
        guide.front = read_yaml(head, first_line=2)
    except YamlRefused as refused:
        guide.wrong.append(Wrong(refused.line, refused.code, refused.says, refused.cure))
    if not isinstance(guide.front.value, dict):
        guide.front = Lined({}, guide.front.lines)
    _read_body(guide, body, body_line, pack)
    guide.wrong += _turning(text)
    return guide


def write_guide(front: dict[str, Any], kinds: list[tuple[str, Any]], pack: str) -> bytes:
    """The file in its normal form; links within the pack are written short."""
    rows = []
    for key, value in front.items():
        flow = isinstance(value, dict | list)
        rows.append(f"{key}: {write_yaml(value, flow=True).strip()}" if flow else write_yaml({key: value}).strip())
    body = re.sub(rf"\]\(guide:{re.escape(pack)}/", "](guide:", write_body(kinds))
    return ("---\n" + "\n".join(rows) + "\n---\n" + body).encode()


def write_body(kinds: list[tuple[str, Any]]) -> str:
    """The blocks as Markdown with fences, links as guide:pack/slug."""
    parts = []
    for kind, value in kinds:
        text = html_to_markdown(value, extra_schemes=GUIDE) if kind == "text" else write_fence(kind, value)
        if text.strip():
            parts.append(text)
    return "\n".join(parts)


def _split(text: str) -> tuple[str | None, str, int]:
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return None, text, 1
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:number]) + "\n", "\n".join(lines[number + 1 :]), number + 2
    return None, text, 1


def _read_body(guide: Guide, body: str, first_line: int, pack: str) -> None:
    lines = body.split("\n")
    start, at = 0, 0
    while at < len(lines):
        opening = FENCE.match(lines[at])
        if not opening:
            at += 1
            continue
        _add_text(guide, lines[start:at], first_line + start, pack)
        end = next((n for n in range(at + 1, len(lines)) if lines[n].rstrip() == "```"), len(lines))
        if end == len(lines):
            cure = _("End it with a line of three backticks: ```")
            guide.wrong.append(Wrong(first_line + at, "fence-open", _("This block has no end."), cure))
        inside = "\n".join(lines[at + 1 : end]) + "\n"
        value, wrong = read_fence(opening[1], inside, first_line + at + 1)
        guide.wrong += wrong
        if value is not None:
            guide.kinds.append((opening[1], value))
            guide.lines.append(first_line + at)
        start = at = end + 1
    _add_text(guide, lines[start:], first_line + start, pack)


def _add_text(guide: Guide, lines: list[str], first_line: int, pack: str) -> None:
    text = "\n".join(lines)
    if not text.strip():
        return
    guide.wrong += _markdown_wrong(text, first_line)
    begins = first_line + next(number for number, line in enumerate(lines) if line.strip())
    html = markdown_to_html(text, extra_schemes=GUIDE)
    guide.kinds.append(("text", re.sub(r'href="guide:([a-z0-9-]+)"', rf'href="guide:{pack}/\1"', html)))
    guide.lines.append(begins)


def _markdown_wrong(text: str, first_line: int) -> Iterator[Wrong]:
    for token in _reader.parse(text):
        line = first_line + (token.map[0] if token.map else 0)
        yield from _token_wrong(token, line)
        for child in token.children or ():
            yield from _token_wrong(child, line)
            line += child.type in ("softbreak", "hardbreak")


def _token_wrong(token: Token, line: int) -> Iterator[Wrong]:
    if token.type in ("html_block", "html_inline"):
        says = _("The text holds HTML: %(shown)s") % {"shown": visible(token.content.strip())[:60]}
        yield Wrong(line, "html", says, _("Take it out; write Markdown. To show the sign <, write \\<."))
    elif token.type == "heading_open" and token.tag not in ("h2", "h3", "h4"):
        says = _("A heading in a guide begins with ##, ### or ####.")
        yield Wrong(line, "heading", says, _("The title stands in the front matter; write ## for the first headings."))
    elif token.type == "link_open":
        yield from _link_wrong(str(token.attrs.get("href", "")), line)
    elif token.type not in KEPT and token.nesting >= 0 and token.type != "heading_open":
        says = _("A guide cannot hold this kind of text: %(kind)s.") % {"kind": token.type.removesuffix("_open")}
        cure = _("Use paragraphs, headings, lists, bold, italic and links, or one of the blocks of docs/packs.md.")
        yield Wrong(line, "markdown", says, cure)


def _link_wrong(href: str, line: int) -> Iterator[Wrong]:
    if GUIDE_LINK.match(href):
        return
    if problems_in_link(href):
        says = _("The link “%(url)s” is refused.") % {"url": visible(href)[:120]}
        cure = _("Use guide:slug for another guide, or an address that begins with https:// and has a plain host name.")
        yield Wrong(line, "link-refused", says, cure)


def _turning(text: str) -> Iterator[Wrong]:
    for number, line in enumerate(text.split("\n"), 1):
        if find_bidi_controls(line):
            says = _("A hidden character turns the direction of reading: %(shown)s") % {"shown": visible(line)[:120]}
            yield Wrong(number, "bidi-control", says, _("Delete it and type the words again."))
