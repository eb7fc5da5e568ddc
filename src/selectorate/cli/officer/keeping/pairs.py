"""What a human found out about records that may be one person."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from selectorate.cli import speak
from selectorate.cli.officer.ballot import DIRECTORY

ANSWERS = ("same person", "two persons", "not settled")
DAY = click.DateTime(("%Y-%m-%d",))


@click.command(
    epilog="""\b
Examples:
  selectorate roll resolve selection M-00017 M-00031 --answer "two persons" \\
    --reason "both wrote; father and daughter" --on 2027-01-09 --by "Officer One"
  selectorate roll resolve selection --file pairs.csv --by "Officer One" """
)
@DIRECTORY
@click.argument("pair", nargs=-1, metavar="[LEFT RIGHT]")
@click.option("--answer", type=click.Choice(ANSWERS), help="What was found out.")
@click.option("--reason", help="How it is known: who answered, what they showed.")
@click.option("--on", type=DAY, help="The day on which it was found out.")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path),
    help="Many pairs at once: a CSV with the columns left, right, answer, reason, on.",
)
@speak.one_person
@speak.at
@speak.as_json
def resolve(
    directory: Path, pair: tuple[str, ...], answer: str | None, reason: str | None, on: datetime | None,
    file: Path | None, by: str, at_: datetime | None, json_: bool,
) -> None:  # fmt: skip
    """Record what a human found out about records that may be one person. Nothing is merged, nobody left out.

    "same person" waits until both were asked and have answered, or had the time to. On the record stand numbers
    alone.
    """
    from selectorate.office import files
    from selectorate.office.keeping.pairs import Resolution, read
    from selectorate.office.keeping.pairs import resolve as act
    from selectorate.office.workspace import Workspace

    name = speak.plain_name(by)
    if file is not None and not (pair or answer or reason or on):
        found = read(files.read(file, bytes_max=16 * 1024 * 1024), file.name, name)
    elif file is None and len(pair) == 2 and answer and reason is not None and on:
        found = (Resolution(pair[0], pair[1], answer, name, on.date(), reason),)
    else:
        raise click.UsageError(
            "Give LEFT, RIGHT, --answer, --reason and --on for one pair, or --file for many."
        )
    act(Workspace(directory, at_), found, speak.holders(by))
    said = [{"left": one.left, "right": one.right, "answer": one.answer} for one in found]
    lines = [f"{one.left} and {one.right}: {one.answer}." for one in found]
    if any(one.answer == "same person" for one in found):
        lines.append(
            "Which record stays is a decision under the rulebook, with an appeal: selectorate roll amend."
        )
    speak.tell(json_, {"resolved": said}, *lines)


COMMANDS = (resolve,)
