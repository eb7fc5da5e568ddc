"""Methods that compare candidates two by two (engine: `count.pairwise`)."""

from __future__ import annotations

from selectorate.count.rulesets.asked import Asked
from selectorate.count.rulesets.cleaning import CLEANING

QUESTIONS: dict[str, Asked] = {
    "order": Asked(
        "How do comparisons become an order?",
        (
            "strongest paths",
            "locking from the strongest comparison down, none that closes a circle",
            "smallest greatest defeat first",
            "most comparisons won first, a drawn one half",
            "the order with which papers agree most, over all pairs",
        ),
    ),
    "strength": Asked(
        "How strong is a comparison that is won?",
        (
            "papers for the winner, then fewer against",
            "papers for the winner",
            "papers for the winner less those against",
            "does not arise",
        ),
    ),
    "unranked": Asked(
        "What of candidates whom a paper does not rank?",
        ("below every ranked candidate, equal among themselves", "the paper compares them with nobody"),
    ),
    "several_seats": Asked("Who fills several seats?", ("the first of the order",)),
    "equal_strength": Asked(
        "What of comparisons of equal strength?",
        (
            "taken together; where they would close a circle, one by one by lot: its winner, then its loser",
            "does not arise",
        ),
    ),
    "largest": Asked("How many candidates can be counted exactly?", (14, 200)),
    "ties": Asked(
        "How are equal candidates told apart where a seat depends on it?",
        ("lot", "most first preferences, then lot"),
    ),
} | CLEANING
