"""Single transferable vote by weighted inclusive Gregory transfers (engine: `count.stv`)."""

from __future__ import annotations

from selectorate.count.rulesets.asked import Asked
from selectorate.count.rulesets.cleaning import CLEANING

PAPERS = "ranks"

WHOLE_QUOTA = "whole votes, one above valid / (seats + 1) without its fraction"
QUOTA_TO_LAST_PLACE = "valid / (seats + 1) cut to the last place, and one unit of that place more"
EXACT_QUOTA = "valid / (seats + 1), exactly"

AT_QUOTA = "at the end of any stage, at the quota or above"
ABOVE_QUOTA = "at the end of any stage, above the quota"
WHEN_SURPLUS_MOVES = (
    "when the surplus moves, largest first; all at the quota or above once they fill the seats"
)

MOST_VOTES = "most votes first"
EQUAL_BY_NAME = "most votes first, equal ones by name: the rules give no order"

LARGEST = "largest, never deferred"
LARGEST_EVEN_OF_NOTHING = "largest, never deferred; one of nothing has its stage too"

ONE_CUT = "value received x surplus / votes"
PRODUCT_CUT_FIRST = "value received x surplus, cut, then / votes, cut"
FRACTION_CUT_FIRST = "surplus / votes, cut, then x value received, cut"

CUT, EXACT = "cut", "none: fractions are kept exact"

NOT_TRANSFERABLE = "with the votes that are not transferable"
APART = "in a line of their own"

STAY = "they wait until they are lowest"
OUT_TOGETHER = "out together before any surplus moves"

GOES_ON, BEGINS_AGAIN = "the count goes on", "the count begins again as if the excluded had never stood"

BACKWARD = "latest earlier stage that differs, else lot"
AT_ONCE_BY_LOT = "lot"
ONE_ORDER = "one order drawn before the count"

AT_STAGE_END = "as many continue as seats are left, no further transfer"
AT_ONCE_ON_EXCLUSION = "as many continue as seats are left, even the papers of those just excluded stay put"

QUESTIONS: dict[str, Asked] = {
    "quota": Asked("How many votes make a candidate safe?", (WHOLE_QUOTA, QUOTA_TO_LAST_PLACE, EXACT_QUOTA)),
    "elected_when": Asked(
        "When is a candidate elected by votes?", (AT_QUOTA, ABOVE_QUOTA, WHEN_SURPLUS_MOVES)
    ),
    "order_elected": Asked(
        "In which order are those elected at one stage listed?", (MOST_VOTES, EQUAL_BY_NAME)
    ),
    "surplus_next": Asked("Which surplus moves first, and may it wait?", (LARGEST, LARGEST_EVEN_OF_NOTHING)),
    "papers_examined": Asked("Which papers of an elected candidate move?", ("all papers held",)),
    "transfer_value": Asked(
        "What is a paper worth when a surplus moves it?", (ONE_CUT, PRODUCT_CUT_FIRST, FRACTION_CUT_FIRST)
    ),
    "places": Asked("To how many decimal places are votes reckoned?", (0, 2, 3, 4, 5, 6, 9)),
    "rounding": Asked("What becomes of the rest beyond the last place?", (CUT, EXACT)),
    "remainders": Asked(
        "Where does the sheet show what was cut off?", (NOT_TRANSFERABLE, APART, "there are none")
    ),
    "exclusion": Asked(
        "Who is excluded, and how do the papers move?",
        ("one lowest, all papers in one stage at the value received",),
    ),
    "sure_losers": Asked(
        "What of candidates who could not win even with every vote below them and every surplus?",
        (STAY, OUT_TOGETHER),
    ),
    "after_exclusion": Asked("What happens after an exclusion?", (GOES_ON, BEGINS_AGAIN)),
    "ties": Asked("How are equal votes told apart?", (BACKWARD, AT_ONCE_BY_LOT, ONE_ORDER)),
    "last_vacancies": Asked("When does the count end?", (AT_STAGE_END, AT_ONCE_ON_EXCLUSION)),
} | CLEANING
