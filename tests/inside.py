"""A process that stays inside a house and runs what it is given: Django is set up once, not for every question."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
STAYS = """
import contextlib, gc, io, json, os, sys, tempfile, traceback, django
django.setup()
from django.db import connections
asked, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # what is run, and what that starts, reads no question
os.dup2(2, 1)  # and writes into no answer
def hang_up():
    for each in connections.all(initialized_only=True):
        each.close()
        getattr(each, "close_pool", each.close)()
hang_up()  # no connection is held between two questions, nor handed down to a child
for line in asked:
    code, apart = json.loads(line)
    if apart:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            gc.freeze()  # a child that tidies up at its end would copy all memory for it
            child = os.fork()
            if not child:
                answers.close()
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                break
            ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            said = [each.seek(0) or each.read().decode() for each in (out, err)]
        print(json.dumps([ended, *said]), file=answers, flush=True)
        continue
    said, error = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(said):
            exec(code, {})
    except (Exception, SystemExit):
        error = traceback.format_exc()
    hang_up()
    print(json.dumps([said.getvalue(), error]), file=answers, flush=True)
else:
    sys.exit()
exec(code)  # the process forked off: it ends as any process whose last lines these are
"""
PATIENCE = 300
"""Seconds for one answer: what hangs is a failure that says so."""

SERAI = "import sys\nfrom serai.config.cli import main\nsys.argv = {words!r}\nmain()"


@dataclass(frozen=True)
class Answer:
    """What a process said, and the code it ended with; of a killed one that is the signal, below zero."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer of a command with --json."""
        assert self.out, self
        return json.loads(self.out)

    def codes(self) -> set[str]:
        """Codes of what was refused."""
        return {each["code"] for each in self.json["problems"] if each["refuses"]}


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
            start_new_session=True,
        )

    def run(self, code: str) -> str:
        """What the lines print; raises AssertionError with their traceback when they fail or ask to leave."""
        said, error = self._ask(code, apart=False)
        assert not error, f"{error}\n{said}"
        return str(said)

    def apart(self, code: str) -> Answer:
        """Runs the lines in a process of their own, forked off: their memory, limits and death are theirs alone."""
        return Answer(*self._ask(code, apart=True))

    def serai(self, *arguments: str | Path, before: str = "") -> Answer:
        """`serai ...` by its own entry point, in a process of its own; `before` are lines run there first."""
        words = ["serai", *map(str, arguments)]
        return self.apart(f"{before}\n{SERAI.format(words=words)}")

    def _ask(self, code: str, *, apart: bool) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([code, apart]) + "\n")
        self.process.stdin.flush()
        heard, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        assert heard, f"no answer within {PATIENCE} s to: {code[:200]}"
        answer = self.process.stdout.readline()
        assert answer, "the process inside the house has ended"
        return json.loads(answer)

    def close(self) -> None:
        """Ends it at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # and whatever it has forked
        self.process.communicate()
