"""The retention clock, destruction, and the impact assessment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from selectorate.cli import speak
from selectorate.cli.officer.ballot import DIRECTORY


@click.command(epilog="\b\nExample:\n  selectorate roll retention selection")
@DIRECTORY
@speak.at
@speak.as_json
def retention(directory: Path, at_: datetime | None, json_: bool) -> None:
    """What of the vault is kept until when, and why; what is due today. Destroys nothing."""
    from selectorate.office.keeping.retention import clock, names
    from selectorate.office.workspace import Workspace
    from selectorate.roll.keeping.retention import unknown

    workspace = Workspace(directory, at_)
    lines, rows = [], []
    for one in clock(workspace):
        stands = "due now" if one.now else one.waits or "nothing of it is left"
        lines += [
            f"{one.kept.kind}: {one.kept.what}.",
            f"    {one.kept.rule}, because {one.kept.because}. {len(one.names)} files; {stands}.",
        ]
        rows.append(
            {
                "kind": one.kept.kind,
                "what": one.kept.what,
                "rule": one.kept.rule,
                "due": str(one.due) if one.due else None,
                "files": list(one.names),
                "due_now": one.now,
                "stands": stands,
            }
        )
    strange = unknown(names(workspace))
    lines += [f"{name} is of no kind that is known: look at it, and delete it yourself." for name in strange]
    following = (
        f"selectorate roll destroy {directory} --due --by NAME" if any(r["due_now"] for r in rows) else None
    )
    speak.tell(json_, {"kept": rows, "unknown": list(strange)}, *lines, following=following)


@click.command(epilog='\b\nExample:\n  selectorate roll destroy selection --due --by "Officer One"')
@DIRECTORY
@click.option(
    "--due", is_flag=True, required=True, help="Only what is due; there is no other way to destroy."
)
@speak.one_person
@speak.at
@speak.as_json
def destroy(directory: Path, due: bool, by: str, at_: datetime | None, json_: bool) -> None:
    """Destroy what is due, and put a certificate of destruction for each kind on the record."""
    from selectorate.office.keeping.retention import destroy as act
    from selectorate.office.workspace import Workspace

    workspace = Workspace(directory, at_)
    made = act(workspace, speak.holders(by))
    lines = [
        f"Certificate of destruction, entry {one.entry} of the record of {workspace.origin}: {one.files} files "
        f"({one.kind}), due {one.due} ({one.rule})."
        for one in made
    ]
    lines.append("Destroy the copies of the vault as well: nobody but you knows where they are.")
    value = {
        "destroyed": [
            {"kind": one.kind, "rule": one.rule, "due": one.due, "files": one.files, "entry": one.entry}
            for one in made
        ]
    }
    speak.tell(json_, value, *lines)


@click.command(
    epilog="\b\nExamples:\n  selectorate roll dpia selection\n  selectorate roll dpia selection --out dpia.md"
)
@DIRECTORY
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Write it to this file.")
@speak.at
@speak.as_json
def dpia(directory: Path, out: Path | None, at_: datetime | None, json_: bool) -> None:
    """A data protection impact assessment, filled from the rulebook; what only you can say is marked."""
    from selectorate.office import files
    from selectorate.office.keeping.comparing import assess
    from selectorate.office.workspace import Workspace

    text = assess(Workspace(directory, at_))
    value = {"markdown": text, "open": text.count("To be filled in:")}
    if out is not None:
        files.write(out, text.encode(), replace=False)
        speak.tell(json_, value, f"Written to {out}; {value['open']} places are to be filled in.")
        return
    speak.tell(json_, value, text.rstrip("\n"))


COMMANDS = (retention, destroy, dpia)
