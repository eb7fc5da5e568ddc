"""Every refusal: a code, a sentence for the person who can fix it, and the remedy.

One list, one page of the manual. A room raises `refuse("family.code", field=...)`; the command line prints
sentence and remedy and nothing else. Codes are dotted, never reused, and each is raised by some test.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Family = Literal["bad input", "out of order", "rule not met", "check failed", "engine trouble"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to be refused: which family, what is said, what to do about it."""

    family: Family
    sentence: str
    remedy: str


@dataclass(slots=True)
class Refusal(Exception):  # noqa: N818 - a refusal is what it is called everywhere, to people too
    """What a room raises instead of going on. `str()` is the sentence and the remedy."""

    code: str
    sentence: str
    remedy: str
    family: Family
    context: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".strip()

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "sentence": self.sentence, "remedy": self.remedy}


def refuse(code: str, **context: Any) -> Refusal:
    """The refusal of that code with its blanks filled in; the caller raises it.

    Raises KeyError for a code or a blank that the catalogue does not have: that is a fault of ours.
    """
    kind = CATALOGUE[code]
    shown = {name: _shown(value) for name, value in context.items()}
    return Refusal(code, kind.sentence.format(**shown), kind.remedy.format(**shown), kind.family, context)


def _shown(value: Any) -> str:
    """Text from outside as it may be printed: one line, no control characters, at most 300 characters."""
    text = "".join(char if char.isprintable() else " " for char in str(value))
    return text if len(text) <= 300 else text[:297] + "..."


