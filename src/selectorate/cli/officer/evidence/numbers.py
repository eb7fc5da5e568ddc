"""Officer: the look at a file of whole numbers, without a workspace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selectorate.cli import speak
from selectorate.cli.officer.evidence.pages import of_numbers

if TYPE_CHECKING:
    from selectorate.office.evidence import Files

_FILE = click.Path(path_type=Path)
SHOWN = 20
"""More findings than a person reads on a screen; --json has them all."""


def files_of_numbers(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a look without a workspace."""
    for option in (
        click.option("--members", type=_FILE, help="Without DIR: members as whole numbers, a Parquet file."),
        click.option(
            "--freeze", help="Without DIR: the day of the freeze, in the days of the file, or a date."
        ),
        click.option("--edits", type=_FILE, help="Without DIR: changes of contacts, a Parquet file."),
        click.option("--receipts", type=_FILE, help="Without DIR: receipts for cash."),
        click.option("--exclusions", type=_FILE, help="Without DIR: who was removed or refused."),
        click.option("--transfers", type=_FILE, help="Without DIR: all transfers between branches."),
        click.option("--signins", type=_FILE, help="Without DIR: who signed in at meetings."),
        click.option(
            "--declared",
            type=_FILE,
            multiple=True,
            help="Without DIR: drives or schemes declared beforehand; may be given more than once.",
        ),
        click.option(
            "--schemes",
            "scheme_files",
            type=_FILE,
            multiple=True,
            help="Without DIR: the same as --declared, for accounts.",
        ),
        click.option(
            "--no-calibration",
            is_flag=True,
            help="Without DIR: pass over earlier years, to measure what they are worth. Not for a real roll.",
        ),
    ):
        command = option(command)
    return command


def given(members: Path, others: dict[str, Any]) -> tuple[Files, bool]:
    """The files that these options name, and whether earlier years count."""
    from selectorate.office.evidence import Files

    rest = dict(others)
    declared = (*rest.pop("declared", ()), *rest.pop("scheme_files", ()))
    calibrated = not rest.pop("no_calibration", False)
    return Files(
        members, {name: path for name, path in rest.items() if path is not None}, declared
    ), calibrated


def show(
    members: Path | None, freeze: str | None, others: dict[str, Any], json_: bool, master: str | None = None
) -> None:
    """Look and print. master: the address of a Spark cluster, None for DuckDB. Raises Refusals of
    `office.evidence`."""
    from selectorate.errors import refuse
    from selectorate.office import evidence
    from selectorate.pages.findings.text import look_text

    if members is None or freeze is None:
        raise refuse("evidence.either", found="only one of --members and --freeze, or neither a DIR")
    files, calibrated = given(members, others)
    with speak.waiting("Looking at the roll"):
        found = evidence.look(files, evidence.day(freeze), calibrated=calibrated, master=master)
    shown = {**found, "findings": found["findings"][:SHOWN]}
    lines = [look_text(of_numbers(shown, str(members))).rstrip("\n")]
    if len(found["findings"]) > SHOWN:
        lines.append(f"{len(found['findings']) - SHOWN:,} further findings: all are in the output of --json.")
    if not found["individual"]:
        lines.append(
            "The roll is too small for a number about a person: there are findings about groups only."
        )
    speak.tell(json_, found, *lines)
