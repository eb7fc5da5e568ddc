"""Copeland and minimax: one figure for each candidate from the comparisons (make)."""

from __future__ import annotations

from fractions import Fraction

from selectorate.count.objects import Number, Table
from selectorate.count.pairwise.found import Found
from selectorate.count.pairwise.matrix import Matrix
from selectorate.count.points.record import amount


def copeland(matrix: Matrix) -> Found:
    """Comparisons won, and half of those that nobody wins (Copeland 1951, as it is commonly used)."""
    size = range(len(matrix.names))
    rows, tallies = [], list[Number]()
    for one in size:
        won = sum(1 for other in size if matrix.wins(one, other))
        lost = sum(1 for other in size if matrix.wins(other, one))
        drawn = len(matrix.names) - 1 - won - lost
        points = won + Fraction(drawn, 2)
        tallies.append(int(points) if points.denominator == 1 else points)
        rows.append((matrix.names[one], str(won), str(drawn), str(lost), amount(points)))
    return Found(
        figures=dict(zip(matrix.names, tallies, strict=True)),
        tallies=tuple(tallies),
        meaning="comparisons won, a drawn one half",
        tables=(Table("Comparisons", ("candidate", "won", "drawn", "lost", "points"), tuple(rows)),),
    )


def minimax(matrix: Matrix, by: str) -> Found:
    """Whose greatest defeat is smallest stands first; who is never defeated has 0 (Simpson 1969, Kramer 1977)."""
    size = range(len(matrix.names))
    figures, rows, tallies = {}, [], list[Number]()
    for one in size:
        defeats = {other: matrix.strength(other, one, by) for other in size if matrix.wins(other, one)}
        name = matrix.names[one]
        greatest = max(defeats.values(), default=())
        figures[name] = tuple(-part for part in greatest) if greatest else (0,)
        tallies.append(greatest[0] if greatest else 0)
        by_whom = sorted(matrix.names[other] for other, how in defeats.items() if how == greatest)
        rows.append((name, str(tallies[-1]), ", ".join(by_whom) or "nobody"))
    return Found(
        figures=figures,
        tallies=tuple(tallies),
        meaning="greatest defeat: the smallest is best",
        tables=(Table("Greatest defeats", ("candidate", "greatest defeat", "by"), tuple(rows)),),
    )
