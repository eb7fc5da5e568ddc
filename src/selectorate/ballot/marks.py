"""What makes two ballots the same: their bytes, their signature, or a ciphertext taken from another's.

Marks are read from ballots that the kernel has passed (their form is then known exactly), or strictly from
any others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from selectorate.ballot import wire
from selectorate.ballot.objects import Parameters
from selectorate.errors import refuse

_SIGNATURE: Final = b'"signature":{"hash":"'
_RANKED_ALPHA = re.compile(rb'"choices":\{"alpha":"([0-9a-f]+)"')
_ELEMENT_MAX: Final = {"Ed25519": 64}
_SCALAR_MAX: Final = {"Ed25519": 78, "BELENIOS-2048": 78}
_LONGEST: Final = 618


@dataclass(frozen=True, slots=True)
class Marks:
    """tracker: of the whole ballot; signature: its hash field; alphas: of its ranked answers."""

    tracker: str
    credential: str
    signature: str
    alphas: tuple[str, ...]


def passed_marks(ballot: bytes, credential: str) -> Marks:
    """Marks of a ballot that the kernel passed with this credential: canonical, and without free text."""
    start = ballot.rfind(_SIGNATURE) + len(_SIGNATURE)
    signature = ballot[start : ballot.find(b'"', start)].decode("ascii")
    alphas = tuple(found.decode("ascii") for found in _RANKED_ALPHA.findall(ballot))
    return Marks(wire.fingerprint(ballot), credential, signature, alphas)


def strict_marks(ballot: bytes, bytes_max: int) -> Marks:
    """Marks of a ballot about which nothing is known. Raises Refusal `ballot.form`."""
    found: Any = wire.decode(ballot, what="the ballot", bytes_max=bytes_max)
    try:
        credential, signature = found["credential"], found["signature"]["hash"]
        choices = [answer["choices"] for answer in found["answers"]]
        alphas = tuple(choice["alpha"] for choice in choices if isinstance(choice, dict))
    except (KeyError, TypeError):
        raise refuse("ballot.form", what="the ballot", because="a field is missing") from None
    if not all(isinstance(mark, str) for mark in (credential, signature, *alphas)):
        raise refuse("ballot.form", what="the ballot", because="a field is not text")
    return Marks(wire.fingerprint(ballot), credential, signature, alphas)


@dataclass(slots=True)
class Seen:
    """The marks of the ballots so far (duty B7)."""

    trackers: set[str] = field(default_factory=set)
    signatures: set[tuple[str, str]] = field(default_factory=set)
    alphas: dict[str, str] = field(default_factory=dict)

    def repeat(self, marks: Marks) -> str | None:
        """Why a ballot with these marks repeats an earlier one, or None."""
        if marks.tracker in self.trackers:
            return "the same bytes stand there already"
        if (marks.credential, marks.signature) in self.signatures:
            return "the same credential has signed the same answers already"
        if any(self.alphas.get(alpha, marks.credential) != marks.credential for alpha in marks.alphas):
            return "a ciphertext of another credential's ballot occurs in it"
        return None

    def add(self, marks: Marks) -> None:
        """Remember these marks. The first credential keeps an alpha."""
        self.trackers.add(marks.tracker)
        self.signatures.add((marks.credential, marks.signature))
        for alpha in marks.alphas:
            self.alphas.setdefault(alpha, marks.credential)


def ballot_bytes_max(parameters: Parameters) -> int:
    """The most bytes that a ballot of this election can have; nothing longer is ever parsed."""
    element = _ELEMENT_MAX.get(parameters.group, _LONGEST)
    scalar = _SCALAR_MAX.get(parameters.group, _LONGEST)
    ciphertext = 2 * element + 32
    proof = 2 * scalar + 40
    most = 512 + len(wire.encode_read(parameters.uuid)) + element + proof
    for question in parameters.questions:
        if question.kind == "ranked":
            most += 64 + ciphertext + proof
            continue
        answers = sum(question.widths)
        most += 256 + answers * (ciphertext + 2 * proof + 8)
        if question.kind == "lists":
            # the overall proof, two for each list, and that of at least one candidate (longer by an element)
            most += (2 * len(question.lists) + 3) * proof + len(question.lists) * 8 + element
        else:
            # a proof for each possible sum (no more than there are answers), one for a blank vote, and two of its own
            low, high = question.minimum or 0, question.maximum or 0
            most += (min(max(0, high - low + 1), answers + 1) + 3 * question.blank) * proof
    return most
