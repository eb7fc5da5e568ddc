"""What makes two ballots the same: their bytes, their signature, or a ciphertext taken from another's.

Marks are read from ballots that the kernel has passed (their form is then known exactly), or strictly from
any others.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from selectorate.ballot import wire
from selectorate.ballot.objects import Parameters
from selectorate.errors import refuse

SAME_BYTES: Final = "the same bytes stand there already"
SAME_ANSWERS: Final = "the same credential has signed the same answers already"
SAME_CIPHERTEXT: Final = "a ciphertext of another credential's ballot occurs in it"
_MARK: Final = struct.Struct("<32sQQ")
_SIGNATURE: Final = b'"signature":{"hash":"'
_CREDENTIAL: Final = b'"credential":"'
_RANKED_ALPHA = re.compile(rb'"choices":\{"alpha":"([0-9a-f]+)"')
_ELEMENT_MAX: Final = {"Ed25519": 64}
_SCALAR_MAX: Final = {"Ed25519": 78, "BELENIOS-2048": 78}
_LONGEST: Final = 618


@dataclass(frozen=True, slots=True)
class Marks:
    """digest: SHA-256 of the whole ballot (its tracker spells it); signature: its hash field; alphas: of its
    ranked answers."""

    digest: bytes
    credential: str
    signature: str
    alphas: tuple[str, ...]

    @property
    def tracker(self) -> str:
        """The ballot's tracker."""
        return wire.tracker_of(self.digest)

    @property
    def signed(self) -> bytes:
        """One hash of credential and signature hash together."""
        return _digest(f"{self.credential}|{self.signature}")


def passed_marks(ballot: bytes, credential: str) -> Marks:
    """Marks of a ballot in which B1 holds, with its credential: the form is known, whatever its texts are."""
    start = ballot.rfind(_SIGNATURE) + len(_SIGNATURE)
    signature = ballot[start : ballot.find(b'"', start)].decode("utf-8", "replace")
    alphas = tuple(found.decode("ascii") for found in _RANKED_ALPHA.findall(ballot))
    return Marks(hashlib.sha256(ballot).digest(), credential, signature, alphas)


def known_marks(ballot: bytes) -> Marks:
    """Marks of a ballot that passed the kernel in an earlier run: the credential is where it always is."""
    start = ballot.find(_CREDENTIAL) + len(_CREDENTIAL)
    return passed_marks(ballot, ballot[start : ballot.find(b'"', start)].decode("utf-8", "replace"))


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
    return Marks(hashlib.sha256(ballot).digest(), credential, signature, alphas)


class Seen:
    """The marks of the ballots accepted so far (duty B7), as hashes."""

    def __init__(self) -> None:
        self._trackers: set[bytes] = set()
        self._signatures: set[bytes] = set()
        self._alphas: dict[bytes, bytes] = {}

    def repeat(self, marks: Marks) -> str | None:
        """Why a ballot with these marks repeats an earlier one, or None."""
        if marks.digest in self._trackers:
            return SAME_BYTES
        if marks.signed in self._signatures:
            return SAME_ANSWERS
        owner = _digest(marks.credential)
        if any(self._alphas.get(_digest(alpha), owner) != owner for alpha in marks.alphas):
            return SAME_CIPHERTEXT
        return None

    def add(self, marks: Marks) -> None:
        """Remember these marks. The first credential keeps an alpha."""
        self._trackers.add(marks.digest)
        self._signatures.add(marks.signed)
        for alpha in marks.alphas:
            self._alphas.setdefault(_digest(alpha), _digest(marks.credential))


class Repeats:
    """Finds what occurs more than once among the marks of a whole archive: 48 bytes a mark, in buckets."""

    def __init__(self) -> None:
        self._buckets = tuple(bytearray() for _ in range(256))

    def add(self, mark: bytes, position: int, credential: int) -> None:
        """One mark (32 bytes) of the ballot at this position of the archive, cast with that credential."""
        self._buckets[mark[0]].extend(_MARK.pack(mark, position, credential))

    def found(self) -> Iterator[list[tuple[int, int]]]:
        """Per mark that occurs more than once (position, credential) of each occurrence, in order."""
        for bucket in self._buckets:
            together: list[tuple[int, int]] = []
            last = b""
            for mark, position, credential in sorted(_MARK.iter_unpack(bucket)):
                if mark != last:
                    if len(together) > 1:
                        yield together
                    together, last = [], mark
                together.append((position, credential))
            if len(together) > 1:
                yield together


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


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
