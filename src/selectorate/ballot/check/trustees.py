"""What trustees prove and send outside the archive, against the archive's keys and ciphertexts.

Helps the duties P7 (a proof that a key is still held) and P8 (a decryption that was refused is a bad one) of
docs/formats/entries.md; the caller has the record and its numbers.
"""

from __future__ import annotations

import re
from typing import Any, Final

from selectorate._kernel import Election, KernelError, check_held
from selectorate.ballot import wire
from selectorate.ballot.objects import Fault, Setup
from selectorate.errors import Refusal

DECRYPTION_MAX: Final = 512 * 2**20
_TEXT: Final = re.compile(r"[0-9a-f]{64}|0|[1-9][0-9]{0,1999}", re.ASCII)


def held_statement(uuid: str, size: int, root: str) -> str:
    """What a proof of holding speaks of: an election and a checkpoint (root in lower-case hex)."""
    return f"{uuid}|{size}|{root}"


def held_reason(group: str, data: dict[str, Any]) -> str:
    """ "" when the fields of a `trustee.held` entry hold a valid proof for its public key, else why not."""
    statement = held_statement(data["uuid"], data["size"], data["root"])
    proof = wire.encode({"challenge": data["challenge"], "response": data["response"]})
    try:
        return check_held(group, data["public_key"], statement, proof)
    except KernelError as reason:
        return str(reason)


def decryption_faults(setup: Setup, owner: int, ciphertexts: bytes, content: bytes) -> tuple[Fault, ...]:
    """D1 to D3 for one object that trustee `owner` (from 1) sent; empty when it is sound."""
    kernel = Election(setup.election, setup.trustees, setup.credentials)
    try:
        found = kernel.check_decryption(owner, ciphertexts, content)
    except KernelError as reason:
        return (Fault("D2", str(reason)),)
    return tuple(Fault(duty, reason) for duty, reason in found)


def is_publishable(content: bytes) -> bool:
    """Whether an object is a partial decryption with nothing but elements and numbers in it: whoever sends a
    bad one must not be able to publish text of their own with it."""
    try:
        found = wire.decode(content, what="the decryption", bytes_max=DECRYPTION_MAX)
    except Refusal:
        return False
    if not isinstance(found, dict) or set(found) != {"decryption_factors", "decryption_proofs"}:
        return False
    return _only(found["decryption_factors"], _is_text) and _only(found["decryption_proofs"], _is_proof)


def _only(found: Any, leaf: Any) -> bool:
    """Lists of lists (of lists) of leaves; the depth is bounded by the reader."""
    return isinstance(found, list) and all(leaf(one) or _only(one, leaf) for one in found)


def _is_text(found: Any) -> bool:
    return isinstance(found, str) and _TEXT.fullmatch(found) is not None


def _is_proof(found: Any) -> bool:
    return (
        isinstance(found, dict)
        and set(found) == {"challenge", "response"}
        and all(_is_text(one) for one in found.values())
    )
