"""Takes stale pages away: at once after a commit in this server, within a second or two after one elsewhere.

The listener acts on commit. The follower reads what was committed since it last looked: by other servers, and by
processes killed between commit and unlink. It is run by the clock each second and before a server opens. Where it
stopped is kept per server; when that is lost, too old or of another database, all pages are dropped.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from serai.kernel.register.ports import TOUCHED

from .folder import Folder
from .generation import all_generations
from .touches import changes_since, database_name, take_mark
from .trouble import tell_once, trouble_over

logger = logging.getLogger("serai.published")

TELL_AFTER = timedelta(minutes=10)
"""How often the cursor is written although nothing changed, so that its age says when we last looked."""


CLOCK_STEPS = timedelta(hours=1)
"""How far back the machine's clock may be set without all pages being dropped."""


@dataclass(frozen=True)
class Cursor:
    """Up to where changes were followed. handled: ids at or above the mark that were acted on already."""

    database: str
    mark: int
    handled: frozenset[int]
    at: datetime


def connect() -> None:
    """Asks to be told of every change. Called once when the app is ready."""
    TOUCHED.offer("published", take_touched_away)


def take_touched_away(keys: frozenset[str]) -> None:
    """On commit: unlinks what depends on the keys. Never raises: the action is done, and the follower comes after."""
    where = all_generations()
    try:
        if where.root.is_dir():
            with where.locked():
                where.take_away(keys)
    except OSError as error:
        logger.error("Published pages could not be taken away, the clock will try again: %s", error)


def follow_touches(where: Folder | None = None) -> int:
    """Unlinks what depends on keys that changed since the last call; returns how many pages went.

    Raises OSError when a page cannot be unlinked; the cursor then stays, and the next call tries again.
    """
    where = where or all_generations()
    file = where.root / "cursor.json"
    cursor = _read(file)
    mark, now = take_mark(), timezone.now()
    if cursor is None or not _fits(cursor, mark, now):
        where.drop_all()
        _write(file, Cursor(database_name(), mark, frozenset(), now))
        return 0
    changes = changes_since(cursor.mark, cursor.at)
    fresh = [change for change in changes if change.id not in cursor.handled]
    count = 0
    if fresh:
        numbers: dict[str, int] = {}
        for change in fresh:
            numbers[change.key] = max(change.number, numbers.get(change.key, 0))
        with where.locked():
            count = where.take_away(numbers, before=numbers)
    handled = frozenset(change.id for change in changes if change.number >= mark)
    if (mark, handled) != (cursor.mark, cursor.handled) or now - cursor.at > TELL_AFTER:
        _write(file, Cursor(cursor.database, mark, handled, now))
    return count


def _fits(cursor: Cursor, mark: int, now: datetime) -> bool:
    """Of this database (which never counts backwards), and not older than the changes that are kept."""
    oldest = now - timedelta(days=settings.SERAI_TOUCH_DAYS - 1)
    return cursor.database == database_name() and cursor.mark <= mark and oldest < cursor.at <= now + CLOCK_STEPS


def _read(file: Path) -> Cursor | None:
    try:
        row = json.loads(file.read_text(encoding="utf-8"))
        return Cursor(row["database"], row["mark"], frozenset(row["handled"]), datetime.fromisoformat(row["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(file: Path, cursor: Cursor) -> None:
    """A cursor that cannot be written stays behind: changes are then followed twice, never missed."""
    row = {
        "database": cursor.database,
        "mark": cursor.mark,
        "handled": sorted(cursor.handled),
        "at": cursor.at.isoformat(),
    }
    half = file.with_suffix(f".{os.getpid()}")
    try:
        half.write_text(json.dumps(row), encoding="utf-8")
        half.replace(file)
        trouble_over("cursor")
    except OSError as error:
        tell_once("cursor", "Where the follower stopped could not be written: %s", error)
