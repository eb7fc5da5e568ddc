"""Officer, or anyone: count papers; officer: certify."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from selectorate.cli import speak

if TYPE_CHECKING:
    from selectorate.count.objects import Sheet


@click.command(
    epilog="""\b
Examples:
  selectorate count ward.csv --rules scottish-stv --seats 4
  selectorate count ward.blt --rules scottish-stv --seats 4 --json
  selectorate count selection --by "Officer One"        (declares the count of a workspace)"""
)
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--rules", "rules_", default="scottish-stv", show_default=True, help="Rule set, for a file of papers."
)
@click.option(
    "--seats", type=click.IntRange(1, 1000), help="Seats, for a file of papers (else what the file says)."
)
@click.option("--seed", help="Seed (hex) for lots, should a tie need one.")
@click.option("--by", metavar="NAME", help="Who declares the count, for a workspace.")
@speak.at
@speak.as_json
def count(
    path: Path,
    rules_: str,
    seats: int | None,
    seed: str | None,
    by: str | None,
    at_: datetime | None,
    json_: bool,
) -> None:
    """Count PATH: a file of papers (scot-elex CSV, BLT), or a workspace whose result is there."""
    if path.is_dir():
        sheet = _declare(path, by, at_)
        following = f"selectorate certify {path} --by NAME"
    else:
        sheet = _count_file(path, rules_, seats, seed)
        following = None
    if json_:
        click.echo(json.dumps(sheet.to_count_json(), ensure_ascii=False))
        return
    from selectorate.cli.officer.shown import sheet_of
    from selectorate.pages import terminal

    speak.tell(False, {}, terminal.sheet_text(sheet_of(sheet)).rstrip(), following=following)


def _declare(directory: Path, by: str | None, at_: datetime | None) -> Sheet:
    from selectorate.office.count import count as act
    from selectorate.office.workspace import Workspace

    if by is None:
        raise click.UsageError("To declare the count of a workspace, say who does it: --by NAME.")
    return act(Workspace(directory, at_), speak.holders(by))


def _count_file(path: Path, rules_: str, seats: int | None, seed: str | None) -> Sheet:
    from selectorate import canon
    from selectorate.count import readers, rulesets, stv
    from selectorate.office import files

    data = files.read(path, bytes_max=256 * 1024 * 1024)
    found = readers.read(data, path.name)
    return stv.count(
        found.profile,
        rulesets.load(rules_),
        seats or found.seats,
        tie_seed=seed,
        papers_digest=canon.sha256(data),
    )


@click.command(epilog='\b\nExample:\n  selectorate certify selection --by "Officer One"')
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@speak.one_person
@speak.at
@speak.as_json
def certify(directory: Path, by: str, at_: datetime | None, json_: bool) -> None:
    """Say whether the electors in doubt could have changed who is elected, and put it on the record."""
    from selectorate.cli.officer.shown import certificate_lines
    from selectorate.office.count import certify as act
    from selectorate.office.workspace import Workspace

    with speak.waiting("Searching for a change within the doubts"):
        made = act(Workspace(directory, at_), speak.holders(by))
    value = json.loads(made.to_json())
    speak.tell(json_, value, *certificate_lines(made), following=f"selectorate publish {directory}")
