"""The fast path: papers read, put together and counted by the kernel, in Rust.

The second implementation of the rule sets, written apart from the readable engines; `tests/count/test_two_engines.py`
holds the two against each other, figure by figure. Sentences and clauses are put to its stages by the modules that
write those of the readable engines, where `_told` knows one; elsewhere the sheet says in a remark that it has none and
how to get them. What it
does not know (a format, an answer of a rule set) it leaves to the other path and says so by giving None.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, cast

from selectorate import _kernel, canon
from selectorate.canon import Digest
from selectorate.count.ballots import Ballots, Marks
from selectorate.count.cleaning import Cleaned, clean
from selectorate.count.fields import NAME_MAX
from selectorate.count.meek import retold as of_meek
from selectorate.count.objects import Decided, Number, Profile, Purpose, Sheet, Stage, Tie, Transfer
from selectorate.count.rounds import retold as of_rounds
from selectorate.count.rulesets import Ruleset
from selectorate.count.rulesets.questions.stv import BEGINS_AGAIN
from selectorate.count.stv import retold as of_stv
from selectorate.errors import refuse

FAMILIES = frozenset(("meek", "parcels", "rounds", "stv", "whole"))
"""Families of which this path counts at least one rule set."""

_WORDS = {"rounds": of_rounds.retold, "stv": of_stv.retold}
"""Families whose sheets get their words here from the sheet alone; those of "meek" from what the kernel wrote too;
the others' have none, nor one that begins again after exclusions."""

WORDLESS = (
    "This sheet has figures without sentences: the fast path counted, which has no words for this rule set. "
    "For every stage in words, count the same papers by the readable engine, which gives the same figures: "
    '`selectorate count`, or from Python count(ballots, rules, seats, path="readable").'
)
"""The remark on a sheet that comes without words."""

_NUMBERS = re.compile(rb"\s*[0-9]+\s*,\s*[0-9]+\s*,*\s*")
_BLT = re.compile(rb"\s*[0-9]+\s+[0-9]+\s*(#.*)?")
_RANK = re.compile(
    rb"(?:rank|choice|preference)[ _-]*([0-9]{1,4})|([0-9]{1,4})(?:st|nd|rd|th)?", re.IGNORECASE
)
_COUNT = (b"count", b"papers", b"votes", b"number", b"weight", b"ballots")


@dataclass(frozen=True, slots=True)
class PackedBallots:
    """A file's papers as marked, equal ones put together; they stay with the kernel.

    The papers that are plain rankings are packed; odd ones (gaps, overvotes, equal ranks, repetitions) wait for a
    rule set to say what they mean. `unpacked` gives all of them as every reader does.
    """

    packed: _kernel.Papers
    format: str
    digest: Digest

    @property
    def candidates(self) -> tuple[str, ...]:
        return tuple(self.packed.candidates)

    @property
    def withdrawn(self) -> tuple[str, ...]:
        names = self.packed.candidates
        return tuple(names[at] for at in self.packed.withdrawn)

    @property
    def seats(self) -> int:
        return self.packed.seats

    @property
    def title(self) -> str:
        return self.packed.title

    def unpacked(self) -> Ballots:
        """The papers as `Ballots`."""
        plain = ((tuple([(one,) for one in ranking]), number) for ranking, number in self.packed.uniques())
        return self._ballots((*plain, *self._odd(), *(((), self.packed.blank),) * (self.packed.blank > 0)))

    def odd(self) -> Ballots:
        """Only those papers that need a rule set to say what they mean."""
        return self._ballots(self._odd())

    def _odd(self) -> tuple[tuple[Marks, int], ...]:
        return tuple(self.packed.odd())

    def _ballots(self, papers: tuple[tuple[Marks, int], ...]) -> Ballots:
        return Ballots(
            "ranks", self.candidates, papers, self.format, self.digest, self.seats, self.title, self.withdrawn
        )


