"""Officer: the roll, from the membership list to the final electorate."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from selectorate.cli import speak
from selectorate.cli.officer import evidence, keeping
from selectorate.cli.officer.ballot import DIRECTORY
from selectorate.cli.officer.evidence import numbers
from selectorate.cli.officer.keeping.covers import COVERS, Covers

LINKS_SHOWN = 50
"""More pairs than an officer reads on a screen."""
DAY = click.DateTime(("%Y-%m-%d",))
ENCODING = click.option(
    "--encoding", type=click.Choice(("utf-8", "cp1252")), help="The encoding, where the file does not tell."
)
DATES = click.option("--dates", help="day-first or month-first, where the dates can be read in two ways.")
MAP = click.option(
    "--map",
    "map_",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A TOML that says what each column is, or the name of a known layout, instead of the one recognised.",
)


@click.group()
def roll() -> None:
    """Import the membership roll, look for evidence, decide by the rulebook, freeze, amend, make it final."""


@roll.command(
    epilog="""\b
Examples:
  selectorate roll check members.xlsx
  selectorate roll check members.csv --dates day-first --json
  selectorate roll check members.xls --repair mend.xlsx
  selectorate roll check members.csv --start-map map.toml     (no layout is known: fill it in, then)
  selectorate roll check members.csv --map map.toml"""
)
@click.argument("file", type=click.Path(path_type=Path))
@ENCODING
@DATES
@MAP
@click.option(
    "--repair",
    type=click.Path(path_type=Path),
    help="Write the rows to this XLSX, the cells to mend marked and explained.",
)
@click.option(
    "--start-map",
    "start",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="Write a map (TOML) with the columns of FILE to fill in, for --map, and stop.",
)
@speak.as_json
def check(
    file: Path, encoding: str | None, dates: str | None, map_: Path | None, repair: Path | None,
    start: Path | None, json_: bool,
) -> int:  # fmt: skip
    """Look at a membership list: what is recognised, refused, left out, and what has to be mended. Stores nothing."""
    from selectorate.office.exports import check_export

    if start is not None:
        return _start_map(file, start, encoding, json_)
    if repair is not None:
        speak.demand_other(repair, file, *((map_,) if map_ else ()))
    with speak.Steps("Reading the list") as bar:
        found = check_export(file, encoding=encoding, dates=dates, map_=map_, repair=repair, bar=bar)
    lines = list(found.lines())
    if repair is not None:
        lines.append(f"What to mend is marked in {repair}. Save it again and import it, or mend the source.")
    speak.tell(json_, found.to_json(), *lines)
    return 1 if found.problems else 0


def _start_map(file: Path, out: Path, encoding: str | None, json_: bool) -> int:
    from selectorate.office.exports import start_map

    speak.demand_other(out, file)
    with speak.waiting("Reading the list"):
        made = start_map(file, out, encoding=encoding)
    lines = [f"{out} has the columns of {file.name}; nothing else is written."]
    if made.fields:
        lines.append(
            f"With a field already: {', '.join(f'{title} = {field}' for title, field in made.fields.items())}."
        )
    if made.to_say:
        lines.append(f"To say, or to leave behind a #: {', '.join(made.to_say)}.")
    if made.refused:
        lines.append(f"Refused, not read, not stored, and not in the map: {', '.join(made.refused)}.")
    value = {"map": made.fields, "ask": list(made.to_say), "refuse": list(made.refused), "written": str(out)}
    speak.tell(json_, value, *lines, following=f"selectorate roll check {file} --map {out}")
    return 0


@roll.command(
    "import",
    epilog="""\b
