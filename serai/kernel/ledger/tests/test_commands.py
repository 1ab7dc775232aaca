"""The commands say it in words and in JSON, and end with 0, 1 or 2."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from serai.kernel.ledger.commands import ledger
from serai.kernel.ledger.models import LedgerRow, Opening, OutboxRow
from serai.kernel.ledger.signing import ledger_signer, verifiers_path
from serai.kernel.register.ports import COMMANDS, LIVE_CHECKS, SWEEPS

Run = Callable[..., Result]


@pytest.fixture
def run(db: None) -> Run:
    """run("verify", "--json")"""
    return lambda *arguments: CliRunner().invoke(ledger, list(arguments))


def test_the_ledger_offers_its_commands_sweeps_and_checks_to_the_house() -> None:
    assert COMMANDS.get("ledger") is ledger
    assert {name: seconds for name, (seconds, _) in SWEEPS.items() if name.startswith("ledger.")} == {
        "ledger.outbox": 1.0,
        "ledger.checkpoint": 3600.0,
        "ledger.openings": 86400.0,
    }
    assert LIVE_CHECKS.get("ledger") is not None


def test_the_sweep_numbers_what_was_recorded(happened) -> None:
    happened(3)
    seconds_and_sweep = SWEEPS.get("ledger.outbox")
    assert seconds_and_sweep is not None
    seconds_and_sweep[1]()
    assert LedgerRow.objects.count() == 3


def test_checkpoint_numbers_what_waits_and_prints_the_signed_note(run: Run, happened) -> None:
    happened(2)
    done = run("checkpoint")
    assert done.exit_code == 0
    assert not OutboxRow.objects.exists()
    assert done.output.split("\n")[0] == ledger_signer().name
    assert run("checkpoint").output == done.output


def test_verify_says_all_as_sealed_or_what_is_not(run: Run, sealed) -> None:
    sealed(3)
    done = run("verify")
    assert (done.exit_code, "3 rows, 3 openings, 1 checkpoints" in done.output) == (0, True)
    LedgerRow.objects.filter(seq=1).delete()
    done = run("verify", "--json")
    report = json.loads(done.output)
    assert (done.exit_code, report["ok"]) == (1, False)
    assert [(row["code"], row["first"], row["last"]) for row in report["findings"]] == [
        ("rows-missing", 1, 1),
        ("opening-differs", 1, 1),
    ]
    done = run("verify")
    assert (done.exit_code, "[rows-missing] 1: " in done.output) == (1, True)


def test_verify_holds_the_ledger_against_a_checkpoint_kept_elsewhere(run: Run, sealed, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(sealed(3), encoding="utf-8")
    assert run("verify", "--kept", str(kept)).exit_code == 0
    kept.write_text(sealed(1).replace("\n4\n", "\n9\n"), encoding="utf-8")
    done = run("verify", "--kept", str(kept))
    assert (done.exit_code, "[checkpoint-not-trusted]" in done.output) == (1, True)


def test_a_proof_is_made_and_checked_elsewhere_with_the_public_key_only(run: Run, sealed, tmp_path: Path) -> None:
    sealed(3)
    key = run("key").output.strip()
    bundle = tmp_path / "proof.json"
    bundle.write_text(run("proof", "2", "--json").output, encoding="utf-8")
    assert run("verify-proof", str(bundle)).exit_code == 0
    verifiers_path().unlink()
    done = run("verify-proof", str(bundle), "--key", key, "--json")
    assert (done.exit_code, json.loads(done.output)["event"]["subject"]) == (0, "ledger.probe:2")
    done = run("verify-proof", str(bundle))
    assert (done.exit_code, "--key" in done.output) == (2, True)
    bundle.write_text(bundle.read_text(encoding="utf-8").replace("probe:2", "probe:1"), encoding="utf-8")
    done = run("verify-proof", str(bundle), "--key", key)
    assert (done.exit_code, "not the one that was sealed" in done.output) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("proof", "5"), 1),
        (("proof", "-1"), 2),
        (("proof", "x"), 2),
        (("erase", "5"), 1),
        (("checkpoint", "now"), 2),
        (("verify-proof", "not-there.json"), 2),
        (("trust", "nonsense"), 1),
        (("parked", "--retry", "nobody", "1"), 1),
        (("parked", "--drop", "nobody", "x"), 2),
    ],
)
def test_wrong_use_and_refusals_have_their_own_exit_codes(run: Run, arguments: tuple[str, ...], code: int) -> None:
    done = run(*arguments)
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    assert done.output


def test_erase_deletes_what_a_row_was_about(run: Run, sealed) -> None:
    sealed(2)
    assert run("erase", "1").exit_code == 0
    assert list(Opening.objects.values_list("seq", flat=True)) == [0]
    assert run("verify").exit_code == 0


def test_status_and_parked_answer_in_json(run: Run, sealed, happened) -> None:
    sealed(2)
    happened(1)
    assert json.loads(run("status", "--json").output) | {"oldest": None} == {
        "rows": 2,
        "unsigned": 0,
        "openings": 2,
        "waiting": 1,
        "oldest": None,
        "undelivered": 0,
        "parked": 0,
    }
    assert json.loads(run("parked", "--json").output) == {"parked": []}
    assert "0 events are parked." in run("parked").output


def test_a_house_whose_ledger_waits_parks_or_was_never_signed_does_not_open(happened, monkeypatch) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from serai.kernel.ledger.models import Parked
    from serai.kernel.ledger.sequencer import sequence_outbox

    check = LIVE_CHECKS.get("ledger")
    assert check is not None
    assert list(check()) == []
    happened(1)
    sequence_outbox()
    happened(1)
    Parked.objects.create(subscriber="x", seq=0, error="y")
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert [row.code for row in check()] == ["ledger-waits", "ledger-parked", "ledger-unsigned"]
