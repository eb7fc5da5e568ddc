"""Officer: cases decided by the rulebook."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from selectorate.cli import speak


@click.group()
def case() -> None:
    """Conduct, partnership, gifts: the same published criteria for every person and body."""


@case.command(
    epilog="""\b
Example:
  selectorate case decide selection case-7.toml --by "Officer One" """
)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@speak.one_person
@speak.at
@speak.as_json
def decide(directory: Path, file: Path, by: str, at_: datetime | None, json_: bool) -> None:
    """Decide the case in FILE. The record gets rule, outcome and fingerprint; the person gets the reasons."""
    from selectorate.office import files
    from selectorate.office.case import decide as act
    from selectorate.office.workspace import Workspace

    made = act(
        Workspace(directory, at_), files.read(file, bytes_max=1024 * 1024), file.name, speak.holders(by)
    )
    value = {
        "decision": made.case.decision,
        "about": made.about,
        "outcome": made.outcome,
        "fingerprint": made.fingerprint,
        "cite": made.cite,
    }
    speak.tell(
        json_,
        value,
        f"{made.about}, under {made.cite}: {made.outcome}.",
        f"Fingerprint of the facts: {made.fingerprint}",
        f"The statement of reasons is in {directory / 'vault' / 'letters' / 'cases'}; send it to the person.",
    )
