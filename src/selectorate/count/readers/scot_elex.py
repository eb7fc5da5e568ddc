"""scot-elex CSV: `candidates,seats`, one line for each ranking with its number of papers, then the names."""

from __future__ import annotations

import csv
import re

from selectorate.count.ballots import Ballots
from selectorate.count.readers.lines import (
    RANKS_MAX,
    Gathering,
    candidate_name,
    decoded,
    fault,
    heading,
    multiplicity,
    trimmed,
)

_CANDIDATE = re.compile(r"Candidate ([0-9]{1,4})")


def read_scot_elex(data: bytes, name: str, *, keep_order: bool = False) -> Ballots:
    """Read a scot-elex CSV. A line `5,` is five blank papers; an empty cell between others is a gap.

    Raises Refusal `count.file`.
    """
    lines = decoded(data, name).removesuffix("\n").split("\n")
    start = next((at for at, line in enumerate(lines) if line.strip()), 0)
    first = _cells(lines[start] if lines else "", name, start + 1)
    if len(first) != 2:
        raise fault(name, start + 1, "“candidates,seats” was expected")
    size, seats = heading(first[0], first[1], name, start + 1)
    papers = Gathering(name, size, keep_order)
    names: list[str] = []
    title: str | None = None
    for at in range(start + 1, len(lines)):
        line, number = lines[at], at + 1
        if not line.strip():
            continue
        if title is not None:
            raise fault(name, number, "there is something after the title")
        if not names and not line.lstrip().startswith('"'):
            _paper(line, number, papers)
            continue
        quoted = _quoted(line, name, number)
        if len(names) < size:
            names.append(_named(quoted, name, number, names))
        else:
            title = quoted[0]
    if len(names) < size:
        raise fault(name, len(lines), f"the file ends with {len(names)} names of {size}")
    return papers.ballots(data, "scot-elex", tuple(names), seats=seats, title=title or "")


def _paper(line: str, number: int, papers: Gathering) -> None:
    cells = _cells(line, papers.name, number)
    if len(cells) - 1 > RANKS_MAX:
        raise fault(papers.name, number, f"there are more than {RANKS_MAX} ranks")
    many = multiplicity(cells[0], papers.name, number)
    papers.add(trimmed([papers.rank(cell, number) for cell in cells[1:]]), many, number)


def _cells(line: str, name: str, number: int) -> list[str]:
    """The cells of a line of numbers, without the empty ones at the end."""
    cells = line.strip().split(",")
    if " " in line:
        cells = [cell.strip() for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        raise fault(name, number, "numbers were expected")
    return cells


def _quoted(line: str, name: str, number: int) -> list[str]:
    try:
        row = next(csv.reader([line], strict=True), [])
    except csv.Error:
        # Titles in these files may carry unbalanced quotation marks; only names must be exact.
        row = [line.strip().strip(',"')]
    if not row:
        raise fault(name, number, "a quoted text was expected")
    return row


def _named(cells: list[str], name: str, number: int, seen: list[str]) -> str:
    match = _CANDIDATE.fullmatch(cells[0].strip())
    if not match or len(cells) < 2:
        raise fault(name, number, f'“"Candidate {len(seen) + 1}","name",…” was expected')
    if int(match[1]) != len(seen) + 1:
        raise fault(
            name, number, f"candidate {int(match[1])} stands where candidate {len(seen) + 1} was expected"
        )
    return candidate_name(cells[1], name, number, seen)
