"""What a rule set of the family "meek" answers, made ready for the count. Numbers are units of 10^-places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from selectorate.count.rulesets import Ruleset
from selectorate.count.rulesets.questions import meek as asked


@dataclass(frozen=True, slots=True)
class Rules:
    """up: products and keep values are rounded up, else cut. two_steps: a new keep value is rounded twice; above: only
    those above the quota have one.

    price: a keep value is a price (Warren). plus: units added to the quota. at_rest: hopefuls are tested only where
    the keep values are at rest. within: those no further above the lowest than the total surplus are tied with it.
    ends, ties: the answers to these questions.
    """

    ruleset: Ruleset
    places: int
    up: bool
    two_steps: bool
    above: bool
    price: bool
    plus: int
    at_rest: bool
    within: bool
    ends: str
    ties: str

    @property
    def unit(self) -> int:
        return int(10**self.places)

    def given(self, left: int, keep: int) -> int:
        """What a paper gives to a candidate it reaches, of what is left of it."""
        if self.price:
            return min(left, keep)
        return self._over(left * keep, self.unit)

    def quota(self, valid: int, excess: int, seats: int) -> int:
        """valid: papers; excess: units that no candidate has."""
        return (valid * self.unit - excess) // (seats + 1) + self.plus

    def new_keep(self, keep: int, quota: int, votes: int) -> int:
        """Keep value x quota, then / votes, rounded once or at each step; never above 1.

        Under Warren's prices an elected candidate can be left without votes: the price then stays as it is.
        """
        if not votes:
            return keep
        if not self.two_steps:
            return min(self.unit, self._over(keep * quota, votes))
        product = self._over(keep * quota, self.unit)
        return min(self.unit, self._over(product * self.unit, votes))

    def surplus(self, votes: Sequence[int], quota: int, winners: Iterable[int]) -> int:
        """The total surplus of those elected. By B.2.d the sum is not less than 0, and what single ones lack by
        rounding counts in it."""
        each = [votes[one] - quota for one in winners]
        if self.ends == asked.SURPLUS_GONE_OR_STILL:
            return max(0, sum(each))
        return sum(max(0, one) for one in each)

    def _over(self, product: int, by: int) -> int:
        return -(-product // by) if self.up else product // by


def rules_of(ruleset: Ruleset) -> Rules:
    """The rules that this rule set's answers make."""
    return Rules(
        ruleset=ruleset,
        places=ruleset.places,
        up=ruleset["rounding"] == asked.UP,
        two_steps=ruleset["new_keep"] == asked.TWO_STEPS,
        above=ruleset["new_keep"] == asked.ONE_STEP_ABOVE,
        price=ruleset["paper_gives"] == asked.PRICE,
        plus=int(ruleset["quota"] == asked.PLUS_ONE_UNIT),
        at_rest=ruleset["elected_when"] == asked.AT_REST,
        within=ruleset["exclusion"] == asked.LOWEST_WITHIN,
        ends=str(ruleset["iteration_ends"]),
        ties=str(ruleset["ties"]),
    )
