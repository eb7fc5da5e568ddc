"""One winner by rounds, somebody going out in each (engine: `count.rounds.eliminating`)."""

from __future__ import annotations

from selectorate.count.rulesets.asked import Asked
from selectorate.count.rulesets.cleaning import CLEANING

QUESTIONS: dict[str, Asked] = {
    "takes_part": Asked(
        "Who takes part in the rounds?",
        (
            "every candidate",
            "the smallest group whose members beat everybody outside it, paper against paper",
        ),
    ),
    "worth": Asked(
        "What is a paper worth?",
        (
            "one vote",
            "its share of its unit's 100 points",
            "its share of its unit's 100 points, or of one point for each paper where there are fewer papers",
            "its share of the points declared for its unit",
        ),
    ),
    "wins": Asked(
        "How many votes win?",
        (
            "more than half of the votes that still count",
            "half of the votes that still count",
            "more than half of all votes",
        ),
    ),
    "ends": Asked(
        "When does the count end?",
        ("as soon as a candidate has so many", "when two are left, the one with more votes wins"),
    ),
    "exclusion": Asked(
        "Who goes out?",
        (
            "the one with the fewest votes",
            "all lowest whose votes together are fewer than the next candidate's; else the one with the fewest",
            "all lowest whose votes together are no more than the next candidate's; else the one with the fewest",
            "the one who is last on the most papers",
        ),
    ),
    "last_place": Asked(
        "Who is last on a paper that does not rank everybody who is still in?",
        (
            "does not arise",
            "those who are not on it, each an equal part",
            "the last on it who is still in",
        ),
    ),
    "first_out": Asked(
        "Who goes out before anybody else?",
        ("nobody", "undeclared write-ins, if they have votes"),
    ),
    "ties": Asked(
        "How are equal votes told apart?",
        ("latest earlier stage that differs, else lot", "earliest stage that differs, else lot", "lot"),
    ),
    "none_of_these": Asked(
        "What of “Re-open nominations” or “None of these” on the paper?",
        (
            "a name like any other",
            "stands like a candidate; if it wins, the seat stays vacant",
            "never goes out; if it wins, the seat stays vacant",
        ),
    ),
} | CLEANING
