"""Who made the words of the interface in each language: a machine's draft says so on every page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from gettext import c2py
from pathlib import Path
from typing import Any, Literal

import yaml

from .registry import chain, language

Made = Literal["original", "machine", "reviewed"]


@dataclass(frozen=True)
class Interface:
    """The interface as one language gets it. tag: the language whose words are really shown."""

    tag: str
    made: Made

    @property
    def is_draft(self) -> bool:
        """Whether no speaker has reviewed these words yet."""
        return self.made == "machine"


@lru_cache(maxsize=1)
def _rows() -> dict[str, dict[str, Any]]:
    rows = yaml.safe_load((Path(__file__).parent / "interface.yaml").read_text(encoding="utf-8"))
    return {row["tag"]: row for row in rows}


def translated() -> tuple[str, ...]:
    """Tags of the languages that have catalogues: all but the one in which the sentences are written."""
    return tuple(tag for tag, row in _rows().items() if row["made"] != "original")


def plural_forms(tag: str) -> str:
    """How the catalogues of a language count, as gettext writes it; KeyError for one that has none."""
    return str(_rows()[tag]["plural"])


@lru_cache(maxsize=64)
def counting(tag: str) -> Callable[[int], int]:
    """Which plural form a whole number takes in the catalogues of a language, from 0."""
    return c2py(plural_forms(tag).partition("plural=")[2].rstrip(";"))


@lru_cache(maxsize=64)
def interface(tag: str) -> Interface:
    """The interface shown to a language: its own, or the nearest along the chain, at last the original."""
    for candidate in chain(tag):
        if candidate in _rows():
            return Interface(candidate, _rows()[candidate]["made"])
    original = next(name for name, row in _rows().items() if row["made"] == "original")
    return Interface(language(original).tag, "original")
