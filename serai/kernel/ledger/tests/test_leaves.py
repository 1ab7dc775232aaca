"""The bytes that are hashed are those of the decision record, worked out here a second time by hand."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from serai.kernel.ledger.leaves import Leaf, canonical_event, commitment, new_salt, padding_leaf

DAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, 0, 0, 5, tzinfo=UTC)


def test_a_leaf_is_hashed_as_the_decision_record_says() -> None:
    event = canonical_event(event="a.b_done", kind="content", subject="a.b:1", by="7", at=NOON)
    written = '{"at":"2026-11-22T12:00:00.000005+00:00","by":"7","event":"a.b_done","kind":"content","subject":"a.b:1"}'
    salt = bytes(range(32))
    sealed = hashlib.sha256(salt + written.encode()).digest()
    assert event == written
    assert commitment(salt, event) == sealed
    assert Leaf("content", DAY, sealed).hash() == hashlib.sha256(b"\x00\x01content2026-11-22" + sealed).digest()


def test_the_same_moment_told_in_another_time_zone_is_the_same_event() -> None:
    fields = {"event": "a.b_done", "kind": "content", "subject": "a.b:1", "by": ""}
    east = NOON.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert canonical_event(**fields, at=east) == canonical_event(**fields, at=NOON)


def test_two_salts_hide_the_same_event_differently() -> None:
    assert commitment(new_salt(), "x") != commitment(new_salt(), "x")


def test_every_part_of_a_leaf_counts() -> None:
    leaf = Leaf("content", DAY, b"c" * 32)
    others = [
        Leaf("contents", DAY, b"c" * 32),
        Leaf("content", date(2026, 11, 23), b"c" * 32),
        Leaf("content", DAY, b"d" * 32),
        Leaf("content", DAY, b"c" * 32, version=2),
    ]
    assert len({leaf.hash(), *(other.hash() for other in others)}) == 5


@pytest.mark.parametrize(
    "leaf",
    [
        Leaf("content2026", DAY, b"c" * 32),
        Leaf("Ana Demir", DAY, b"c" * 32),
        Leaf("", DAY, b"c" * 32),
        Leaf("content", DAY, b"c" * 31),
        Leaf("content", DAY, b"c" * 32, version=0),
        Leaf("content", DAY, b"c" * 32, version=256),
    ],
)
def test_what_cannot_be_a_leaf_is_not_hashed(leaf: Leaf) -> None:
    with pytest.raises(ValueError, match="not a leaf"):
        leaf.hash()


def test_a_short_salt_is_refused_because_its_end_could_be_taken_for_the_event() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(b"short", "x")


def test_padding_looks_like_any_other_leaf_and_never_repeats() -> None:
    leaves = [padding_leaf("content", DAY) for _ in range(50)]
    assert len({leaf.commitment for leaf in leaves}) == 50
    assert {len(leaf.commitment) for leaf in leaves} == {32}
