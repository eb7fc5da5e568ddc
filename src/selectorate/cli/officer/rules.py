"""Anybody: look at a rulebook, in words and with remarks; the officer: what a new version would change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selectorate.cli import speak
from selectorate.cli.officer.keeping.covers import COVERS, Covers
from selectorate.cli.officer.roll import DATES

if TYPE_CHECKING:
    from selectorate.office.rulebook import Preview
    from selectorate.rules import Rulebook

BRANCHES_SHOWN = 40
"""Branches in the answer for people: those with the most changes come first."""
FILE = click.argument("file", type=click.Path(path_type=Path))
ROLL = click.option(
    "--roll",
    "roll",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE_OR_DIR",
    help="Lists of members and payments (repeat it), or a workspace that has imported them.",
)


@click.group()
def rules() -> None:
    """Read a rulebook, show it in plain words, and see what a change would do before it is adopted."""


@rules.command(
    epilog="""\b
Examples:
  selectorate rules check rulebook.toml
  selectorate rules check rulebook.toml --roll members.csv --json"""
)
@FILE
@ROLL
@DATES
@speak.as_json
def check(file: Path, roll: tuple[Path, ...], dates: str | None, json_: bool) -> None:
    """Read a rulebook: every fault with its line, and remarks on what should be looked at before adopting it."""
    from selectorate.office.rulebook import joined_around, open_roll, open_rulebook
    from selectorate.rules.lint import remarks

    book = open_rulebook(file)
    found = remarks(book)
    day = book.day("freeze")
    joined: tuple[int, int] | None = None
    if roll:
        with speak.waiting("Looking at the roll"), open_roll(roll, dates=dates) as engine:
            joined = joined_around(engine, day)
    value: dict[str, Any] = {
        "file": file.name,
        "version": book.version,
        "sha256": book.digest,
        "clauses": sum(len(right.clauses) for right in book.rights),
        "remarks": [{"kind": one.kind, "where": one.where, "says": one.says} for one in found],
        "freeze": day.isoformat(),
        "joined_before": None if joined is None else joined[0],
        "joined_after": None if joined is None else joined[1],
    }
    lines = [
        f"{file.name}: rulebook of {book.organisation}, version {book.version}, has no fault.",
        f"SHA-256: {book.digest}",
        *(f"{one.where} ({one.kind}): {one.says}" for one in found),
    ]
    if joined is not None:
        lines.append(_joined(day.isoformat(), *joined))
    if not found:
        lines.append("Nothing to remark.")
    speak.tell(json_, value, *lines)


@rules.command(epilog="\b\nExample:\n  selectorate rules show rulebook.toml")
@FILE
@speak.as_json
def show(file: Path, json_: bool) -> None:
    """Show a rulebook in plain words: the days, what the rules look at, who has which right, and how it is tested."""
    from selectorate.office.rulebook import open_rulebook
    from selectorate.rules import words

    book = open_rulebook(file)
    speak.tell(json_, _book(book), *words.lines(book))


@rules.command(
    epilog="""\b
Examples:
  selectorate rules timetable rulebook.toml
  selectorate rules timetable selection --ics days.ics"""
)
@click.argument("source", type=click.Path(path_type=Path), metavar="FILE_OR_DIR")
@click.option("--ics", type=click.Path(path_type=Path), help="Write the days to this file, for any calendar.")
@speak.at
@speak.as_json
def timetable(source: Path, ics: Path | None, at_: datetime | None, json_: bool) -> None:
    """The days of a rulebook; of a workspace also until when answers and appeals are awaited."""
    from selectorate.office.rulebook.days import timetable as read

    days, written = read(source, ics, at_)
    lines = [f"{day:%A} {day.day} {day:%B %Y}: {name}" for name, day in days]
    if ics is not None:
        lines.append(f"Written to {ics}.")
    value = {"days": [{"name": name, "day": day.isoformat()} for name, day in days], "ics": written}
    speak.tell(json_, value, *lines)


@rules.command(
    epilog="""\b
