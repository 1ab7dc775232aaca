"""The published vectors hold; and the runner is no rubber stamp: what is changed fails, what is forged is found."""

from __future__ import annotations

import base64
import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from shamir_mnemonic import generate_mnemonics

from serai.lib import hpke, merkle
from serai.lib.note import Head, Signer, sign_note

from .__main__ import READERS, main, run_set
from .judging import Tally

pytestmark = pytest.mark.once
HPKE_VALUES = (
    "info", "ikmR", "ikmE", "skRm", "skEm", "pkRm", "pkEm", "enc", "shared_secret", "key_schedule_context", "secret",
    "key", "base_nonce", "exporter_secret",
)  # fmt: skip


def judged(name: str, folder: Path) -> Tally:
    return run_set(folder, READERS[name])


def written(folder: Path, value: Any) -> Path:
    (folder / "cases.json").write_text(json.dumps(value), encoding="utf-8")
    return folder


def flipped(text: str) -> str:
    """The lowest bit of the last byte, in hexadecimal."""
    raw = bytearray.fromhex(text)
    raw[-1] ^= 1
    return raw.hex()


def flipped64(text: str) -> str:
    raw = bytearray(base64.b64decode(text))
    raw[-1] ^= 1
    return base64.b64encode(raw).decode()


# --- what was published -------------------------------------------------------------------------------------------
@pytest.mark.shared_data
def test_every_published_vector_holds_and_what_is_not_used_is_not_called_passed(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(shared_data / "vectors")]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line.strip()}
    for name in ("merkle-rfc6962", "hpke-rfc9180", "slip39", "c2sp-note"):
        numbers = [int(number) for number in re.findall(r" (\d+)", lines[name])[:3]]
        assert (numbers[0] > 0, numbers[1]) == (True, 0), lines[name]
    for name in ("merkle-rfc6962", "slip39"):
        assert int(lines[name].split()[3]) > 0, "what must be refused was refused"
    for name in ("claim169", "cose-wg", "sd-jwt", "token-status-list", "oprf-rfc9497"):
        assert re.fullmatch(rf"{name} +not used: .{{20,}}", lines[name])


@pytest.fixture
def hpke_case(shared_data: Path) -> dict[str, Any]:
    (path,) = (shared_data / "vectors/hpke-rfc9180").glob("*.json")
    return next(case for case in json.loads(path.read_bytes()) if case["kem_id"] == 0x10)


@pytest.mark.shared_data
@pytest.mark.parametrize("name", HPKE_VALUES)
def test_a_flipped_bit_in_any_value_of_a_suite_fails(hpke_case: dict[str, Any], name: str, tmp_path: Path) -> None:
    assert judged("hpke", written(tmp_path, [hpke_case])).failed == 0
    hpke_case[name] = flipped(hpke_case[name])
    assert judged("hpke", written(tmp_path, [hpke_case])).failed > 0


@pytest.mark.shared_data
@pytest.mark.parametrize("name", ["aad", "ct", "nonce", "pt"])
def test_a_flipped_bit_in_an_encryption_fails_that_one(hpke_case: dict[str, Any], name: str, tmp_path: Path) -> None:
    for each in hpke_case["encryptions"]:
        whole, each[name] = each[name], flipped(each[name])
        assert judged("hpke", written(tmp_path, [hpke_case])).failed == 1
        each[name] = whole


@pytest.mark.shared_data
def test_a_flipped_bit_in_an_export_or_an_algorithm_fails(hpke_case: dict[str, Any], tmp_path: Path) -> None:
    for name in ("kem_id", "kdf_id", "aead_id", "mode"):
        changed = copy.deepcopy(hpke_case) | {name: hpke_case[name] ^ 1}
        assert judged("hpke", written(tmp_path, [changed])).failed > 0, name
    hpke_case["exports"][0]["exported_value"] = flipped(hpke_case["exports"][0]["exported_value"])
    assert judged("hpke", written(tmp_path, [hpke_case])).failed == 1


