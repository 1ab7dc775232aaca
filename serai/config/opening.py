"""What a house needs before it opens: catalogues, tables, static files, demo content. Quick when nothing changed."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from serai.kernel.register.ports import DEMO

from .words import compile_all

Say = Callable[[str], None]


@contextmanager
def only_one() -> Iterator[None]:
    """Two who open the same house wait for each other."""
    with (Path(settings.SERAI_DATA) / "open.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def waiting_migrations() -> list[str]:
    """Names of migrations that the database has not seen."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def open_all(say: Say, *, demo: bool) -> None:
    """Everything, in order. say gets one line for each thing that was done."""
    with only_one():
        made = compile_all()
        if made:
            say(f"{made} catalogues compiled")
        waiting = waiting_migrations()
        if waiting:
            say(f"bringing the database up to date ({len(waiting)} steps)")
            call_command("migrate", interactive=False, verbosity=0)
        if gather_static():
            say("static files gathered")
        if demo:
            make_demo(say)


def gather_static() -> bool:
    """Gathers and compresses static files when one changed; returns whether it did."""
    stamp = Path(settings.STATIC_ROOT) / ".gathered"
    digest = static_digest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest, encoding="ascii")
    return True


def static_digest() -> str:
    """Changes when a static file, or the way they are kept, changes."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def make_demo(say: Say) -> int:
    """Runs the steps of the demo house in their order; each changes nothing when it ran before."""
    steps = sorted(DEMO, key=lambda step: (step.order, step.title))
    for number, step in enumerate(steps, 1):
        say(f"demo {number}/{len(steps)}: {step.title}")
        step.run(say)
    return len(steps)
