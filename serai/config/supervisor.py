"""Keeps a few processes running: starts them, starts them again when they die, stops them all together.

They are forked from us, so that what we have loaded once is loaded for all: a process that takes seconds to read its
two thousand modules is there at once, and the memory is shared (decision 0010). Who forks must be alone: we run no
thread and hold no connection.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import NoReturn

STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
PARENT_DIED, OUR_NAME = 1, 15  # PR_SET_PDEATHSIG and PR_SET_NAME in <sys/prctl.h>
PATIENCE = 20.0
"""Seconds given to all programs together to stop by themselves."""

STEADY = 30.0
"""Seconds after which a program counts as well started, and its next death is answered at once."""

LONGEST_PAUSE = 30.0


def become(command: list[str]) -> Callable[[], NoReturn]:
    """For a child that is another program."""
    return lambda: os.execv(command[0], command)  # noqa: S606


def die_with_parent() -> None:
    """From now on the end of whoever forked us ends us too: nobody stays behind alone, with the port in his hands."""
    ctypes.CDLL(None).prctl(PARENT_DIED, signal.SIGTERM)


def end_group(leader: int) -> None:
    """Ends what a program that is gone left behind: web processes without their parent would listen for ever."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


@contextmanager
def _held_back() -> Iterator[None]:
    """No signal between the fork and the moment in which the child answers signals itself."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass
class Child:
    """A process and its life so far. name: what we call it; tag: what `ps` calls it, 15 letters; pid: 0 before it runs.

    once: it has something to do and then goes.
    """

    name: str
    tag: str
    run: Callable[[], object]
    once: bool = False
    pid: int = 0
    started: float = 0.0
    start_at: float = 0.0
    deaths: int = 0

    def start(self, now: float) -> None:
        """Starts it, away from the terminal's Ctrl-C: we tell it when to stop."""
        if threading.active_count() > 1:
            raise RuntimeError(f"not alone: {[thread.name for thread in threading.enumerate()]}")
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        with _held_back():
            self.pid = os.fork()
            if not self.pid:
                self._live(parent)
        with suppress(OSError):  # both of us do it, so that whoever comes first has it done
            os.setpgid(self.pid, self.pid)
        self.started = now

    def look(self, now: float, patience: bool = False) -> int | None:
        """The exit code if it just died; then it is due again after a pause that doubles with each quick death."""
        if not self.pid or not (found := os.waitpid(self.pid, 0 if patience else os.WNOHANG))[0]:
            return None
        end_group(self.pid)
        self.pid = 0
        self.deaths = self.deaths + 1 if now - self.started < STEADY else 0
        self.start_at = now + (min(LONGEST_PAUSE, 0.5 * 2**self.deaths) if self.deaths else 0.0)
        if self.once:
            self.start_at = float("inf")
        return os.waitstatus_to_exitcode(found[1])

    def _live(self, parent: int) -> NoReturn:
        """The child's whole life. Nothing of it ever returns into the parent's code."""
        code = 1
        try:
            os.setpgid(0, 0)
            for number in STOPPING:
                signal.signal(number, signal.SIG_DFL)
            die_with_parent()
            ctypes.CDLL(None).prctl(OUR_NAME, self.tag.encode()[:15], 0, 0, 0)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
            if os.getppid() == parent:
                self.run()
            code = 0
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        except BaseException:
            traceback.print_exc()
        finally:
            with suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)


class Supervisor:
    """Runs until SIGTERM, SIGINT or SIGHUP."""

    def __init__(self, children: list[Child], say: Callable[[str], None]) -> None:
        self.children = children
        self.say = say
        self.stopping = threading.Event()

    def run(self) -> None:
        """Blocks. All programs are stopped when it returns."""
        for number in STOPPING:
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
            if code is not None and not child.once:
                self.say(f"{child.name} ended with {code} and is started again")
            if not child.pid and child.start_at <= now:
                child.start(now)

    def stop(self) -> None:
        """Asks all to stop, waits, and ends what did not."""
        for child in self.children:
            if child.pid:
                os.kill(child.pid, signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        while any(child.pid for child in self.children) and time.monotonic() < end:
            for child in self.children:
                child.look(time.monotonic())
            time.sleep(0.02)
        for child in self.children:
            if child.pid:
                os.kill(child.pid, signal.SIGKILL)
                child.look(time.monotonic(), patience=True)
