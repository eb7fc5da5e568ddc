"""The values of the count: papers, profile, stages, sheet, certificate. Frozen; nothing here counts.

Numbers of votes are whole numbers of units of 10^-places (Scottish STV: five places, one vote = 100000).
`from_json` demands canonical bytes and the exact fields of docs/formats/sheet.md and certificate.md; whether
what they say is true is for `check`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, cast

from selectorate import canon
from selectorate.canon import Digest
from selectorate.count import fields
from selectorate.errors import refuse

Ranking = tuple[int, ...]
"""Candidates by position in `Profile.candidates`, the first preference first; none twice, never empty."""

Decided = Literal["earlier stage", "lot"]
"""How a tie was resolved in the sheet that stands on the record; other families say it in their own words."""
Purpose = Literal["exclusion", "surplus", "order", "fraction"]
"""What a tie was for; "fraction": who gets a whole paper that a proportion leaves over."""
Number = int | Fraction
"""Votes in units of 10^-places. A fraction only in rule sets that round nothing."""
Word = Literal["certified", "could change", "not certified"]


@dataclass(frozen=True, slots=True)
class Paper:
    """All papers with one ranking."""

    ranking: Ranking
    number: int


@dataclass(frozen=True, slots=True)
class Profile:
    """The papers of one contest, equal ones put together, sorted by ranking.

    order: for each single paper, in the order in which they were recorded, its position in `papers`; empty where
    no order was kept. Only rule sets that move whole papers look at it.
    Raises Refusal `count.profile` when names, rankings or order are not what this page says.
    """

    candidates: tuple[str, ...]
    papers: tuple[Paper, ...]
    blank: int = 0
    invalid: int = 0
    order: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        _well_formed(self)

    @classmethod
    def gather(
        cls, candidates: tuple[str, ...], counts: Mapping[Ranking, int], *, blank: int = 0, invalid: int = 0
    ) -> Profile:
        """The profile of rankings and how often each occurs; rankings that occur 0 times are left out."""
        papers = tuple(Paper(ranking, number) for ranking, number in sorted(counts.items()) if number)
        return cls(candidates, papers, blank, invalid)

    @property
    def valid(self) -> int:
        return sum(paper.number for paper in self.papers)

    def counts(self) -> dict[Ranking, int]:
        return {paper.ranking: paper.number for paper in self.papers}


def _well_formed(profile: Profile) -> None:
    fields_ok = 1 <= len(profile.candidates) <= fields.CANDIDATES_MAX
    if not fields_ok:
        raise refuse("count.profile", because=f"there must be 1 to {fields.CANDIDATES_MAX} candidates")
    seen: set[str] = set()
    for name in profile.candidates:
        if not name or len(name) > fields.NAME_MAX or not name.isprintable() or name != name.strip():
            raise refuse(
                "count.profile", because=f"“{name}” is no name: 1 to {fields.NAME_MAX} printable characters"
            )
        if name in seen:
            raise refuse("count.profile", because=f"two candidates are called “{name}”")
        seen.add(name)
    total = profile.blank + profile.invalid
    if min(profile.blank, profile.invalid) < 0:
        raise refuse("count.profile", because="a number of papers is negative")
    before: Ranking = ()
    for paper in profile.papers:
        if paper.ranking <= before or paper.number < 1:
            raise refuse(
                "count.profile", because="papers must be sorted, each ranking once, at least one paper each"
            )
        before = paper.ranking
        total += paper.number
        if len(set(before)) != len(before) or min(before) < 0 or max(before) >= len(profile.candidates):
            raise refuse(
                "count.profile", because="a ranking names a candidate twice, or one who does not stand"
            )
    if total > fields.PAPERS_MAX:
        raise refuse(
            "count.profile", because=f"there are {total} papers; at most {fields.PAPERS_MAX} are counted"
        )
    if profile.order and Counter(profile.order) != {
        at: paper.number for at, paper in enumerate(profile.papers)
    }:
        raise refuse("count.profile", because="the recorded order does not name every paper exactly once")


@dataclass(frozen=True, slots=True)
class Transfer:
    """Papers that went one way at one stage. giver: None for first preferences; heir: None for papers that had
    nobody left on them. papers: how many; value: of each, in units; votes: all of it, in units."""

    giver: str | None
    heir: str | None
    papers: int
    value: Number
    votes: Number


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: the act, and where every vote is after it.

    tallies, non_transferable, rounding, set_aside: units, and together always the same total; tallies as the
    candidates are ordered. part: 1, 2 ... where an exclusion moves in batches, each a row of its own with the
    same number. figures: what else the rule reckons here ("quota", "vote required"), as it is printed. clause:
    where the rule stands; says: the stage in plain words.
    """

    number: int
    act: str
    tallies: tuple[Number, ...]
    non_transferable: Number
    elected: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    part: int = 0
    rounding: Number = 0
    set_aside: Number = 0
    transfers: tuple[Transfer, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()
    clause: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the sheet that is no stage: pairwise comparisons, grades, loads. cells: as they are printed."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """One tie that had to be resolved. `stage`: the stage the decision is for.

    by: `Decided` where rounds are looked back at, else the rule's own words ("head to head") or "lot". purpose:
    `Purpose` in counts by stages, else what was to be had ("seat", "runoff", "locking").
    """

    between: tuple[str, ...]
    by: str
    chosen: str
    purpose: str
    stage: int

    def to_plain(self) -> dict[str, Any]:
        return {
            "between": list(self.between),
            "by": self.by,
            "chosen": self.chosen,
            "for": self.purpose,
            "stage": self.stage,
        }


_SHEET = (
    "blank", "candidates", "elected", "invalid", "papers", "quota", "ruleset", "seats", "stages", "ties",
    "valid",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole count (docs/formats/sheet.md).

    quota: votes (not units), a whole number or a fraction of 10^-places; None where the rule set has none.
    places: decimal places of tallies. elected: in order. vacant: seats that nobody fills, because "none of
    these" won them or nobody stands. cleaning: what was done to papers before the count, with how many.
    remarks: sentences that a reader must see. anchor: what the rule set was checked against, or "none".
    """

    ruleset: str
    seats: int
    candidates: tuple[str, ...]
    valid: int
    blank: int
    invalid: int
    papers: Digest
    quota: Number | None
    stages: tuple[Stage, ...]
    ties: tuple[Tie, ...]
    elected: tuple[str, ...]
    places: int = 5
    withdrawn: tuple[str, ...] = ()
    vacant: int = 0
    tables: tuple[Table, ...] = ()
    cleaning: tuple[tuple[str, int], ...] = ()
    remarks: tuple[str, ...] = ()
    anchor: str = ""
    title: str = ""

    @property
    def digest(self) -> Digest:
        return canon.sha256(self.to_json())

    @property
    def quota_text(self) -> int | str | None:
        """The quota as it is written: a number of whole votes, or a decimal text, or nothing."""
        if self.quota is None or isinstance(self.quota, int):
            return self.quota
        return fields.number(self.quota * 10**self.places, self.places)

    def to_plain(self) -> dict[str, Any]:
        return {
            "blank": self.blank,
            "candidates": list(self.candidates),
            "elected": list(self.elected),
            "invalid": self.invalid,
            "papers": self.papers,
            "quota": self.quota_text,
            "ruleset": self.ruleset,
            "seats": self.seats,
            "stages": [self._stage(stage) | {"elected": list(stage.elected)} for stage in self.stages],
            "ties": [tie.to_plain() for tie in self.ties],
            "valid": self.valid,
        }

    def to_json(self) -> bytes:
        """The canonical bytes of documents/sheet.json."""
        return canon.encode(self.to_plain())

    def to_count_json(self) -> dict[str, Any]:
        """What `selectorate count FILE --json` prints, as a plain value."""
        return {
            "ruleset": self.ruleset,
            "seats": self.seats,
            "valid": self.valid,
            "quota": self.quota_text,
            "elected": list(self.elected),
            "stages": [self._stage(stage) for stage in self.stages],
        }

    def _stage(self, stage: Stage) -> dict[str, Any]:
        return {
            "number": stage.number,
            "act": stage.act,
            "tallies": {
                name: fields.number(votes, self.places)
                for name, votes in zip(self.candidates, stage.tallies, strict=True)
            },
            "non_transferable": fields.number(stage.non_transferable, self.places),
        }

    @classmethod
    def from_json(cls, data: bytes) -> Sheet:
        """Read documents/sheet.json. Raises Refusal `canon.*` or `count.form`."""
        plain = fields.exactly(canon.decode(data, what="sheet.json"), _SHEET, "sheet.json")
        candidates = fields.names(plain["candidates"], "candidates of sheet.json")
        if not 1 <= len(candidates) <= fields.CANDIDATES_MAX:
            raise refuse("count.form", where="candidates of sheet.json", because="none, or too many")
        stages = fields.listed(plain["stages"], "stages of sheet.json")
        places = _places(stages)
        return cls(
            ruleset=fields.text(plain["ruleset"], "ruleset of sheet.json"),
            seats=fields.whole(plain["seats"], "seats of sheet.json", 1, fields.SEATS_MAX),
            candidates=candidates,
            valid=fields.whole(plain["valid"], "valid of sheet.json"),
            blank=fields.whole(plain["blank"], "blank of sheet.json"),
            invalid=fields.whole(plain["invalid"], "invalid of sheet.json"),
            papers=Digest(fields.digest(plain["papers"], "papers of sheet.json")),
            quota=fields.whole(plain["quota"], "quota of sheet.json"),
            stages=tuple(_read_stage(one, index, candidates, places) for index, one in enumerate(stages, 1)),
            ties=tuple(
                _read_tie(one, candidates) for one in fields.listed(plain["ties"], "ties of sheet.json")
            ),
            elected=fields.of(plain["elected"], candidates, "elected of sheet.json"),
            places=places,
        )


def _places(stages: list[Any]) -> int:
    """The decimal places of a sheet, seen in its first figure; every other figure must then have as many."""
    if not stages:
        raise refuse("count.form", where="stages of sheet.json", because="there is no stage")
    first = fields.exactly(stages[0], _STAGE, "stage 1 of sheet.json")
    return min(12, len(fields.text(first["non_transferable"], "stage 1 of sheet.json").partition(".")[2]))


_STAGE = ("act", "elected", "non_transferable", "number", "tallies")


def _read_stage(value: Any, index: int, candidates: tuple[str, ...], places: int) -> Stage:
    where = f"stage {index} of sheet.json"
    plain = fields.exactly(value, _STAGE, where)
    tallies = fields.exactly(plain["tallies"], candidates, where)
    return Stage(
        number=fields.whole(plain["number"], where, 1, 10_000),
        act=fields.text(plain["act"], where),
        tallies=tuple(fields.units(tallies[name], places, where) for name in candidates),
        non_transferable=fields.units(plain["non_transferable"], places, where),
        elected=fields.of(plain["elected"], candidates, where),
    )


def _read_tie(value: Any, candidates: tuple[str, ...]) -> Tie:
    where = "ties of sheet.json"
    plain = fields.exactly(value, ("between", "by", "chosen", "for", "stage"), where)
    return Tie(
        between=fields.of(plain["between"], candidates, where),
        by=fields.one_of(plain["by"], ("earlier stage", "lot"), where),
        chosen=fields.of([plain["chosen"]], candidates, where)[0],
        purpose=cast(Purpose, fields.one_of(plain["for"], ("exclusion", "surplus", "order"), where)),
        stage=fields.whole(plain["stage"], where, 1, 10_000),
    )


def patterns(candidates: int) -> int:
    """How many different rankings of at least one of so many candidates there are: sum of n!/k!, k < n."""
    total, product = 0, 1
    for left in range(candidates, 0, -1):
        product *= left
        total += product
    return total
