"""Officer: the private files, sealed while nobody works with them."""

from __future__ import annotations

from pathlib import Path

import click

from selectorate.cli import speak
from selectorate.cli.officer.ballot import DIRECTORY


@click.group()
def vault() -> None:
    """Seal the private files of a workspace under a passphrase while nobody works, and open them again."""


@vault.command(epilog="\b\nExample:\n  selectorate vault lock selection")
@DIRECTORY
@speak.with_passphrase
@speak.as_json
def lock(directory: Path, passphrase_file: Path | None, json_: bool) -> None:
    """Seal all private files into one, vault.sealed, and remove them. Every act then waits until they are opened.

    Whoever loses the passphrase loses the vault: there is no other way in.
    """
    from selectorate.office import atrest

    known = atrest.is_locked(directory)
    ask = speak.passphrase if known else speak.new_passphrase
    words = ask(passphrase_file, f"the private files of {directory}")
    with speak.waiting("Sealing the private files"):
        held = atrest.lock(directory, words)
    speak.tell(
        json_,
        {"files": held.files, "bytes": held.size},
        f"{held.files} private files are sealed in {directory / atrest.NAME}.",
        "The clear ones were written over and removed. A disk that moves its blocks may keep old ones: keep the "
        "workspace on an encrypted disk as well.",
        following=f"selectorate vault unlock {directory}   (before the next act)",
    )


@vault.command(epilog="\b\nExample:\n  selectorate vault unlock selection")
@DIRECTORY
@speak.with_passphrase
@speak.as_json
def unlock(directory: Path, passphrase_file: Path | None, json_: bool) -> None:
    """Open the private files again: all of them, or none."""
    from selectorate.errors import refuse
    from selectorate.office import atrest

    if not atrest.is_locked(directory):
        raise refuse("vault.open", directory=directory)
    words = speak.passphrase(passphrase_file, f"the private files of {directory}")
    with speak.waiting("Opening the private files"):
        held = atrest.unlock(directory, words)
    speak.tell(
        json_,
        {"files": held.files, "bytes": held.size},
        f"{held.files} private files are open in {directory / 'vault'}.",
    )
