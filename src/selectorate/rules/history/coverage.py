"""Of which days the sources tell: a kind of event is covered for a time, and outside it nothing is known.

What a reading gives stays known only where no event of an untold day could change it: an event that is there
answers "whether", and what comes last is known if every day since is told of. Both back ends ask here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from selectorate.rules.calendar import FIRST_DAY

Span = tuple[dt.date | None, dt.date | None]
"""First and last day that a source tells of, both in; None where it has no such bound."""
Covers = Collection[str] | Mapping[str, Collection[Span]]
"""The kinds of event that the sources tell of, for ever or, as a mapping, in these spans."""


@dataclass(frozen=True, slots=True)
class Untold:
    """The first and the last day up to the one that is looked at of which no source tells."""

    first: dt.date
    last: dt.date


def untold(covers: Covers, kinds: Collection[str], day: dt.date) -> Untold | None:
    """The untold days of some kinds of event up to a day, that day too; None where all are told of."""
    if not isinstance(covers, Mapping):
        return None
    found = [one for kind in kinds if (one := _of_kind(covers[kind], day)) is not None]
    return Untold(min(one.first for one in found), max(one.last for one in found)) if found else None


def _of_kind(spans: Collection[Span], day: dt.date) -> Untold | None:
    one_day = dt.timedelta(days=1)
    told = sorted((first or FIRST_DAY, min(last or day, day)) for first, last in spans)
    gaps: list[tuple[dt.date, dt.date]] = []
    reached = FIRST_DAY  # the first day of which it is not yet seen whether a source tells
    for first, last in told:
        if first > day or last < first:
            continue
        if first > reached:
            gaps.append((reached, first - one_day))
        reached = max(reached, last + one_day)
    if reached <= day:
        gaps.append((reached, day))
    return Untold(gaps[0][0], gaps[-1][1]) if gaps else None
