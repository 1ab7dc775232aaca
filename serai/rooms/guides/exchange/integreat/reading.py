"""From files to pages: everything that can be missing, doubled or odd in a page is met here, and said."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _

from serai.lib.direction import BIDI_CONTROLS, visible

from .languages import tag_of
from .messages import refused_file
from .rows import Problem, RawPage
from .stream import Malformed, elements

LONGEST_CONTENT = 500_000
LONGEST_TITLE = 255
MOST_PAGES = 50_000
_BOTTOM, _TOP = -(2**31), 2**31 - 1
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")

Pages = dict[tuple[str, str, str], RawPage]
"""By region, language and id."""

Found = tuple[list[RawPage], list[Problem]]


def read_files(files: Sequence[Path], *, limit: int, progress: Callable[[int], None] = lambda _: None) -> Found:
    """All pages of the files, each once, and what is wrong. limit: bytes of one file."""
    pages: Pages = {}
    problems: list[Problem] = []
    for path in dict.fromkeys(files):
        count = 0
        try:
            for number, element in enumerate(elements(path, limit, progress), 1):
                count = number
                if number > MOST_PAGES:
                    raise Malformed("too-many-pages", detail=str(MOST_PAGES))
                page, found = read_page(element, path.name, number)
                problems.extend(found)
                if page is not None:
                    problems.extend(_keep(page, pages))
        except (Malformed, OSError) as error:
            problems.append(refused_file(path.name, error, limit))
        else:
            problems.extend(_nothing_in(path.name, count))
    return list(pages.values()), problems


def read_page(element: Any, file: str, number: int) -> tuple[RawPage | None, list[Problem]]:
    """One element of the list as a page, or None with the reason."""
    where = Problem(file, "", f"[{number}]", "", "", "")
    if not isinstance(element, dict):
        says = _("Element %(number)d of the list is no page.") % {"number": number}
        return None, [_about(where, "page-odd", says, _("Leave it out, or export the region again."))]
    path = path_of(_string(element.get("path")) or _string(element.get("url")))
    ident = _number(element.get("id"))
    where = Problem(file, ident, path or f"[{number}]", "", "", "")
    content = _string(element.get("content"))
    refused = _unusable(path, content)
    if refused:
        return None, [_about(where, *refused)]
    title, turned = plain_line(_string(element.get("title")))
    title, more = _title(title, path)
    found = [*_missing(element, ident), *more, *([bidi_removed(turned)] if turned else [])]
    return _page(element, where, title, content), [_about(where, *each) for each in found]


def _unusable(path: str, content: str) -> tuple[str, str, str] | None:
    """Why a page cannot be taken: code, what, and cure."""
    _region, code = _place(path)
    if not code:
        says = _("The page has no address, so its language cannot be known.")
        return "page-without-address", says, _("Give the page its “path” again.")
    if not tag_of(code):
        says = _("The house does not know the language “%(code)s”.") % {"code": visible(code[:20])}
        cure = _("Add the language to the house (docs/how-to-add-a-language.md), or leave its file out.")
        return "language-unknown", says, cure
    if len(content) > LONGEST_CONTENT:
        says = _("The text has %(count)d characters. A page may have %(longest)d.")
        says %= {"count": len(content), "longest": LONGEST_CONTENT}
        return "page-too-long", says, _("Divide it into several pages.")
    return None


def _page(element: dict[str, Any], where: Problem, title: str, content: str) -> RawPage:
    region, code = _place(where.path)
    tag, ident = tag_of(code), where.page_id
    parent = element.get("parent")
    parent = parent if isinstance(parent, dict) else {"id": parent}
    others, listed = _others(element.get("available_languages"))
    return RawPage(
        file=where.file,
        id=ident or where.path,
        language=tag,
        region=region,
        path=where.path,
        title=title,
        content=content,
        excerpt=_string(element.get("excerpt")),
        order=min(max(int(_number(element.get("order")) or 0), _BOTTOM), _TOP),
        parent_id=_number(parent.get("id")).removeprefix("0"),
        parent_path=path_of(_string(parent.get("path")) or _string(parent.get("url"))),
        others={**others, tag: ident or where.path},
        listed=tuple(sorted({*listed, ident} - {""})),
        updated=_moment(element),
        url=_string(element.get("url")),
        has_thumbnail=bool(element.get("thumbnail")),
    )


def path_of(text: str) -> str:
    """A path or address as one form of path: unquoted, composed, with a slash at both ends; "" for none."""
    if "://" in text:
        try:
            text = urlsplit(text).path
        except ValueError:
            return ""
    plain = unicodedata.normalize("NFC", mended(unquote(text))).split("?")[0].split("#")[0].strip().strip("/")
    return f"/{plain}/" if plain else ""


def mended(text: str) -> str:
    """Without characters that no page may hold, with plain line ends."""
    return _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def plain_line(source: str) -> tuple[str, int]:
    """HTML or text as one line of text, and how many characters that turn words around were taken out."""
    text = html.unescape(_TAG.sub(" ", html.unescape(source)) if "<" in html.unescape(source) else source)
    text, turned = without_bidi(mended(text))
    return _SPACE.sub(" ", text).strip(), turned


def without_bidi(text: str) -> tuple[str, int]:
    """The text without direction controls, and how many of them were more than harmless marks."""
    if not any(char in text for char in BIDI_CONTROLS):
        return text, 0
    harmful = sum(char in BIDI_CONTROLS and char not in "\u200e\u200f\u061c" for char in text)
    return "".join(char for char in text if char not in BIDI_CONTROLS), harmful


def bidi_removed(count: int) -> tuple[str, str, str]:
    """Code, what, and cure."""
    says = _("%(count)d hidden characters that turn words around were taken out.") % {"count": count}
    return "bidi-control", says, _("Read the text once: somebody may have hidden something in it.")


def _about(where: Problem, code: str, says: str, cure: str) -> Problem:
    return Problem(where.file, where.page_id, where.path, code, says, cure)


def _keep(page: RawPage, pages: Pages) -> list[Problem]:
    """Adds a page unless one with its id is there in its language."""
    former = pages.setdefault((page.region, page.language, page.id), page)
    if former is page:
        return []
    if (former.title, former.content, former.path) == (page.title, page.content, page.path):
        says = _("The page stands twice, with the same text.")
        return [page.problem("page-twice", says, _("Nothing to do: it was taken once."))]
    newer = max((former, page), key=lambda one: (one.updated or datetime.min.replace(tzinfo=UTC), one is former))
    pages[page.region, page.language, page.id] = newer
    says = _("Two pages have the id %(id)s and different texts. The newer one was taken, of %(file)s.")
    says %= {"id": page.id, "file": newer.file}
    return [page.problem("page-conflict", says, _("Delete one of the two from the files."))]


def _nothing_in(file: str, count: int) -> list[Problem]:
    if count:
        return []
    return [Problem(file, "", "", "file-empty", _("There is no page in the file."), _("Export the region again."))]


def _missing(element: dict[str, Any], ident: str) -> list[tuple[str, str, str]]:
    found = []
    if not ident:
        says = _("The page has no id. Its path stands for it.")
        found.append(("page-without-id", says, _("Export the region again, or give the page an id.")))
    if not isinstance(element.get("content"), str):
        says = _("The page has no text field. It was taken without text.")
        found.append(("page-without-text", says, _("Export the region again.")))
    return found


def _title(title: str, path: str) -> tuple[str, list[tuple[str, str, str]]]:
    if not title:
        words = path.rstrip("/").rsplit("/", 1)[-1].replace("-", " ").strip()
        says = _("The page has no title. The last part of its address stands for it.")
        return words[:LONGEST_TITLE], [("page-without-title", says, _("Write a title."))]
    if len(title) > LONGEST_TITLE:
        says = _("The title has %(count)d characters. It was cut to %(longest)d.")
        says %= {"count": len(title), "longest": LONGEST_TITLE}
        return title[: LONGEST_TITLE - 1] + "…", [("title-too-long", says, _("Write a shorter title."))]
    return title, []


def _place(path: str) -> tuple[str, str]:
    """Region and code of the language."""
    parts = path.strip("/").split("/")
    return (parts[0], parts[1]) if len(parts) > 1 else ("", "")


def _others(listed: Any) -> tuple[dict[str, str], list[str]]:
    found: dict[str, str] = {}
    ids: list[str] = []
    for code, value in listed.items() if isinstance(listed, dict) else ():
        ident = _number(value.get("id") if isinstance(value, dict) else value)
        if ident:
            ids.append(ident)
            if tag := tag_of(str(code)):
                found[tag] = ident
    return found, ids


def _string(value: Any) -> str:
    return mended(value) if isinstance(value, str) else ""


def _number(value: Any) -> str:
    """A whole number, or one written as text, as text; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    text = str(value).strip()
    return str(int(text)) if re.fullmatch(r"-?[0-9]{1,18}", text) else ""


def _moment(element: dict[str, Any]) -> datetime | None:
    for name in ("last_updated", "modified_gmt"):
        text = element.get(name)
        try:
            moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        except ValueError:
            continue
        if moment is not None:
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
