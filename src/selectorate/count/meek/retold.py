"""A finished sheet of the family "meek" told in words: the same sentences, clauses and figures as the engine's.

For sheets that come without them from the fast path, which writes at each stage the quota, how many distributions
there were, why the lowest goes out next, and everybody's keep value. Nothing is reckoned here from papers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from selectorate.count.meek import telling
from selectorate.count.meek.rules import Rules, rules_of
from selectorate.count.objects import Number, Sheet, Stage, Transfer
from selectorate.count.rulesets import Ruleset
from selectorate.count.rulesets.questions import meek as asked

_WHY = ("", telling.STILL, telling.GONE_PRF, telling.SAFE, telling.NO_CHANGE, telling.AT_REST)
"""By the number that the fast path writes; the second end is New Zealand's where its rule set ends so."""


def retold(sheet: Sheet, ruleset: Ruleset, found: Sequence[Mapping[str, int]]) -> Sheet:
    """The sheet with its words. found: what the fast path wrote at each stage, in units: "quota", "distributions",
    "why", and "keep 0", "keep 1" and so on as the candidates stand."""
    reader = _Reader(sheet, rules_of(ruleset))
    told = [reader.told(at, figures) for at, figures in enumerate(found)]
    return replace(sheet, stages=tuple(told))


class _Reader:
    """A sheet read from the first stage on."""

    __slots__ = ("continuing", "rules", "sheet", "shown", "winners")

    def __init__(self, sheet: Sheet, rules: Rules) -> None:
        self.sheet, self.rules = sheet, rules
        self.continuing = set(sheet.candidates)
        self.winners: list[int] = []
        self.shown = 0

    def told(self, at: int, figures: Mapping[str, int]) -> Stage:
        """One stage with its words; stages are asked for in their order."""
        sheet, stage, rules = self.sheet, self.sheet.stages[at], self.rules
        self.continuing -= set(stage.excluded)
        room = sheet.seats - len(self.winners)
        all_left = bool(stage.elected) and len(self.continuing) <= room
        self.continuing -= set(stage.elected)
        self.winners += [sheet.candidates.index(name) for name in stage.elected]
        votes = tuple(int(one) for one in stage.tallies)
        keep = tuple(figures[f"keep {one}"] for one in range(len(sheet.candidates)))
        told = telling.Told(
            stage.act, stage.excluded[0] if stage.excluded else "", sheet.candidates, votes, keep, figures["quota"],
            rules.surplus(votes, figures["quota"], self.winners), self.shown, figures["distributions"],
            stage.elected, all_left, sheet.valid, sheet.seats, sheet.stages[at - 1].tallies if at else (),
            "" if stage.elected else self._why(figures["why"]),
            tuple(tie for tie in sheet.ties if tie.stage == stage.number),
        )  # fmt: skip
        self.shown = figures["distributions"]
        return replace(
            stage,
            transfers=_listed(stage.transfers, sheet.candidates),
            figures=telling.figures(rules, told),
            clause=telling.clause(rules, told),
            says=telling.says(rules, told),
        )

    def _why(self, number: int) -> str:
        why = _WHY[number]
        return (
            telling.GONE_NZ
            if why == telling.GONE_PRF and self.rules.ends == asked.SURPLUS_GONE_OR_SAFE
            else why
        )


def _listed(transfers: tuple[Transfer, ...], names: Sequence[str]) -> tuple[Transfer, ...]:
    """By giver (first preferences first), then heir as the candidates stand (nobody last), the higher value first."""
    place: dict[str | None, int] = {name: at for at, name in enumerate(names)}

    def key(one: Transfer) -> tuple[int, int, Number]:
        return place.get(one.giver, -1), place.get(one.heir, len(names)), -one.value

    return tuple(sorted(transfers, key=key))
