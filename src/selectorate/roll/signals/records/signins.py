"""One device from which members of many homes sign in, on many different days.

At the door of a meeting one tablet serves everybody, on one evening: that is one day, however many come. Counted is
the smaller of homes and days, so that a device which speaks for many homes again and again stands out, beside what
devices did in earlier years. A device alone is weak: a person who helps neighbours has one.
"""

from __future__ import annotations

import numpy as np

from selectorate.roll.objects import Finding
from selectorate.roll.signals import records
from selectorate.roll.signals.objects import YEAR, Asked, Engine, Seen
from selectorate.roll.signals.records import HOME, Book, Peaks, Told, homes_of, members_of, past_of

KIND = "signins"
TITLE = "one device signs in for many homes"
HARD = False
SOFT = False
HEARD = False

INNOCENT = (
    "a tablet of the branch, a computer of a library, a hall or a shop, that everybody may use",
    "somebody who helps neighbours or parents who have no device",
    "a couple or friends who meet and sign in together",
)
SETTLES = (
    "each member says whether they signed in themselves, and whose device it was",
    "where the device stands, and whether the branch knows it",
)

_LINES = """
SELECT s.device, s.member_id AS member, s.branch, s.day, {freeze} - s.day AS back,
       coalesce({home}, 3 * s.member_id + 2) AS home
FROM signins s LEFT JOIN members m ON s.member_id = m.member_id
WHERE s.device >= 0 AND s.day <= {freeze} AND {freeze} - s.day < {reach}
"""
_DEVICES = """
SELECT device, back // {year} AS year, count(DISTINCT home) AS homes, count(DISTINCT day) AS days FROM signin_lines
GROUP BY device, year HAVING count(DISTINCT home) >= 2 ORDER BY device, year
"""
# Members who signed in from nowhere else in that year: for the others the device is only one of theirs.
_ONLY = """
WITH places AS (
  SELECT member, min(device) AS least, max(device) AS most FROM signin_lines WHERE back < {year} GROUP BY member)
SELECT l.member, min(l.branch) AS branch, min(l.home) AS home, min(l.day) AS first, max(l.day) AS last
FROM signin_lines l JOIN places p ON l.member = p.member
WHERE l.device = {device} AND l.back < {year} AND p.least = {device} AND p.most = {device}
GROUP BY l.member ORDER BY l.member
"""


def look(engine: Engine, asked: Asked) -> Seen:
    found = records.book(engine, asked, "signins")
    if not found.lines:
        return Seen(KIND)
    engine.keep("signin_lines", _LINES.format(freeze=asked.freeze, reach=YEAR * (found.years + 1), home=HOME))
    cells = engine.columns(_DEVICES.format(year=YEAR))
    reading = np.minimum(cells["homes"], cells["days"])
    reached = records.peaks((cells["device"],), cells["year"], reading, found.years)
    declared = {drive.device for drive in asked.declared.drives if drive.device >= 0}
    findings: list[Finding] = []
    for line in np.nonzero((cells["year"] == 0) & (reading >= asked.settings.signins_least))[0].tolist():
        device, count = int(cells["device"][line]), int(reading[line])
        milli = reached.expected_milli(reached.row((device,)), count, asked)
        if milli <= 1000 and device not in declared:
            findings.extend(_of_device(engine, asked, found, reached, device, milli))
    engine.drop("signin_lines")
    return Seen(KIND, findings=tuple(findings))


def _of_device(
    engine: Engine, asked: Asked, book: Book, reached: Peaks, device: int, milli: int
) -> tuple[Finding, ...]:
    lines = engine.columns(_ONLY.format(device=device, year=YEAR))
    homes = len(np.unique(lines["home"]))
    if homes < asked.settings.signins_least:
        return ()
    row = reached.row((device,))
    own, most = reached.own(row), reached.most(row)
    branches = np.unique(lines["branch"])
    first, last = int(lines["first"].min()), int(lines["last"].max())
    where = asked.branch_name(int(branches[0])) if len(branches) == 1 else f"{len(branches)} branches"
    members = len(lines["member"])
    others = f"more than {homes_of(most)} on as many days" if most else "two homes"
    compared = f"{past_of(book.years)} no other device signed in for {others}."
    against = (f"the same device did so for {own} homes in an earlier year",) if own >= 2 else ()
    told = Told(
        kind=KIND,
        key=(device,),
        branch=int(branches[0]) if len(branches) == 1 else -1,
        seen=f"{members_of(members)} from {homes} homes in {where} signed in from one device and "
        f"from no other, {records.span(first, last)}.",
        compared=compared,
        observed=homes,
        homes=homes,
        first=first,
        last=last,
        expected_milli=milli,
        severity=records.weighed(
            records.grade(2, milli, asked, known=reached.known(row, int(reached.seen[row, 0]), asked)),
            KIND,
            asked,
        ),
        innocent=INNOCENT,
        settles=SETTLES,
        against=against,
        members=tuple(lines["member"].tolist()),
        events=tuple(
            (day, member, "signin")
            for day, member in sorted(zip(lines["first"].tolist(), lines["member"].tolist(), strict=True))
        ),
    )
    return (records.finding(told, asked),)
