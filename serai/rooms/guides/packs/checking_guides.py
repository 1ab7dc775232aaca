"""All that is wrong with the guides of a pack: front matter, tree, text, links, translations beside their original."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from serai.engine.content.stream import text_of_html
from serai.kernel.places.models import Place
from serai.kernel.register.ports import PackProblem
from serai.lib.direction import problems_in_link, visible

from ..actions import text_problems
from ..models import GuidePage, Topic
from .markdown_file import Guide
from .media import FOLDER, check_media
from .reading import PATH, Versions, guides_beside, known_keys, path_of, read_guides

ORIGINAL_KEYS = {
    "title", "summary", "topic", "parent", "order", "places", "source", "checked_on", "checked_by", "review_by",
}  # fmt: skip
TRANSLATION_KEYS = {"title", "summary", "translation", "original"}
MADE_BY = ("machine", "human", "reviewed")
STAMP = re.compile(r"^[0-9a-f]{64}$")
SAME_EVERYWHERE = {
    "fee": ("amount", "currency"),
    "deadline": ("number", "unit"),
    "contact": ("phone", "email", "url", "languages"),
    "service": ("ref",),
    "picture": ("image",),
}


def check_guides(pack: dict[str, Any], files: dict[str, bytes]) -> list[PackProblem]:
    """All findings; nothing is written."""
    problems = [*_names(pack, files)]
    for path, data in files.items():
        if path.startswith(FOLDER):
            problems += check_media(path, data)
    guides = read_guides(pack, files)
    topics = known_keys(pack, "topics", lambda: Topic.objects.values_list("key", flat=True))
    places = known_keys(pack, "places", lambda: Place.objects.values_list("key", flat=True))
    others = guides_beside(pack, lambda: GuidePage.objects.values_list("key", flat=True))
    for versions in guides.values():
        problems += _check_one(pack, files, guides, versions, topics, places)
        problems += _links(pack, guides, versions, others)
    problems += _cycles(guides)
    problems += _orders(guides)
    problems += _unused(files, guides)
    return problems


def _names(pack: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[PackProblem]:
    for path in files:
        match = PATH.match(path)
        if match and match[2] not in pack["languages"]:
            says = _("pack.yaml does not list the language “%(language)s”.") % {"language": match[2]}
            cure = _("Add it to “languages”, or rename the file.")
            yield PackProblem(path, 0, "language-unlisted", says, cure)
        elif not match and path.startswith("guides/") and not path.startswith(FOLDER):
            says = _("This is not the name of a guide.")
            cure = _("Name it guides/<slug>.<language>.md; a slug has a to z, 0 to 9 and -.")
            yield PackProblem(path, 0, "guide-name", says, cure)


def _check_one(
    pack: Mapping[str, Any],
    files: Mapping[str, bytes],
    guides: Mapping[str, Versions],
    versions: Versions,
    topics: set[str],
    places: set[str],
) -> Iterator[PackProblem]:
    original = versions.original
    if original is None:
        says = _("There is a translation of “%(slug)s”, but no original.") % {"slug": versions.slug}
        cure = _("Add the guide in the first language of pack.yaml, or take the translations out.")
        yield PackProblem(versions.original_path, 0, "original-missing", says, cure)
    else:
        yield from _text(versions.original_path, original, files)
        front = _Front(versions.original_path, original)
        yield from front.original(fictional=pack.get("fictional", False))
        yield from front.known("topic", [original.said("topic")], topics)
        yield from front.known("places", original.front.get("places") or [], places)
        yield from front.parent(versions.slug, guides)
    for language, guide in versions.translations.items():
        path = path_of(versions.slug, language)
        yield from _text(path, guide, files)
        yield from _Front(path, guide).translation()
        if original is not None and not original.wrong and not guide.wrong:
            yield from _beside_original(path, guide, original)


def _text(path: str, guide: Guide, files: Mapping[str, bytes]) -> Iterator[PackProblem]:
    for wrong in guide.wrong:
        yield PackProblem(path, wrong.line, wrong.code, wrong.says, wrong.cure)
    for (kind, value), line in zip(guide.kinds, guide.lines, strict=True):
        name = value["image" if kind == "picture" else "file"] if kind in ("picture", "audio") else ""
        if name and FOLDER + name not in files:
            says = _("There is no file guides/media/%(name)s.") % {"name": name}
            yield PackProblem(path, line, "media-missing", says, _("Put it there, or take the block out."))
    if guide.wrong:
        return
    plain = [("text", "<p>-</p>") if kind in ("picture", "audio") else (kind, value) for kind, value in guide.kinds]
    guide_links = re.compile(r'<a href="guide:[^"]*">(.*?)</a>')
    plain = [(kind, guide_links.sub(r"\1", value) if kind == "text" else value) for kind, value in plain]
    for problem in text_problems(title=guide.title or "-", summary=guide.summary, body=plain):
        number = problem.where.split(".")[0]
        line = guide.lines[int(number)] if number.isdigit() else guide.line(number)
        yield PackProblem(path, line, "text", problem.says, _("Mend it there (%(where)s).") % {"where": problem.where})


class _Front:
    """Findings about the front matter of one file."""

    def __init__(self, path: str, guide: Guide) -> None:
        self.path, self.guide, self.value = path, guide, guide.front

    def at(self, key: str, code: str, says: str, cure: str, *, refuses: bool = True) -> PackProblem:
        """A problem at the line of a key."""
        return PackProblem(self.path, self.guide.line(key), code, says, cure, refuses)

    def original(self, *, fictional: bool) -> Iterator[PackProblem]:
        """The keys of an original."""
        yield from self.keys(ORIGINAL_KEYS, ("title", "summary", "topic", "source"))
        order = self.value.get("order", 100)
        if isinstance(order, bool) or not isinstance(order, int) or not 0 <= order <= 100_000:
            yield self.at("order", "value-number", _("“order” is a whole number."), _("Write digits only, such as 20."))
        yield from self.source()
        yield from self.dates(fictional=fictional)

    def translation(self) -> Iterator[PackProblem]:
        """The keys of a translation."""
        yield from self.keys(TRANSLATION_KEYS, ("title", "summary", "translation"))
        if self.value.get("translation") not in (*MADE_BY, None):
            says = _("“translation” says who made the text.")
            yield self.at("translation", "translation-state", says, _("Write machine, human or reviewed."))
        stamp = self.value.get("original")
        if stamp is not None and not (isinstance(stamp, str) and STAMP.match(stamp)):
            says = _("“original” is the digest of the text that was translated.")
            yield self.at("original", "stamp", says, _("Take it out and run `serai pack stamp`."))

    def keys(self, known: set[str], needed: tuple[str, ...]) -> Iterator[PackProblem]:
        """Unknown, missing and empty keys."""
        for key in self.value:
            if key not in known:
                says = _("A guide's front matter has no key “%(key)s” here.") % {"key": visible(key)[:40]}
                cure = _("Take it out, or write one of: %(keys)s.") % {"keys": ", ".join(sorted(known))}
                yield self.at(key, "key-unknown", says, cure)
        for key in needed:
            if self.value.get(key) in (None, "", {}):
                says = _("The key “%(key)s” is missing or empty.") % {"key": key}
                yield self.at(key, "key-missing", says, _("Add it; docs/packs.md says what it holds."))
        for key in ("title", "summary", "topic", "parent", "checked_by"):
            if key in self.value and not isinstance(self.value[key], str):
                says = _("“%(key)s” must be text.") % {"key": key}
                yield self.at(key, "value-text", says, _("Write words, in quotes if they contain a colon."))

    def source(self) -> Iterator[PackProblem]:
        """Who says it."""
        source = self.value.get("source")
        if source is None:
            return
        if not isinstance(source, dict) or set(source) - {"name", "url"} or not isinstance(source.get("name"), str):
            cure = _("Write source: {name: City of …, url: 'https://…'}")
            yield self.at("source", "source", _("“source” has “name” and may have “url”."), cure)
            return
        url = source.get("url")
        if url is not None and (not isinstance(url, str) or problems_in_link(url)):
            says = _("The link “%(url)s” is refused.") % {"url": visible(str(url))[:120]}
            yield self.at("source", "link-refused", says, _("Use an address that begins with https://."))

    def dates(self, *, fictional: bool) -> Iterator[PackProblem]:
        """When somebody looked, who, and until when it holds: all three or none, or only by when somebody is to look.

        Where money or time is told all three are needed; an invented place may show what an unchecked fee looks like.
        """
        given = [key for key in ("checked_on", "checked_by", "review_by") if self.value.get(key)]
        binding = any(kind in ("fee", "deadline") for kind, _value in self.guide.kinds)
        if given == ["review_by"] and not binding:
            given = []
        elif len(given) < 3 and (given or binding):
            says = _("“checked_on”, “checked_by” and “review_by” belong together; a fee or a deadline needs them.")
            refuses = bool(given) or not fictional
            yield self.at((given or ["source"])[0], "dates-missing", says, _("Write all three."), refuses=refuses)
        for key in ("checked_on", "review_by"):
            if self.value.get(key) and self.guide.day(key) is None:
                says = _("“%(text)s” is not a day.") % {"text": visible(str(self.value[key]))[:40]}
                yield self.at(key, "value-day", says, _("Write year, month, day: 2026-10-12"))
        checked, review = self.guide.day("checked_on"), self.guide.day("review_by")
        if checked and review and review <= checked:
            says = _("The page must be checked again after the day it was checked.")
            yield self.at("review_by", "dates-order", says, _("Write a later day in “review_by”."))
        if checked and checked > timezone.localdate():
            says = _("“checked_on” lies in the future.")
            cure = _("Write the day on which somebody looked.")
            yield self.at("checked_on", "dates-future", says, cure, refuses=False)

    def known(self, key: str, wanted: Any, there: set[str]) -> Iterator[PackProblem]:
        """Topic and places that exist."""
        if not isinstance(wanted, list):
            yield self.at(key, "value-list", _("“places” is a list."), _("Write for example [lindenbach]."))
            return
        for each in wanted:
            if each and each not in there:
                values = {"key": key, "value": visible(str(each))[:80]}
                says = _("“%(value)s” is not known as a value of “%(key)s”.") % values
                cure = _("Mend the key, add a row to the table, or name the pack that has it under “requires”.")
                yield self.at(key, f"{key}-unknown", says, cure)

    def parent(self, slug: str, guides: Mapping[str, Versions]) -> Iterator[PackProblem]:
        """A parent that is there."""
        parent = self.guide.said("parent")
        if parent and (parent not in guides or guides[parent].original is None):
            says = _("There is no guide “%(slug)s” in this pack.") % {"slug": visible(parent)[:80]}
            yield self.at("parent", "parent-unknown", says, _("Write the slug of another guide, or take it out."))


def _links(
    pack: Mapping[str, Any], guides: Mapping[str, Versions], versions: Versions, others: set[str]
) -> Iterator[PackProblem]:
    here = {f"{pack['pack']}/{slug}" for slug in guides}
    both = {versions.original_path: versions.original}
    both |= {path_of(versions.slug, language): guide for language, guide in versions.translations.items()}
    for path, guide in both.items():
        for target, line in guide.links if guide else ():
            ours = target.startswith(f"{pack['pack']}/")
            if target in here or (not ours and target in others):
                continue
            says = _("The link guide:%(target)s leads to no guide here.") % {"target": target}
            cure = _("Mend the slug. A guide of a pack that is not installed becomes plain words.")
            yield PackProblem(path, line, "link-nowhere", says, cure, refuses=ours)


def _cycles(guides: Mapping[str, Versions]) -> Iterator[PackProblem]:
    parents = {slug: each.original.said("parent") for slug, each in guides.items() if each.original}
    for slug in parents:
        seen, at = [slug], parents[slug]
        while at in parents and at not in seen:
            seen.append(at)
            at = parents[at]
        if at == slug:
            says = _("This guide stands below itself: %(line)s.") % {"line": " > ".join([*seen, slug])}
            line = guides[slug].original.line("parent")  # type: ignore[union-attr]
            cure = _("Take “parent” out of one of them.")
            yield PackProblem(guides[slug].original_path, line, "parent-cycle", says, cure)


def _orders(guides: Mapping[str, Versions]) -> Iterator[PackProblem]:
    taken: dict[tuple[str, Any], str] = {}
    for slug, versions in guides.items():
        original = versions.original
        if original is None or "order" not in original.front:
            continue
        place = (original.said("parent") or f"topic {original.said('topic')}", original.front["order"])
        if place in taken:
            says = _("“%(other)s” has the same order at the same place.") % {"other": taken[place]}
            line = original.line("order")
            yield PackProblem(versions.original_path, line, "order-twice", says, _("Give each its own number."))
        taken.setdefault(place, slug)


def _unused(files: Mapping[str, bytes], guides: Mapping[str, Versions]) -> Iterator[PackProblem]:
    used = {
        FOLDER + value["image" if kind == "picture" else "file"]
        for versions in guides.values()
        for guide in [versions.original, *versions.translations.values()]
        for kind, value in (guide.kinds if guide else ())
        if kind in ("picture", "audio")
    }
    for path in files:
        if path.startswith(FOLDER) and path not in used:
            says = _("No guide uses this file.")
            yield PackProblem(path, 0, "media-unused", says, _("Take it out, or use it."), refuses=False)


def _beside_original(path: str, guide: Guide, original: Guide) -> Iterator[PackProblem]:
    stamp = guide.said("original")
    if stamp and stamp != original.digest():
        says = _("The original has changed since this was translated; readers are told so.")
        cure = _("Translate what changed, then run `serai pack stamp --again %(file)s`.") % {"file": path}
        yield PackProblem(path, guide.line("original"), "translation-stale", says, cure, refuses=False)
        return
    kinds, wanted = [kind for kind, _v in guide.kinds], [kind for kind, _v in original.kinds]
    if kinds != wanted:
        shorter = min(len(kinds), len(wanted))
        at = next((n for n in range(shorter) if kinds[n] != wanted[n]), shorter)
        line = guide.lines[at] if at < len(guide.lines) else 0
        says = _("The translation has other blocks than the original (from block %(number)d on).") % {"number": at + 1}
        cure = _("The original has, in this order: %(kinds)s.") % {"kinds": ", ".join(wanted)}
        yield PackProblem(path, line, "blocks-differ", says, cure)
        return
    for (kind, value), (_k, theirs), line in zip(guide.kinds, original.kinds, guide.lines, strict=True):
        yield from _figures(path, line, kind, value, theirs)


def _figures(path: str, line: int, kind: str, value: Any, theirs: Any) -> Iterator[PackProblem]:
    for name in SAME_EVERYWHERE.get(kind, ()):
        if value[name] != theirs[name]:
            values = {"key": name, "here": str(value[name]), "there": str(theirs[name])}
            says = _("“%(key)s” is “%(here)s” here and “%(there)s” in the original.") % values
            yield PackProblem(path, line, "figures-differ", says, _("Write the same; only words are translated."))
    for name in ("steps", "items"):
        if kind in ("steps", "documents") and name in value and len(value[name]) != len(theirs[name]):
            counts = {"here": len(value[name]), "there": len(theirs[name])}
            says = _("There are %(here)d items here and %(there)d in the original.") % counts
            yield PackProblem(path, line, "blocks-differ", says, _("Translate each of them."))
    if kind == "text" and (lost := _numbers(theirs) - _numbers(value)):
        says = _("Numbers of the original are not in this text: %(numbers)s.") % {"numbers": ", ".join(sorted(lost))}
        cure = _("Look whether they were left out, or are written in words.")
        yield PackProblem(path, line, "numbers-differ", says, cure, refuses=False)


def _numbers(html: str) -> Counter[str]:
    """Numbers in a text, in plain digits whatever the script: ١٢ is 12."""
    text = "".join(
        str(unicodedata.digit(char)) if unicodedata.category(char) == "Nd" else char for char in text_of_html(html)
    )
    return Counter(re.findall(r"\d+", text))
