"""A proof bundle: what a person or an organisation keeps to show later that something was recorded, and on which day.

It works without us: the event, its salt, the way from the leaf to the root, and the signed root. Who checks it must
have the ledger's public key from somewhere else; the copy in the bundle is only a name for it. When the house has
erased the opening, a bundle kept before still proves everything.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from serai.lib.merkle import inclusion_proof, verify_inclusion
from serai.lib.note import NoteRefused, Verifier, open_checkpoint

from .checkpoints import last_checkpoint
from .leaves import Leaf, commitment, stored_leaf
from .models import LedgerRow, Opening
from .signing import trusted_verifiers

FORMAT = "serai-ledger-proof-1"
MAX_BYTES = 200_000
MAX_STEPS = 63


class NoProof(LookupError):
    """There is no such row, or no checkpoint holds it yet; says what to do."""


class ProofRefused(ValueError):
    """The bundle proves nothing; says why."""


@dataclass(frozen=True)
class Proven:
    """What a good bundle proves. event is None when only the commitment is shown: then it is class and day alone."""

    origin: str
    seq: int
    size: int
    kind: str
    day: date
    event: dict[str, Any] | None


def make_proof(seq: int) -> dict[str, Any]:
    """The bundle for a row, in the newest checkpoint. Raises NoProof."""
    last = last_checkpoint()
    row = LedgerRow.objects.filter(seq=seq).first()
    if row is None:
        raise NoProof(_("The ledger has no row %(seq)s.") % {"seq": seq})
    if last is None or seq >= last.size:
        says = _("Row %(seq)s is not in a signed checkpoint yet. Run `serai ledger checkpoint` first.")
        raise NoProof(says % {"seq": seq})
    opening = Opening.objects.filter(seq=seq).first()
    path = inclusion_proof(_leaf_hashes(last.size), seq)
    trusted = {verifier.name: str(verifier) for verifier in trusted_verifiers()}
    return {
        "format": FORMAT,
        "seq": seq,
        "version": row.version,
        "kind": row.kind,
        "day": row.day.isoformat(),
        "commitment": _text(bytes(row.commitment)),
        "salt": _text(bytes(opening.salt)) if opening else None,
        "event": opening.event if opening else None,
        "proof": [_text(step) for step in path],
        "checkpoint": last.note,
        "verifier": trusted.get(last.note.split("\n", 1)[0], ""),
    }


def _leaf_hashes(size: int) -> list[bytes]:
    rows = LedgerRow.objects.filter(seq__gte=0, seq__lt=size).order_by("seq")
    values = rows.values_list("version", "kind", "day", "commitment").iterator(chunk_size=5000)
    hashes = [stored_leaf(*row).hash() for row in values]
    if len(hashes) != size:
        raise NoProof(_("Rows are missing: run `serai ledger verify`."))
    return hashes


def check_proof(text: str, verifiers: Iterable[Verifier]) -> Proven:
    """Checks a bundle against public keys that the reader trusts; needs no database. Raises ProofRefused."""
    told = _read(text)
    try:
        head = open_checkpoint(told["checkpoint"], verifiers)
    except NoteRefused as error:
        raise ProofRefused(_("The checkpoint cannot be trusted: %(why)s.") % {"why": error}) from error
    leaf = _leaf(told)
    path = [_bytes(step, "proof") for step in told["proof"]]
    if not verify_inclusion(leaf.hash(), told["seq"], head.size, path, head.root):
        raise ProofRefused(_("The row is not in the signed tree at this place."))
    return Proven(head.origin, told["seq"], head.size, leaf.kind, leaf.day, _event(told, leaf))


def _leaf(told: dict[str, Any]) -> Leaf:
    try:
        leaf = Leaf(
            told["kind"], date.fromisoformat(told["day"]), _bytes(told["commitment"], "commitment"), told["version"]
        )
        leaf.hash()
    except ValueError:
        raise ProofRefused(_("Version, class, day or commitment cannot be those of a row.")) from None
    return leaf


def _event(told: dict[str, Any], leaf: Leaf) -> dict[str, Any] | None:
    if told["event"] is None and told["salt"] is None:
        return None
    if not isinstance(told["event"], str) or not isinstance(told["salt"], str):
        raise ProofRefused(_("Event and salt belong together: one of them is missing."))
    try:
        same = commitment(_bytes(told["salt"], "salt"), told["event"]) == leaf.commitment
        event = json.loads(told["event"])
    except ValueError:
        same, event = False, None
    if not same or not isinstance(event, dict):
        raise ProofRefused(_("The event is not the one that was sealed in this row."))
    return event


FIELDS: dict[str, type | tuple[type, ...]] = {
    "seq": int,
    "version": int,
    "kind": str,
    "day": str,
    "commitment": str,
    "salt": (str, type(None)),
    "event": (str, type(None)),
    "proof": list,
    "checkpoint": str,
}


def _read(text: str) -> dict[str, Any]:
    if len(text) > MAX_BYTES:
        raise ProofRefused(_("The file is too large for a proof."))
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise ProofRefused(_("The file is not JSON.")) from None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise ProofRefused(_("The file is not a proof of a ledger (format %(format)s).") % {"format": FORMAT})
    for name, kind in FIELDS.items():
        if name not in told or not isinstance(told[name], kind) or isinstance(told[name], bool):
            raise ProofRefused(_("The field %(name)s is missing or of another kind.") % {"name": name})
    if len(told["proof"]) > MAX_STEPS or not all(isinstance(step, str) for step in told["proof"]):
        raise ProofRefused(_("The field %(name)s is missing or of another kind.") % {"name": "proof"})
    return told


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(text: str, name: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise ProofRefused(_("The field %(name)s is not base64.") % {"name": name}) from None