CATALOGUE: dict[str, Kind] = {
    # --- canon ---
    "canon.value": Kind(
        "bad input",
        "This value has no canonical form: {found}.",
        "Use text, whole numbers, lists and objects only.",
    ),
    "canon.size": Kind(
        "bad input",
        "{what} has {found} bytes; at most {allowed} are read.",
        "Ask whoever gave it to you for the original.",
    ),
    "canon.depth": Kind(
        "bad input",
        "{what} is nested deeper than {allowed} levels.",
        "Ask whoever gave it to you for the original.",
    ),
    "canon.form": Kind(
        "bad input",
        "{what} cannot be read: {because}.",
        "Ask whoever gave it to you for the original file; do not edit it.",
    ),
    # --- files (office/files.py, verify/source.py) ---
    "file.missing": Kind("bad input", "{file} is not there.", "Check the path."),
    "file.unreadable": Kind(
        "bad input", "{file} cannot be read: {because}.", "Check the permissions and the path."
    ),
    "file.size": Kind(
        "bad input",
        "{file} has {found} bytes; at most {allowed} are read.",
        "Split it, or check that it is the file you meant.",
    ),
    "file.exists": Kind(
        "bad input",
        "{file} exists already and is not overwritten.",
        "Name another file, or move this one away.",
    ),
    "file.full": Kind(
        "engine trouble",
        "{file} could not be written: {because}. Nothing was changed.",
        "Free some space and run the same command again.",
    ),
    # --- rules ---
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
    # --- log ---
    "log.size": Kind(
        "bad input",
        "The record has {size} entries; number {wanted} is not among them.",
        "Ask for the newest copy of the record.",
    ),
    "log.inclusion": Kind(
        "check failed",
        "Entry {index} is not shown to stand in the record of {size} entries.",
        "Keep the receipt: it contradicts this record, and that can be shown to others.",
    ),
    "log.consistency": Kind(
        "check failed",
        "The record of {size} entries does not continue the earlier one of {old} entries.",
        "Keep both copies: together they show that the record was changed.",
    ),
    "log.key": Kind(
        "bad input",
        "This is not a record's verifier key: {found}.",
        "Copy the key whole, from the organisation's announcement: NAME+ID+KEY.",
    ),
    "log.note": Kind(
        "check failed",
        "A checkpoint does not have the form of one.",
        "Ask for the original file log/checkpoint; do not edit it.",
    ),
    "log.signature": Kind(
        "check failed",
        "A checkpoint is not signed by the record's key {key}.",
        "Do not rely on this copy; compare the key with the organisation's announcement.",
    ),
    "log.entry": Kind(
        "check failed", "Entry {number} is not a sound entry: {because}.", "Ask for the original record."
    ),
    "log.act": Kind(
        "check failed",
        "{act} is not an act this version knows.",
        "Use a newer version, or ask who wrote the record.",
    ),
    "log.order": Kind(
        "out of order",
        "This cannot be done now ({act}): {phase}.",
        "Run `selectorate status DIR` to see what comes next.",
    ),
    "log.persons": Kind(
        "rule not met",
        "This needs {persons} different persons: {act}",
        "Name them with --by NAME --and NAME.",
    ),
    "log.receipt": Kind(
        "bad input",
        "This is not a receipt.",
        "Use the file that you were given when your ballot was accepted.",
    ),
    # --- roll ---
    "roll.size": Kind(
        "bad input",
        "{file} has {found} bytes; at most {allowed} are read.",
        "Split it, or check that it is the file you meant.",
    ),
    "roll.empty": Kind(
        "bad input", "{file} has no rows.", "Export it again and look into it before you import it."
    ),
    "roll.header": Kind(
        "bad input",
        "{file}: the header in the first row cannot be used: {because}.",
        "Correct the header in the source and export again.",
    ),
    "roll.text": Kind(
        "bad input",
        "{file} cannot be read as text: {because}.",
        "Save it as CSV UTF-8; for Windows-1252 say --encoding cp1252.",
    ),
    "roll.csv": Kind(
        "bad input",
        "{file}, row {row}: the quotation marks cannot be followed ({because}).",
        "Look for an unpaired quotation mark in this row or above it.",
    ),
    "roll.workbook": Kind(
        "bad input",
        "{file} is not a workbook that can be read: {because}.",
        "Open it in a spreadsheet program and save it again as XLSX, or as CSV UTF-8.",
    ),
    "roll.layout": Kind(
        "bad input",
        "{file} has no layout that is known; its columns are: {found}.",
        "Rename the columns to our own layout (member_id, full_name, joined_on ...). Known by: {known}.",
    ),
    "roll.engine": Kind(
        "engine trouble",
        "{what} needs {wanted}, which is not installed.",
        "Install selectorate with the extra roll: pip install 'selectorate[roll]'.",
    ),
    "roll.map": Kind(
        "bad input",
        "{file} cannot be used as a map of columns: {because}.",
        "Write it as the maps in docs/manual/maps.md: a TOML with says, table and [map], column to field.",
    ),
    "roll.problem": Kind(
        "bad input",
        "{file}, {place}: found {found}; expected {expected}. Nothing was imported.",
        "{remedy} See all with: selectorate roll check {file} ({number} found).",
    ),
    "roll.no_members": Kind(
        "bad input",
        "None of the files holds members: {found}.",
        "Name a file that has members, beside the one with payments.",
    ),
    "roll.dates": Kind(
        "bad input", "{found} is no way to write dates that is read here.", "Say one of: {known}."
    ),
    "roll.reply": Kind(
        "rule not met",
        "There are {found} days to answer; everybody has at least {expected}.",
        "Name a later day for the answers.",
    ),
    "roll.key": Kind(
        "engine trouble",
        "The organisation's key has {found} bytes; it has 32.",
        "Restore the key file of the workspace from its copy.",
    ),
    "roll.elector": Kind(
        "rule not met",
        "Member {member} cannot stand on the final roll: {because}.",
        "Settle it on the roll, with a decision, before the roll is made final.",
    ),
    "roll.salts": Kind(
        "engine trouble",
        "The electorate needs {expected} different fresh salts of 32 bytes; there are {found}.",
        "Run the command again.",
    ),
    "roll.slip": Kind(
        "bad input",
        "This is not a slip: {because}.",
        "Use the slip you were sent, unchanged, or ask the returning officer for it.",
    ),
    "roll.commitments": Kind(
        "check failed", "commitments.json does not have its form: {because}.", "Ask for the original file."
    ),
    # --- ballot ---
    "ballot.unsupported": Kind(
        "bad input",
        "not yet supported: {kind}.",
        "Another verifier of this protocol can judge it; this one cannot.",
    ),
    "ballot.size": Kind(
        "bad input", "The archive is larger than {allowed} bytes.", "Check that it is the file you meant."
    ),
    "ballot.changed": Kind(
        "bad input",
        "The archive changed while it was being read.",
        "Let whoever writes it finish, or copy the file first, and start again.",
    ),
    "ballot.value": Kind(
        "bad input",
        "This value cannot be written on the wire: {found}.",
        "Use text, whole numbers, lists and objects only.",
    ),
    "ballot.form": Kind(
        "bad input",
        "{what} cannot be read: {because}.",
        "Ask whoever gave it to you for the original file; do not edit it.",
    ),
    "ballot.order": Kind(
        "out of order",
        "The event {event} may not stand after {last}; expected: {allowed}.",
        "Do the acts in the order in which `status` names them.",
    ),
    "ballot.setup": Kind(
        "bad input",
        "The election cannot be set up: {because} (duty {duty}).",
        "Correct the question, the keys or the credentials named, and set it up again.",
    ),
    "ballot.choice": Kind(
        "bad input",
        "The choice cannot be read: {because}.",
        "Give one list of whole numbers per question, one number per answer.",
    ),
    "ballot.kernel": Kind(
        "check failed",
        "The {what} cannot be made: {because}.",
        "Check the archive first with `selectorate verify`.",
    ),
    # --- count ---
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
    "count.ruleset": Kind("bad input", "There is no rule set “{found}”.", "Use one of: {known}."),
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
    # --- register ---
    "register.case": Kind(
        "bad input",
        "{file} cannot be used as a case; it has {number}:",
        "Correct the file and run the same command again; docs/manual/cases.md explains every key.",
    ),
    "register.dates": Kind(
        "rule not met",
        "Case {case}: {later} ({later_day}) is before {earlier} ({earlier_day}).",
        "Correct the dates in the case file.",
    ),
    "register.future": Kind(
        "rule not met",
        "Case {case} is dated {found}, and today is {today}.",
        "Decide the case on the day of the decision.",
    ),
    "register.no-notice": Kind(
        "rule not met",
        "Case {case} cannot be decided: no notice was sent to the person concerned.",
        "Send the notice with the evidence, then write notice_sent and reply_by into the case file.",
    ),
    "register.no-decision-day": Kind(
        "rule not met",
        "Case {case} has no day of decision.",
        "Write `decided` into the case file when the deciders have met.",
    ),
    "register.reply-open": Kind(
        "rule not met",
        "Case {case} was decided on {decided}, but the person may answer until {reply_by} and has not.",
        "Wait until that day is over, or until the answer is there.",
    ),
    "register.no-deciders": Kind(
        "rule not met", "Case {case} names nobody who decided it.", "Write the deciders into the case file."
    ),
    "register.decider": Kind(
        "rule not met",
        "Case {case} names {decider} as decider and as {other}.",
        "Somebody else must decide; a case is not decided by those whom it concerns.",
    ),
    "register.derived-fact": Kind(
        "bad input",
        "Case {case} states `{fact}`, which follows from its own dates and evidence.",
        "Take `{fact}` out of the facts of the case file.",
    ),
    "register.not-ready": Kind(
        "rule not met",
        "Case {case} is not ready for a decision under {cite}: {because}",
        "Complete what is missing; nothing is decided on a missing fact.",
    ),
    "register.outcome": Kind(
        "rule not met",
        'Case {case}: the rulebook gives "{computed}" and the file says "{found}".',
        "Take `outcome` out, or correct the facts. Only the appeal body may depart from it, with its reason.",
    ),
    "register.appeal-outcome": Kind(
        "bad input",
        'Case {case}: "{found}" is not an outcome of this decision; it has {known}.',
        "Name one of these outcomes.",
    ),
    "register.appeal-late": Kind(
        "rule not met",
        "Case {case}: the appeal was lodged on {lodged}; the time for it ended on {until}.",
        "Write `admitted_because` into [appeal] if it was heard all the same, or take the appeal out.",
    ),
    "register.departure-reason": Kind(
        "rule not met",
        'Case {case}: the appeal body departs from "{computed}" without a written reason.',
        "Write `reason` into [appeal]; it is published.",
    ),
    "register.reason-names": Kind(
        "rule not met",
        "Case {case}: the reason of the departure is published and it names {found}.",
        "Word the reason without names.",
    ),
    # --- sealed files and passphrases (office/sealed.py, cli/speak.py) ---
    "sealed.damaged": Kind(
        "bad input",
        "{file} is not a sealed file, or it is damaged.",
        "Use your other copy of it; do not edit it.",
    ),
    "sealed.kind": Kind(
        "bad input",
        "{file} is sealed as “{found}”; expected “{expected}”.",
        "Check that it is the file you meant.",
    ),
    "sealed.cost": Kind(
        "bad input",
        "{file} asks for more memory or time than a sealed file may cost.",
        "Do not open it; ask where it came from, and use your own copy.",
    ),
    "sealed.passphrase": Kind(
        "bad input",
        "The passphrase does not open {file}.",
        "Type it again; nobody can open the file without it.",
    ),
    "sealed.passphrase_short": Kind(
        "bad input",
        "The passphrase is shorter than {allowed} characters.",
        "Take a longer one: five or six words that do not belong together.",
    ),
    "sealed.passphrase_form": Kind(
        "bad input",
        "The passphrase cannot be used: it has characters that cannot be printed, or more than {allowed}.",
        "Take another one: five or six words that do not belong together.",
    ),
    "sealed.passphrase_differs": Kind(
        "bad input",
        "The two passphrases are not the same. Nothing was written.",
        "Run the same command again.",
    ),
    "sealed.passphrase_file": Kind(
        "bad input",
        "{file} may be read by others than its owner.",
        "Take their right away (chmod 600) and, if they may have read it, take another passphrase.",
    ),
    "sealed.nobody_to_ask": Kind(
        "bad input",
        "A passphrase is needed and nobody can be asked here: this is no terminal.",
        "Name a file that only you may read with --passphrase-file.",
    ),
    "sealed.engine": Kind(
        "engine trouble",
        "The installed cryptography package cannot do Argon2id.",
        "Install cryptography 44 or newer from its own wheels.",
    ),
    # --- office, seats ---
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
    "engine.missing": Kind(
        "engine trouble",
        "Reading a roll needs DuckDB, which is not installed.",
        "Install it with: pip install 'selectorate[roll]'",
    ),
    "engine.trouble": Kind(
        "engine trouble",
        "The roll's tables in {file} cannot be used: {because}.",
        "Close other programs that use the file, then run the same command again.",
    ),
    "roll.appeal": Kind(
        "rule not met",
        "{member} is not excluded, so there is nothing to appeal against.",
        "Check the member's number.",
    ),
    "roll.decision": Kind(
        "bad input",
        "The decision in {file} cannot be carried out: {because}.",
        'Write [decision] with member, change ("put back", "answered" or "taken out"), clause, decided_by, on and '
        "reason, and [facts] as they are now known.",
    ),
    "roll.departs": Kind(
        "rule not met",
        "The decision in {file} says {change}; on its facts the rulebook says {outcome}.",
        "State the facts on which it was decided, or correct the decision.",
    ),
    "roll.pair": Kind(
        "bad input",
        "{left} and {right} are not a pair that the last look at the roll showed.",
        "Run `selectorate roll findings` again and take both numbers from one of its pairs.",
    ),
    "roll.pair_reason": Kind(
        "bad input",
        "What was found out about {left} and {right} has no reason.",
        "Say with --reason how it is known: who answered, what they showed.",
    ),
    "roll.not_asked": Kind(
        "rule not met",
        "{number} members whom a finding concerns have not been asked, {example} among them.",
        "Send the letters in vault/letters/questions, then run `selectorate roll asked DIR --on DATE`.",
    ),
    "roll.no_contest": Kind(
        "rule not met",
        "Rulebook {version} has no [[contest]], so there is no election for which a final roll could be made.",
        "The frozen roll, its reasons and appeals stand. For an election adopt a rulebook with a [[contest]] in a "
        "new workspace (`selectorate new`), and look at it first with `selectorate rules check`.",
    ),
    "roll.edited": Kind(
        "check failed",
        "{what} was changed since the freeze, and no decision on the record says so.",
        "Restore the vault from its copy; after the freeze the roll changes by selectorate roll amend alone.",
    ),
    "roll.appeal_late": Kind(
        "rule not met",
        "The appeal of {member} of {on} comes after {until}, the last day that the rulebook gives.",
        "Where the appeal body hears it all the same, say why: --admitted-because TEXT. Else tell the member.",
    ),
    "roll.appeal_none": Kind(
        "out of order",
        "No appeal of {member} can be decided: {because}.",
        "Note it first: selectorate roll appeal DIR --member NUMBER --on DATE.",
    ),
    "roll.appeal_in_time": Kind(
        "out of order",
        "The decision in {file} upholds an appeal while the roll can still be changed.",
        "Change the roll by it: selectorate roll amend DIR DECISION.toml --by NAME, with change “put back”.",
    ),
    "roll.appeal_same_person": Kind(
        "rule not met",
        "{name} froze the roll and so took the first decision; an appeal is decided by other people.",
        "Name in decided_by the body or the persons who decided the appeal.",
    ),
    "roll.appeal_decision": Kind(
        "bad input",
        "The decision on an appeal in {file} cannot be taken in: {because}.",
        'Write [appeal] with member, outcome ("upheld" or "dismissed"), clause, decided_by, on and reason, and '
        "[facts] as they are now known.",
    ),
    "roll.no_question": Kind(
        "rule not met",
        "No question to {member} is open, so there is nothing to answer.",
        "Check the member's number; a correction of facts is a decision (selectorate roll amend).",
    ),
    "roll.reply_empty": Kind(
        "bad input", "The answer of {member} has no words.", "Write what the member said: --says TEXT."
    ),
    "roll.day": Kind(
        "bad input",
        "{what}, {found}, cannot be right: {because}.",
        "Correct the day and run the command again.",
    ),
    "roll.member": Kind(
        "bad input", "{member} is not on the roll.", "Check the number as the imported list writes it."
    ),
    "roll.share": Kind(
        "bad input",
        "“{found}” cannot be used for {name}.",
        "Write a percentage such as 5% or 97.5%, between 0.1% and 99.9%, in steps of 0.1%; years from 0 to 50.",
    ),
    "roll.sample_none": Kind(
        "rule not met",
        "Nobody in {branch} can be drawn.",
        "Check the name of the branch, and the day after --since.",
    ),
    "roll.sample_unknown": Kind(
        "out of order",
        "Sample {number} cannot be settled: {because}.",
        "See the samples that were drawn with selectorate status DIR.",
    ),
    "roll.sample_answers": Kind(
        "bad input",
        "The answers in {file} cannot be taken in: {because}.",
        "Write one line for each member of the sample, in columns member and answer: confirmed, not confirmed, silent.",
    ),
    "roll.inspection": Kind(
        "bad input",
        "The request in {file} cannot be put on the record: {because}.",
        "Write [request] with by (member, candidate, scrutineer), name, on, ground, and [answer] with scrutineer, on, "
        "inspected, found and because.",
    ),
    "roll.why": Kind(
        "rule not met",
        "“{found}” is not a reason that somebody else could follow.",
        "Say with --why in a few words why you look at this person.",
    ),
    "roll.journal": Kind(
        "check failed",
        "The journal of looks is not whole: line {number} does not follow the one before it.",
        "Restore vault/views.jsonl from its copy, and find out who changed it.",
    ),
    "roll.no_views": Kind(
        "out of order",
        "Nobody has looked since the last count.",
        "Nothing is to be counted; run it again later.",
    ),
    "roll.role": Kind("bad input", "{found} is no role that is known.", "Name one of: {known}."),
    "roll.reveal": Kind(
        "rule not met", "The role {role} is never shown one person.", "Ask the returning officer."
    ),
    "roll.view_branch": Kind(
        "bad input", "The role {role} sees one branch, and none is named.", "Name it: --branch NAME."
    ),
    "roll.view_own": Kind(
        "bad input",
        "A member sees the own file, and no member is named.",
        "Name the member: --member NUMBER.",
    ),
    "roll.nothing_due": Kind(
        "out of order",
        "Nothing is due to be destroyed today.",
        "See the days with selectorate roll retention DIR.",
    ),
    "roll.register": Kind(
        "bad input",
        "The second register {file} cannot be read: {because}.",
        "Save it as CSV UTF-8 with the columns name and postcode.",
    ),
    "vault.gone": Kind(
        "out of order",
        "{file} was destroyed on schedule; what needs it can no longer be done.",
        "The certificate of its destruction stands on the record: selectorate status DIR.",
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
    "trustee.not_ready": Kind(
        "out of order",
        "There is nothing to decrypt in {directory}: the poll is not closed, or mixing has not ended.",
        "Wait for the officer to publish the folder after mixing.",
    ),
    "trustee.key": Kind(
        "bad input",
        "{file} is not a key for the group {group}.",
        "Name the key file that `selectorate trustee new` made for this election.",
    ),
    "trustee.stranger": Kind(
        "bad input",
        "The key in {file} is not one of this election's trustees.",
        "Name the key file whose .pub you sent to the returning officer.",
    ),
    # --- ceremony ---
    "ceremony.plan": Kind(
        "bad input",
        "This is not the plan of a ceremony that can be held: {because}.",
        "Make one with `selectorate ceremony new`, and take part with the ceremony.json that it wrote.",
    ),
    "ceremony.seat": Kind(
        "bad input",
        "This seat cannot be taken: {because}.",
        "Take the number that you were given in the ceremony, and one line for your name.",
    ),
    "ceremony.folder": Kind(
        "bad input",
        "{folder} is no folder of a ceremony: {because}.",
        "Begin with `selectorate ceremony join FOLDER --as N --name NAME ceremony.json`.",
    ),
    "ceremony.letter": Kind(
        "bad input",
        "{file} is no letter of a ceremony: {because}. Nothing was taken in.",
        "Ask its sender for the file in the folder `send`, unchanged.",
    ),
    "ceremony.other": Kind(
        "bad input",
        "{file} was written for another ceremony. Nothing was taken in.",
        "Ask its sender for the letter of this one; all members must have the same ceremony.json.",
    ),
    "ceremony.early": Kind(
        "out of order",
        "{file} cannot be checked before the certificate of member {member} is there. Nothing was taken in.",
        "Take in that member's certificate first, or both together.",
    ),
    "ceremony.unsigned": Kind(
        "bad input",
        "{file} is not signed by member {member}: {because}. Nothing was taken in.",
        "Nobody is to blame yet: it was changed on its way, or somebody else wrote it. Ask member {member} for it.",
    ),
    "ceremony.stopped": Kind(
        "check failed",
        "The ceremony has stopped: {because}.",
        "Use nothing of it. Send all in {folder}/send and {folder}/taken to all members, who then see the same, and "
        "hold a new one.",
    ),
    "ceremony.seed": Kind(
        "bad input",
        "Your secret seed does not fit this ceremony: {because}.",
        "Use the folder in which you joined it, unchanged, or the newest copy of it.",
    ),
    "trustee.contest": Kind(
        "bad input",
        "The final roll promises no election for the contest {contest}; it promises {known}.",
        "Name one of these with --contest.",
    ),
    "trustee.again": Kind(
        "out of order",
        "Election {uuid} has been decrypted with this key already. No second decryption is made: two of "
        "different sets of ballots would show what lies between them. The first one is {out}.",
        "If it was lost on its way, send the same file again: a copy is {kept}. If somebody asks you to decrypt "
        "once more, tell the other trustees.",
    ),
    "trustee.small": Kind(
        "rule not met",
        "Only {counted} ballots are counted, and the rulebook's floor is {floor}: so few papers can show how "
        "single members voted.",
        "Ask the other trustees and the officer. If all agree, repeat the command with --small NAME; your name "
        "goes on the record.",
    ),
    # --- what a trustee's tool remembers (cli/memory.py) ---
    "memory.damaged": Kind(
        "bad input",
        "{file} is not what this tool remembers beside a key, or it is damaged.",
        "Restore it from your copy. If there is none, move it away and run `selectorate trustee prove` again; "
        "first ask the officer whether you have decrypted already.",
    ),
    "memory.checkpoint": Kind(
        "check failed",
        "The newest checkpoint in {directory} is not one over all its entries.",
        "Fetch the folder again; if it stays so, tell the officer and the other trustees.",
    ),
    "memory.other_record": Kind(
        "check failed",
        "This is the record {found}; your key was proved for {expected} ({file}).",
        "Decrypt nothing here. If it is another organisation's or an older record, make a new key for it; if "
        "it should be the same one, tell the other trustees.",
    ),
    "memory.other_election": Kind(
        "rule not met",
        "This is election {found}; your key was proved for election {expected} ({file}).",
        "One key is for one election: make a new key with `selectorate trustee new`.",
    ),
    "memory.other_key": Kind(
        "rule not met",
        "The key in {file} is not the one that was proved ({memory}).",
        "Name the key file with which you ran `selectorate trustee prove`.",
    ),
    "memory.older": Kind(
        "out of order",
        "The record in {directory} has {size} entries; you have seen one with {seen}.",
        "Fetch the newest copy. If this is said to be the newest, tell the other trustees: entries are gone.",
    ),
    "memory.forked": Kind(
        "check failed",
        "The record in {directory} does not continue the one that you saw: its first {size} entries are not the "
        "same. Somebody was shown another record than you.",
        "Decrypt nothing. Keep this folder and {file}, which holds the signed checkpoint that you saw: together "
        "they prove it. Tell the other trustees.",
    ),
    "memory.not_proved": Kind(
        "out of order",
        "There is nothing in {file} on which record this key was proved for.",
        "Use the key where you ran `selectorate trustee prove`, or bring that file beside it.",
    ),
    "memory.unseen": Kind(
        "out of order",
        "You have not seen the end of the poll: the newest checkpoint that you saw covers {seen} entries, and "
        "the closing and the encrypted tally in {directory} come later.",
        "Run `selectorate trustee see` with a copy of the folder that you fetched as anybody would, compare the "
        "root with the other trustees, then decrypt.",
    ),
    # --- proofs of holding, letters (office/tally.py) ---
    "held.form": Kind(
        "bad input",
        "This is not a trustee's proof of holding a key.",
        "Ask for the file that `selectorate trustee prove` wrote.",
    ),
    "held.record": Kind(
        "check failed",
        "The proof of {name} is not of an election of this record with its final roll.",
        "Ask for a new one: `selectorate trustee prove` on the newest copy of the public folder.",
    ),
    "held.proof": Kind(
        "check failed",
        "The proof of {name} does not hold: {because}.",
        "Ask for the original file, or for a new proof.",
    ),
    "held.missing": Kind(
        "rule not met",
        "Not every trustee has proved to hold the key: {trustees}.",
        "Take their proofs in with `selectorate ballot hold`, each under its number in the list of trustees.",
    ),
    "letters.form": Kind(
        "bad input",
        "This is not the credential authority's word on destroyed letters.",
        "Ask for the file that the credential authority's tool wrote when it destroyed the batch.",
    ),
    "letters.election": Kind(
        "bad input",
        "These letters are of election {uuid}, which is not on this record.",
        "Check that it is the file you meant.",
    ),
    "mixer.not_ready": Kind(
        "out of order",
        "There is nothing to mix in {directory}: the poll is not closed, or mixing has ended.",
        "Wait for the officer to publish the folder after closing.",
    ),
    "authority.not_final": Kind(
        "out of order",
        "The roll in {directory} is not final yet.",
        "Wait until the officer has made it final with `selectorate roll final`.",
    ),
    "authority.electorate": Kind(
        "bad input",
        "The file of electors cannot be used: {because}.",
        "Use the officer's vault/electorate.csv as it is.",
    ),
    "authority.list": Kind(
        "bad input",
        "{file} is not the public list that `selectorate credentials make` wrote.",
        "Name the folder that it wrote, unchanged.",
    ),
    "authority.elector": Kind(
        "bad input", "There is no elector {members} in your list.", "Check the numbers on the final roll."
    ),
    "authority.made": Kind(
        "out of order",
        "The letters in {directory} are all made; nobody gets a second credential.",
        "Run `selectorate credentials status` on the folder to see what comes next.",
    ),
    "authority.other": Kind(
        "bad input",
        "Letters in {directory} were begun otherwise: {because}.",
        "Run exactly the command that began them, or name an empty folder and destroy this one.",
    ),
    "authority.folder": Kind(
        "bad input",
        "{directory} is not a folder that `selectorate credentials make` wrote, or its batches.json was changed.",
        "Name the folder OUT of that command.",
    ),
    "authority.unfinished": Kind(
        "out of order",
        "The letters in {directory} are not all made yet.",
        "Run the same `selectorate credentials make` again; it goes on where it stopped.",
    ),
    "authority.no_batch": Kind(
        "bad input",
        "There is no batch {batch} in {directory}.",
        "Run `selectorate credentials status` on the folder: it lists the batches.",
    ),
    "authority.batch": Kind(
        "bad input",
        "{file} does not hold batch {batch} of election {uuid}.",
        "Give the files the names that `selectorate credentials make` gave them, or use your other copy.",
    ),
    "authority.destroyed": Kind(
        "out of order",
        "Batch {batch} in {directory} was destroyed.",
        "Nothing is left to do; a letter that is lost can be replaced until the poll opens.",
    ),
    "authority.unopened": Kind(
        "out of order",
        "Batch {batch} in {directory} was never opened, so nobody has got these letters.",
        "Deliver them first. To destroy them all the same, repeat the command with --unopened.",
    ),
    "authority.not_closed": Kind(
        "out of order",
        "The poll in {directory} is not closed: who has voted is listed after the close.",
        "Wait until the officer has closed it, then copy the public folder again.",
    ),
    "authority.foreign": Kind(
        "bad input",
        "Your list does not belong to {directory}: {because}.",
        "Name the public folder of your election, and your newest folder of letters.",
    ),
    "elector.no_poll": Kind(
        "out of order",
        "There is no poll in {directory}.",
        "Wait for the officer to open it, then copy the public folder again.",
    ),
    "elector.closed": Kind(
        "out of order",
        "The poll in {directory} is closed.",
        "No ballot is accepted any more; if it is still open, copy the public folder again.",
    ),
    "elector.credential": Kind(
        "bad input",
        "This is not a credential.",
        "Copy it whole from your letter: 22 letters and digits with three hyphens.",
    ),
    "elector.not_listed": Kind(
        "bad input",
        "Your credential is not on the list of this poll.",
        "Use your newest letter: an earlier one is void once it was replaced, and each poll has its own.",
    ),
    "elector.choice": Kind(
        "bad input",
        "Line {line} of your choices: {name} does not stand.",
        "Write one name a line, as on the paper: {answers}.",
    ),
    "elector.twice": Kind(
        "bad input", "Line {line} of your choices: {name} stands twice.", "Name each candidate at most once."
    ),
    "elector.receipt": Kind(
        "check failed",
        "The record has no ballot {tracker} at entry {entry}.",
        "Keep your receipt: with this copy of the record it proves that an accepted ballot is missing.",
    ),
    "poll.line": Kind(
        "bad input",
        "What arrives is not ballots: {found} bytes without the end of a line.",
        "Send one ballot a line, as `selectorate vote` wrote it.",
    ),
    "poll.credentials": Kind(
        "bad input",
        "The credential authority's list cannot be used: {because}.",
        "Ask the credential authority for the file public-credentials.json made for this roll.",
    ),
    "poll.candidates": Kind(
        "bad input",
        "Candidate {number} in the candidates file: {because}.",
        'Write for each candidate [[candidate]] with name = "..." and consent = 2027-01-20.',
    ),
    "poll.rankings": Kind(
        "rule not met",
        "All rankings of this poll will be published. {risk}",
        "If that is what the organisation wants, repeat the command with --rankings-public yes; it goes on the record.",
    ),
    "poll.mixers": Kind(
        "bad input",
        "{found} mixers were asked for; there are {trustees} trustees.",
        "At least two trustees mix: choose a number from 2 to the number of trustees.",
    ),
    "tally.sent": Kind(
        "bad input",
        "This is not what a mixer or trustee sends.",
        "Ask for the file that `selectorate mix` or `selectorate trustee decrypt` wrote.",
    ),
    "tally.faulty": Kind(
        "check failed",
        "The {what} of trustee {owner} is faulty and was not taken in: {because}.",
        "Ask this trustee to run the command again on the newest public folder, or go on without this one where "
        "the others suffice.",
    ),
    "tally.small": Kind(
        "rule not met",
        "Only {counted} ballots are counted, the rulebook's floor is {floor}, and trustee {owner} has not said "
        "yes to decrypting so few.",
        "Ask this trustee for a decryption made with --small, if the trustees agree to it.",
    ),
    "tally.missing": Kind(
        "out of order",
        "The decryptions do not suffice for a result yet. Missing: {trustees}.",
        "Take in their decryptions with `selectorate ballot take-decryption`.",
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
    "vault.missing": Kind(
        "out of order",
        "The vault of {directory} has no {name} yet.",
        "Run `selectorate status DIR` to see what comes next.",
    ),
    "record.missing": Kind(
        "bad input",
        "{directory} is not a workspace: it has no log.sqlite.",
        "Start one with `selectorate new DIR --rulebook FILE`.",
    ),
    "record.busy": Kind(
        "engine trouble",
        "Another command is writing to {directory}.",
        "Wait until it has ended, then run this one again.",
    ),
    "record.changed": Kind(
        "engine trouble",
        "The record in {directory} was changed by another command meanwhile. Nothing was written.",
        "Run the same command again.",
    ),
    "record.old": Kind(
        "engine trouble",
        "{directory} holds an old copy of the record, or another one: it has {size} entries, and its public "
        "folder has a signed checkpoint of {published} entries that do not fit.",
        "Do not write to it; restore the newest copy, or tell the trustees if there is none.",
    ),
    "record.unsure": Kind(
        "engine trouble",
        "Storing in {directory} failed ({because}), and the record holds the new entries all the same.",
        "Free some space, then run `selectorate status DIR`: if the act is there, go on; a ballot may be sent again.",
    ),
    "program.fault": Kind(
        "engine trouble",
        "This is a fault of the program, not of yours: {because}. Nothing is half-written.",
        "Run it again as `selectorate --debug ...` and send what it prints to the makers.",
    ),
    "record.damaged": Kind(
        "engine trouble",
        "{file} cannot be used: {because}.",
        "Do not write to it; restore the newest copy and compare its checkpoint with the published one.",
    ),
    "record.document": Kind(
        "out of order",
        "The record has no document {name} yet.",
        "Run `selectorate status DIR` to see what comes next.",
    ),
}
