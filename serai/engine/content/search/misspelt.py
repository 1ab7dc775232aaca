"""Words that a person may have meant: near in letters, found by what is left of a word without its vowels.

A word is kept under its frame (consonants, doubled letters once, letters of one sound as one) and under the frame with
each letter left out. Two words that share such a key are compared letter by letter (Damerau: dropped, added, changed,
two swapped). All of it happens in Python, so no database has to know what a vowel is.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import groupby

LONGEST = 30
"""Longer words are rare and are not guessed at."""
_SHORTEST_FRAME = 2

# Letters that carry vowels, after folding (lib/fold): Latin, Cyrillic with its signs, Arabic with its hamza.
_VOWELS = frozenset("aeiouyаеиоуыэюяіїєйьъاويء")
# Written for one another, because they sound alike to many: Ethiopic rows by their first letter, Bengali, Devanagari.
_ALIKE = {
    "ሐ": "ሀ", "ኀ": "ሀ", "ሠ": "ሰ", "ዐ": "አ", "ፀ": "ጸ", "ኸ": "ከ",
    "श": "स", "ष": "स", "ण": "न", "व": "ब",
    "ث": "س", "ص": "س", "ذ": "ز", "ظ": "ز", "ض": "ز", "ط": "ت", "ق": "غ", "ه": "ح",
}  # fmt: skip
_ETHIOPIC = ("\u1200", "\u135a")
_WORDS_OF_FEW_LETTERS = (("\u0620", "\u06ff"), ("\u0900", "\u0dff"), _ETHIOPIC)
"""Scripts that leave vowels out or hang them on letters: three letters are a word there that can be misspelt."""


def letters(word: str) -> int:
    """How many letters a word has, each counted with its marks."""
    return len(word) if word.isascii() else sum(unicodedata.category(char)[0] != "M" for char in word)


def most_errors(word: str) -> int:
    """How far from a word another may be and still be meant: none for short words and numbers, one, or two."""
    count = letters(word)
    few = any(first <= word[0] <= last for first, last in _WORDS_OF_FEW_LETTERS)
    if count < (3 if few else 4) or len(word) > LONGEST:
        return 0
    if not word.isalpha() and any(char.isdigit() for char in word):
        return 0
    return 1 if count < 6 else 2


@cache
def _frame_letter(char: str) -> str:
    if _ETHIOPIC[0] <= char <= _ETHIOPIC[1]:
        char = chr(ord(char) & ~7)
    char = _ALIKE.get(char, char)
    return "" if char in _VOWELS or unicodedata.category(char)[0] == "M" else char


def frame(word: str) -> str:
    """The consonants of a word; its first letter stays whatever it is."""
    return _once((_frame_letter(word[0]) or word[0]) + "".join(map(_frame_letter, word[1:])))


def _once(text: str) -> str:
    """Letters that stand several times side by side, once."""
    return "".join(char for char, _ in groupby(text))


def keys(word: str) -> set[str]:
    """Under which a word is kept and looked for; none for words that are not guessed at."""
    if not most_errors(word):
        return set()
    whole = frame(word)
    left = {whole, whole[1:]}
    for at in range(1, len(whole)):  # two that were beside the one left out, and are the same, become one
        left.add(whole[:at] + whole[at + 1 + (whole[at - 1 : at] == whole[at + 1 : at + 2]) :])
    return {key for key in left if len(key) >= _SHORTEST_FRAME} or {word}


def distance(one: str, other: str, most: int) -> int:
    """Letters dropped, added, changed or swapped with a neighbour between two words; most + 1 when there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, start=1):
        before, last, row = row, before, [at]
        for to, wanted in enumerate(other, start=1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (char != wanted))
            if at > 1 and to > 1 and char == other[to - 2] and one[at - 2] == wanted:
                cost = min(cost, last[to - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
