"""A second register beside the roll: are more members missing from it than ordinary moving explains?

That a member is not on another register proves nothing about that member: people move, and no register is whole.
So no member is named here. For each branch the number missing is held against what moving and the register's own
gaps let expect: a share 1 - (1 - moving)^years * (1 - gaps) of the members. A branch is a question only where so
many or more missing would be rarer than 1 in 20 over all branches looked at (binomial tail times their number).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from selectorate.errors import refuse
from selectorate.roll.tokens import name_words, words

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CHANCE_MAX = 0.05
LEAST = 10
"""A branch with fewer members on the roll is not shown: a number there could point at persons."""


@dataclass(frozen=True, slots=True)
class Missing:
    """One branch ("" for the whole roll). expected: members whom moving and gaps let expect; chance: of so many
    missing or more, over all that was looked at; more: whether that is more than they explain."""

    branch: str
    members: int
    missing: int
    expected: float
    chance: float
    more: bool

    def sentence(self) -> str:
        where = self.branch or "The whole roll"
        said = (
            f"{where}: {self.missing:,} of {self.members:,} members are not found on the second register; moving and "
            f"the register's own gaps let expect about {self.expected:.0f}."
        )
        if not self.more:
            return f"{said} That is no more than they explain. It is no finding."
        return (
            f"{said} That is more. It says nothing about any one member: ask the branch, and ask how old and how whole "
            "the second register is there."
        )


def expected_share(moving: float, years: float, gaps: float) -> float:
    """The share of members whom a register that is `years` old does not show, where a share `moving` moves in a
    year and a share `gaps` was never on it. Raises Refusal `roll.share` for a share outside 0 to 1."""
    for name, value in (("moving", moving), ("gaps", gaps)):
        if not 0 <= value < 1:
            raise refuse("roll.share", name=name, found=f"{100 * value:g} %")
    if not 0 <= years <= 50:
        raise refuse("roll.share", name="years", found=f"{years:g}")
    return float(1 - (1 - moving) ** years * (1 - gaps))


def tail(members: int, missing: int, share: float) -> float:
    """The chance of so many missing or more of so many members, each missing with that share."""
    if missing <= 0 or share >= 1:
        return 1.0
    if share <= 0:
        return 0.0
    log = (math.log(share), math.log1p(-share))

    def of(k: int) -> float:
        ways = math.lgamma(members + 1) - math.lgamma(k + 1) - math.lgamma(members - k + 1)
        return math.exp(ways + k * log[0] + (members - k) * log[1])

    return min(1.0, math.fsum(of(k) for k in range(missing, members + 1)))


def judge(counts: Sequence[tuple[str, int, int]], share: float) -> tuple[Missing, ...]:
    """counts: (branch, members, missing). The whole roll first, then each branch of ten members and more."""
    everybody = ("", sum(one[1] for one in counts), sum(one[2] for one in counts))
    looked_at = [everybody, *(one for one in counts if one[1] >= LEAST)]
    made = []
    for branch, members, missing in looked_at:
        chance = min(1.0, tail(members, missing, share) * len(looked_at))
        made.append(Missing(branch, members, missing, members * share, chance, chance < CHANCE_MAX))
    return tuple(made)


def count(
    engine: DuckDBPyConnection, register: Sequence[tuple[str, str]]
) -> tuple[tuple[str, int, int], ...]:
    """(branch, members, missing) for a register of (name, postcode): a member is found where both agree, whatever
    the order, case and marks of the name's words. A member without a postcode is not looked for."""
    known = {(name_words(name), _code(postcode)) for name, postcode in register}
    query = "SELECT coalesce(branch, ''), name_words, postcode FROM members WHERE postcode <> '' ORDER BY 1"
    found: dict[str, list[int]] = {}
    for branch, name, postcode in engine.cursor().execute(query).fetchall():
        pair = found.setdefault(branch, [0, 0])
        pair[0] += 1
        pair[1] += (name, _code(postcode)) not in known
    return tuple((branch or "(no branch)", *pair) for branch, pair in sorted(found.items()))  # type: ignore[misc]


def _code(postcode: str) -> str:
    return "".join(words(postcode))
