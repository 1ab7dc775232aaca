"""Words as the index holds them and as a question asks for them.

Scripts without spaces are cut into letters with their marks, which a question then looks for side by side. Arabic
glues the article and small words to a noun: the noun is also kept alone, so that طبيب finds الطبيب.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from serai.lib.fold import fold, tokens

LONGEST_WORD = 100
MOST_CHARACTERS = 200_000
"""Of one text; PostgreSQL refuses a tsvector of more than a megabyte."""

LONGEST_QUESTION = 300
MOST_TERMS = 12

# Written without spaces between words: Thai, Lao, Burmese, Khmer, kana, Han (also the extensions).
_SOLID = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
# After folding; longest first. "and the", "by the", "for the", "like the", "so the", "the".
_ARABIC_BEFORE_NOUN = ("وال", "بال", "كال", "فال", "لل", "ال")
_SHORTEST_NOUN = 3


@dataclass(frozen=True)
class Term:
    """One word of a question. spellings: each a run of index words that stand side by side; the last may go on."""

    spellings: tuple[tuple[str, ...], ...]
    goes_on: bool


def index_words(text: str, language: str) -> str:
    """The words of a text as the index holds them, with one space between."""
    found: list[str] = []
    for token in tokens(fold(text[:MOST_CHARACTERS], language)):
        pieces = _pieces(token)
        found.extend(pieces)
        if len(pieces) == 1 and language == "ar" and (noun := _noun(token)):
            found.append(noun)
    return " ".join(found)[:MOST_CHARACTERS]


def question_terms(text: str, language: str) -> list[Term]:
    """What a person asks for; nothing in it is syntax. Empty when there is no word in it."""
    terms = []
    for token in dict.fromkeys(tokens(fold(text[:LONGEST_QUESTION], language))):
        pieces = tuple(_pieces(token))
        noun = _noun(token) if language == "ar" else ""
        goes_on = len(pieces) > 1 or len(token) > 1 or bool(_SOLID.match(token))
        terms.append(Term((pieces, (noun,)) if noun else (pieces,), goes_on))
    return terms[:MOST_TERMS]


def occurrences(term: Term, words: list[str]) -> tuple[int, int]:
    """How often a term stands in the words of a text: (whole words, whole words and beginnings of words)."""
    whole = begun = 0
    for run in term.spellings:
        *first, last = run
        for at, word in enumerate(words[len(first) :]):
            if word.startswith(last) and (not first or words[at : at + len(first)] == first):
                is_whole = word == last
                whole += is_whole
                begun += is_whole or term.goes_on
    return whole, begun


def _pieces(token: str) -> list[str]:
    if not _SOLID.search(token):
        return [token[:LONGEST_WORD]]
    pieces: list[str] = []
    plain = ""
    for char in token:
        if unicodedata.category(char)[0] == "M" and (plain or pieces):
            if plain:
                plain += char
            else:
                pieces[-1] += char
        elif _SOLID.match(char):
            pieces.extend([plain[:LONGEST_WORD]] if plain else [])
            plain = ""
            pieces.append(char)
        else:
            plain += char
    return [*pieces, plain[:LONGEST_WORD]] if plain else pieces


def _noun(token: str) -> str:
    for before in _ARABIC_BEFORE_NOUN:
        if token.startswith(before) and len(token) - len(before) >= _SHORTEST_NOUN:
            return token[len(before) : LONGEST_WORD]
    return ""
