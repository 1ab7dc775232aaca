"""Who made the words of the interface in each language: a machine's draft says so on every page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

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
def _rows() -> dict[str, Made]:
    rows = yaml.safe_load((Path(__file__).parent / "interface.yaml").read_text(encoding="utf-8"))
    return {row["tag"]: row["made"] for row in rows}


@lru_cache(maxsize=64)
def interface(tag: str) -> Interface:
    """The interface shown to a language: its own, or the nearest along the chain, at last the original."""
    for candidate in chain(tag):
        if candidate in _rows():
            return Interface(candidate, _rows()[candidate])
    original = next(name for name, made in _rows().items() if made == "original")
    return Interface(language(original).tag, "original")
