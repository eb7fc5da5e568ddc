"""A finished sheet of the family "rounds" told in words: the same sentences, clauses and figures as the engine's.

For sheets that come without them from the fast path, where every paper is one vote and whoever goes out has the
fewest votes. Read off the stages and their transfers: it costs by the stage and not by the paper.
"""

from __future__ import annotations

from dataclasses import replace

from selectorate.count.objects import Profile, Sheet, Stage
from selectorate.count.rounds import wording
from selectorate.count.rounds.eliminating import Rounds
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw


def retold(sheet: Sheet, ruleset: Ruleset) -> Sheet:
    """The sheet with its words, and its table of papers that count no longer."""
    count = Rounds(Profile(sheet.candidates, ()), ruleset, Draw())
    count.total = sheet.valid
    sheet = replace(sheet, ties=tuple(replace(one, between=tuple(sorted(one.between))) for one in sheet.ties))
    stages = tuple(_told(count, sheet, stage) for stage in sheet.stages)
    return replace(sheet, stages=stages, tables=count.tables())


def _told(count: Rounds, sheet: Sheet, stage: Stage) -> Stage:
    out = tuple(sheet.candidates.index(name) for name in stage.excluded)
    says, clause = wording.first(sheet.valid), count.rules.source("worth")
    if out:
        met = len(count.ties.met)
        count.ties.met += [tie for tie in sheet.ties if tie.stage == stage.number]
        says = f"{count.why_out(list(out))} {count.ties.sentence(met)}".rstrip()
        clause = count.rules.source("exclusion")
    count.inside = [one for one in count.inside if one not in out]
    count.tallies, count.lost = list(stage.tallies), stage.non_transferable
    count.ended.append({_WHY: int(stage.non_transferable)} if stage.non_transferable else {})
    count.winner = sheet.candidates.index(stage.elected[0]) if stage.elected else None
    says, clause = count.told(out, stage.transfers, says, clause)
    return replace(stage, figures=count.figures(), clause=clause, says=says)


_WHY = "no further preference"
