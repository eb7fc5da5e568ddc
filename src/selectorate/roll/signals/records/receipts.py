"""Receipts for cash in a row: one collector, one day, one consecutive run, many homes.

Cash that members really handed over comes in as they come; a batch comes in as a run. But so does the evening of a
meeting, so a run is compared with the collector's own earlier runs and with all collectors' years before. Cash
and dates alone name nobody and never ask now: the finding is about the batch, and the book of receipts answers it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from selectorate.roll.objects import Finding
from selectorate.roll.signals import records
from selectorate.roll.signals.objects import YEAR, Asked, Engine, Seen, Whole
from selectorate.roll.signals.records import HOME, Book, Told, count_of, homes_of, past_of

KIND = "receipts"
TITLE = "a long run of consecutive receipts on one day"
HARD = False
SOFT = False
HEARD = False

INNOCENT = (
    "a meeting, a stall or a round from door to door at which many paid one after the other",
    "receipts written by hand over weeks and keyed in on one day",
    "a treasurer who collects for a branch where people pay in cash",
)
SETTLES = (
    "the book of receipts with its counterfoils, and the day of the meeting or stall",
    "a few of those who paid, drawn by lot, say whether they paid themselves",
    "the day and amount of the deposit at the bank",
)

# A run: consecutive numbers of one collector on one day, whose difference to their rank stays the same.
_LINES = """
WITH told AS (
  SELECT r.collector, r.branch, r.day, r.number, min(r.minute) AS minute, min(r.member_id) AS member,
         min(coalesce({home}, 3 * r.member_id + 2)) AS home
  FROM receipts r LEFT JOIN members m ON r.member_id = m.member_id
  WHERE r.collector >= 0 AND r.number >= 0 AND r.day <= {freeze} AND {freeze} - r.day < {reach}
  GROUP BY r.collector, r.branch, r.day, r.number)
SELECT t.*, {freeze} - t.day AS back,
       t.number - row_number() OVER (PARTITION BY t.collector, t.branch, t.day ORDER BY t.number) AS run
FROM told t
"""
_RUNS = """
SELECT collector, branch, back, run, count(*) AS receipts, count(DISTINCT home) AS homes, min(number) AS first,
       max(number) AS last, min(minute) AS early, max(minute) AS late
FROM receipt_lines GROUP BY collector, branch, back, run ORDER BY collector, branch, back, run
"""


def look(engine: Engine, asked: Asked) -> Seen:
    found = records.book(engine, asked, "receipts")
    if not found.lines:
        return Seen(KIND)
    engine.keep(
        "receipt_lines", _LINES.format(freeze=asked.freeze, reach=YEAR * (found.years + 1), home=HOME)
    )
    runs = engine.columns(_RUNS)
    engine.drop("receipt_lines")
    year = runs["back"] // YEAR
    reached = records.peaks((runs["collector"],), year, runs["homes"], found.years)
    declared = {(drive.collector, drive.branch): (drive.first, drive.last) for drive in asked.declared.drives}
    best: dict[tuple[int, int], tuple[int, int]] = {}
    for line in np.nonzero((year == 0) & (runs["homes"] >= asked.settings.receipts_homes))[0].tolist():
        collector, branch, homes = (int(runs[name][line]) for name in ("collector", "branch", "homes"))
        day = asked.freeze - int(runs["back"][line])
        first, last = declared.get((collector, branch), (0, -1))
        if first <= day <= last:
            continue
        pair = (collector, branch)
        if pair not in best or homes > best[pair][0]:
            best[pair] = (homes, line)
    findings = []
    for pair in sorted(best):
        homes, line = best[pair]
        row = reached.row((pair[0],))
        milli = reached.expected_milli(row, homes, asked)
        if milli <= 1000:
            findings.append(
                _of_run(
                    asked,
                    found,
                    runs,
                    line,
                    milli,
                    (reached.own(row), reached.most(row)),
                    known=reached.known(row, homes, asked),
                )
            )
    return Seen(KIND, findings=tuple(findings))


def _of_run(
    asked: Asked,
    book: Book,
    runs: Mapping[str, Whole],
    line: int,
    milli: int,
    past: tuple[int, int],
    *,
    known: bool,
) -> Finding:
    own, most = past
    collector, branch, homes, receipts = (
        int(runs[name][line]) for name in ("collector", "branch", "homes", "receipts")
    )
    day = asked.freeze - int(runs["back"][line])
    severity = records.grade(2, milli, asked, known=known)
    seen = (
        f"One collector of {asked.branch_name(branch)} wrote {count_of(receipts, 'receipt', 'receipts')} with "
        f"consecutive numbers for {homes} homes on one day{_pace(runs, line, receipts, asked)}."
    )
    run = f"a run of more than {homes_of(most)}" if most > 1 else "a run at all"
    compared = f"{past_of(book.years)} no other collector had {run}"
    compared += f", and this one {_had(own)}." if book.years else "."
    against = ["cash and dates say nothing about any one member: nobody is named because of this finding"]
    if own >= 3:
        against.append(f"the same collector had a run of {own} homes in an earlier year")
    return records.finding(
        Told(
            kind=KIND,
            key=(collector, branch, int(runs["first"][line])),
            branch=branch,
            seen=seen,
            compared=compared,
            observed=homes,
            homes=homes,
            first=day,
            last=day,
            expected_milli=milli,
            severity=records.weighed(severity, KIND, asked),
            innocent=INNOCENT,
            settles=SETTLES,
            against=tuple(against),
        ),
        asked,
    )


def _had(own: int) -> str:
    return f"had one of {homes_of(own)} at most" if own > 1 else "had none"


def _pace(runs: Mapping[str, Whole], line: int, receipts: int, asked: Asked) -> str:
    """How fast they followed one another, where the times are known."""
    early, late = int(runs["early"][line]), int(runs["late"][line])
    if early < 0 or receipts < 2:
        return ""
    if late - early <= asked.settings.receipts_minutes * (receipts - 1):
        keyed = "as when they are keyed in one after the other"
        return f", all within {count_of(late - early + 1, 'minute', 'minutes')}, {keyed}"
    return f", over {count_of(late - early + 1, 'minute', 'minutes')}"
