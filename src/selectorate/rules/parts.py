"""Parts of a rulebook in which no test stands: contests, gaps between days, the terms of proxies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal, cast

from selectorate.rules.calendar import Gap, is_length
from selectorate.rules.faults import printable, suggestion
from selectorate.rules.keys import Table
from selectorate.rules.objects import Contest
from selectorate.rules.weights import ProxyTerms

ORDERS = ("random for each voter", "drawn once")


def read_contest(row: Table, contest_id: str, methods: tuple[str, ...] | None) -> Contest:
    """One `[[contest]]`. methods: the known rule sets, None where the caller has none to compare with."""
    seats = row.whole("seats", 1, 1000)
    question = (
        row.text("question", "", most=300) or contest_id.replace("_", " ").replace("-", " ").capitalize()
    )
    ballot, count = row.sub("ballot"), row.sub("count")
    kind = cast(Literal["ranked", "choose"], ballot.choice("kind", ("ranked", "choose")))
    order, blank = ballot.choice("order", ORDERS), ballot.flag("none_of_these", False)
    choose = None
    if kind == "choose":
        choose = (ballot.whole("at_least", 0, 1000, 0), ballot.whole("at_most", 1, 1000, seats))
        if choose[0] > choose[1]:
            row.fault(
                "ballot",
                f"`at_least` is {choose[0]} and `at_most` is {choose[1]}; expected no more than that.",
            )
    ballot.done()
    method, ties = count.text("method", most=60), count.text("ties", "as the rule set says", most=200)
    if method and methods is not None and method not in methods:
        count.choice("method", sorted(methods))
    count.done()
    row.done()
    return Contest(contest_id, seats, question, kind, order, blank, method, ties, choose)


def read_gap(row: Table, gap_id: str, days: Mapping[str, dt.date]) -> Gap:
    """One `[[gap]]`, held against the days: what is too near or too far is a fault at the later day."""
    cite = row.text("cite", most=200)
    earlier, later = _day(row, "after", days), _day(row, "day", days)
    least, most = _length(row, "at_least"), _length(row, "at_most")
    if not least and not most and not {"at_least", "at_most"} & row.table.keys():
        row.fault("at_least", "`at_least` or `at_most` is missing; a gap has one of them or both.")
    gap = Gap(gap_id, cite, earlier, later, least, most, row.text("says", ""))
    row.done()
    says = gap.fault(days) if earlier and later else ""
    if says:
        row.faults.add(("timetable", later), gap_id or "timetable", says)
    return gap


def read_proxy(row: Table, days: Mapping[str, dt.date]) -> ProxyTerms:
    """The terms of `[proxy]`."""
    terms = ProxyTerms(row.text("cite", most=200), row.whole("most", 1, 1000), _day(row, "by", days))
    row.done()
    return terms


def _day(row: Table, key: str, days: Mapping[str, dt.date]) -> str:
    """The name of a day of the timetable, or nothing and a fault."""
    name = row.text(key)
    if name and name not in days:
        row.fault(key, f"`{printable(name, 60)}` is not a day of the timetable.{suggestion(name, days)}")
    return name if name in days else ""


def _length(row: Table, key: str) -> str:
    length = row.text(key, "")
    if length and not is_length(length):
        row.fault(key, f'`{key}` is "{printable(length, 40)}"; expected a length like "15 days".')
        return ""
    return length
