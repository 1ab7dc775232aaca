"""A process that stays inside a house and runs what it is given: Django is set up once, not for every question."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STAYS = """
import contextlib, io, json, sys, traceback, django
django.setup()
from django.db import connections
for line in sys.stdin:
    said, error = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(said):
            exec(json.loads(line), {})
    except (Exception, SystemExit):
        error = traceback.format_exc()
    connections.close_all()
    print(json.dumps([said.getvalue(), error]), flush=True)
"""


class Inside:
    """One such process. It is a neighbour of the house's own processes and shares only the database and files."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", STAYS],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str) -> str:
        """What the lines print; raises AssertionError with their traceback when they fail or ask to leave."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(code) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the process inside the house has ended"
        said, error = json.loads(answer)
        assert not error, f"{error}\n{said}"
        return str(said)

    def close(self) -> None:
        """Ends it at once."""
        self.process.kill()
        self.process.communicate()
