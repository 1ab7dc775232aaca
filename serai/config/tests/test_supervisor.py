"""Children forked from a house that is loaded: what becomes of them when they end, fail, hang or lose their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

BEGIN = """
import os, signal, sys, threading, time
from pathlib import Path
from serai.config.supervisor import Child, Supervisor, become
folder = Path(sys.argv[1])
def note(name):
    with (folder / name).open("a") as file:
        file.write(f"{os.getpid()} ")
def wait():
    note("waits")
    time.sleep(60)
"""


def parent(tmp_path: Path, code: str) -> subprocess.Popen[str]:
    """A process that runs the code after BEGIN."""
    command = [sys.executable, "-c", BEGIN + code, str(tmp_path)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def until(true: Callable[[], bool]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("not within 30 s")


def noted(tmp_path: Path, name: str) -> list[int]:
    file = tmp_path / name
    return [int(pid) for pid in file.read_text().split()] if file.exists() else []


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_a_child_that_fails_says_why_and_comes_again_and_one_with_a_single_task_does_not(tmp_path: Path) -> None:
    code = """
def fail():
    note("fails")
    raise ValueError("no bread")
children = [Child("The baker", "baker", fail), Child("The bell", "bell", lambda: note("rings"), once=True)]
Supervisor(children, lambda line: print(line, flush=True)).run()
"""
    process = parent(tmp_path, code)
    until(lambda: len(noted(tmp_path, "fails")) == 2)
    process.send_signal(signal.SIGTERM)
    said, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "The baker ended with 1 and is started again" in said
    assert "ValueError: no bread" in errors
    assert "bell" not in said
    assert len(noted(tmp_path, "rings")) == 1


def test_sigterm_reaches_a_child_as_sigterm_and_one_that_does_not_hear_is_ended(tmp_path: Path) -> None:
    code = """
from serai.config import supervisor
supervisor.PATIENCE = 1.0
def deaf():
    signal.signal(signal.SIGTERM, lambda *_: note("asked"))
    note("deaf")
    while True:
        time.sleep(0.1)
Supervisor([Child("One", "one", wait), Child("Two", "two", deaf)], print).run()
"""
    process = parent(tmp_path, code)
    until(lambda: bool(noted(tmp_path, "waits") and noted(tmp_path, "deaf")))
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert noted(tmp_path, "asked") == noted(tmp_path, "deaf")
    assert not [pid for name in ("waits", "deaf") for pid in noted(tmp_path, name) if alive(pid)]


def test_a_child_follows_its_parent_even_when_that_is_killed(tmp_path: Path) -> None:
    process = parent(tmp_path, "Supervisor([Child('One', 'one', wait)], print).run()")
    until(lambda: bool(noted(tmp_path, "waits")))
    child = noted(tmp_path, "waits")[0]
    assert Path(f"/proc/{child}/comm").read_text() == "one\n"
    assert os.getpgid(child) == child
    process.kill()
    process.communicate()
    until(lambda: not alive(child))


def test_a_child_may_become_another_program_and_leaves_nothing_behind(tmp_path: Path) -> None:
    code = """
script = f"sleep 60 & echo $! > {folder}/left"
Supervisor([Child("A shell", "shell", become(["/bin/sh", "-c", script]), once=True)], print).run()
"""
    process = parent(tmp_path, code)
    until(lambda: (tmp_path / "left").exists() and bool((tmp_path / "left").read_text()))
    until(lambda: not alive(noted(tmp_path, "left")[0]))
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def test_who_is_not_alone_forks_nobody(tmp_path: Path) -> None:
    code = """
threading.Thread(target=time.sleep, args=[5], daemon=True, name="talker").start()
Child("One", "one", wait).start(0)
"""
    _, errors = parent(tmp_path, code).communicate(timeout=30)
    assert "RuntimeError: not alone" in errors
    assert "talker" in errors
    assert noted(tmp_path, "waits") == []
