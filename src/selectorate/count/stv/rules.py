"""What a rule set of the family "stv" answers, made ready for the count: quota, value of a paper, who may wait.

All numbers are units of 10^-places. Where a rule set rounds nothing, places is 0, a unit is a vote, and numbers
are fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from selectorate.count.objects import Number
from selectorate.count.rulesets import Ruleset
from selectorate.count.rulesets.questions import stv as asked


@dataclass(frozen=True, slots=True)
class Rules:
    """The answers that decide something, each as a word of its own.

    above: the quota must be passed, not only reached. on_transfer: who has the quota is elected when the surplus
    moves, and takes papers until then. empty_surplus: one of nothing has its stage too. batch: sure losers go out
    together before any surplus moves. stays_put: papers do not move when an exclusion leaves no more candidates
    than seats. apart: what is cut off stands in a line of its own, not with the votes that do not transfer.
    backward, one_order: how ties are told apart; else at once by lot. ordered: equal votes are told apart
    for the order of election too; else equal candidates are listed by name.
    """

    ruleset: Ruleset
    places: int
    above: bool
    on_transfer: bool
    empty_surplus: bool
    batch: bool
    stays_put: bool
    apart: bool
    backward: bool
    one_order: bool
    ordered: bool

    @property
    def unit(self) -> int:
        return int(10**self.places)

    def quota(self, valid: int, seats: int) -> Number:
        """The quota in units."""
        kind = self.ruleset["quota"]
        if kind == asked.WHOLE_QUOTA:
            return (valid // (seats + 1) + 1) * self.unit
        if kind == asked.QUOTA_TO_LAST_PLACE:
            return valid * self.unit // (seats + 1) + 1
        return Fraction(valid, seats + 1)

    def quota_in_votes(self, valid: int, seats: int) -> Number:
        """The quota as the sheet states it: whole votes, or a fraction of votes."""
        quota = self.quota(valid, seats)
        whole = self.ruleset["quota"] == asked.WHOLE_QUOTA
        return quota // self.unit if whole else Fraction(quota, self.unit)

    def has_quota(self, votes: Number, quota: Number) -> bool:
        return votes > quota if self.above else votes >= quota

    def worth(self, value: Number, surplus: Number, total: Number) -> Number:
        """What a paper is worth that came at `value` and passes on from a surplus."""
        kind = self.ruleset["transfer_value"]
        if self.ruleset["rounding"] == asked.EXACT:
            return Fraction(value * surplus, total)
        if kind == asked.ONE_CUT:
            return value * surplus // total
        if kind == asked.PRODUCT_CUT_FIRST:
            return value * surplus // self.unit * self.unit // total
        return value * (surplus * self.unit // total) // self.unit


def rules_of(ruleset: Ruleset) -> Rules:
    """The rules that this rule set's answers make."""
    ties = ruleset["ties"]
    return Rules(
        ruleset=ruleset,
        places=ruleset.places,
        above=ruleset["elected_when"] == asked.ABOVE_QUOTA,
        on_transfer=ruleset["elected_when"] == asked.WHEN_SURPLUS_MOVES,
        empty_surplus=ruleset["surplus_next"] == asked.LARGEST_EVEN_OF_NOTHING,
        batch=ruleset["sure_losers"] == asked.OUT_TOGETHER,
        stays_put=ruleset["last_vacancies"] == asked.AT_ONCE_ON_EXCLUSION,
        apart=ruleset["remainders"] == asked.APART,
        backward=ties == asked.BACKWARD,
        one_order=ties == asked.ONE_ORDER,
        ordered=ruleset["order_elected"] == asked.MOST_VOTES,
    )
