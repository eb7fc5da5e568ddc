"""The confirmation audit by random sample, and the roll beside a second register."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from selectorate.cli import speak
from selectorate.cli.officer.ballot import DIRECTORY
from selectorate.cli.officer.keeping.appeals import DAY, FILE


@click.command(
    epilog="""\b
Examples:
  selectorate roll sample selection --branch North --bound 5% --confidence 95% --by "Officer One"
  selectorate roll sample selection --since 2026-07-01 --throw "6 2 5 1, by the scrutineer" --by "Officer One" """
)
@DIRECTORY
@click.option("--branch", default="", help="Only members of this branch; else of every branch.")
@click.option("--since", default=None, type=DAY, help="Only members who joined on this day or later.")
@click.option("--bound", default="5%", show_default=True, help="The share to be excluded if all confirm.")
@click.option("--confidence", default="95%", show_default=True, help="How sure that is to be.")
@click.option(
    "--throw", default="", help="What a witness threw in public; it goes into the seed and on the record."
)
@speak.one_person
@speak.at
@speak.as_json
def sample(
    directory: Path, branch: str, since: datetime | None, bound: str, confidence: str, throw: str, by: str,
    at_: datetime | None, json_: bool,
) -> None:  # fmt: skip
    """Draw members by lot, by a seed of the record, and write the same letter to each: did you join yourself?"""
    from selectorate.office.keeping.sampling import sample as act
    from selectorate.office.workspace import Workspace
    from selectorate.roll.keeping.sample import share

    made = act(
        Workspace(directory, at_),
        speak.holders(by),
        branch=branch,
        since=since.date() if since else None,
        bound=share(bound, "the bound"),
        confidence=share(confidence, "the confidence"),
        throw=" ".join(throw.split()),
    )
    letters = directory / "vault" / "letters" / f"sample-{made.number}.csv"
    value = {
        "sample": made.number,
        "members": made.members,
        "asked": len(made.drawn),
        "needed": made.needed,
        "seed": made.seed,
        "drawn": list(made.drawn),
        "letters": str(letters),
    }
    speak.tell(
        json_,
        value,
        f"Sample {made.number}: {len(made.drawn):,} of {made.members:,} members are drawn; {made.needed:,} are needed "
        f"to exclude {bound} with {confidence} confidence, if all confirm.",
        f"Seed {made.seed}. The letters, all alike, are in {letters}.",
        following=f"selectorate roll sample-answers {directory} ANSWERS.csv --sample {made.number} --by NAME",
    )


@click.command(
    "sample-answers",
    epilog="""\b
Example:
  selectorate roll sample-answers selection answers.csv --sample 1 --by "Officer One" """,
)
@DIRECTORY
@FILE
@click.option("--sample", "number", required=True, type=int, help="The number of the sample.")
@speak.one_person
@speak.at
@speak.as_json
def sample_answers(
    directory: Path, file: Path, number: int, by: str, at_: datetime | None, json_: bool
) -> None:
    """Record the answers of a sample (CSV: member, answer) and say the bound that they prove."""
    from selectorate.office import files
    from selectorate.office.keeping.sampling import settle
    from selectorate.office.workspace import Workspace

    content = files.read(file, bytes_max=16 * 1024 * 1024)
    made = settle(Workspace(directory, at_), number, content, file.name, speak.holders(by))
    value = {
        "sample": made.number,
        "answers": made.counted,
        "reached": made.reached,
        "at_most_permille": made.upper_permille,
        "says": made.says,
    }
    speak.tell(json_, value, made.says)


@click.command(
    epilog="""\b
Example:
  selectorate roll compare selection register.csv --moving 9.5 --years 1 --gaps 5.3"""
)
@DIRECTORY
@FILE
@click.option("--moving", required=True, type=float, help="Per cent of people there who move in a year.")
@click.option("--years", required=True, type=float, help="How old the second register is, in years.")
@click.option("--gaps", default=0.0, show_default=True, help="Per cent of people who were never on it.")
@speak.at
@speak.as_json
def compare(
    directory: Path, file: Path, moving: float, years: float, gaps: float, at_: datetime | None, json_: bool
) -> None:
    """Are more members missing from a second register (CSV: name, postcode) than moving explains? Names nobody."""
    from selectorate.office import files
    from selectorate.office.keeping.comparing import compare as act
    from selectorate.office.workspace import Workspace

    with speak.waiting("Comparing"):
        made = act(
            Workspace(directory, at_),
            files.read(file),
            file.name,
            moving=moving / 100,
            years=years,
            gaps=gaps / 100,
        )
    value = {
        "looked_at": [
            {
                "branch": one.branch,
                "members": one.members,
                "missing": one.missing,
                "expected": f"{one.expected:.1f}",
                "more": one.more,
                "says": one.sentence(),
            }
            for one in made
        ]
    }
    speak.tell(json_, value, *(one.sentence() for one in made if one.more or not one.branch))


COMMANDS = (sample, sample_answers, compare)
