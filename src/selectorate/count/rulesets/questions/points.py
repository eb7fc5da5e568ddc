"""Methods that add up marks (engine: `count.points`)."""

from __future__ import annotations

from selectorate.count.rulesets.asked import Asked

QUESTIONS: dict[str, Asked] = {
    "marks": Asked(
        "What may a paper mark?",
        (
            "one candidate",
            "as many candidates as there are seats, each once",
            "one candidate fewer than there are seats, each once",
            "any number of candidates, each once",
            "as many votes as there are seats, several to one candidate if wished",
            "a score for each candidate",
        ),
    ),
    "highest": Asked(
        "What is the highest figure for one candidate?",
        (1, 2, 3, 4, 5, 6, 7, 9, 10, 20, 99, 100, "as many as there are seats"),
    ),
    "worth": Asked(
        "What is a mark worth?",
        ("one vote", "its figure", "one vote, shared equally among the candidates marked"),
    ),
    "unmarked": Asked(
        "What of a candidate whom a paper does not mark?",
        ("gets nothing from it", "the paper does not enter that candidate's mean"),
    ),
    "empty": Asked(
        "What of a paper without any mark?", ("blank, not counted", "valid, gives nobody anything")
    ),
    "over_use": Asked("What of a paper that marks more than it may?", ("the paper is invalid",)),
    "decided": Asked("Who is elected?", ("most votes", "highest mean", "runoff between the two highest")),
    "fills": Asked("How many seats can be filled?", ("one seat", "any number of seats")),
    "ties": Asked(
        "How are equal candidates told apart where a seat depends on it?",
        (
            "lot",
            "most highest marks, then lot",
            "scoring: fewest defeats head to head, most highest marks, lot; runoff: higher score, most highest "
            "marks, lot",
        ),
    ),
}

PAPERS = {
    "one candidate": "first",
    "as many candidates as there are seats, each once": "marks",
    "one candidate fewer than there are seats, each once": "marks",
    "any number of candidates, each once": "marks",
    "as many votes as there are seats, several to one candidate if wished": "figures",
    "a score for each candidate": "figures",
}
"""What kind of papers each answer to "marks" counts (`cleaning.papers_of`)."""
