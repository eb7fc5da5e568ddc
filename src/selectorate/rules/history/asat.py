"""The facts of one member as at the rulebook's days, from what had been recorded by a day.

Takes the events of the member and the kinds that the sources cover; gives facts by name for
`Rulebook.eligibility`. A fact without a reading is given by the caller or stays unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from selectorate.rules.calendar import LAST_DAY
from selectorate.rules.expression import Value
from selectorate.rules.history.coverage import Covers, untold
from selectorate.rules.history.readings import Event, live, read
from selectorate.rules.objects import Rulebook


def facts_as_at(
    rulebook: Rulebook,
    events: Sequence[Event],
    covers: Covers,
    known: dt.date | None = None,
    given: Mapping[str, Value] | None = None,
) -> dict[str, Value]:
    """Facts by name. covers: kinds of event whose source was imported, for whom no event means that there was
    none; as a mapping, the spans of days of which that is so. known: only what had been recorded by that day, at
    most up to the rulebook's own `known_by`; given: facts that no event tells. The result may still name facts of
    None: unknown."""
    at_work = live(events, day_of_knowledge(rulebook, known))
    spells = {spell.id: spell for spell in rulebook.spells}
    days = dict(rulebook.timetable)
    found: dict[str, Value] = dict(given or {})
    for fact in rulebook.facts:
        if fact.reads is None:
            continue
        kinds = fact.reads.kinds(spells)
        if all(kind in covers for kind in kinds):
            day = days[fact.reads.as_at]
            gap = untold(covers, kinds, day)
            found[fact.name] = read(fact.reads, fact.type, at_work, day, spells, fact.one_of, gap)
        else:
            found[fact.name] = None
    return found


def day_of_knowledge(rulebook: Rulebook, known: dt.date | None) -> dt.date:
    """The last day whose records count: the earlier of the one asked for and the rulebook's `known_by`."""
    own = rulebook.day(rulebook.known_by) if rulebook.known_by else LAST_DAY
    return own if known is None else min(own, known)
