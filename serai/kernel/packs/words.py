"""words/<lang>.yaml: all human text of a pack's tables, by key. What is missing, unknown or out of date.

A translation's file ends with `original:`, which `serai pack stamp` writes: for each key the first 12 signs of the
SHA-256 of the original's words it was made from.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from serai.kernel.languages.registry import known
from serai.kernel.register.ports import PACK_WORDS, PackProblem
from serai.lib.direction import find_bidi_controls, visible
from serai.lib.plainyaml import dump

from .head import Head
from .yaml_text import Lined, read_yaml

PATH = re.compile(r"^words/([A-Za-z0-9-]+)\.yaml$")
STAMP = "original"
LONGEST = 2000


@dataclass(frozen=True)
class Words:
    """The words of one language: texts and lines by key (`places.lindenbach.name`), stamps by key."""

    file: str
    language: str
    texts: dict[str, str]
    lines: dict[str, int]
    stamps: dict[str, str]


def is_words(path: str) -> bool:
    """Whether a path is a file of words."""
    return bool(PATH.match(path))


def stamp_of(text: str) -> str:
    """What `original:` holds for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read_words(files: Mapping[str, bytes]) -> tuple[dict[str, Words], list[PackProblem]]:
    """The words of each language, by tag, and what cannot be read."""
    found: dict[str, Words] = {}
    problems: list[PackProblem] = []
    for path in sorted(files):
        match = PATH.match(path)
        if not match:
            continue
        try:
            lined = read_yaml(files[path].decode("utf-8"))
        except UnicodeDecodeError:
            problems.append(PackProblem(path, 0, "not-utf8", _("This file is not UTF-8 text."), _("Save it as UTF-8.")))
            continue
        problems += lined.problems(path)
        words, wrong = _flattened(path, match[1], lined)
        found[match[1]] = words
        problems += wrong
    return found, problems


def check_words(head: Head, files: Mapping[str, bytes]) -> list[PackProblem]:
    """All that is wrong with the words of a pack."""
    words, problems = read_words(files)
    needed = {key for offer in PACK_WORDS for key in offer(head.mapping(), dict(files))}
    for tag in words:
        if tag not in head.languages:
            cure = _("Add the language to pack.yaml, or take this file out.")
            says = _("pack.yaml does not list this language.") if known(tag) else _("The house does not know it.")
            problems.append(PackProblem(words[tag].file, 0, "language-unlisted", says, cure))
    original = words.get(head.languages[0])
    for tag in head.languages:
        file = f"words/{tag}.yaml"
        here = words.get(tag)
        if here is None:
            if needed:
                problems.append(_absent(file, tag == head.languages[0]))
            continue
        problems += _missing(here, needed, original, tag == head.languages[0])
        problems += _unknown(here, needed)
        if original and here is not original:
            problems += _stale(here, original)
    return problems


def stamp_words(head: Head, files: Mapping[str, bytes], again: frozenset[str]) -> dict[str, bytes]:
    """The files of words whose translations now say from which original they were made; only those that change.

    A stamp that is there stays, unless its file is in `again`: the words may not have been looked at since.
    """
    words, _problems = read_words(files)
    original = words.get(head.languages[0])
    changed: dict[str, bytes] = {}
    for tag in head.languages[1:]:
        here = words.get(tag)
        if here is None or original is None:
            continue
        kept = {} if here.file in again else here.stamps
        stamps = {key: kept.get(key) or stamp_of(original.texts[key]) for key in here.texts if key in original.texts}
        if stamps != here.stamps:
            text = re.split(rf"(?m)^{STAMP}:", files[here.file].decode(), maxsplit=1)[0].rstrip() + "\n"
            changed[here.file] = (text + dump({STAMP: dict(stamps)})).encode()
    return changed


