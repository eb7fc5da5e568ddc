"""RFC 6962 Merkle trees: root, inclusion and consistency proofs. Hashes are 32 bytes; leaves any bytes.

Leaf hash = SHA-256(0x00 || leaf), node = SHA-256(0x01 || left || right), empty tree = SHA-256("").
Sources: RFC 6962 section 2.1; RFC 9162 section 2.1.3.2 and 2.1.4.2 for the verification algorithms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from selectorate.errors import refuse

PROOF_MAX = 63
"""No tree that can exist has a longer path (C2SP tlog-proof)."""


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Root over the leaves in their order."""
    return Tree(leaves).root()


class Tree:
    """A growing tree. Keeps every complete level, so a root of n leaves costs O(log n) after O(1) appends."""

    __slots__ = ("_levels",)

    def __init__(self, leaves: Sequence[bytes] = ()) -> None:
        level = [leaf_hash(leaf) for leaf in leaves]
        self._levels: list[list[bytes]] = [level]
        while len(level) > 1:
            # a last one without a neighbour waits, as in `append`
            level = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
            self._levels.append(level)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        fresh, level = leaf_hash(leaf), 0
        self._levels[0].append(fresh)
        while len(self._levels[level]) % 2 == 0:
            fresh = node_hash(self._levels[level][-2], fresh)
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(fresh)

    def truncate(self, size: int) -> None:
        """Forget every leaf from `size` on: for a writer whose last leaves could not be stored."""
        for level, hashes in enumerate(self._levels):
            del hashes[size >> level :]

    def root(self, size: int | None = None) -> bytes:
        """Root over the first `size` leaves (all by default). Raises Refusal `log.size`."""
        size = self._size(size)
        return self._hash(0, size) if size else hashlib.sha256(b"").digest()

    def inclusion(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """Path from leaf `index` to the root over the first `size` leaves, lowest first (RFC 6962 2.1.1)."""
        size = self._size(size)
        if not 0 <= index < size:
            raise refuse("log.size", size=size, wanted=index)
        path: list[bytes] = []
        low, high = 0, size
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._hash(middle, high))
                high = middle
            else:
                path.append(self._hash(low, middle))
                low = middle
        return tuple(reversed(path))

    def consistency(self, old: int, size: int | None = None) -> tuple[bytes, ...]:
        """Proof that the first `old` leaves are a prefix of the first `size` (RFC 6962 2.1.2)."""
        size = self._size(size)
        if not 0 < old <= size:
            raise refuse("log.size", size=size, wanted=old)
        return tuple(self._consistency(old, 0, size, whole=True))

    def _consistency(self, old: int, low: int, high: int, *, whole: bool) -> list[bytes]:
        if old == high - low:
            return [] if whole else [self._hash(low, high)]
        half = _split(high - low)
        if old <= half:
            return [*self._consistency(old, low, low + half, whole=whole), self._hash(low + half, high)]
        rest = self._consistency(old - half, low + half, high, whole=False)
        return [*rest, self._hash(low, low + half)]

    def _hash(self, low: int, high: int) -> bytes:
        """Hash of leaves low..high; low is always a multiple of the power of two that splits the range."""
        width = high - low
        if width & (width - 1) == 0:
            level = width.bit_length() - 1
            return self._levels[level][low >> level]
        middle = low + _split(width)
        return node_hash(self._hash(low, middle), self._hash(middle, high))

    def _size(self, size: int | None) -> int:
        if size is None:
            return len(self)
        if not 0 <= size <= len(self):
            raise refuse("log.size", size=len(self), wanted=size)
        return size


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> None:
    """Raise Refusal `log.inclusion` unless `path` leads from leaf `index` to the root (RFC 9162 2.1.3.2)."""
    wrong = refuse("log.inclusion", index=index, size=size)
    if not 0 <= index < size or len(path) > PROOF_MAX or any(len(step) != 32 for step in path):
        raise wrong
    node, last, here = index, size - 1, leaf_hash(leaf)
    for step in path:
        if last == 0:
            raise wrong
        if node & 1 or node == last:
            here = node_hash(step, here)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            here = node_hash(here, step)
        node, last = node >> 1, last >> 1
    if last != 0 or here != expected:
        raise wrong


def check_consistency(old: int, size: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    """Raise Refusal `log.consistency` unless the tree of `old` leaves is a prefix (RFC 9162 2.1.4.2).

    A tree of size 0 is a prefix of every tree, with an empty proof and the empty root.
    """
    wrong = refuse("log.consistency", old=old, size=size)
    if not 0 <= old <= size or len(path) > PROOF_MAX or any(len(step) != 32 for step in path):
        raise wrong
    if old == 0:
        if path or old_root != hashlib.sha256(b"").digest():
            raise wrong
        return
    if old == size:
        if path or old_root != new_root:
            raise wrong
        return
    steps = list(path) if old & (old - 1) else [old_root, *path]
    if not steps:
        raise wrong
    node, last = old - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise wrong
        if node & 1 or node == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, step)
        node, last = node >> 1, last >> 1
    if last != 0 or first != old_root or second != new_root:
        raise wrong


def _split(width: int) -> int:
    """The largest power of two below `width` (width >= 2)."""
    return 1 << ((width - 1).bit_length() - 1)
