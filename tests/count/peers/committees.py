"""Started by a Python that has abcvoting, never imported: elections as JSON on standard input, committees out.

In: a list of {"size": candidates, "seats": n, "papers": [[approved, ...], ...]}. Out: for each election rule set
-> every committee that the rule allows, ties in all ways.
"""

import json
import sys

from abcvoting import abcrules
from abcvoting.preferences import Profile

RULES = {
    "block-approval": ("av", "fastest"),
    "satisfaction-approval": ("sav", "fastest"),
    "pav": ("pav", "branch-and-bound"),
    "sequential-pav": ("seqpav", "standard"),
    "sequential-phragmen": ("seqphragmen", "standard-fractions"),
    "equal-shares": ("equal-shares", "standard-fractions"),
}

answers = []
for election in json.load(sys.stdin):
    profile = Profile(election["size"])
    profile.add_voters(election["papers"])
    answers.append(
        {
            name: sorted(
                sorted(map(int, committee))
                for committee in abcrules.compute(
                    rule, profile, committeesize=election["seats"], algorithm=algorithm, resolute=False
                )
            )
            for name, (rule, algorithm) in RULES.items()
        }
    )
json.dump(answers, sys.stdout)
