"""Make the electorate: one commitment per elector, sorted by value, and a slip for each elector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from selectorate import canon
from selectorate.errors import refuse
from selectorate.log import tree
from selectorate.log.objects import CELL_MIN
from selectorate.roll.objects import Elector, Slip, commitment, elector_line

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Electorate:
    """The final roll as it is published and as its members hold it.

    document: the bytes of commitments.json; root: RFC 6962 root over the commitments, hex; slips: (member,
    slip) in the order of the commitments. Only document, root, weight and the number of electors are public.
    """

    document: bytes
    root: str
    weight: int
    slips: tuple[tuple[str, Slip], ...]

    @property
    def electors(self) -> int:
        return len(self.slips)


def make(electors: Iterable[Elector], salts: Sequence[bytes]) -> Electorate:
    """Commit to every elector. salts: fresh random bytes of the caller, 32 per elector, never used again.

    Raises Refusal `roll.elector` when a member occurs twice or a weight is below 1, `roll.salts` when the
    salts are too few, too short or not all different.
    """
    listed = sorted(electors, key=lambda elector: elector.member)
    _sound(listed, salts)
    made = []
    for elector, salt in zip(listed, salts, strict=True):
        line = elector_line(elector)
        made.append((commitment(salt, line), elector.member, salt, line))
    made.sort()
    commitments = [one[0] for one in made]
    weight = sum(elector.weight for elector in listed)
    return Electorate(
        document=canon.encode({"commitments": commitments, "weight": weight}),
        root=tree.root([bytes.fromhex(one) for one in commitments]).hex(),
        weight=weight,
        slips=tuple((member, Slip(index, salt, line)) for index, (_, member, salt, line) in enumerate(made)),
    )


def small_classes(weights: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """(weight, number of electors) of every weight that fewer than ten electors carry: a ballot of such a
    weight could point at persons, so the officer is told before opening."""
    return tuple((weight, number) for weight, number in sorted(Counter(weights).items()) if number < CELL_MIN)


def _sound(listed: Sequence[Elector], salts: Sequence[bytes]) -> None:
    for before, elector in pairwise(listed):
        if before.member == elector.member:
            raise refuse("roll.elector", member=elector.member, because="the number occurs twice")
    for elector in listed:
        if elector.weight < 1:
            raise refuse("roll.elector", member=elector.member, because=f"the weight is {elector.weight}")
    if len(salts) != len(listed) or len(set(salts)) != len(salts):
        raise refuse("roll.salts", found=len(set(salts)), expected=len(listed))
    if any(len(salt) != SALT_BYTES for salt in salts):
        raise refuse("roll.salts", found="salts of another length than 32 bytes", expected=len(listed))
