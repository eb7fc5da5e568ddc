"""What a new version of a rulebook would change, before anybody adopts it.

Takes two rulebooks and names of tables that the caller's engine holds: for each rulebook one with a column per
fact of its clauses (each as at its own days), and both with `member_id` and `branch`. Gives the statements to
run and, from their rows, the `Change`: how many members go from one outcome to another, by branch and by
clause. Numbers are exact; `publishable` is what may leave the officer's screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from selectorate.rules.objects import VOTE, Clause, Rulebook

OUTCOMES: Final = ("eligible", "ask", "not eligible")
FEWEST: Final = 10
"""A number of members below this, and not 0, is not published."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Members of one branch: all, those who were eligible and no longer would be, the other way round, and all
    others whose outcome changes."""

    name: str
    members: int
    lost: int
    gained: int
    other: int


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One clause by id. old, new: its test, None where it is not in that version; not_met: members of the new
    version's roll for whom it is not met where the old did not fail them; met: the other way round; unknown:
    for whom it becomes unknown; decisive: members no longer eligible whom no other clause stops."""

    id: str
    old: str | None
    new: str | None
    not_met: int
    met: int
    unknown: int
    decisive: int

    @property
    def says(self) -> str:
        if self.old is None:
            return f"is new: {self.new}"
        if self.new is None:
            return f"is gone: {self.old}"
        return "is unchanged" if self.old == self.new else f"was: {self.old}; becomes: {self.new}"


@dataclass(frozen=True, slots=True)
class Change:
    """moves: (outcome under the old version, under the new, members), all nine; branches: those with any change,
    the largest number first; clauses: in the order of the new file, then those that are gone; days: (day, old
    date or "", new date or "") where they differ."""

    old: str
    new: str
    right: str
    members: int
    moves: tuple[tuple[str, str, int], ...]
    branches: tuple[Branch, ...]
    clauses: tuple[ClauseChange, ...]
    days: tuple[tuple[str, str, str], ...]

    def moved(self, old: str, new: str) -> int:
        return next(number for one, other, number in self.moves if (one, other) == (old, new))

    @property
    def lost(self) -> int:
        """Members who are eligible under the old version and "not eligible" or "ask" under the new."""
        return sum(self.moved("eligible", new) for new in OUTCOMES if new != "eligible")

    @property
    def gained(self) -> int:
        return sum(self.moved(old, "eligible") for old in OUTCOMES if old != "eligible")

    def to_json(self) -> dict[str, Any]:
        """Exact numbers: for the officer's own screen."""
        return {
            "for": "the officer's own screen: exact numbers, not to be published",
            **_plain(self, lambda number: number),
            "branches": [
                {
                    "branch": one.name,
                    "members": one.members,
                    "no_longer_eligible": one.lost,
                    "newly_eligible": one.gained,
                    "other_changes": one.other,
                }
                for one in self.branches
            ],
        }


def outcome_sql(old: Rulebook, new: Rulebook, tables: tuple[str, str], right: str = VOTE) -> str:
    """SELECT branch, old outcome, new outcome, members: one row per combination that occurs."""
    return (
        f"SELECT branch, o.outcome, n.outcome, count(*) FROM"  # noqa: S608 - our SQL over the caller's tables
        f" (SELECT member_id, branch, {old.eligibility_sql(right)} AS outcome FROM {tables[0]}) o JOIN"
        f" (SELECT member_id, {new.eligibility_sql(right)} AS outcome FROM {tables[1]}) n USING (member_id)"
        " GROUP BY ALL ORDER BY ALL"
    )


def clause_sql(old: Rulebook, new: Rulebook, tables: tuple[str, str], right: str = VOTE) -> str:
    """One row: for each clause of `clause_ids`, in that order, not_met, met, unknown, decisive."""
    olds = {clause.id: clause for clause in old.right(right).clauses}
    news = {clause.id: clause for clause in new.right(right).clauses}
    ids = clause_ids(old, new, right)
    sides = [
        _side(olds, ids, f"o{{}}, {old.eligibility_sql(right)} AS o_outcome FROM {tables[0]}"),
        _side(news, ids, f"n{{}}, {new.eligibility_sql(right)} AS n_outcome FROM {tables[1]}"),
    ]
    lost = "o_outcome = 'eligible' AND n_outcome <> 'eligible'"
    counts = []
    for place in range(len(ids)):
        # A clause that a version does not have is met by everybody under it.
        o, n = f"coalesce(o{place}, 2)", f"coalesce(n{place}, 2)"
        others = " AND ".join(f"coalesce(n{other}, 2) = 2" for other in range(len(ids)) if other != place)
        counts += [
            f"count(*) FILTER ({n} = 0 AND {o} <> 0)",
            f"count(*) FILTER ({o} = 0 AND {n} = 2)",
            f"count(*) FILTER ({n} = 1 AND {o} <> 1)",
            f"count(*) FILTER ({lost} AND {n} <> 2 AND {others or 'TRUE'})",
        ]
    return f"SELECT {', '.join(counts)} FROM ({sides[0]}) JOIN ({sides[1]}) USING (member_id)"  # noqa: S608 - as above


