"""Words as the index holds them and as a question asks for them.

Each word of the index begins with a sign for its language, so that one language is looked through at a time; a second
sign says where the word stands (title, gist) or that it is no word but a filter. All signs are letters of Unicode's
private area, which no text keeps (lib/fold leaves them alone, `plain` here takes them out).

Scripts without spaces are cut into letters with their marks, held in pairs. Arabic, Amharic and Tigrinya glue small
words to a noun: the noun is also kept alone, so that طبيب finds الطبيب.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from hashlib import sha256
from itertools import pairwise
from zlib import crc32

from serai.lib.fold import fold, tokens

LONGEST_WORD = 60
MOST_CHARACTERS = 200_000
"""Of one text; more than a book's chapter is not looked through."""
GIST = 25
"""So many words say what a text is about, beside its title."""

LONGEST_QUESTION = 300
MOST_TERMS = 12

ANYWHERE, IN_TITLE, IN_GIST, FILTER = "", "\uf8f0", "\uf8f1", "\uf8f2"
ALL_DOCUMENTS = "all"
FILTERS = ("kind", "publisher", "topic", "place")

_PRIVATE = re.compile("[\ue000-\uf8ff]+")
# Written without spaces between words: Thai, Lao, Burmese, Khmer, kana, Han (also the extensions).
_SOLID = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
# Small words that are written in one with a noun, after folding, the longest first. Arabic: and the, by the, like the,
# so the, for the, the. Amharic: about, of, in, for, from. Tigrinya: by, for.
_BEFORE_NOUN = {
    "ar": ("وال", "بال", "كال", "فال", "لل", "ال"),
    "am": ("ስለ", "የ", "በ", "ለ", "ከ"),
    "ti": ("ብ", "ን"),
}
_SHORTEST_NOUN = 3
_HALVES = "\u200c"
"""Parts two halves of one word, above all in Persian, where many write two words."""


@dataclass(frozen=True)
class Spelling:
    """Words that must all stand, the last perhaps only begun. weight: 1 as asked, less for a synonym or a guess."""

    words: tuple[str, ...]
    goes_on: bool
    weight: float = 1.0


@dataclass(frozen=True)
class Term:
    """One idea of a question, in the ways in which it may be written; the first is as it was asked."""

    spellings: tuple[Spelling, ...]

    @property
    def asked(self) -> tuple[str, ...]:
        """The words as they were asked."""
        return self.spellings[0].words

    def also(self, more: Iterable[Spelling]) -> Term:
        """The same idea, written in more ways."""
        there = {spelling.words for spelling in self.spellings}
        return replace(self, spellings=(*self.spellings, *(one for one in more if one.words not in there)))


@dataclass(frozen=True)
class IndexWords:
    """A text as the index holds it: words of the title, what it is about (title included), and each word once."""

    title: tuple[str, ...]
    gist: tuple[str, ...]
    every: tuple[str, ...]


@cache
def sign(language: str) -> str:
    """The letter with which words of a language begin (a test holds that no two languages share one)."""
    return chr(0xE000 + crc32(language.encode()) % 6151)


def plain(text: str) -> str:
    """Text without letters of the private area."""
    return _PRIVATE.sub(" ", text)


@lru_cache(maxsize=2_000)  # a directory says the same few of them of each of its services
def filter_word(name: str, value: str, language: str) -> str:
    """The word that stands for "this document's publisher is ...". name: one of FILTERS, or ALL_DOCUMENTS."""
    told = value.encode().hex() if name == "kind" else sha256(value.casefold().encode()).hexdigest()[:12]
    return f"{sign(language)}{FILTER}{name}{told}"


def index_words(title: str, summary: str, body: str, language: str) -> IndexWords:
    """The words of a document, without signs."""
    in_title, in_summary = _words(title, language), _words(summary, language)
    in_body = _words(body[:MOST_CHARACTERS], language)
    counted = Counter(in_summary * 2 + in_body)
    often = [word for word, times in counted.most_common(GIST) if times > 1 or len(counted) <= GIST]
    every = dict.fromkeys(in_title + in_summary + in_body)
    return IndexWords(tuple(dict.fromkeys(in_title)), tuple(dict.fromkeys(in_title + often)), tuple(every))


