"""Of trustees: their keys, their ceremony, what their tool remembers."""

from __future__ import annotations

from selectorate.errors.kind import Kind

KINDS: dict[str, Kind] = {
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
}
