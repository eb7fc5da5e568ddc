"""A sheet up to the first lot: what is certain before anything is drawn."""

from __future__ import annotations

from dataclasses import replace

from selectorate.count.objects import Sheet, Stage, Tie

BEFORE_THE_STAGE = ("exclusion", "surplus", "fraction")
"""What a lot may be for that decides how a stage begins: nothing of that stage is certain."""
WAITS = "So the votes stand. Who is elected here, or in which order, waits for the lot."


def until_lot(sheet: Sheet, stage: int) -> tuple[Sheet, Tie | None]:
    """The sheet as far as it does not depend on its first lot, which is at that stage, and the tie itself.

    sheet: the count with any outcome of its lots. A lot for an exclusion or a surplus leaves the stages before
    it; one for the order or the number of those elected leaves the votes of its own stage too.
    """
    tie = next((one for one in sheet.ties if one.by == "lot" and one.stage == stage), None)
    shown = [one for one in sheet.stages if one.number < stage]
    if tie is not None and tie.purpose not in BEFORE_THE_STAGE:
        shown += _with_votes(sheet, tie)
    whole = sheet.quota if isinstance(sheet.quota, int) else None
    again = len({dict(one.figures).get("quota") for one in sheet.stages}) > 1
    return replace(
        sheet,
        quota=whole if again else sheet.quota,
        stages=tuple(shown),
        ties=tuple(one for one in sheet.ties if one.stage < stage),
        elected=tuple(name for one in shown for name in one.elected),
        vacant=0,
        tables=(),
        remarks=(),
    ), tie


def _with_votes(sheet: Sheet, tie: Tie) -> list[Stage]:
    """The rows of the lot's own stage up to the one that needs it, without what the lot decides."""
    rows: list[Stage] = []
    for row in (one for one in sheet.stages if one.number == tie.stage):
        if set(row.elected) & set(tie.between):
            return [*rows, replace(row, elected=(), says=WAITS)]
        rows.append(row)
    return [*rows[:-1], replace(rows[-1], elected=(), says=WAITS)] if rows else []
