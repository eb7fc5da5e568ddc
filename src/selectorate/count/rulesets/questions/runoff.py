"""One winner in two rounds, the first by first preferences (engine: `count.rounds.runoff`)."""

from __future__ import annotations

from selectorate.count.rulesets.asked import Asked
from selectorate.count.rulesets.cleaning import CLEANING

QUESTIONS: dict[str, Asked] = {
    "first_round": Asked(
        "How many first preferences win at once?",
        ("more than half of the valid papers",),
    ),
    "goes_on": Asked(
        "Who goes on to the second round?",
        (
            "the two with the most first preferences",
            "everybody with the most first preferences; if that is one, everybody with the second most",
        ),
    ),
    "second_round": Asked(
        "What decides the second round?",
        (
            "a second ballot, which is another poll",
            "each paper counts for the one of them whom it ranks highest",
            "the second preference of each paper whose first is out",
        ),
    ),
    "ties": Asked("How are equal votes told apart?", ("more first preferences, else lot", "lot")),
} | CLEANING
