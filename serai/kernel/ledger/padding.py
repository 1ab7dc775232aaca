"""How many rows stand for nothing: read from padding.yaml, as every figure of the house is data with a source."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

from serai.kernel.register.house import events

from .leaves import Leaf, padding_leaf

FILE = Path(__file__).with_name("padding.yaml")


@lru_cache(maxsize=1)
def multiples() -> dict[str, int]:
    """Class -> the multiple to which it is filled up at each checkpoint, 0 for never; all declared classes."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    rows = {kind: int(row["multiple"]) for kind, row in data["classes"].items()}
    default = int(data["default"]["multiple"])
    return {event.kind: rows.get(event.kind, default) for event in events().values()}


def padding_for(counts: Mapping[str, int], day: date) -> list[Leaf]:
    """The leaves to add when so many rows of each class came since the last checkpoint; their classes shuffled."""
    found: list[Leaf] = []
    for kind, multiple in multiples().items():
        if multiple:
            count = counts.get(kind, 0)
            wanted = max(multiple, -(-count // multiple) * multiple)
            found += [padding_leaf(kind, day) for _ in range(wanted - count)]
    secrets.SystemRandom().shuffle(found)
    return found
