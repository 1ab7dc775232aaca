"""Which changes came after a moment. Transactions commit out of the order of their ids, so ids alone cannot say.

A mark is a number such that every change numbered below it was decided (seen, or never to come) when the mark was
taken. SQLite has one writer at a time, so ids are in the order of commits and number a change. PostgreSQL numbers by
transaction: the mark is the oldest transaction still open, a change is numbered by the one that wrote its row, and
changes at or above a mark may include a few that were seen already; acting on those twice does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from serai.kernel.ledger.models import Touch

LONGEST_TRANSACTION = timedelta(days=1)
"""A row's `at` is when it was written, not when it was committed; nothing stays open longer than this."""

_XIDS = 1 << 32


@dataclass(frozen=True)
class Change:
    """One Touch row: its id, the key that changed, and the number to hold against marks."""

    id: int
    key: str
    number: int


def database_name() -> str:
    """Says which database the marks belong to, without its password."""
    row = connection.settings_dict
    return f"{connection.vendor}:{row.get('HOST', '')}:{row.get('PORT', '')}:{row['NAME']}"


def take_mark() -> int:
    """Now, as a mark. One query."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            return int(cursor.fetchone()[0])
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [Touch._meta.db_table])
        row = cursor.fetchone()
        return (row[0] if row else 0) + 1


def changes_since(mark: int, written_since: datetime) -> list[Change]:
    """Every change that can be seen now and perhaps could not when the mark was taken, oldest id first.

    written_since: when the mark was taken; it only keeps the search short.
    """
    earliest = written_since - LONGEST_TRANSACTION
    if connection.vendor != "postgresql":
        rows = Touch.objects.filter(id__gte=mark).order_by("id").values_list("id", "key")
        return [Change(number, key, number) for number, key in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, key, xmin::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint "  # noqa: S608
            f"FROM {Touch._meta.db_table} WHERE at >= %s AND age(xmin) <= age(%s::text::xid) ORDER BY id",
            [earliest, str(mark % _XIDS)],
        )
        return [Change(row, key, latest - ((latest - xid) % _XIDS)) for row, key, xid, latest in cursor.fetchall()]


def any_changed_since(mark: int, keys: Iterable[str]) -> bool:
    """Whether one of the keys changed since the mark was taken, or may have. One query."""
    wanted = sorted(keys)
    if not wanted:
        return False
    if connection.vendor != "postgresql":
        return Touch.objects.filter(id__gte=mark, key__in=wanted).exists()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT 1 FROM {Touch._meta.db_table} "  # noqa: S608
            "WHERE at >= %s AND key = ANY(%s) AND age(xmin) <= age(%s::text::xid))",
            [timezone.now() - LONGEST_TRANSACTION, wanted, str(mark % _XIDS)],
        )
        return bool(cursor.fetchone()[0])


def prune_touches() -> int:
    """Deletes changes that every server has followed long ago; a server that was away longer drops all its files."""
    earliest = timezone.now() - timedelta(days=settings.SERAI_TOUCH_DAYS)
    return Touch.objects.filter(at__lt=earliest).delete()[0]
