"""The sentences that stand in the code: what xgettext finds, found without it, so that every check can know them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

LATER = ("gettext", "ngettext", "pgettext", "npgettext")
MARKS = {**DEFAULT_KEYWORDS, **{f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in LATER}, "gettext_noop": None}
TEMPLATES = frozenset({".html", ".txt"})
NOT_SAID = frozenset({"tests", "migrations", "locale"})

Sentence = tuple[str, str]
"""Context ("" for none) and the English words, in the singular."""


def sentences(part: Path) -> dict[Sentence, Path]:
    """Every sentence that one part of the house can say, with a file that says it."""
    found: dict[Sentence, Path] = {}
    for path in sorted(part.rglob("*")):
        if NOT_SAID & set(path.relative_to(part).parts) or path.suffix not in {".py", *TEMPLATES}:
            continue
        for sentence in _of(path):
            found.setdefault(sentence, path)
    return found


def _of(path: Path) -> Iterator[Sentence]:
    text = path.read_text(encoding="utf-8")
    if path.suffix in TEMPLATES:
        if "{%" not in text:
            return
        text = templatize(text)
    for _, message, _, context in extract("python", io.BytesIO(text.encode()), keywords=MARKS):
        words = message[0] if isinstance(message, tuple) else message
        if words:
            yield (context or "", words)
