"""Points by place on the paper: Borda's count and its named readings (engine: `count.points.borda`)."""

from __future__ import annotations

from selectorate.count.rulesets.asked import Asked
from selectorate.count.rulesets.cleaning import CLEANING

QUESTIONS: dict[str, Asked] = {
    "scale": Asked(
        "How many points has each place?",
        (
            "one less than there are candidates, and one less at each place",
            "as many as the paper ranks candidates, and one less at each place",
            "1, 1/2, 1/3 and so on",
        ),
    ),
    "unranked": Asked(
        "What do candidates get whom a paper does not rank?",
        ("nothing", "the points of the places left, shared equally"),
    ),
    "equal_points": Asked(
        "What do several candidates at one rank get?", ("the mean of the places that they take up",)
    ),
    "decided": Asked("Who is elected?", ("most points",)),
    "ties": Asked(
        "How are equal candidates told apart where a seat depends on it?",
        ("lot", "most first preferences, then lot"),
    ),
} | CLEANING
