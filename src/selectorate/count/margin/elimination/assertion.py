"""Assertions: sentences about sums of papers that together leave nobody but the winner. Values only.

After Blom, Stuckey and Teague, "RAIRE: risk-limiting audits for IRV elections" (2018/2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Assertion:
    """`ahead` is before `behind`, in papers, by position.

    "NEB" (not eliminated before): the first preferences of `ahead` are more than the papers on which `behind` comes
    before `ahead`, or stands and `ahead` does not. So `ahead` never goes out while `behind` stands.
    "NEN" (not eliminated next): when just `standing` are left, more papers are with `ahead` than with `behind`. So
    `ahead` is not the next to go out then.
    """

    kind: Literal["NEB", "NEN"]
    ahead: int
    behind: int
    standing: tuple[int, ...]
    more: int
    fewer: int

    @property
    def margin(self) -> int:
        """It stays true while fewer papers than this are put in or taken out."""
        return self.more - self.fewer

    def says(self, names: tuple[str, ...]) -> str:
        """The sentence that anybody with the papers can check by two sums."""
        ahead, behind = names[self.ahead], names[self.behind]
        if self.kind == "NEB":
            return (
                f"{ahead} is the first preference on {self.more:,} papers; {behind} comes before {ahead}, or "
                f"without {ahead}, on {self.fewer:,}: {self.margin:,} fewer. So {ahead} never goes out while "
                f"{behind} stands."
            )
        left = ", ".join(names[one] for one in self.standing)
        return (
            f"When only {left} are left, {ahead} has {self.more:,} papers and {behind} has {self.fewer:,}: "
            f"{self.margin:,} fewer. So {ahead} is not the next to go out then."
        )


@dataclass(frozen=True, slots=True)
class Assertions:
    """A set that proves the winner, or the best that there is. margin: the least of its margins.

    The winner stands while fewer than `margin` papers are put in or taken out, in all; while twice as many papers as
    are changed are fewer than it. margin 0: no set of assertions proves the winner.
    """

    winner: int
    found: tuple[Assertion, ...]
    margin: int
