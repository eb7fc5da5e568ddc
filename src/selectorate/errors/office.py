"""Of the acts of the office, and of those who hold its seats."""

from __future__ import annotations

from selectorate.errors.kind import Kind

KINDS: dict[str, Kind] = {
    "office.count_rules": Kind(
        "rule not met",
        "The rulebook counts the contest {contest} by “{found}”; a poll on the record can be counted by {known}, "
        "because both verifiers count that again.",
        "Name such a rule set in the rulebook, or count the published papers by another one with selectorate count "
        "FILE.",
    ),
    "office.count_kind": Kind(
        "rule not met",
        "The contest {contest} is not a ranked one; only ranked papers are counted yet.",
        "Read the votes of each answer from the result in the archive.",
    ),
    "demo.candidates": Kind(
        "bad input",
        "{file} has {found} candidates; a demonstration shows at most {allowed}.",
        "Name a ward with fewer candidates.",
    ),
    "seat.out": Kind(
        "bad input",
        "{out} is one of the files that this command reads; it is not overwritten.",
        "Name another file for what the command writes.",
    ),
    "seat.nobody": Kind(
        "bad input", "A name of a person is empty.", "Name who does this, with --by NAME and --and NAME."
    ),
    "seat.unsound": Kind(
        "check failed",
        "{directory} failed check {duty}: {because}.",
        "Do nothing with it; tell the returning officer and the trustees.",
    ),
    "verify.resume": Kind(
        "bad input",
        "{file} is not a file that `verify --resume` wrote, and is left as it is.",
        "Name a new file, or the one that an earlier run has written.",
    ),
    "verify.earlier": Kind(
        "bad input",
        "There is no archive in {path} to compare with.",
        "Name the earlier copy of UUID.bel, or the folder that holds it.",
    ),
    "verify.form": Kind(
        "bad input",
        "{path} is neither a public folder (it has no log/entries.jsonl) nor an archive.",
        "Name the folder `public` that the organisation publishes, or one file UUID.bel.",
    ),
    "office.not_empty": Kind(
        "bad input",
        "{directory} holds a workspace, or something else, already.",
        "Name a new directory for the workspace.",
    ),
    "office.case_twice": Kind(
        "out of order",
        "The case in {file} was decided already, as case {number} of the record.",
        "Its statement of reasons is in vault/letters/cases; an appeal is a new file with [appeal].",
    ),
    "office.projection": Kind(
        "engine trouble",
        "What was done is on the record, but {file} could not be written: {because}.",
        "Free some space and run `selectorate publish DIR`: it brings the public folder up to date.",
    ),
    "office.clock": Kind(
        "rule not met",
        "Only a demonstration may name the time of an act.",
        "Leave --at out: the computer's clock is used.",
    ),
}
