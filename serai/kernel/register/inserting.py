"""Thousands of new rows at once, as they are: a directory that comes in, the index that is made of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

AT_ONCE = 500
_FEW = 20
"""Rows that are not worth a table of their own."""
# What both databases take as Python has it. All others are asked for each value.
_PLAIN = frozenset({
    models.BigIntegerField, models.BooleanField, models.CharField, models.FloatField, models.IntegerField,
    models.TextField,
})  # fmt: skip


def insert(rows: Sequence[models.Model], *, unique: Sequence[str] = ()) -> None:
    """Inserts rows of one model, all or none; what bulk_create does in several times as long, which looks for
    expressions in each value.

    A key that the database counts is not filled in, and values are no expressions. unique: fields of a constraint; a
    row that stands there under the same gets all values of the new one.
    """
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]  # itself: the way through its stand-in is long for a million values
    options = type(rows[0])._meta
    fields = [field for field in options.concrete_fields if not isinstance(field, models.AutoField)]
    takes = [_taker(field, connection) for field in fields]
    named = {field.name: connection.ops.quote_name(str(field.column)) for field in fields}
    quoted = list(named.values())
    new = ", ".join(f"{column} = excluded.{column}" for name, column in named.items() if name not in unique)
    conflict = f"ON CONFLICT ({', '.join(named[name] for name in unique)}) DO UPDATE SET {new}" if unique else ""
    values = ([take(row) for take in takes] for row in rows)
    table = connection.ops.quote_name(options.db_table)
    into = f"INSERT INTO {table} ({', '.join(quoted)}) VALUES ({', '.join(['%s'] * len(quoted))}) {conflict}"  # noqa: S608
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "sqlite" or (conflict and len(rows) <= _FEW):
            cursor.executemany(into, values)  # type: ignore[arg-type]  # any iterable
        elif conflict:
            merge(cursor, table, quoted, values, conflict)
        else:
            _stream(cursor, table, quoted, values)


def merge(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], conflict: str) -> None:
    """Puts many rows of values into a table of PostgreSQL. Names are quoted. conflict: what then, as SQL; what that
    returns the cursor has. The stream knows no conflicts: it goes beside the table, and from there in one statement."""
    names = ", ".join(columns)
    cursor.execute("DROP TABLE IF EXISTS pg_temp.coming")
    cursor.execute(f"CREATE TEMPORARY TABLE coming ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")  # noqa: S608
    _stream(cursor, "pg_temp.coming", columns, rows)
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM pg_temp.coming {conflict}")  # noqa: S608


def _stream(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    into = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connections[DEFAULT_DB_ALIAS].wrap_database_errors, cursor.copy(into) as copy:
        for values in rows:
            copy.write_row(values)


def _taker(field: Any, connection: Any) -> Callable[[models.Model], Any]:
    """What reads the value of a field from a row, as the database takes it."""
    name, kind = field.attname, field
    while kind.remote_field:
        kind = kind.target_field
    if type(kind) in _PLAIN:
        return attrgetter(name)

    def taken(row: models.Model) -> Any:
        value = kind.pre_save(row, True) if kind is field else getattr(row, name)
        if type(value) is UUID:
            return value.hex  # either database reads it so
        return None if value is None else kind.get_db_prep_save(value, connection)

    if type(kind) is models.JSONField and kind.encoder is None:
        return lambda row: _json(getattr(row, name))
    return taken


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value)