Examples:
  selectorate rules diff rulebook.toml new.toml --roll members.csv --roll payments.csv
  selectorate rules diff rulebook.toml new.toml --roll selection --publish"""
)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@ROLL
@click.option("--right", default="vote", show_default=True, help="The right that is compared.")
@click.option("--publish", is_flag=True, help="Only what may be published: no number of members under 10.")
@DATES
@COVERS
@speak.as_json
def diff(
    old: Path, new: Path, roll: tuple[Path, ...], right: str, publish: bool, dates: str | None, covers: Covers,
    json_: bool,
) -> None:  # fmt: skip
    """What would change if NEW took the place of OLD: how many members gain or lose a right, by branch and clause.

    The numbers are exact and for your own screen; --publish gives what may be shown to others.
    """
    from selectorate.errors import refuse
    from selectorate.office.rulebook import open_rulebook, what_if
    from selectorate.rules.whatif import publishable

    if not roll:
        raise refuse("rules.diff-roll")
    books = open_rulebook(old), open_rulebook(new)
    with speak.waiting("Deciding everybody twice"):
        seen = what_if(*books, roll, right=right, dates=dates, covers=dict(covers))
    value = publishable(seen.change) if publish else seen.change.to_json()
    value["unknown_facts"] = list(seen.missing)
    value["joined"] = [
        {"freeze": day.isoformat(), "before": before, "after": after} for day, before, after in seen.joined
    ]
    if publish:
        value["joined"] = []
    if json_:
        click.echo(json.dumps(value, ensure_ascii=False))
        return
    for line in _told(value, seen, publish):
        click.echo(line)


def _told(value: dict[str, Any], seen: Preview, publish: bool) -> Iterator[str]:
    yield f"This is for {value['for']}."
    yield f"{value['old']} -> {value['new']}, {value['members']} members."
    yield f"No longer eligible: {value['no_longer_eligible']}. Newly eligible: {value['newly_eligible']}."
    for move in value["moves"]:
        if move["old"] != move["new"] and move["members"]:
            yield f"  {move['old']} -> {move['new']}: {move['members']}"
    for day in value["days"]:
        yield f"The day {day['day']}: {day['old'] or 'none'} -> {day['new'] or 'none'}."
    for clause in value["clauses"]:
        if clause["says"] == "is unchanged" and not any(
            clause[key] for key in ("newly_not_met", "newly_met", "newly_unknown")
        ):
            continue
        yield f"{clause['id']} {clause['says']}."
        yield (
            f"    newly not met: {clause['newly_not_met']}; newly met: {clause['newly_met']}; newly not known: "
            f"{clause['newly_unknown']}; it alone stops: {clause['alone_decisive']}"
        )
    for branch in value["branches"][:BRANCHES_SHOWN]:
        yield f"Branch {branch['branch'] or '(none)'}: {_branch(branch)}"
    if len(value["branches"]) > BRANCHES_SHOWN:
        yield f"{len(value['branches']) - BRANCHES_SHOWN} more branches change; --json lists them all."
    if seen.missing:
        yield f"This roll does not tell: {', '.join(seen.missing)}. Where a rule needs it, the outcome is to ask."
    if not publish:
        for day_, before, after in seen.joined:
            yield _joined(day_.isoformat(), before, after)


def _branch(branch: dict[str, Any]) -> str:
    lost, members = branch["no_longer_eligible"], branch["members"]
    share = (
        f" ({lost * 100 // members} %)"
        if isinstance(lost, int) and isinstance(members, int) and members
        else ""
    )
    said = f"{lost} of {members}{share} no longer eligible, {branch['newly_eligible']} newly eligible"
    return said + (f", {branch['other_changes']} other changes." if branch["other_changes"] else ".")


def _joined(day: str, before: int, after: int) -> str:
    return (
        f"Joined in the 30 days up to the freeze day, {day}: {before:,}; in the 30 days after it: {after:,}. "
        "A freeze to come invites a rush, one in the past a dispute."
    )


def _book(book: Rulebook) -> dict[str, Any]:
    return {
        "organisation": book.organisation,
        "version": book.version,
        "adopted": book.adopted,
        "sha256": book.digest,
        "timetable": {name: day.isoformat() for name, day in book.timetable},
        "facts": [
            {"name": fact.name, "type": fact.type, "from": fact.source, "means": fact.means}
            for fact in book.facts
        ],
        "rights": [
            {
                "id": right.id,
                "says": right.says,
                "clauses": [
                    {
                        "id": clause.id,
                        "cite": clause.cite,
                        "says": clause.says,
                        "needs": clause.needs.text,
                        "otherwise": clause.otherwise,
                    }
                    for clause in right.clauses
                ],
            }
            for right in book.rights
        ],
        "appeal": {"to": book.appeal.to, "days": book.appeal.days},
    }
