"""Officer: start a workspace, see where it stands, publish its pages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from selectorate.cli import speak


@click.command(
    epilog="""\b
Examples:
  selectorate new selection --rulebook rulebook.toml --by "Officer One"
  selectorate status selection"""
)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--rulebook", required=True, type=click.Path(path_type=Path), help="The rulebook (TOML).")
@click.option(
    "--demonstration", is_flag=True, help="A demonstration: acts may name their own time, and say so."
)
@speak.one_person
@speak.at
@speak.as_json
def new(
    directory: Path, rulebook: Path, demonstration: bool, by: str, at_: datetime | None, json_: bool
) -> None:
    """Start a workspace: open its public record and put the rulebook in force.

    DIR gets a vault (private), the record (log.sqlite) and the public folder.
    """
    from selectorate.office import files, workspace

    made = workspace.create(
        directory,
        files.read(rulebook, bytes_max=1024 * 1024),
        rulebook.name,
        by=speak.holders(by)[0],
        demonstration=demonstration,
        at=at_,
    )
    value = {"directory": str(directory), "record": str(made.verifier_key), "rulebook": made.rulebook.version}
    speak.tell(
        json_,
        value,
        f"Workspace {directory} is ready; rulebook {made.rulebook.version} is in force.",
        f"The record's key, for the organisation's announcement: {made.verifier_key}",
        following=f"selectorate roll import {directory} MEMBERS.csv PAYMENTS.csv --by NAME",
    )


@click.command(epilog="\b\nExample:\n  selectorate status selection")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@speak.as_json
def status(directory: Path, json_: bool) -> None:
    """Show what is done, what comes next, and what that makes final."""
    from selectorate.office.status import status as look
    from selectorate.office.workspace import Workspace

    found = look(Workspace(directory, alone=False))
    lines = [f"Now: {found.stands}.", "Done:", *(f"  {sentence}" for sentence in found.done)]
    if found.following:
        lines += ["Next:", *(f"  {command}" for command in found.following)]
    if found.final:
        lines.append(f"Cannot be undone: {found.final}")
    speak.tell(json_, found.to_json(), *lines)


@click.command(epilog="\b\nExample:\n  selectorate publish selection")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@speak.at
@speak.as_json
def publish(directory: Path, at_: datetime | None, json_: bool) -> None:
    """Write the public folder from the record; once the certificate is issued, also the pages for people.

    They are DIR/public/index.html, the trackers, and DIR/officer.html (private).
    """
    from selectorate.cli.story import publish as act
    from selectorate.office.workspace import Workspace
    from selectorate.verify import open_source, verify

    workspace = Workspace(directory, at_)
    if workspace.record.phase != "certified":
        workspace.project()
        value = {"pages": 0, "index": None}
        speak.tell(
            json_, value, f"{directory / 'public'} is up to date. Its pages are made after the certificate."
        )
        return
    with speak.Progress("Checking ballots") as progress:
        report = verify(open_source(workspace.public), progress=progress)
    made = act(
        workspace,
        [
            f"selectorate verify: {report.verdict}, checked on the officer's computer on "
            f"{workspace.now:%Y-%m-%d at %H:%M} UTC; do it yourself: selectorate verify public"
        ],
    )
    speak.tell(
        json_,
        {"pages": made.pages, "index": str(directory / "public" / "index.html")},
        f"{made.pages:,} pages written. Open {directory / 'public' / 'index.html'}",
        following=f"selectorate verify {directory / 'public'}",
    )
