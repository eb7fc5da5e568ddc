"""The stories that pages tell: plain values which the office fills from what the rooms gave it.

Texts are shown as they are (escaped); numbers are whole numbers of people, papers or ballots; votes are
decimal strings as in the sheet. A `Cell` is a number of members as it may be published: 0, at least 10, or
the text "fewer than 10".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from selectorate.pages.findings.objects import Finding

Cell = int | str
Word = Literal["certified", "not certified", "could change"]


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timetable. `when` is text and is shown as given ("1 March 2027, 09:00 UTC")."""

    what: str
    when: str


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many. `replaced` are ballots that a later one of the same voter replaced; they are not counted."""

    could_vote: int
    did_vote: int
    counted: int
    blank: int
    invalid: int
    replaced: int = 0

    @property
    def valid(self) -> int:
        return self.counted - self.blank - self.invalid


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many people one clause of the rulebook left out. `says` is the clause in one sentence."""

    id: str
    cite: str
    says: str
    number: Cell


@dataclass(frozen=True, slots=True)
class Doubt:
    """The certificate in numbers. `doubtful` and `left_out` are already rounded up to tens.

    certified_to: papers that may be removed or added in all without another outcome, proved.
    changed_from: papers in the smallest example found of another outcome, or None; example_elected: who would
    then be elected.
    """

    doubtful: int
    left_out: int
    certified_to: int
    changed_from: int | None
    word: Word
    example_elected: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return self.doubtful + self.left_out


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the count: votes as decimal strings, `elected` newly at its end, most votes first."""

    number: int
    act: str
    tallies: tuple[tuple[str, str], ...]
    non_transferable: str
    elected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CountSheet:
    """The count. `candidates` in the order of the paper; `ties`: a sentence for each tie resolved."""

    ruleset: str
    ruleset_title: str
    ruleset_source: str
    seats: int
    quota: str
    candidates: tuple[str, ...]
    stages: tuple[Stage, ...]
    elected: tuple[str, ...]
    ties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who held which part: "trustee", "mixer", "credential authority", "returning officer", "witness"."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Custody:
    """Who held what. `needed`: trustees who together can open votes; `one_computer`: one held all."""

    holders: tuple[Holder, ...]
    needed: int
    one_computer: bool
    rankings_public: bool = False
    patterns: str = ""

    def names(self, role: str) -> tuple[str, ...]:
        """The different names that hold the role, in the order given."""
        return tuple(dict.fromkeys(holder.name for holder in self.holders if holder.role == role))


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One decided case as the record has it: rule, outcome, fingerprint of the facts; never a name."""

    decision: str
    about: str
    cite: str
    outcome: str
    fingerprint: str
    departure: str = ""


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file beside the page. `path` is relative to the page ("documents/sheet.json")."""

    path: str
    says: str


@dataclass(frozen=True, slots=True)
class Command:
    """Something the reader can run, and what it shows. `line` is shown as given, never run by a page."""

    says: str
    line: str


@dataclass(frozen=True, slots=True)
class PublicStory:
    """Everything `public/index.html` tells. `checked` are whole sentences, the foreign judge's among them.

    `note` is a sentence more for a demonstration: where its ballots come from.
    """

    organisation: str
    contest: str
    question: str
    demonstration: bool
    timetable: tuple[Moment, ...]
    elected: tuple[str, ...]
    turnout: Turnout
    left_out: tuple[LeftOut, ...]
    doubt: Doubt
    sheet: CountSheet
    custody: Custody
    checked: tuple[str, ...]
    cases: tuple[CaseLine, ...]
    files: tuple[PublicFile, ...]
    commands: tuple[Command, ...]
    record_key: str
    origin: str
    published: str
    put_back: Cell = 0
    note: str = ""
    language: str = "en"
    direction: Literal["ltr", "rtl"] = "ltr"


@dataclass(frozen=True, slots=True)
class Tracker:
    """One accepted ballot. `position`: its number among the accepted ballots, from 1."""

    tracker: str
    position: int
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one person concerned."""

    member: str
    about: str
    sent: str
    answer: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class PossiblePair:
    """Two rows that may be one person: what speaks for it, what was decided and by whom."""

    left: str
    right: str
    because: str
    decided: str


@dataclass(frozen=True, slots=True)
class BallotAccount:
    """The account of credentials and ballots; it balances or the page says by how much it does not."""

    issued: int
    replaced: int
    accepted: int
    replaced_by_later: int
    counted: int
    blank: int
    invalid: int
    valid: int


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """How one clause of the rulebook came out over the roll. Exact numbers: this page is private."""

    id: str
    cite: str
    says: str
    met: int
    not_met: int
    unknown: int


@dataclass(frozen=True, slots=True)
class OfficerStory:
    """Everything `officer.html` tells. Private: exact numbers and members' numbers occur."""

    organisation: str
    contest: str
    demonstration: bool
    made: str
    findings: tuple[Finding, ...]
    letters: tuple[Letter, ...]
    pairs: tuple[PossiblePair, ...]
    account: BallotAccount
    clauses: tuple[ClauseLine, ...]
    amendments: tuple[str, ...] = ()
    language: str = "en"
    direction: Literal["ltr", "rtl"] = "ltr"
