"""Writes the letters of one member of a ceremony, and its decryption key in the end.

Steps whose bytes contain randomness must be kept by the caller before anybody sees them: a letter is made
once, and what was made is sent. `check.standing` must have found no fault before any of these is called.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from selectorate import _kernel, canon
from selectorate.ballot.ceremony import check
from selectorate.ballot.ceremony.objects import Letter, Plan, Standing, Step, make_plan, signed_text
from selectorate.errors import refuse


def plan(*, uuid: str, group: str, members: int, threshold: int) -> Plan:
    """A fresh plan. Raises Refusal `ceremony.plan`."""
    return make_plan(
        uuid=uuid, group=group, members=members, threshold=threshold, nonce=secrets.token_hex(32)
    )


def certificate(plan: Plan, number: int, name: str) -> tuple[bytes, Letter]:
    """(private seed, letter of the first step). Raises Refusal `ceremony.seat`."""
    if not 1 <= number <= plan.members:
        because = f"there is no seat {number}; the ceremony has {plan.members}"
        raise refuse("ceremony.seat", because=because)
    if not check.sound_name(name):
        raise refuse("ceremony.seat", because="the name is empty, too long, or cannot be shown in one line")
    seed, made = _kernel.pedersen_certificate(plan.group, plan.members, plan.threshold, number)
    content = {"certificate": made.decode("utf-8"), "name": name}
    return seed, _signed(plan, seed, "certificate", number, content)


def polynomial(standing: Standing, seed: bytes) -> bytes:
    """A polynomial object, to be kept back until all members have committed. Raises Refusal `ceremony.seed`."""
    plan = standing.plan
    try:
        return _kernel.pedersen_polynomial(plan.group, seed, plan.threshold, standing.certificates)
    except _kernel.KernelError as reason:
        raise refuse("ceremony.seed", because=str(reason)) from None


def commitment(standing: Standing, seed: bytes, number: int, kept: bytes) -> Letter:
    """The letter of the second step; kept: the polynomial object that is kept back."""
    content = {"certificates": list(standing.marks), "polynomial": canon.sha256(kept)}
    return _signed(standing.plan, seed, "commitment", number, content)


def reveal(standing: Standing, seed: bytes, number: int, kept: bytes) -> Letter:
    """The letter of the third step, once all commitments are there."""
    content = {"polynomial": kept.decode("utf-8")}
    return _signed(standing.plan, seed, "polynomial", number, content)


def share(standing: Standing, seed: bytes, number: int) -> Letter:
    """The letter of the fourth step: the verification key, or a complaint about the first bad share."""
    plan = standing.plan
    voutput, bad = _kernel.pedersen_share(
        plan.group, seed, plan.threshold, standing.certificates, standing.polynomials
    )
    if not bad:
        return _signed(plan, seed, "share", number, {"voutput": voutput.decode("utf-8")})
    against = bad[0][0]
    evidence = _kernel.pedersen_complaint(
        plan.group, seed, standing.certificates, against, standing.polynomials[against - 1]
    )
    content = {"against": against, "complaint": evidence.decode("utf-8")}
    return _signed(plan, seed, "share", number, content)


def decryption_key(standing: Standing, seed: bytes, number: int) -> tuple[bytes, str]:
    """(private key file as `trustee new` makes it, public key), after the own key was found in the parameters.

    Raises Refusal `ceremony.seed` where it is another one.
    """
    plan = standing.plan
    if standing.parameters is None:
        raise ValueError("the ceremony has no parameters yet")
    try:
        private = _kernel.pedersen_private(plan.group, seed, standing.voutputs[number - 1])
        public = _kernel.trustee_public(plan.group, private)
    except _kernel.KernelError as reason:
        raise refuse("ceremony.seed", because=str(reason)) from None
    listed = json.loads(standing.parameters)["verification_keys"][number - 1]["public_key"]
    if listed != public:
        raise refuse("ceremony.seed", because=f"the parameters name another key for member {number}")
    return private, public


def _signed(plan: Plan, seed: bytes, step: Step, number: int, content: Mapping[str, Any]) -> Letter:
    text = signed_text(plan.identifier, step, number, content)
    try:
        signature = _kernel.pedersen_sign(plan.group, seed, text)
    except _kernel.KernelError as reason:
        raise refuse("ceremony.seed", because=str(reason)) from None
    return Letter(plan.identifier, step, number, content, signature)
