"""Phragmén's sequential rule (make): a seat is a load of 1, shared by those who approve of the elected.

Whoever can be elected so that the greatest load among the supporters is smallest comes next: with loads x of the
papers that approve of a candidate, s = (1 + sum of x) / papers. Exact fractions. Brill, Freeman, Janson and
Lackner, "Phragmén's voting methods and justified representation", Mathematical Programming 203 (2024).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from selectorate.count.committee.approvals import Approvals, Elected, whole
from selectorate.count.objects import Stage, Table, Tie
from selectorate.count.points.record import amount, counted
from selectorate.count.points.seating import drawn
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw


def in_rounds(papers: Approvals, ruleset: Ruleset, seats: int, draw: Draw) -> Elected:
    """From no load at all. Raises Refusal `count.tie`."""
    loads = [Fraction(0)] * len(papers.papers)
    left = list(range(len(papers.candidates)))
    stages, ties = fill(papers, ruleset.source("elects"), loads, left, seats, draw, first=1)
    return Elected(
        tuple(stages),
        tuple(stage.elected[0] for stage in stages),
        tuple(ties),
        (load_table(papers, loads, "load"),),
    )


def fill(
    papers: Approvals,
    clause: str,
    loads: list[Fraction],
    left: list[int],
    seats: int,
    draw: Draw,
    *,
    first: int,
) -> tuple[list[Stage], list[Tie]]:
    """`seats` rounds from these loads on, which it changes with `left`; stages are numbered from `first`."""
    names, supporters = papers.candidates, papers.supporters()
    stages: list[Stage] = []
    ties: list[Tie] = []
    for number in range(first, first + min(seats, len(left))):
        after = {one: _load(papers, supporters[one], loads) for one in left if supporters[one]}
        least = min(after.values(), default=None)
        equal = [names[one] for one in left if after.get(one) == least]
        chosen = names.index(drawn(equal, 1, draw, stage=number, purpose="seat", ties=ties)[0])
        stages.append(
            Stage(
                number=number,
                act=f"round {number}",
                tallies=tuple(whole(after.get(one, Fraction(0))) for one in range(len(names))),
                non_transferable=0,
                elected=(names[chosen],),
                figures=(("each candidate's figure", "the load that electing the candidate would leave"),),
                clause=clause,
                says=_says(papers, supporters, after, chosen, len(equal) > 1),
            )
        )
        left.remove(chosen)
        for at in supporters[chosen]:
            loads[at] = after[chosen]
    return stages, ties


def _load(papers: Approvals, whose: Sequence[int], loads: Sequence[Fraction]) -> Fraction:
    weight = sum(papers.papers[at][1] for at in whose)
    return Fraction(1 + sum(loads[at] * papers.papers[at][1] for at in whose), weight)


def _says(
    papers: Approvals, supporters: list[list[int]], after: dict[int, Fraction], chosen: int, lot: bool
) -> str:
    names = papers.candidates
    if chosen not in after:
        return f"No paper approves of anybody who is left: {names[chosen]} is elected by lot."
    number = sum(papers.papers[at][1] for at in supporters[chosen])
    won = (
        f"{counted(number, 'paper')} approve of {names[chosen]} and would each carry {amount(after[chosen])}"
    )
    others = [one for one in after if one != chosen]
    if not others:
        return f"{won}: {names[chosen]} is elected; nobody else whom anybody approves of is left."
    best = min(others, key=lambda one: (after[one], names[one]))
    if lot:
        return f"{won}, as with {names[best]}: {names[chosen]} is elected by lot."
    return f"{won}, the smallest load: {names[chosen]} is elected; with {names[best]} it is {amount(after[best])}."


def load_table(papers: Approvals, loads: Sequence[Fraction], what: str) -> Table:
    """What each kind of paper carries, or has left, at the end."""
    rows = sorted(
        (", ".join(sorted(papers.candidates[one] for one in approved)) or "nobody", str(number), amount(load))
        for (approved, number), load in zip(papers.papers, loads, strict=True)
    )
    return Table(f"Each paper's {what} at the end", ("approves of", "papers", what), tuple(rows))
