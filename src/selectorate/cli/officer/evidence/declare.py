"""Officer: what the organisation declares before it looks. Arrangements that pay for many, and recruitment drives."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from selectorate.cli import speak
from selectorate.cli.officer.ballot import DIRECTORY

if TYPE_CHECKING:
    from selectorate.office.evidence.declared import Line

_DAY = click.DateTime(("%Y-%m-%d",))
_CALLED = click.option("--called", required=True, help="What people call it, as in: payroll of the harbour.")
_REASON = click.option("--reason", required=True, help="Why it explains itself; who told you, and how.")
_ON = click.option("--on", required=True, type=_DAY, help="The day on which it was declared to you.")


@click.command(
    "declare-scheme",
    epilog="""\b
Example:
  selectorate roll declare-scheme selection PAYROLL-7 --called "payroll of the harbour" --on 2026-02-01 \\
    --reason "agreement of 2019, shown to me" --by "Officer One" """,
)
@DIRECTORY
@click.argument("account")
@_CALLED
@_REASON
@_ON
@speak.one_person
@speak.at
@speak.as_json
def scheme(
    directory: Path,
    account: str,
    called: str,
    reason: str,
    on: datetime,
    by: str,
    at_: datetime | None,
    json_: bool,
) -> None:
    """Enter an arrangement by which one account pays for many: an employer, a home, a hall.

    ACCOUNT is the payment reference as the files have it; only its keyed token is kept. It is then explained in every
    look; nothing else about its members is.
    """
    from selectorate.office.evidence.declared import Line

    line = Line("scheme", called, on.date(), speak.plain_name(by), reason, account=account)
    _enter(directory, at_, json_, line)


@click.command(
    "declare-drive",
    epilog="""\b
Example:
  selectorate roll declare-drive selection --branch North --first 2026-05-02 --last 2026-05-03 --recruiter "Member 9" \\
    --called "stall at the fair" --on 2026-04-20 --reason "notice of the branch" --by "Officer One" """,
)
@DIRECTORY
@click.option("--branch", required=True, help="The branch whose drive it is, as the roll calls it.")
@click.option("--first", required=True, type=_DAY, help="Its first day.")
@click.option("--last", required=True, type=_DAY, help="Its last day.")
@click.option("--recruiter", default="", help="Who recruits, as the file of joinings calls them.")
@click.option("--collector", default="", help="Who takes cash, as the file of receipts calls them.")
@click.option(
    "--device", default="", help="The tablet forms are filled in on, as the file of online forms calls it."
)
@_CALLED
@_REASON
@_ON
@speak.one_person
@speak.at
@speak.as_json
def drive(
    directory: Path, branch: str, first: datetime, last: datetime, recruiter: str, collector: str, device: str,
    called: str, reason: str, on: datetime, by: str, at_: datetime | None, json_: bool,
) -> None:  # fmt: skip
    """Enter a recruitment drive that was declared to you on or before its first day.

    It explains its recruiter, its collector, its device and its dates, in its branch. It never explains an account
    that pays for many, nor a telephone that many give.
    """
    from selectorate.office.evidence.declared import Line

    line = Line(
        "drive", called, on.date(), speak.plain_name(by), reason, branch=branch, first=first.date(), last=last.date(),
        recruiter=recruiter, collector=collector, device=device,
    )  # fmt: skip
    _enter(directory, at_, json_, line)


@click.command(epilog="\b\nExample:\n  selectorate roll declared selection")
@DIRECTORY
@speak.as_json
def declared(directory: Path, json_: bool) -> None:
    """Show what was declared, and when. Accounts and log-ins are kept as tokens only and not shown."""
    from selectorate.office.evidence.declared import listed
    from selectorate.office.workspace import Workspace

    lines = listed(Workspace(directory, alone=False).vault)
    said = [
        f"{one['number']}. {one['called']} ({one['kind']}{_when(one)}), declared on {one['declared_on']}, entered on "
        f"{one['entered_on']} by {one['by']}: {one['reason']}"
        for one in lines
    ]
    speak.tell(json_, {"declared": list(lines)}, *(said or ["Nothing was declared."]))


def _enter(directory: Path, at_: datetime | None, json_: bool, line: Line) -> None:
    from selectorate.office.evidence.declared import declare
    from selectorate.office.workspace import Workspace

    number = declare(Workspace(directory, at_), line)
    speak.tell(
        json_,
        {"number": number, "kind": line.kind, "called": line.called},
        f"Entered as number {number}: {line.called}.",
    )


def _when(one: dict[str, str]) -> str:
    return f" of {one['branch']}, {one['first']} to {one['last']}" if one["kind"] == "drive" else ""


COMMANDS = (scheme, drive, declared)
