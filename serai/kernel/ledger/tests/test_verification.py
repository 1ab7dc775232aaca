"""Whatever is changed in the tables afterwards is found, and said where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from serai.kernel.ledger.actions import erase_opening
from serai.kernel.ledger.models import Checkpoint, LedgerRow, Opening, Tree
from serai.kernel.ledger.sequencer import sequence_outbox
from serai.kernel.ledger.signing import anchor_path, verifiers_path
from serai.kernel.ledger.tree import locked_tree
from serai.kernel.ledger.verification import verify_ledger
from serai.lib.merkle import Frontier
from serai.lib.note import Head, Signer, sign_note


def found(**kept: Any) -> list[tuple[str, int, int]]:
    """(code, first, last) of all findings."""
    return [(row.code, row.first, row.last) for row in verify_ledger(**kept).findings]


@pytest.fixture
def ten(sealed: Callable[[int], str], happened: Callable[..., None]) -> tuple[str, str]:
    """Ten rows: four signed, then eight, then two not signed yet."""
    notes = sealed(4), sealed(4)
    happened(2)
    sequence_outbox()
    return notes


def test_an_untouched_ledger_is_sound_and_its_root_is_the_trees(ten) -> None:
    report = verify_ledger()
    assert report.sound
    assert (report.rows, report.openings, report.checkpoints) == (10, 10, 2)
    assert report.root == locked_tree()[1].root().hex()


def test_an_empty_ledger_is_sound(db) -> None:
    assert verify_ledger().sound


def test_erasing_openings_does_not_harm_the_ledger(ten) -> None:
    erase_opening(seq=2)
    assert verify_ledger().sound
    Opening.objects.all().delete()
    report = verify_ledger()
    assert (report.sound, report.rows, report.openings) == (True, 10, 0)


def test_a_changed_commitment_is_found_to_the_row_while_its_opening_lives(ten) -> None:
    LedgerRow.objects.filter(seq=5).update(commitment=b"x" * 32)
    assert found() == [("rows-changed", 4, 7), ("opening-differs", 5, 5)]


def test_and_between_two_checkpoints_when_the_opening_is_gone(ten) -> None:
    Opening.objects.all().delete()
    LedgerRow.objects.filter(seq=5).update(commitment=b"x" * 32)
    assert found() == [("rows-changed", 4, 7)]


@pytest.mark.parametrize("change", [{"kind": "content"}, {"version": 2}])
def test_a_changed_class_or_version_is_found(ten, change: dict[str, Any]) -> None:
    LedgerRow.objects.filter(seq=0).update(**change)
    assert ("rows-changed", 0, 3) in found()


def test_a_changed_day_is_found_to_the_row(ten) -> None:
    row = LedgerRow.objects.get(seq=1)
    LedgerRow.objects.filter(seq=1).update(day=row.day - timedelta(days=1))
    assert found() == [("rows-changed", 0, 3), ("opening-differs", 1, 1)]


def test_a_row_that_cannot_be_hashed_at_all_is_found_to_the_row(ten) -> None:
    LedgerRow.objects.filter(seq=6).update(commitment=b"short")
    assert ("rows-changed", 6, 6) in found()


def test_two_rows_changed_in_different_hours_are_both_found(ten) -> None:
    Opening.objects.all().delete()
    LedgerRow.objects.filter(seq__in=[1, 6]).update(commitment=b"x" * 32)
    assert found() == [("rows-changed", 0, 3), ("rows-changed", 4, 7)]


def test_a_row_not_signed_yet_is_held_against_the_tree(ten) -> None:
    Opening.objects.all().delete()
    LedgerRow.objects.filter(seq=9).update(commitment=b"x" * 32)
    assert found() == [("tree-differs", 8, 9)]


def test_missing_rows_are_named(ten) -> None:
    Opening.objects.all().delete()
    LedgerRow.objects.filter(seq__in=[5, 6]).delete()
    assert found() == [("rows-missing", 5, 6)]


def test_a_cut_off_end_is_named(ten) -> None:
    LedgerRow.objects.filter(seq__gte=8).delete()
    Opening.objects.filter(seq__gte=8).delete()
    assert found() == [("rows-missing", 8, 9)]


def test_a_row_put_in_at_the_end_or_before_the_beginning_is_named(ten) -> None:
    day = LedgerRow.objects.get(seq=0).day
    for seq in (10, -1):
        LedgerRow.objects.create(seq=seq, version=1, kind="ledger", day=day, commitment=b"x" * 32)
    assert found() == [("rows-added", -1, -1), ("rows-added", 10, 10)]


def test_a_row_put_in_the_middle_by_pushing_the_others_on_is_found(ten) -> None:
    Opening.objects.all().delete()
    rows = list(LedgerRow.objects.order_by("seq").values_list("version", "kind", "day", "commitment"))
    rows.insert(5, (1, "ledger", rows[0][2], b"x" * 32))
    LedgerRow.objects.all().delete()
    LedgerRow.objects.bulk_create(
        LedgerRow(seq=seq, version=version, kind=kind, day=day, commitment=bytes(commitment))
        for seq, (version, kind, day, commitment) in enumerate(rows)
    )
    codes = found()
    assert ("rows-changed", 4, 7) in codes
    assert ("rows-added", 10, 10) in codes


def test_two_rows_that_changed_places_are_found(ten) -> None:
    Opening.objects.all().delete()
    one, two = LedgerRow.objects.get(seq=0), LedgerRow.objects.get(seq=1)
    LedgerRow.objects.filter(seq=0).update(commitment=bytes(two.commitment))
    LedgerRow.objects.filter(seq=1).update(commitment=bytes(one.commitment))
    assert found() == [("rows-changed", 0, 3)]


def rebuild_everything() -> None:
    """What somebody does who owns the whole database: changes a row and makes the tree fit again."""
    Opening.objects.all().delete()
    LedgerRow.objects.filter(seq=1).update(commitment=b"x" * 32)
    frontier = Frontier()
    from serai.kernel.ledger.leaves import stored_leaf

    for row in LedgerRow.objects.order_by("seq"):
        frontier.append(stored_leaf(row.version, row.kind, row.day, row.commitment).hash())
        Checkpoint.objects.filter(size=frontier.size).update(frontier=frontier.to_bytes())
    Tree.objects.update(frontier=frontier.to_bytes())


def test_who_rewrites_rows_tree_and_right_edges_is_betrayed_by_the_signatures(ten) -> None:
    rebuild_everything()
    assert ("checkpoint-not-trusted", 3, 3) in found()
    assert any(code == "rows-changed" for code, _, _ in found())


def test_who_signs_again_with_a_key_of_his_own_is_not_believed(ten) -> None:
    rebuild_everything()
    name = anchor_path().read_text(encoding="utf-8").split("\n")[0]
    thief = Signer(name, Ed25519PrivateKey.generate())
    for row in Checkpoint.objects.all():
        root = Frontier.from_bytes(bytes(row.frontier)).root()
        Checkpoint.objects.filter(pk=row.pk).update(note=sign_note(Head(name, row.size, root).text(), thief))
    codes = [code for code, _, _ in found()]
    assert codes.count("checkpoint-not-trusted") == 2
    assert "rows-changed" in codes, "the last checkpoint in the data folder still says what it was"


def test_who_takes_the_checkpoints_out_of_the_database_is_betrayed_by_the_one_in_the_data_folder(ten) -> None:
    rebuild_everything()
    Checkpoint.objects.all().delete()
    assert found() == [("rows-changed", 0, 7)]


def test_an_older_state_of_the_whole_database_is_found_by_the_data_folder(ten) -> None:
    first = Checkpoint.objects.get(size=4)
    Checkpoint.objects.filter(size=8).delete()
    LedgerRow.objects.filter(seq__gte=4).delete()
    Opening.objects.filter(seq__gte=4).delete()
    Tree.objects.update(size=4, frontier=bytes(first.frontier))
    assert found() == [("set-back", 4, 7)]


def test_and_by_a_checkpoint_that_somebody_kept_when_the_data_folder_was_set_back_too(ten) -> None:
    kept = ten[1]
    first = Checkpoint.objects.get(size=4)
    anchor_path().write_text(first.note, encoding="utf-8")
    Checkpoint.objects.filter(size=8).delete()
    LedgerRow.objects.filter(seq__gte=4).delete()
    Opening.objects.filter(seq__gte=4).delete()
    Tree.objects.update(size=4, frontier=bytes(first.frontier))
    assert found() == []
    assert found(kept=[kept]) == [("set-back", 4, 7)]


def test_a_split_view_is_found_by_who_kept_the_other_one(ten, data_folder: Path) -> None:
    from serai.kernel.ledger.signing import ledger_signer

    signer = ledger_signer()
    other = sign_note(Head(signer.name, 6, b"o" * 32).text(), signer)
    assert found(kept=[other]) == [("rows-changed", 4, 5)]


def test_a_kept_checkpoint_between_two_of_ours_fits_when_it_is_true(ten) -> None:
    from serai.kernel.ledger.signing import ledger_signer

    frontier, signer = Frontier(), ledger_signer()
    from serai.kernel.ledger.leaves import stored_leaf

    for row in LedgerRow.objects.filter(seq__lt=6).order_by("seq"):
        frontier.append(stored_leaf(row.version, row.kind, row.day, row.commitment).hash())
    assert found(kept=[sign_note(Head(signer.name, 6, frontier.root()).text(), signer)]) == []


def test_checkpoints_of_a_key_that_is_not_trusted_any_more_are_named(ten) -> None:
    verifiers_path().unlink()
    assert [code for code, _, _ in found()] == ["checkpoint-not-trusted"] * 3


def test_a_changed_opening_and_one_without_a_row_are_named(ten) -> None:
    opening = Opening.objects.get(seq=3)
    Opening.objects.filter(seq=3).update(event=opening.event.replace("probe:3", "probe:4"))
    Opening.objects.filter(seq=4).update(salt=b"x" * 32)
    Opening.objects.create(seq=99, salt=b"x" * 32, event="{}")
    assert found() == [("opening-differs", seq, seq) for seq in (3, 4, 99)]


def test_a_lost_tree_is_found(ten) -> None:
    Tree.objects.all().delete()
    codes = {code for code, _, _ in found()}
    assert {"set-back", "rows-added"} <= codes
