"""The tree against itself, and against a second, naive reading of the RFC (published vectors: tests/vectors)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.lib import merkle

counts = st.integers(min_value=1, max_value=70)


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(b"record %d" % number) for number in range(count)]


def naive_root(hashes: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, word for word."""
    if len(hashes) < 2:
        return hashes[0] if hashes else merkle.EMPTY_ROOT
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return merkle.node_hash(naive_root(hashes[:split]), naive_root(hashes[split:]))


def test_the_empty_tree_and_a_known_leaf_have_the_hashes_of_the_rfc():
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@given(counts)
def test_root_and_frontier_agree_with_a_naive_reading_of_the_rfc(count):
    assert merkle.root(leaves(count)) == naive_root(leaves(count))


@given(counts, st.data())
def test_every_leaf_proves_its_place_and_no_other(count, data):
    hashes = leaves(count)
    index = data.draw(st.integers(0, count - 1))
    proof, root = merkle.inclusion_proof(hashes, index), merkle.root(hashes)
    assert merkle.verify_inclusion(hashes[index], index, count, proof, root)
    other = data.draw(st.integers(0, count - 1))
    if other != index:
        assert not merkle.verify_inclusion(hashes[other], index, count, proof, root)
        assert not merkle.verify_inclusion(hashes[index], other, count, proof, root)


@given(counts, st.data())
def test_every_earlier_tree_is_shown_to_be_a_prefix_and_a_rewritten_one_is_not(count, data):
    hashes = leaves(count)
    size1 = data.draw(st.integers(1, count))
    proof = merkle.consistency_proof(hashes, size1)
    old, new = merkle.root(hashes[:size1]), merkle.root(hashes)
    assert merkle.verify_consistency(size1, count, proof, old, new)
    rewritten = [merkle.leaf_hash(b"rewritten"), *hashes[1:]]
    assert not merkle.verify_consistency(size1, count, proof, old, merkle.root(rewritten))


def test_proofs_with_short_hashes_or_an_empty_old_tree_are_refused():
    hashes = leaves(5)
    root = merkle.root(hashes)
    proof = merkle.inclusion_proof(hashes, 2)
    assert not merkle.verify_inclusion(hashes[2], 2, 5, [*proof[:-1], proof[-1][:31]], root)
    assert not merkle.verify_inclusion(hashes[2][:31], 2, 5, proof, root)
    assert not merkle.verify_consistency(0, 5, [], merkle.EMPTY_ROOT, root)
    with pytest.raises(ValueError, match="size 0"):
        merkle.consistency_proof(hashes, 0)
    with pytest.raises(IndexError):
        merkle.inclusion_proof(hashes, 5)


@given(counts, counts)
def test_a_frontier_stored_in_the_middle_goes_on_as_if_nothing_happened(before, after):
    hashes = leaves(before + after)
    frontier = merkle.Frontier()
    for leaf in hashes[:before]:
        frontier.append(leaf)
    from_bytes = merkle.Frontier.from_bytes(frontier.to_bytes())
    from_json = merkle.Frontier.from_json(json.loads(json.dumps(frontier.to_json())))
    for leaf in hashes[before:]:
        from_bytes.append(leaf)
        from_json.append(leaf)
    assert from_bytes.root() == from_json.root() == merkle.root(hashes)
    assert from_bytes.size == before + after


@pytest.mark.parametrize("broken", [b"", b"\0" * 7, b"\0" * 8 + b"x", (3).to_bytes(8, "big") + b"\0" * 32])
def test_a_frontier_whose_parts_do_not_fit_is_refused(broken):
    with pytest.raises(ValueError, match=r"frontier|peaks"):
        merkle.Frontier.from_bytes(broken)


def test_a_frontier_refuses_what_is_not_a_hash():
    with pytest.raises(ValueError, match="32 bytes"):
        merkle.Frontier().append(b"short")
