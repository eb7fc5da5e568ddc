"""Proportional approval voting (Thiele 1895), in rounds and exactly (make).

A paper with n of its candidates elected is satisfied by 1 + 1/2 + ... + 1/n: the next of its candidates adds
1/(n + 1). Reckoned in whole numbers of 1/lcm(1..seats). Lackner and Skowron, "Multi-Winner Voting with Approval
Preferences", Springer 2023, define both rules in these terms.
"""

from __future__ import annotations

from fractions import Fraction

from selectorate.count.committee.approvals import Approvals, Elected, by_name, whole
from selectorate.count.objects import Stage, Table, Tie
from selectorate.count.points.record import amount, counted, listed
from selectorate.count.points.seating import drawn, seat
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw
from selectorate.errors import refuse


def in_rounds(papers: Approvals, ruleset: Ruleset, seats: int, draw: Draw) -> Elected:
    """In each round, whoever adds most. Raises Refusal `count.tie`."""
    names, supporters = papers.candidates, papers.supporters()
    satisfied = [0] * len(papers.papers)
    left = list(range(len(names)))
    stages: list[Stage] = []
    ties: list[Tie] = []
    for number in range(1, min(seats, len(names)) + 1):
        adds = [Fraction(0)] * len(names)
        for one in left:
            adds[one] = sum(
                (Fraction(papers.papers[at][1], satisfied[at] + 1) for at in supporters[one]), Fraction(0)
            )
        seated = seat({names[one]: adds[one] for one in left}, 1, [], draw, stage=number)
        chosen = names.index(seated.elected[0])
        ties.extend(seated.ties)
        stages.append(
            Stage(
                number=number,
                act=f"round {number}",
                tallies=tuple(whole(one) for one in adds),
                non_transferable=0,
                elected=seated.elected,
                figures=(
                    ("each candidate's figure", "what the candidate would add to the papers' satisfaction"),
                ),
                clause=ruleset.source("elects"),
                says=_round_says(names, adds, left, chosen),
            )
        )
        left.remove(chosen)
        for at in supporters[chosen]:
            satisfied[at] += 1
    return Elected(tuple(stages), tuple(stage.elected[0] for stage in stages), tuple(ties))


def _round_says(names: tuple[str, ...], adds: list[Fraction], left: list[int], chosen: int) -> str:
    others = [one for one in left if one != chosen]
    won = f"{names[chosen]} adds {amount(adds[chosen])}"
    if not others:
        return f"{won} and is elected; nobody else is left."
    best = min(others, key=lambda one: (-adds[one], names[one]))
    if adds[best] == adds[chosen]:
        return f"{won}, as much as {names[best]}, and is elected by lot."
    return f"{won}, the most, and is elected; {names[best]} would add {amount(adds[best])}."


def exact(papers: Approvals, ruleset: Ruleset, seats: int, draw: Draw) -> Elected:
    """The best committee of all, by branch and bound; several equally good ones are told apart by lot.

    Raises Refusal `count.unfit` beyond as many possible committees as the rule set says, `count.tie`.
    """
    names = papers.candidates
    seats = min(seats, len(names))
    largest, possible = ruleset["largest"], committees(len(names), seats)
    if isinstance(largest, int) and possible > largest:
        because = (
            f"{possible:,} different committees are possible, and it looks for the best of at most {largest:,}; "
            "sequential-pav counts any number"
        )
        raise refuse("count.unfit", name=ruleset.name, because=because)
    search = _Search(papers, seats)
    search.branch(0, 0, [], [0] * len(papers.papers))
    ties: list[Tie] = []
    committee = _one_of(names, search.found, draw, ties)
    chosen = by_name(names, committee)
    best = Fraction(search.best, search.unit)
    elected = tuple(names[one] for one in chosen)
    says = (
        f"With {listed(elected)} the papers' satisfaction is {amount(best)}, the greatest of all committees."
    )
    if len(search.found) > 1:
        says = f"{says[:-1]}; {len(search.found)} committees have it, and the lot chose among them."
    stage = Stage(
        number=1,
        act="best committee",
        tallies=tuple(sum(papers.papers[at][1] for at in whose) for whose in papers.supporters()),
        non_transferable=0,
        elected=elected,
        figures=(("each candidate's figure", "approvals"), ("satisfaction", amount(best))),
        clause=ruleset.source("elects"),
        says=says,
    )
    return Elected((stage,), elected, tuple(ties), (_exchanges(papers, elected, search),))


