"""Weights and proxies: how many votes somebody carries, and whose.

A weight is a number from declared facts: the members a delegate stands for, the units of a co-operative. A
proxy is a member who casts another's vote; it is decided by the same rules for everybody, and every
appointment that does not count has its reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from selectorate.rules.expression import Amount, Condition


@dataclass(frozen=True, slots=True)
class Weight:
    """How many votes somebody carries for whom `when` holds. The first that holds counts."""

    id: str
    cite: str
    when: Condition
    votes: Amount
    says: str

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.when.facts, *self.votes.facts)))


@dataclass(frozen=True, slots=True)
class ProxyTerms:
    """most: appointments that one holder may carry; by: the day of the timetable by which they are lodged."""

    cite: str
    most: int
    by: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """One member lets another cast their vote. Both by number; lodged: the day on which it came in."""

    giver: str
    holder: str
    lodged: dt.date


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an appointment counts. holds: True, False, or None where somebody's own vote is not settled."""

    appointment: Appointment
    holds: bool | None
    because: str


def weight_sql(weights: Sequence[Weight]) -> str:
    """`Rulebook.weight` as one DuckDB expression."""
    if not weights:
        return "1"
    arms = " ".join(
        f"WHEN {one.when.sql} IS NULL THEN NULL WHEN {one.when.sql} THEN {one.votes.sql}" for one in weights
    )
    return f"CASE {arms} ELSE 1 END"


def proxies(
    terms: ProxyTerms,
    last_day: dt.date,
    appointments: Iterable[Appointment],
    may_vote: Mapping[str, bool | None],
) -> tuple[Standing, ...]:
    """Which appointments count, in the order in which they were lodged, each with its reason.

    appointments: in the order in which they came in; may_vote: by member, None where it is not settled,
    absent where nobody has that number. The last appointment that a giver lodged in time counts; a holder
    must have a vote, and one who has given their own away carries none; a holder carries at most `most`, the
    first that came in.
    """
    listed = sorted(appointments, key=lambda one: one.lodged)
    in_time = [one for one in listed if one.lodged <= last_day]
    latest = {one.giver: place for place, one in enumerate(in_time)}
    away = {one.giver for one in in_time}
    carried: dict[str, int] = {}
    found = []
    for place, one in enumerate(listed):
        holds, because = _judge(terms, one, last_day, latest.get(one.giver) == place, away, may_vote)
        if holds is not False and carried.get(one.holder, 0) >= terms.most:
            holds, because = False, f"{one.holder} carries {terms.most} already, the most under {terms.cite}"
        if holds is not False:
            carried[one.holder] = carried.get(one.holder, 0) + 1
        found.append(Standing(one, holds, because))
    return tuple(found)


def _judge(
    terms: ProxyTerms,
    one: Appointment,
    last_day: dt.date,
    newest: bool,
    away: set[str],
    may_vote: Mapping[str, bool | None],
) -> tuple[bool | None, str]:
    if one.lodged > last_day:
        return False, f"it came in on {one.lodged}; {terms.cite} asks for {last_day} or earlier"
    if not newest:
        return False, f"{one.giver} lodged a later one"
    if one.giver == one.holder:
        return False, f"{one.giver} cannot be their own proxy"
    if one.holder in away:
        return False, f"{one.holder} has given their own vote away and carries none"
    for member, role in ((one.giver, "give away"), (one.holder, "carry another's")):
        if may_vote.get(member, False) is False:
            return False, f"{member} has no vote and can {role} none"
    if None in (may_vote[one.giver], may_vote[one.holder]):
        return None, "it is not settled yet whether both may vote"
    return True, f"it counts under {terms.cite}"
