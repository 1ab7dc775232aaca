"""The clock: nothing runs twice at once, nothing that fails stops it, one acts for the whole house."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from serai.config.clock import Clock, FileTurn, Sweep, prune_tasks


class Ours:
    """A turn that is ours or not."""

    def __init__(self, ours: bool) -> None:
        self.ours = ours

    def is_ours(self) -> bool:
        return self.ours

    def give_back(self) -> None:
        """Nothing to do."""


def run_for(seconds: float, sweeps: list[Sweep], ours: bool = True) -> None:
    clock = Clock(sweeps, Ours(ours))
    thread = threading.Thread(target=clock.run)
    thread.start()
    time.sleep(seconds)
    clock.stop()
    thread.join(10)
    assert not thread.is_alive()


def counting() -> tuple[list[float], Callable[[], None]]:
    times: list[float] = []
    return times, lambda: times.append(time.monotonic())


def test_each_sweep_runs_at_its_own_pace() -> None:
    quick, run_quick = counting()
    slow, run_slow = counting()
    run_for(1.1, [Sweep("quick", 0.2, run_quick), Sweep("slow", 30, run_slow)])
    assert 4 <= len(quick) <= 6
    assert len(slow) == 1


def test_a_failing_sweep_is_told_once_and_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    good, run_good = counting()

    def fail() -> None:
        raise RuntimeError("no database")

    with caplog.at_level(logging.ERROR, "serai.clock"):
        run_for(0.9, [Sweep("bad", 0.1, fail), Sweep("good", 0.1, run_good)])
    assert len(good) >= 4
    assert [record.message for record in caplog.records].count(
        "The sweep bad failed and comes again in 0.1 seconds"
    ) == 1


def test_a_long_sweep_never_runs_beside_itself_nor_holds_up_others() -> None:
    good, run_good = counting()
    inside: list[int] = []

    def long() -> None:
        inside.append(1)
        time.sleep(0.5)

    run_for(1.2, [Sweep("long", 0.1, long), Sweep("follow", 0.1, run_good, everywhere=True)])
    assert len(inside) <= 3
    assert len(good) >= 6


def test_only_what_is_for_each_server_runs_without_the_turn() -> None:
    house, run_house = counting()
    server, run_server = counting()
    run_for(0.5, [Sweep("house", 0.1, run_house), Sweep("server", 0.1, run_server, everywhere=True)], ours=False)
    assert house == []
    assert server


def test_the_turn_is_one_at_a_time_and_passes_on(tmp_path: Path) -> None:
    one, other = FileTurn(tmp_path / "clock"), FileTurn(tmp_path / "clock")
    assert one.is_ours()
    assert one.is_ours()
    assert not other.is_ours()
    one.give_back()
    assert other.is_ours()
    assert not one.is_ours()
    other.give_back()


def test_finished_tasks_are_pruned(db: None) -> None:
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    now = timezone.now()

    def finished(status: str, days: int) -> DBTaskResult:
        row = {"task_path": "x.y", "backend_name": "default", "args_kwargs": {}, "run_after": now}
        return DBTaskResult.objects.create(status=status, finished_at=now - timedelta(days=days), **row)

    gone = [finished("SUCCESSFUL", 15), finished("FAILED", 91)]
    kept = [finished("SUCCESSFUL", 13), finished("FAILED", 89)]
    assert prune_tasks() == len(gone)
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == {row.pk for row in kept}


def test_a_task_that_always_kills_its_worker_is_given_up(db: None) -> None:
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    from serai.config.worker import MOST_TRIES, put_back_unfinished

    row = {"task_path": "x.y", "backend_name": "default", "args_kwargs": {}, "run_after": timezone.now()}
    once = DBTaskResult.objects.create(status="RUNNING", worker_ids=["north"], **row)
    often = DBTaskResult.objects.create(status="RUNNING", worker_ids=["north"] * MOST_TRIES, **row)
    foreign = DBTaskResult.objects.create(status="RUNNING", worker_ids=["south"], **row)
    assert put_back_unfinished("north") == 1
    assert {name: DBTaskResult.objects.get(pk=task.pk).status for name, task in
            {"once": once, "often": often, "foreign": foreign}.items()} == {
        "once": "READY", "often": "FAILED", "foreign": "RUNNING"}  # fmt: skip
