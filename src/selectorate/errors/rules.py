"""Of rulebooks, and of facts that do not fit them."""

from __future__ import annotations

from selectorate.errors.kind import Kind

KINDS: dict[str, Kind] = {
    "rules.rulebook": Kind(
        "bad input",
        "{file} cannot be used as a rulebook; it has {number}:",
        "Correct the file and run the same command again; docs/formats/rulebook.md explains every key.",
    ),
    "rules.test": Kind(
        "bad input",
        "The test `{test}` cannot be used: {because}",
        "Write it from declared facts, days of the timetable and constants.",
    ),
    "rules.fact-undeclared": Kind(
        "bad input",
        "`{fact}` is not a declared fact of rulebook {version}.{near}",
        "Rules look at declared facts only; leave it out, or declare it in a new version of the rulebook.",
    ),
    "rules.fact-value": Kind(
        "bad input",
        "The fact `{fact}` is {found}; expected {expected}.",
        "Correct the value at its source, or leave it out: a missing fact is asked about and never excludes.",
    ),
    "rules.decision-unknown": Kind(
        "bad input",
        "Rulebook {version} has no decision `{decision}`; it has {known}.{near}",
        "Name one of these decisions.",
    ),
    "rules.contest-unknown": Kind(
        "bad input",
        "Rulebook {version} has no contest `{contest}`; it has {known}.{near}",
        "Name one of these contests.",
    ),
    "rules.right-unknown": Kind(
        "bad input",
        "Rulebook {version} has no right `{right}`; it has {known}.{near}",
        "Name one of these rights.",
    ),
    "rules.no-roll": Kind(
        "bad input",
        "{directory} holds no imported roll.",
        "Import one with selectorate roll import, or name the lists of members and payments themselves.",
    ),
    "rules.diff-roll": Kind(
        "bad input",
        "No roll was named; what a change does can only be said of a list of members.",
        "Add --roll members.csv (and --roll payments.csv), or --roll DIR for a workspace that has imported one.",
    ),
    "rules.ranked-weights": Kind(
        "rule not met",
        "Contest `{contest}` is ranked and its electors have different weights.",
        'Ranked ballots are counted one each: give every elector weight 1, or use ballot kind "choose".',
    ),
    "rules.ranked-candidates": Kind(
        "rule not met",
        "Contest `{contest}` is ranked and has {found} candidates; at most {allowed} can be ranked.",
        'Split the contest, or use ballot kind "choose".',
    ),
}
