"""What papers are worth: one vote each, or a share of the points of the unit they come from.

A unit's points are shared among the candidates who are still in by the unit's papers that still count, anew in
every round, in exact fractions. A unit none of whose papers counts any more gives its points to nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from selectorate.count.ballots import Sheaf
from selectorate.count.objects import Number, Transfer
from selectorate.errors import refuse

ONE_VOTE = "one vote"
EACH_100 = "its share of its unit's 100 points"
CAPPED = "its share of its unit's 100 points, or of one point for each paper where there are fewer papers"
DECLARED = "its share of the points declared for its unit"


def unit_points(
    answer: object, papers: Sequence[Sheaf], declared: tuple[tuple[str, int], ...]
) -> dict[str, int] | None:
    """What each unit is worth; None where every paper is one vote. Raises Refusal `count.unit`."""
    if answer == ONE_VOTE:
        return None
    sizes: dict[str, int] = {}
    for paper in papers:
        sizes[paper.unit] = sizes.get(paper.unit, 0) + paper.number
    if "" in sizes:
        raise refuse("count.unit", because="some papers name no unit")
    if answer == EACH_100:
        return dict.fromkeys(sizes, 100)
    if answer == CAPPED:
        return {unit: min(100, size) for unit, size in sizes.items()}
    points = dict(declared)
    if missing := sorted(set(sizes) - set(points)):
        raise refuse("count.unit", because=f"no points are declared for {', '.join(missing)}")
    if any(points[unit] < 1 for unit in sizes):
        raise refuse("count.unit", because="the points of a unit must be 1 or more")
    return {unit: points[unit] for unit in sizes}


def shares(points: dict[str, int], held: Sequence[dict[str, int]]) -> list[Number]:
    """Each candidate's points. held: for each candidate, how many papers of each unit count for them."""
    all_of = counting(held)
    return [
        plain(
            sum(
                (Fraction(points[unit] * papers, all_of[unit]) for unit, papers in one.items() if papers),
                Fraction(0),
            )
        )
        for one in held
    ]


def plain(votes: Number) -> Number:
    """A whole number where it is one."""
    return int(votes) if votes.denominator == 1 else votes


Moved = dict[tuple[int | None, int | None], dict[str, int]]
"""(giver, heir) -> unit -> papers. Giver None: first preferences; heir None: the papers count no longer."""


def counting(held: Sequence[dict[str, int]]) -> dict[str, int]:
    """How many papers of each unit count."""
    found: dict[str, int] = {}
    for one in held:
        for unit, papers in one.items():
            found[unit] = found.get(unit, 0) + papers
    return found


def transfers(
    names: tuple[str, ...],
    moved: Moved,
    points: dict[str, int] | None,
    before: dict[str, int],
    held: Sequence[dict[str, int]],
) -> tuple[Transfer, ...]:
    """From whom to whom, and how much. before: papers of each unit that counted before; held: as it is after.

    Points: a paper that passes on takes its share along; the share of one that counts no longer goes to all who
    are still in, as the unit's papers lie now. So an heir may gain without a paper, and the value of a paper is an
    average over the units.
    """
    if points is None:
        return tuple(
            Transfer(_name(names, giver), _name(names, heir), sum(units.values()), 1, sum(units.values()))
            for (giver, heir), units in sorted(moved.items(), key=_place)
        )
    after = counting(held)
    gained: dict[tuple[int | None, int | None], Fraction] = {}
    for (giver, heir), units in moved.items():
        for unit, papers in units.items():
            share = Fraction(points[unit] * papers, before[unit])
            if heir is not None or not after.get(unit):
                gained[giver, heir] = gained.get((giver, heir), Fraction(0)) + share
                continue
            for other, lies in enumerate(held):
                if lies.get(unit):
                    more = share * Fraction(lies[unit], after[unit])
                    gained[giver, other] = gained.get((giver, other), Fraction(0)) + more
    found = []
    for way in sorted({**moved, **gained}, key=lambda one: _place((one, {}))):
        papers = sum(moved.get(way, {}).values())
        votes = gained.get(way, Fraction(0))
        value = plain(Fraction(votes, papers)) if papers else 0
        found.append(Transfer(_name(names, way[0]), _name(names, way[1]), papers, value, plain(votes)))
    return tuple(found)


def _name(names: tuple[str, ...], one: int | None) -> str | None:
    return None if one is None else names[one]


def _place(way: tuple[tuple[int | None, int | None], object]) -> tuple[int, bool, int]:
    """Givers and heirs as the candidates are ordered, nobody last."""
    (giver, heir), _ = way
    return (-1 if giver is None else giver, heir is None, -1 if heir is None else heir)
