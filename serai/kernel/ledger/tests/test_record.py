"""Recording stands or falls with the action, and lets nothing in that could name a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from serai.kernel.ledger.actions import (
    NotOpaque,
    UnknownEvent,
    erase_old_openings,
    erase_opening,
    opening_days,
    record,
)
from serai.kernel.ledger.models import LedgerRow, Opening, OutboxRow, Touch
from serai.kernel.ledger.sequencer import sequence_outbox

PROBE = "ledger.probe_written"


def test_an_action_that_is_rolled_back_leaves_no_event_and_no_touch(db: None) -> None:
    @transaction.atomic
    def an_action() -> None:
        record(PROBE, subject="ledger.probe:1", touches=["a"])
        assert OutboxRow.objects.exists()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        an_action()
    assert not OutboxRow.objects.exists()
    assert not Touch.objects.exists()


def test_an_event_that_no_manifest_declares_is_refused(db: None) -> None:
    with pytest.raises(UnknownEvent, match=r"ledger\.never_declared"):
        record("ledger.never_declared", subject="ledger.probe:1")
    assert not OutboxRow.objects.exists()


def test_an_event_keeps_its_declared_class_and_who_did_it(db: None) -> None:
    record(PROBE, subject="ledger.probe:1", by="7", touches=["b", "a", "a"])
    row = OutboxRow.objects.get()
    assert (row.event, row.kind, row.subject, row.by) == (PROBE, "ledger", "ledger.probe:1", "7")
    assert list(Touch.objects.values_list("key", flat=True)) == ["a", "b"]


@pytest.mark.parametrize(
    "subject",
    ["", "ana", "access.user:Ana Demir", "access.user:ana@staff.example", "access.user:", "access.user:أنا", "a.b:1\n"],
)
def test_a_subject_that_could_be_a_name_or_an_address_is_refused(db: None, subject: str) -> None:
    with pytest.raises(NotOpaque):
        record(PROBE, subject=subject)


@pytest.mark.parametrize(
    "subject",
    [
        "facts.fact:0b0e7a52-6f0a-4c3e-9b6e-0f1d1f6a1c11",
        "packs.pack:lindenbach@1.0.0",
        "content.page:12",
        "content.thing:3-a_b",
        "guides.page:lindenbach/see-a-doctor",
    ],
)
def test_the_subjects_of_the_house_are_taken(db: None, subject: str) -> None:
    record(PROBE, subject=subject)
    assert OutboxRow.objects.get().subject == subject


def test_erasing_an_opening_leaves_the_row_as_it_was_and_says_that_it_happened(happened) -> None:
    happened(2, by="7")
    sequence_outbox()
    before = LedgerRow.objects.values().get(seq=1)
    assert erase_opening(seq=1, by="9")
    assert list(Opening.objects.values_list("seq", flat=True)) == [0]
    after = LedgerRow.objects.values().get(seq=1)
    assert {**after, "commitment": bytes(after["commitment"])} == {**before, "commitment": bytes(before["commitment"])}
    row = OutboxRow.objects.get()
    assert (row.event, row.subject, row.by) == ("ledger.opening_erased", "ledger.row:1", "9")
    assert not erase_opening(seq=1, by="9")
    assert OutboxRow.objects.count() == 1


def test_openings_older_than_the_register_allows_are_erased_and_younger_ones_are_not(happened) -> None:
    happened(3)
    sequence_outbox()
    today = timezone.now().date()
    LedgerRow.objects.filter(seq=0).update(day=today - timedelta(days=opening_days() + 1))
    LedgerRow.objects.filter(seq=1).update(day=today - timedelta(days=opening_days()))
    assert erase_old_openings() == 1
    assert list(Opening.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]
    assert OutboxRow.objects.get().event == "ledger.openings_expired"
    assert erase_old_openings() == 0
    assert OutboxRow.objects.count() == 1
