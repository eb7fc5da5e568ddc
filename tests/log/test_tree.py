"""The Merkle tree against published values, and every proof against a tree written differently."""

from __future__ import annotations

import hashlib

import pytest

from selectorate.errors import Refusal
from selectorate.log.tree import Tree, check_consistency, check_inclusion, root

# Certificate Transparency's well-known eight test leaves and their root (RFC 6962 reference implementation).
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def plain_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962 section 2.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:k]) + plain_root(leaves[k:])).digest()


def test_the_published_root_of_eight_leaves_comes_out() -> None:
    assert root(LEAVES).hex() == ROOT


def test_the_root_is_the_definition_at_every_size() -> None:
    leaves = [bytes([n]) * (n % 5) for n in range(70)]
    tree = Tree(leaves)
    for size in range(71):
        assert tree.root(size) == plain_root(leaves[:size])


def test_every_inclusion_proof_holds_and_for_no_other_leaf_place_or_size() -> None:
    for size in range(1, 34):
        leaves = [b"leaf %d" % n for n in range(size)]
        tree = Tree(leaves)
        for index in range(size):
            path = tree.inclusion(index)
            check_inclusion(leaves[index], index, size, path, tree.root())
            for leaf, at, of, way in (
                (b"other", index, size, path),
                (leaves[index], index + 1, size, path),
                (leaves[index], index, size, (*path, b"\x00" * 32)),
                (leaves[index], index, size, path[:-1]) if path else (b"other", index, size, path),
            ):
                with pytest.raises(Refusal):
                    check_inclusion(leaf, at, of, way, tree.root())


def test_every_consistency_proof_holds_and_not_for_a_changed_record() -> None:
    leaves = [b"leaf %d" % n for n in range(34)]
    tree = Tree(leaves)
    for size in range(1, 35):
        for old in range(1, size + 1):
            path = tree.consistency(old, size)
            check_consistency(old, size, tree.root(old), tree.root(size), path)
            with pytest.raises(Refusal):
                check_consistency(old, size, Tree([b"x", *leaves[1:old]]).root(), tree.root(size), path)


def test_the_empty_record_is_continued_by_every_record_but_only_with_its_own_root() -> None:
    empty, one = Tree().root(), Tree([b"a"]).root()
    check_consistency(0, 1, empty, one, ())
    with pytest.raises(Refusal):
        check_consistency(0, 1, one, one, ())
    with pytest.raises(Refusal):
        check_consistency(0, 1, empty, one, (one,))


def test_a_node_cannot_pass_for_a_leaf() -> None:
    left, right = (hashlib.sha256(b"\x00" + leaf).digest() for leaf in (b"a", b"b"))
    assert root([left + right]) != root([b"a", b"b"])


def test_a_proof_longer_than_any_tree_is_refused() -> None:
    with pytest.raises(Refusal):
        check_inclusion(b"a", 0, 1, (b"\x00" * 32,) * 64, Tree([b"a"]).root())
