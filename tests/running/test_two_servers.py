"""Two servers, each with its own published files, on one PostgreSQL: a change on one is live on both."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from .house import House, wait_until
from .test_published_files import title

pytestmark = [pytest.mark.postgres, pytest.mark.once]


@pytest.fixture(scope="module")
def pair(made: Callable[..., House], postgres_url: str) -> tuple[House, House]:
    """North, where changes are made, and south, which only hears of them."""
    north, south = made(postgres_url), made(postgres_url)
    for house in (north, south):
        house.more["SERAI_TEST_HOLD"] = str(house.folder / "hold")
    north.run(north.call("lindenbach", "One"))
    north.run(north.call("amsel", "Amsel"))
    return north.serve(), south.serve()


def read_twice(house: House, path: str = "/en/lindenbach/") -> str:
    """Until it is a file."""
    house.get(path)
    assert path[1:] + "index.html" in house.files()
    return title(house.get(path))


def files(pair: tuple[House, House]) -> list[int]:
    """Inodes of the page on both servers: a page made anew has another one."""
    pages = [file for house in pair for file in house.folder.glob("published/*/pages/en/lindenbach/index.html")]
    return [file.stat().st_ino for file in pages]


def test_a_change_is_live_on_every_server_within_five_seconds(pair: tuple[House, House]) -> None:
    north, south = pair
    worst = 0.0
    for number in range(4):
        read_twice(south)
        read_twice(north)
        north.run(north.call("lindenbach", f"Change {number}"))
        start = time.monotonic()
        assert title(north.get("/en/lindenbach/")) == f"Change {number}"
        wait_until(lambda n=number: title(south.get("/en/lindenbach/")) == f"Change {n}", 5, "live in the south")
        worst = max(worst, time.monotonic() - start)
    assert worst < 5


def test_a_page_made_after_the_change_is_not_taken_away_again(pair: tuple[House, House]) -> None:
    north, south = pair
    north.run(north.call("lindenbach", "Settled"))
    time.sleep(2.5)
    read_twice(south)
    read_twice(north)
    before = files(pair)
    time.sleep(3)
    after = files(pair)
    assert len(before) == 2
    assert after == before


def test_a_transaction_that_commits_late_is_followed_too(pair: tuple[House, House]) -> None:
    """Its row has a lower id than one that was followed long before it could be seen."""
    north, south = pair
    read_twice(south)
    gate, opened = north.folder / "gate", north.folder / "opened"
    gate.write_text("")
    late = north.call(
        "lindenbach", "Late",
        before_commit=f"import os, time; open({str(opened)!r}, 'w').close()\n"
        f"    while os.path.exists({str(gate)!r}): time.sleep(0.02)",
    )  # fmt: skip
    slow = threading.Thread(target=lambda: north.run_apart(late))
    slow.start()
    wait_until(opened.exists, 20, "the late transaction has written its row")
    north.run(north.call("amsel", "Early"))
    time.sleep(2.5)  # the south has followed the early one
    assert read_twice(south) != "Late"
    gate.unlink()
    slow.join()
    wait_until(lambda: title(south.get("/en/lindenbach/")) == "Late", 5, "the late change is live in the south")


def test_a_page_rendered_while_a_change_commits_elsewhere_is_not_kept(pair: tuple[House, House]) -> None:
    north, south = pair
    north.run(north.call("lindenbach", "Before"))
    wait_until(lambda: title(south.get("/en/lindenbach/")) == "Before", 5, "the south follows")
    south.run(south.call("lindenbach", "Before"))  # takes the south's file away
    hold, seen = south.folder / "hold", south.folder / "hold.read"
    gate, opened = north.folder / "gate", north.folder / "opened"
    opened.unlink(missing_ok=True)
    gate.write_text("")
    change = north.call(
        "lindenbach", "After",
        before_commit=f"import os, time; open({str(opened)!r}, 'w').close()\n"
        f"    while os.path.exists({str(gate)!r}): time.sleep(0.02)",
    )  # fmt: skip
    writer = threading.Thread(target=lambda: north.run_apart(change))
    writer.start()
    wait_until(opened.exists, 20, "the change has its row, uncommitted")
    hold.write_text("")
    answers: list[str] = []
    reader = threading.Thread(target=lambda: answers.append(title(south.get("/en/lindenbach/"))))
    reader.start()
    wait_until(seen.exists, 10, "the south read the old name")
    gate.unlink()
    writer.join()  # committed while the south renders
    hold.unlink()
    reader.join()
    assert answers == ["Before"]
    assert title(south.get("/en/lindenbach/")) == "After"


def test_only_one_clock_acts_and_another_takes_over(pair: tuple[House, House]) -> None:
    north, south = pair
    code = """
from serai.config.clock import turn_for_database
turn = turn_for_database()
assert turn.is_ours() is {expected}, "the turn"
turn.give_back()
"""
    south.run(code.format(expected=False))  # the clock of one of the two holds it
    north.stop()
    south.stop()
    south.run(code.format(expected=True))
