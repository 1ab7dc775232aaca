"""The words of the index: in how many documents each stands, and which are like a word that stands in none.

Both databases keep the same two plain tables (migration 0004), written in the transaction that writes the documents.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from serai.kernel.register.inserting import merge

from .misspelt import distance, keys, most_errors
from .words import ALL_DOCUMENTS, FILTER, IN_GIST, IN_TITLE, filter_word, sign

MOST_GUESSES = 5
_AT_ONCE = 3000
_AFTER_ALL_WORDS = "\U0010fffd"

_COUNTED = """
WITH wanted(number, first, after) AS (VALUES {rows})
SELECT wanted.number, sum(known.docs) FROM wanted
JOIN content_searchword AS known ON known.word >= wanted.first AND known.word < wanted.after GROUP BY wanted.number
"""
_ADD = """\
ON CONFLICT (word) DO UPDATE SET docs = content_searchword.docs + excluded.docs RETURNING word, docs
"""
_ADD_KEYS = "ON CONFLICT DO NOTHING"
_LIKE = """
SELECT kept.key, known.word, known.docs FROM content_searchkey AS kept
JOIN content_searchword AS known ON known.word = kept.word WHERE kept.key IN ({})
"""


def tell(gone: Counter[str], come: Counter[str]) -> None:
    """So many documents less, and more, in which a word stands. Words with their signs (words.py)."""
    changed = {word: come[word] - gone[word] for word in come.keys() | gone.keys() if come[word] != gone[word]}
    counted = [word for word in sorted(changed) if word[1:2] not in {IN_TITLE, IN_GIST}]
    with connection.cursor() as cursor:
        standing = dict(_insert(cursor, "word", ("word", "docs"), [(word, changed[word]) for word in counted], _ADD))
        new = [word for word in counted if standing[word] == changed[word]]
        _insert(cursor, "key", ("key", "word"), [(key, word) for word in new for key in _keys(word)], _ADD_KEYS)
        _forget(cursor, [word for word in counted if standing[word] <= 0])


def count(questions: Sequence[tuple[str, bool]]) -> list[int]:
    """For each (word with its sign, whether it may go on): in how many documents, each counted once a word."""
    found = [0] * len(questions)
    with connection.cursor() as cursor:
        for at in range(0, len(questions), _AT_ONCE):
            some = questions[at : at + _AT_ONCE]
            ends = [(number, word, word + (_AFTER_ALL_WORDS if on else " ")) for number, (word, on) in enumerate(some)]
            statement = _COUNTED.format(rows=", ".join(["(%s, %s, %s)"] * len(some)))
            for number, docs in _all(cursor, statement, [part for row in ends for part in row]):
                found[at + number] = docs
    return found


def like(words: Sequence[str], language: str) -> dict[str, list[tuple[str, int]]]:
    """For each word (without a sign) those of the index that may be meant, with their distance; the nearest first."""
    mark = sign(language)
    wanted = {word: {mark + key for key in keys(word)} for word in words}
    under: defaultdict[str, set[tuple[str, int]]] = defaultdict(set)
    every = sorted(set().union(*wanted.values()))
    with connection.cursor() as cursor:
        for some in _some(every):
            for key, word, docs in _all(cursor, _LIKE.format(_marks(some)), some):
                under[key].add((word[1:], docs))
    found = {}
    for word, its_keys in wanted.items():
        most = most_errors(word)
        others = {row for key in its_keys for row in under[key] if row[0] != word}
        near = sorted((_far(word, other, most), -docs, other) for other, docs in others)
        found[word] = [(other, far) for far, _docs, other in near if far <= most][:MOST_GUESSES]
    return found


def kinds(language: str) -> list[str]:
    """The kinds of documents that there are in a language."""
    first = filter_word("kind", "", language)
    with connection.cursor() as cursor:
        statement = "SELECT word FROM content_searchword WHERE word > %s AND word < %s ORDER BY word"
        found = [word for (word,) in _all(cursor, statement, [first, first + _AFTER_ALL_WORDS])]
    return [bytes.fromhex(word[len(first) :]).decode() for word in found]


def documents(language: str) -> int:
    """How many documents there are in a language."""
    return count([(filter_word(ALL_DOCUMENTS, "", language), False)])[0]


def _far(word: str, other: str, most: int) -> int:
    """How far a word of the index is from the one asked for; its last letter may be an ending of grammar."""
    ended = distance(word, other[:-1], most) if len(other) > len(word) else most + 1
    return min(distance(word, other, most), ended)


def _keys(word: str) -> list[str]:
    return [] if word[1:2] == FILTER else sorted(word[0] + key for key in keys(word[1:]))


def _forget(cursor: Any, words: list[str]) -> None:
    """Words that stand nowhere any more, with their keys."""
    if words:
        pairs = [(key, word) for word in words for key in _keys(word)]
        cursor.executemany("DELETE FROM content_searchkey WHERE key = %s AND word = %s", pairs)
        cursor.executemany("DELETE FROM content_searchword WHERE word = %s AND docs <= 0", [(word,) for word in words])


def _insert(cursor: Any, kind: str, columns: tuple[str, str], rows: list[tuple[str, Any]], conflict: str) -> list[Any]:
    """Many rows of two columns of content_search<kind>; what the statement returns of them."""
    found: list[Any] = []
    if connection.vendor == "postgresql" and len(rows) > _AT_ONCE:
        merge(cursor, f"content_search{kind}", columns, rows, conflict)
        return list(cursor.fetchall()) if cursor.description else []
    into = f"INSERT INTO content_search{kind} ({', '.join(columns)}) VALUES "  # noqa: S608
    for some in _some(rows):
        statement = f"{into} {', '.join(['(%s, %s)'] * len(some))} {conflict}"
        cursor.execute(statement, [value for row in some for value in row])
        found += cursor.fetchall() if cursor.description else []
    return found


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _all(cursor: Any, statement: str, values: Sequence[Any]) -> list[Any]:
    cursor.execute(statement, list(values))
    return list(cursor.fetchall())


def _some(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for at in range(0, len(rows), _AT_ONCE):
        yield rows[at : at + _AT_ONCE]
