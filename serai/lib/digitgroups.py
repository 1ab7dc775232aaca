"""Secrets written as groups of digits, so that people of any script can copy them, and a slip is found where it is.

A group is four digits and a fifth that checks them. The check digit is Damm's (H. M. Damm, 2004): it finds every single
wrong digit and every swap of two neighbours, the check digit included. ISO 7064 MOD 11-10 misses swaps such as 01 and
10; MOD 97-10 costs two digits a group. Damm's calculation begins here with the place of the group, so a group that was
left out, written twice or swapped with its neighbour does not fit either.

Groups are written from left to right in every script: show them in an element with dir="ltr".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Literal

GROUP = 5
"""Digits of a group: four that carry 0 to 9999, and the check digit."""

Wrong = Literal["empty", "not-digits", "wrong-group", "too-short", "too-long"]

# A quasigroup of order ten without symmetry, published by Damm. The tests check what it is used for.
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip

_MAX_CHARACTERS = 5_000


class GroupsRefused(ValueError):
    """The text is not such groups. code: see Wrong; groups: numbers (from 1) of those that are wrong, nearest first.

    Never holds the text: it is a secret.
    """

    def __init__(self, code: Wrong, groups: Sequence[int] = ()) -> None:
        super().__init__(f"{code}: {', '.join(map(str, groups))}" if groups else code)
        self.code: Wrong = code
        self.groups = tuple(groups)


def check_digit(digits: str, place: int) -> str:
    """Damm's digit for the ASCII digits of group number `place` (from 1)."""
    state = place % 10
    for digit in digits:
        state = int(_DAMM[state][int(digit)])
    return str(state)


def show_groups(numbers: Sequence[int]) -> list[str]:
    """Each number (0 to 9999) as a group of five ASCII digits. ValueError for another number."""
    if not all(0 <= number <= 9999 for number in numbers):
        raise ValueError("a group carries 0 to 9999")
    return [f"{n:04d}{check_digit(f'{n:04d}', place)}" for place, n in enumerate(numbers, 1)]


def read_groups(text: str, count: int | None = None) -> list[int]:
    """The numbers of groups in decimal digits of any script, with spaces, punctuation or line breaks anywhere.

    count: how many there must be, None for any number of them. Raises GroupsRefused. A digit that was lost or doubled
    is found by the spaces where there are any, else by the first group that does not fit.
    """
    chunks = _chunks(text)
    digits = "".join(chunks)
    if not digits:
        raise GroupsRefused("empty")
    if len(digits) % GROUP and (odd := _odd_chunks(chunks)):
        raise GroupsRefused("wrong-group", odd)
    groups = [digits[at : at + GROUP] for at in range(0, len(digits), GROUP)]
    wrong = [place for place, group in enumerate(groups, 1) if not _fits(group, place)]
    if wrong and wrong[0] <= (count or wrong[0]):
        cut = wrong == [len(groups)] and len(groups[-1]) < GROUP
        raise GroupsRefused("too-short" if cut and count else "wrong-group", wrong)
    if count is not None and len(groups) != count:
        raise GroupsRefused("too-short" if len(groups) < count else "too-long")
    return [int(group[:-1]) for group in groups]


def _fits(group: str, place: int) -> bool:
    return len(group) == GROUP and check_digit(group[:-1], place) == group[-1]


def _chunks(text: str) -> list[str]:
    """Runs of digits, made ASCII. Invisible marks of direction are passed over: they come along when text is copied."""
    if len(text) > _MAX_CHARACTERS:
        raise GroupsRefused("too-long")
    kept: list[str] = []
    read = 0
    for char in text:
        category = unicodedata.category(char)
        if category == "Nd":
            kept.append(str(unicodedata.decimal(char)))
            read += 1
        elif char.isspace() or category[0] == "P" or char == "|":
            kept.append(" ")
        elif category != "Cf":
            raise GroupsRefused("not-digits", [read // GROUP + 1])
    return "".join(kept).split()


def _odd_chunks(chunks: Sequence[str]) -> list[int]:
    """Numbers of the groups whose length is wrong, when most were written apart as whole groups."""
    odd: list[int] = []
    place = 1
    for chunk in chunks:
        if len(chunk) % GROUP:
            odd.append(place)
        place += max(1, round(len(chunk) / GROUP))
    return odd if len(odd) * 2 < len(chunks) else []
