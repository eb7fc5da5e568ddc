"""What every reader of papers needs: text from bytes, whole numbers from text, papers put together.

Everything is bounded before it is believed: bytes, candidates, seats, papers, ranks, digits of a number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, cast

from selectorate import canon
from selectorate.count.ballots import Ballots, Figures, Marks
from selectorate.count.fields import CANDIDATES_MAX, NAME_MAX, PAPERS_MAX, SEATS_MAX
from selectorate.errors import Refusal, refuse

BYTES_MAX = 256 * 1024 * 1024
RANKS_MAX = CANDIDATES_MAX
"""More ranks than this stand on no paper, even with gaps and repetitions."""
ORDER_MAX = 20_000_000
"""More single papers than this are not kept in order: their order alone would fill the memory."""
CELLS_MAX = 30_000_000
_DIGITS_MAX = 12


@dataclass(slots=True)
class Gathering:
    """Papers as they are read, equal ones put together; their order is kept if asked.

    Marks and figures are believed: the reader has bounded them. `place` gives a position for a candidate's
    number in the file (from 1).
    """

    name: str
    candidates: int
    keep_order: bool = False
    counts: dict[tuple[str, Marks | Figures], int] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    total: int = 0
    _places: dict[str, tuple[int, ...]] = field(init=False)
    _at: dict[tuple[str, Marks | Figures], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._places = {str(at + 1): (at,) for at in range(self.candidates)}

    def add(self, paper: Marks | Figures, number: int, line: int, unit: str = "") -> None:
        """So many papers of a unit marked like this; one without marks is blank."""
        self.total += number
        if self.total > PAPERS_MAX:
            raise fault(self.name, line, f"there are more than {PAPERS_MAX} papers")
        key = (unit, paper)
        self.counts[key] = self.counts.get(key, 0) + number
        if self.keep_order:
            if self.total > ORDER_MAX:
                raise fault(self.name, line, f"the order of more than {ORDER_MAX} papers cannot be kept")
            self.order.extend([self._at.setdefault(key, len(self._at))] * number)

    def rank(self, text: str, line: int) -> tuple[int, ...]:
        """One rank from candidates' numbers: "3", "1=2" (equal), "-" or nothing (a gap)."""
        known = self._places.get(text)
        if known is not None:
            return known
        if text in ("-", ""):
            return ()
        parts = text.split("=")
        if len(parts) > self.candidates:
            raise fault(self.name, line, "one rank has more candidates than there are")
        return tuple(sorted({self.candidate(part, line) for part in parts}))

    def candidate(self, text: str, line: int) -> int:
        """A candidate's number in the file (from 1) as a position (from 0)."""
        number = whole(text, self.name, line, what="a candidate's number")
        if not 1 <= number <= self.candidates:
            raise fault(self.name, line, f"candidate {number} does not exist; there are {self.candidates}")
        return number - 1

    def ballots(
        self,
        data: bytes,
        format_: str,
        names: tuple[str, ...],
        *,
        kind: Literal["ranks", "figures"] = "ranks",
        seats: int = 0,
        title: str = "",
        withdrawn: tuple[str, ...] = (),
        grades: tuple[str, ...] = (),
    ) -> Ballots:
        """All of it as the value that a reader gives."""
        papers = cast(
            "tuple[tuple[Marks, int], ...]",
            tuple((paper, number) for (_, paper), number in self.counts.items()),
        )
        units = tuple(unit for unit, _ in self.counts) if any(unit for unit, _ in self.counts) else ()
        return Ballots(
            kind, names, papers, format_, canon.sha256(data), seats, plain_title(title), withdrawn, grades,
            tuple(self.order), units,
        )  # fmt: skip


def trimmed(ranks: list[tuple[int, ...]]) -> Marks:
    """A paper's ranks without the empty ones at the end: what follows nothing is no gap."""
    while ranks and not ranks[-1]:
        ranks.pop()
    return tuple(ranks)


def fault(name: str, line: int, because: str) -> Refusal:
    """The refusal for one line of a file (the caller raises it)."""
    return refuse("count.file", file=name, line=line, because=because)


def unknown(name: str, because: str) -> Refusal:
    """The refusal of a whole file (the caller raises it)."""
    return refuse("count.file.kind", file=name, because=because)


def decoded(data: bytes, name: str) -> str:
    """The text of a file in UTF-8, or in Windows-1252 when it is not UTF-8."""
    if len(data) > BYTES_MAX:
        raise refuse("file.size", file=name, found=len(data), allowed=BYTES_MAX)
    if b"\0" in data[:4096]:
        raise unknown(name, "it is not a text file, or a text in UTF-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as reason:
        line = data.count(b"\n", 0, reason.start) + 1
        raise fault(name, line, "this is neither UTF-8 nor Windows-1252") from None


def whole(text: str, name: str, line: int, *, what: str) -> int:
    """A whole number, 0 or more, of at most twelve ASCII digits."""
    if text.startswith("-") and text[1:].isascii() and text[1:].isdigit():
        raise fault(name, line, f"{what} is negative ({text[: _DIGITS_MAX + 2]})")
    if not (text.isascii() and text.isdigit()) or len(text) > _DIGITS_MAX:
        shown = text[:40]
        raise fault(name, line, f"“{shown}” stands where {what} was expected (at most {_DIGITS_MAX} digits)")
    return int(text)


def multiplicity(text: str, name: str, line: int) -> int:
    """How many papers a line stands for: at least one."""
    number = whole(text, name, line, what="a number of papers")
    if not 1 <= number <= PAPERS_MAX:
        raise fault(name, line, f"a line stands for {number} papers; 1 to {PAPERS_MAX} were expected")
    return number


def heading(candidates: str, seats: str, name: str, line: int) -> tuple[int, int]:
    """The numbers of candidates and seats from the first line."""
    return number_of_candidates(candidates, name, line), number_of_seats(seats, name, line)


def number_of_candidates(text: str, name: str, line: int) -> int:
    found = whole(text, name, line, what="the number of candidates")
    if not 1 <= found <= CANDIDATES_MAX:
        raise fault(name, line, f"there are {found} candidates; 1 to {CANDIDATES_MAX} were expected")
    return found


def number_of_seats(text: str, name: str, line: int) -> int:
    places = whole(text, name, line, what="the number of seats")
    if not 1 <= places <= SEATS_MAX:
        raise fault(name, line, f"there are {places} seats; 1 to {SEATS_MAX} were expected")
    return places


def candidate_name(text: str, name: str, line: int, seen: list[str]) -> str:
    """A candidate's name, without blanks around it; control characters and repeated names are refused."""
    found = text.strip()
    if not found.isprintable():
        raise fault(name, line, "a name has control characters in it")
    if not found or len(found) > NAME_MAX:
        raise fault(name, line, f"a name has {len(found)} characters; 1 to {NAME_MAX} were expected")
    if found in seen:
        raise fault(name, line, f"two candidates are called “{found}”")
    return found


def plain_title(text: str) -> str:
    """A title as it may be shown: control characters become blanks, at most 200 characters."""
    return "".join(char if char.isprintable() else " " for char in text).strip()[:NAME_MAX]