@pytest.mark.shared_data
def test_a_flipped_bit_in_a_proof_fails(shared_data: Path, tmp_path: Path) -> None:
    changed = 0
    for path in sorted((shared_data / "vectors/merkle-rfc6962").rglob("*.json")):
        case = json.loads(path.read_bytes())
        if case["wantErr"]:
            continue
        for name in ("root", "leafHash", "root1", "root2"):
            if name in case:
                assert judged("merkle", written(tmp_path, case | {name: flipped64(case[name])})).failed == 1
                changed += 1
        for step in range(len(case["proof"] or [])):
            proof = [flipped64(each) if at == step else each for at, each in enumerate(case["proof"])]
            assert judged("merkle", written(tmp_path, case | {"proof": proof})).failed == 1
    assert changed > 8


@pytest.mark.shared_data
def test_a_flipped_bit_in_a_share_or_a_secret_fails(shared_data: Path, tmp_path: Path) -> None:
    (path,) = (shared_data / "vectors/slip39").glob("*.json")
    value = json.loads(path.read_bytes())
    before = judged("slip39", written(tmp_path, value))
    for case in (case for case in value["cases"] if case[1]):
        whole = list(case)
        case[1] = flipped(case[1])
        assert judged("slip39", written(tmp_path, value)).failed == 1
        case[:] = whole
        case[0] = [chr(ord(case[0][0][0]) ^ 1) + case[0][0][1:], *case[0][1:]]
        assert judged("slip39", written(tmp_path, value)).failed == 1
        case[:] = whole
    assert before.passed > 0


