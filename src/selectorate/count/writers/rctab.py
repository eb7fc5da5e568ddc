"""A sheet as the JSON summary that RCTab writes, so that whatever shows those shows ours.

Shape as of RCTab 1.3 ("jsonFormatVersion" 1): votes as decimal text; a round tells the tally of all who stand in
it, then who was elected or eliminated at its end and where those votes went in the next.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from selectorate.count import fields
from selectorate.count.objects import Number, Sheet, Stage


def write_rctab(sheet: Sheet) -> bytes:
    """The summary of a sheet, UTF-8. Batches of one stage are one round: its last row. Fractions that no decimal
    equals are cut to nine places."""
    stages = [
        stage
        for stage, after in zip(sheet.stages, [*sheet.stages[1:], None], strict=True)
        if after is None or after.number != stage.number
    ]
    out: set[str] = set()
    results = []
    for at, stage in enumerate(stages):
        after = stages[at + 1] if at + 1 < len(stages) else None
        results.append(_round(sheet, stage, after, out))
    undervotes = sheet.blank
    summary = {
        "finalThreshold": _quota(sheet),
        "numCandidates": len(sheet.candidates),
        "numWinners": len(sheet.elected),
        "totalNumBallots": str(sheet.valid + sheet.blank + sheet.invalid),
        "undervotes": undervotes,
    }
    config = {
        "contest": sheet.title or sheet.ruleset,
        "date": "",
        "generatedBy": f"selectorate, rule set {sheet.ruleset}",
        "jurisdiction": "",
        "office": "",
        "threshold": _quota(sheet),
    }
    plain = {"config": config, "jsonFormatVersion": "1", "results": results, "summary": summary}
    return (json.dumps(plain, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _round(sheet: Sheet, stage: Stage, after: Stage | None, out: set[str]) -> dict[str, Any]:
    """One round; `out` are those who went out before it, and takes in those who go out at its end."""
    tally = {
        name: _votes(votes, sheet.places)
        for name, votes in zip(sheet.candidates, stage.tallies, strict=True)
        if name not in out
    }
    gone = _excluded(sheet, after) if after is not None else ()
    happened = [{"elected": name, "transfers": _given(sheet, after, name)} for name in stage.elected]
    happened += [
        {"eliminated": name, "transfers": _given(sheet, after, name)} for name in gone if name not in out
    ]
    out.update(gone)
    return {
        "inactiveBallots": {
            "exhaustedChoices": _votes(stage.non_transferable, sheet.places),
            "overvotes": "0",
            "repeatedRankings": "0",
            "skippedRankings": "0",
        },
        "round": stage.number,
        "tally": tally,
        "tallyResults": happened,
        "threshold": _quota(sheet),
    }


def _excluded(sheet: Sheet, stage: Stage) -> tuple[str, ...]:
    """Who goes out at a stage: what it says, or its act, where the sheet is one of the public record."""
    if stage.excluded or not stage.act.startswith("exclude "):
        return stage.excluded
    name = stage.act.removeprefix("exclude ")
    return (name,) if name in sheet.candidates else ()


def _given(sheet: Sheet, after: Stage | None, giver: str) -> dict[str, str]:
    totals: dict[str, Fraction] = {}
    for one in after.transfers if after is not None else ():
        if one.giver == giver:
            heir = one.heir or "exhausted"
            totals[heir] = totals.get(heir, Fraction(0)) + Fraction(one.votes)
    return {heir: _votes(votes, sheet.places) for heir, votes in totals.items()}


def _quota(sheet: Sheet) -> str:
    return "" if sheet.quota is None else _votes(Fraction(sheet.quota) * 10**sheet.places, sheet.places)


def _votes(units: Number, places: int) -> str:
    """Units as a decimal text; whole votes without a point."""
    votes = Fraction(units, 10**places)
    if votes.denominator == 1:
        return str(votes.numerator)
    return fields.decimal(int(votes * 10**9), 9).rstrip("0")
