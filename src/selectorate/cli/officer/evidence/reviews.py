"""Reviewers declare themselves, decide about findings, and everybody's treatment is laid side by side."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from selectorate.cli import speak
from selectorate.cli.officer.ballot import DIRECTORY
from selectorate.cli.officer.keeping.appeals import DAY

DECISIONS = ("cleared", "unresolved", "withdrawn")


@click.command(
    epilog="""\b
Examples:
  selectorate roll reviewer selection --name "Reviewer One" --interest none --on 2027-01-04
  selectorate roll reviewer selection --name "Member 31" --interest "signed Alder's nomination" --on 2027-01-04"""
)
@DIRECTORY
@click.option("--name", required=True, help="Who declares.")
@click.option("--interest", required=True, help="none, or in a few words which interest in the contest.")
@click.option("--on", required=True, type=DAY, help="The day of the declaration.")
@click.option("--contest", default="", help="The contest; else every contest of the rulebook.")
@click.option("--member", default="", help="The reviewer's own number, if they stand on the roll.")
@speak.at
@speak.as_json
def reviewer(
    directory: Path, name: str, interest: str, on: datetime, contest: str, member: str, at_: datetime | None,
    json_: bool,
) -> None:  # fmt: skip
    """Note a reviewer's declaration. Who holds an interest in the contest decides about no finding."""
    from selectorate.office.settling.reviewers import Reviewer, declare
    from selectorate.office.workspace import Workspace

    workspace = Workspace(directory, at_)
    who = speak.plain_name(name)
    contests = (contest,) if contest else tuple(one.id for one in workspace.rulebook.contests)
    for each in contests:
        declare(workspace, Reviewer(who, interest, each, on.date(), member))
    speak.tell(
        json_,
        {"name": who, "interest": interest, "contests": list(contests)},
        f"The declaration of {who} is noted: {interest}.",
        following=f"selectorate roll review {directory} FINDING DECISIONS.csv --by {who!r}",
    )


@click.command(
    epilog="""\b
Examples:
  selectorate roll review selection payer-2f60aa91c0 decisions.csv --by "Reviewer One"
  selectorate roll review selection payer-2f60aa91c0 --member M-00021 --decision cleared --code own-payment \\
    --reason "showed her own bank statement" --on 2027-01-20 --by "Reviewer One"
  selectorate roll review selection surge-11aa22bb33 --decision cleared --code explained \\
    --reason "open day on 3 October, list of visitors seen" --on 2027-01-20 --by "Reviewer One" """
)
@DIRECTORY
@click.argument("finding")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--member", default="", help="One member; none for a finding that names no member.")
@click.option("--decision", type=click.Choice(DECISIONS), default=None, help="What is decided.")
@click.option("--code", default="", help="The reason as a code of the list (docs/manual/findings.md).")
@click.option("--reason", default="", help="The reason in the reviewer's own words.")
@click.option("--on", type=DAY, default=None, help="The day of the decision.")
@speak.one_person
@speak.at
@speak.as_json
def review(
    directory: Path, finding: str, file: Path | None, member: str, decision: str | None, code: str, reason: str,
    on: datetime | None, by: str, at_: datetime | None, json_: bool,
) -> None:  # fmt: skip
    """Decide about members of a finding: cleared, unresolved, or withdrawn by themselves. Nobody is excluded.

    FILE: a CSV with the columns member, decision, code, reason, on. Only numbers by kind go on the record.
    """
    from selectorate.errors import refuse
    from selectorate.office import files
    from selectorate.office.settling.reviews import review as act
    from selectorate.office.workspace import Workspace
    from selectorate.roll.settling.decisions import Decided, read

    if file is not None:
        found = read(files.read(file, bytes_max=16 * 1024 * 1024), file.name)
    elif decision is not None and on is not None:
        found = (Decided(member, decision, code, reason, on.date()),)
    else:
        because = "neither a file nor --decision with --on says what is decided"
        raise refuse("roll.review", about=member or finding, decision=decision or "(none)", because=because)
    made = act(Workspace(directory, at_), finding, found, speak.plain_name(by))
    said = ", ".join(f"{made.decided.get(word, 0):,} {word}" for word in DECISIONS)
    left = "all are decided" if not made.open else f"{made.open:,} still open"
    speak.tell(
        json_,
        {"finding": finding, **{word: made.decided.get(word, 0) for word in DECISIONS}, "open": made.open},
        f"{finding}: {said}; {left}. Who is unresolved votes like everyone else and counts as doubtful.",
        following=f"selectorate roll parity {directory}",
    )


@click.command(epilog="\b\nExample:\n  selectorate roll parity selection")
@DIRECTORY
@speak.at
@speak.as_json
def parity(directory: Path, at_: datetime | None, json_: bool) -> None:
    """Were all treated alike? Answers, decisions and exclusions branch by branch, no number under ten."""
    from selectorate.office.settling.parity import table
    from selectorate.office.settling.reviews import weights_of
    from selectorate.office.workspace import Workspace

    workspace = Workspace(directory, at_, alone=False)
    head, *rows = table(workspace) or (("Branch",),)
    weights = dict(weights_of(workspace.vault))
    lines = [
        f"{row[0]}: "
        + "; ".join(f"{name.lower()} {cell}" for name, cell in zip(head[1:], row[1:], strict=True))
        for row in rows
    ] or ["Nobody has been asked yet."]
    lines += [
        f"Findings of the kind {kind} were nearly all cleared: the next look gives it {permille // 10} % of its weight."
        for kind, permille in weights.items()
    ]
    keys = [name.lower().replace(" ", "_") for name in head]
    value = {
        "branches": [dict(zip(keys, row, strict=True)) for row in rows],
        "weights": [{"kind": kind, "permille": permille} for kind, permille in weights.items()],
    }
    speak.tell(json_, value, *lines)


COMMANDS = (reviewer, review, parity)
