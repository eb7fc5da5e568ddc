"""Papers of approvals, put together: who is approved of by how many, and the stage of one round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from selectorate.count.objects import Number, Stage, Table, Tie


@dataclass(frozen=True, slots=True)
class Approvals:
    """papers: (the candidates whom a paper approves of, by position; how many such papers). Everybody counted is
    in `papers`, also who approves of nobody where the rule set counts such papers."""

    candidates: tuple[str, ...]
    papers: tuple[tuple[frozenset[int], int], ...]

    @property
    def valid(self) -> int:
        return sum(number for _, number in self.papers)

    def supporters(self) -> list[list[int]]:
        """For each candidate the positions in `papers` that approve of them."""
        return [
            [at for at, (approved, _) in enumerate(self.papers) if one in approved]
            for one in range(len(self.candidates))
        ]


@dataclass(frozen=True, slots=True)
class Elected:
    """What a committee rule hands to the engine."""

    stages: tuple[Stage, ...]
    elected: tuple[str, ...]
    ties: tuple[Tie, ...]
    tables: tuple[Table, ...] = ()
    remarks: tuple[str, ...] = ()


def by_name(candidates: Sequence[str], chosen: Sequence[int]) -> list[int]:
    """Positions in the order of the names: what is shown never hangs on the candidates' order."""
    return sorted(chosen, key=lambda one: candidates[one])


def whole(number: Number) -> Number:
    """A fraction that is a whole number, as one."""
    return int(number) if number.denominator == 1 else number
