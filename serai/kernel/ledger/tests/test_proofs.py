"""A proof bundle proves what it says, to anybody, without us; and nothing else."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from serai.kernel.ledger.actions import erase_opening
from serai.kernel.ledger.proofs import NoProof, ProofRefused, check_proof, make_proof
from serai.kernel.ledger.signing import ledger_signer
from serai.lib.note import Head, Signer, Verifier, parse_head, parse_note, sign_note


@pytest.fixture
def seven(sealed: Callable[[int], str]) -> str:
    """Seven rows, signed."""
    return sealed(7)


def ours() -> list[Verifier]:
    return [ledger_signer().verifier]


@pytest.mark.parametrize("seq", range(7))
def test_every_row_can_be_proven(seven, seq: int) -> None:
    proven = check_proof(json.dumps(make_proof(seq)), ours())
    assert (proven.seq, proven.size, proven.kind) == (seq, 7, "ledger")
    assert proven.event is not None
    assert proven.event["subject"] == f"ledger.probe:{seq}"


def test_a_bundle_kept_before_the_opening_was_erased_still_proves_what_happened(seven) -> None:
    kept = json.dumps(make_proof(3))
    erase_opening(seq=3)
    proven = check_proof(kept, ours())
    assert proven.event is not None
    assert proven.event["event"] == "ledger.probe_written"


def test_one_made_afterwards_proves_class_and_day_only(seven) -> None:
    erase_opening(seq=3)
    bundle = make_proof(3)
    assert (bundle["event"], bundle["salt"]) == (None, None)
    assert check_proof(json.dumps(bundle), ours()).event is None


def test_a_row_that_is_not_there_or_not_signed_yet_has_no_proof(seven, happened) -> None:
    from serai.kernel.ledger.sequencer import sequence_outbox

    with pytest.raises(NoProof, match="no row 7"):
        make_proof(7)
    happened(1)
    sequence_outbox()
    with pytest.raises(NoProof, match="ledger checkpoint"):
        make_proof(7)


def changed(**fields: Any) -> str:
    return json.dumps({**make_proof(3), **fields})


def other_event() -> str:
    return str(make_proof(3)["event"]).replace("probe:3", "probe:4")


FORGERIES: dict[str, Callable[[], str]] = {
    "another event": lambda: changed(event=other_event()),
    "another salt": lambda: changed(salt=base64.b64encode(b"x" * 32).decode()),
    "a short salt": lambda: changed(salt=base64.b64encode(b"x" * 31).decode()),
    "no salt": lambda: changed(salt=None),
    "no event": lambda: changed(event=None),
    "another class": lambda: changed(kind="content"),
    "another day": lambda: changed(day="2020-01-01"),
    "another version": lambda: changed(version=2),
    "another place": lambda: changed(seq=2),
    "a place outside": lambda: changed(seq=7),
    "a place before": lambda: changed(seq=-1),
    "a step left out": lambda: changed(proof=make_proof(3)["proof"][:-1]),
    "a step more": lambda: changed(proof=[*make_proof(3)["proof"], base64.b64encode(b"x" * 32).decode()]),
    "a step too short": lambda: changed(proof=[base64.b64encode(b"x" * 31).decode(), *make_proof(3)["proof"][1:]]),
    "very many steps": lambda: changed(proof=make_proof(3)["proof"] * 100),
    "the root as leaf": lambda: changed(proof=[], seq=0),
    "another size": lambda: changed(checkpoint=make_proof(3)["checkpoint"].replace("\n7\n", "\n8\n")),
    "no signature": lambda: changed(checkpoint=make_proof(3)["checkpoint"].split("\n\n")[0] + "\n"),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forged_bundle_is_refused(seven, what: str) -> None:
    with pytest.raises(ProofRefused):
        check_proof(FORGERIES[what](), ours())


def test_a_bundle_signed_by_somebody_else_is_refused_whatever_key_it_brings(seven) -> None:
    head = parse_head(parse_note(seven).text)
    thief = Signer(head.origin, Ed25519PrivateKey.generate())
    forged = changed(checkpoint=sign_note(Head(head.origin, 7, head.root).text(), thief), verifier=str(thief.verifier))
    with pytest.raises(ProofRefused, match="trusted"):
        check_proof(forged, ours())


BAD_FILES = ["", "null", "[]", "{}", '{"format": "serai-ledger-proof-1"}', "[" * 100_000, "x" * 300_000, '"\\ud800"']


@pytest.mark.parametrize("text", BAD_FILES, ids=range(len(BAD_FILES)))
def test_a_file_that_is_no_bundle_is_refused_with_words(text: str, data_folder) -> None:
    with pytest.raises(ProofRefused) as refused:
        check_proof(text, ours())
    assert str(refused.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seq", True),
        ("seq", "3"),
        ("seq", 3.0),
        ("version", None),
        ("day", 3),
        ("day", "yesterday"),
        ("proof", "x"),
        ("proof", [1]),
        ("proof", ["é"]),
        ("commitment", "not base64"),
        ("checkpoint", {}),
        ("event", {}),
        ("kind", "A b"),
    ],
)
def test_a_field_of_the_wrong_kind_is_refused(seven, field: str, value: Any) -> None:
    with pytest.raises(ProofRefused):
        check_proof(changed(**{field: value}), ours())
