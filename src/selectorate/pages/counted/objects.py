"""What the pages of a count take: every figure as it is printed, and its size where a picture needs it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Fate = Literal["", "elected", "excluded"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of votes: as it is printed, and its exact size in votes."""

    text: str
    size: Fraction


@dataclass(frozen=True, slots=True)
class Passage:
    """Papers that went one way. giver: "" where they come from the voters; heir: "" where they go to nobody.
    papers: None where the sheet does not say; value: of each, "" where they do not all have one. cut: no papers,
    but votes that none of them carries on."""

    giver: str
    heir: str
    papers: int | None
    value: str
    votes: Figure
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate at one stage. change: with its sign, "" for none. since: the fate fell at this stage."""

    name: str
    votes: Figure
    change: str
    fate: Fate
    since: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One stage. label: "3", or "3.2" for the second batch of an exclusion. rest: what no candidate holds, by
    name; total: of everything, None where the figures are no votes that could add up. figures: what else the rule
    reckons. ties: sentences. counts: what the figures of the rows are."""

    label: str
    title: str
    says: str
    clause: str
    rows: tuple[Row, ...]
    rest: tuple[Row, ...]
    total: Figure | None
    passages: tuple[Passage, ...]
    figures: tuple[tuple[str, str], ...] = ()
    elected: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    ties: tuple[str, ...] = ()
    counts: str = "Votes"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of the sheet that is no stage. The first column heads its rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One question of the rule set, its answer, and where that stands. unseen: whether those words were not seen."""

    asks: str
    answer: str
    source: str
    unseen: bool


@dataclass(frozen=True, slots=True)
class Count:
    """The whole count. checked_against: "" where the rule set was compared with nothing from outside. unseen: how
    many answers rest on texts that were not seen, in a sentence, else "".
    quota: as it is printed, "" where there is none; line: its size. papers: SHA-256 of the file of papers."""

    heading: str
    ruleset: str
    title: str
    law: str
    checked_against: str
    unseen: str
    rules: tuple[Rule, ...]
    seats: int
    vacant: int
    valid: int
    blank: int
    invalid: int
    quota: str
    line: Fraction | None
    candidates: tuple[str, ...]
    withdrawn: tuple[str, ...]
    elected: tuple[str, ...]
    cleaning: tuple[tuple[str, int], ...]
    remarks: tuple[str, ...]
    stages: tuple[Told, ...]
    tables: tuple[Grid, ...]
    papers: str