def question_words(text: str, language: str) -> list[tuple[str, ...]]:
    """What a person asks for, word by word: a word of a script without spaces is several. Empty: no word in it."""
    found = []
    for token in dict.fromkeys(tokens(fold(plain(text[:LONGEST_QUESTION]), language))):
        pieces = _pieces(token)
        found.append(tuple(_pairs(pieces)) if len(pieces) > 1 else (token[:LONGEST_WORD],))
    return found


def term_of(words: tuple[str, ...], language: str) -> Term:
    """One word of a question as a term, with and without what is glued to a noun."""
    goes_on = len(words) > 1 or len(words[0]) > 1 or bool(_SOLID.match(words[0]))
    asked = Spelling(words, goes_on)
    noun = _noun(words[0], language) if len(words) == 1 else ""
    return Term((asked, Spelling((noun,), goes_on)) if noun else (asked,))


def nearly(words: Sequence[str]) -> list[Spelling]:
    """A run of letters with one of them written otherwise: what is left without the pairs in which it stands."""
    found = []
    for at in range(len(words) + 1):
        left = (*words[: max(at - 1, 0)], *words[at + 1 :])
        if left:
            found.append(Spelling(left, True, 0.5))
    return found


def _words(text: str, language: str) -> list[str]:
    runs = [_cut(run, language) if len(run) > _KEPT else _kept_cut(run, language) for run in plain(text).split(" ")]
    if True in {is_solid for _tokens, _nouns, is_solid in runs}:
        pieces = [_pieces(token) for cut, _nouns, _is_solid in runs for token in cut]
        return [word for some in pieces for word in (*_pairs(some), some[-1])]
    found = [token[:LONGEST_WORD] for cut, _nouns, _is_solid in runs for token in cut]
    if _HALVES in text:
        found += _words(text.replace(_HALVES, " "), language)
        return found + [noun for word in found if (noun := _noun(word, language))]
    return found + [noun for _cut, nouns, _is_solid in runs for noun in nouns] if language in _BEFORE_NOUN else found


def _cut(run: str, language: str) -> tuple[list[str], list[str], bool]:
    """The words of what stands between two spaces, the nouns in them, and whether any of it is written without spaces.
    Folding reaches over no space, so that all of a text may be folded bit by bit."""
    folded = fold(run, language)
    found = tokens(folded)
    nouns = [noun for word in found if (noun := _noun(word[:LONGEST_WORD], language))]
    return found, nouns, bool(_SOLID.search(folded))


_KEPT = 40
_kept_cut = lru_cache(maxsize=50_000)(_cut)
"""The same words are most of any text (kept: some twenty megabytes at most). Longer runs are rare, and sentences of
scripts without spaces."""


def _pairs(pieces: list[str]) -> list[str]:
    return [first + second for first, second in pairwise(pieces)]


def _pieces(token: str) -> list[str]:
    """Letters with their marks of a script without spaces; other letters in between stay together."""
    if token.isascii() or not _SOLID.search(token):
        return [token[:LONGEST_WORD]]
    pieces: list[str] = []
    open_run = False
    for char in token:
        solid = bool(_SOLID.match(char))
        if pieces and (unicodedata.category(char)[0] == "M" or (open_run and not solid)):
            pieces[-1] += char
        else:
            pieces.append(char)
            open_run = not solid
        open_run = open_run and not solid
    return [piece[:LONGEST_WORD] for piece in pieces]


def _noun(token: str, language: str) -> str:
    for before in _BEFORE_NOUN.get(language, ()):
        if token.startswith(before) and len(token) - len(before) >= _SHORTEST_NOUN:
            return token[len(before) : LONGEST_WORD]
    return ""
