"""The languages the house knows, and how one falls back to another.

Plain data from languages.yaml, readable before Django is set up: the settings are made from it. Addresses carry the
BCP 47 tag (`/prs/...`); kernel/languages owns these prefixes, not Django, which knows no ti, prs or fil.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

RIGHT_TO_LEFT = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo"})
TALL = frozenset({"Arab", "Ethi", "Mymr", "Beng", "Deva", "Taml", "Sinh"})
"""Scripts with tall marks: larger type and more room between lines."""


class UnknownLanguage(LookupError):
    """The tag is not in languages.yaml: add a row there."""


@dataclass(frozen=True)
class Language:
    """One language. tag: BCP 47; name: its own name; english: for the desk; script: ISO 15924."""

    tag: str
    name: str
    english: str
    script: str
    fallback: tuple[str, ...]
    django: str

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Value of the HTML attribute dir."""
        return "rtl" if self.script in RIGHT_TO_LEFT else "ltr"

    @property
    def is_tall(self) -> bool:
        """Whether the script needs larger type."""
        return self.script in TALL


@lru_cache(maxsize=1)
def languages() -> dict[str, Language]:
    """All languages the house knows, by tag, in the order of the file."""
    rows = yaml.safe_load((Path(__file__).parent / "languages.yaml").read_text(encoding="utf-8"))
    return {
        row["tag"]: Language(
            row["tag"],
            row["name"],
            row["english"],
            row["script"],
            tuple(row.get("fallback", ())),
            row.get("django", row["tag"]),
        )
        for row in rows
    }


@lru_cache(maxsize=1)
def _by_lower() -> dict[str, Language]:
    return {tag.lower(): language for tag, language in languages().items()}


def language(tag: str) -> Language:
    """The language of a tag, whatever its capitals. Raises UnknownLanguage."""
    try:
        return _by_lower()[tag.lower()]
    except KeyError:
        raise UnknownLanguage(tag) from None


def known(tag: str) -> bool:
    """Whether the house knows the tag."""
    return tag.lower() in _by_lower()


@lru_cache(maxsize=512)
def chain(tag: str, house: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Where to look for a text, in order: the language, its own fallbacks, then the house's languages."""
    first = language(tag)
    order = [first.tag, *first.fallback, *house]
    return tuple(dict.fromkeys(order))
