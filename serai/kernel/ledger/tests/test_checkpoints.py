"""A signed checkpoint says what the tree was; a house never signs two that contradict each other."""

from __future__ import annotations

import stat
from datetime import timedelta

import pytest
from django.utils import timezone

from serai.kernel.ledger import checkpoints, padding
from serai.kernel.ledger.checkpoints import LedgerIsBroken, current_checkpoint, make_checkpoint, make_hourly_checkpoint
from serai.kernel.ledger.models import Checkpoint, LedgerRow, Opening
from serai.kernel.ledger.padding import multiples, padding_for
from serai.kernel.ledger.sequencer import sequence_outbox
from serai.kernel.ledger.signing import KeyRefused, anchor_path, key_path, ledger_signer, trusted_verifiers
from serai.kernel.ledger.tree import locked_tree, tree_size
from serai.kernel.ledger.verification import verify_ledger
from serai.kernel.register.house import events
from serai.lib.note import Verifier, open_checkpoint, parse_head, parse_note


def test_a_checkpoint_names_size_and_root_and_is_signed_by_the_key_in_the_data_folder(sealed, data_folder) -> None:
    note = sealed(3)
    head = open_checkpoint(note, [ledger_signer().verifier])
    assert (head.size, head.root) == (3, locked_tree()[1].root())
    assert head.origin.startswith("127.0.0.1")
    assert Checkpoint.objects.get().note == note == anchor_path().read_text(encoding="utf-8")


def test_the_key_is_made_once_and_nobody_else_may_read_it(data_folder) -> None:
    first = ledger_signer()
    assert stat.S_IMODE(key_path().stat().st_mode) == 0o600
    assert ledger_signer().verifier == first.verifier
    assert trusted_verifiers() == [first.verifier]
    assert sorted(path.name for path in data_folder.iterdir()) == ["ledger_key", "ledger_verifiers"]


def test_a_key_that_others_could_read_does_not_sign(sealed) -> None:
    sealed(1)
    key_path().chmod(0o644)
    with pytest.raises(KeyRefused, match="chmod 600"):
        make_checkpoint()


def test_a_file_that_is_no_key_is_not_replaced(data_folder) -> None:
    key_path().write_text("lost")
    key_path().chmod(0o600)
    with pytest.raises(KeyRefused, match="not a key"):
        ledger_signer()
    assert key_path().read_text() == "lost"


def test_a_new_key_signs_under_a_new_name_because_it_may_be_another_history(data_folder) -> None:
    first = ledger_signer().verifier
    key_path().unlink()
    second = ledger_signer().verifier
    assert first.name != second.name
    assert trusted_verifiers() == [first, second]


def test_nothing_is_signed_twice_and_growth_is_signed_again(sealed, happened) -> None:
    note = sealed(2)
    assert current_checkpoint() == note
    assert make_checkpoint() == ""
    again = sealed(1)
    assert parse_head(parse_note(again).text).size == 3
    assert Checkpoint.objects.count() == 2


def test_the_clock_signs_once_an_hour_however_many_servers_ask(sealed, happened, monkeypatch) -> None:
    sealed(1)
    happened(1)
    sequence_outbox()
    assert make_hourly_checkpoint() == ""
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert parse_head(parse_note(make_hourly_checkpoint()).text).size == 2


def test_an_empty_ledger_is_not_signed(db, monkeypatch) -> None:
    monkeypatch.setattr(checkpoints, "padding_for", lambda counts, day: [])
    assert current_checkpoint() == ""
    assert not Checkpoint.objects.exists()


@pytest.mark.parametrize("change", ["changed", "missing"])
def test_a_row_tampered_with_since_the_last_checkpoint_stops_the_signing(sealed, happened, change: str) -> None:
    sealed(2)
    happened(3)
    sequence_outbox()
    row = LedgerRow.objects.filter(seq=3)
    if change == "changed":
        row.update(commitment=b"x" * 32)
    else:
        row.delete()
    with pytest.raises(LedgerIsBroken):
        make_checkpoint()
    assert Checkpoint.objects.count() == 1


def test_a_last_checkpoint_that_our_key_did_not_sign_stops_the_signing(sealed, happened) -> None:
    note = sealed(2)
    Checkpoint.objects.update(note=note.replace("\n2\n", "\n1\n"))
    happened(1)
    sequence_outbox()
    with pytest.raises(LedgerIsBroken, match="changed after signing"):
        make_checkpoint()


@pytest.mark.parametrize("anchored", [True, False])
def test_a_stored_right_edge_that_was_not_signed_stops_the_signing(sealed, happened, anchored: bool) -> None:
    sealed(2)
    if not anchored:
        anchor_path().unlink()
    Checkpoint.objects.update(frontier=b"\0" * 7 + b"\2" + b"x" * 32)
    happened(1)
    sequence_outbox()
    with pytest.raises(LedgerIsBroken, match="not the one that was signed"):
        make_checkpoint()


def test_an_older_database_put_back_is_not_signed_over(sealed, happened) -> None:
    sealed(2)
    sealed(2)
    Checkpoint.objects.filter(size=4).delete()
    LedgerRow.objects.filter(seq__gte=2).delete()
    Opening.objects.filter(seq__gte=2).delete()
    tree, _ = locked_tree()
    tree.size, tree.frontier = 2, Checkpoint.objects.get().frontier
    tree.save()
    happened(1)
    sequence_outbox()
    with pytest.raises(LedgerIsBroken, match="older one was put back"):
        make_checkpoint()


def test_after_a_restore_the_house_goes_on_under_a_new_name_and_all_is_sound(sealed, happened) -> None:
    old = parse_head(parse_note(sealed(2)).text).origin
    key_path().unlink()
    anchor_path().unlink()
    new = parse_head(parse_note(sealed(2)).text)
    assert (new.size, new.origin != old) == (4, True)
    assert verify_ledger().sound


def test_a_broken_line_among_the_trusted_keys_is_named(data_folder) -> None:
    (data_folder / "ledger_verifiers").write_text(f"{Verifier('a', b'k' * 32)}\nnonsense\n")
    with pytest.raises(KeyRefused, match="Line 2"):
        trusted_verifiers()


def test_padded_classes_are_a_multiple_between_any_two_checkpoints_and_never_none(
    happened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(padding, "multiples", lambda: {"ledger": 4, "content": 0, "access": 8})
    sizes = [0]
    for count in (0, 5, 4):
        happened(count)
        sequence_outbox()
        make_checkpoint()
        rows = list(LedgerRow.objects.filter(seq__gte=sizes[-1]).values_list("kind", flat=True))
        assert (rows.count("ledger"), rows.count("content"), rows.count("access")) == (8 if count == 5 else 4, 0, 8)
        sizes.append(tree_size())
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == sizes[1:]


def test_unless_the_file_says_otherwise_a_class_is_padded() -> None:
    said = multiples()
    assert said["content"] == 0
    assert {kind for kind, multiple in said.items() if multiple} == {event.kind for event in events().values()} - {
        "content",
        "ledger",
    }
    day = timezone.now().date()
    assert len(padding_for({}, day)) == sum(said.values())
    assert padding_for(said, day) == []
