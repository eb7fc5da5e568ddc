"""Schulze's method: strongest paths (make).

Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election
method", Social Choice and Welfare 36 (2011), section 2: a path is as strong as its weakest link; a candidate
stands above another whom it reaches by a stronger path than the other way round. Links are comparisons won.
"""

from __future__ import annotations

import itertools

from selectorate.count.objects import Table
from selectorate.count.pairwise.found import Found, why
from selectorate.count.pairwise.matrix import Matrix, by_name, shortest


def order(matrix: Matrix, by: str) -> Found:
    """Levels of the order: those whom nobody left stands above, then those after them, and so on."""
    names = matrix.names
    links, strengths = _links(matrix, by)
    paths = _strongest(links)
    size = range(len(names))
    above = [[paths[one][other] > paths[other][one] for other in size] for one in size]
    figures: dict[str, int] = {}
    left, level = list(size), 0
    while left:
        first = [one for one in left if not any(above[other][one] for other in left)]
        figures.update({names[one]: level for one in first})
        left = [one for one in left if one not in first]
        level -= 1
    show = [(), *strengths]
    return Found(
        figures=figures,
        tallies=tuple(sum(row) for row in above),
        meaning="candidates reached by a stronger path than back",
        tables=(_table(matrix, paths, show), _reasons(matrix, links, paths, above, figures, show)),
    )


def _links(matrix: Matrix, by: str) -> tuple[list[list[int]], list[tuple[int, ...]]]:
    """The strength of every link as a place in the list of all strengths, the weakest 1; 0 is no link."""
    won = matrix.won()
    strengths = sorted({matrix.strength(one, other, by) for one, other in won})
    place = {strength: at for at, strength in enumerate(strengths, 1)}
    links = [[0] * len(matrix.names) for _ in matrix.names]
    for one, other in won:
        links[one][other] = place[matrix.strength(one, other, by)]
    return links, strengths


def _strongest(links: list[list[int]]) -> list[list[int]]:
    """The strongest path between any two: a way through one more candidate at a time (Schulze 2011, 2.3.1)."""
    paths = [list(row) for row in links]
    for via in range(len(paths)):
        onward = paths[via]
        for row in paths:
            first = row[via]
            if first:
                for end, second in enumerate(onward):
                    weakest = first if first < second else second
                    if weakest > row[end]:
                        row[end] = weakest
    for one, row in enumerate(paths):
        row[one] = 0
    return paths


def _text(strength: tuple[int, ...]) -> str:
    if not strength:
        return "-"
    return str(strength[0]) if len(strength) == 1 else f"{strength[0]}:{-strength[1]}"


def _table(matrix: Matrix, paths: list[list[int]], show: list[tuple[int, ...]]) -> Table:
    return Table(
        "Strength of the strongest path from the candidate of the row to the candidate of the column",
        ("", *matrix.names),
        tuple(
            (name, *("" if one == other else _text(show[path]) for other, path in enumerate(row)))
            for one, (name, row) in enumerate(zip(matrix.names, paths, strict=True))
        ),
    )


def _reasons(
    matrix: Matrix,
    links: list[list[int]],
    paths: list[list[int]],
    above: list[list[bool]],
    figures: dict[str, int],
    show: list[tuple[int, ...]],
) -> Table:
    """For everybody but the first by name of the first level: the two paths that decide between them."""
    names = matrix.names
    best = min(range(len(names)), key=lambda one: (-figures[names[one]], names[one]))
    rows = []
    for other in range(len(names)):
        if other == best:
            continue
        there, back = (
            _way(matrix, links, paths, one, two, show) for one, two in ((best, other), (other, best))
        )
        verdict = f"{names[best]} stands above" if above[best][other] else "neither stands above the other"
        rows.append((names[other], f"{there}; {back}: {verdict}."))
    return why(f"Each other candidate beside {names[best]}", rows)


def _way(
    matrix: Matrix,
    links: list[list[int]],
    paths: list[list[int]],
    one: int,
    two: int,
    show: list[tuple[int, ...]],
) -> str:
    names, path = matrix.names, paths[one][two]
    if not path:
        return f"no path leads from {names[one]} to {names[two]}"
    alphabet = by_name(names)
    strong = [[other for other in alphabet if row[other] >= path] for row in links]
    way = shortest(strong, one, two)
    steps = "; ".join(matrix.says(here, there) for here, there in itertools.pairwise(way))
    return f"{names[one]} reaches {names[two]} with {_text(show[path])} ({steps})"
