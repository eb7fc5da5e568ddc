"""Methods that compare grades (engine: `count.grades`)."""

from __future__ import annotations

from selectorate.count.rulesets.asked import Asked

QUESTIONS: dict[str, Asked] = {
    "grade": Asked(
        "Which grade is a candidate's?",
        ("the median; of two in the middle the better", "the median; of two in the middle the lower"),
    ),
    "unmarked": Asked(
        "What of a candidate to whom a paper gives no grade?", ("the worst grade", "the paper is invalid")
    ),
    "empty": Asked("What of a paper without any grade?", ("blank, not counted", "the paper is invalid")),
    "equal_grades": Asked(
        "What of candidates with the same grade?",
        ("one paper with that grade is taken from each, again and again, until the medians differ",),
    ),
    "several_seats": Asked("Who fills several seats?", ("the first of the order",)),
    "ties": Asked("How are equal candidates told apart where a seat depends on it?", ("lot",)),
}

PAPERS = "figures"
