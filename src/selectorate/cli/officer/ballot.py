"""Officer: the poll, from opening to the result."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from selectorate.cli import speak
from selectorate.cli.summary import summary

if TYPE_CHECKING:
    from selectorate.office.poll import Answer

DIRECTORY = click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
FILE = click.argument("file", type=click.Path(path_type=Path))


@click.group()
def ballot() -> None:
    """Open the poll, accept ballots, close it, take in what mixers and trustees send."""


@ballot.command(
    "open",
    epilog="""\b
Example:
  selectorate ballot open selection --credentials public-credentials.json \\
    --trustee one.pub --trustee two.pub --trustee three.pub --candidates candidates.toml \\
    --rankings-public yes --by "Officer One" --and "Officer Two" """,
)
@DIRECTORY
@click.option(
    "--credentials", required=True, type=click.Path(path_type=Path), help="The credential authority's list."
)
@click.option(
    "--trustee",
    "trustees",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="A trustee's .pub file, or a threshold group's parameters; one option for each, in their order.",
)
@click.option(
    "--candidates", required=True, type=click.Path(path_type=Path), help="Candidates with consents (TOML)."
)
@click.option("--contest", help="The contest of the rulebook (default: the first).")
@click.option(
    "--mixers", default=2, show_default=True, type=click.IntRange(2, 99), help="How many trustees mix."
)
@click.option(
    "--rankings-public",
    type=click.Choice(("yes", "no")),
    default="no",
    show_default=True,
    help="Whether all rankings may be published; goes on the record.",
)
@speak.two_persons
@speak.at
@speak.as_json
def open_(
    directory: Path, credentials: Path, trustees: tuple[Path, ...], candidates: Path, contest: str | None,
    mixers: int, rankings_public: str, by: str, second: str, at_: datetime | None, json_: bool,
) -> None:  # fmt: skip
    """Open the poll. Prints how recognisable a published ranking is before anything is fixed."""
    from selectorate.office import files
    from selectorate.office.poll import Opening, open_poll
    from selectorate.office.workspace import Workspace

    workspace = Workspace(directory, at_)
    opening = Opening(
        contest=contest or workspace.rulebook.contests[0].id,
        credentials=files.read(credentials),
        trustees=tuple(files.read(path, bytes_max=64 * 1024) for path in trustees),
        candidates=files.read(candidates, bytes_max=1024 * 1024),
        rankings_public=rankings_public == "yes",
        mixers=mixers,
    )
    risk = open_poll(workspace, opening, speak.holders(by, second))
    opened = workspace.record.find("poll.opened")
    uuid = opened.data["uuid"] if opened else ""
    speak.tell(
        json_,
        {"uuid": uuid, "patterns": str(risk.patterns), "unused_permille": risk.unused_permille},
        f"Poll {uuid} is open.",
        f"Signature risk: {risk.sentence()}",
        following=f"selectorate ballot accept {directory} FILE...",
    )


@ballot.command(epilog="\b\nExample:\n  selectorate ballot hold selection proof-1.json --number 1")
@DIRECTORY
@FILE
@click.option(
    "--number",
    type=click.IntRange(1, 999),
    help="The trustee's number in the list of trustees (default: the first one that is free).",
)
@speak.at
@speak.as_json
def hold(directory: Path, file: Path, number: int | None, at_: datetime | None, json_: bool) -> None:
    """Take in a trustee's proof of holding the key; the poll opens when every trustee has one on the record."""
    from selectorate.office import files
    from selectorate.office.tally import PROOF_MAX
    from selectorate.office.tally import hold as act
    from selectorate.office.workspace import Workspace

    held = act(Workspace(directory, at_), files.read(file, bytes_max=PROOF_MAX), number)
    speak.tell(
        json_,
        {"trustee": held.trustee, "name": held.name, "public_key": held.public_key},
        f"Trustee {held.trustee}, {held.name}, holds the key {held.public_key}.",
        following=f"selectorate ballot open {directory} ...   (when all trustees have proved it)",
    )


@ballot.command(
    "letters-destroyed",
    epilog="""\b
Example:
  selectorate ballot letters-destroyed selection destroyed-001.json --by "Officer One" """,
)
@DIRECTORY
@FILE
@speak.one_person
@speak.at
@speak.as_json
def letters_destroyed(directory: Path, file: Path, by: str, at_: datetime | None, json_: bool) -> None:
    """Put on the record that the credential authority destroyed a batch of letters after its delivery."""
    from selectorate.office import files
    from selectorate.office.tally import PROOF_MAX
    from selectorate.office.tally import letters_destroyed as act
    from selectorate.office.workspace import Workspace

    batch, letters = act(Workspace(directory, at_), files.read(file, bytes_max=PROOF_MAX), speak.holders(by))
    speak.tell(
        json_,
        {"batch": batch, "letters": letters},
        f"On the record: the letters of batch {batch} ({letters}) are destroyed.",
    )


@ballot.command(
    epilog="""\b
Examples:
  selectorate ballot accept selection ballot-1.json ballot-2.json
  selectorate ballot accept selection - < ballots.jsonl"""
)
@DIRECTORY
@click.argument("ballots", nargs=-1, required=True, metavar="FILE...")
@speak.at
@speak.as_json
def accept(directory: Path, ballots: tuple[str, ...], at_: datetime | None, json_: bool) -> int:
    """Accept ballots: files with one ballot a line, or - for standard input.

    One line is printed for each ballot, after it is durable: `accepted TRACKER ENTRY`, or `refused TRACKER: why`.
    With --json an accepted ballot's line is its receipt. A ballot sent again gets the same answer.
    """
    from selectorate.office.poll import accept as act
    from selectorate.office.workspace import Workspace

    refused = 0
    workspace = Workspace(directory, at_, alone=False)
    with contextlib.closing(act(workspace, _batches(ballots))) as answered:
        for answers in answered:
            for answer in answers:
                refused += answer.receipt is None
                click.echo(_line(answer, json_))
            sys.stdout.flush()
    return 1 if refused else 0