class _Search:
    """Every committee that no bound rules out. What a candidate adds never grows as others are elected, so what
    the best of the rest add now bounds what they can add together."""

    __slots__ = ("best", "found", "order", "papers", "seats", "shares", "supporters", "unit")

    def __init__(self, papers: Approvals, seats: int) -> None:
        self.papers = papers.papers
        self.seats = seats
        self.supporters = papers.supporters()
        self.unit = _least_multiple(seats)
        self.shares = [self.unit // (place + 1) for place in range(seats)]
        strength = [sum(self.papers[at][1] for at in whose) for whose in self.supporters]
        self.order = sorted(range(len(strength)), key=lambda one: -strength[one])
        self.best = -1
        self.found: list[tuple[int, ...]] = []

    def adds(self, one: int, satisfied: list[int]) -> int:
        papers, shares = self.papers, self.shares
        return sum(papers[at][1] * shares[satisfied[at]] for at in self.supporters[one])

    def branch(self, place: int, value: int, chosen: list[int], satisfied: list[int]) -> None:
        """Every committee that continues `chosen` with candidates from `place` on in the search order."""
        missing = self.seats - len(chosen)
        if not missing:
            if value > self.best:
                self.best, self.found = value, []
            if value == self.best:
                self.found.append(tuple(sorted(chosen)))
            return
        rest = self.order[place:]
        gains = [self.adds(one, satisfied) for one in rest]
        for at, one in enumerate(rest):
            if len(rest) - at < missing:
                return
            if value + sum(sorted(gains[at:], reverse=True)[:missing]) < self.best:
                return
            for paper in self.supporters[one]:
                satisfied[paper] += 1
            chosen.append(one)
            self.branch(place + at + 1, value + gains[at], chosen, satisfied)
            chosen.pop()
            for paper in self.supporters[one]:
                satisfied[paper] -= 1

    def value(self, committee: set[int]) -> int:
        return sum(number * sum(self.shares[: len(committee & approved)]) for approved, number in self.papers)


def committees(candidates: int, seats: int) -> int:
    """How many different committees there are."""
    number = 1
    for place in range(1, seats + 1):
        number = number * (candidates - seats + place) // place
    return number


def _least_multiple(seats: int) -> int:
    """The least common multiple of 1, 2 ... seats: a fraction in lowest terms has the common factors out."""
    multiple = 1
    for one in range(1, seats + 1):
        multiple = Fraction(multiple, one).numerator * one
    return multiple


def _one_of(
    names: tuple[str, ...], committees: list[tuple[int, ...]], draw: Draw, ties: list[Tie]
) -> tuple[int, ...]:
    """One of the equally good committees: one candidate after the other whom not all of them have, by lot."""
    left = committees
    while len(left) > 1:
        some = {one for committee in left for one in committee if not all(one in other for other in left)}
        name = drawn([names[one] for one in some], 1, draw, stage=1, purpose="seat", ties=ties)[0]
        left = [committee for committee in left if names.index(name) in committee]
    return left[0]


def _exchanges(papers: Approvals, elected: tuple[str, ...], search: _Search) -> Table:
    """For each candidate who is not elected: the best committee with them in the place of one of the elected."""
    names = papers.candidates
    committee = {names.index(name) for name in elected}
    rows = []
    for one, name in enumerate(names):
        if one in committee:
            continue
        trials = [(search.value(committee - {out} | {one}), names[out]) for out in committee]
        value, out_name = min(trials, key=lambda trial: (-trial[0], trial[1]))
        less = Fraction(search.best - value, search.unit)
        rows.append((name, f"in the place of {out_name}: satisfaction {counted(less, 'point')} less"))
    return Table("What one exchange would cost", ("candidate", "why"), tuple(sorted(rows)))
