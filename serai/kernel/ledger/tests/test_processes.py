"""Real processes on a real database: many writers, two sequencers, killed in the middle."""

from __future__ import annotations

import pytest

from .conftest import OtherHouse

pytestmark = pytest.mark.slow

VERDICT = """
from serai.kernel.ledger.models import LedgerRow, Opening, OutboxRow
from serai.kernel.ledger.verification import verify_ledger
subjects = [json.loads(event)["subject"] for event in Opening.objects.values_list("event", flat=True)]
print(json.dumps({
    "waiting": OutboxRow.objects.count(),
    "rows": LedgerRow.objects.count(),
    "last": LedgerRow.objects.order_by("-seq").values_list("seq", flat=True).first(),
    "different": len(set(subjects)),
    "findings": [row.code for row in verify_ledger().findings],
    **extra,
}))
"""


def test_eight_writers_beside_two_sequencers_miss_double_and_skip_nothing(other_house: OtherHouse) -> None:
    figures = other_house.run(
        "from serai.kernel.ledger.measure import bench_ledger\n"
        "print(json.dumps(bench_ledger(writers=8, seconds=3, every=0.01, sequencers=2)))"
    )
    assert figures["actions"] > 100
    assert (figures["missed"], figures["doubled"], figures["gaps"]) == (0, 0, 0)
    verdict = other_house.run(f"extra = {{}}\n{VERDICT}")
    assert verdict["waiting"] == 0
    assert verdict["findings"] == []
    assert verdict["last"] == verdict["rows"] - 1 == figures["actions"] - 1


KILLED = """
import os, random, signal, time
from django.db import connection, transaction
from serai.kernel.ledger import sequencer
from serai.kernel.ledger.actions import record
from serai.kernel.ledger.models import LedgerRow, OutboxRow

EVENTS = 3000
with transaction.atomic():
    for number in range(EVENTS):
        record("ledger.probe_written", subject=f"ledger.probe:{number}")

def hang_up():
    connection.close()
    getattr(connection, "close_pool", connection.close)()

def forked(work):
    hang_up()
    child = os.fork()
    if child:
        return child
    try:
        work()
    finally:
        os._exit(0)

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def dies_between_rows_and_openings():
    sequencer.insert_rows = die
    sequencer.sequence_outbox()

def dies_before_the_outbox_is_emptied():
    sequencer.delete_rows = die
    sequencer.sequence_outbox()

def works():
    while True:
        sequencer.sequence_outbox(limit=3)

def ended(child):
    return os.waitpid(child, 0)[1]

killed = 0
for dies in (dies_between_rows_and_openings, dies_before_the_outbox_is_emptied):
    killed += os.WTERMSIG(ended(forked(dies))) == signal.SIGKILL
begun = LedgerRow.objects.count()
in_the_middle = 0
for _ in range(12):
    before = LedgerRow.objects.count()
    child = forked(works)
    time.sleep(random.uniform(0.02, 0.2))
    os.kill(child, signal.SIGKILL)
    ended(child)
    in_the_middle += LedgerRow.objects.count() > before and OutboxRow.objects.exists()
while sequencer.sequence_outbox():
    pass
extra = {"killed": killed, "begun": begun, "in_the_middle": in_the_middle, "events": EVENTS}
"""


def test_a_sequencer_killed_in_the_middle_loses_nothing_and_doubles_nothing(other_house: OtherHouse) -> None:
    verdict = other_house.run(KILLED + VERDICT)
    assert verdict["killed"] == 2
    assert verdict["begun"] == 0, "rows without openings were left behind"
    assert verdict["in_the_middle"] > 2, "it was hardly ever killed between two batches: nothing was tried"
    assert verdict["waiting"] == 0
    assert verdict["rows"] == verdict["different"] == verdict["events"]
    assert verdict["last"] == verdict["events"] - 1
    assert verdict["findings"] == []


LATE = """
import threading
from django.db import connection, transaction
from serai.kernel.ledger.actions import record
from serai.kernel.ledger.models import LedgerRow, Opening
from serai.kernel.ledger.sequencer import sequence_outbox

written, go_on = threading.Event(), threading.Event()

def slow_action():
    with transaction.atomic():
        record("ledger.probe_written", subject="ledger.probe:early-id-late-commit")
        written.set()
        go_on.wait(30)
    connection.close()

thread = threading.Thread(target=slow_action)
thread.start()
written.wait(30)
with transaction.atomic():
    record("ledger.probe_written", subject="ledger.probe:late-id-early-commit")
first = sequence_outbox()
go_on.set()
thread.join()
second = sequence_outbox()
order = [json.loads(event)["subject"] for event in Opening.objects.order_by("seq").values_list("event", flat=True)]
print(json.dumps([first, second, order]))
"""


def test_an_action_that_commits_after_a_later_one_is_not_missed(other_house: OtherHouse) -> None:
    if not other_house.postgres:
        pytest.skip("SQLite has one writer: nobody can commit in between")
    assert other_house.run(LATE) == [1, 1, ["ledger.probe:late-id-early-commit", "ledger.probe:early-id-late-commit"]]


TURNS = """
import threading
from django.db import connection
from serai.kernel.ledger.turn import sole_turn

taken, go_on = threading.Event(), threading.Event()
def busy():
    with sole_turn() as mine:
        assert mine
        taken.set()
        go_on.wait(30)
    connection.close()
thread = threading.Thread(target=busy)
thread.start()
taken.wait(30)
with sole_turn() as second:
    pass
go_on.set()
thread.join()
with sole_turn() as third:
    pass
print(json.dumps([second, third]))
"""


def test_only_one_has_its_turn(other_house: OtherHouse) -> None:
    assert other_house.run(TURNS) == [False, True]


OUTSIDE = """
from serai.kernel.ledger.actions import OutsideTransaction, record
from serai.kernel.ledger.models import OutboxRow
try:
    record("ledger.probe_written", subject="ledger.probe:1", touches=["a"])
    raised = ""
except OutsideTransaction as error:
    raised = str(error)
print(json.dumps([raised, OutboxRow.objects.count()]))
"""


def test_an_event_outside_a_transaction_is_refused(other_house: OtherHouse) -> None:
    assert other_house.run(OUTSIDE) == ["ledger.probe_written", 0]