def _line(answer: Answer, json_: bool) -> str:
    if answer.receipt is None:
        value = {"refused": answer.tracker, "duty": answer.duty, "because": answer.reason}
        line = f"refused {answer.tracker}: {answer.duty}, {answer.reason}"
        return json.dumps(value, ensure_ascii=False) if json_ else line
    if json_:
        return answer.receipt.to_json().decode()
    return f"accepted {answer.tracker} {answer.receipt.entry}"


LINE_BYTES_MAX = 64 * 1024 * 1024
"""What may arrive on standard input without the end of a line; a ballot has some kilobytes."""


def _batches(names: Sequence[str]) -> Iterator[list[bytes]]:
    """Ballots as they come: whole lines of files, or whatever has arrived on standard input so far.

    Files are read before the first ballot is judged, so that a missing one stops nothing half way.
    """
    from selectorate.errors import refuse
    from selectorate.office import files

    read = {name: files.read(name) for name in names if name != "-"}
    for name in names:
        if name != "-":
            yield [line for line in read[name].splitlines() if line]
            continue
        rest = b""
        while arrived := os.read(sys.stdin.fileno(), 1 << 20):
            *whole, rest = (rest + arrived).split(b"\n")
            if len(rest) > LINE_BYTES_MAX:
                raise refuse("poll.line", found=len(rest))
            yield [line for line in whole if line]
        if rest:
            yield [rest]


@ballot.command(
    epilog='\b\nExample:\n  selectorate ballot close selection --by "Officer One" --and "Officer Two"'
)
@DIRECTORY
@speak.two_persons
@speak.at
@speak.as_json
def close(directory: Path, by: str, second: str, at_: datetime | None, json_: bool) -> None:
    """Close the poll and make the encrypted tally. No ballot is accepted afterwards, none is taken out."""
    from selectorate.office.poll import close as act
    from selectorate.office.workspace import Workspace

    with speak.waiting("Making the encrypted tally"):
        accepted = act(Workspace(directory, at_), speak.holders(by, second))
    speak.tell(
        json_,
        {"accepted": accepted},
        f"The poll is closed: {accepted:,} ballots accepted, the encrypted tally is made.",
        following=f"selectorate mix {directory / 'public'} shuffle-1.json --owner 1   (the first mixer)",
    )


@ballot.command(
    "take-shuffle", epilog="\b\nExample:\n  selectorate ballot take-shuffle selection shuffle-1.json"
)
@DIRECTORY
@FILE
@speak.at
@speak.as_json
def take_shuffle(directory: Path, file: Path, at_: datetime | None, json_: bool) -> None:
    """Check a mixer's shuffle and take it in; a faulty one is refused with its owner named."""
    from selectorate.office import files
    from selectorate.office.tally import take_shuffle as act
    from selectorate.office.workspace import Workspace

    with speak.waiting("Checking the shuffle"):
        owner, left = act(Workspace(directory, at_), files.read(file))
    more = f"{left} more to come." if left else "Mixing has ended."
    following = "mix" if left else "trustee decrypt"
    speak.tell(
        json_,
        {"owner": owner, "left": left},
        f"Shuffle of trustee {owner} checked and taken in. {more}",
        following=f"selectorate {following} ...",
    )


@ballot.command(
    "take-decryption", epilog="\b\nExample:\n  selectorate ballot take-decryption selection decryption-1.json"
)
@DIRECTORY
@FILE
@speak.at
@speak.as_json
def take_decryption(directory: Path, file: Path, at_: datetime | None, json_: bool) -> None:
    """Check a trustee's decryption and take it in; a faulty one goes on the record with its trustee named."""
    from selectorate.office import files
    from selectorate.office.tally import take_decryption as act
    from selectorate.office.workspace import Workspace

    with speak.waiting("Checking the decryption"):
        owner, lacking = act(Workspace(directory, at_), files.read(file))
    more = f"Still needed: {', '.join(lacking)}." if lacking else "The decryptions suffice for the result."
    following = "selectorate trustee decrypt ..." if lacking else f"selectorate ballot result {directory}"
    speak.tell(
        json_,
        {"owner": owner, "lacking": list(lacking)},
        f"Decryption of trustee {owner} checked and taken in. {more}",
        following=following,
    )


@ballot.command(epilog="\b\nExample:\n  selectorate ballot result selection")
@DIRECTORY
@speak.at
@speak.as_json
def result(directory: Path, at_: datetime | None, json_: bool) -> None:
    """Compute the result as soon as the decryptions suffice.

    From now on the papers are public, in the order of the last mixer.
    """
    from selectorate.office.tally import result as act
    from selectorate.office.workspace import Workspace

    with speak.waiting("Computing the result"):
        papers = act(Workspace(directory, at_))
    speak.tell(
        json_,
        {"papers": papers},
        f"The result is there: {papers:,} papers.",
        following=f"selectorate count {directory} --by NAME",
    )


ballot.add_command(summary)
