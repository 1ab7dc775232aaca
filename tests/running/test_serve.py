"""`serai open` and `serai serve`: what dies is started again, what stops leaves nothing, what is wrong is said."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .house import ROOT, House, wait_until
from .test_published_files import listens

pytestmark = [pytest.mark.once, pytest.mark.slow]
SERAI = [sys.executable, "-c", "from serai.config.cli import main; main()"]


def children(pid: int) -> dict[int, str]:
    """Direct children of a process with their names."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child): Path(f"/proc/{child}/comm").read_text().strip() for child in found}


def child(house: House, name: str) -> int:
    assert house.process
    return next((pid for pid, called in children(house.process.pid).items() if called == name), 0)


def serai(house: House, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SERAI, *arguments], cwd=ROOT, env=house.environment, capture_output=True, text=True, check=False
    )


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.fixture(scope="module")
def running(made: Callable[..., House]) -> House:
    return made().serve()


@pytest.mark.parametrize("name", ["serai-web", "serai-worker", "serai-clock"])
def test_what_dies_is_started_again(running: House, name: str) -> None:
    wait_until(lambda: child(running, name) > 0, 30, "it runs")
    before = child(running, name)
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: child(running, name) not in {0, before}, 20, "it runs again")
    wait_until(lambda: listens(running), 60, "the house answers")
    assert running.get("/").status == 200


def test_a_second_house_on_the_same_port_is_refused_with_the_cure(running: House) -> None:
    done = serai(running, "serve")
    assert done.returncode == 1
    assert f"Port {running.port}" in done.stderr
    assert "--port" in done.stderr


def test_tasks_are_done_and_what_a_killed_worker_left_is_done_again(running: House, tmp_path: Path) -> None:
    (tmp_path / "slow").write_text("")
    running.run(f"from tests.running.tasks import write_down; write_down.enqueue({str(tmp_path)!r})")
    begun = tmp_path / "begun"
    wait_until(lambda: begun.exists() and begun.read_text() == "x", 30, "the worker took the task")
    os.kill(child(running, "serai-worker"), signal.SIGKILL)
    (tmp_path / "slow").unlink()
    wait_until((tmp_path / "done").exists, 60, "the next worker did it")
    assert begun.read_text() == "xx"


def test_sigterm_stops_everything(running: House) -> None:
    assert running.process
    below = set(children(running.process.pid))
    for pid in list(below):
        below |= set(children(pid))
    assert len(below) >= 4
    start = time.monotonic()
    running.stop()
    assert time.monotonic() - start < 20
    assert not [pid for pid in below if alive(pid)]
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", running.port)) != 0


def test_killed_with_its_parent_the_web_server_leaves_the_port_free(made: Callable[..., House]) -> None:
    house = made().serve()
    assert house.process
    web = child(house, "serai-web")
    below = {*children(house.process.pid), *children(web)}
    for pid in (house.process.pid, web):
        os.kill(pid, signal.SIGKILL)
    house.process.wait()
    wait_until(lambda: not [pid for pid in below if alive(pid)], 20, "all are gone")
    assert not listens(house)


def test_a_house_whose_database_is_behind_is_refused(made: Callable[..., House], tmp_path: Path) -> None:
    house = made()
    (house.folder / "serai.sqlite3").unlink()
    done = serai(house, "serve")
    assert done.returncode == 1
    assert "serai open" in done.stderr


def test_opening_twice_at_once_opens_once(made: Callable[..., House]) -> None:
    house = made(settings="serai.config.settings")
    both = [
        subprocess.Popen([*SERAI, "open"], cwd=ROOT, env=house.environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=180)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("static files gathered" in text for text in said) == 1
    assert "static files" not in serai(house, "open").stdout


def test_a_command_opens_a_house_where_there_was_none_and_says_so(made: Callable[..., House]) -> None:
    house = made(settings="serai.config.settings")
    (house.folder / "serai.sqlite3").unlink()
    done = serai(house, "search", "doctor", "--lang", "en", "--json")
    assert (done.returncode, json.loads(done.stdout)["count"]) == (0, 0)
    assert f"no house in {house.folder} yet" in done.stderr
    assert "no house" not in serai(house, "search", "doctor", "--lang", "en").stderr


def test_a_command_says_in_a_sentence_that_the_database_is_behind_or_gone(made: Callable[..., House]) -> None:
    house = made(settings="serai.config.settings")
    with sqlite3.connect(house.folder / "serai.sqlite3") as database:
        database.execute("DROP TABLE content_searchword")
        database.execute("DELETE FROM django_migrations WHERE app = 'content'")
    behind = serai(house, "search", "doctor", "--lang", "en", "--json")
    house.url = "postgresql://nobody@127.0.0.1:1/nothing"
    gone = serai(house, "search", "doctor", "--lang", "en", "--json")
    assert {behind.returncode, gone.returncode} == {1}
    assert "Run `serai open` first" in behind.stderr
    assert "cannot be reached" in gone.stderr
    assert "Traceback" not in behind.stderr + gone.stderr
