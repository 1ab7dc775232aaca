"""XLIFF files out, one for each guide and language, and back in: checked unit by unit before anything is saved."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from serai.kernel.access.viewer import Viewer
from serai.kernel.languages.registry import known, language
from serai.lib import xliff
from serai.lib.atomic import FileRefused, unzip_bounded
from serai.lib.direction import visible
from serai.lib.markup import clean_html

from ...access import EDITORS
from ...models import GuidePage
from ...packs.house_form import HouseForm, linked
from ...texts import text_problems
from ..integreat.reading import without_bidi
from ..linking import page_to_link, with_links
from ..spreadsheet.standing import Standing, by_place, house_kinds, ids_of_keys
from .units import SUMMARY, TITLE, Kinds, Piece, hrefs, kinds_with, pieces_of, same_words

MAX_FILES = 2_000
MAX_UNZIPPED = 60 << 20
GUIDE = ("guide",)
_STATES = GuidePage.Translation
_REVIEWED = ("reviewed", "final")
_NONE = "-"


@dataclass(frozen=True)
class FileProblem:
    """One thing wrong in a translator's file. unit: the place of the text, "" for the file. refuses: False when it was
    only cleaned."""

    file: str
    unit: str
    code: str
    says: str
    cure: str
    refuses: bool = True

    def as_row(self) -> dict[str, Any]:
        """For a report."""
        return dict(self.__dict__)


@dataclass(frozen=True)
class Translation:
    """A translation that can be saved: the original's standing, and the words in their language."""

    original: Standing
    language: str
    title: str
    summary: str
    body: Kinds
    state: str
    made_from: str


@dataclass(frozen=True)
class Arrived:
    """All that came in one upload."""

    translations: list[Translation]
    problems: list[FileProblem]

    @property
    def is_ready(self) -> bool:
        """Whether it can be saved."""
        return bool(self.translations) and not any(problem.refuses for problem in self.problems)


def file_for(original: GuidePage, tag: str) -> tuple[str, bytes]:
    """Name and bytes of the XLIFF file of a guide for a language; what is translated already stands in it."""
    form = HouseForm.of([original])
    pieces = pieces_of(original.title, original.summary, house_kinds(form, original))
    there = by_place([original.key], [str(original.organisation_id)]).get((original.key, tag))
    targets, state = _targets(pieces, there, original)
    units = [xliff.Unit(piece.id, piece.text, targets.get(piece.id), state, piece.note) for piece in pieces]
    stamp = "#".join((original.key, original.text_digest, there.digest if there else _NONE))
    name = f"{original.key.replace('/', '_')}.{original.tag}-{tag}.xlf"
    return name, xliff.write(xliff.Xliff(stamp, original.tag, tag, units))