Example:
  selectorate roll import selection members.csv more-members.xlsx payments.csv --by "Officer One" """,
)
@DIRECTORY
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@ENCODING
@DATES
@MAP
@COVERS
@speak.one_person
@speak.at
@speak.as_json
def import_(
    directory: Path, paths: tuple[Path, ...], encoding: str | None, dates: str | None, map_: Path | None,
    covers: Covers, by: str, at_: datetime | None, json_: bool,
) -> None:  # fmt: skip
    """Import lists of members, payments and events into the vault. Columns that may not be used are refused by name."""
    from selectorate.office.roll import import_roll
    from selectorate.office.workspace import Workspace

    with speak.Steps("Reading the lists") as bar:
        made = import_roll(
            Workspace(directory, at_),
            paths,
            speak.holders(by),
            encoding=encoding,
            dates=dates,
            map_=map_,
            covers=dict(covers),
            show=None
            if json_
            else lambda reading: click.echo(
                f"{reading.source}: {reading.layout.says}; read as {reading.mapped()}.", err=True
            ),
            bar=bar,
        )
    lines = [f"{made.kept:,} of {made.rows:,} rows kept, {made.payments:,} payments, {made.events:,} events."]
    if made.refused:
        lines.append(
            f"Refused, not read, not stored: {', '.join(made.refused)}. Delete the file that holds them."
        )
    if made.unknown_payers:
        shown = "; ".join(f"{source}, row {row:,}" for source, row in made.strangers)
        more = " and others" if made.unknown_payers > len(made.strangers) else ""
        lines.append(
            f"{made.unknown_payers:,} payments belong to no member on the roll ({shown}{more}): look whether the "
            "number is written as in the list of members."
        )
    value = {
        "rows": made.rows,
        "kept": made.kept,
        "payments": made.payments,
        "events": made.events,
        "unknown_payers": made.unknown_payers,
        "refused": list(made.refused),
    }
    speak.tell(json_, value, *lines, following=f"selectorate roll findings {directory}")


@roll.command(
    epilog="""\b