def read(data: bytes) -> PackedBallots | None:
    """The papers of a scot-elex CSV, a BLT or a table with one column a rank; None for what this path cannot read,
    be it another format or a fault: the readers read it, or say what is wrong."""
    line = next((one for one in data[: 1 << 16].split(b"\n") if one.strip()), b"")
    line = line.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r")
    try:
        packed: _kernel.Papers | None
        if _NUMBERS.fullmatch(line):
            packed, form = _kernel.read_papers(data, "scot-elex"), "scot-elex"
        elif _BLT.fullmatch(line):
            packed, form = _kernel.read_papers(data, "blt"), "blt"
        else:
            packed, form = _table(data, line), "csv"
    except _kernel.PaperFault:
        return None
    if (
        packed is None
        or not all(_is_name(name) for name in packed.candidates)
        or not packed.title.isprintable()
    ):
        return None
    return PackedBallots(packed, form, canon.sha256(data))


def _is_name(name: str) -> bool:
    return 0 < len(name) <= NAME_MAX and name.isprintable() and name == name.strip() and name != "UWI"


def _table(data: bytes, line: bytes) -> _kernel.Papers | None:
    """A table whose heading numbers its columns as ranks 1, 2, ...; before or after them perhaps a number of papers."""
    heading = [cell.strip() for cell in line.split(b",")]
    many = next((at for at in (0, len(heading) - 1) if heading[at].lower() in _COUNT), None)
    ranks = [at for at in range(len(heading)) if at != many]
    numbered = [_RANK.fullmatch(heading[at]) for at in ranks]
    numbers = [int(match[1] or match[2]) for match in numbered if match]
    if not data.startswith(line) or numbers != [*range(1, len(ranks) + 1)] or b" = " in data or not ranks:
        return None
    if many is None and heading[0].isdigit():
        return None  # it may as well be papers without a heading
    return _kernel.read_papers(data, "ranks", heading=1, many=many, ranks=(ranks[0], ranks[-1] + 1))


def pack(profile: Profile) -> _kernel.Papers:
    """A profile as the kernel holds it."""
    papers = [(paper.ranking, paper.number) for paper in profile.papers]
    return _kernel.Papers.gather(list(profile.candidates), papers, profile.blank)


def prepare(ballots: PackedBallots, ruleset: Ruleset) -> tuple[_kernel.Papers, Cleaned] | None:
    """The papers that this rule set counts, and the report of their cleaning; None where that needs the other path.

    Raises Refusal `count.papers` where everybody withdrew.
    """
    if ballots.withdrawn:
        cleaned = clean(ballots.unpacked(), ruleset)
        return (pack(cleaned.papers), cleaned) if isinstance(cleaned.papers, Profile) else None
    cleaned = clean(ballots.odd(), ruleset)
    if not isinstance(cleaned.papers, Profile) or (cleaned.ends and ruleset.family == "rounds"):
        return None
    if not ballots.packed.odd():
        return ballots.packed, cleaned
    return ballots.packed.joined(pack(cleaned.papers)), cleaned


def count_ballots(ballots: PackedBallots, ruleset: Ruleset, seats: int, seed: str | None) -> Sheet | None:
    """The sheet of a file's papers; None where this path does not count so.

    Raises Refusal `count.empty`, `count.tie`, `count.papers`.
    """
    prepared = prepare(ballots, ruleset) if ruleset.family in FAMILIES else None
    if prepared is None:
        return None
    packed, cleaned = prepared
    invalid = cleaned.papers.invalid
    if not packed.valid:
        raise refuse("count.empty", blank=packed.blank, invalid=invalid)
    sheet = _sheet(packed, ruleset, seats, seed, ballots.digest)
    if sheet is None:
        return None
    return replace(
        sheet, invalid=invalid, withdrawn=ballots.withdrawn, cleaning=cleaned.report, title=ballots.title
    )


def count(profile: Profile, ruleset: Ruleset, seats: int, seed: str | None, digest: Digest) -> Sheet | None:
    """The sheet of a profile; None where this path does not count by this rule set.

    Raises Refusal `count.empty` where there is no paper, `count.tie` for a lot without a seed, `count.order` where
    the rule set moves whole papers and there is neither a recorded order of them nor a seed.
    """
    if not profile.papers:
        raise refuse("count.empty", blank=profile.blank, invalid=profile.invalid)
    sheet = _sheet(pack(profile), ruleset, seats, seed, digest, profile.order)
    return None if sheet is None else replace(sheet, invalid=profile.invalid)


