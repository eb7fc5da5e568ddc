"""Of membership rolls, and of the acts on them."""

from __future__ import annotations

from selectorate.errors.kind import Kind

KINDS: dict[str, Kind] = {
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
    "roll.kind": Kind(
        "bad input",
        "{file} is {found}, and no list that can be read, whatever its name ends in.",
        "{remedy}",
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
        "No layout is known that has the columns of {file}: {found}.{near}{refused}",
        "Say what each column is: `selectorate roll check {file} --start-map map.toml` writes a map to fill in, and "
        "--map map.toml uses it. Or name a column member_id: docs/manual/maps.md has the names that are known.",
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
    "roll.map_name": Kind(
        "bad input",
        "{found} is neither a file nor the name of a layout that is known.",
        "{near}The names are in docs/manual/maps.md; a file of your own is begun with --start-map.",
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
    "roll.votes": Kind(
        "rule not met",
        "Of {number} electors it is not known how many votes they carry, {example} among them.",
        'Ask them, and write what is now known into a decision with the change "answered" and [facts] '
        "(`selectorate roll amend`).",
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
    "roll.covers": Kind(
        "bad input",
        "{file} cannot be said to tell of those days only: {because}.",
        "Write --covers FILE=FROM..TO with the name of a file of payments or events that is read, and its first and "
        "last day, as renewals.csv=2020-01-01..2022-12-31; an end that is left open has no day.",
    ),
    "roll.pair_asked": Kind(
        "rule not met",
        "{member} cannot be found to be the same person as another record yet: {because}.",
        "Send both letters, note their day (`selectorate roll asked`) and the answers (`selectorate roll reply`); "
        'until then resolve it as "two persons" or "not settled", or leave it open.',
    ),
    "roll.pairs_file": Kind(
        "bad input",
        "{file}, line {row}: {because}.",
        "Write a CSV in UTF-8 with the columns left, right, answer, reason, on, and a line for each pair. Nothing was "
        "noted.",
    ),
    "roll.finding": Kind(
        "bad input",
        "{finding} is not a finding of the last look, which showed: {known}.",
        "Take the name from `selectorate roll findings`, and look again if the roll was imported anew.",
    ),
    "roll.reviewer": Kind(
        "rule not met",
        "{name} cannot decide about this finding: {because}.",
        "Let somebody decide who holds no interest in the contest and is not concerned, and who has declared that: "
        "selectorate roll reviewer DIR --name NAME --interest none --on DATE.",
    ),
    "roll.reviewer_words": Kind(
        "bad input",
        "The declaration of {name} does not say whether there is an interest.",
        'Write "none", or in a few words which interest it is.',
    ),
    "roll.review": Kind(
        "rule not met",
        "The decision `{decision}` about {about} cannot be made: {because}.",
        "See docs/manual/findings.md for the decisions and their codes. Nothing was noted.",
    ),
    "roll.review_file": Kind(
        "bad input",
        "{file}, line {row}: {because}.",
        "Write a CSV in UTF-8 with the columns member, decision, code, reason, on, and a line for each member. Nothing "
        "was noted.",
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
    "evidence.file": Kind(
        "bad input",
        "{file} cannot be read as a table: {because}.",
        "Save it as Parquet, one row a member, with whole numbers.",
    ),
    "evidence.column": Kind(
        "bad input",
        "{file} has no column {column}; expected are {columns}.",
        "Add the column; where nothing is known every row holds -1.",
    ),
    "evidence.whole": Kind(
        "bad input",
        "Column {column} of {file} holds {found}; expected are whole numbers.",
        "Write days as days since one day, and each account, telephone or address as a number of its own.",
    ),
    "evidence.token": Kind(
        "bad input",
        "Column {column} of {file} holds {found}; expected are -1 (not known) and numbers from 0 to below {most}.",
        "Number the accounts, telephones and addresses from 0, or keep fifty bits of their keyed hash.",
    ),
    "evidence.twice": Kind(
        "bad input",
        "{file} has {rows} rows for {members} members; expected is one row a member, its number not below 0.",
        "Keep the latest row of each member, or give each a number of its own.",
    ),
    "evidence.nobody": Kind(
        "bad input",
        "Nobody in {file} had joined or renewed by day {freeze}.",
        "Give the freeze in the same days as the file: --freeze NUMBER.",
    ),
    "evidence.day": Kind(
        "bad input",
        "{found} is not a day.",
        "Give a day number as in the file, or a date as 2026-12-31: --freeze 20818.",
    ),
    "evidence.output": Kind(
        "bad input",
        "{file} is not what a look at a file of members prints: {because}.",
        "Write it with: selectorate roll findings --members FILE --freeze DAY --json > findings.json",
    ),
    "evidence.pages": Kind(
        "bad input",
        "It is not said where the findings come from, or where their pages go.",
        "Give either DIR, or --from FILE with --out FOLDER.",
    ),
    "evidence.either": Kind(
        "bad input",
        "Either a workspace is looked at or a file of members, and the command names {found}.",
        "Name DIR, --by and --answer-to, or --members FILE and --freeze DAY.",
    ),
    "roll.declared": Kind(
        "bad input",
        "What is declared cannot be entered: {because}.",
        "Say what is missing or mend it, and enter it again.",
    ),
    "roll.declared_late": Kind(
        "rule not met",
        "The drive was declared on {declared}, after its first day, {first}.",
        "Only what was declared beforehand explains anything; the branch can say what happened when it is asked.",
    ),
}