def zip_for(originals: Iterable[GuidePage], tag: str) -> bytes:
    """One archive with a file for each guide."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for original in originals:
            archive.writestr(*file_for(original, tag))
    return buffer.getvalue()


def arrived(name: str, data: bytes, *, viewer: Viewer) -> Arrived:
    """What an uploaded XLIFF file, or archive of such files, brings."""
    if not data.startswith(b"PK"):
        files = {name: data}
    else:
        try:
            files = unzip_bounded(data, max_files=MAX_FILES, max_bytes=MAX_UNZIPPED)
        except FileRefused as error:
            says = _("The archive cannot be read: %(why)s") % {"why": visible(str(error))[:200]}
            return Arrived([], [FileProblem(name, "", error.code, says, _("Send the files one by one."))])
    translations: list[Translation] = []
    problems: list[FileProblem] = []
    for path, content in sorted(files.items()):
        if not path.lower().endswith((".xlf", ".xliff", ".xml")):
            says = _("This is no XLIFF file.")
            problems.append(FileProblem(path, "", "not-xliff", says, _("Take it out of the archive."), len(files) == 1))
            continue
        reader = _File(path, viewer)
        found = reader.read(content)
        problems += reader.problems
        translations += [found] if found else []
    problems += _twice(translations)
    return Arrived(translations, problems)


def _targets(
    pieces: Sequence[Piece], there: Standing | None, original: GuidePage
) -> tuple[dict[str, str], xliff.State]:
    """The words of a translation that has the same pieces, and how far they can be relied on."""
    if there is None:
        return {}, "initial"
    own = pieces_of(there.newest.title, there.newest.summary, there.kinds)
    targets = {piece.id: piece.text for piece in own}
    if set(targets) != {piece.id for piece in pieces}:
        targets = {name: text for name, text in targets.items() if name in (TITLE, SUMMARY)}
    is_done = there.is_current and there.newest.translation != _STATES.MACHINE
    reviewed: xliff.State = "reviewed" if there.newest.translation == _STATES.REVIEWED else "translated"
    return targets, reviewed if is_done else "initial"


class _File:
    """One file on its way in."""

    def __init__(self, name: str, viewer: Viewer) -> None:
        self.name, self.viewer = name, viewer
        self.problems: list[FileProblem] = []

    def read(self, data: bytes) -> Translation | None:
        """The translation, or None with the reasons in `problems`."""
        document, errors = xliff.read(data)
        again = _("Export the file again, and let the translator's tool save it as XLIFF 2.0.")
        for error in errors:
            says = _("The file cannot be read here: %(code)s %(detail)s")
            self._say(error.unit, error.code, says % {"code": error.code, "detail": visible(error.detail)[:120]}, again)
        if document is None or errors:
            return None
        key, _hash, rest = document.original.partition("#")
        digest, _hash, theirs = rest.partition("#")
        there = by_place([key], self.viewer.organisations(*EDITORS))
        source = next((one for one in there.values() if one.is_original), None)
        tag = language(document.target_language).tag if known(document.target_language) else ""
        if source is None or not digest or not tag or tag == source.page.tag:
            says = _("The file belongs to no guide of yours: %(key)s, %(language)s.")
            says %= {"key": visible(key)[:120] or "?", "language": visible(document.target_language)[:20]}
            self._say("", "guide-unknown", says, again)
            return None
        self._changed_meanwhile(source, digest, there.get((key, tag)), theirs)
        pieces = pieces_of(source.page.title, source.page.summary, self._kinds(source))
        texts = self._texts(pieces, {unit.id: unit for unit in document.units})
        if any(problem.refuses for problem in self.problems):
            return None
        return self._translation(source, tag, pieces, texts, document.units, there.get((key, tag)))

    def _kinds(self, source: Standing) -> Kinds:
        return house_kinds(HouseForm.of([source.page]), source.page)

    def _changed_meanwhile(self, source: Standing, digest: str, there: Standing | None, theirs: str) -> None:
        if digest != source.page.text_digest:
            says = _("The original was changed after this file was made.")
            cure = _("Export the file again; words that are still right stand in it already.")
            self._say("", "original-changed", says, cure)
        if theirs != (there.digest if there else _NONE):
            says = _("Somebody changed the translation in the house after this file was made.")
            self._say("", "translation-changed", says, _("Export the file again, and put your words into it."))
        if there is not None and there.waits:
            says = _("A draft of this translation waits for a second person.")
            self._say("", "waits", says, _("Let the second person decide first, then import."))

    def _texts(self, pieces: Sequence[Piece], units: dict[str, xliff.Unit]) -> dict[str, str]:
        known_ids = {piece.id for piece in pieces}
        for name in units.keys() - known_ids:
            says = _("The original has no such text.")
            self._say(name, "unit-unknown", says, _("Export the file again; add no units to it."))
        texts = {}
        for piece in pieces:
            unit = units.get(piece.id)
            if unit is None:
                says = _("The file has lost this text: %(words)s") % {"words": piece.text[:60]}
                self._say(piece.id, "unit-missing", says, _("Export the file again; take no units out of it."))
            elif not same_words(unit.source, piece.text):
                says = _("The words to translate were changed in the file: %(words)s") % {"words": unit.source[:60]}
                self._say(piece.id, "source-changed", says, _("Export the file again; change only the translation."))
            elif not (unit.target or "").strip():
                says = _("This is not translated yet: %(words)s") % {"words": piece.text[:60]}
                self._say(piece.id, "untranslated", says, _("Translate it and send the file again."))
            else:
                texts[piece.id] = self._text(piece, unit.target or "")
        return texts

    def _text(self, piece: Piece, target: str) -> str:
        text, turning = without_bidi(target)
        if turning:
            says = _("A hidden character turns the direction of the text.")
            self._say(piece.id, "bidi-control", says, _("Delete it and type the words again."))
        fit = xliff.check_placeholders(piece.text, text)
        if not fit.fits:
            says = _("Placeholders or links differ. Missing: %(missing)s. Too many: %(extra)s.")
            says %= {"missing": ", ".join(fit.missing) or "–", "extra": ", ".join(fit.extra) or "–"}
            self._say(piece.id, "placeholders", says, _("Keep what stands in braces or in a link as it is."))
        if not piece.is_html:
            return text.strip()
        cleaned = clean_html(text, extra_schemes=GUIDE)
        if cleaned.dropped:
            says = _("This was taken out: %(names)s.") % {"names": ", ".join(sorted(cleaned.dropped))}
            self._say(piece.id, "cleaned", says, _("Nothing to do."), refuses=False)
        if fit.fits and hrefs(cleaned.html) != hrefs(clean_html(piece.text, extra_schemes=GUIDE).html):
            says = _("A link leads somewhere else than in the original, or is refused.")
            self._say(piece.id, "links", says, _("Keep the address of each link; translate only its words."))
        return cleaned.html

    def _translation(
        self,
        source: Standing,
        tag: str,
        pieces: Sequence[Piece],
        texts: dict[str, str],
        units: Sequence[xliff.Unit],
        there: Standing | None,
    ) -> Translation | None:
        kinds = kinds_with(self._kinds(source), pieces, texts)
        ids = ids_of_keys(linked(kinds))
        body = [
            (kind, with_links(value, tag, lambda key, own: page_to_link(ids, key, own)) if kind == "text" else value)
            for kind, value in kinds
        ]
        title, summary = texts[TITLE], texts.get(SUMMARY, "")
        for problem in text_problems(title=title, summary=summary, body=body):
            self._say(problem.where, "text", problem.says, _("Change it in the file and send it again."))
        if any(problem.refuses for problem in self.problems):
            return None
        state = _state_of(pieces, units, there)
        return Translation(source, tag, title, summary, body, state, source.page.text_digest)

    def _say(self, unit: str, code: str, says: str, cure: str, *, refuses: bool = True) -> None:
        self.problems.append(FileProblem(self.name, visible(unit)[:80], code, says, cure, refuses))


def _state_of(pieces: Sequence[Piece], units: Sequence[xliff.Unit], there: Standing | None) -> str:
    """Reviewed when the file says so of every text; a machine's while nobody has touched one of its texts."""
    if all(unit.state in _REVIEWED for unit in units):
        return _STATES.REVIEWED
    if there is not None and there.newest.translation == _STATES.MACHINE:
        own = {piece.id: piece.text for piece in pieces_of(there.newest.title, there.newest.summary, there.kinds)}
        untouched = [
            unit for unit in units if unit.state == "initial" and same_words(unit.target or "", own.get(unit.id, ""))
        ]
        if untouched:
            return _STATES.MACHINE
    return _STATES.HUMAN


def _twice(translations: Sequence[Translation]) -> Iterator[FileProblem]:
    seen: set[tuple[str, str]] = set()
    for one in translations:
        place = (one.original.page.key, one.language)
        if place in seen:
            says = _("Two files hold %(key)s in %(language)s.") % {"key": place[0], "language": place[1]}
            yield FileProblem("", "", "file-twice", says, _("Take one of them out."))
        seen.add(place)
