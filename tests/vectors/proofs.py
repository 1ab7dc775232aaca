"""Vectors of the ledger: proofs in the Merkle tree (RFC 6962, 9162), signed notes and checkpoints (C2SP)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from serai.lib import merkle
from serai.lib.note import NoteRefused, Verifier, open_note, parse_head, parse_note

from .judging import Tally, Unreadable, cases_in, files_of, from_base64, json_of, must_fail, number

NOTE_FIELDS = ("note", "checkpoint", "signed_note", "signedNote", "input")
KEY_FIELDS = ("vkey", "vkeys", "verifier", "verifiers", "key", "keys", "publicKey", "public_key", "verifierKeys")
MARKED = re.compile(
    r"(^|[^a-z])(invalid|bad|fail|fails|must-?fail|tampered|broken|wrong|reject|malformed|forged)([^a-z]|$)"
)


class NotProven(Exception):
    """The verifier answered no."""


# --- Merkle ------------------------------------------------------------------------------------------------------
def merkle_proofs(folder: Path, tally: Tally) -> None:
    """Inclusion and consistency proofs, one or more in each JSON file."""
    for path in files_of(folder):
        if path.suffix != ".json" or (value := json_of(path, tally)) is None:
            continue
        cases = list(cases_in(value, lambda case: _is_inclusion(case) or {"size1", "size2"} <= case.keys()))
        for case in cases:
            judged = _included if _is_inclusion(case) else _consistent
            what = f"{path.parent.name}/{path.name} {case.get('desc', '')}"
            refusals = (NotProven, Unreadable)
            tally.judge(what, lambda judged=judged, case=case: judged(case), refusals, must_fail=must_fail(case))
        if not cases:
            tally.fail(path.name, "holds no proof")


def _is_inclusion(case: dict[str, Any]) -> bool:
    return {"leafIdx", "treeSize"} <= case.keys()


def _included(case: dict[str, Any]) -> bool:
    leaf, root = from_base64(case.get("leafHash")), from_base64(case.get("root"))
    index, size = number(case["leafIdx"]), number(case["treeSize"])
    if not merkle.verify_inclusion(leaf, index, size, _path(case), root):
        raise NotProven("not in the tree")
    return True


def _consistent(case: dict[str, Any]) -> bool:
    root1, root2 = from_base64(case.get("root1")), from_base64(case.get("root2"))
    size1, size2 = number(case["size1"]), number(case["size2"])
    if not merkle.verify_consistency(size1, size2, _path(case), root1, root2):
        raise NotProven("not an extension of the tree")
    return True


def _path(case: dict[str, Any]) -> list[bytes]:
    steps = case.get("proof") or []
    if not isinstance(steps, list):
        raise Unreadable("the proof is not a list")
    return [from_base64(step) for step in steps]


# --- notes -------------------------------------------------------------------------------------------------------
def notes(folder: Path, tally: Tally) -> None:
    """Notes as files of text or in JSON. Keys stand in the case, or as lines of a file beside it.

    A text has no place for a mark, so the name of its file or folder says whether it must fail.
    """
    paths = files_of(folder)
    known = [key for path in paths if path.suffix != ".json" for key in _keys_in(path)]
    for path in paths:
        if path.suffix == ".json":
            _json_notes(path, known, tally)
        elif not _keys_in(path):
            marked = bool(MARKED.search(path.relative_to(folder).as_posix().lower()))
            _judge_note(path.name, path.read_bytes(), known, tally, marked=marked)


def _json_notes(path: Path, known: list[Verifier], tally: Tally) -> None:
    value = json_of(path, tally)
    cases = list(cases_in(value, lambda case: any(name in case for name in NOTE_FIELDS)))
    for case in cases:
        text = next((case[name] for name in NOTE_FIELDS if name in case), None)
        try:
            keys = [Verifier.parse(key) for field in KEY_FIELDS for key in _strings(case.get(field))]
        except NoteRefused as error:
            if must_fail(case):
                tally.refused += 1
            else:
                tally.fail(path.name, f"key refused: {error}")
            continue
        raw = str(text).encode("utf-8", "surrogatepass")
        what = f"{path.name} {case.get('desc') or case.get('name') or ''}"
        _judge_note(what, raw, keys or known, tally, marked=must_fail(case), always=bool(keys))
    if value is not None and not cases:
        tally.fail(path.name, "holds no note")


def _judge_note(
    what: str, raw: bytes, keys: list[Verifier], tally: Tally, *, marked: bool, always: bool = False
) -> None:
    def holds() -> bool:
        text = raw.decode("utf-8")
        note = parse_note(text)
        names = {note.text.split("\n", 1)[0], *(signature.name for signature in note.signatures)}
        if always or names & {key.name for key in keys}:
            open_note(text, keys)
        else:
            tally.note("only read, for want of a public key")
        lines = note.text.split("\n")
        if len(lines) > 3 and lines[1].isdigit():
            return note.text.startswith(parse_head(note.text).text())
        return True

    tally.judge(what, holds, (NoteRefused, UnicodeDecodeError), must_fail=marked)


def _keys_in(path: Path) -> list[Verifier]:
    """The public keys of a file that holds nothing else; otherwise none."""
    try:
        return [Verifier.parse(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except ValueError:
        return []


def _strings(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [text for text in value or [] if isinstance(text, str)]
