"""Contacts of members changed by somebody else: by one log-in in one branch, or to the contact of others.

Whoever controls where ballots are sent votes for others. So edits are watched by log-in and day, while there is
still time: the measure is how many members of one branch a log-in ever changed in a day, a week, four weeks. A log-in
that works evenly through all branches is cleaning; what members change themselves has no log-in of its own and is
only seen where one branch has much more of it in a week than the others (that names nobody).

The members of such a finding are those whose contacts were changed: they are asked whether they wanted it, at the
old and the new contact. Nothing is held against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from selectorate.roll.objects import Finding
from selectorate.roll.signals import records
from selectorate.roll.signals.objects import YEAR, Asked, Engine, Seen, Whole
from selectorate.roll.signals.past import binomial_tail
from selectorate.roll.signals.records import (
    HOME,
    Book,
    Peaks,
    Told,
    about,
    homes_of,
    members_of,
    past_of,
)

KIND = "edits"
TITLE = "contacts of many members changed by one log-in"
HARD = True
SOFT = False
HEARD = True
"""Those named are to be heard; a finding puts nobody in question."""
WINDOWS = (1, 7, 28)
FIELDS = ("an address", "a telephone number", "an e-mail address")

INNOCENT = (
    "a secretary who enters what members reported at a meeting, or letters that came back",
    "a list that is being cleaned, or a provider that closed and made people change their address",
    "members without e-mail who all gave that of their branch or of a neighbour",
)
SETTLES = (
    "each member says, at the old contact and at the new one, whether they wanted the change",
    "whoever has the log-in says where the changes came from, and shows the forms or letters",
    "until that is known, the contact from before is used for what leads to a ballot",
)

_LINES = """
SELECT e.operator, e.branch, e.member_id AS member, e.day, e.minute, e.session, e.field, e.value,
       {freeze} - e.day AS back, coalesce({home}, 3 * e.member_id + 2) AS home
