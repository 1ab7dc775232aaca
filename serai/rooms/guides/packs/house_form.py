"""Blocks as a pack says them and as the house keeps them: links to guides, pictures and recordings are rows here.

In a pack a link is `guide:pack/slug` and a picture a file's name; in the house they are ids of pages, pictures and
documents. The words are the same in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from serai.engine.content import stream

from ..models import GuidePage
from .fences import FILE_NAME
from .media import FOLDER, mark_of, picture, recording

Kinds = list[tuple[str, Any]]
_LINK = re.compile(r'<a href="guide:([^"]+)">(.*?)</a>', re.S)
_HOUSE_LINK = re.compile(r'<a\b(?=[^>]*\blinktype="page")[^>]*\bid="(\d+)"[^>]*>(.*?)</a>', re.S)
FILES = {"picture": "image", "audio": "file"}
"""Kinds of block that hold a file, and its field."""


def linked(kinds: Iterable[tuple[str, Any]]) -> set[str]:
    """Keys of all guides that the blocks link to."""
    return {match[1] for kind, value in kinds if kind == "text" for match in _LINK.finditer(value)}


def without_links_to(kinds: Kinds, there: Callable[[str], bool]) -> Kinds:
    """Links to guides that are not there become their words."""

    def keep(match: re.Match[str]) -> str:
        return match[0] if there(match[1]) else match[2]

    return [(kind, _LINK.sub(keep, value) if kind == "text" else value) for kind, value in kinds]


def with_marks(kinds: Kinds, files: Mapping[str, bytes], digest: Callable[[bytes], str]) -> Kinds:
    """Names of files with a mark of their content, for digests: a new picture of the old name is a change."""
    found = []
    for kind, value in kinds:
        name = FILES.get(kind)
        if name:
            value = {**value, name: f"{value[name]}#{digest(files.get(FOLDER + value[name], b''))[:16]}"}
        found.append((kind, value))
    return found


def to_house(kinds: Kinds, page_of: Callable[[str], int | None], files: Mapping[str, bytes]) -> Kinds:
    """As the house stores them. page_of: id of the page that a key leads to, None when there is none."""

    def link(match: re.Match[str]) -> str:
        pk = page_of(match[1])
        return f'<a linktype="page" id="{pk}">{match[2]}</a>' if pk else match[2]

    found: Kinds = []
    for kind, value in kinds:
        if kind == "text":
            value = _LINK.sub(link, value)
        elif kind == "picture":
            path = FOLDER + value["image"]
            value = {**value, "image": picture(path, files[path], value["alt"]).pk}
        elif kind == "audio":
            path = FOLDER + value["file"]
            value = {**value, "file": recording(path, files[path], value["transcript"]).pk}
        found.append((kind, value))
    return found


@dataclass
class HouseForm:
    """Turns stored blocks of many pages back into those of a pack; looks up pages and files once for all."""

    keys: dict[int, str] = field(default_factory=dict)
    files: dict[tuple[str, int], Any] = field(default_factory=dict)

    @classmethod
    def of(cls, pages: Iterable[GuidePage]) -> HouseForm:
        """Prepared for these pages. Three queries at most."""
        links: set[int] = set()
        ids: dict[str, set[int]] = {"picture": set(), "audio": set()}
        for page in pages:
            for kind, value in stream.canonical(page.body.get_prep_value()):
                if kind == "text":
                    links |= {int(match[1]) for match in _HOUSE_LINK.finditer(value)}
                elif kind in FILES and value[FILES[kind]]:
                    ids[kind].add(value[FILES[kind]])
        form = cls()
        if links:
            form.keys = dict(GuidePage.objects.filter(pk__in=links).values_list("pk", "key"))
        for kind, model in (("picture", get_image_model()), ("audio", get_document_model())):
            if ids[kind]:
                form.files |= {(kind, thing.pk): thing for thing in model.objects.filter(pk__in=ids[kind])}
        return form

    def kinds(self, page: GuidePage, *, marks: bool = False, pack_key: Callable[[str], str] = str) -> Kinds:
        """The blocks of a page as a pack says them. pack_key: what a guide of this house is called in the pack."""
        found: Kinds = []
        for kind, value in stream.canonical(page.body.get_prep_value()):
            if kind == "text":
                value = self._links(value, pack_key)
            elif kind in FILES:
                thing = self.files.get((kind, value[FILES[kind]]))
                if thing is None:
                    continue  # a file that was deleted: its block says nothing
                name = file_name(thing)
                value = {**value, FILES[kind]: f"{name}#{mark_of(thing)}" if marks else name}
            found.append((kind, value))
        return found

    def used_files(self, page: GuidePage) -> dict[str, bytes]:
        """Pictures and recordings of a page, by path in the pack."""
        found = {}
        for kind, value in stream.canonical(page.body.get_prep_value()):
            thing = self.files.get((kind, value[FILES[kind]])) if kind in FILES else None
            if thing is not None:
                with thing.file.open("rb") as file:
                    found[FOLDER + file_name(thing)] = file.read()
        return found

    def _links(self, html: str, pack_key: Callable[[str], str]) -> str:
        def link(match: re.Match[str]) -> str:
            key = self.keys.get(int(match[1]), "")
            return f'<a href="guide:{pack_key(key)}">{match[2]}</a>' if key else match[2]

        return _HOUSE_LINK.sub(link, html)


def file_name(thing: Any) -> str:
    """The name that a picture or recording has in a pack: its title when that can be a file's name."""
    if FILE_NAME.match(thing.title) and "." in thing.title:
        return str(thing.title)
    ending = thing.file.name.rsplit(".", 1)[-1].lower()
    return f"{slugify(thing.title)[:60] or 'file'}-{mark_of(thing)[:8]}.{ending}"
