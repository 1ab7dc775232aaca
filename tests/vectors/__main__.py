"""`python -m tests.vectors FOLDER`: every set in a folder of published vectors, a line each.

Exit 0 when nothing failed, 1 when something did or a set of ours held no case, 2 when it is no such folder. (`make`
itself ends with 2 for either; the last line says which it was.)
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from .judging import Tally
from .keys import hpke_suites, slip39
from .proofs import merkle_proofs, notes

READERS: dict[str, Callable[[Path, Tally], None]] = {
    "merkle": merkle_proofs,
    "hpke": hpke_suites,
    "slip39": slip39,
    "slip-39": slip39,
    "note": notes,
    "checkpoint": notes,
}
"""By a word in the name of a set's folder."""

NOT_USED = {
    "oprf": "a PIN is checked by the server with Argon2id and ten tries; nothing in the house blinds it",
    "claim169": "the house issues and reads no identity card of this kind yet",
    "cose": "the house signs and seals nothing in COSE yet",
    "sd-jwt": "the house issues and checks no credentials with selective disclosure yet",
    "token-status": "the house keeps no status list of credentials yet",
}
SHOWN = 20


def main(arguments: list[str]) -> int:
    """Prints and returns the exit code."""
    folder = Path(arguments[0]) if len(arguments) == 1 and arguments[0] else None
    sets = sorted(path for path in folder.iterdir() if path.is_dir()) if folder and folder.is_dir() else []
    if not any(_reader(path) or _reason(path) for path in sets):
        print("Not a folder of test vectors: it holds no set that is known here. Use: make vectors DIR=folder")
        return 2
    width = max(len(path.name) for path in sets)
    print(f"{'':{width}}  passed  failed  refused")
    failed = False
    for path in sets:
        reader = _reader(path)
        if reader is None:
            print(f"{path.name:{width}}  not used: {_reason(path) or 'no such set is known here'}")
            continue
        tally = run_set(path, reader)
        failed = failed or bool(tally.failed)
        also = "".join(f"; {what}: {count}" for what, count in tally.notes.items()).removeprefix("; ")
        line = f"{path.name:{width}}  {tally.passed:6}  {tally.failed:6}  {tally.refused:7}  {also}"
        print(line.rstrip())
        for failure in tally.failures[:SHOWN]:
            print(f"  {failure}", file=sys.stderr)
        if len(tally.failures) > SHOWN:
            print(f"  and {len(tally.failures) - SHOWN} more", file=sys.stderr)
    print("FAILED" if failed else "Nothing failed.")
    return int(failed)


def run_set(folder: Path, reader: Callable[[Path, Tally], None]) -> Tally:
    """What came of one set. A set without a case has not passed."""
    tally = Tally(folder.name)
    try:
        reader(folder, tally)
    except Exception as error:
        tally.fail("the set", f"cannot be read as such: {type(error).__name__}: {error}")
    if not (tally.passed or tally.failed or tally.refused):
        tally.fail("the set", "holds no case that could be judged")
    return tally


def _reader(folder: Path) -> Callable[[Path, Tally], None] | None:
    return next((reader for word, reader in READERS.items() if word in folder.name.lower()), None)


def _reason(folder: Path) -> str:
    return next((reason for word, reason in NOT_USED.items() if word in folder.name.lower()), "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
