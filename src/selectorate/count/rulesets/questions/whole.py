"""Single transferable vote by whole papers, moved one after the other in a recorded order (engine:
`count.stv.whole`)."""

from __future__ import annotations

from selectorate.count.rulesets.asked import Asked
from selectorate.count.rulesets.cleaning import CLEANING

PAPERS = "ranks"

QUESTIONS: dict[str, Asked] = {
    "papers": Asked("In which order do papers move?", ("in recorded order",)),
    "quota": Asked(
        "How many votes make a candidate safe?",
        ("whole votes, one above valid / (seats + 1) without its fraction",),
    ),
    "elected_when": Asked(
        "When is a candidate elected by votes?", ("on the paper that makes the quota, and takes no more",)
    ),
    "surplus_next": Asked("Which surplus moves first, and may it wait?", ("largest, never deferred",)),
    "papers_moved": Asked(
        "Which papers of a surplus move?",
        ("every nth that goes on to somebody, n the nearest whole number to votes / surplus",),
    ),
    "cutoff": Asked(
        "How many first preferences must a candidate have to stay in after the surpluses?", (0, 50)
    ),
    "exclusion": Asked("Who is excluded?", ("one lowest",)),
    "ties": Asked("How are equal votes told apart?", ("latest earlier stage that differs, else lot",)),
    "last_vacancies": Asked(
        "When does the count end?",
        ("all seats filled, or as many continue as seats are left: all elected, no further transfer",),
    ),
} | CLEANING
