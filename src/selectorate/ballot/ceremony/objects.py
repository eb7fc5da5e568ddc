"""Plan and letters of a ceremony: their one form, and what stands in it.

Deliberately absent: whether a letter's content is sound (`check`), and any secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from selectorate import canon
from selectorate.ballot.parameters import uuid_form
from selectorate.errors import Refusal, refuse

FORMAT: Final = "selectorate ceremony 1"
GROUPS: Final = ("Ed25519", "BELENIOS-2048", "RFC-3526-2048")
MEMBERS_MAX: Final = 99
NAME_MAX: Final = 100
PLAN_MAX: Final = 4096
LETTER_MAX: Final = 4 * 2**20
"""Bytes: 99 shares of a 2048-bit group fit."""

Step = Literal["certificate", "commitment", "polynomial", "share"]
STEPS: Final[tuple[Step, ...]] = get_args(Step)
_HEX: Final = frozenset("0123456789abcdef")
_TEXTS: Final[Mapping[Step, frozenset[str]]] = {
    "certificate": frozenset(("certificate", "name")),
    "commitment": frozenset(("polynomial",)),
    "polynomial": frozenset(("polynomial",)),
    "share": frozenset(("voutput",)),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a ceremony is for. `nonce` (64 hex digits) keeps two ceremonies for one election apart."""

    uuid: str
    group: str
    members: int
    threshold: int
    nonce: str

    def to_json(self) -> bytes:
        """The canonical bytes, which `ceremony.json` holds."""
        return canon.encode(
            {
                "format": FORMAT,
                "group": self.group,
                "members": self.members,
                "nonce": self.nonce,
                "threshold": self.threshold,
                "uuid": self.uuid,
            }
        )

    @property
    def identifier(self) -> str:
        """SHA-256 of the canonical bytes: stands in every letter, and so under every signature."""
        return canon.sha256(self.to_json())


def make_plan(*, uuid: str, group: str, members: int, threshold: int, nonce: str) -> Plan:
    """A plan that makes sense. Raises Refusal `ceremony.plan`."""
    reasons = {
        "its election's uuid does not have the form of one": uuid_form(uuid),
        f"its group is none of {', '.join(GROUPS)}": group in GROUPS,
        f"it has {members} members; from 1 to {MEMBERS_MAX} are possible": 1 <= members <= MEMBERS_MAX,
        f"its threshold is {threshold} of {members} members": 1 <= threshold <= members,
        "its nonce is not 64 hexadecimal digits": len(nonce) == 64 and set(nonce) <= _HEX,
    }
    for because, sound in reasons.items():
        if not sound:
            raise refuse("ceremony.plan", because=because)
    return Plan(uuid, group, members, threshold, nonce)


def read_plan(content: bytes) -> Plan:
    """The plan in the bytes of a `ceremony.json`. Raises Refusal `ceremony.plan`."""
    try:
        found = canon.decode(content, what="the plan", bytes_max=PLAN_MAX)
    except Refusal as refusal:
        raise refuse(
            "ceremony.plan", because=str(refusal.context.get("because", "it is too large"))
        ) from None
    kinds = {"format": str, "group": str, "members": int, "nonce": str, "threshold": int, "uuid": str}
    if not _fits(found, kinds) or found["format"] != FORMAT:
        raise refuse("ceremony.plan", because=f"it is not of the form {FORMAT}")
    del found["format"]
    return make_plan(**found)


@dataclass(frozen=True, slots=True)
class Letter:
    """One signed message of a member; `content` is a mapping of texts and whole numbers."""

    ceremony: str
    step: Step
    sender: int
    content: Mapping[str, Any]
    signature: bytes

    @property
    def signed_text(self) -> str:
        """What the signature is made over."""
        return signed_text(self.ceremony, self.step, self.sender, self.content)

    def to_json(self) -> bytes:
        """The canonical bytes of the file that is sent, without an end of line."""
        return canon.encode(
            {
                "ceremony": self.ceremony,
                "content": dict(self.content),
                "from": self.sender,
                "signature": self.signature.decode("ascii"),
                "step": self.step,
            }
        )

    @property
    def file_name(self) -> str:
        """`2-commitment-member-1.json`."""
        return f"{STEPS.index(self.step) + 1}-{self.step}-member-{self.sender}.json"