FROM edits e LEFT JOIN members m ON e.member_id = m.member_id
WHERE e.field >= 0 AND e.field <= 2 AND e.day <= {freeze} AND {freeze} - e.day < {reach}
"""
_CELLS = """
SELECT operator, branch, back // {window} AS part, count(DISTINCT member) AS members FROM edit_lines
WHERE operator >= 0 GROUP BY operator, branch, part ORDER BY operator, branch, part
"""
_WHOLE = """
SELECT operator, back // {window} AS part, count(DISTINCT member) AS members FROM edit_lines
WHERE operator >= 0 GROUP BY operator, part ORDER BY operator, part
"""
_WEEKS = """
SELECT branch, back // 7 AS part, count(DISTINCT member) AS members FROM edit_lines
GROUP BY branch, part ORDER BY branch, part
"""
_VALUES = """
SELECT field, value, back // {year} AS year, count(DISTINCT home) AS homes FROM edit_lines WHERE value >= 0
GROUP BY field, value, year HAVING count(DISTINCT home) >= 2 ORDER BY field, value, year
"""
_SIZES = "SELECT branch, count(*) AS members FROM members GROUP BY branch ORDER BY branch"


def look(engine: Engine, asked: Asked) -> Seen:
    found = records.book(engine, asked, "edits")
    if not found.lines:
        return Seen(KIND)
    reach = YEAR * (found.years + 1)
    engine.keep("edit_lines", _LINES.format(freeze=asked.freeze, reach=reach, home=HOME))
    done = _by_log_in(engine, asked, found)
    known = {member for one in done for member in one.members}
    # What a log-in did needs no second question about one contact of several, nor about its dates.
    shared = (one for one in _to_one_contact(engine, asked, found) if not known.issuperset(one.members))
    named = (*done, *shared)
    explained = {one.branch for one in named}
    dates = tuple(one for one in _weeks(engine, asked, found) if one.branch not in explained)
    engine.drop("edit_lines")
    return Seen(KIND, findings=(*named, *dates))


@dataclass(frozen=True, slots=True)
class _Hot:
    """A log-in in a branch in a window whose end lies `part` windows before the freeze."""

    operator: int
    branch: int
    window: int
    part: int
    members: int
    elsewhere: int
    expected_milli: int
    known: bool
    own: int
    most: int

    @property
    def rank(self) -> tuple[int, int, int]:
        """The least expected first; of equals the largest, then the latest."""
        return (self.expected_milli, -self.members, self.part)


def _by_log_in(engine: Engine, asked: Asked, book: Book) -> tuple[Finding, ...]:
    """One finding for each log-in and branch, of the window that is least to be expected."""
    sizes = engine.columns(_SIZES)
    size = dict(zip(sizes["branch"].tolist(), sizes["members"].tolist(), strict=True))
    hottest: dict[tuple[int, int], _Hot] = {}
    for window in WINDOWS:
        for hot in _hot(engine, asked, book, window, size):
            pair = (hot.operator, hot.branch)
            if pair not in hottest or hot.rank < hottest[pair].rank:
                hottest[pair] = hot
    return tuple(_of_log_in(engine, asked, book, hottest[pair]) for pair in sorted(hottest))


def _hot(engine: Engine, asked: Asked, book: Book, window: int, size: dict[int, int]) -> list[_Hot]:
    cells = engine.columns(_CELLS.format(window=window))
    whole = engine.columns(_WHOLE.format(window=window))
    total = {
        (operator, part): members
        for operator, part, members in zip(
            *(whole[name].tolist() for name in ("operator", "part", "members")), strict=True
        )
    }
    year = cells["part"] * window // YEAR
    settings = asked.settings
    least = dict(zip(WINDOWS, (settings.edits_day, settings.edits_week, settings.edits_month), strict=True))
    reached = records.peaks((cells["operator"], cells["branch"]), year, cells["members"], book.years)
    found = []
    for line in np.nonzero((year == 0) & (cells["members"] >= least[window]))[0].tolist():
        operator, branch = int(cells["operator"][line]), int(cells["branch"][line])
        part, members = int(cells["part"][line]), int(cells["members"][line])
        everywhere = total[operator, part]
        share = size.get(branch, 1) / max(1, asked.size)
        if records.share_tail(members, everywhere, share) * max(1, len(size)) > settings.edits_evenly / 1e6:
            continue
        row = reached.row((operator, branch))
        milli = reached.expected_milli(row, members, asked)
        if milli > 1000:
            continue
        known = reached.known(row, members, asked)
        found.append(
            _Hot(
                operator,
                branch,
                window,
                part,
                members,
                everywhere - members,
                milli,
                known,
                reached.own(row),
                reached.most(row),
            )
        )
    return found


def _of_log_in(engine: Engine, asked: Asked, book: Book, hot: _Hot) -> Finding:
    """Everything that the log-in changed in this branch in the four weeks around that window."""
    near, far = max(0, hot.part * hot.window - 28), (hot.part + 1) * hot.window + 28
    lines = engine.columns(
        "SELECT member, day, minute, session, field, home FROM edit_lines "
        f"WHERE operator = {hot.operator} AND branch = {hot.branch} AND back >= {near} AND back < {far} "
        "ORDER BY day, minute, member, field, session"
    )
    members = np.unique(lines["member"])
    first, last = int(lines["day"].min()), int(lines["day"].max())
    severity = records.grade(
        4 if len(members) >= asked.settings.heard_vote else 3, hot.expected_milli, asked, known=hot.known
    )
    branch = asked.branch_name(hot.branch)
    kinds = " and ".join(_fields(lines["field"]))
    seen = (
        f"One log-in changed {kinds} of {members_of(len(members))} of {branch} "
        f"{records.span(first, last)}{_most(hot, len(members))}."
    )
    own = f"those of at most {members_of(hot.own)}" if hot.own else "none"
    compared = (
        f"{past_of(book.years)} no other log-in changed contacts of {_more(hot.most)} of one branch in such a time"
        f"{f', and this one changed {own}' if book.years else ''}."
    )
    return records.finding(
        Told(
            kind=KIND,
            key=(hot.operator, hot.branch),
            branch=hot.branch,
            seen=seen,
            compared=compared,
            observed=hot.members,
            homes=len(np.unique(lines["home"])),
            first=first,
            last=last,
            expected_milli=hot.expected_milli,
            severity=records.weighed(severity, KIND, asked),
            innocent=INNOCENT,
            settles=SETTLES,
            against=_against(lines, hot),
            members=tuple(members.tolist()),
            events=_events(lines),
        ),
        asked,
    )


def _fields(field: Whole) -> list[str]:
    """What was changed: "71 addresses", most first."""
    many = ("addresses", "telephone numbers", "e-mail addresses")
    counts = [(int((field == number).sum()), number) for number in range(3)]
    said = [
        FIELDS[number] if count == 1 else f"{count:,} {many[number]}"
        for count, number in sorted(counts, key=lambda pair: (-pair[0], pair[1]))
        if count
    ]
    return [", ".join(said[:-1]), said[-1]] if len(said) > 1 else said


def _more(most: int) -> str:
    return f"more than {members_of(most)}" if most else "any member"


def _most(hot: _Hot, members: int) -> str:
    if hot.members == members:
        return ""
    return (
        f", {hot.members} of these members {'on one day' if hot.window == 1 else f'within {hot.window} days'}"
    )


def _against(lines: Mapping[str, Whole], hot: _Hot) -> tuple[str, ...]:
    said = []
    if hot.own >= 2:
        said.append(
            f"the same log-in changed contacts of {hot.own} members of this branch in such a time in an earlier year"
        )
    if hot.elsewhere:
        said.append(
            f"in the same time it changed contacts of {members_of(hot.elsewhere)} of other branches too"
        )
    sessions = len(np.unique(lines["session"][lines["session"] >= 0]))
    if sessions > 1:
        said.append(f"the changes were made in {sessions} sittings, not in one go")
    return tuple(said)


def _events(lines: Mapping[str, Whole]) -> tuple[tuple[int, int, str], ...]:
    pairs = sorted(set(zip(lines["day"].tolist(), lines["member"].tolist(), strict=True)))
    return tuple((day, member, "edit") for day, member in pairs)


def _to_one_contact(engine: Engine, asked: Asked, book: Book) -> tuple[Finding, ...]:
    """Several homes whose contact became one and the same."""
    cells = engine.columns(_VALUES.format(year=YEAR))
    reached = records.peaks((cells["field"], cells["value"]), cells["year"], cells["homes"], book.years)
    found = []
    for line in np.nonzero((cells["year"] == 0) & (cells["homes"] >= asked.settings.edits_homes))[0].tolist():
        what, value, homes = (int(cells[name][line]) for name in ("field", "value", "homes"))
        row = reached.row((what, value))
        milli = reached.expected_milli(row, homes, asked)
        if milli <= 1000:
            found.append(_of_contact(engine, asked, book, (what, value, homes, milli), reached, row))
    return tuple(found)


def _of_contact(
    engine: Engine, asked: Asked, book: Book, cell: tuple[int, int, int, int], reached: Peaks, row: int
) -> Finding:
    what, value, homes, milli = cell
    lines = engine.columns(
        "SELECT member, branch, day, minute, session, field, home FROM edit_lines "
        f"WHERE field = {what} AND value = {value} AND back < {YEAR} ORDER BY day, member, minute, session, branch"
    )
    members, branches = np.unique(lines["member"]), np.unique(lines["branch"])
    first, last = int(lines["day"].min()), int(lines["day"].max())
    known = reached.known(row, homes, asked)
    severity = records.grade(3 if homes >= asked.settings.now_homes else 2, milli, asked, known=known)
    where = asked.branch_name(int(branches[0])) if len(branches) == 1 else f"{len(branches)} branches"
    most = reached.most(row)
    others = f"more than {homes_of(most)}" if most else "two homes"
    return records.finding(
        Told(
            kind=KIND,
            key=(what, value),
            branch=int(branches[0]) if len(branches) == 1 else -1,
            seen=f"{members_of(len(members))} from {homes} homes in {where} were given one and the "
            f"same {FIELDS[what].split(' ', 1)[1]} {records.span(first, last)}.",
            compared=f"{past_of(book.years)} no other was given to {others}.",
            observed=homes,
            homes=homes,
            first=first,
            last=last,
            expected_milli=milli,
            severity=records.weighed(severity, KIND, asked),
            innocent=INNOCENT,
            settles=SETTLES,
            against=(f"the changes were made on {len(np.unique(lines['day']))} days",)
            if first < last
            else (),
            members=tuple(members.tolist()),
            events=_events(lines),
        ),
        asked,
    )


def _weeks(engine: Engine, asked: Asked, book: Book) -> tuple[Finding, ...]:
    """A branch in which far more members' contacts change in a week than the other branches' same week and its
    own past let expect, by whoever. Dates alone: nobody is named."""
    cells = engine.columns(_WEEKS)
    sizes = engine.columns(_SIZES)
    share = {
        b: n / max(1, asked.size)
        for b, n in zip(sizes["branch"].tolist(), sizes["members"].tolist(), strict=True)
    }
    year = cells["part"] * 7 // YEAR
    reached = records.peaks((cells["branch"],), year, cells["members"], book.years)
    settings = asked.settings
    weekly = np.bincount(cells["part"], weights=cells["members"])
    looked = 52 * max(1, len(share))
    found: dict[int, tuple[float, int, int, float]] = {}
    for line in np.nonzero((year == 0) & (cells["members"] >= 2 * settings.edits_week))[0].tolist():
        branch, part, members = (int(cells[name][line]) for name in ("branch", "part", "members"))
        held = share.get(branch, 0.0)
        others = (weekly[part] - members) * held / max(1e-9, 1 - held)
        usual = float(weekly.mean()) * held
        mean = max(
            others, usual, settings.known * reached.own(reached.row((branch,))), settings.edits_floor / 1000
        )
        chance = looked * binomial_tail(members, mean, settings.scatter)
        if chance <= settings.chance_notice / 1000 and (branch not in found or chance < found[branch][0]):
            found[branch] = (chance, part, members, mean)
    return tuple(_of_week(asked, book, reached, branch, found[branch]) for branch in sorted(found))


def _of_week(
    asked: Asked, book: Book, reached: Peaks, branch: int, week: tuple[float, int, int, float]
) -> Finding:
    chance, part, members, mean = week
    last = asked.freeze - 7 * part
    own = reached.own(reached.row((branch,)))
    compared = f"Going by the other branches in that week and by its own past, {about(mean)} to be expected."
    if book.years:
        compared += f" {past_of(book.years)} no week brought it {f'more than {own:,}' if own else 'any'}."
    milli = round(1000 * chance)
    return records.finding(
        Told(
            kind=KIND,
            key=(branch, part),
            branch=branch,
            seen=f"Contacts of {members} members of {asked.branch_name(branch)} were changed within one week.",
            compared=compared,
            observed=members,
            homes=0,
            first=last - 6,
            last=last,
            expected_milli=milli,
            severity=records.weighed(records.grade(2, milli, asked), KIND, asked),
            innocent=INNOCENT,
            settles=SETTLES,
            against=(
                "dates alone say nothing about any one member: nobody is named because of this finding",
            ),
        ),
        asked,
    )
