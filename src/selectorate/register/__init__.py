"""Register: cases decided by published criteria, the same for every person and body.

Takes a case file that the officer wrote (docs/manual/cases.md) and a rulebook. Gives a `Decided`: the outcome
that the rulebook computes from the facts, the public part for the record, and the private statement of
reasons.

Refuses a case whose procedure is incomplete: no notice, time to answer not over, a decider whom it concerns,
facts missing. Refuses an outcome other than the computed one, unless the appeal body departs with a reason.
The days to answer and the number of independent sources are derived from the case's own dates and evidence;
nobody can state them.

Deliberately absent: a way for a decision to see a name, interim measures, a clock (today comes as an
argument), and anything about eligibility on the roll.
"""

from selectorate.register.objects import Case, Decided, Evidence, Stage
from selectorate.register.procedure import decide, departures_by, derived_facts, stage
from selectorate.register.read import read_case
from selectorate.register.reasons import statement

__all__ = [
    "Case",
    "Decided",
    "Evidence",
    "Stage",
    "decide",
    "departures_by",
    "derived_facts",
    "read_case",
    "stage",
    "statement",
]
