"""Statements of reasons: for one member, and for everybody as letters ready for mail merge."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from selectorate.errors import refuse
from selectorate.office import files
from selectorate.office.engines import at_work
from selectorate.office.keeping import pending

if TYPE_CHECKING:
    from selectorate.office.workspace import Workspace
    from selectorate.roll.keeping import Part
    from selectorate.roll.keeping.statement import Statement

COLUMNS = (
    "member", "name", "address_1", "address_2", "locality", "postcode", "country", "email", "branch", "outcome",
    "decision", "reasons", "what_you_can_do", "appeal_to", "appeal_until", "letter",
)  # fmt: skip
BATCH = 2_000


def statement_of(workspace: Workspace, member: str) -> Statement:
    """The statement of reasons for one member, with the source and day of each fact.

    Raises Refusal `roll.member` for a number that is not on the roll, `vault.missing` before the freeze.
    """
    from selectorate.roll.keeping.statement import placed, sources, statement

    book = workspace.rulebook
    stored = pending.decision_of(workspace, member)
    decided, _ = pending.deadline(workspace)
    on = date.fromisoformat(decided) if decided else None
    again = book.eligibility(stored["facts"], subject=member, by=stored["by"], decided=on)
    read = pending.made_on(workspace, "roll.imported")
    place, tables = None, workspace.vault.path("roll.duckdb")
    if (
        tables.exists()
    ):  # the decisions are kept longer than the roll; then only the rulebook's own source is told
        with at_work(tables) as engine:
            place = next((found for _, found, _ in placed(engine, book, member)), None)
    facts = [name for name, _ in again.facts]
    return statement(book, again, on, sources(book, place, facts, read.date() if read else None))


def letters(
    workspace: Workspace,
    out: Path,
    outcome: str | None,
    text: Callable[[str, Sequence[Part]], str],
    each: tuple[str, Callable[[str, Sequence[Part]], bytes]] | None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Write `reasons.csv` for mail merge into the folder, and with `each` (a file's ending and what makes its
    bytes) one letter per member beside it; how many. outcome: only members decided so; text: makes a letter of
    a title and parts. Private files; nothing goes on the record.

    Raises Refusal `file.exists` where the folder has a reasons.csv already, `vault.missing` before the freeze.
    """
    pending.demand_since(workspace, "Writing letters with reasons", "roll.frozen")
    pending.demand_kept(workspace, "decisions.jsonl", "roll.duckdb")
    if (out / "reasons.csv").exists():
        raise refuse("file.exists", file=out / "reasons.csv")
    told = _Told(out, text, each)
    rows = _rows(workspace, outcome, progress)
    files.write(out / "reasons.csv", sheet(told.lines(rows)), private=True)
    return told.number


class _Told:
    """Counts the letters as they go by, and writes each beside the table where that is wanted."""

    def __init__(
        self,
        out: Path,
        text: Callable[[str, Sequence[Part]], str],
        each: tuple[str, Callable[[str, Sequence[Part]], bytes]] | None,
    ) -> None:
        self.out, self.text, self.each, self.number = out, text, each, 0

    def lines(self, rows: Iterable[tuple[Sequence[str | None], Statement]]) -> Iterator[Sequence[str | None]]:
        yield COLUMNS
        for address, made in rows:
            self.number += 1
            title, parts = made.title, made.parts()
            text = self.text(title, parts)
            if self.each is not None:
                kind, makes = self.each
                self._write(made.member, kind, makes(title, parts))
            todo = " ".join(f"{one.clause}: {one.todo}" for one in made.reasons if one.todo)
            short = " ".join(f"{one.clause} ({one.cite}): {one.verdict}. {one.says}" for one in made.reasons)
            yield (
                made.member, *address, made.outcome, made.says, short, todo, made.appeal_to, made.appeal_until, text,
            )  # fmt: skip

    def _write(self, member: str, kind: str, content: bytes) -> None:
        name = "".join(char if char.isalnum() or char in "-_" else "_" for char in member)
        files.write(self.out / f"{self.number:07}-{name}.{kind}", content, private=True, durable=False)


def _rows(
    workspace: Workspace, outcome: str | None, progress: Callable[[int, int], None]
) -> Iterator[tuple[Sequence[str | None], Statement]]:
    """(address columns, statement) of every decided member, in the order of the decisions."""
    from selectorate.roll.keeping.statement import placed, sources, statement

    book = workspace.rulebook
    decided, _ = pending.deadline(workspace)
    on = date.fromisoformat(decided) if decided else None
    read = pending.made_on(workspace, "roll.imported")
    decisions = pending.decisions(workspace)
    frozen = workspace.record.find("roll.frozen")
    members = frozen.data["members"] if frozen else 0
    with at_work(workspace.vault.path("roll.duckdb")) as engine:
        for number, (line, found) in enumerate(zip_longest(decisions, placed(engine, book))):
            progress(number, members)
            stored = json.loads(line or b"{}")
            if found is None or stored.get("subject") != found[0]:
                raise refuse("roll.edited", what=f"The line of {found[0] if found else stored['subject']}")
            member, place, address = found
            if outcome is not None and stored["outcome"] != outcome:
                continue
            again = book.eligibility(stored["facts"], subject=member, by=stored["by"], decided=on)
            names = [name for name, _ in again.facts]
            known = sources(book, place, names, read.date() if read else None)
            yield address, statement(book, again, on, known)


def sheet(lines: Iterable[Sequence[str | None]]) -> Iterator[bytes]:
    """Lines as CSV. A spreadsheet must not take a cell for a formula: such a cell begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for number, line in enumerate(lines, 1):
        writer.writerow(
            [f"'{text}" if (text or "")[:1] in tuple("=+-@\t\r") else text or "" for text in line]
        )
        if number % BATCH == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()
