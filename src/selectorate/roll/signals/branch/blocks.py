"""Joins in blocks: again and again many homes of one branch join on one day, where the other branches bring one or two.

Dates alone: a finding of this kind names nobody. It looks back over five years at once, since a branch that has always
joined people in blocks is not explained by having done so: it is compared with all the other branches, by the
chance that so many of the organisation's blocks fall on its few days of joining (hypergeometric, times the branches
looked at). A day is a block where so many homes are rare for a branch of that size on a day on which so many joined
everywhere. Days of one week are one block, so an open day is one, and so is an intake that comes in the same weeks
every year.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from selectorate.roll.objects import Finding
from selectorate.roll.signals import records
from selectorate.roll.signals.objects import YEAR, Asked, Engine, Seen, Whole
from selectorate.roll.signals.past import poisson_tail
from selectorate.roll.signals.records import Told
from selectorate.roll.signals.settings import Settings

KIND = "blocks"
TITLE = "members of one branch join in blocks"
HARD = False
SOFT = False
HEARD = False

INNOCENT = (
    "a branch that enters its forms once a month, or admits members at its meetings only",
    "stalls, open days or a yearly intake that bring many on one day",
)
SETTLES = (
    "the forms with their dates and signatures, beside the day on which they were entered",
    "the minutes of the meetings at which these members were admitted",
    "a few of them, drawn by lot, say when and where they joined",
)

Flags = NDArray[np.bool_]
"""A mark for each line of days."""

_DAYS = """
SELECT branch, back, count(DISTINCT home) AS homes FROM events
WHERE renewed = 0 AND driven = 0 AND back < {reach} AND branch >= 0 GROUP BY branch, back ORDER BY branch, back
"""


def look(engine: Engine, asked: Asked) -> Seen:
    days = engine.columns(_DAYS.format(reach=YEAR * asked.settings.blocks_years))
    blocks = _counted_once(days, _unlike_the_day(days, asked.settings), asked.settings)
    branches = np.unique(days["branch"])
    total_days, total_blocks = len(days["branch"]), int(blocks.sum())
    found = []
    for branch in np.unique(days["branch"][blocks]).tolist():
        mine = _lines_of(days, branch)
        many, own = int(blocks[mine].sum()), mine.stop - mine.start
        recent = bool((blocks[mine] & (days["back"][mine] < YEAR)).any())
        if many < asked.settings.blocks_least or not recent or own == total_days:
            continue
        milli = round(1000 * len(branches) * hypergeometric_tail(many, own, total_blocks, total_days))
        if milli <= asked.settings.chance_grave:
            found.append(_of_branch(asked, days, blocks, branch, milli))
    return Seen(KIND, findings=tuple(found))


def _unlike_the_day(days: Mapping[str, Whole], settings: Settings) -> Flags:
    """Days on which more homes joined a branch than its usual day and that day elsewhere let expect."""
    homes, back = days["homes"], days["back"]
    span = YEAR * settings.blocks_years
    rows = np.unique(days["branch"], return_inverse=True)[1]
    whole = np.bincount(rows, weights=homes)
    everywhere = np.bincount(back, weights=homes, minlength=span)
    least = settings.blocks_usual / 1000
    average = max(1e-9, float(homes.sum()) / span)
    blocks = np.zeros(len(homes), dtype=np.bool_)
    for line in np.nonzero(homes >= settings.blocks_homes)[0].tolist():
        many = int(homes[line])
        usual = (float(whole[rows[line]]) - many) / span
        busy = max(1.0, (float(everywhere[back[line]]) - many) / average)
        blocks[line] = poisson_tail(many, max(least, usual) * busy) <= settings.blocks_rare / 1e6
    return blocks


def _counted_once(days: Mapping[str, Whole], blocks: Flags, settings: Settings) -> Flags:
    """The blocks, of those of one week only the largest, and of a yearly intake only the latest."""
    kept = np.zeros(len(blocks), dtype=np.bool_)
    for branch in np.unique(days["branch"][blocks]).tolist():
        lines = _lines_of(days, branch)
        mine = np.nonzero(blocks[lines])[0] + lines.start
        largest_first = mine[np.lexsort((days["back"][mine], -days["homes"][mine]))].tolist()
        chosen: list[int] = []
        for line in largest_first:
            if all(
                abs(int(days["back"][line] - days["back"][other])) >= settings.blocks_apart
                for other in chosen
            ):
                chosen.append(line)
        chosen.sort(key=lambda line: int(days["back"][line]))
        backs = [int(days["back"][line]) for line in chosen]
        for place, line in enumerate(chosen):
            same = [
                other for other in backs if _apart(other, backs[place]) <= settings.blocks_season_days // 2
            ]
            yearly = (
                len({round((other - backs[place]) / YEAR) for other in same}) >= settings.blocks_season_years
            )
            kept[line] = not yearly or backs[place] == min(same)
    return kept


def _lines_of(days: Mapping[str, Whole], branch: int) -> slice:
    """Where a branch's lines stand: they are in the order of branches."""
    low, high = np.searchsorted(days["branch"], [branch, branch + 1]).tolist()
    return slice(low, high)


def _apart(one: int, other: int) -> int:
    """Days between two days of the year."""
    days = abs(one - other) % YEAR
    return min(days, YEAR - days)


def hypergeometric_tail(count: int, drawn: int, marked: int, whole: int) -> float:
    """Probability that at least `count` of `marked` among `whole` are among `drawn`."""
    ways = math.comb(whole, drawn)
    tail = sum(
        math.comb(marked, k) * math.comb(whole - marked, drawn - k)
        for k in range(count, min(marked, drawn) + 1)
        if drawn - k <= whole - marked
    )
    return tail / ways


def _of_branch(asked: Asked, days: Mapping[str, Whole], blocks: Flags, branch: int, milli: int) -> Finding:
    mine = _lines_of(days, branch)
    sizes, backs = days["homes"][mine][blocks[mine]], days["back"][mine][blocks[mine]]
    others = np.concatenate([days["homes"][: mine.start], days["homes"][mine.stop :]])
    first, last = asked.freeze - int(backs.max()), asked.freeze - int(backs.min())
    joined, in_blocks = int(days["homes"][mine].sum()), int(sizes.sum())
    small = 100 * int((others <= 2).sum()) // max(1, len(others))
    low, high = int(sizes.min()), int(sizes.max())
    seen = (
        f"{in_blocks} of {joined} homes that joined {asked.branch_name(branch)} came in {len(sizes)} blocks of "
        f"{low if low == high else f'{low} to {high}'} homes, each on one day, {records.span(first, last)}."
    )
    compared = f"In all other branches {small} of 100 days of joining brought one or two homes."
    return records.finding(
        Told(
            kind=KIND,
            key=(branch,),
            branch=branch,
            seen=seen,
            compared=compared,
            observed=in_blocks,
            homes=in_blocks,
            first=first,
            last=last,
            expected_milli=milli,
            severity=records.weighed(2, KIND, asked),
            innocent=INNOCENT,
            settles=SETTLES,
            against=(
                "dates alone say nothing about any one member: nobody is named because of this finding",
            ),
        ),
        asked,
    )
