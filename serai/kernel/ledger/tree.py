"""The growing tree: the only place that appends rows. Call it only in one's turn (turn.py)."""

from __future__ import annotations

from collections.abc import Sequence

from serai.lib.merkle import Frontier

from .bulk import insert_rows
from .leaves import Leaf
from .models import LedgerRow, Tree

THE_TREE = 1


class TreeIsBroken(RuntimeError):
    """The stored tree contradicts itself or the rows: `serai ledger verify` says where."""


def locked_tree() -> tuple[Tree, Frontier]:
    """The tree and its right edge, locked until the transaction ends; an empty one before the first row."""
    tree, _ = Tree.objects.select_for_update().get_or_create(
        pk=THE_TREE, defaults={"size": 0, "frontier": Frontier().to_bytes()}
    )
    try:
        frontier = Frontier.from_bytes(bytes(tree.frontier))
    except ValueError as error:
        raise TreeIsBroken(str(error)) from error
    if frontier.size != tree.size:
        raise TreeIsBroken(f"size {tree.size} is not the frontier's {frontier.size}")
    return tree, frontier


def tree_size() -> int:
    """Number of leaves."""
    return Tree.objects.filter(pk=THE_TREE).values_list("size", flat=True).first() or 0


def append_leaves(leaves: Sequence[Leaf]) -> int:
    """Gives leaves the next numbers, in order; returns the first. In the caller's transaction."""
    tree, frontier = locked_tree()
    first = frontier.size
    for leaf in leaves:
        frontier.append(leaf.hash())
    insert_rows(
        LedgerRow,
        ("seq", "version", "kind", "day", "commitment"),
        [(seq, leaf.version, leaf.kind, leaf.day, leaf.commitment) for seq, leaf in enumerate(leaves, first)],
    )
    tree.size, tree.frontier = frontier.size, frontier.to_bytes()
    tree.save()
    return first
