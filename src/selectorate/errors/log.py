"""Of the record and the vault: what does not follow, or does not hold."""

from __future__ import annotations

from selectorate.errors.kind import Kind

KINDS: dict[str, Kind] = {
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
    "vault.gone": Kind(
        "out of order",
        "{file} was destroyed on schedule; what needs it can no longer be done.",
        "The certificate of its destruction stands on the record: selectorate status DIR.",
    ),
    "vault.locked": Kind(
        "out of order",
        "The private files of {directory} are sealed.",
        "Open them with `selectorate vault unlock {directory}`, and seal them again when the work is done.",
    ),
    "vault.open": Kind(
        "out of order",
        "The private files of {directory} are not sealed.",
        "Nothing is to be done. `selectorate vault lock {directory}` seals them.",
    ),
    "vault.cut": Kind(
        "bad input",
        "{file} is cut off or was changed (piece {number}). Nothing was opened.",
        "Put a whole copy of it back in its place; do not remove it before.",
    ),
    "vault.two": Kind(
        "out of order",
        "Beside the sealed vault of {directory} lies vault/{name}, which it does not hold in that form.",
        "One of the two is an older copy. Move the vault.sealed or the files of vault/ that are not to be used to "
        "another place, then run the same command again.",
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
