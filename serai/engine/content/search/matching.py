"""What a question looks like to SQLite's FTS5 and to PostgreSQL's tsquery; migration 0004 makes both indexes.

The database says only in which documents words stand, and gives the first ones in one order for both: short texts
first. What is best is decided in Python (ranking.py), so both databases find the same. Words hold only letters, digits
and marks (lib/fold.tokens) and stand in quotes all the same: nothing a person types is ever syntax.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from django.db import connection

from .words import Spelling, Term, filter_word, sign

How = Literal["all", "any"]
AT_MOST = 100
"""So many of one kind of match are looked at more closely."""
COUNTED_TO = 1000

_SQLITE = """
SELECT entry.id FROM content_searchindex AS found CROSS JOIN content_searchentry AS entry ON entry.id = found.rowid
WHERE content_searchindex MATCH %s ORDER BY entry.standing LIMIT %s
"""
_POSTGRES = """
SELECT id FROM content_searchentry WHERE content_searchwords(words) @@ %s::tsquery
ORDER BY standing LIMIT %s
"""
_COUNT_SQLITE = "SELECT count(*) FROM (SELECT 1 FROM content_searchindex WHERE content_searchindex MATCH %s LIMIT %s)"
_COUNT_POSTGRES = """
SELECT count(*) FROM (
    SELECT 1 FROM content_searchentry WHERE content_searchwords(words) @@ %s::tsquery LIMIT %s
) AS found
"""


def question(terms: Sequence[Term], language: str, how: How, where: str, filters: Iterable[str] = ()) -> str:
    """Documents of a language in which all terms, or any, stand where it says (words.py), and all filters hold."""
    mark = sign(language) + where
    both, either = (" & ", " | ") if _on_postgres() else (" AND ", " OR ")
    groups = ["(" + either.join(_spelled(spelling, mark, both) for spelling in term.spellings) + ")" for term in terms]
    asked = "(" + (both if how == "all" else either).join(groups) + ")"
    return both.join([asked, *(_quoted(word) for word in filters)])


def matching_ids(asked: str) -> list[int]:
    """Ids of the shortest documents that answer a question. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRES if _on_postgres() else _SQLITE, [asked, AT_MOST])
        return [row[0] for row in cursor.fetchall()]


def counts(terms: Sequence[Term], language: str, filters: Sequence[str], kinds: Sequence[str]) -> dict[str, int]:
    """How many documents of each kind hold all terms, counted up to COUNTED_TO. One query."""
    if not kinds:
        return {}
    one = _COUNT_POSTGRES if _on_postgres() else _COUNT_SQLITE
    values: list[Any] = []
    for kind in kinds:
        its = [*filters, filter_word("kind", kind, language)]
        values += [question(terms, language, "all", "", its), COUNTED_TO]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"({one})" for _ in kinds), values)
        return dict(zip(kinds, cursor.fetchone(), strict=True))


def _on_postgres() -> bool:
    return connection.vendor == "postgresql"


def _spelled(spelling: Spelling, mark: str, both: str) -> str:
    *first, last = [_quoted(mark + word) for word in spelling.words]
    if spelling.goes_on:
        last += ":*" if _on_postgres() else " *"
    return "(" + both.join([*first, last]) + ")"


def _quoted(word: str) -> str:
    if _on_postgres():
        return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
    return '"' + word.replace('"', '""') + '"'
