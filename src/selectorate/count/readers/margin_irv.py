"""margin-irv text: a line of candidates' numbers, one of labels, a rule of dashes, then `(4, 1, 2) : 58`.

The numbers are the candidates' names: labels (parties, mostly) need not differ.
"""

from __future__ import annotations

import re

from selectorate.count.ballots import Ballots
from selectorate.count.fields import CANDIDATES_MAX
from selectorate.count.readers.lines import (
    RANKS_MAX,
    Gathering,
    candidate_name,
    decoded,
    fault,
    multiplicity,
    trimmed,
)

_PAPER = re.compile(r"\(([^()]*)\)\s*:\s*(\S+)")


def read_margin_irv(data: bytes, name: str, *, keep_order: bool = False) -> Ballots:
    """Read margin-irv text. `() : 22` is 22 blank papers. Raises Refusal `count.file`."""
    lines = [(at, line.strip()) for at, line in enumerate(decoded(data, name).split("\n"), 1) if line.strip()]
    (line, first), *_ = lines
    cells = first.split(",")
    if len(cells) > CANDIDATES_MAX:
        raise fault(name, line, f"there are more than {CANDIDATES_MAX} candidates")
    names: list[str] = []
    for cell in cells:
        names.append(candidate_name(cell, name, line, names))
    places = {one: at for at, one in enumerate(names)}
    papers = Gathering(name, len(names), keep_order)
    for line, text in lines[3:]:
        match = _PAPER.fullmatch(text)
        if match is None:
            raise fault(name, line, "“(first, second, …) : papers” was expected")
        ranks: list[tuple[int, ...]] = []
        for cell in (part.strip() for part in match[1].split(",")):
            if not cell:
                continue
            if cell not in places:
                raise fault(name, line, f"“{cell[:40]}” is no candidate of line 1")
            ranks.append((places[cell],))
        if len(ranks) > RANKS_MAX:
            raise fault(name, line, f"there are more than {RANKS_MAX} ranks")
        papers.add(trimmed(ranks), multiplicity(match[2], name, line), line)
    return papers.ballots(data, "margin-irv", tuple(names))
