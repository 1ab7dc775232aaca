"""One figure with its aim, and how figures become a table."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """what: in words. measured: with its unit. aim: in words, "" when there is none. reached: None without an aim."""

    what: str
    measured: str
    aim: str = ""
    reached: bool | None = None
    note: str = ""


@dataclass(frozen=True)
class Section:
    """What one part of the measurement found. seconds: how long it took."""

    title: str
    how: str
    figures: Sequence[Figure]
    seconds: float = 0.0


def not_measured(what: str, why: str) -> Figure:
    """A figure that could not be had, with the reason; it counts as not reached, never as passed."""
    return Figure(what, "not measured", "", False, why)


def median(values: Sequence[float]) -> float:
    """The middle of several runs."""
    return statistics.median(values)


def table(figures: Sequence[Figure]) -> str:
    """Markdown."""
    words = {True: "yes", False: "**no**", None: ""}
    lines = ["| what | measured | aim | reached | note |", "|---|---|---|---|---|"]
    for row in figures:
        lines.append(f"| {row.what} | {row.measured} | {row.aim} | {words[row.reached]} | {row.note} |")
    return "\n".join(lines)
