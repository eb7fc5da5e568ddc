"""Of papers, rule sets and sheets."""

from __future__ import annotations

from selectorate.errors.kind import Kind

KINDS: dict[str, Kind] = {
    "count.form": Kind(
        "bad input",
        "{where}: {because}.",
        "Ask whoever gave it to you for the original file; do not edit it.",
    ),
    "count.profile": Kind(
        "bad input",
        "These papers cannot be counted: {because}.",
        "Correct the file of papers and count again.",
    ),
    "count.ruleset": Kind(
        "bad input",
        "There is no rule set “{found}”.",
        "{near}All are listed by: selectorate count --list-rules",
    ),
    "count.ruleset.answer": Kind(
        "bad input", "The rule set “{name}” cannot be used: {because}.", "Correct its file in count/rulesets."
    ),
    "count.path": Kind(
        "bad input",
        "The fast path does not count by “{name}”, or not such papers.",
        "Leave the choice of the path to the program.",
    ),
    "count.seats": Kind(
        "bad input",
        "The number of seats is {found}; a whole number from 1 to {allowed} was expected.",
        "Give the number of seats with --seats.",
    ),
    "count.one": Kind(
        "bad input",
        "The rule set “{name}” elects one; {found} seats were asked for.",
        "Count for one seat, or use a rule set for several seats.",
    ),
    "count.constraints": Kind(
        "rule not met",
        "The minimum and maximum places for groups cannot be kept: {because}.",
        "Correct the groups; or, where the rulebook says which bound gives way, take it out and count again; where it "
        'says that a shortage of nominees waives a bound, begin the file with shortage = "waives".',
    ),
    "count.unit": Kind(
        "bad input",
        "These papers cannot be counted by units: {because}.",
        "Give every unit's papers under its name, and its points where the rule set asks for them.",
    ),
    "count.empty": Kind(
        "bad input",
        "There is no valid paper to count ({blank} blank, {invalid} invalid).",
        "Check that it is the file you meant; an election without a valid paper elects nobody.",
    ),
    "count.unfit": Kind(
        "bad input",
        "The rule set “{name}” cannot count this: {because}.",
        "Choose another rule set (selectorate count --list-rules), or give papers of the kind that it counts.",
    ),
    "count.universes": Kind(
        "rule not met",
        "The lots of this count have more than {allowed} outcomes: they cannot all be tried.",
        "Count with a seed for lots (--seed), or report the ties (--ties report).",
    ),
    "count.order": Kind(
        "bad input",
        "This rule set moves whole papers one after the other, and no order of the papers was recorded.",
        "Read the file with its order kept, or give a seed for lots (--seed): the order is then drawn by it.",
    ),
    "count.tie": Kind(
        "rule not met",
        "Stage {stage} needs a lot between {names}: they had equal votes at every stage, and no seed for lots "
        "was given.",
        "Give the seed that was committed to before the poll (--seed); the same seed always draws the same lot.",
    ),
    "count.doubts": Kind(
        "bad input",
        "{doubtful} doubtful papers and {left_out} electors left out: neither may be negative.",
        "Take both numbers from the final roll.",
    ),
    "count.mismatch": Kind(
        "out of order",
        "The sheet is not of these papers, these seats and this rule set.",
        "Count the papers again, then certify that sheet.",
    ),
    "count.solver": Kind(
        "engine trouble",
        "Margins of eliminations need the solver HiGHS, and it is not installed here.",
        "Install it with: pip install 'selectorate[margin]'. Every other command works without it.",
    ),
    "count.row": Kind(
        "bad input",
        "Row {row} of the result is no paper: one whole number for each of the {candidates} candidates was expected.",
        "Take the result from the archive again; do not edit it.",
    ),
    "count.papers": Kind(
        "bad input",
        "These papers cannot be counted by this rule set: {because}.",
        "Choose a rule set for such papers (selectorate count --list-rules), or give the file that was meant.",
    ),
    "count.file": Kind(
        "bad input",
        "{file}, line {line}: {because}.",
        "Correct that line, or ask whoever made the file for the original.",
    ),
    "count.reduced": Kind(
        "rule not met",
        "There is no reduction of these papers: {name} uses them whole, or they hold more than plain rankings.",
        "Publish the sheet and its tables; leave the papers with the scrutineers.",
    ),
    "count.write": Kind(
        "bad input",
        "These papers cannot be written as {form}: {because}.",
        "Write them in another format (CSV holds every mark), or clean them by a rule set first.",
    ),
    "count.engine": Kind(
        "engine trouble",
        "{what} needs the Python package {wanted}, which is not installed.",
        "Install selectorate with its extra “roll”, or write CSV.",
    ),
    "count.file.place": Kind(
        "bad input",
        "{file}, at {place}: {because}.",
        "Correct that place, or ask whoever made the file for the original.",
    ),
    "count.file.kind": Kind(
        "bad input",
        "{file} is not a file of papers that can be read: {because}.",
        "Give one of the formats of docs/manual/papers.md, such as BLT or a CSV with one column for each rank.",
    ),
}
