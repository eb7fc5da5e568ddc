"""Single transferable vote by keep values: Meek's method and Warren's (engine: `count.meek`)."""

from __future__ import annotations

from selectorate.count.rulesets.asked import Asked
from selectorate.count.rulesets.cleaning import CLEANING

PAPERS = "ranks"

PLUS_ONE_UNIT = (
    "at every iteration: (valid - not transferable) / (seats + 1) cut to the last place, "
    "and one unit of it more"
)
NOTHING_MORE = "at every iteration: (valid - not transferable) / (seats + 1)"

EVERY_ITERATION = "in every iteration, at the quota or above"
AT_REST = "at the end of each iteration, at the quota or above, unless they are more than the seats left"

SHARE = "of what is left of it, the share that the keep value says"
PRICE = "the keep value as a price, as far as what is left of it goes"

TWO_STEPS = "keep value x quota, then / votes, each rounded"
ONE_STEP = "keep value x quota / votes, rounded once"
ONE_STEP_ABOVE = "keep value x quota / votes, rounded once, of those above the quota"

UP, CUT = "up", "cut"

SURPLUS_GONE_OR_SAFE = "the total surplus is under 0.0001, or with all of it the lowest stays under the next"
SURPLUS_GONE_OR_STILL = "the total surplus is under 0.000001, or not smaller than in the iteration before"
VOTES_NEAR_QUOTA = (
    "everybody elected has the quota to 1 part in 100,000, or the total surplus is under 0.000001"
)

LOWEST = "one lowest, whom every paper passes by from then on"
LOWEST_WITHIN = (
    "one of those no further above the lowest than the total surplus, all of them tied, whom every paper passes by "
    "from then on"
)

FIRST_DIFFERENCE = "behind at the first difference, else the pseudo-random number"
LOT = "lot"
ONE_ORDER = "one order drawn before the count"

QUESTIONS: dict[str, Asked] = {
    "quota": Asked("How many votes make a candidate safe?", (PLUS_ONE_UNIT, NOTHING_MORE)),
    "elected_when": Asked("When is a candidate elected by votes?", (EVERY_ITERATION, AT_REST)),
    "order_elected": Asked(
        "In which order are those elected at one stage listed?",
        ("most votes first, equal ones by name: the rules give no order",),
    ),
    "paper_gives": Asked("What does a paper give to a candidate whom it reaches?", (SHARE, PRICE)),
    "new_keep": Asked(
        "What is the new keep value of an elected candidate?", (TWO_STEPS, ONE_STEP, ONE_STEP_ABOVE)
    ),
    "places": Asked("To how many decimal places are votes and keep values reckoned?", (9, 12)),
    "rounding": Asked("How are products and keep values rounded to the last place?", (UP, CUT)),
    "iteration_ends": Asked(
        "When are keep values good enough for an exclusion?",
        (SURPLUS_GONE_OR_SAFE, SURPLUS_GONE_OR_STILL, VOTES_NEAR_QUOTA),
    ),
    "exclusion": Asked("Who is excluded, and what becomes of the papers?", (LOWEST, LOWEST_WITHIN)),
    "ties": Asked("How are equal votes told apart?", (FIRST_DIFFERENCE, LOT, ONE_ORDER)),
    "last_vacancies": Asked(
        "When does the count end?",
        ("all seats filled, or as many continue as seats are left: all elected, no vote moves",),
    ),
} | CLEANING
