"""Reasons, one member's file, and what each role sees."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selectorate.cli import speak
from selectorate.cli.officer.ballot import DIRECTORY

if TYPE_CHECKING:
    from selectorate.roll.keeping import Part

MEMBER = click.argument("member")
WHY = click.option("--why", required=True, help="Why you look: it is noted in the journal of looks.")
HTML = click.option(
    "--html", type=click.Path(path_type=Path), default=None, help="Write it as a page to this file."
)
_ROLES = ("branch-officer", "investigator", "returning-officer", "scrutineer", "member")


def show(title: str, parts: tuple[Part, ...], value: dict[str, Any], json_: bool, html: Path | None) -> None:
    """Parts as text, as JSON, or as a page in a private file."""
    from selectorate.office import files
    from selectorate.pages.member import document, document_text

    if html is not None:
        files.write(html, document(title, parts), private=True, replace=False)
        speak.tell(json_, value, f"Written to {html}.")
        return
    speak.tell(json_, value, document_text(title, parts).rstrip("\n"))


@click.command(
    "reasons",
    epilog="""\b
Examples:
  selectorate roll reasons selection letters-with-reasons
  selectorate roll reasons selection refusals --outcome "not eligible" --each html""",
)
@DIRECTORY
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--outcome",
    type=click.Choice(("eligible", "not eligible", "ask")),
    default=None,
    help="Only members decided so.",
)
@click.option(
    "--each", type=click.Choice(("text", "html")), default=None, help="One letter per member too, as files."
)
@speak.at
@speak.as_json
def reasons(
    directory: Path, out: Path, outcome: str | None, each: str | None, at_: datetime | None, json_: bool
) -> None:
    """Write everybody's statement of reasons for mail merge: OUT/reasons.csv, a line per member."""
    from selectorate.office.keeping.reasons import letters
    from selectorate.office.workspace import Workspace
    from selectorate.pages.member import document, document_text

    with speak.Progress("Writing letters") as progress:
        makes = {
            "text": ("txt", lambda title, parts: document_text(title, parts).encode()),
            "html": ("html", document),
        }
        number = letters(
            Workspace(directory, at_), out, outcome, document_text, makes[each] if each else None, progress
        )
    speak.tell(
        json_,
        {"letters": number, "table": str(out / "reasons.csv")},
        f"{number:,} letters are in {out / 'reasons.csv'}, a line each.",
        following="merge and send them; destroy the folder when they are delivered",
    )


@click.command(
    "explain-member",
    epilog="""\b
Examples:
  selectorate roll explain-member selection M-00039 --by "Officer One" --why "The member telephoned and asks"
  selectorate roll explain-member selection M-00039 --by "Officer One" --why "Sent by post" --html reasons.html""",
)
@DIRECTORY
@MEMBER
@speak.one_person
@WHY
@HTML
@speak.at
@speak.as_json
def explain_member(
    directory: Path, member: str, by: str, why: str, html: Path | None, at_: datetime | None, json_: bool
) -> None:
    """Why a member was decided so: facts with source and day, clause by clause, what to do, until when, to whom."""
    from selectorate.office.keeping.persons import explain
    from selectorate.office.workspace import Workspace
    from selectorate.roll.keeping import plain
    from selectorate.roll.keeping.statement import changed

    made, outcome, since = explain(Workspace(directory, at_), member, speak.plain_name(by), why)
    value = {**made.to_json(), "outcome_now": outcome, "since": plain(since)}
    show(made.title, (*changed(made, outcome), *made.parts(), *since), value, json_, html)


@click.command(
    "subject-report",
    epilog="""\b
Example:
  selectorate roll subject-report selection M-00021 --by "Officer One" --why "Asked for it" --html M-21.html""",
)
@DIRECTORY
@MEMBER
@speak.one_person
@WHY
@HTML
@speak.at
@speak.as_json
def subject_report(
    directory: Path, member: str, by: str, why: str, html: Path | None, at_: datetime | None, json_: bool
) -> None:
    """All that is held about one member, for that member to read: other persons are numbers, never named."""
    from selectorate.office.keeping.persons import subject_report as report
    from selectorate.office.workspace import Workspace
    from selectorate.roll.keeping import plain

    title, parts = report(Workspace(directory, at_), member, speak.plain_name(by), why)
    show(title, parts, {"member": member, "title": title, "parts": plain(parts)}, json_, html)


@click.command(
    "view",
    epilog="""\b
Examples:
  selectorate roll view selection --as branch-officer --by "Officer Three" --branch North
  selectorate roll view selection --as investigator --by "Officer Four"
  selectorate roll view selection --as investigator --by "Officer Four" --member P-1a2b3c4d5e --why "To telephone"
  selectorate roll view selection --as scrutineer --by "Scrutineer One" --json""",
)
@DIRECTORY
@click.option("--as", "role", required=True, type=click.Choice(_ROLES), help="The role whose view is shown.")
@click.option("--by", required=True, metavar="NAME", help="Who looks (noted in the journal of looks).")
@click.option("--branch", default=None, help="The branch whose list is shown.")
@click.option(
    "--member", default="", help="One person: a member's number, or a pseudonym of the list of findings."
)
@click.option("--why", default="", help="Why this person; needed with --member.")
@HTML
@speak.at
@speak.as_json
def view(
    directory: Path, role: str, by: str, branch: str | None, member: str, why: str, html: Path | None,
    at_: datetime | None, json_: bool,
) -> None:  # fmt: skip
    """What a role may see, by the table of roles; each look at a person or a list is noted before it is shown."""
    from selectorate.office.keeping.views import view as shown
    from selectorate.office.workspace import Workspace
    from selectorate.roll.keeping import plain

    title, parts = shown(
        Workspace(directory, at_), role, speak.plain_name(by), branch=branch, member=member, why=why
    )
    show(title, parts, {"role": role, "title": title, "parts": plain(parts)}, json_, html)


@click.command(
    "looks",
    epilog="""\b
Examples:
  selectorate roll looks selection
  selectorate roll looks selection --publish --by "Officer One" """,
)
@DIRECTORY
@click.option("--publish", is_flag=True, help="Put the number of looks since the last time on the record.")
@click.option("--by", default=None, metavar="NAME", help="Who does this (goes on the record).")
@speak.at
@speak.as_json
def looks(directory: Path, publish: bool, by: str | None, at_: datetime | None, json_: bool) -> None:
    """Who looked at members, how often, and on how many days; one log-in with a thousand looks is seen here."""
    from selectorate.office.keeping import journal
    from selectorate.office.workspace import Workspace

    workspace = Workspace(directory, at_)
    published = journal.publish(workspace, speak.holders(by or "")) if publish else 0
    found = journal.operators(workspace)
    lines = [
        f"{one.name}: looks {one.views:,}, members {one.members:,}, days {one.days:,}, on the busiest day "
        f"{one.busiest:,}."
        for one in found
    ] or ["Nobody has looked yet."]
    if published:
        lines.append(f"{published:,} looks were counted on the record.")
    value = {
        "operators": [
            {
                "name": one.name,
                "looks": one.views,
                "members": one.members,
                "days": one.days,
                "busiest": one.busiest,
            }
            for one in found
        ],
        "published": published,
    }
    speak.tell(json_, value, *lines)


COMMANDS = (reasons, explain_member, subject_report, view, looks)
