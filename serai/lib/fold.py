"""Text folded for search, so that people find what they mean and not only what they typed.

A person searches without accents, with another keyboard's ya or kaf, with Arabic or Latin digits, or copies a word
full of invisible characters. Query and page go through the same folding. Scripts whose marks are vowels (Ethiopic,
Indic, Burmese, Thai) are left whole: without their marks the words become others. Tables: Unicode 14 (Python 3.11).
"""

from __future__ import annotations

import unicodedata
from functools import cache

# Languages that write a glottal stop or a soft sign with an apostrophe inside the word (Somali go'aan, Ukrainian
# м'ята, Oromo, Hausa). Elsewhere it parts words (French l'école, English worker's).
_APOSTROPHE_IS_A_LETTER = frozenset({"uk", "be", "so", "om", "ha", "uz"})
_APOSTROPHES = "'\u2018\u2019\u201b\u02bb\u02bc\u02bd\u02be\u02bf\u0060\u00b4\u2032\uff07"

# Marks that only decorate letters of Latin, Greek, Cyrillic, Arabic or Hebrew. Marks of Indic scripts lie elsewhere.
_DROPPED_MARKS = (
    (0x0300, 0x036F),  # accents
    (0x0483, 0x0489),  # Old Cyrillic titlo and others
    (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5), (0x05C7, 0x05C7),  # Hebrew points
    (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670),  # Arabic harakat, madda, hamza above and below
    (0x06D6, 0x06DC), (0x06DF, 0x06E4), (0x06E7, 0x06E8), (0x06EA, 0x06ED), (0x08CA, 0x08FF),  # Koranic signs
    (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F),  # accents, continued
    (0xFE00, 0xFE0F), (0xE0100, 0xE01EF),  # variation selectors
)  # fmt: skip

# Letters that Unicode does not decompose but that people type by their plain neighbour.
_PLAIN_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n", "æ": "ae", "œ": "oe", "þ": "th",
    "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ɖ": "d", "ɛ": "e", "ɔ": "o", "ə": "e", "ƒ": "f", "ɣ": "g", "ʋ": "v",
    "ґ": "г", "ғ": "г", "қ": "к", "ң": "н", "ҳ": "х", "ҷ": "ч", "ү": "у", "ұ": "у", "ө": "о", "һ": "х",
}  # fmt: skip

# One letter for each group that Arabic, Persian, Pashto, Kurdish and Urdu keyboards write differently.
_ARABIC_LETTERS = {
    "ٱ": "ا", "ٲ": "ا", "ٳ": "ا", "ة": "ه", "ۃ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه",
    "ى": "ي", "ی": "ي", "ې": "ي", "ۍ": "ي", "ے": "ي", "ک": "ك", "ګ": "گ", "ـ": "",
}  # fmt: skip


def fold(text: str, language: str | None = None) -> str:
    """`text` as the search index stores it and as a query is compared with it.

    NFKC, case folded, without accents, harakat, tatweel or invisible characters; alef, ya, kaf and ta marbuta made
    one; all decimal digits ASCII; ß is ss. `language` (BCP 47) says only whether an apostrophe belongs to the word.
    Folding twice changes nothing.
    """
    if text.isascii() and "'" not in text and "`" not in text:
        return text.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    folded = unicodedata.normalize("NFKD", folded.translate(_TABLE).casefold()).translate(_TABLE)
    apostrophe = "" if language and language.split("-")[0].lower() in _APOSTROPHE_IS_A_LETTER else "'"
    folded = folded.translate({ord(sign): apostrophe for sign in _APOSTROPHES})
    return unicodedata.normalize("NFC", folded)


def tokens(text: str) -> list[str]:
    """The words of `text`, in order, as they stand (fold first if you search).

    A word is a run of letters, digits and marks, so vowel signs of Bengali, Hindi or Burmese do not cut it. Burmese,
    Thai, Khmer and Chinese are written without spaces: there a token is a whole phrase.
    """
    return [run for run in text.translate(_PARTED).split(" ") if run and _is_word(run)]


class _Parted(dict[int, str]):
    """Each character of a word as it is, any other as a space; made as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = chr(code) if _part_of_word(chr(code)) else " "
        return self[code]


_PARTED = _Parted()


def _is_word(run: str) -> bool:
    return _part_of_word(run[0]) == "solid" or any(_part_of_word(char) == "solid" for char in run)


@cache
def _part_of_word(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] in "LN" or category == "Co":
        return "solid"
    # A joiner shapes letters inside Persian, Sinhala and Bengali words; alone, like a mark, it is no word.
    return "attached" if category[0] == "M" or char in "\u200c\u200d" else ""


class _Folded(dict[int, str]):
    """What each single character becomes after decomposition and case folding; made as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = _folded(chr(code))
        return self[code]


def _folded(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Cf" or any(first <= ord(char) <= last for first, last in _DROPPED_MARKS):
        return ""
    return _PLAIN_LETTERS.get(char, _ARABIC_LETTERS.get(char, char))


_TABLE = _Folded()
