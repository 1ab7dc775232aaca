"""Subscribers get every event in order, at least once; one that fails holds up nobody but itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from serai.kernel.ledger.actions import NotParked, StillRefused, drop_parked, record, retry_parked
from serai.kernel.ledger.delivery import TRIES, deliver_events
from serai.kernel.ledger.models import Delivery, OutboxRow, Parked, Pending, Touch
from serai.kernel.ledger.queries import parked_events
from serai.kernel.ledger.sequencer import sequence_outbox
from serai.kernel.register.ports import LedgerEvent

PROBE = "ledger.probe_written"
ERASED = "ledger.opening_erased"


class Reader:
    """A subscriber that remembers what it got and cannot take some."""

    def __init__(self, *refuses: int) -> None:
        self.got: list[LedgerEvent] = []
        self.refuses = set(refuses)

    def __call__(self, event: LedgerEvent) -> None:
        if event.seq in self.refuses:
            Touch.objects.create(key="half")
            raise ConnectionError("secret words about a person")
        self.got.append(event)

    @property
    def numbers(self) -> list[int]:
        return [event.seq for event in self.got]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """clock(60): a minute later."""
    state = {"now": timezone.now()}
    monkeypatch.setattr("django.utils.timezone.now", lambda: state["now"])

    def later(seconds: float) -> datetime:
        state["now"] += timedelta(seconds=seconds)
        return state["now"]

    return later


def test_a_subscriber_gets_its_events_in_order_and_once_as_plain_references(subscribers, happened) -> None:
    reader = Reader()
    subscribers.offer("reader", (frozenset({PROBE}), reader))
    happened(3)
    happened(1, ERASED)
    moment = OutboxRow.objects.order_by("pk").first().at
    sequence_outbox()
    deliver_events()
    deliver_events()
    assert reader.numbers == [0, 1, 2]
    assert reader.got[0] == LedgerEvent(0, PROBE, "ledger", "ledger.probe:0", moment)


def test_a_reference_is_kept_until_all_have_it_and_not_longer(subscribers, happened, clock) -> None:
    quick, slow = Reader(), Reader(0)
    subscribers.offer("quick", (frozenset({PROBE}), quick))
    subscribers.offer("slow", (frozenset({PROBE}), slow))
    happened(2)
    sequence_outbox()
    deliver_events()
    assert quick.numbers == [0, 1]
    assert slow.numbers == []
    assert Pending.objects.count() == 2
    slow.refuses.clear()
    clock(2)
    deliver_events()
    assert slow.numbers == [0, 1]
    assert Pending.objects.count() == 0


def test_an_event_that_nobody_follows_leaves_no_reference(subscribers, happened) -> None:
    subscribers.offer("reader", (frozenset({ERASED}), Reader()))
    happened(2)
    sequence_outbox()
    assert not Pending.objects.exists()


def test_a_subscriber_that_fails_is_asked_again_later_and_later_and_its_half_work_is_undone(
    subscribers, happened, clock
) -> None:
    reader = Reader(0)
    subscribers.offer("reader", (frozenset({PROBE}), reader))
    happened(2)
    sequence_outbox()
    waits = []
    for _ in range(3):
        now = clock(0)
        deliver_events()
        place = Delivery.objects.get()
        waits.append((place.not_before - now).total_seconds())
        deliver_events()
        assert Delivery.objects.get().tries == place.tries, "it was asked before its time"
        clock(waits[-1])
    assert waits == [2, 4, 8]
    assert reader.numbers == []
    assert not Touch.objects.exists()


def test_what_can_never_be_taken_is_parked_shown_and_the_next_events_pass(subscribers, happened, clock) -> None:
    reader = Reader(1)
    subscribers.offer("reader", (frozenset({PROBE}), reader))
    happened(3)
    sequence_outbox()
    for _ in range(TRIES):
        deliver_events()
        clock(1000)
    assert reader.numbers == [0, 2]
    (parked,) = parked_events()
    assert (parked.subscriber, parked.seq, parked.subject) == ("reader", 1, "ledger.probe:1")
    assert parked.error == "builtins.ConnectionError"
    assert list(Pending.objects.values_list("seq", flat=True)) == [1]


def parked_one(subscribers: Any, happened: Any, clock: Any) -> Reader:
    reader = Reader(0)
    subscribers.offer("reader", (frozenset({PROBE}), reader))
    happened(1)
    sequence_outbox()
    for _ in range(TRIES):
        deliver_events()
        clock(1000)
    assert Parked.objects.count() == 1
    return reader


def test_a_parked_event_can_be_offered_again_and_is_gone_when_taken(subscribers, happened, clock) -> None:
    reader = parked_one(subscribers, happened, clock)
    with pytest.raises(StillRefused, match="ConnectionError") as refused:
        retry_parked(subscriber="reader", seq=0)
    assert "secret" not in str(refused.value)
    assert Parked.objects.count() == 1
    reader.refuses.clear()
    retry_parked(subscriber="reader", seq=0)
    deliver_events()
    assert reader.numbers == [0]
    assert not Parked.objects.exists()
    assert not Pending.objects.exists()


def test_a_parked_event_can_be_given_up(subscribers, happened, clock) -> None:
    parked_one(subscribers, happened, clock)
    with pytest.raises(NotParked):
        drop_parked(subscriber="another", seq=0)
    drop_parked(subscriber="reader", seq=0, by="7")
    deliver_events()
    assert not Pending.objects.exists()
    assert OutboxRow.objects.get().event == "ledger.parked_dropped"


def test_the_same_event_delivered_twice_is_recognised_by_its_number(subscribers, happened) -> None:
    seen: dict[int, str] = {}

    def idempotent(event: LedgerEvent) -> None:
        seen[event.seq] = event.subject

    subscribers.offer("reader", (frozenset({PROBE}), idempotent))
    subscribers.offer("slow", (frozenset({PROBE}), Reader(0)))
    happened(2)
    sequence_outbox()
    deliver_events()
    once = dict(seen)
    Delivery.objects.filter(subscriber="reader").update(seq=-1)  # as after a crash before the place was kept
    deliver_events()
    assert seen == once == {0: "ledger.probe:0", 1: "ledger.probe:1"}


def test_what_a_subscriber_writes_stands_or_falls_with_its_place(subscribers, happened) -> None:
    def writes(event: LedgerEvent) -> None:
        Touch.objects.create(key=f"seen:{event.seq}")
        record(ERASED, subject=f"ledger.row:{event.seq}")

    subscribers.offer("writer", (frozenset({PROBE}), writes))
    happened(2)
    sequence_outbox()
    deliver_events()
    assert Touch.objects.count() == 2
    assert OutboxRow.objects.filter(event=ERASED).count() == 2
    assert Delivery.objects.get().seq == 1


def test_a_new_subscriber_begins_with_what_comes_next(subscribers, happened) -> None:
    subscribers.offer("old", (frozenset({PROBE}), Reader(0)))
    happened(1)
    sequence_outbox()
    reader = Reader()
    subscribers.offer("new", (frozenset({PROBE}), reader))
    happened(1)
    sequence_outbox()
    deliver_events()
    assert reader.numbers == [1]
