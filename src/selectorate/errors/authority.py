"""Of credentials and letters, and of the electors who get them."""

from __future__ import annotations

from selectorate.errors.kind import Kind

KINDS: dict[str, Kind] = {
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
}
