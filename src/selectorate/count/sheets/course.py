"""A sheet walked from top to bottom: at each row, who was still in the count, and what the act was about.

Only what the sheet itself says, put in order for the checks; nothing is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from selectorate.count.objects import Number, Sheet, Stage

Verb = Literal["first", "surplus", "exclude", "other"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the sheet. before: the row above, None where the count begins (or begins again). subjects: whose
    papers move. continuing: neither elected nor excluded when the act began; room: seats then free. pending: who
    was elected above and whose papers have not moved. closes: the act is complete with this row."""

    stage: Stage
    before: Stage | None
    verb: Verb
    subjects: tuple[str, ...]
    continuing: tuple[str, ...]
    room: int
    pending: tuple[str, ...]
    closes: bool

    @property
    def label(self) -> str:
        return f"stage {self.stage.number}" + (f", part {self.stage.part}" if self.stage.part else "")

    @property
    def opens(self) -> bool:
        """Whether the act begins with this row. Where each batch is a stage of its own, the act goes on."""
        goes_on = self.before is not None and self.verb == "exclude" and self.before.act == self.stage.act
        return self.stage.part <= 1 and not goes_on


def held(sheet: Sheet, stage: Stage) -> dict[str, Number]:
    """Candidate -> votes at a stage, in units."""
    return dict(zip(sheet.candidates, stage.tallies, strict=True))


def act_of(sheet: Sheet, stage: Stage) -> tuple[Verb, tuple[str, ...]]:
    """What an act is, and about whom."""
    if stage.act == "first preferences":
        return "first", ()
    verb, _, rest = stage.act.partition(" ")
    if verb == "surplus" and rest in sheet.candidates:
        return "surplus", (rest,)
    if verb == "exclude" or stage.excluded:
        whole = (rest,) if rest in sheet.candidates else tuple(rest.split(", "))
        named = tuple(one for one in whole if one in sheet.candidates)
        return "exclude", stage.excluded or named
    return "other", ()


def rows(sheet: Sheet) -> Iterator[Row]:
    """Every row in order. Where a count begins again, the elected of before are forgotten."""
    continuing, pending, room = list(sheet.candidates), list[str](), sheet.seats
    for at, stage in enumerate(sheet.stages):
        verb, subjects = act_of(sheet, stage)
        before = sheet.stages[at - 1] if at and verb != "first" else None
        following = sheet.stages[at + 1] if at + 1 < len(sheet.stages) else None
        batch = following is not None and following.number == stage.number and following.part > stage.part
        same = batch or (following is not None and verb == "exclude" and following.act == stage.act)
        yield Row(stage, before, verb, subjects, tuple(continuing), room, tuple(pending), closes=not same)
        if verb == "exclude":
            continuing = [one for one in continuing if one not in subjects]
        if verb == "surplus":
            pending = [one for one in pending if one not in subjects]
        continuing = [one for one in continuing if one not in stage.elected]
        pending += stage.elected
        room -= len(stage.elected)
