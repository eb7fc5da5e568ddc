"""Replies, appeals, and the inspection of the register."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from selectorate.cli import speak
from selectorate.cli.officer.ballot import DIRECTORY

DAY = click.DateTime(("%Y-%m-%d",))
FILE = click.argument("file", type=click.Path(path_type=Path))
ONE = click.option("--member", required=True, help="The member's number.")


@click.command(
    epilog="""\b
Example:
  selectorate roll reply selection --member M-00021 --on 2027-01-09 --says "I joined and paid myself." """
)
@DIRECTORY
@ONE
@click.option("--on", required=True, type=DAY, help="The day on which the answer came.")
@click.option("--says", required=True, help="What the member answered.")
@speak.at
@speak.as_json
def reply(directory: Path, member: str, on: datetime, says: str, at_: datetime | None, json_: bool) -> None:
    """Note a member's answer to a letter. A late one is kept like any other; silence is evidence of nothing."""
    from selectorate.office.keeping.appeals import reply as note
    from selectorate.office.workspace import Workspace

    in_time = note(Workspace(directory, at_), member, on.date(), says)
    late = "" if in_time else " It came after the day that the letter named, and counts all the same."
    speak.tell(
        json_,
        {"member": member, "in_time": in_time},
        f"The answer of {member} is noted.{late}",
        following=f"selectorate roll amend {directory} DECISION.toml --by NAME   (once the roll is frozen)",
    )


@click.command(
    epilog="""\b
Examples:
  selectorate roll appeal selection --member M-00017 --on 2027-01-25
  selectorate roll appeal selection --member M-00018 --on 2027-02-20 --admitted-because "In hospital." """
)
@DIRECTORY
@click.option("--member", required=True, help="The number of the excluded member who appeals.")
@click.option("--on", required=True, type=DAY, help="The day of the appeal.")
@click.option("--admitted-because", default="", help="Why an appeal made too late is heard all the same.")
@speak.at
@speak.as_json
def appeal(
    directory: Path, member: str, on: datetime, admitted_because: str, at_: datetime | None, json_: bool
) -> None:
    """Note an appeal. Until it is decided in time, the member counts as left out in the certificate."""
    from selectorate.office.keeping.appeals import appeal as note
    from selectorate.office.workspace import Workspace

    note(Workspace(directory, at_), member, on.date(), admitted_because)
    speak.tell(
        json_,
        {"member": member},
        f"The appeal of {member} is noted.",
        following=f"selectorate roll amend {directory} DECISION.toml --by NAME",
    )


@click.command(
    "decide-appeal",
    epilog="""\b
Example:
  selectorate roll decide-appeal selection appeal-17.toml --by "Officer One" """,
)
@DIRECTORY
@FILE
@speak.one_person
@speak.at
@speak.as_json
def decide_appeal(directory: Path, file: Path, by: str, at_: datetime | None, json_: bool) -> None:
    """Put a decision on an appeal on the record: dismissed, or upheld too late to change the final roll."""
    from selectorate.office import files
    from selectorate.office.keeping.appeals import decide
    from selectorate.office.workspace import Workspace

    content = files.read(file, bytes_max=64 * 1024)
    made = decide(Workspace(directory, at_), content, file.name, speak.holders(by))
    late = " It comes too late for the roll; the certificate counts the member as left out."
    speak.tell(
        json_,
        {"member": made.member, "outcome": made.answer, "left_out": made.answer == "upheld"},
        f"The appeal of {made.member} under {made.clause} is {made.answer}.{late if made.answer == 'upheld' else ''}",
    )


@click.command(
    epilog="""\b
Example:
  selectorate roll inspection selection request-1.toml --by "Officer One" """
)
@DIRECTORY
@FILE
@speak.one_person
@speak.at
@speak.as_json
def inspection(directory: Path, file: Path, by: str, at_: datetime | None, json_: bool) -> None:
    """Put a request to inspect the register, and its answer, on the record; who asked and why stay private."""
    from selectorate.office import files
    from selectorate.office.keeping.inspecting import inspection as act
    from selectorate.office.workspace import Workspace

    content = files.read(file, bytes_max=64 * 1024)
    made = act(Workspace(directory, at_), content, file.name, speak.holders(by))
    outcome = "inspected" if made.inspected else "declined"
    speak.tell(
        json_,
        {"asked_by": made.asked_by, "outcome": outcome, "found": made.found, "because": made.because},
        f"A {made.asked_by} asked for the register to be inspected: {outcome}, {made.found}. {made.because}",
    )


COMMANDS = (reply, appeal, decide_appeal, inspection)
