"""A publisher's guides in this house as files of a pack. What a pack cannot hold is told, not lost silently."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from serai.kernel.register.ports import PackExport, PackProblem

from ..actions import text_digest_of
from ..models import GuidePage
from .house_form import HouseForm
from .markdown_file import digest_of, write_guide
from .reading import path_of


def export_guides(publisher: str, pack: Mapping[str, Any]) -> PackExport:
    """All live guides of a publisher whose original is in the pack's first language."""
    return _Export(publisher, pack).run()


def slug_in_pack(key: str) -> str:
    """What a guide is called in a pack: the last part of its key, in a to z, 0 to 9 and -."""
    own = key.split("/", 1)[-1]
    plain = slugify(own.replace("/", "-"))
    if plain and plain == own:
        return plain[:80]
    return f"{plain[:60] or 'guide'}-{_short(key)}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


class _Export:
    """One export of one publisher's guides."""

    def __init__(self, publisher: str, pack: Mapping[str, Any]) -> None:
        self.pack = pack["pack"]
        self.languages = list(pack["languages"])
        self.first = self.languages[0]
        rows = GuidePage.objects.filter(organisation__key=publisher, live=True).order_by("path")
        pages = list(rows.select_related("locale", "fact", "topic").prefetch_related("places"))
        self.pages = {(page.key, page.tag): page for page in pages}
        self.by_path = {page.path: page for page in pages}
        self.form = HouseForm.of(pages)
        self.files: dict[str, bytes] = {}
        self.problems: list[PackProblem] = []

    def run(self) -> PackExport:
        """Files of all guides."""
        originals = {key: page for (key, tag), page in self.pages.items() if tag == self.first}
        for (key, tag), page in self.pages.items():
            if key not in originals:
                cure = _("Make a version in the pack's first language, or export with another first language.")
                self._left_out(page, _("It has no original in the pack's first language."), cure)
            elif tag not in self.languages:
                self._left_out(page, _("Its language is not one of the pack's."), _("Add it to “languages”."))
            elif tag == self.first:
                self._original(page)
            else:
                self._translation(page, originals[key])
        return PackExport(self.files, tuple(self.problems))

    def _left_out(self, page: GuidePage, says: str, cure: str) -> None:
        file = path_of(slug_in_pack(page.key), page.tag)
        self.problems.append(PackProblem(file, 0, "left-out", says, cure, refuses=False))

    def _key(self, key: str) -> str:
        """A guide of this publisher is part of this pack; any other keeps its key."""
        return f"{self.pack}/{slug_in_pack(key)}" if (key, self.first) in self.pages else key

    def _kinds(self, page: GuidePage) -> list[tuple[str, Any]]:
        self.files |= self.form.used_files(page)
        return self.form.kinds(page, pack_key=self._key)

    def _original(self, page: GuidePage) -> None:
        front: dict[str, Any] = {"title": page.title, "summary": page.summary}
        if page.topic:
            front["topic"] = page.topic.key
        parent = self.by_path.get(page.path[: -page.steplen])
        if parent is not None:
            front["parent"] = slug_in_pack(parent.key)
        front["order"] = page.position
        places = sorted(place.key for place in page.places.all())
        if places:
            front["places"] = places
        front |= self._fact(page)
        path = path_of(slug_in_pack(page.key), self.first)
        self.files[path] = write_guide(front, self._kinds(page), self.pack)

    def _fact(self, page: GuidePage) -> dict[str, Any]:
        fact = page.fact
        if fact is None:
            return {}
        source = {"name": fact.source_name} if fact.source_name else {}
        source |= {"url": fact.source_url} if fact.source_url else {}
        found: dict[str, Any] = {"source": source} if source else {}
        if fact.checked_on and fact.checked_by and fact.review_by:
            found["checked_on"] = fact.checked_on
            found["checked_by"] = fact.checked_by
            found["review_by"] = fact.review_by
        elif fact.review_by and not fact.checked_on:
            found["review_by"] = fact.review_by
        return found

    def _made_from(self, made_from: str, original: GuidePage) -> str:
        """The original as it was when the translation was made, by the digest that packs use for it."""
        if made_from == original.text_digest:
            return digest_of(original.title, original.summary, self._kinds(original))
        for revision in original.revisions.order_by("-created_at", "-pk"):
            then = revision.as_object()
            if text_digest_of(then) == made_from:
                return digest_of(then.title, then.summary, HouseForm.of([then]).kinds(then, pack_key=self._key))
        return made_from

    def _translation(self, page: GuidePage, original: GuidePage) -> None:
        state = page.translation if page.translation != GuidePage.Translation.ORIGINAL else "human"
        front = {"title": page.title, "summary": page.summary, "translation": state}
        if page.made_from:
            front["original"] = self._made_from(page.made_from, original)
        path = path_of(slug_in_pack(page.key), page.tag)
        self.files[path] = write_guide(front, self._kinds(page), self.pack)
