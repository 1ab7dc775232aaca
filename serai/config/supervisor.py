"""Keeps a few programs running: starts them, starts them again when they die, stops them all together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

PARENT_DIED = 1  # PR_SET_PDEATHSIG in <sys/prctl.h>
PATIENCE = 20.0
"""Seconds given to all programs together to stop by themselves."""

STEADY = 30.0
"""Seconds after which a program counts as well started, and its next death is answered at once."""

LONGEST_PAUSE = 30.0


def _die_with_parent() -> None:
    """Runs in the child before the program: whatever happens to us, no program stays behind alone."""
    ctypes.CDLL(None).prctl(PARENT_DIED, signal.SIGTERM)


def end_group(leader: int) -> None:
    """Ends what a program that is gone left behind: web processes without their parent would listen for ever."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


@dataclass
class Child:
    """A program and its life so far."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_at: float = 0.0
    deaths: int = field(default=0)

    def start(self, now: float) -> None:
        """Starts it, away from the terminal's Ctrl-C: we tell it when to stop."""
        self.process = subprocess.Popen(self.command, preexec_fn=_die_with_parent, process_group=0)
        self.started = now

    def look(self, now: float) -> int | None:
        """The exit code if it just died; then it is due again after a pause that doubles with each quick death."""
        code = self.process.poll() if self.process else None
        if self.process is None or code is None:
            return None
        end_group(self.process.pid)
        self.process = None
        self.deaths = self.deaths + 1 if now - self.started < STEADY else 0
        self.start_at = now + (min(LONGEST_PAUSE, 0.5 * 2**self.deaths) if self.deaths else 0.0)
        return code


class Supervisor:
    """Runs until SIGTERM, SIGINT or SIGHUP."""

    def __init__(self, children: list[Child], say: Callable[[str], None]) -> None:
        self.children = children
        self.say = say
        self.stopping = threading.Event()

    def run(self) -> None:
        """Blocks. All programs are stopped when it returns."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        try:
            while not self.stopping.wait(0.1):
                self.tend(time.monotonic())
        finally:
            self.stop()

    def tend(self, now: float) -> None:
        """Starts what is not running and due."""
        for child in self.children:
            code = child.look(now)
            if code is not None:
                self.say(f"{child.name} ended with {code} and is started again")
            if child.process is None and child.start_at <= now:
                child.start(now)

    def stop(self) -> None:
        """Asks all to stop, waits, and ends what did not."""
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        end = time.monotonic() + PATIENCE
        for process in running:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            end_group(process.pid)