def _sheet(
    papers: _kernel.Papers,
    ruleset: Ruleset,
    seats: int,
    seed: str | None,
    digest: Digest,
    order: Sequence[int] = (),
) -> Sheet | None:
    answers = [("family", ruleset.family), *((one.name, str(one.answer)) for one in ruleset.questions)]
    try:
        plain = json.loads(_kernel.count_papers(papers, answers, seats, seed, order))
    except _kernel.CountRefused as reason:
        kind, stage, names = reason.args
        if kind == "order":
            raise refuse("count.order") from None
        if kind != "tie":
            return None
        raise refuse("count.tie", names=", ".join(names), stage=stage) from None
    names = tuple(papers.candidates)
    stages = tuple(_stage(one, names) for one in plain["stages"])
    if ruleset.family == "rounds":
        stages = tuple(_by_name(stage) for stage in stages)
    elected = _named(plain["elected"], names)
    sheet = Sheet(
        ruleset=ruleset.name,
        seats=seats,
        candidates=names,
        valid=papers.valid,
        blank=papers.blank,
        invalid=0,
        papers=digest,
        quota=_votes(plain["quota"], plain["places"]),
        stages=stages,
        ties=tuple(_tie(one, names) for one in plain["ties"]),
        elected=elected,
        places=plain["places"],
        vacant=seats - len(elected),
        anchor=ruleset.anchor,
    )
    return _told(sheet, ruleset, [dict(one["figures"]) for one in plain["stages"]])


def _told(sheet: Sheet, ruleset: Ruleset, found: Sequence[Mapping[str, int]]) -> Sheet:
    """The sheet with its words, or with a remark that it has none. found: what the kernel wrote at each stage."""
    if ruleset.family == "meek":
        return of_meek.retold(sheet, ruleset, found)
    words = _WORDS.get(ruleset.family)
    again = any(one.name == "after_exclusion" and one.answer == BEGINS_AGAIN for one in ruleset.questions)
    if words is None or again:
        return replace(sheet, remarks=(*sheet.remarks, WORDLESS))
    return words(sheet, ruleset)


def _votes(units: int | str | None, places: int) -> Number | None:
    """Units as votes: a whole number where they are one."""
    if units is None:
        return None
    return _number(_units(units), 10**places)


def _units(plain: int | str) -> Number:
    """Units as the kernel writes them: a whole number, or a text "over/under"."""
    return plain if isinstance(plain, int) else Fraction(plain)


def _number(over: Number, under: int) -> Number:
    number = Fraction(over, under)
    return int(number) if number.denominator == 1 else number


def _named(places: Iterable[int], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(names[at] for at in places)


def _stage(plain: Mapping[str, Any], names: Sequence[str]) -> Stage:
    def name(at: int | None) -> str | None:
        return None if at is None else names[at]

    return Stage(
        number=plain["number"],
        act=plain["act"],
        tallies=tuple(map(_units, plain["tallies"])),
        non_transferable=_units(plain["non_transferable"]),
        elected=_named(plain["elected"], names),
        excluded=_named(plain["excluded"], names),
        part=plain["part"],
        rounding=_units(plain["rounding"]),
        set_aside=_units(plain["set_aside"]),
        transfers=tuple(
            Transfer(name(giver), name(heir), papers, _number(over, under), _units(votes))
            for giver, heir, papers, over, under, votes in plain["transfers"]
        ),
    )


def _by_name(stage: Stage) -> Stage:
    """Those who go out together, by name; never as the candidates stand."""
    if len(stage.excluded) < 2:
        return stage
    names = tuple(sorted(stage.excluded))
    return replace(stage, excluded=names, act=f"exclude {', '.join(names)}")


def _tie(plain: Sequence[Any], names: Sequence[str]) -> Tie:
    between, by, chosen, purpose, stage = plain
    return Tie(
        _named(sorted(between), names), cast(Decided, by), names[chosen], cast(Purpose, purpose), stage
    )
