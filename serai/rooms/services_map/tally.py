"""How the services given at a point are counted: for whom apart, by how much, and what of it may leave the house.

Against telling people apart by subtracting one report from another: a report is about whole months or whole weeks that
are over (tally_periods.py), every number in it is rounded the same way each time it is asked, sums are rounded from
what was counted and not from rounded parts, and what is small stands merged with something that is not, so that the sum
less the other parts does not tell it (queries/tally_report.py). Of a week that is too small to be shown nothing tells
whether there was anything at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from serai.kernel.languages.words import say

NOT_SAID = ""
NAMES = {"women": _("Women"), "men": _("Men"), "girls": _("Girls"), "boys": _("Boys"), NOT_SAID: _("Not said")}
MOST_GROUPS = 8
"""More would not be coarse: two people at one point could be told apart."""

_OURS = Path(__file__).parent / "tally.yaml"
_KEYS = {"groups", "steps", "small_number", "round_to", "sheet_days", "press_days"}


class BadTallyFile(ValueError):
    """The operator's file cannot be used; the message says why."""


@dataclass(frozen=True)
class Group:
    """A coarse class of people. names: tag -> name, of the operator's own; else the catalogues have it."""

    key: str
    names: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> Any:
        """What it is called, in the language that is speaking."""
        return say(dict(self.names), get_language() or "en").text if self.names else NAMES[self.key]


@dataclass(frozen=True)
class Rules:
    """What tally.yaml says. groups end with "not said"."""

    groups: tuple[Group, ...]
    steps: tuple[int, ...]
    small_number: int
    round_to: int
    sheet_days: int
    press_days: int

    def published(self, count: int) -> int | None:
        """A number as it may leave the house; None for one that is too small to be shown, nothing at all included."""
        if count < self.small_number:
            return None
        # Halves upward, for any step: a number of people is never rounded to less than the smallest that is shown.
        return max(self.small_number, (2 * count + self.round_to) // (2 * self.round_to) * self.round_to)


def rules() -> Rules:
    """The rules of this house. Raises BadTallyFile."""
    return _read(Path(settings.SERAI_TALLY_FILE) if settings.SERAI_TALLY_FILE else _OURS)


def group_names() -> dict[str, Any]:
    """Names of the groups by key, "not said" among them."""
    return {group.key: group.name for group in rules().groups}


@lru_cache(maxsize=2)
def _read(path: Path) -> Rules:
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadTallyFile(f"{path} cannot be read: {error}") from error
    if not isinstance(said, dict) or said.keys() != _KEYS:
        raise BadTallyFile(f"{path} has to say exactly: {', '.join(sorted(_KEYS))}")
    numbers = {key: said[key] for key in _KEYS - {"groups", "steps"}}
    steps = said["steps"]
    if not isinstance(steps, list) or not steps or not all(_is_count(number) for number in (*steps, *numbers.values())):
        raise BadTallyFile(f"{path}: steps and numbers are whole and above 0")
    if numbers["round_to"] < 2 or numbers["small_number"] < 2:
        raise BadTallyFile(f"{path}: with small_number or round_to of 1 single people would be told apart")
    groups = [_group(path, row) for row in said["groups"] or ()]
    if len({group.key for group in groups}) < len(groups) or len(groups) > MOST_GROUPS:
        raise BadTallyFile(f"{path}: at most {MOST_GROUPS} groups, each once")
    return Rules(groups=(*groups, Group(NOT_SAID)), steps=tuple(steps), **numbers)


def _group(path: Path, row: Any) -> Group:
    key, names = (str(row.get("key")), row.get("names") or {}) if isinstance(row, dict) else ("", {})
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,19}", key) or not (names or key in NAMES):
        raise BadTallyFile(f"{path}: a group has a key (a-z, 0-9, -) and names by language, not {row!r}")
    return Group(key, tuple((str(tag), str(name)) for tag, name in names.items()))


def _is_count(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number > 0
