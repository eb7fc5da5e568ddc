"""The values of this room that both makers and checkers use."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from selectorate import canon
from selectorate.errors import Refusal, refuse

COLUMNS_MAX = 1_000
"""The most columns a file may have."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in a file that stops its import. row: as a spreadsheet counts, the header being row 1; 0: the
    whole file. column: the header's text, or "" for the whole row."""

    row: int
    column: str
    found: str
    expected: str
    remedy: str

    def to_json(self) -> dict[str, object]:
        return {
            "row": self.row,
            "column": self.column,
            "found": self.found,
            "expected": self.expected,
            "remedy": self.remedy,
        }

    def sentence(self, source: str) -> str:
        """The problem in one line for the person who has the file."""
        column = f", column {self.column}" if self.column else ""
        place = f"{source}, row {self.row}{column}" if self.row else f"{source}{column}"
        return f"{place}: found {self.found}; expected {self.expected}. {self.remedy}"


@dataclass(frozen=True, slots=True)
class Table:
    """A file as text cells, column by column (a million rows are then a few lists, not a million objects).

    rows: the row number of each line of cells, as a spreadsheet counts. formulas: (row, position of the
    column from 0) of cells that hold a formula; their cells are never used. bare: the name of the
    layout of a file without a header, whose columns are called by their places.
    """

    source: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    columns: tuple[Sequence[str], ...]
    rows: Sequence[int]
    formulas: tuple[tuple[int, int], ...]
    problems: tuple[Problem, ...]
    bare: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line of a file that does not become a member, and why. Never a decision about a person."""

    source: str
    row: int
    because: str


@dataclass(frozen=True, slots=True)
class Link:
    """Two members who may be one person. A question for both of them; nothing is ever merged."""

    left: str
    right: str
    because: str
    evidence: tuple[str, ...]


SEVERITY = {1: "notice", 2: "ask", 3: "ask now", 4: "before the vote"}
"""How urgent a finding is, in words an officer reads."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Evidence, never a verdict: what was seen, what the past lets expect, what would settle it.

    members: who the letter goes to; empty where a finding is about a branch only. households: distinct homes.
    observed: the number compared with the past; expected: what the organisation's own past lets expect, in
    words. because: the sentence of the finding. innocent, settles, against: what looks the same and is
    innocent; what would answer the question; what does not fit. severity: 1..4, see SEVERITY.

    events: (day number, member, what) for the timeline. links: (member, kind of instrument, its number within
    the finding) for the picture. chance: expected number of such groups in a roll of this size and history.
    weight: thousandths of the kind's full weight, lowered by cleared findings. contest: the effect on a
    contest, where the office knows it. evidence: thousandths of a log10 unit, the order within a severity.
    kinds: all signals that bear on it; `kind` is the strongest. past: label and number, for bars, the present one
    last. parts: (kind, thousandths of a log10 unit, members it bears on): what each signal adds to the evidence of
    a member, the mean over all members of the finding.
    """

    kind: str
    id: str
    branch: str
    members: tuple[str, ...]
    households: int
    first: date
    last: date
    observed: int
    expected: str
    because: str
    innocent: tuple[str, ...]
    settles: tuple[str, ...]
    against: tuple[str, ...]
    severity: int
    events: tuple[tuple[int, str, str], ...] = ()
    links: tuple[tuple[str, str, int], ...] = ()
    chance: str = ""
    weight: int = 1000
    contest: str = ""
    evidence: int = 0
    kinds: tuple[str, ...] = ()
    past: tuple[tuple[str, int], ...] = ()
    parts: tuple[tuple[str, int, int], ...] = ()

    @property
    def urgency(self) -> str:
        return SEVERITY[self.severity]

    def to_json(self) -> dict[str, Any]:
        """The finding for the officer's private page; never for `public/`."""
        return {
            "kind": self.kind,
            "id": self.id,
            "branch": self.branch,
            "members": list(self.members),
            "households": self.households,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "observed": self.observed,
            "expected": self.expected,
            "because": self.because,
            "innocent": list(self.innocent),
            "settles": list(self.settles),
            "against": list(self.against),
            "severity": self.severity,
            "urgency": self.urgency,
            "events": [list(event) for event in self.events],
            "links": [list(link) for link in self.links],
            "chance": self.chance,
            "weight": self.weight,
            "contest": self.contest,
            "evidence": self.evidence,
            "kinds": list(self.kinds or (self.kind,)),
            "past": [list(one) for one in self.past],
            "parts": [list(one) for one in self.parts],
        }


@dataclass(frozen=True, slots=True)
class Elector:
    """A member on the final roll. weight: votes carried, a whole number of at least 1."""

    member: str
    name: str
    weight: int


def elector_line(elector: Elector) -> str:
    """The canonical line that an elector's commitment commits to (docs/formats/commitments.md)."""
    return canon.encode({"member": elector.member, "name": elector.name, "weight": elector.weight}).decode()


def commitment(salt: bytes, line: str) -> str:
    """SHA-256(salt ‖ line) in lower-case hex."""
    return hashlib.sha256(salt + line.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Slip:
    """What one elector holds to find their own line (docs/formats/slip.md). index: from 0; salt: 32 bytes."""

    index: int
    salt: bytes
    line: str

    def to_json(self) -> bytes:
        return canon.encode({"index": self.index, "line": self.line, "salt": self.salt.hex()})

    @classmethod
    def from_json(cls, data: bytes) -> Slip:
        """Raises Refusal `roll.slip` for anything but a slip in canonical form."""
        try:
            value = canon.decode(data, what="the slip", bytes_max=100_000)
        except Refusal as reason:
            raise refuse("roll.slip", because=str(reason)) from None
        if not isinstance(value, dict) or set(value) != {"index", "line", "salt"}:
            raise refuse("roll.slip", because="it does not have exactly index, line and salt")
        index, line, salt = value["index"], value["line"], value["salt"]
        if not isinstance(index, int) or isinstance(index, bool) or index < 0 or not isinstance(line, str):
            raise refuse("roll.slip", because="index is not a number from 0, or line is not text")
        if not is_hex(salt, 32):
            raise refuse("roll.slip", because="salt is not 32 bytes in lower-case hex")
        slip = cls(index, bytes.fromhex(salt), line)
        slip.elector()
        return slip

    def elector(self) -> Elector:
        """Who the line is about. Raises Refusal `roll.slip` when the line is not one of an elector."""
        try:
            value = canon.decode(self.line.encode(), what="the line of the slip", bytes_max=50_000)
        except Refusal as reason:
            raise refuse("roll.slip", because=str(reason)) from None
        if not _is_line(value):
            raise refuse("roll.slip", because="its line does not have exactly member, name and weight")
        return Elector(value["member"], value["name"], value["weight"])


def is_hex(value: object, length: int) -> bool:
    """Whether a value is that many bytes in lower-case hex."""
    return isinstance(value, str) and len(value) == 2 * length and not set(value) - set("0123456789abcdef")


def _is_line(value: object) -> bool:
    if not isinstance(value, Mapping) or set(value) != {"member", "name", "weight"}:
        return False
    weight = value["weight"]
    texts = isinstance(value["member"], str) and isinstance(value["name"], str)
    return texts and isinstance(weight, int) and not isinstance(weight, bool) and weight >= 1
