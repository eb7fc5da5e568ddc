"""Checks of a sheet's sums (without the papers): totals, transfers, and what each paper may be worth.

The transfers tell which papers every candidate holds: how many, at which value, from which stage. So the value of
a transferred paper and the number of papers that move can be checked although no paper is seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from selectorate.count import fields
from selectorate.count.objects import Number, Sheet, Stage, Transfer
from selectorate.count.rulesets import Ruleset
from selectorate.count.sheets import course
from selectorate.count.sheets.course import Row

ONE_VOTE_EACH = ("stv", "parcels", "meek")
"""Families in which every valid paper is one vote from the first stage to the last."""
BY_FIGURES = ("committee", "grades", "pairwise", "points", "positions")
"""Families whose tallies are figures to order candidates by, other ones at each stage: no votes that move."""
BY_TRANSFERS = ("stv", "parcels")
"""Families whose papers keep a value that the transfers name."""


def total(stage: Stage) -> Number:
    return sum(stage.tallies, Fraction(0)) + stage.non_transferable + stage.rounding + stage.set_aside


def unequal_totals(sheet: Sheet, ruleset: Ruleset) -> Iterator[str]:
    """Stages whose votes are not all the votes there are."""
    unit = 10**sheet.places
    one_vote = ruleset.family in ONE_VOTE_EACH or _worth_one_vote(ruleset)
    whole = Fraction(sheet.valid * unit) if one_vote else total(sheet.stages[0])
    for row in course.rows(sheet):
        found = total(row.stage)
        if found != whole:
            yield (
                f"{row.label} adds up to {fields.number(Fraction(found), sheet.places)}, not to "
                f"{fields.number(Fraction(whole), sheet.places)}"
            )


def _worth_one_vote(ruleset: Ruleset) -> bool:
    return any(one.name == "worth" and one.answer == "one vote" for one in ruleset.questions)


def unexplained_changes(sheet: Sheet) -> Iterator[str]:
    """Tallies that the transfers of their stage do not explain."""
    for row in course.rows(sheet):
        if not row.stage.transfers:
            if row.before and not _only_lost(sheet, row, row.before):
                yield f"{row.label} changes tallies and names no transfer"
            continue
        nothing: dict[str, Number] = dict.fromkeys(sheet.candidates, 0)
        again = _dealt_again(row.stage)
        before = course.held(sheet, row.before) if row.before and not again else nothing
        yield from _changes(sheet, row, before)
        for one in row.stage.transfers:
            yield from _worth(row, one)


def _dealt_again(stage: Stage) -> bool:
    """Whether every paper starts anew from its first preference here, as by keep values or in a new round."""
    moves = stage.act.startswith("exclude ") or stage.act == "new keep values"
    return moves and any(one.giver is None for one in stage.transfers)


def _only_lost(sheet: Sheet, row: Row, before: Stage) -> bool:
    """Whether nobody gained and only those lost whose papers the act is about: papers that name nobody else."""
    then = course.held(sheet, before)
    lost = {name for name, now in course.held(sheet, row.stage).items() if now != then[name]}
    gained = any(now > then[name] for name, now in course.held(sheet, row.stage).items())
    return not lost or (not gained and row.verb == "surplus" and lost <= set(row.subjects))


def _changes(sheet: Sheet, row: Row, before: dict[str, Number]) -> Iterator[str]:
    given: dict[str, Number] = {}
    taken: dict[str, Number] = dict.fromkeys(before, 0)
    loose: Counter[str] = Counter()
    for one in row.stage.transfers:
        if one.giver is not None:
            given[one.giver] = given.get(one.giver, 0) + one.votes
        if one.heir is not None:
            taken[one.heir] += one.votes
            loose[one.heir] += one.value.denominator > 1
    for name, now in course.held(sheet, row.stage).items():
        left = before[name] + taken[name] - given.get(name, 0) - now
        if name in given:
            if left < 0:
                yield f"{row.label}: {name} passes on more votes than leave that tally"
        elif abs(Fraction(left)) > loose[name]:
            # a value that is a fraction of a unit is cut once for each heir, not for each giver
            yield f"{row.label}: the transfers do not explain the votes of {name}"


def _worth(row: Row, one: Transfer) -> Iterator[str]:
    """Papers at their value are votes; less than one unit may be cut. Where a unit's points are shared anew, votes
    come to a candidate without a paper."""
    lost = Fraction(one.value) * one.papers - Fraction(one.votes)
    if one.papers and not 0 <= lost < 1 and one.heir is not None:
        yield f"{row.label}: {one.papers} papers to {one.heir} at that value are other votes"


@dataclass(slots=True)
class _Held:
    """The papers of one candidate as the transfers tell: parcels in order, each papers by value."""

    parcels: list[Counter[Number]] = field(default_factory=list)

    @property
    def whole(self) -> Counter[Number]:
        return sum(self.parcels, Counter())

    def take(self, papers: Counter[Number]) -> None:
        """Take these papers out, the latest parcels first. What is not there stays not there."""
        left = Counter(papers)
        for parcel in reversed(self.parcels):
            gone = parcel & left
            parcel -= gone
            left -= gone
        self.parcels = [one for one in self.parcels if one]


def wrong_values(sheet: Sheet, ruleset: Ruleset) -> Iterator[str]:
    """Papers that move at a value, or in a number, that the rule set does not give."""
    holds: dict[str, _Held] = {name: _Held() for name in sheet.candidates}
    for row in course.rows(sheet):
        if row.verb == "first" or _dealt_again(row.stage):
            holds = {name: _Held() for name in sheet.candidates}
        gone = {name: _leaving(row.stage, name) for name in row.subjects}
        if row.verb == "surplus" and row.stage.transfers and row.before:
            donor = row.subjects[0]
            yield from _surplus(sheet, ruleset, row, holds[donor], gone[donor])
            holds[donor] = _Held()
        if row.verb == "exclude" and not _dealt_again(row.stage):
            yield from _exclusion(sheet, ruleset, row, holds, gone)
        for name in sheet.candidates:
            arrived: Counter[Number] = Counter()
            for one in row.stage.transfers:
                if one.heir == name:
                    arrived[one.value] += one.papers
            if arrived:
                holds[name].parcels.append(arrived)


def _leaving(stage: Stage, name: str) -> Counter[Number]:
    found: Counter[Number] = Counter()
    for one in stage.transfers:
        if one.giver == name:
            found[one.value] += one.papers
    return found


def _exclusion(
    sheet: Sheet, ruleset: Ruleset, row: Row, holds: dict[str, _Held], gone: dict[str, Counter[Number]]
) -> Iterator[str]:
    """An excluded candidate's papers pass on at the value they have, and in the end all of them; only where they
    move batch by batch, or not at all, may the count be over before the last."""
    by_batches = any(one.name == "batches" and one.answer != "all at once" for one in ruleset.questions)
    last = row.stage is sheet.stages[-1] and (by_batches or not row.stage.transfers)
    for name in row.subjects:
        there = holds[name].whole
        if gone[name] - there:
            yield f"{row.label}: {name} passes on papers that were not held at that value"
        holds[name].take(gone[name])
        if row.closes and not last and holds[name].whole and _over(sheet, row, name):
            yield f"{row.label}: papers of {name} are left over"


def _over(sheet: Sheet, row: Row, name: str) -> bool:
    """Whether no later row passes on papers of this candidate."""
    at = sheet.stages.index(row.stage)
    return not any(one.giver == name for later in sheet.stages[at + 1 :] for one in later.transfers)


def _surplus(sheet: Sheet, ruleset: Ruleset, row: Row, pile: _Held, gone: Counter[Number]) -> Iterator[str]:
    """The papers of a surplus: which, how many, at what value."""
    donor = row.subjects[0]
    before = course.held(sheet, row.before)[donor] if row.before else 0
    surplus = before - course.held(sheet, row.stage)[donor]
    if surplus <= 0 or not pile.parcels:
        yield f"{row.label}: {donor} has no surplus to pass on"
        return
    if ruleset.family == "stv":
        worth = _inclusive(ruleset, surplus, before)
        if worth is None:
            return
        expected: Counter[Number] = Counter()
        for value, papers in pile.whole.items():
            expected[worth(value)] += papers
        if gone != expected:
            yield f"{row.label}: all papers of {donor} must pass on at {_values(expected, sheet)}"
        return
    yield from _parcel(sheet, ruleset, row, pile, gone, surplus)


def _values(papers: Counter[Number], sheet: Sheet) -> str:
    return ", ".join(f"{fields.number(one, sheet.places)} ({papers[one]} papers)" for one in sorted(papers))


def _inclusive(ruleset: Ruleset, surplus: Number, votes: Number) -> Callable[[Number], Number] | None:
    """What a paper is worth after a surplus, from what it was worth before; None for rules not known here."""
    unit = 10**ruleset.places
    if ruleset["rounding"] != "cut":
        return lambda value: Fraction(value) * Fraction(surplus) / Fraction(votes)
    known: dict[object, Callable[[Number], Number]] = {
        "value received x surplus / votes": lambda value: value * surplus // votes,
        "value received x surplus, cut, then / votes, cut": lambda value: (
            value * surplus // unit * unit // votes
        ),
        "surplus / votes, cut, then x value received, cut": lambda value: (
            surplus * unit // votes * value // unit
        ),
    }
    return known.get(ruleset["transfer_value"])


def _parcel(
    sheet: Sheet, ruleset: Ruleset, row: Row, pile: _Held, gone: Counter[Number], surplus: Number
) -> Iterator[str]:
    """A surplus by parcels: the last one (or all), at surplus / papers, never above the value it came with."""
    answer, donor = str(ruleset["transfer_value"]), row.subjects[0]
    examined = pile.parcels[-1] if ruleset["papers_examined"] == "the last parcel received" else pile.whole
    going = sum(one.papers for one in row.stage.transfers if one.heir is not None)
    if sum(gone.values()) > sum(examined.values()):
        yield f"{row.label}: more papers of {donor} move than the rule examines ({sum(examined.values())})"
    divisor = sum(gone.values()) if answer.startswith("surplus / all papers") else going
    if not divisor:
        return
    exact = Fraction(surplus) / divisor
    limit = Fraction(max(examined))
    expected = {
        "surplus / transferable papers, cut at the last place, at most the value received": min(
            limit, Fraction(exact.numerator // exact.denominator)
        ),
        "surplus / transferable papers as an exact fraction, at most the value received": min(limit, exact),
        "surplus / all papers held as an exact fraction": exact,
        "one vote: as many whole papers move as the surplus has votes": limit,
    }.get(answer)
    if expected is None:
        return
    for one in row.stage.transfers:
        if one.heir is not None and one.value != expected:
            yield (
                f"{row.label}: papers to {one.heir} are worth {fields.number(one.value, sheet.places)}; "
                f"the surplus gives {fields.number(expected, sheet.places)}"
            )
