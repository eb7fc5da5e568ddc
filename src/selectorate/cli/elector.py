"""Elector: vote, check that you are on the roll, check that your ballot stands in the record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from selectorate.cli import speak

if TYPE_CHECKING:
    from selectorate.ballot.objects import Parameters, Setup


@click.command(
    epilog="""\b
Example:
  selectorate vote public --credential my-credential.txt --choices my-choices.txt ballot.json
where my-choices.txt has the candidates you prefer, best first, one name a line. An empty file is a blank paper."""
)
@click.argument("public", type=click.Path(path_type=Path))
@click.option(
    "--credential", required=True, type=click.Path(path_type=Path), help="File with your credential."
)
@click.option("--choices", required=True, type=click.Path(path_type=Path), help="File with your choices.")
@click.argument("out", type=click.Path(path_type=Path))
@speak.as_json
def vote(public: Path, credential: Path, choices: Path, out: Path, json_: bool) -> None:
    """Encrypt and sign a ballot for the open poll in PUBLIC, into OUT. A later ballot replaces an earlier one."""
    from selectorate.ballot import make, papers
    from selectorate.office import files

    speak.demand_other(out, credential, choices)
    setup, parameters = open_poll(public)
    secret = files.read(credential, bytes_max=4096).decode("utf-8", "replace").strip()
    text = files.read(choices, bytes_max=1024 * 1024).decode("utf-8", "replace")
    answers = tuple(chosen(text, question.answers, question.kind) for question in parameters.questions)
    _demand_sound(public, setup, parameters)
    _demand_listed(secret, setup, parameters)
    (ballot,) = make.ballots(setup, [secret], [papers.choice_text(answers, parameters.questions)])
    files.write(out, ballot)
    speak.tell(
        json_,
        {"tracker": make.tracker(ballot), "ballot": str(out)},
        f"Your ballot is in {out}. Nobody has it yet: send it to the returning officer.",
        f"Your tracker: {make.tracker(ballot)}",
    )


def _demand_sound(public: Path, setup: Setup, parameters: Parameters) -> None:
    """Raise Refusal `seat.unsound` before anything is encrypted to keys that nobody has proved to hold."""
    from selectorate.ballot.parameters import open_election, setup_faults
    from selectorate.errors import refuse

    kernel = open_election(setup.election, setup.trustees, setup.credentials)
    for fault in setup_faults(kernel, parameters):
        raise refuse("seat.unsound", directory=public, duty=fault.duty, because=fault.reason)


def _demand_listed(secret: str, setup: Setup, parameters: Parameters) -> None:
    """Raise Refusal `elector.credential`, `elector.not_listed`: said on the elector's own device, so that nobody
    learns at the close that a ballot was made with a letter that had been replaced."""
    from selectorate import _kernel
    from selectorate.ballot.parameters import read_credentials
    from selectorate.errors import refuse

    try:
        mine = _kernel.credential_public(parameters.group, parameters.uuid, secret)
    except (_kernel.KernelError, UnicodeEncodeError):
        raise refuse("elector.credential") from None
    if mine not in {one.public for one in read_credentials(setup.credentials)[0]}:
        raise refuse("elector.not_listed")


def open_poll(public: Path) -> tuple[Setup, Parameters]:
    """The set-up of the open poll in a public folder, read from its archive.

    Raises Refusal `elector.no_poll`, `elector.closed`.
    """
    from selectorate.ballot import archive
    from selectorate.ballot.objects import Setup
    from selectorate.ballot.parameters import read_parameters
    from selectorate.errors import refuse
    from selectorate.office import files

    found = sorted(public.glob("*.bel"))
    if not found:
        raise refuse("elector.no_poll", directory=public)
    read, _ = archive.read(files.read(found[0]), found[0].stem)
    if not read.events or read.events[0].type != "Setup" or len(read.events[0].data) != 4:
        raise refuse("elector.no_poll", directory=public)
    if any(event.type == "EndBallots" for event in read.events):
        raise refuse("elector.closed", directory=public)
    setup = Setup(*read.events[0].data)
    return setup, read_parameters(setup.election)


def chosen(text: str, answers: tuple[str, ...], kind: str) -> tuple[int, ...]:
    """One number per answer from a text with one name a line: ranks, best first, or 1 for each one chosen.

    Raises Refusal `elector.choice` for a name that does not stand, or stands twice.
    """
    from selectorate.errors import refuse

    names = [line.strip() for line in text.splitlines() if line.strip()]
    marks = [0] * len(answers)
    for rank, name in enumerate(names, 1):
        if name not in answers:
            raise refuse("elector.choice", line=rank, name=name, answers=", ".join(answers))
        if marks[answers.index(name)]:
            raise refuse("elector.twice", line=rank, name=name)
        marks[answers.index(name)] = rank if kind == "ranked" else 1
    return tuple(marks)


@click.group()
def slip() -> None:
    """Your slip opens your own line on the final roll."""


@slip.command("check", epilog="\b\nExample:\n  selectorate slip check my-slip.json public")
@click.argument("slip_file", metavar="SLIP", type=click.Path(path_type=Path))
@click.argument("public", type=click.Path(path_type=Path))
@speak.as_json
@click.pass_context
def check_slip(context: click.Context, slip_file: Path, public: Path, json_: bool) -> None:
    """Check offline that you are on the final roll in PUBLIC, as your slip says."""
    from selectorate.errors import refuse
    from selectorate.log.objects import Entry
    from selectorate.office import files
    from selectorate.roll.check import check_slip as check

    lines = files.read(public / "log" / "entries.jsonl").splitlines()
    entries = [Entry.from_json(line, number) for number, line in enumerate(lines)]
    final = next((entry.data for entry in entries if entry.act == "roll.final"), None)
    if final is None:
        raise refuse("authority.not_final", directory=public)
    document = files.read(public / "documents" / "commitments.json")
    found = check(files.read(slip_file, bytes_max=64 * 1024).strip(), document, final)
    word = "You are on the final roll" if found.verdict == "passed" else "This slip does not fit the roll"
    speak.tell(json_, found.to_json(), f"{word}: {found.because}.")
    context.exit(0 if found.verdict == "passed" else 1)


@click.group()
def receipt() -> None:
    """Your receipt proves that your ballot was accepted."""


@receipt.command("check", epilog="\b\nExample:\n  selectorate receipt check my-receipt.json public")
@click.argument("receipt_file", metavar="RECEIPT", type=click.Path(path_type=Path))
@click.argument("public", type=click.Path(path_type=Path))
@speak.as_json
def check_receipt(receipt_file: Path, public: Path, json_: bool) -> None:
    """Check offline that the ballot of your receipt stands in the record in PUBLIC, and whether it counts."""
    from selectorate import canon
    from selectorate.ballot import archive, make
    from selectorate.ballot.wire import decode
    from selectorate.errors import refuse
    from selectorate.log.check import check_receipt as check
    from selectorate.log.note import VerifierKey
    from selectorate.log.objects import Entry
    from selectorate.log.receipt import Receipt
    from selectorate.office import files

    held = Receipt.from_json(files.read(receipt_file, bytes_max=64 * 1024))
    lines = files.read(public / "log" / "entries.jsonl").splitlines()
    check(held, lines, VerifierKey.parse(Entry.from_json(lines[0], 0).data["key"]))
    entry = Entry.from_json(lines[held.entry], held.entry)
    read, _ = archive.read(files.read(public / f"{held.uuid}.bel"), held.uuid)
    ballots = [event for event in read.events if event.type == "Ballot"]
    mine = next((event for event in ballots if make.tracker(event.data[0]) == held.tracker), None)
    if mine is None or entry.data.get("event") != canon.sha256(mine.record):
        raise refuse("elector.receipt", tracker=held.tracker, entry=held.entry)
    credential = decode(mine.data[0], what="the ballot")["credential"]
    later = any(
        event.height > mine.height and decode(event.data[0], what="a ballot")["credential"] == credential
        for event in ballots
    )
    closed = any(event.type == "EndBallots" for event in read.events)
    counts = (
        "a later ballot with the same credential replaced it"
        if later
        else ("it is the one that counts" if closed else "it is the one that counts so far")
    )
    value = {"tracker": held.tracker, "entry": held.entry, "replaced": later, "closed": closed}
    speak.tell(json_, value, f"Ballot {held.tracker} stands in the record as entry {held.entry}; {counts}.")
