"""Thousands of new rows at once, as they are: a directory that comes in, the index that is made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

AT_ONCE = 500
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
    quoted = {field.name: connection.ops.quote_name(str(field.column)) for field in fields}
    table = connection.ops.quote_name(options.db_table)
    statement = f"INSERT INTO {table} ({', '.join(quoted.values())}) VALUES "  # noqa: S608
    marks = f"({', '.join(['%s'] * len(fields))})"
    new = ", ".join(f"{column} = excluded.{column}" for name, column in quoted.items() if name not in unique)
    conflict = f" ON CONFLICT ({', '.join(quoted[name] for name in unique)}) DO UPDATE SET {new}" if unique else ""
    values = ([take(row) for take in takes] for row in rows)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(statement + marks + conflict, values)  # type: ignore[arg-type]  # any iterable
            return
        if not unique:  # which COPY cannot do
            into = f"COPY {table} ({', '.join(quoted.values())}) FROM STDIN"
            with connection.wrap_database_errors, cursor.copy(into) as copy:
                for row_said in values:
                    copy.write_row(row_said)
            return
        while part := list(islice(values, AT_ONCE)):
            rows_said = ", ".join([marks] * len(part))
            cursor.execute(statement + rows_said + conflict, [value for row in part for value in row])


def _taker(field: Any, connection: Any) -> Callable[[models.Model], Any]:
    """What reads the value of a field from a row, as the database takes it."""
    name, kind = field.attname, field
    while kind.remote_field:
        kind = kind.target_field
    if type(kind) in _PLAIN:
        return attrgetter(name)

    def taken(row: models.Model) -> Any:
        value = kind.pre_save(row, True) if kind is field else getattr(row, name)
        return None if value is None else kind.get_db_prep_save(value, connection)

    return taken
