"""One guide in one language as a Markdown file (lib/frontmatter): read, judged, and written in its normal form.

Links to other guides are `guide:slug` in the file and `guide:pack/slug` in the blocks made of it; what they are in the
house (Wagtail's internal links) is house_form.py's business.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from serai.kernel.packs.yaml_text import worded
from serai.lib import frontmatter, plainyaml
from serai.lib.direction import find_bidi_controls, problems_in_link, visible
from serai.lib.frontmatter import Block
from serai.lib.markup import html_to_markdown, markdown_to_html

from .fences import Wrong, read_fence, write_fence

GUIDE_LINK = re.compile(r"^guide:(?:([a-z0-9-]+)/)?([a-z0-9-]+)$")
GUIDE = ("guide",)
_SHAPES = ("paragraph", "heading", "bullet_list", "ordered_list", "list_item", "strong", "em", "link")
_KEPT = {"inline", "text", "softbreak", "hardbreak"} | {f"{shape}_open" for shape in _SHAPES}
_reader = MarkdownIt("commonmark", {"html": True, "maxNesting": 100})
_reader.validateLink = lambda url: True  # type: ignore[method-assign]
_reader.normalizeLink = lambda url: url  # type: ignore[method-assign]


@dataclass
class Guide:
    """A guide's file, read. front: its front matter; kinds: blocks as (kind, value); lines: where each begins.

    links: the guides (pack/slug) that it links to, each with its line.
    """

    front: dict[str, Any] = field(default_factory=dict)
    front_lines: dict[str, int] = field(default_factory=dict)
    kinds: list[tuple[str, Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    links: list[tuple[str, int]] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)

    def said(self, key: str) -> str:
        """A text of the front matter, "" when it is not there."""
        value = self.front.get(key)
        return value.strip() if isinstance(value, str) else ""

    def day(self, key: str) -> date | None:
        """A day of the front matter."""
        value = self.front.get(key)
        return value if isinstance(value, date) else None

    def line(self, key: str) -> int:
        """The line of a key of the front matter; the first when it is not there."""
        return self.front_lines.get(key, 1)

    @property
    def title(self) -> str:
        """The guide's title."""
        return self.said("title")

    @property
    def summary(self) -> str:
        """The short version."""
        return self.said("summary")

    def digest(self) -> str:
        """Of title, summary and blocks in their normal form: the same in each house and however the file is written."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        return digest_of(self.title, self.summary, self.kinds)


def digest_of(title: str, summary: str, kinds: list[tuple[str, Any]]) -> str:
    """SHA-256 of a guide's text; links are guide:pack/slug."""
    told = plainyaml.dump({"title": title, "summary": summary}) + "\n".join(_written(kinds))
    return hashlib.sha256(told.encode()).hexdigest()


@lru_cache(maxsize=2048)
def read_guide(data: bytes, pack: str) -> Guide:
    """The guide of a file, and all that is wrong with how it is written. pack: completes links to the same pack.

    A file is read once however often it is asked for (check, then install): nobody changes what this returns.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Guide(wrong=[Wrong(0, "not-utf8", _("This file is not UTF-8 text."), _("Save it as UTF-8."))])
    document = frontmatter.parse(text)
    guide = Guide(dict(document.meta), dict(document.meta_lines))
    guide.wrong = [Wrong(error.line, error.code, *worded(error)) for error in document.errors]
    lines = re.split(r"\r\n|\r|\n", text)
    for block in document.blocks:
        if block.kind == frontmatter.TEXT:
            _add_text(guide, block, pack)
        else:
            end = next(at for at in range(block.line, len(lines)) if lines[at].rstrip() == "```")
            if not any(block.line <= error.line <= end for error in document.errors):
                _add_fence(guide, block, lines[block.line : end])
    guide.wrong += _turning(lines)
    guide.wrong.sort(key=lambda wrong: wrong.line)
    return guide


def write_guide(front: Mapping[str, Any], kinds: list[tuple[str, Any]], pack: str) -> bytes:
    """The file in its normal form; links within the pack are written short."""
    blocks: list[Block] = []
    for kind, value in kinds:
        if kind != "text":
            blocks.append(Block(kind, write_fence(kind, value)))
            continue
        words = html_to_markdown(value, extra_schemes=GUIDE).strip("\n")
        words = re.sub(rf"\]\(guide:{re.escape(pack)}/", "](guide:", words)
        if words and blocks and blocks[-1].kind == frontmatter.TEXT:
            blocks[-1] = Block(frontmatter.TEXT, f"{blocks[-1].value}\n\n{words}")
        elif words:
            blocks.append(Block(frontmatter.TEXT, words))
    return frontmatter.write(front, blocks).encode()


def _written(kinds: list[tuple[str, Any]]) -> Iterator[str]:
    """Blocks in their normal form, two texts in a row as one: as they come back from a file."""
    for kind, value in kinds:
        if kind == "text":
            words = html_to_markdown(value, extra_schemes=GUIDE).strip("\n")
            if words:
                yield words + "\n"
        else:
            yield f"```{kind}\n{plainyaml.dump(write_fence(kind, value))}```\n"


def _add_fence(guide: Guide, block: Block, lines: list[str]) -> None:
    inside = "".join(f"{line}\n" for line in lines)
    where = {at[0]: line for at, line in plainyaml.lines_of(inside, block.line + 1).items() if len(at) == 1}
    value, wrong = read_fence(block.kind, block.value, block.line, where)
    guide.wrong += wrong
    if value is not None:
        guide.kinds.append((block.kind, value))
        guide.lines.append(block.line)


def _add_text(guide: Guide, block: Block, pack: str) -> None:
    text = str(block.value)
    for token, line in _tokens(text, block.line):
        guide.wrong += _token_wrong(token, line)
        target = GUIDE_LINK.match(str(token.attrs.get("href", ""))) if token.type == "link_open" else None
        if target:
            guide.links.append((f"{target[1] or pack}/{target[2]}", line))
    html = markdown_to_html(text, extra_schemes=GUIDE)
    guide.kinds.append(("text", re.sub(r'href="guide:([a-z0-9-]+)"', rf'href="guide:{pack}/\1"', html)))
    guide.lines.append(block.line)


def _tokens(text: str, first_line: int) -> Iterator[tuple[Token, int]]:
    """All signs of the Markdown, each with its line."""
    for token in _reader.parse(text):
        line = first_line + (token.map[0] if token.map else 0)
        yield token, line
        for child in token.children or ():
            yield child, line
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
    elif token.type not in _KEPT and token.nesting >= 0:
        says = _("A guide cannot hold this kind of text: %(kind)s.") % {"kind": token.type.removesuffix("_open")}
        cure = _("Use paragraphs, headings, lists, bold, italic and links, or one of the blocks of docs/packs.md.")
        yield Wrong(line, "markdown", says, cure)


def _link_wrong(href: str, line: int) -> Iterator[Wrong]:
    if not GUIDE_LINK.match(href) and problems_in_link(href):
        says = _("The link “%(url)s” is refused.") % {"url": visible(href)[:120]}
        cure = _("Use guide:slug for another guide, or an address that begins with https:// and has a plain host name.")
        yield Wrong(line, "link-refused", says, cure)


def _turning(lines: list[str]) -> Iterator[Wrong]:
    for number, line in enumerate(lines, 1):
        if find_bidi_controls(line):
            says = _("A hidden character turns the direction of reading: %(shown)s") % {"shown": visible(line)[:120]}
            yield Wrong(number, "bidi-control", says, _("Delete it and type the words again."))
