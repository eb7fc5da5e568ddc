"""Of ballots, the poll and its tally."""

from __future__ import annotations

from selectorate.errors.kind import Kind

KINDS: dict[str, Kind] = {
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
    "mixer.not_ready": Kind(
        "out of order",
        "There is nothing to mix in {directory}: the poll is not closed, or mixing has ended.",
        "Wait for the officer to publish the folder after closing.",
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
}
