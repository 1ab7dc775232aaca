"""What a question looks like to SQLite's FTS5 and to PostgreSQL's tsquery; migration 0003 makes both indexes.

Terms hold only letters, digits and marks (lib/fold.tokens), and stand in quotes all the same: nothing a person types
is ever syntax.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from django.db import connection

from .words import Term

How = Literal["all", "any"]
CANDIDATES = 200
"""So many of the best, as the database sees it, are put in their final order in Python."""

_SQLITE = """
SELECT entry.id FROM content_searchindex AS found JOIN content_searchentry AS entry ON entry.id = found.rowid
WHERE content_searchindex MATCH %s AND entry.language = %s
ORDER BY bm25(content_searchindex, 10.0, 1.0), entry.key LIMIT %s
"""
_POSTGRES = """
SELECT id FROM content_searchentry WHERE vector @@ %s::tsquery AND language = %s
ORDER BY ts_rank(vector, %s::tsquery) DESC, key LIMIT %s
"""


def matching_ids(terms: Sequence[Term], language: str, how: How) -> list[int]:
    """Ids of the entries in a language in which all terms, or any, stand. One query."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            question = _join(terms, how, _postgres_run, (" & ", " | "))
            cursor.execute(_POSTGRES, [question, language, question, CANDIDATES])
        else:
            question = _join(terms, how, _sqlite_run, (" AND ", " OR "))
            cursor.execute(_SQLITE, [question, language, CANDIDATES])
        return [row[0] for row in cursor.fetchall()]


def _join(terms: Sequence[Term], how: How, run: Callable[[tuple[str, ...], bool], str], words: tuple[str, str]) -> str:
    both, either = words
    groups = ["(" + either.join(run(spelling, term.goes_on) for spelling in term.spellings) + ")" for term in terms]
    return (both if how == "all" else either).join(groups)


def _sqlite_run(run: tuple[str, ...], goes_on: bool) -> str:
    quoted = ['"' + word.replace('"', '""') + '"' for word in run]
    return " + ".join(quoted) + (" *" if goes_on else "")


def _postgres_run(run: tuple[str, ...], goes_on: bool) -> str:
    quoted = ["'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in run]
    return "(" + " <-> ".join(quoted) + (":*" if goes_on else "") + ")"
