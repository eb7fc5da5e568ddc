"""The trustees of the demonstration: three persons with sealed keys, each below a folder of their own.

Their passphrases lie beside the keys, because one computer plays all parts; nobody else does that.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectorate.cli.demo.stage import Stage

TRUSTEES = {1: "Trustee One", 2: "Trustee Two", 3: "Trustee Three"}


def folder(stage: Stage, number: int) -> Path:
    return stage.people / f"trustee-{number}"


def _unlock(stage: Stage, number: int) -> tuple[str | Path, ...]:
    own = folder(stage, number)
    return ("--key", own / "key.json", "--passphrase-file", own / "passphrase.txt")


def make(stage: Stage) -> None:
    """Each makes a key and proves that it opens; the office puts the proofs on the record."""
    from selectorate.office import files

    for number, name in TRUSTEES.items():
        own = folder(stage, number)
        words = f"demonstration {secrets.token_hex(8)}\n"
        files.write(own / "passphrase.txt", words.encode(), private=True)
        stage.seat("trustee", "new", own / "key.json", "--passphrase-file", own / "passphrase.txt")
        stage.seat(
            "trustee", "prove", *_unlock(stage, number), "--by", name, stage.public, own / "proof.json"
        )
    for number in TRUSTEES:
        proof = folder(stage, number) / "proof.json"
        stage.seat(
            "ballot", "hold", stage.place, proof, "--number", str(number), "--at", "2027-02-26T09:00:00Z"
        )


def public_keys(stage: Stage) -> tuple[str | Path, ...]:
    """The option that names each trustee's public key."""
    return tuple(part for n in TRUSTEES for part in ("--trustee", folder(stage, n) / "key.json.pub"))


def see(stage: Stage) -> str:
    """Each looks at the end of the poll before anything is mixed; the root that all of them saw."""
    told = [
        stage.seat_json("trustee", "see", "--key", folder(stage, n) / "key.json", stage.public)
        for n in TRUSTEES
    ]
    (root,) = {str(one["root"]) for one in told}
    return root


def decrypt(stage: Stage) -> None:
    """Each checks the whole record and decrypts; the office takes in what they send."""
    for number in TRUSTEES:
        out = folder(stage, number) / "decryption.json"
        stage.seat("trustee", "decrypt", *_unlock(stage, number), stage.public, out)
        stage.seat("ballot", "take-decryption", stage.place, out, "--at", f"2027-03-15T23:0{number}:00Z")