# --- forged and odd sets ------------------------------------------------------------------------------------------
def a_signed_note() -> tuple[str, str]:
    signer = Signer("log.example", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    return sign_note(Head("log.example", 7, b"r" * 32).text(), signer), str(signer.verifier)


def test_every_flipped_bit_of_a_note_with_its_key_fails(tmp_path: Path) -> None:
    note, key = a_signed_note()
    (tmp_path / "log.vkey").write_text(f"{key}\n")
    for place in range(-1, len(note.encode()) * 8):
        raw = bytearray(note.encode())
        if place >= 0:
            raw[place // 8] ^= 1 << place % 8
        (tmp_path / "a.txt").write_bytes(raw)
        tally = judged("note", tmp_path)
        assert (tally.passed, tally.failed) == ((1, 0) if place < 0 else (0, 1)), place


def test_notes_in_json_are_judged_with_their_own_key_and_mark(tmp_path: Path) -> None:
    note, key = a_signed_note()
    cases = [
        {"note": note, "vkey": key},
        {"note": note.replace("\n7\n", "\n8\n"), "vkey": key, "wantErr": True},
        {"note": note, "vkey": key.replace("log", "lag"), "wantErr": True},
        {"note": "half a pair \ud800" + note, "vkey": key, "wantErr": True},
    ]
    tally = judged("note", written(tmp_path, cases))
    assert (tally.passed, tally.failed, tally.refused, tally.notes) == (1, 0, 3, {})
    tally = judged("note", written(tmp_path, [cases[0] | {"wantErr": True}]))
    assert (tally.passed, tally.failed, tally.refused) == (0, 1, 0)


def test_a_note_without_a_key_is_only_read_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(a_signed_note()[0])
    (tmp_path / "invalid-a.txt").write_text(a_signed_note()[0].replace("\u2014", "-"))
    tally = judged("note", tmp_path)
    assert (tally.passed, tally.failed, tally.refused) == (1, 0, 1)
    assert tally.notes == {"only read, for want of a public key": 1}


EMPTY = base64.b64encode(merkle.EMPTY_ROOT).decode()


@pytest.mark.parametrize(
    "case",
    [
        {"leafIdx": 0, "treeSize": 0, "root": "", "leafHash": "", "proof": None},
        {"leafIdx": 0, "treeSize": 1, "root": "", "leafHash": "", "proof": []},
        {"leafIdx": 0, "treeSize": 1, "root": "AA==", "leafHash": "AA==", "proof": []},
        {"leafIdx": True, "treeSize": 1, "root": EMPTY, "leafHash": EMPTY, "proof": []},
        {"leafIdx": -1, "treeSize": 1, "root": EMPTY, "leafHash": EMPTY, "proof": []},
        {"size1": 0, "size2": 0, "root1": "", "root2": "", "proof": None},
        {"size1": 0, "size2": 1, "root1": EMPTY, "root2": EMPTY, "proof": []},
        {"size1": 0, "size2": 0, "root1": EMPTY, "root2": EMPTY, "proof": []},
        {"size1": 1, "size2": 1, "root1": "", "root2": "", "proof": []},
        {"size1": 1, "size2": 1, "root1": EMPTY, "root2": EMPTY, "proof": "AA=="},
    ],
)
def test_proofs_about_nothing_are_refused(case: dict[str, Any], tmp_path: Path) -> None:
    tally = judged("merkle", written(tmp_path, case | {"wantErr": True}))
    assert (tally.failed, tally.refused) == (0, 1)
    assert judged("merkle", written(tmp_path, case | {"wantErr": False})).failed == 1


def test_a_case_that_must_fail_and_does_not_is_a_failure(tmp_path: Path) -> None:
    root = base64.b64encode(b"r" * 32).decode()
    good = {"leafIdx": 0, "treeSize": 1, "root": root, "leafHash": root, "proof": None}
    tally = judged("merkle", written(tmp_path, [good, good | {"wantErr": True}]))
    assert (tally.passed, tally.failed, tally.refused) == (1, 1, 0)
    (shares,) = generate_mnemonics(1, [(2, 3)], bytes(16), b"TREZOR", iteration_exponent=0)
    tally = judged("slip39", written(tmp_path, [["good", shares[:2], "00" * 16, "xprv"], ["bad", shares[1:], "", ""]]))
    assert (tally.passed, tally.failed, tally.refused) == (1, 1, 0)


def test_sealed_messages_marked_as_wrong_must_be_refused(tmp_path: Path) -> None:
    pair = hpke.new_key_pair()
    sealed = hpke.seal(b"x", pair.public, info=b"i", aad=b"a")
    case = {"kem_id": 16, "kdf_id": 1, "aead_id": 2, "info": b"i".hex(), "skRm": pair.private.hex()}
    case |= {"pkRm": pair.public.hex(), "enc": sealed[:65].hex(), "fail": True}
    each = {"aad": b"b".hex(), "ct": sealed[65:].hex(), "pt": b"x".hex()}
    tally = judged("hpke", written(tmp_path, [case | {"encryptions": [each]}]))
    assert (tally.passed, tally.failed, tally.refused) == (0, 0, 1)
    tally = judged("hpke", written(tmp_path, [case | {"encryptions": [], "pkRm": "00" * 65}]))
    assert (tally.passed, tally.failed, tally.refused) == (0, 0, 1)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("text", ["", "{", "[]", '{"cases": []}', '[{"encryptions": 1}, 7, null]', '"x"'])
def test_a_set_in_which_nothing_can_be_judged_has_not_passed(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "cases.json").write_text(text)
    tally = judged(name, tmp_path)
    assert (tally.passed, tally.failed > 0) == (0, True)


def test_the_exit_code_says_what_happened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == main([""]) == main([str(tmp_path / "nowhere")]) == main([str(tmp_path)]) == 2
    assert "make vectors DIR=folder" in capsys.readouterr().out
    (tmp_path / "sd-jwt").mkdir()
    (tmp_path / "something-new").mkdir()
    assert main([str(tmp_path)]) == 0
    assert "something-new  not used: no such set is known here" in capsys.readouterr().out
    (tmp_path / "merkle-x").mkdir()
    assert main([str(tmp_path)]) == 1
    assert "FAILED" in capsys.readouterr().out
