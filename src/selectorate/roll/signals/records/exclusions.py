"""Members left out by those in power, more of one branch, of one reason or of one recruiter than of the others.

Capture has a mirror image: whoever decides who belongs can decide a vote. The rate of exclusion of each branch, of
each reason within a branch, and of those whom one recruiter brought, is held against the rate of all others in the
same time. The finding is about those who decide. It names the members who were left out, as people to be heard:
nothing is said against them, and no finding puts them in question.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from selectorate.roll.objects import Finding
from selectorate.roll.signals import records
from selectorate.roll.signals.objects import YEAR, Asked, Engine, Seen, Whole
from selectorate.roll.signals.past import binomial_tail
from selectorate.roll.signals.records import Book, Told, members_of, most_of, past_of

KIND = "exclusions"
TITLE = "members of one branch, reason or recruiter were left out more than others"
HARD = True
SOFT = False
HEARD = True

WHATEVER = "0 * reason"
"""Every reason alike: a query part that names no reason."""

INNOCENT = (
    "a branch that cleaned its list before the others did",
    "members who had all lapsed, moved away or died",
    "a breach of the rules that several people committed together",
)
SETTLES = (
    "for each member left out: which rule, on what evidence, decided by whom and when",
    "the same rule applied to the same facts in the other branches",
    "each of them is heard, and told how to appeal",
)

_LINES = """
SELECT x.member_id AS member, x.branch, x.day, x.reason, x.recruiter, {freeze} - x.day AS back FROM exclusions x
WHERE x.day <= {freeze} AND {freeze} - x.day < {reach}
"""
# Whoever was left out may still stand on the list or not: counted once, with the branch that left them out.
_SIZES = """
WITH all_of AS (
  SELECT m.member_id AS member, m.branch, m.recruiter FROM members m ANTI JOIN exclusion_lines x
  ON m.member_id = x.member
  UNION ALL SELECT member, max(branch) AS branch, max(recruiter) AS recruiter FROM exclusion_lines WHERE back < {year}
  GROUP BY member)
