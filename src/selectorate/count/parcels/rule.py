"""A rule set's answers as the engine asks them: read once, in the words of the questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from selectorate.count.objects import Number
from selectorate.count.rulesets import Ruleset
from selectorate.count.rulesets.questions.parcels import ELECTED_FIRST, QUESTIONS

Batching = Literal["value", "first, value", "parcel", "once"]
Value = Literal["cut", "exact", "over all papers", "whole papers"]
TieRule = Literal["earliest", "latest", "all differ"]


def _nth(ruleset: Ruleset, question: str) -> int:
    """Which of the known answers this is, from 0 on."""
    return QUESTIONS[question].answers.index(ruleset[question])


@dataclass(frozen=True, slots=True)
class Rule:
    """What the count needs to know of a rule set.

    unit: one vote in units. bulk: whether several may be excluded together; strict: whether "less than" or "not
    more than"; quarter: whether a quarter of the quota is at stake. counts: whether the law calls each batch a
    count; the sheet then numbers them, beside its stages. by_batch: whether ties look at every batch or at whole
    stages. late: whether the last seats wait until nothing is left to transfer. leading: whether one who leads
    all others takes the last seat, "at" or "above" their total; higher_of_two: the same for the last two.
    """

    ruleset: Ruleset
    unit: int
    places: int
    required: bool
    requota: bool
    elected_first: bool
    defers: bool
    bulk: bool
    strict: bool
    quarter: bool
    last_parcel: bool
    value: Value
    left_over: Literal["non-transferable", "rounding", "set aside"]
    batching: Batching
    counts: bool
    by_batch: bool
    crowded: bool
    late: bool
    leading: Literal["", "at", "above"]
    higher_of_two: bool

    @classmethod
    def read(cls, ruleset: Ruleset) -> Rule:
        values: tuple[Value, ...] = ("cut", "exact", "over all papers", "whole papers")
        batchings: tuple[Batching, ...] = ("value", "value", "first, value", "parcel", "once")
        vacancies = _nth(ruleset, "last_vacancies")
        exclusion = _nth(ruleset, "exclusion")
        batches = _nth(ruleset, "batches")
        return cls(
            ruleset=ruleset,
            unit=10**ruleset.places,
            places=ruleset.places,
            required=_nth(ruleset, "elected_when") == 1,
            requota=_nth(ruleset, "quota_again") == 1,
            elected_first=ruleset["surplus_next"] == ELECTED_FIRST,
            defers=_nth(ruleset, "deferral") > 0,
            bulk=exclusion > 0,
            strict=exclusion > 1,
            quarter=exclusion == 3,
            last_parcel=_nth(ruleset, "papers_examined") == 0,
            value=values[_nth(ruleset, "transfer_value")],
            left_over=("non-transferable", "rounding", "set aside")[_nth(ruleset, "left_over")],
            batching=batchings[batches],
            counts=batches == 1,
            by_batch=_nth(ruleset, "ties") != 1,
            crowded=_nth(ruleset, "crowded") == 1,
            late=vacancies >= 3,
            leading=("", "at", "above", "", "")[vacancies],
            higher_of_two=vacancies == 4,
        )

    def quota(self, votes: int, seats: int) -> int:
        """The quota in units, for so many units of votes."""
        kind = _nth(self.ruleset, "quota")
        share, rest = divmod(votes, seats + 1)
        if kind == 0:
            return (votes // self.unit // (seats + 1) + 1) * self.unit
        if kind == 1:
            return share + (rest > 0)
        if kind == 2:
            return share + 1
        return (2 * votes + seats + 1) // (2 * (seats + 1)) + 1

    def tie_rule(self, exclusion: bool) -> TieRule:
        """Where votes are compared when they are equal now."""
        kind = _nth(self.ruleset, "ties")
        if kind < 2:
            return "earliest"
        return "all differ" if kind == 3 and not exclusion else "latest"


def credited(value: Number, papers: int) -> int:
    """So many papers at this value in units, a fraction of a unit cut off."""
    return int(value * papers // 1)
