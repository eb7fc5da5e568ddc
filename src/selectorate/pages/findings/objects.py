"""The values that pages about findings are made of: plain, filled by the seat that has the findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal[1, 2, 3, 4]


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened. day: ISO (2026-12-01); member: place among the finding's members from 1, 0 where
    it is told of nobody; what: a word of `words.HAPPENED`."""

    day: str
    member: int
    what: str


@dataclass(frozen=True, slots=True)
class Tie:
    """A member and something shared. kind: "home", or a word of `words.SHARED`; number: from 1 within the finding."""

    member: int
    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Person:
    """How it stands with one member. number: the member's number or a pseudonym; the others are sentences or ""."""

    number: str
    asked: str = ""
    answered: str = ""
    decided: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one signal adds. says: the signal in words; thousandths: of a log10 unit; members: it bears on."""

    says: str
    thousandths: int
    members: int


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next, and the command for it ("" where there is none). A page shows it and never runs it."""

    says: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Evidence, never a verdict.

    sentence: what was seen; counted: what `observed` counts; comparison: with the organisation's own past; past:
    label and number, the present one last; chance: how many such groups coincidence brings on such a roll, a
    decimal, "" where it was not reckoned; against, lookalikes, settle: what does not fit, what is innocent and looks
    the same, what would settle it; weight: permille left after earlier findings of this kind were cleared; matters:
    the effect on the contest; answers: how many answered; happened, ties, people: of the members from 1 on.
    """

    id: str
    kind: str
    title: str
    severity: Severity
    branch: str
    sentence: str
    members: int
    homes: int
    first: str
    last: str
    observed: int
    comparison: str
    lookalikes: tuple[str, ...]
    against: tuple[str, ...]
    settle: tuple[str, ...]
    counted: str = "counted"
    past: tuple[tuple[str, int], ...] = ()
    chance: str = ""
    weight: int = 1000
    matters: str = ""
    answers: str = ""
    parts: tuple[Part, ...] = ()
    happened: tuple[Happening, ...] = ()
    ties: tuple[Tie, ...] = ()
    people: tuple[Person, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """All findings of one look at a roll. size: members looked at; years: earlier years compared with, -1 where that is
    not said; freeze: ISO; settings: SHA-256 of the detector's constants; concerned: members to be asked, each once;
    parity: a table as text cells, the first row being its header; steps: what to do with all of them."""

    organisation: str
    contest: str
    made: str
    freeze: str
    size: int
    years: int
    settings: str
    findings: tuple[Finding, ...]
    concerned: int = 0
    parity: tuple[tuple[str, ...], ...] = ()
    steps: tuple[Step, ...] = ()
    demonstration: bool = False
    language: str = "en"
