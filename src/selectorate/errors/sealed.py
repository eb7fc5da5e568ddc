"""Of sealed files and what is held in them."""

from __future__ import annotations

from selectorate.errors.kind import Kind

KINDS: dict[str, Kind] = {
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
}
