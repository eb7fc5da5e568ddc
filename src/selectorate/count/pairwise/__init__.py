"""Methods that compare candidates two by two: Schulze, ranked pairs, minimax, Copeland, Kemeny (make).

Engine of the family "pairwise". The papers become one matrix of who is preferred to whom by how many (`matrix`),
and only the matrix is looked at afterwards. Equal ranks are allowed; what the unranked mean the rule set says.
"""

from __future__ import annotations

from collections.abc import Sequence

from selectorate.canon import Digest
from selectorate.count.ballots import FigureProfile, Marks, WeakProfile
from selectorate.count.objects import Profile, Sheet, Stage
from selectorate.count.pairwise import kemeny, locks, paths, scores
from selectorate.count.pairwise.found import Found
from selectorate.count.pairwise.matrix import Matrix
from selectorate.count.points.borda import ranked
from selectorate.count.points.record import amount, draw_up, listed
from selectorate.count.points.seating import EQUAL_BY_NAME, Seated, TieRule, seat
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw
from selectorate.errors import refuse


def run(
    papers: Profile | WeakProfile | FigureProfile, ruleset: Ruleset, seats: int, draw: Draw, digest: Digest
) -> Sheet:
    """The engine of the family "pairwise" (`methods.Engine`).

    Raises Refusal `count.papers` (figures instead of rankings), `count.unfit` (more candidates than can be
    counted exactly), `count.tie`.
    """
    if isinstance(papers, FigureProfile):
        raise refuse("count.papers", because=f"they are figures, and {ruleset.name} counts rankings")
    largest = int(ruleset["largest"])
    if len(papers.candidates) > largest:
        because = f"it counts at most {largest} candidates exactly, and {len(papers.candidates)} stand"
        raise refuse("count.unfit", name=ruleset.name, because=because)
    rows = ranked(papers)
    matrix = Matrix.of(papers.candidates, rows, unranked=str(ruleset["unranked"]))
    found = _found(matrix, ruleset, seats, draw)
    seated = seat(found.figures, seats, _tie_rules(papers.candidates, rows, ruleset), draw, stage=1)
    stage = Stage(
        number=1,
        act="comparisons",
        tallies=found.tallies,
        non_transferable=0,
        elected=seated.elected,
        figures=(("each candidate's figure", found.meaning),),
        clause=ruleset.source("order"),
        says=_says(matrix, found, seated, ruleset),
    )
    return draw_up(
        papers,
        ruleset,
        seats,
        digest,
        stages=[stage],
        ties=(*found.ties, *seated.ties),
        elected=seated.elected,
        tables=[matrix.table(), *found.tables],
        remarks=[*found.remarks, *([EQUAL_BY_NAME] if seated.equal else [])],
    )


def _found(matrix: Matrix, ruleset: Ruleset, seats: int, draw: Draw) -> Found:
    by = str(ruleset["strength"])
    match ruleset["order"]:
        case "strongest paths":
            return paths.order(matrix, by)
        case "locking from the strongest comparison down, none that closes a circle":
            return locks.order(matrix, by, draw)
        case "smallest greatest defeat first":
            return scores.minimax(matrix, by)
        case "most comparisons won first, a drawn one half":
            return scores.copeland(matrix)
    return kemeny.order(matrix, seats, draw)


def _tie_rules(names: tuple[str, ...], rows: Sequence[tuple[Marks, int]], ruleset: Ruleset) -> list[TieRule]:
    if ruleset["ties"] == "lot":
        return []
    firsts = dict.fromkeys(names, 0)
    for groups, number in rows:
        if len(groups[0]) == 1:
            firsts[names[groups[0][0]]] += number
    return [TieRule("most first preferences", lambda group: {name: firsts[name] for name in group})]


def _says(matrix: Matrix, found: Found, seated: Seated, ruleset: Ruleset) -> str:
    """Who is elected and why, in one sentence; the tables have the rest."""
    won = listed(seated.elected)
    if len(seated.elected) > 1:
        return f"{won} are elected, the first of the order by {ruleset['order']}."
    one = matrix.names.index(seated.elected[0])
    best = matrix.condorcet_winner()
    if best == one and len(matrix.names) > 1:
        closest = min(
            (other for other in range(len(matrix.names)) if other != one),
            key=lambda other: (matrix.votes[one][other] - matrix.votes[other][one], matrix.names[other]),
        )
        return f"{won} wins every comparison, the closest by {matrix.says(one, closest)}: {won} is elected."
    if seated.ties or found.ties:
        return f"{won} is elected after a tie, decided as listed; nobody wins every comparison."
    return (
        f"Nobody wins every comparison. {won} stands first by {ruleset['order']} "
        f"({found.meaning}: {amount(found.tallies[one])}): {won} is elected."
    )
