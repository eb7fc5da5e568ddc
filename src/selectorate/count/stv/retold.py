"""A finished sheet of the family "stv" told in words: the same sentences, clauses and figures as the engine's.

For sheets that come without them from the fast path. Everything is read off the stages and their transfers, so it
costs by the stage and not by the paper; the sentences themselves are `telling`'s, as the engine's are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from selectorate.count.objects import Number, Sheet, Stage, Transfer
from selectorate.count.rulesets import Ruleset
from selectorate.count.stv import telling
from selectorate.count.stv.rules import Rules, rules_of
from selectorate.count.stv.telling import Told


def retold(sheet: Sheet, ruleset: Ruleset) -> Sheet:
    """The sheet with its words. The rule set is one that does not begin again after an exclusion."""
    reader = _Reader(sheet, rules_of(ruleset))
    return replace(sheet, stages=tuple(reader.told(at) for at in range(len(sheet.stages))))


class _Reader:
    """A sheet read from the first stage on. holds: value of a paper -> papers, by name, as the transfers say."""

    __slots__ = ("continuing", "holds", "quota", "rules", "sheet", "vacancies")

    def __init__(self, sheet: Sheet, rules: Rules) -> None:
        self.sheet, self.rules = sheet, rules
        self.quota = rules.quota(sheet.valid, sheet.seats)
        self.continuing = set(sheet.candidates)
        self.vacancies = sheet.seats
        self.holds: dict[str, Counter[Number]] = {name: Counter() for name in sheet.candidates}

    def told(self, at: int) -> Stage:
        """One stage with its words; stages are asked for in their order."""
        stage = self.sheet.stages[at]
        before = (
            dict(zip(self.sheet.candidates, self.sheet.stages[at - 1].tallies, strict=True)) if at else {}
        )
        words, questions, lost = self._act(stage, before)
        first = 0
        if self.rules.on_transfer and stage.act.startswith("surplus "):
            first = 1
            self.continuing.discard(stage.elected[0])
            self.vacancies -= 1
        all_left = 0 < len(self.continuing) <= self.vacancies
        self.continuing -= set(stage.elected)
        self.vacancies -= len(stage.elected) - first
        self._hand_over(stage)
        says = [words, *telling.of_ties(tie for tie in self.sheet.ties if tie.stage == stage.number)]
        if stage.elected:
            questions.append("last_vacancies" if all_left else "elected_when")
            votes = dict(zip(self.sheet.candidates, stage.tallies, strict=True))
            says.append(telling.elected(self.rules, stage, votes, all_left))
        return replace(
            stage,
            transfers=self._listed(stage.transfers),
            figures=telling.figures(self.rules, self.quota, stage, lost),
            clause=telling.clause(self.rules.ruleset, questions),
            says=" ".join(one for one in says if one),
        )

    def _act(self, stage: Stage, before: dict[str, Number]) -> tuple[str, list[str], Number]:
        """What the act says, the questions it answers, and what was cut off."""
        rules = self.rules
        if not before:
            return telling.first(rules, self.sheet.valid, self.sheet.seats, self.quota, False), ["quota"], 0
        if not stage.excluded:
            donor = stage.act.removeprefix("surplus ")
            total, surplus = before[donor], before[donor] - self.quota
            worth = {value: rules.worth(value, surplus, total) for value in self.holds[donor]}
            lost = surplus - sum(one.votes for one in stage.transfers if one.giver == donor)
            told = Told(donor, total, surplus, self.holds[donor].total())
            words = telling.surplus(rules, told, self.quota, worth, lost)
            return words, ["transfer_value", "surplus_next"], lost
        losers = [Told(name, before[name], 0, self.holds[name].total()) for name in stage.excluded]
        self.continuing -= set(stage.excluded)
        stay = rules.stays_put and len(self.continuing) <= self.vacancies
        return telling.exclusion(rules, losers, stay), ["sure_losers" if len(losers) > 1 else "exclusion"], 0

    def _hand_over(self, stage: Stage) -> None:
        for giver in {one.giver for one in stage.transfers if one.giver is not None}:
            self.holds[giver].clear()
        for one in stage.transfers:
            if one.heir is not None:
                self.holds[one.heir][one.value] += one.papers

    def _listed(self, transfers: tuple[Transfer, ...]) -> tuple[Transfer, ...]:
        """Each way once: by giver, then heir as the candidates stand (nobody last), the higher value first."""
        papers: Counter[tuple[str | None, str | None, Number]] = Counter()
        for one in transfers:
            papers[one.giver, one.heir, one.value] += one.papers
        place: dict[str | None, int] = {name: at for at, name in enumerate(self.sheet.candidates)}
        last = len(place)
        order = sorted(papers, key=lambda way: (place.get(way[0], last), place.get(way[1], last), -way[2]))
        return tuple(Transfer(*way[:2], papers[way], way[2], papers[way] * way[2]) for way in order)
