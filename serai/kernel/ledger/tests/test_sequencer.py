"""Outbox rows become numbered rows of the tree: gapless, in order, all or nothing, one sequencer at a time."""

from __future__ import annotations

import fcntl
from datetime import UTC
from pathlib import Path

import pytest
from django.db import connection

from serai.kernel.ledger import sequencer
from serai.kernel.ledger.leaves import Leaf, commitment
from serai.kernel.ledger.models import LedgerRow, Opening, OutboxRow, Tree
from serai.kernel.ledger.sequencer import sequence_outbox
from serai.kernel.ledger.tree import TreeIsBroken, locked_tree
from serai.lib import merkle


def test_events_are_numbered_from_nought_in_the_order_in_which_they_were_written(happened) -> None:
    happened(3)
    times = list(OutboxRow.objects.order_by("pk").values_list("at", flat=True))
    assert sequence_outbox() == 3
    assert not OutboxRow.objects.exists()
    assert list(LedgerRow.objects.order_by("seq").values_list("seq", "kind", "day")) == [
        (number, "ledger", moment.astimezone(UTC).date()) for number, moment in enumerate(times)
    ]
    assert [f"ledger.probe:{number}" in Opening.objects.get(seq=number).event for number in range(3)] == [True] * 3


def test_a_batch_takes_no_more_than_its_limit_and_the_next_goes_on(happened) -> None:
    happened(5)
    assert [sequence_outbox(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert list(LedgerRow.objects.order_by("seq").values_list("seq", flat=True)) == [0, 1, 2, 3, 4]


def test_the_tree_is_that_of_the_leaves_and_each_opening_fits_its_row(happened) -> None:
    happened(5)
    sequence_outbox(limit=3)
    sequence_outbox()
    leaves = []
    for row in LedgerRow.objects.order_by("seq"):
        opening = Opening.objects.get(seq=row.seq)
        assert commitment(bytes(opening.salt), opening.event) == bytes(row.commitment)
        leaves.append(Leaf(row.kind, row.day, bytes(row.commitment)).hash())
    _tree, frontier = locked_tree()
    assert (frontier.size, frontier.root()) == (5, merkle.root(leaves))


def test_two_events_alike_are_sealed_differently(happened) -> None:
    happened(1)
    happened(1)
    sequence_outbox()
    assert len({bytes(row.commitment) for row in LedgerRow.objects.all()}) == 2
    assert len({bytes(row.salt) for row in Opening.objects.all()}) == 2


def test_a_row_with_a_lower_id_that_commits_late_is_not_missed(happened) -> None:
    happened(2)
    late = OutboxRow.objects.order_by("pk").first()
    pk, fields = late.pk, {name: getattr(late, name) for name in ("event", "kind", "subject", "by")}
    late.delete()
    assert sequence_outbox() == 1
    OutboxRow.objects.create(pk=pk, **fields)
    assert sequence_outbox() == 1
    assert LedgerRow.objects.count() == 2


def test_a_failure_in_the_middle_leaves_everything_in_the_outbox(happened, monkeypatch: pytest.MonkeyPatch) -> None:
    happened(3)

    rows_before_it_failed = []

    def full_disk(*_: object) -> int:
        rows_before_it_failed.append(LedgerRow.objects.count())
        raise OSError("no space left on device")

    monkeypatch.setattr(sequencer, "delete_rows", full_disk)
    with pytest.raises(OSError, match="no space"):
        sequence_outbox()
    assert rows_before_it_failed == [3]
    assert OutboxRow.objects.count() == 3
    assert not LedgerRow.objects.exists()
    assert not Opening.objects.exists()
    assert not Tree.objects.exists()


def test_a_stored_tree_that_contradicts_itself_stops_the_sequencer(happened) -> None:
    happened(1)
    sequence_outbox()
    Tree.objects.update(size=9)
    happened(1)
    with pytest.raises(TreeIsBroken):
        sequence_outbox()
    assert OutboxRow.objects.count() == 1


def test_while_another_sequencer_is_at_it_this_one_does_nothing(happened, data_folder: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("on PostgreSQL two real processes try it in test_processes")
    happened(1)
    with (data_folder / "sequencer.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert sequence_outbox() == 0
    assert sequence_outbox() == 1


def test_an_idle_house_asks_one_question_and_takes_no_lock(db: None, django_assert_num_queries, data_folder) -> None:
    with django_assert_num_queries(1):
        assert sequence_outbox() == 0
    assert not (data_folder / "sequencer.lock").exists()


def test_rows_taken_by_somebody_else_meanwhile_are_not_numbered(happened, monkeypatch: pytest.MonkeyPatch) -> None:
    happened(2)
    seal = sequencer.append_leaves

    def thief(leaves: list[Leaf]) -> int:
        OutboxRow.objects.order_by("pk").first().delete()
        return seal(leaves)

    monkeypatch.setattr(sequencer, "append_leaves", thief)
    with pytest.raises(RuntimeError, match="somebody else"):
        sequence_outbox()
    assert not LedgerRow.objects.exists()