def _side(clauses: dict[str, Clause], ids: Sequence[str], rest: str) -> str:
    """SELECT member_id and each clause as 0 not met, 1 unknown, 2 met, NULL where this version lacks it."""
    letter, tail = rest[0], rest.split("{}", 1)[1]
    columns = [
        f"CASE WHEN {clauses[name].needs.sql} IS NULL THEN 1 WHEN {clauses[name].needs.sql} THEN 2 ELSE 0 END"
        f" AS {letter}{place}"
        if name in clauses
        else f"CAST(NULL AS INTEGER) AS {letter}{place}"
        for place, name in enumerate(ids)
    ]
    return f"SELECT member_id, {', '.join(columns)}{tail}"


def clause_ids(old: Rulebook, new: Rulebook, right: str = VOTE) -> tuple[str, ...]:
    """Ids of the new version's clauses in their order, then of those that are gone."""
    return tuple(dict.fromkeys(clause.id for book in (new, old) for clause in book.right(right).clauses))


def change(
    old: Rulebook, new: Rulebook, outcomes: Iterable[Sequence[Any]], counted: Sequence[int], right: str = VOTE
) -> Change:
    """The change from the rows of both statements."""
    rows = [
        (str(branch or ""), str(before), str(after), int(number))
        for branch, before, after, number in outcomes
    ]
    branches = [
        _branch(name, [row for row in rows if row[0] == name]) for name in dict.fromkeys(r[0] for r in rows)
    ]
    changed = [one for one in branches if one.lost or one.gained or one.other]
    olds = {clause.id: clause.needs.text for clause in old.right(right).clauses}
    news = {clause.id: clause.needs.text for clause in new.right(right).clauses}
    return Change(
        old=old.version,
        new=new.version,
        right=right,
        members=sum(row[3] for row in rows),
        moves=tuple(
            (before, after, sum(row[3] for row in rows if row[1:3] == (before, after)))
            for before in OUTCOMES
            for after in OUTCOMES
        ),
        branches=tuple(sorted(changed, key=lambda one: (-one.lost, -one.gained, one.name))),
        clauses=tuple(
            ClauseChange(name, olds.get(name), news.get(name), *counted[place * 4 : place * 4 + 4])
            for place, name in enumerate(clause_ids(old, new, right))
        ),
        days=tuple(_days(old, new)),
    )


def _branch(name: str, rows: Sequence[tuple[str, str, str, int]]) -> Branch:
    lost = sum(number for _, before, after, number in rows if before == "eligible" != after)
    gained = sum(number for _, before, after, number in rows if after == "eligible" != before)
    moved = sum(number for _, before, after, number in rows if before != after)
    return Branch(name, sum(row[3] for row in rows), lost, gained, moved - lost - gained)


def _days(old: Rulebook, new: Rulebook) -> Iterator[tuple[str, str, str]]:
    before, after = dict(old.timetable), dict(new.timetable)
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield name, str(before.get(name, "")), str(after.get(name, ""))


def publishable(found: Change) -> dict[str, Any]:
    """What may be published: no number under 10 except 0, and no branch from which one could be worked out.

    Branches where fewer than 10 change stand together as one line; where that line itself would be under 10,
    the smallest branch shown joins it, so that no difference from the total tells a small number.
    """

    def cell(number: int) -> int | str:
        return number if number == 0 or number >= FEWEST else f"fewer than {FEWEST}"

    def total(one: Branch) -> int:
        return one.lost + one.gained + one.other

    def small(one: Branch) -> bool:
        return any(0 < number < FEWEST for number in (one.members, one.lost, one.gained, one.other))

    shown = sorted((one for one in found.branches if not small(one)), key=total)
    hidden = [one for one in found.branches if small(one)]
    while hidden and shown and not all(_together(hidden, part) for part in ("lost", "gained", "other")):
        hidden.append(shown.pop(0))
    lines = [
        {
            "branch": one.name,
            "members": one.members,
            "no_longer_eligible": one.lost,
            "newly_eligible": one.gained,
            "other_changes": one.other,
        }
        for one in reversed(shown)
    ]
    if hidden:
        lines.append(
            {
                "branch": f"{len(hidden)} other branches together" if len(hidden) > 1 else "one other branch",
                "members": cell(sum(one.members for one in hidden)),
                "no_longer_eligible": cell(sum(one.lost for one in hidden)),
                "newly_eligible": cell(sum(one.gained for one in hidden)),
                "other_changes": cell(sum(one.other for one in hidden)),
            }
        )
    plain = _plain(found, cell)
    if any(0 < number < FEWEST for _, _, number in found.moves):
        plain["moves"] = []  # with the totals beside them, the others would tell the small one
    return {"for": f"publication: numbers under {FEWEST} are not shown", **plain, "branches": lines}


def _together(hidden: Sequence[Branch], part: str) -> bool:
    number = int(sum(getattr(one, part) for one in hidden))
    return number == 0 or number >= FEWEST


def _plain(found: Change, cell: Any) -> dict[str, Any]:
    return {
        "old": found.old,
        "new": found.new,
        "right": found.right,
        "members": cell(found.members),
        "no_longer_eligible": cell(found.lost),
        "newly_eligible": cell(found.gained),
        "moves": [
            {"old": before, "new": after, "members": cell(number)} for before, after, number in found.moves
        ],
        "clauses": [
            {
                "id": one.id,
                "says": one.says,
                "newly_not_met": cell(one.not_met),
                "newly_met": cell(one.met),
                "newly_unknown": cell(one.unknown),
                "alone_decisive": cell(one.decisive),
            }
            for one in found.clauses
        ],
        "days": [{"day": name, "old": before, "new": after} for name, before, after in found.days],
    }
