"""Single transferable vote by parcels: papers that came together move together (engine: `count.parcels`)."""

from __future__ import annotations

from selectorate.count.rulesets.asked import Asked
from selectorate.count.rulesets.cleaning import CLEANING

LARGEST_FIRST = "largest first"
ELECTED_FIRST = "of those elected at the earliest count, largest first"

QUESTIONS: dict[str, Asked] = {
    "quota": Asked(
        "How many votes make a candidate safe?",
        (
            "whole votes, one above valid / (seats + 1) without its fraction",
            "valid / (seats + 1), if need be up to the next last place",
            "the next last place above valid / (seats + 1)",
            "valid / (seats + 1) rounded to the last place, and one more there",
        ),
    ),
    "quota_again": Asked(
        "Is the quota reckoned again?",
        ("never", "when an exclusion leaves papers without a next preference before anybody is elected"),
    ),
    "elected_when": Asked(
        "When is a candidate elected by votes?",
        (
            "after any transfer, at the quota or above",
            "after any transfer, at the quota or at the vote required, or above",
        ),
    ),
    "order_elected": Asked("In which order are those elected at one stage listed?", ("most votes first",)),
    "surplus_next": Asked("Which surplus moves first?", (LARGEST_FIRST, ELECTED_FIRST)),
    "deferral": Asked(
        "When does a surplus wait?",
        (
            "never",
            "while all surpluses do not exceed what the lowest lack to the next above",
            "while all surpluses are less than what the lowest lack to the next above",
            "while all surpluses are less than what the lowest lacks, and decide no quarter of the quota",
        ),
    ),
    "papers_examined": Asked(
        "Which papers of an elected candidate move?", ("the last parcel received", "all papers held")
    ),
    "transfer_value": Asked(
        "What is a paper worth when a surplus moves it?",
        (
            "surplus / transferable papers, cut at the last place, at most the value received",
            "surplus / transferable papers as an exact fraction, at most the value received",
            "surplus / all papers held as an exact fraction",
            "one vote: as many whole papers move as the surplus has votes",
        ),
    ),
    "places": Asked("To how many decimal places are votes reckoned?", (0, 2, 3, 6)),
    "left_over": Asked(
        "What becomes of the part of a surplus that no paper carries on?",
        (
            "non-transferable",
            "cut fractions are lost by rounding, the rest does not transfer",
            "cut fractions are lost by rounding, the rest is set aside",
        ),
    ),
    "exclusion": Asked(
        "Who is excluded?",
        (
            "the lowest",
            "as many of the lowest together as, with all surpluses, do not exceed the next above",
            "as many of the lowest together as, with all surpluses, have less than the next above",
            "as many of the lowest together as have less than the next above, and decide no quarter of the quota",
        ),
    ),
    "batches": Asked(
        "In which batches do the papers of those excluded move?",
        (
            "by value, highest first, batches of one stage",
            "by value, highest first, each a count of its own",
            "first preferences, then by value, highest first, batches of one stage",
            "parcel by parcel in the order received, batches of one stage",
            "all at once",
        ),
    ),
    "ties": Asked(
        "How are equal votes told apart?",
        (
            "earliest batch that differs, else lot",
            "earliest stage that differs, else lot",
            "latest earlier count that differs, else lot",
            "exclusion: latest earlier count that differs; else: latest earlier count at which all differ; else lot",
        ),
    ),
    "crowded": Asked(
        "What if equal candidates have the votes for election and there are too few seats?",
        (
            "it cannot happen",
            "earliest batch that differs; those equal throughout are not elected then",
        ),
    ),
    "last_vacancies": Asked(
        "When are the last seats filled without the quota?",
        (
            "as many continue as seats are left, or would after the next exclusion: no further transfer",
            "the same, and for one last seat who equals all others and all surpluses: no further transfer",
            "the same, and for one last seat who exceeds all others and all surpluses: no further transfer",
            "as many continue as seats are left, once nothing is left to transfer",
            "the same, and for one last seat the higher of two, once nothing is left to transfer",
        ),
    ),
    "papers": Asked("In which order do the papers lie?", ("in any order", "in recorded order")),
} | CLEANING
