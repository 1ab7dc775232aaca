"""A task that says when it begins and ends, slowly the first time."""

import os
import time
from pathlib import Path

from django_tasks import task


@task()
def write_down(folder: str) -> None:
    """Writes `begun` and then `done`; while `slow` is there it takes long in between."""
    begun = Path(folder, "begun")
    begun.write_text(begun.read_text() + "x" if begun.exists() else "x")
    while Path(folder, "slow").exists():
        time.sleep(0.05)
    Path(folder, "done").write_text(str(os.getpid()))
