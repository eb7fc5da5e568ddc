"""Members who come back in a bunch on the last days that still give a vote, in one branch.

The last day that gives a vote is the freeze; looked at are the windows that end on it. Expected in a branch = its
share of earlier years' renewals (of all, and of those in the same last days) times what all other branches have now,
so that a reminder to everybody, or a deadline that everybody is told of, explains itself; but never less than three
fifths of what the branch is known for in its busiest window of any season, so that a yearly renewal month explains
itself too. The probability (negative binomial) is multiplied by the number of branches and windows looked at. This
rests on timing alone, so it concerns the branch: a finding of this kind names no member, and never asks now.

The roll says only when somebody renewed *last*. Where the column holds every yearly renewal rather than the return
after a lapse, the earlier years are all but empty; a year with less than a tenth of this year's is not compared with,
and without an earlier year nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from selectorate.roll.objects import Finding
from selectorate.roll.signals import records
from selectorate.roll.signals.branch import two_grids
from selectorate.roll.signals.branch.surge import odds
from selectorate.roll.signals.objects import YEAR, Asked, Engine, Seen, Whole
from selectorate.roll.signals.past import binomial_tail, usual
from selectorate.roll.signals.records import Told, about, homes_of, past_of

KIND = "rejoin"
TITLE = "many of one branch came back on the last days that give a vote"
HARD = False
SOFT = False
WINDOWS = (7, 14, 28)
DEADLINE = 0
"""The part of a year, on the first of two grids, that ends on the freeze."""

INNOCENT = (
    "a reminder, or a round of telephone calls, of this branch to everybody whose membership had lapsed",
    "a yearly renewal date, a meeting at which subscriptions are paid, or a deadline that everybody was told of",
    "payments keyed in together before the books were closed, or a bank that gave members new accounts",
)
SETTLES = (
    "the branch says who reminded whom, and shows the letter or the list that was called",
    "the day on which each paid, at the bank, beside the day on which it was entered",
    "a sample of those who came back, drawn by lot, says whether they renewed and paid themselves",
)

# Who renewed in a declared drive, on its days and by its device, recruiter or collector, is explained.
_ROWS = """
SELECT branch, home, year, back - {year} * year AS turn FROM events
WHERE renewed = 1 AND driven = 0 AND branch >= 0 AND year <= {years}
"""
_YEARS = "SELECT year, count(*) AS renewals FROM rejoin_rows GROUP BY year ORDER BY year"
_COUNTS = """
WITH parts AS ({parts})
SELECT branch, year, part, count(DISTINCT home) AS homes FROM parts WHERE year <= {years}
GROUP BY branch, year, part ORDER BY branch, year, part
"""


@dataclass(frozen=True, slots=True)
class _Bunch:
    """One branch in the last days. own: the most it reached in the same days of an earlier year."""

    branch: int
    length: int
    homes: int
    expected: float
    own: int
    elsewhere: int
    milli: int


def look(engine: Engine, asked: Asked) -> Seen:
    """At most one finding a branch, of the window that is least to be expected."""
    engine.keep("rejoin_rows", _ROWS.format(year=YEAR, years=asked.years))
    years = _told(engine.columns(_YEARS), asked)
    branches = int(
        engine.columns("SELECT count(DISTINCT branch) AS branches FROM events WHERE branch >= 0")["branches"][
            0
        ]
    )
    found: dict[int, _Bunch] = {}
    for length in WINDOWS if years and branches > 1 else ():
        parts = two_grids("rejoin_rows", "branch, home, year", length)
        cells = engine.columns(_COUNTS.format(parts=parts, years=years))
        for bunch in _bunches(cells, length, years, branches, asked):
            if bunch.branch not in found or bunch.milli < found[bunch.branch].milli:
                found[bunch.branch] = bunch
    engine.drop("rejoin_rows")
    return Seen(KIND, findings=tuple(_finding(found[branch], years, asked) for branch in sorted(found)))


def _told(lines: Mapping[str, Whole], asked: Asked) -> int:
    """Earlier years, from the last one back, each with at least a tenth of this year's renewals."""
    counts = dict(zip(lines["year"].tolist(), lines["renewals"].tolist(), strict=True))
    told = 0
    this, share = counts.get(0, 0), asked.settings.rejoin_told
    while told < asked.years and this and share * counts.get(told + 1, 0) >= this:
        told += 1
    return told


def _bunches(
    cells: Mapping[str, Whole], length: int, years: int, branches: int, asked: Asked
) -> list[_Bunch]:
    """Branches in whose last days more homes came back than chance lets expect."""
    settings = asked.settings
    values, row = np.unique(cells["branch"], return_inverse=True)
    peaks = np.zeros((len(values), years + 1), dtype=np.int64)
    np.maximum.at(peaks, (row, cells["year"]), cells["homes"])
    at_end = cells["part"] == DEADLINE
    last = np.zeros_like(peaks)
    last[row[at_end], cells["year"][at_end]] = cells["homes"][at_end]
    earlier = np.zeros(len(values), dtype=np.int64)
    before = (cells["year"] > 0) & (cells["part"] < 100)
    np.add.at(earlier, row[before], cells["homes"][before])
    in_season = last[:, 1:].sum(axis=1)
    share = np.maximum(
        odds(earlier, int(earlier.sum()), branches, settings),
        odds(in_season, int(in_season.sum()), branches, settings),
    )
    known = usual(peaks, 0, settings)
    whole = int(last[:, 0].sum())
    found = []
    for place in np.nonzero(last[:, 0] >= settings.rejoin_homes)[0].tolist():
        homes = int(last[place, 0])
        expected = max(float(share[place]) * (whole - homes), settings.known * int(known[place]))
        tail = binomial_tail(homes, max(expected, 1e-6), settings.scatter)
        milli = round(1000 * branches * len(WINDOWS) * tail)
        if milli <= settings.rejoin_chance:
            own = int(last[place, 1:].max())
            found.append(_Bunch(int(values[place]), length, homes, expected, own, whole - homes, milli))
    return found


def _finding(bunch: _Bunch, years: int, asked: Asked) -> Finding:
    most = records.most_of(bunch.own, homes_of, "nobody")
    against = ["dates alone say nothing about any one person: nobody is asked because of this finding"]
    if bunch.elsewhere:
        against.append(
            f"in the same days members of {homes_of(bunch.elsewhere)} came back in the other branches"
        )
    return records.finding(
        Told(
            kind=KIND,
            key=(bunch.branch, bunch.length),
            branch=bunch.branch,
            seen=(
                f"Members of {homes_of(bunch.homes)} came back to {asked.branch_name(bunch.branch)} within the last "
                f"{bunch.length} days that give a vote."
            ),
            compared=(
                f"Going by its own past and by the other branches in the same days, {about(bunch.expected)} to be "
                f"expected. {past_of(years)} {most} came back on these days."
            ),
            observed=bunch.homes,
            homes=bunch.homes,
            first=asked.freeze - bunch.length + 1,
            last=asked.freeze,
            expected_milli=bunch.milli,
            severity=records.weighed(2, KIND, asked),
            innocent=INNOCENT,
            settles=SETTLES,
            against=tuple(against),
        ),
        asked,
    )
