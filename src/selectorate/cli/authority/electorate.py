"""What the credential authority reads of others: the officer's list of electors, and the public record."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from selectorate.cli.authority.folder import ROW_MAX, About


@dataclass(frozen=True, slots=True)
class Elector:
    """A row of the list: the number, and all other cells in the order of the columns."""

    member: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """What the archive of a poll says of its credentials. ballots: credential -> ballots cast with it."""

    uuid: str
    closed: bool
    credentials: frozenset[str]
    ballots: Counter[str]


def electors(data: bytes) -> tuple[tuple[str, ...], tuple[Elector, ...]]:
    """The columns beside `member`, and the rows. Cells are taken as they are, but for the apostrophe with which
    the office keeps spreadsheets from taking one for a formula. Raises Refusal `authority.electorate`."""
    from selectorate.errors import refuse

    try:
        table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as reason:
        raise refuse("authority.electorate", because=f"it is not a table in UTF-8 ({reason})") from None
    table = [row for row in table if row]
    if len(table) < 2 or "member" not in table[0]:
        raise refuse("authority.electorate", because="it has no column `member`, or no row")
    head = table[0]
    if "" in head or len(set(head)) != len(head):
        raise refuse("authority.electorate", because="two columns have one name, or one has none")
    if "credential" in head:
        raise refuse("authority.electorate", because="it has a column `credential`: that is made here")
    place = head.index("member")
    found: list[Elector] = []
    seen: set[str] = set()
    for number, guarded in enumerate(table[1:], 2):
        row = [_unguarded(cell) for cell in guarded]
        _demand_sound(number, row, head, seen)
        seen.add(row[place])
        found.append(Elector(row[place], tuple(row[:place] + row[place + 1 :])))
    return tuple(head[:place] + head[place + 1 :]), tuple(found)


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'")[:1] in tuple("=+-@\t\r") else cell


def _demand_sound(number: int, row: list[str], head: list[str], seen: set[str]) -> None:
    from selectorate import canon
    from selectorate.errors import refuse

    member = row[head.index("member")] if len(row) == len(head) else ""
    if len(row) != len(head):
        because = f"row {number} has {len(row)} cells, the first row has {len(head)}"
    elif not member or member in seen:
        because = f"row {number} has no number of its own"
    elif not member.isprintable():
        because = f"the number in row {number} has characters that cannot be printed"
    elif len(canon.encode(row)) > ROW_MAX:
        because = f"row {number} has more than {ROW_MAX:,} bytes"
    else:
        return
    raise refuse("authority.electorate", because=because)


def promised(public: Path) -> tuple[str, About]:
    """The election that the record promised with the final roll, and what it says of it.

    Raises Refusal `authority.not_final`, `file.*`, `log.*`.
    """
    from selectorate.errors import refuse
    from selectorate.log.objects import Entry
    from selectorate.office import files

    organisation = ""
    for number, line in enumerate(files.read(public / "log" / "entries.jsonl").splitlines()):
        entry = Entry.from_json(line, number)
        if entry.act == "log.opened":
            organisation = str(entry.data["organisation"])
        if entry.act == "roll.final":
            one = entry.data["elections"][0]
            return str(one["uuid"]), _about(public, organisation, str(one["contest"]))
    raise refuse("authority.not_final", directory=public)


def _about(public: Path, organisation: str, contest: str) -> About:
    """As the rulebook has it; a copy of the folder without a readable rulebook gives a letter that says less."""
    from selectorate import rules
    from selectorate.errors import Refusal
    from selectorate.office import files

    try:
        book = rules.load(files.read(public / "documents" / "rulebook.toml"), "rulebook.toml")
        found = book.contest(contest)
    except Refusal:
        return About(organisation, "", "", "", "")
    days = (book.day("poll_opens").isoformat(), book.day("poll_closes").isoformat())
    return About(organisation, found.question, found.kind, *days)


def cast(public: Path) -> Cast:
    """The one place that reads ballots here: how many each credential cast, from the archive as published.

    Its form is read, its proofs are not judged: that is `verify`'s. Raises Refusal `elector.no_poll`,
    `ballot.*`, `seat.unsound`.
    """
    from selectorate.ballot import archive
    from selectorate.ballot.marks import ballot_bytes_max, strict_marks
    from selectorate.ballot.parameters import read_credentials, read_parameters
    from selectorate.errors import refuse

    found = sorted(public.glob("*.bel"))
    if not found:
        raise refuse("elector.no_poll", directory=public)
    # Event by event: an archive may be larger than the memory.
    with found[0].open("rb") as file:
        read, faults = archive.read(file, found[0].stem)
        if faults:
            raise refuse("seat.unsound", directory=public, duty=faults[0].duty, because=faults[0].reason)
        ballots: Counter[str] = Counter()
        setup: Sequence[bytes] = ()
        most, closed = 0, False
        for event in read.events:
            if event.type == "Setup" and not setup:
                setup = event.data
                most = ballot_bytes_max(read_parameters(setup[0]))
            elif event.type == "Ballot" and setup:
                ballots[strict_marks(event.data[0], most).credential] += 1
            closed = closed or event.type == "EndBallots"
    if not setup:
        raise refuse("elector.no_poll", directory=public)
    listed = frozenset(one.public for one in read_credentials(setup[2])[0])
    return Cast(read_parameters(setup[0]).uuid, closed, listed, ballots)
