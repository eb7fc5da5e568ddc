"""Letters to those on whom a finding rests, beside the letters to members; each of them once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectorate.office.vault import Vault
    from selectorate.roll.letters import Letter, Sender
    from selectorate.roll.objects import Finding


def write(vault: Vault, findings: Sequence[Finding], sender: Sender) -> int:
    """Write the letters of this look into vault/letters/questions, but to nobody who has been asked; how many."""
    from selectorate.roll.settling.holders import holder_letters

    asked = {tuple(one["because"]) for one in vault.load("holders-asked", []) if one["asked"]}
    letters = [one for one in holder_letters(findings, sender) if one.because not in asked]
    for one in letters:
        finding, about = one.because
        vault.save_bytes(f"letters/questions/holder-{_file(finding)}-{_file(about)}.txt", one.text.encode())
    kept = [one for one in vault.load("holders-asked", []) if one["asked"]]
    vault.save("holders-asked", [*kept, *(_waiting(one) for one in letters)])
    return len(letters)


def asked(vault: Vault, on: str) -> None:
    """The letters were sent on that day."""
    known = vault.load("holders-asked", [])
    if known:
        vault.save("holders-asked", [{**one, "asked": one["asked"] or on} for one in known])


def _waiting(letter: Letter) -> dict[str, object]:
    return {"because": list(letter.because), "asked": None}


def _file(text: str) -> str:
    return "".join(char if char.isalnum() or char in "-_" else "_" for char in text)
