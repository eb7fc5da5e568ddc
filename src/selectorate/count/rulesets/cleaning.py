"""What a rule set says of marks that are no plain ranking. The same questions in every family that counts ranks.

Cleaning is a step of its own, before the count (`count.cleaning`); the sheet says how many papers it touched.
"""

from __future__ import annotations

from selectorate.count.rulesets.asked import Asked

CLEANING: dict[str, Asked] = {
    "first_preference": Asked(
        "Which papers are valid?",
        ("one single first preference", "any preference for a candidate"),
    ),
    "gaps": Asked(
        "What of a rank that is left out?",
        ("passed over", "the paper ends there", "two in a row end the paper", "the paper is invalid"),
    ),
    "equal_ranks": Asked(
        "What of several candidates at one rank?",
        ("the paper ends there", "passed over", "counted as equal", "the paper is invalid"),
    ),
    "repeated": Asked(
        "What of a candidate who stands on a paper twice?",
        ("the later mark is passed over", "the paper ends there", "the paper is invalid"),
    ),
    "withdrawn": Asked("What of candidates who withdrew?", ("taken off every paper before the count",)),
}
"""A rank that the file calls an overvote is treated as several candidates at one rank."""
