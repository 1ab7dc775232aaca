"""Signs the tree at a size. Before it signs it goes once more over the rows since the last signature.

So a house never signs two trees that contradict each other: the old root is believed only because of its signature,
the new one must grow out of it, and a row changed in between stops the signing.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from serai.lib.merkle import Frontier
from serai.lib.note import Head, NoteRefused, Verifier, open_checkpoint, sign_note

from .leaves import stored_leaf
from .models import Checkpoint, LedgerRow
from .padding import padding_for
from .signing import anchor_path, ledger_signer, trusted_verifiers, write_whole
from .tree import append_leaves, locked_tree, tree_size
from .turn import sole_turn

HOURLY = timedelta(minutes=55)
"""Several servers have clocks of their own: whoever comes second within the hour does nothing."""
log = logging.getLogger(__name__)


class LedgerIsBroken(RuntimeError):
    """The rows contradict what was signed: nothing more is signed until somebody has looked."""


def last_checkpoint() -> Checkpoint | None:
    """The newest signed checkpoint."""
    return Checkpoint.objects.order_by("-size").first()


def current_checkpoint() -> str:
    """The newest checkpoint's note, made now if the tree has grown since; "" for a ledger without rows."""
    last = last_checkpoint()
    if last is not None and last.size == tree_size():
        return last.note
    return make_checkpoint()


def make_hourly_checkpoint() -> str:
    """What the house's clock calls; "" if another server was quicker or there is nothing to sign."""
    last = last_checkpoint()
    if last is not None and timezone.now() - last.at < HOURLY:
        return ""
    return make_checkpoint()


def make_checkpoint() -> str:
    """Fills up the classes, checks, signs and keeps; the note, or "" for an unchanged or empty tree.

    Raises LedgerIsBroken, TreeIsBroken, KeyRefused; then nothing was written.
    """
    signer = ledger_signer()
    with sole_turn(wait=True):
        last = last_checkpoint()
        _fill_up(last)
        tree, frontier = locked_tree()
        if tree.size == (last.size if last else 0):
            return ""
        grown = _grow(_trusted_start(last, trusted_verifiers()), tree.size)
        if grown.root() != frontier.root():
            raise LedgerIsBroken(_("The rows since the last checkpoint do not give the tree that was built from them."))
        head = Head(signer.name, tree.size, frontier.root())
        note = sign_note(head.text(), signer)
        Checkpoint.objects.create(size=tree.size, note=note, frontier=frontier.to_bytes())
    write_whole(anchor_path(), note)
    return note


def _fill_up(last: Checkpoint | None) -> None:
    """Padding counts from the last checkpoint on, so that a class is a multiple between any two of them."""
    since = LedgerRow.objects.filter(seq__gte=last.size if last else 0)
    leaves = padding_for(Counter(since.values_list("kind", flat=True)), datetime.now(UTC).date())
    if leaves:
        append_leaves(leaves)


def _trusted_start(last: Checkpoint | None, verifiers: list[Verifier]) -> Frontier:
    """The right edge at the last checkpoint: stored in the database, but held against what was signed."""
    anchor = anchor_path()
    try:
        kept = open_checkpoint(anchor.read_text(encoding="utf-8"), verifiers) if anchor.exists() else None
        head = open_checkpoint(last.note, verifiers) if last else None
        frontier = Frontier.from_bytes(bytes(last.frontier)) if last else Frontier()
    except (NoteRefused, ValueError) as error:
        raise LedgerIsBroken(_("The last checkpoint cannot be trusted: %(why)s.") % {"why": error}) from error
    if head and (head.size, head.root) != (frontier.size, frontier.root()):
        raise LedgerIsBroken(_("The last checkpoint is not the one that was signed."))
    if kept and kept.size == frontier.size and kept.root != frontier.root():
        raise LedgerIsBroken(_("The last checkpoint is not the one that was signed."))
    if kept and kept.size > frontier.size:
        says = _("%(path)s says %(kept)s rows were signed, the database knows of %(size)s: an older one was put back.")
        raise LedgerIsBroken(says % {"path": anchor, "kept": kept.size, "size": frontier.size})
    return frontier


def _grow(frontier: Frontier, size: int) -> Frontier:
    """Adds the stored rows up to `size`. Raises LedgerIsBroken for a gap."""
    rows = LedgerRow.objects.filter(seq__gte=frontier.size, seq__lt=size).order_by("seq")
    columns = rows.values_list("seq", "version", "kind", "day", "commitment")
    for seq, version, kind, day, stored in columns.iterator(chunk_size=5000):
        if seq != frontier.size:
            break
        frontier.append(stored_leaf(version, kind, day, stored).hash())
    if frontier.size != size:
        raise LedgerIsBroken(_("Row %(seq)s is missing.") % {"seq": frontier.size})
    return frontier
