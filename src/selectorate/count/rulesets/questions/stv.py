"""Single transferable vote by Gregory transfers (engine: `count.stv`)."""

from __future__ import annotations

from selectorate.count.rulesets.asked import Asked
from selectorate.count.rulesets.cleaning import CLEANING

QUESTIONS: dict[str, Asked] = {
    "quota": Asked(
        "How many votes make a candidate safe?",
        ("whole votes, one above valid / (seats + 1) without its fraction",),
    ),
    "elected_when": Asked(
        "When is a candidate elected by votes?", ("at the end of any stage, at the quota or above",)
    ),
    "order_elected": Asked("In which order are those elected at one stage listed?", ("most votes first",)),
    "surplus_next": Asked("Which surplus moves first, and may it wait?", ("largest, never deferred",)),
    "papers_examined": Asked("Which papers of an elected candidate move?", ("all papers held",)),
    "transfer_value": Asked(
        "What is a paper worth when a surplus moves it?", ("value received x surplus / votes",)
    ),
    "places": Asked("To how many decimal places are votes reckoned?", (0, 2, 3, 4, 5, 6, 9)),
    "rounding": Asked("What becomes of the rest beyond the last place?", ("cut",)),
    "exclusion": Asked(
        "Who is excluded, and how do the papers move?",
        ("one lowest, all papers in one stage at the value received",),
    ),
    "ties": Asked("How are equal votes told apart?", ("latest earlier stage that differs, else lot",)),
    "last_vacancies": Asked(
        "When does the count end?",
        ("as many continue as seats are left, no further transfer",),
    ),
} | CLEANING
