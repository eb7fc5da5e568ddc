"""What every reader of papers needs: text from bytes, whole numbers from text, papers put together.

Everything is bounded before it is believed: bytes, candidates, seats, papers, digits of a number.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from selectorate.count.fields import CANDIDATES_MAX, NAME_MAX, PAPERS_MAX, SEATS_MAX
from selectorate.count.objects import Profile, Ranking
from selectorate.errors import Refusal, refuse

BYTES_MAX = 256 * 1024 * 1024
_DIGITS_MAX = 12


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A file of papers. `seats` and `title` are what the file says; the title has no control characters."""

    kind: str
    profile: Profile
    seats: int
    title: str


@dataclass(slots=True)
class Gathering:
    """Papers as they are read, equal rankings put together. `fault` makes the refusal for a line."""

    name: str
    candidates: int
    counts: dict[Ranking, int] = field(default_factory=dict)
    blank: int = 0
    total: int = 0
    _places: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self._places = {str(at + 1): at for at in range(self.candidates)}

    def add(self, ranking: Ranking, number: int, line: int) -> None:
        """So many papers with this ranking; an empty one is blank."""
        self.total += number
        if self.total > PAPERS_MAX:
            raise fault(self.name, line, f"there are more than {PAPERS_MAX} papers")
        if len(set(ranking)) != len(ranking):
            raise fault(self.name, line, "a candidate stands on this paper twice")
        if ranking:
            self.counts[ranking] = self.counts.get(ranking, 0) + number
        else:
            self.blank += number

    def ranking(self, texts: list[str], line: int) -> Ranking:
        """Candidates' numbers in the file as a ranking."""
        try:
            return tuple([self._places[text] for text in texts])
        except KeyError:  # another spelling, or an error to be named
            return tuple(self.candidate(text, line) for text in texts)

    def candidate(self, text: str, line: int) -> int:
        """A candidate's number in the file (from 1) as a position (from 0)."""
        number = whole(text, self.name, line, what="a candidate's number")
        if not 1 <= number <= self.candidates:
            raise fault(self.name, line, f"candidate {number} does not exist; there are {self.candidates}")
        return number - 1


def fault(name: str, line: int, because: str) -> Refusal:
    """The refusal for one line of a file (the caller raises it)."""
    return refuse("count.file", file=name, line=line, because=because)


def decoded(data: bytes, name: str) -> str:
    """The text of a file in UTF-8, or in Windows-1252 when it is not UTF-8."""
    if len(data) > BYTES_MAX:
        raise refuse("file.size", file=name, found=len(data), allowed=BYTES_MAX)
    if b"\0" in data[:4096]:
        raise refuse("count.file.kind", file=name, because="it is not a text file, or a text in UTF-16")
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
    found = whole(candidates, name, line, what="the number of candidates")
    if not 1 <= found <= CANDIDATES_MAX:
        raise fault(name, line, f"there are {found} candidates; 1 to {CANDIDATES_MAX} were expected")
    places = whole(seats, name, line, what="the number of seats")
    if not 1 <= places <= SEATS_MAX:
        raise fault(name, line, f"there are {places} seats; 1 to {SEATS_MAX} were expected")
    return found, places


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
