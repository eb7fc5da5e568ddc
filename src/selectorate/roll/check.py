"""Check a published electorate and a slip against it.

Duties
 Q1  The commitments are sorted, distinct, and as many as the entry `roll.final` says; their root and the sum
     of weights are those of the entry. All of it is done here. That the document has the hash the entry says
     is L6, and that the entry stands in a signed record L2: both the caller's. That the weights of the lines
     add up to `weight` nobody outside can see; Q2 compares it with the public credentials (the caller's).
 slip  SHA-256(salt ‖ line) stands at `index` of that document. Done here, after Q1.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from selectorate import canon
from selectorate.canon import Check
from selectorate.errors import Refusal, refuse
from selectorate.log import tree
from selectorate.roll.objects import Slip, commitment, is_hex

Q1 = (
    "The commitments are sorted, distinct, and as many as `electors`; their root and the sum of weights are "
    "those of the entry."
)
SLIP = "The slip opens the commitment at its place on the final roll."


def read_commitments(document: bytes) -> tuple[tuple[str, ...], int]:
    """(commitments, weight) of commitments.json. Raises Refusal `roll.commitments` or of the family canon."""
    value = canon.decode(document, what="commitments.json", bytes_max=1 << 30)
    if not isinstance(value, dict) or set(value) != {"commitments", "weight"}:
        raise refuse("roll.commitments", because="it does not have exactly commitments and weight")
    commitments, weight = value["commitments"], value["weight"]
    if not isinstance(weight, int) or isinstance(weight, bool) or weight < 0:
        raise refuse("roll.commitments", because="weight is not a whole number")
    if not isinstance(commitments, list) or not all(is_hex(one, 32) for one in commitments):
        raise refuse("roll.commitments", because="a commitment is not 32 bytes in lower-case hex")
    return tuple(commitments), weight


def check_commitments(document: bytes, final: Mapping[str, Any]) -> Check:
    """Duty Q1. document: bytes of commitments.json; final: the data of the entry `roll.final`."""
    try:
        commitments, weight = read_commitments(document)
    except Refusal as reason:
        return Check("Q1", Q1, "failed", str(reason))
    faults = []
    if any(left >= right for left, right in pairwise(commitments)):
        faults.append("the commitments are not sorted and distinct")
    if len(commitments) != final.get("electors"):
        faults.append(f"there are {len(commitments)} commitments, the entry says {final.get('electors')}")
    if weight != final.get("weight"):
        faults.append(f"the weights add up to {weight}, the entry says {final.get('weight')}")
    if weight < len(commitments):
        faults.append(f"{len(commitments)} electors cannot carry {weight} votes")
    root = tree.root([bytes.fromhex(one) for one in commitments]).hex()
    if root != final.get("root"):
        faults.append(f"the root is {root}, the entry says {final.get('root')}")
    if faults:
        return Check("Q1", Q1, "failed", "; ".join(faults))
    return Check("Q1", Q1, "passed", f"{len(commitments)} commitments, weight {weight}, root {root}")


def check_slip(slip: bytes, document: bytes, final: Mapping[str, Any]) -> Check:
    """Whether an elector's slip opens their line; runs Q1 first, so a changed list cannot pass.

    slip: the bytes of the slip; document: bytes of commitments.json; final: the data of `roll.final`.
    """
    listed = check_commitments(document, final)
    if listed.verdict != "passed":
        return Check("slip", SLIP, "failed", f"the list itself is wrong: {listed.because}")
    try:
        held = Slip.from_json(slip)
        elector = held.elector()
    except Refusal as reason:
        return Check("slip", SLIP, "failed", str(reason))
    commitments, _ = read_commitments(document)
    if held.index >= len(commitments):
        return Check("slip", SLIP, "failed", f"the list has {len(commitments)} places, none is {held.index}")
    if commitments[held.index] != commitment(held.salt, held.line):
        return Check("slip", SLIP, "failed", f"place {held.index} of the list holds another commitment")
    votes = "one vote" if elector.weight == 1 else f"{elector.weight} votes"
    return Check(
        "slip", SLIP, "passed", f"{elector.name} ({elector.member}) stands at place {held.index} with {votes}"
    )
