"""The worker: runs the tasks that wait in the database, one after another. One process on each server.

A worker that was killed leaves its task "running" for ever. Tasks are idempotent and workers have the name of their
server, so a starting worker first puts back what an earlier one of the same server did not finish.
"""

from __future__ import annotations

import logging
import os
import uuid
from pathlib import Path

logger = logging.getLogger("serai.worker")

MOST_TRIES = 3
"""A task that took its worker down so many times is not tried again: it is marked as failed."""


def server_name(folder: Path) -> str:
    """A name for this server, made once and kept in the data folder."""
    file = folder / "server"
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        file.write_text(uuid.uuid4().hex[:16], encoding="ascii")
        return file.read_text(encoding="ascii").strip()


def put_back_unfinished(name: str) -> int:
    """Makes tasks ready again that a killed worker of this server was running; returns how many."""
    from django.db import transaction
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    count = 0
    with transaction.atomic():
        for row in DBTaskResult.objects.running().select_for_update():
            if not row.worker_ids or row.worker_ids[-1] != name:
                continue
            if len(row.worker_ids) >= MOST_TRIES:
                row.status, row.finished_at = "FAILED", timezone.now()
                logger.error("Task %s took its worker down %s times and is given up", row.pk, MOST_TRIES)
            else:
                row.status, row.started_at = "READY", None
                count += 1
            row.save(update_fields=["status", "started_at", "finished_at"])
    return count


def main() -> None:
    """`python -m serai.config.worker`: runs until SIGTERM, finishing the task at hand."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serai.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    name = server_name(Path(settings.SERAI_DATA))
    put_back_unfinished(name)
    call_command("db_worker", queue_name="*", interval=0.5, worker_id=name, reload=settings.DEBUG, verbosity=0)


if __name__ == "__main__":
    main()