def words_text(texts: Mapping[str, str], stamps: Mapping[str, str] | None = None) -> bytes:
    """A file of words in its normal form, from texts by dotted key."""
    tree: dict[str, Any] = {}
    for key, text in texts.items():
        *folders, last = key.split(".")
        at = tree
        for folder in folders:
            at = at.setdefault(folder, {})
        at[last] = text
    if stamps:
        tree[STAMP] = dict(stamps)
    return dump(tree).encode() if tree else b""


def _flattened(path: str, tag: str, lined: Lined) -> tuple[Words, list[PackProblem]]:
    words = Words(path, tag, {}, {}, {})
    problems: list[PackProblem] = []
    tree = lined.value if isinstance(lined.value, dict) else {}
    if lined.value is not None and not isinstance(lined.value, dict):
        cure = _("Write keys with two spaces before each deeper level, as in docs/packs.md.")
        problems.append(PackProblem(path, 1, "words-shape", _("Words stand under keys."), cure))
    for key, stamp in (tree.pop(STAMP, None) or {}).items():
        words.stamps[key] = str(stamp)
    _descend(tree, (), lined, words, problems)
    return words, problems


def _descend(at: Any, where: tuple[str, ...], lined: Lined, words: Words, problems: list[PackProblem]) -> None:
    key, line = ".".join(where), lined.line(*where)
    if isinstance(at, dict):
        for name, below in at.items():
            _descend(below, (*where, name), lined, words, problems)
        return
    if at in (None, "") or isinstance(at, list | bool):
        says = _("“%(key)s” has no text.") % {"key": key}
        problems.append(PackProblem(words.file, line, "words-empty", says, _("Write the text, or take the key out.")))
        return
    text = str(at)
    words.texts[key], words.lines[key] = text, line
    for hidden in find_bidi_controls(text)[:1]:
        says = _("“%(text)s” holds a character that turns the direction of reading.") % {"text": visible(text)[:120]}
        problems.append(PackProblem(words.file, line, hidden.code, says, _("Write it without the hidden character.")))
    if len(text) > LONGEST:
        says = _("The text of “%(key)s” is longer than %(most)d characters.") % {"key": key, "most": LONGEST}
        problems.append(PackProblem(words.file, line, "words-long", says, _("Make it shorter.")))


def _absent(file: str, original: bool) -> PackProblem:
    if original:
        says = _("The tables need words, but this file is not there.")
        return PackProblem(file, 0, "words-missing", says, _("Make it; docs/packs.md lists the keys."))
    says = _("Nothing is translated in this language yet; readers see the original.")
    return PackProblem(file, 0, "words-missing", says, _("Make the file when a translation is there."), refuses=False)


def _missing(here: Words, needed: Iterable[str], original: Words | None, is_original: bool) -> list[PackProblem]:
    found = []
    for key in sorted(set(needed) - here.texts.keys()):
        says = _("The words for “%(key)s” are missing.") % {"key": key}
        cure = _("Add the key with its text.")
        if not is_original:
            cure = _("Add the key with its text; until then readers see the original.")
        found.append(PackProblem(here.file, 0, "words-missing", says, cure, refuses=is_original))
    return found


def _unknown(here: Words, needed: Iterable[str]) -> list[PackProblem]:
    known_keys = set(needed)
    return [
        PackProblem(
            here.file,
            here.lines[key],
            "words-unknown",
            _("No table of this pack has “%(key)s”.") % {"key": key},
            _("Add the row to its table, mend the key, or take it out."),
        )
        for key in here.texts
        if key not in known_keys
    ]


def _stale(here: Words, original: Words) -> list[PackProblem]:
    return [
        PackProblem(
            here.file,
            here.lines.get(key, 0),
            "words-stale",
            _("“%(key)s” was translated from words that have changed since.") % {"key": key},
            _("Translate it again, then run `serai pack stamp --again %(file)s`.") % {"file": here.file},
            refuses=False,
        )
        for key, stamp in here.stamps.items()
        if key in original.texts and key in here.texts and stamp != stamp_of(original.texts[key])
    ]
