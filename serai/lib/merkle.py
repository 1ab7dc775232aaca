"""The Merkle tree under the ledger.

Anyone who holds yesterday's root must be able to check that nothing was changed or taken out since, without
seeing the records. So the tree is exactly that of RFC 9162 section 2.1 (the same as RFC 6962, SHA-256): any
auditor's tool can verify it. Everything here works on leaf *hashes*, never on records.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

HASH_BYTES = 32
# Shown for a tree without leaves (RFC 9162, 2.1.1: the hash of an empty string).
EMPTY_ROOT = hashlib.sha256(b"").digest()

_SIZE_BYTES = 8


def leaf_hash(data: bytes) -> bytes:
    """Hash of one record; the 0x00 prefix keeps a record from passing for an inner node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Root over leaf hashes in order; `EMPTY_ROOT` if there are none. ValueError for a hash that is not 32 bytes."""
    frontier = Frontier()
    for leaf in leaf_hashes:
        frontier.append(leaf)
    return frontier.root()


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Hashes that lead from leaf `index` (from 0) to the root, nearest first. IndexError outside the tree."""
    if not 0 <= index < len(leaf_hashes):
        raise IndexError(f"leaf {index} of {len(leaf_hashes)}")
    proof: list[bytes] = []
    start, end = 0, len(leaf_hashes)
    while end - start > 1:
        middle = start + _largest_power_below(end - start)
        if index < middle:
            proof.append(root(leaf_hashes[middle:end]))
            end = middle
        else:
            proof.append(root(leaf_hashes[start:middle]))
            start = middle
    return proof[::-1]


def consistency_proof(leaf_hashes: Sequence[bytes], size1: int) -> list[bytes]:
    """Hashes that show the first `size1` leaves to be a prefix of all. ValueError unless 1 <= size1 <= all."""
    if not 1 <= size1 <= len(leaf_hashes):
        raise ValueError(f"size {size1} of {len(leaf_hashes)}")
    proof: list[bytes] = []
    start, end = 0, len(leaf_hashes)
    while size1 != end:
        middle = start + _largest_power_below(end - start)
        if size1 <= middle:
            proof.append(root(leaf_hashes[middle:end]))
            end = middle
        else:
            proof.append(root(leaf_hashes[start:middle]))
            start = middle
    # The verifier already holds the old root; it is left out when it is itself a node of the new tree.
    if start != 0:
        proof.append(root(leaf_hashes[start:end]))
    return proof[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], tree_root: bytes) -> bool:
    """Whether `leaf` (a leaf hash) is number `index` (from 0) of the tree of `size` leaves under `tree_root`.

    RFC 9162, 2.1.3.2. False, never an exception, for anything malformed: proofs come from outside.
    """
    if not 0 <= index < size or not _all_hashes([leaf, tree_root, *proof]):
        return False
    node, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            computed = node_hash(sibling, computed)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and computed == tree_root


def verify_consistency(size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes) -> bool:
    """Whether the tree (`size2`, `root2`) only appends to the tree (`size1`, `root1`).

    RFC 9162, 2.1.4.2; size1 is at least 1, as nothing can be said about an empty tree. False for anything malformed.
    """
    if not 1 <= size1 <= size2 or not _all_hashes([root1, root2, *proof]):
        return False
    if size1 == size2:
        return not proof and root1 == root2
    path = list(proof)
    if size1 & (size1 - 1) == 0:
        path.insert(0, root1)
    if not path:
        return False
    node, last = size1 - 1, size2 - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == root1 and new == root2


@dataclass
class Frontier:
    """The right edge of a growing tree: enough to append and to give the root, in some hundred bytes.

    `peaks` are the roots of the complete subtrees from left to right, one for each bit set in `size`. ValueError
    if they do not fit together.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.size < 0 or self.size.bit_count() != len(self.peaks) or not _all_hashes(self.peaks):
            raise ValueError("the peaks do not belong to a tree of this size")

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash. Costs at most one hash per level. ValueError if it is not 32 bytes."""
        if not _all_hashes([leaf]):
            raise ValueError(f"a leaf hash is {HASH_BYTES} bytes")
        node, size = leaf, self.size
        while size & 1:
            node = node_hash(self.peaks.pop(), node)
            size >>= 1
        self.peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Root of the tree so far; `EMPTY_ROOT` if nothing was appended."""
        if not self.peaks:
            return EMPTY_ROOT
        *left, computed = self.peaks
        for peak in reversed(left):
            computed = node_hash(peak, computed)
        return computed

    def to_bytes(self) -> bytes:
        """Eight bytes of size, big end first, then the peaks."""
        return self.size.to_bytes(_SIZE_BYTES, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> Frontier:
        """What `to_bytes` wrote. ValueError if it is anything else."""
        peaks = data[_SIZE_BYTES:]
        if len(data) < _SIZE_BYTES or len(peaks) % HASH_BYTES:
            raise ValueError("not a frontier: wrong length")
        size = int.from_bytes(data[:_SIZE_BYTES], "big")
        return cls(size, [peaks[at : at + HASH_BYTES] for at in range(0, len(peaks), HASH_BYTES)])

    def to_json(self) -> dict[str, int | list[str]]:
        """The same for a JSON column: size and peaks in hexadecimal."""
        return {"size": self.size, "peaks": [peak.hex() for peak in self.peaks]}

    @classmethod
    def from_json(cls, data: dict[str, int | list[str]]) -> Frontier:
        """What `to_json` gave. ValueError if it is anything else."""
        size, peaks = data.get("size"), data.get("peaks")
        if not isinstance(size, int) or isinstance(size, bool) or not isinstance(peaks, list):
            raise ValueError("not a frontier: size and peaks are needed")
        if not all(isinstance(peak, str) for peak in peaks):
            raise ValueError("not a frontier: peaks are hexadecimal strings")
        return cls(size, [bytes.fromhex(peak) for peak in peaks])


def _largest_power_below(count: int) -> int:
    """Largest power of two that is smaller than `count` (count at least 2)."""
    return 1 << (count - 1).bit_length() - 1


def _all_hashes(values: Iterable[bytes]) -> bool:
    return all(isinstance(value, bytes) and len(value) == HASH_BYTES for value in values)
