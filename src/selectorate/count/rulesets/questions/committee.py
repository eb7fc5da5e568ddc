"""Committees from approvals, in proportion (engine: `count.committee`)."""

from __future__ import annotations

from selectorate.count.rulesets.asked import Asked

QUESTIONS: dict[str, Asked] = {
    "elects": Asked(
        "Who is elected?",
        (
            "one after the other, whoever adds most to the papers' satisfaction",
            "the committee with the greatest satisfaction of all",
            "one after the other, whoever leaves the smallest greatest load",
            "one after the other, whoever supporters can pay for at the smallest price each",
        ),
    ),
    "satisfaction": Asked(
        "What is a paper's satisfaction with n of its candidates elected?",
        ("1 + 1/2 + ... + 1/n", "does not arise"),
    ),
    "completion": Asked(
        "Who fills seats that nobody can pay for?",
        (
            "Phragmén's rule, starting from the money left",
            "nobody: the seats stay vacant",
            "does not arise",
        ),
    ),
    "empty": Asked(
        "What of a paper that approves of nobody?",
        ("blank, not counted", "valid, its share is spent on nobody"),
    ),
    "unsupported": Asked(
        "What of seats left when nobody approved of is left?", ("filled by lot among the others",)
    ),
    "largest": Asked(
        "How many different committees may there be, to be counted exactly?", (200_000, "any number")
    ),
    "ties": Asked("How are equal candidates told apart where a seat depends on it?", ("lot",)),
}

PAPERS = "marks"