def signed_text(ceremony: str, step: Step, sender: int, content: Mapping[str, Any]) -> str:
    """What a member signs. The first word keeps it apart from everything else that the same key signs."""
    signed = {"ceremony": ceremony, "content": dict(content), "from": sender, "step": step}
    return "ceremony_letter|" + canon.encode(signed).decode("utf-8")


def read_letter(content: bytes, plan: Plan, file: str) -> Letter:
    """A letter of this ceremony; its signature is not checked. file: its name, for the sentences.

    Raises Refusal `ceremony.letter`, `ceremony.other`.
    """
    try:
        found = canon.decode(content.removesuffix(b"\n"), what=file, bytes_max=LETTER_MAX)
    except Refusal as refusal:
        because = str(refusal.context.get("because", "it is too large or too deep"))
        raise refuse("ceremony.letter", file=file, because=because) from None
    kinds = {"ceremony": str, "content": dict, "from": int, "signature": str, "step": str}
    if not _fits(found, kinds) or found["step"] not in STEPS or not found["signature"].isascii():
        raise refuse("ceremony.letter", file=file, because="it does not have the fields of a letter")
    if found["ceremony"] != plan.identifier:
        raise refuse("ceremony.other", file=file)
    if not 1 <= found["from"] <= plan.members:
        because = f"there is no member {found['from']} of {plan.members}"
        raise refuse("ceremony.letter", file=file, because=because)
    if not _sound_content(found["step"], found["content"]):
        raise refuse("ceremony.letter", file=file, because="its content has not the fields of its step")
    return Letter(
        found["ceremony"], found["step"], found["from"], found["content"], found["signature"].encode("ascii")
    )


def _sound_content(step: Step, content: dict[str, Any]) -> bool:
    if step == "share" and "complaint" in content:
        return _fits(content, {"against": int, "complaint": str})
    kinds: dict[str, type] = dict.fromkeys(_TEXTS[step], str)
    if step == "commitment":
        listed = content.get("certificates")
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            return False
        kinds["certificates"] = list
    return _fits(content, kinds)


def _fits(found: Any, kinds: Mapping[str, type]) -> bool:
    return (
        isinstance(found, dict)
        and found.keys() == kinds.keys()
        and all(isinstance(found[name], kind) for name, kind in kinds.items())
        and not any(isinstance(value, bool) for value in found.values())
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """What stops a ceremony: the members of whom one is to blame (mostly one), and why."""

    members: tuple[int, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a ceremony has come, by the letters that are there.

    step: the first step that is not complete, None when all are; waiting: whose letters of that step are
    missing; names: number -> name, of the certificates that are there; certificates, polynomials, voutputs:
    of the members in order, complete or empty; marks: what a commitment says of the certificates; checked:
    what was found to hold, a sentence each; parameters: of the finished group; faults: not empty when the
    ceremony has stopped.
    """

    plan: Plan
    step: Step | None
    waiting: tuple[int, ...]
    names: Mapping[int, str]
    certificates: tuple[bytes, ...]
    marks: tuple[str, ...]
    polynomials: tuple[bytes, ...]
    voutputs: tuple[bytes, ...]
    checked: tuple[str, ...]
    parameters: bytes | None
    faults: tuple[Fault, ...]

    @property
    def code(self) -> str | None:
        """What people read to each other in the end: 16 hexadecimal digits in groups of four."""
        if self.parameters is None:
            return None
        digits = canon.sha256(self.parameters)
        return " ".join(digits[place : place + 4] for place in range(0, 16, 4))

    def person(self, number: int) -> str:
        """A member for the reader: "member 2 (Trustee Two)"."""
        name = self.names.get(number)
        return f"member {number} ({name})" if name else f"member {number}"
