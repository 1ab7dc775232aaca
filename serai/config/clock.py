"""The house's clock: what must happen without anybody asking. One process on each server, run by `serai serve`.

Each server follows changes and keeps its own published files in order. Everything else (the port SWEEPS) is done by
one clock at a time for the whole house, however many servers share the database. A sweep that fails is logged and
comes again; the clock itself never stops for it.
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

logger = logging.getLogger("serai.clock")

HOUR = 3600.0
TICK = 0.1
LOCK = 0x5E7A1  # any number: the name of the clock's lock in PostgreSQL
AT_ONCE = 3
"""How many sweeps may run beside each other; each takes a database connection."""

REMIND = 300.0
"""Seconds between two logs of the same failing sweep."""


class Turn(Protocol):
    """Whether this clock is the one that acts for the whole house."""

    def is_ours(self) -> bool:
        """Tries to take the turn when nobody has it. Never raises."""
        ...

    def give_back(self) -> None:
        """Lets another clock take over."""
        ...


class FileTurn:
    """For SQLite, whose servers all run on one machine."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.handle: int | None = None

    def is_ours(self) -> bool:
        """The operating system gives the lock back when we die."""
        if self.handle is not None:
            return True
        try:
            handle = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self.handle = handle
        return True

    def give_back(self) -> None:
        """Closing the file does it."""
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None


class PostgresTurn:
    """An advisory lock held by a connection of its own; lost with the connection, and then taken again by someone."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.parameters = parameters
        self.connection: Any = None

    def is_ours(self) -> bool:
        """Asks on each tick, so that a lost connection is noticed."""
        import psycopg

        try:
            if self.connection is not None:
                self.connection.execute("SELECT 1")
                return True
            connection = psycopg.connect(**self.parameters, autocommit=True)
            taken = connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
            if taken and taken[0]:
                self.connection = connection
                return True
            connection.close()
        except psycopg.Error:
            self.give_back()
        return False

    def give_back(self) -> None:
        """Closing the connection does it."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def turn_for_database() -> Turn:
    """The lock that fits the database."""
    from django.db import connection

    row = connection.settings_dict
    if connection.vendor == "postgresql":
        given = {"dbname": row["NAME"], "user": row["USER"], "password": row["PASSWORD"]}
        given |= {"host": row["HOST"], "port": row["PORT"], "connect_timeout": 5}
        return PostgresTurn({name: value for name, value in given.items() if value})
    return FileTurn(Path(f"{row['NAME']}.clock"))


@dataclass
class Sweep:
    """One thing that happens every so many seconds.

    everywhere: on each server, not once for the house. idle: on a thread of its own that gives way to all others.
    """

    name: str
    seconds: float
    run: Callable[[], object]
    everywhere: bool = False
    idle: bool = False
    due: float = 0.0
    running: Future[None] | None = field(default=None, repr=False)
    told: float = -REMIND
    """When its failure was logged last, in monotonic seconds."""

    def __call__(self) -> None:
        """Runs once. An error is logged, and again only after some minutes."""
        from django.db import connections

        try:
            self.run()
            self.told = -REMIND
        except Exception:
            if time.monotonic() - self.told >= REMIND:
                self.told = time.monotonic()
                logger.exception("The sweep %s failed and comes again in %s seconds", self.name, self.seconds)
        finally:
            connections.close_all()


class Clock:
    """Starts what is due; nothing runs twice at once."""

    def __init__(self, sweeps: list[Sweep], turn: Turn) -> None:
        self.sweeps = sweeps
        self.turn = turn
        self.stopped = threading.Event()
        self.ours = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sweep")
        self.local = ThreadPoolExecutor(2, thread_name_prefix="local")
        self.idle = ThreadPoolExecutor(1, thread_name_prefix="idle", initializer=_give_way)

    def tick(self, now: float) -> None:
        """Starts all that is due now and may run here. now: monotonic seconds."""
        due = [sweep for sweep in self.sweeps if sweep.due <= now and (not sweep.running or sweep.running.done())]
        leads = any(not sweep.everywhere for sweep in due) and self.turn.is_ours()
        for sweep in due:
            if not sweep.everywhere and not leads:
                sweep.due = now + min(1.0, sweep.seconds)
                continue
            sweep.due = now + sweep.seconds
            sweep.running = self._pool(sweep).submit(sweep)

    def _pool(self, sweep: Sweep) -> ThreadPoolExecutor:
        if sweep.idle:
            return self.idle
        return self.local if sweep.everywhere else self.ours

    def run(self) -> None:
        """Until stop() is called; then waits for what runs."""
        try:
            while not self.stopped.wait(TICK):
                self.tick(time.monotonic())
        finally:
            for pool in (self.ours, self.local, self.idle):
                pool.shutdown(cancel_futures=True)
            self.turn.give_back()

    def stop(self, *_: object) -> None:
        """May be called from a signal or another thread."""
        self.stopped.set()


def _give_way() -> None:
    """On Linux each thread has its own priority."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 15)


def house_sweeps() -> list[Sweep]:
    """Those of each server, our own for the whole house, and those that parts of the house offer."""
    from serai.engine.shell.published.following import follow_touches
    from serai.engine.shell.published.generation import folder
    from serai.engine.shell.published.touches import prune_touches
    from serai.kernel.register.ports import SWEEPS

    where = folder()
    return [
        Sweep("published.follow", 1, follow_touches, everywhere=True),
        Sweep("published.expired", 1, where.take_expired, everywhere=True),
        Sweep("published.squeeze", 2, where.squeeze, everywhere=True, idle=True),
        Sweep("published.sweep", HOUR, where.sweep, everywhere=True, due=time.monotonic() + HOUR),
        Sweep("ledger.prune_touches", HOUR, prune_touches),
        Sweep("tasks.prune", HOUR, prune_tasks),
        *[Sweep(name, seconds, run) for name, (seconds, run) in SWEEPS.items()],
    ]


def prune_tasks() -> int:
    """Deletes finished tasks: done ones after two weeks, failed ones after three months."""
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    now = timezone.now()
    done = DBTaskResult.objects.successful().filter(finished_at__lt=now - timedelta(days=14)).delete()[0]
    return done + DBTaskResult.objects.failed().filter(finished_at__lt=now - timedelta(days=90)).delete()[0]


def main() -> None:
    """`python -m serai.config.clock`: runs until SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serai.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.utils.autoreload import run_with_reloader

    clock = Clock(house_sweeps(), turn_for_database())
    if settings.DEBUG:
        run_with_reloader(clock.run)
    signal.signal(signal.SIGTERM, clock.stop)
    signal.signal(signal.SIGINT, clock.stop)
    clock.run()


if __name__ == "__main__":
    main()