SELECT {column} AS value, count(*) AS members FROM all_of WHERE {column} >= 0 GROUP BY {column} ORDER BY value
"""
_COUNTS = """
SELECT {column} AS value, {reason} AS reason, back // {year} AS year, count(DISTINCT member) AS members
FROM exclusion_lines WHERE {column} >= 0 GROUP BY {column}, {reason}, year ORDER BY value, reason, year
"""


def look(engine: Engine, asked: Asked) -> Seen:
    found = records.book(engine, asked, "exclusions")
    if not found.lines:
        return Seen(KIND)
    engine.keep("exclusion_lines", _LINES.format(freeze=asked.freeze, reach=YEAR * (found.years + 1)))
    rates = [
        rate
        for column, reason in (("branch", WHATEVER), ("branch", "reason"), ("recruiter", WHATEVER))
        for rate in _rates(engine, asked, found, column, reason)
    ]
    findings = tuple(_of_rate(engine, asked, found, rate) for rate in _strongest(rates))
    engine.drop("exclusion_lines")
    return Seen(KIND, findings=findings)


@dataclass(frozen=True, slots=True)
class _Rate:
    """One part of the members, and how many of it were left out in the year before the freeze."""

    column: str
    value: int
    reason: int
    excluded: int
    members: int
    others_excluded: int
    others: int
    own: int
    expected_milli: int


def _rates(engine: Engine, asked: Asked, book: Book, column: str, reason: str) -> list[_Rate]:
    sizes = engine.columns(_SIZES.format(column=column, year=YEAR))
    size = dict(zip(sizes["value"].tolist(), sizes["members"].tolist(), strict=True))
    counts = engine.columns(_COUNTS.format(column=column, reason=reason, year=YEAR))
    reached = records.peaks(
        (counts["value"], counts["reason"]), counts["year"], counts["members"], book.years
    )
    this = counts["year"] == 0
    total: dict[int, int] = {}
    for reason_of, members in zip(
        counts["reason"][this].tolist(), counts["members"][this].tolist(), strict=True
    ):
        total[reason_of] = total.get(reason_of, 0) + members
    everybody = sum(size.values())
    looked, settings = max(1, len(reached.keys)), asked.settings
    found = []
    for line in np.nonzero(this & (counts["members"] >= settings.exclusions_members))[0].tolist():
        value, why, excluded = (int(counts[name][line]) for name in ("value", "reason", "members"))
        members = size.get(value, excluded)
        others, others_excluded = everybody - members, total[why] - excluded
        own = reached.own(reached.row((value, why)))
        mean = max(members * (others_excluded + 0.5) / max(1, others + 1), settings.known * own)
        milli = round(1000 * looked * binomial_tail(excluded, mean, settings.scatter))
        if excluded >= settings.exclusions_times * mean and milli <= settings.chance_notice:
            reason_number = why if reason == "reason" else -1
            found.append(
                _Rate(column, value, reason_number, excluded, members, others_excluded, others, own, milli)
            )
    return found


def _strongest(rates: list[_Rate]) -> list[_Rate]:
    """One a branch or recruiter: the whole of it, unless one reason says more."""
    best: dict[tuple[str, int], _Rate] = {}
    for rate in sorted(rates, key=lambda one: (one.expected_milli, -one.excluded, one.reason)):
        best.setdefault((rate.column, rate.value), rate)
    return [best[key] for key in sorted(best)]


def _of_rate(engine: Engine, asked: Asked, book: Book, rate: _Rate) -> Finding:
    of_reason = f" AND reason = {rate.reason}" if rate.reason >= 0 else ""
    lines = engine.columns(
        "SELECT member, min(branch) AS branch, min(day) AS day FROM exclusion_lines "
        f"WHERE {rate.column} = {rate.value}{of_reason} AND back < {YEAR} GROUP BY member ORDER BY day, member"
    )
    branches = np.unique(lines["branch"])
    first, last = int(lines["day"].min()), int(lines["day"].max())
    by_branch = rate.column == "branch"
    where = f"of {asked.branch_name(rate.value)}" if by_branch else "whom one person recruited"
    why = " for one and the same reason" if rate.reason >= 0 else ""
    pressing = asked.freeze - last <= asked.settings.exclusions_days
    severity = 4 if rate.excluded >= asked.settings.heard_vote and pressing else 3
    share = 1000 * rate.others_excluded / max(1, rate.others)
    compared = f"Of the others {_share(share)} left out in that year{why}."
    if book.years:
        of_these = "that branch" if by_branch else "them"
        verb = "were" if rate.own > 1 else "was"
        most = most_of(rate.own, str, "nobody" if by_branch else "none")
        compared += f" {past_of(book.years)} {most} of {of_these} {verb} left out{why} in a year."
    return records.finding(
        Told(
            kind=KIND,
            key=(0 if by_branch else 1, rate.value, rate.reason),
            branch=rate.value if by_branch else int(branches[0]) if len(branches) == 1 else -1,
            seen=f"{rate.excluded} of {members_of(rate.members)} {where} were left out{why} "
            f"{records.span(first, last)}.",
            compared=compared,
            observed=rate.excluded,
            homes=0,
            first=first,
            last=last,
            expected_milli=rate.expected_milli,
            severity=records.weighed(records.grade(severity, rate.expected_milli, asked), KIND, asked),
            innocent=INNOCENT,
            settles=SETTLES,
            against=_against(rate, lines["day"], asked),
            members=tuple(lines["member"].tolist()),
            events=tuple(
                (day, member, "exclusion")
                for day, member in zip(lines["day"].tolist(), lines["member"].tolist(), strict=True)
            ),
        ),
        asked,
    )


def _share(milli: float) -> str:
    """So many in a thousand, with its verb."""
    if not milli:
        return "nobody was"
    if milli < 0.95:
        return "less than 1 in 1,000 was"
    return f"about {milli:.0f} in 1,000 {'was' if milli < 1.5 else 'were'}"


def _against(rate: _Rate, days: Whole, asked: Asked) -> tuple[str, ...]:
    said = ["this is about those who decide: nothing is held against the members who were left out"]
    if rate.own >= asked.settings.exclusions_members // 2:
        said.append(f"in an earlier year {rate.own} were left out there as well")
    if len(np.unique(days)) > 3:
        said.append(f"it was decided on {len(np.unique(days))} different days")
    return tuple(said)
