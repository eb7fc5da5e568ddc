"""One winner by adding preferences, rank after rank (engine: `count.rounds.bucklin`)."""

from __future__ import annotations

from selectorate.count.rulesets.asked import Asked
from selectorate.count.rulesets.cleaning import CLEANING

QUESTIONS: dict[str, Asked] = {
    "wins": Asked("How many votes win?", ("more than half of the valid papers",)),
    "several": Asked("Who wins if several have so many in one round?", ("the one with the most votes",)),
    "nobody": Asked(
        "Who wins if nobody has so many when every preference is counted?", ("the one with the most votes",)
    ),
    "ties": Asked("How are equal votes told apart?", ("latest earlier stage that differs, else lot", "lot")),
} | CLEANING