Examples:
  selectorate roll findings selection --by "Officer One" --answer-to roll@orchard.example \\
    --scheme PAYROLL-7
  selectorate roll findings --members members.parquet --freeze 20818 --json"""
)
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--answer-to", help="Where people answer: an address, a telephone number, or both.")
@click.option(
    "--scheme",
    "schemes",
    multiple=True,
    help="Payment reference of an arrangement that pays for many (employer, home, hall).",
)
@click.option("--by", metavar="NAME", help="Who does this (goes on the record).")
@numbers.files_of_numbers
@speak.on_engine
@speak.at
@speak.as_json
def findings(
    directory: Path | None, answer_to: str | None, schemes: tuple[str, ...], by: str | None, at_: datetime | None,
    json_: bool, members: Path | None, freeze: str | None, engine: str, spark_master: str | None,
    **others: Any,
) -> None:  # fmt: skip
    """Look for what is unlike the organisation's own past, and write a letter to each person concerned.

    A finding is evidence, never a verdict. Nobody is excluded by one. Without --by and --answer-to the findings
    are shown and no letter is written. Without a workspace, a file of members as whole numbers is looked at.
    """
    master = speak.cluster_of(engine, spark_master)
    if directory is None:
        numbers.show(members, freeze, others, json_, master)
        return
    if members is not None or freeze is not None or any(others.values()):
        raise click.UsageError("DIR and files of whole numbers do not go together.")
    if (by is None) != (answer_to is None):
        raise click.MissingParameter(
            param_hint="'--by'" if by is None else "'--answer-to'", param_type="option"
        )
    from selectorate.cli.officer.evidence.pages import write_pages
    from selectorate.cli.officer.evidence.state import look_of
    from selectorate.office.roll import inspect, look
    from selectorate.office.workspace import Workspace
    from selectorate.pages.findings.text import look_text
    from selectorate.roll.links import complete

    with speak.waiting("Looking at the roll"):
        opened = Workspace(directory, at_)
        made = (
            inspect(opened, by, answer_to, schemes, master)
            if by and answer_to
            else look(opened, schemes, master)
        )
    shown = look_of(opened, [one.to_json() for one in made.findings])
    lines = [look_text(replace(shown, steps=())).rstrip("\n")]
    for pair in made.links[:LINKS_SHOWN]:
        lines.append(f"Possibly one person: {pair.left} and {pair.right} ({pair.because}).")
        lines += [f"    {text}" for text in pair.evidence]
    if len(made.links) > LINKS_SHOWN:
        lines.append(f"{len(made.links) - LINKS_SHOWN:,} further pairs: all are in the output of --json.")
    if not complete():
        lines.append(
            "Splink is not installed: only records with the same contact and the very same name were looked for. "
            "Install it with: pip install 'selectorate[roll]'"
        )
    following = f"selectorate roll findings {directory} --by NAME --answer-to WHERE   (to write the letters)"
    if by and answer_to:
        lines.append(f"A page of each finding: {write_pages(opened).overview}.")
        lines.append(f"{made.letters} letters are in {directory / 'vault' / 'letters' / 'questions'}.")
        following = f"send the letters, then: selectorate roll asked {directory} --on DATE --by NAME"
    value = {
        "findings": [one.to_json() for one in made.findings],
        "links": [
            {"left": pair.left, "right": pair.right, "because": pair.because, "evidence": list(pair.evidence)}
            for pair in made.links
        ],
        "letters": made.letters,
    }
    speak.tell(json_, value, *lines, following=following)


@roll.command(epilog='\b\nExample:\n  selectorate roll asked selection --on 2027-01-02 --by "Officer One"')
@DIRECTORY
@click.option("--on", required=True, type=DAY, help="The day on which the letters were sent.")
@speak.one_person
@speak.at
@speak.as_json
def asked(directory: Path, on: datetime, by: str, at_: datetime | None, json_: bool) -> None:
    """Note that the letters were sent; only numbers by kind go on the record."""
    from selectorate.office.roll import asked as act
    from selectorate.office.workspace import Workspace

    number = act(Workspace(directory, at_), on.date(), speak.holders(by))
    speak.tell(
        json_,
        {"asked": number},
        f"{number} members were asked.",
        following=f"selectorate roll freeze {directory} --by NAME --and NAME",
    )


@roll.command(
    epilog='\b\nExample:\n  selectorate roll freeze selection --by "Officer One" --and "Officer Two"'
)
@DIRECTORY
@speak.two_persons
@speak.at
@speak.as_json
def freeze(directory: Path, by: str, second: str, at_: datetime | None, json_: bool) -> None:
    """Decide everybody by the rulebook as at its freeze day, with reasons for each, and freeze the roll."""
    from selectorate.office.roll import freeze as act
    from selectorate.office.workspace import Workspace

    with speak.Steps("Deciding everybody by the rulebook") as bar:
        made = act(Workspace(directory, at_), speak.holders(by, second), bar)
    lines = [f"{made.members:,} members decided by the same rules:"]
    lines += [f"  {word}: {number:,}" for word, number in made.outcomes.items()]
    lines += [
        f"  {clause} ({cite}): not met by {no:,}, not known for {unknown:,}"
        for clause, cite, no, unknown in made.clauses
    ]
    before, after = made.joined_around
    lines.append(
        f"Joined in the 30 days before the freeze day: {before:,}; in the 30 days after it: {after:,}."
    )
    lines.append(f"Write everybody's reasons for mail merge: selectorate roll reasons {directory} FOLDER")
    value = {
        "members": made.members,
        "outcomes": dict(made.outcomes),
        "clauses": [
            {"id": clause, "cite": cite, "not_met": no, "unknown": unknown}
            for clause, cite, no, unknown in made.clauses
        ],
        "joined_before": before,
        "joined_after": after,
    }
    speak.tell(json_, value, *lines, following=f"selectorate roll final {directory} --by NAME")


@roll.command(epilog='\b\nExample:\n  selectorate roll amend selection decision.toml --by "Officer One"')
@DIRECTORY
@click.argument("file", type=click.Path(path_type=Path))
@speak.one_person
@speak.at
@speak.as_json
def amend(directory: Path, file: Path, by: str, at_: datetime | None, json_: bool) -> None:
    """Carry out one written decision about one member; the rulebook decides again on the facts it states."""
    from selectorate.office import files
    from selectorate.office.roll import amend as act
    from selectorate.office.workspace import Workspace

    made = act(Workspace(directory, at_), files.read(file, bytes_max=64 * 1024), file.name, speak.holders(by))
    speak.tell(
        json_,
        {"member": made.member, "change": made.answer, "clause": made.clause},
        f"{made.member}: {made.answer} under {made.clause}.",
    )


@roll.command(epilog='\b\nExample:\n  selectorate roll final selection --by "Officer One"')
@DIRECTORY
@speak.one_person
@speak.at
@speak.as_json
def final(directory: Path, by: str, at_: datetime | None, json_: bool) -> None:
    """Make the roll final: a sealed line and a slip for each elector, a list for the credential authority."""
    from selectorate.office.roll import final as act
    from selectorate.office.workspace import Workspace

    with speak.Steps("Sealing the roll") as bar:
        made = act(Workspace(directory, at_), speak.holders(by), bar)
    lines = [f"{made.electors:,} electors are on the final roll, {made.asking} of them still being asked."]
    lines += [
        f"Only {number} electors carry {weight} votes: their ballots could point at them."
        for weight, number in made.small_weights
    ]
    value = {
        "electors": made.electors,
        "asking": made.asking,
        "small_weights": [{"weight": weight, "electors": number} for weight, number in made.small_weights],
        "uuid": made.uuid,
    }
    electorate = directory / "vault" / "electorate.csv"
    following = (
        f"selectorate credentials make {directory / 'public'} {electorate} OUT   (the credential authority)"
    )
    speak.tell(json_, value, *lines, following=following)


for command in (*keeping.COMMANDS, *evidence.COMMANDS):
    roll.add_command(command)
