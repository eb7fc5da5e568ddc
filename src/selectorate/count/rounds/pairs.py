"""Candidates compared two by two: on how many papers does one stand before the other?

Whoever is on a paper stands before everybody who is not on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from selectorate.count.objects import Ranking, Table


def preferred(size: int, papers: Iterable[tuple[Ranking, int]]) -> list[list[int]]:
    """[a][b]: on how many papers a stands before b."""
    found = [[0] * size for _ in range(size)]
    for ranking, number in papers:
        after = set(range(size))
        for one in ranking:
            after.discard(one)
            row = found[one]
            for other in after:
                row[other] += number
    return found


def smith_set(matrix: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """The smallest group (never empty) each of whose members beats everybody outside it.

    Source: Smith, Aggregation of preferences with variable electorate, Econometrica 41 (1973). Candidates by the
    number of others they beat or equal; from the top, whoever is not beaten by the group so far joins it.
    """
    size = len(matrix)
    kept = [
        sum(matrix[one][other] >= matrix[other][one] for other in range(size) if other != one)
        for one in range(size)
    ]
    order = sorted(range(size), key=lambda one: -kept[one])
    group = [order[0]]
    grown = True
    while grown:
        outside = [one for one in range(size) if one not in group]
        joining = [one for one in outside if any(matrix[one][other] >= matrix[other][one] for other in group)]
        group += joining
        grown = bool(joining)
    return tuple(sorted(group))


def table(names: tuple[str, ...], matrix: Sequence[Sequence[int]]) -> Table:
    """The comparisons as they are printed: the row's candidate stands before the column's on so many papers."""
    rows = tuple(
        (name, *("" if one == other else str(matrix[one][other]) for other in range(len(names))))
        for one, name in enumerate(names)
    )
    return Table("On how many papers one stands before the other", ("", *names), rows)
