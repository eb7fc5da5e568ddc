"""PrefLib: SOC, SOI, TOC, TOI and CAT, with today's header (`# ALTERNATIVE NAME 1: …`) and the old one.

Today: metadata lines that begin with `#`, then `papers: 1,{2,3},4`. Old (until 2021): the number of candidates,
a line `1,name` for each, a line with three sums, then `papers,1,{2,3},4`. In CAT each place of a line is a
category, the best one first; the figure of a candidate is the number of categories below. (PrefLib, format
specification.) Blank papers are no part of PrefLib: we write their number as `# BLANK PAPERS: 3`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectorate.count.ballots import Ballots, Figures
from selectorate.count.readers.lines import (
    RANKS_MAX,
    Gathering,
    candidate_name,
    decoded,
    fault,
    multiplicity,
    number_of_candidates,
    number_of_seats,
    trimmed,
    unknown,
    whole,
)

_NAME = re.compile(r"(ALTERNATIVE|CATEGORY) NAME ([0-9]{1,6})")
_GROUP = re.compile(r"\s*(\{[^{}]*\}|[^,{}]*)\s*(,|$)")
_OLD_NAME = re.compile(r"\s*([0-9]{1,6})\s*,(.*)")


@dataclass(slots=True)
class _Head:
    """What stands before the papers."""

    names: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    said: dict[str, tuple[str, int]] = field(default_factory=dict)


def read_preflib(data: bytes, name: str, *, keep_order: bool = False) -> Ballots:
    """Read a PrefLib file of orders or categories. Raises Refusal `count.file`, `count.file.kind`."""
    lines = decoded(data, name).split("\n")
    head, start, colon = _today(lines, name) if _is_today(lines) else _old(lines, name)
    if not head.names:
        raise unknown(name, "its PrefLib header names no alternative")
    if "NUMBER ALTERNATIVES" in head.said:
        text, line = head.said["NUMBER ALTERNATIVES"]
        if number_of_candidates(text, name, line) != len(head.names):
            raise fault(name, line, f"{text} alternatives are announced and {len(head.names)} named")
    papers = Gathering(name, len(head.names), keep_order)
    for at in range(start, len(lines)):
        text = lines[at].strip()
        if text and not text.startswith("#"):
            _paper(text, at + 1, papers, head, colon)
    if "BLANK PAPERS" in head.said:
        text, line = head.said["BLANK PAPERS"]
        blank = (None,) * len(head.names) if head.categories else ()
        papers.add(blank, multiplicity(text, name, line), line)
    _announced(head, papers)
    seats = head.said.get("SEATS")
    return papers.ballots(
        data,
        "preflib",
        tuple(head.names),
        kind="figures" if head.categories else "ranks",
        seats=number_of_seats(seats[0], name, seats[1]) if seats else 0,
        title=head.said.get("TITLE", ("", 0))[0],
        grades=tuple(reversed(head.categories)),
    )


def _is_today(lines: list[str]) -> bool:
    return next((line for line in lines if line.strip()), "").lstrip().startswith("#")


def _today(lines: list[str], name: str) -> tuple[_Head, int, str]:
    head = _Head()
    for at, line in enumerate(lines):
        text = line.strip()
        if text and not text.startswith("#"):
            return head, at, ":"
        key, _, value = text.lstrip("# ").partition(":")
        match = _NAME.fullmatch(key.strip())
        if match:
            known = head.names if match[1] == "ALTERNATIVE" else head.categories
            _named(known, int(match[2]), value, name, at + 1)
        elif key.strip() in head.said and key.strip().startswith("NUMBER"):
            raise fault(name, at + 1, f"“{key.strip()[:40]}” stands there twice")
        else:
            head.said[key.strip()] = (value.strip(), at + 1)
    return head, len(lines), ":"


def _named(known: list[str], number: int, value: str, name: str, line: int) -> None:
    if number != len(known) + 1:
        raise fault(name, line, f"name {number} stands where name {len(known) + 1} was expected")
    if number > RANKS_MAX:
        raise fault(name, line, f"there are more than {RANKS_MAX} names")
    known.append(candidate_name(value, name, line, known))


def _old(lines: list[str], name: str) -> tuple[_Head, int, str]:
    head = _Head()
    at = next(at for at, line in enumerate(lines) if line.strip())
    size = number_of_candidates(lines[at].strip(), name, at + 1)
    for line in range(at + 1, at + 1 + size):
        match = _OLD_NAME.fullmatch(lines[line].strip()) if line < len(lines) else None
        if match is None:
            raise fault(name, min(line, len(lines) - 1) + 1, f"“{len(head.names) + 1},name” was expected")
        _named(
            head.names, int(match[1]), match[2].strip().removeprefix('"').removesuffix('"'), name, line + 1
        )
    sums = at + 1 + size
    cells = lines[sums].split(",") if sums < len(lines) else []
    if len(cells) != 3:
        raise fault(name, min(sums, len(lines) - 1) + 1, "three sums (voters, papers, orders) were expected")
    head.said["NUMBER VOTERS"] = (cells[1].strip(), sums + 1)
    return head, sums + 1, ","


def _paper(text: str, line: int, papers: Gathering, head: _Head, colon: str) -> None:
    number, found, rest = text.partition(colon)
    if not found:
        raise fault(papers.name, line, f"“papers{colon} first,second,…” was expected")
    many = multiplicity(number.strip(), papers.name, line)
    groups = _groups(rest.strip(), line, papers)
    if not head.categories:
        papers.add(trimmed(groups), many, line)
        return
    if len(groups) > len(head.categories):
        raise fault(papers.name, line, f"there are more places than the {len(head.categories)} categories")
    figures: list[int | None] = [None] * papers.candidates
    for at, group in enumerate(groups):
        for one in group:
            if figures[one] is not None:
                raise fault(papers.name, line, "a candidate stands in two categories")
            figures[one] = len(head.categories) - 1 - at
    paper: Figures = tuple(figures)
    papers.add(paper, many, line)


def _groups(rest: str, line: int, papers: Gathering) -> list[tuple[int, ...]]:
    groups: list[tuple[int, ...]] = []
    at = 0
    while at < len(rest):
        match = _GROUP.match(rest, at)
        if match is None or match.end() == at:
            raise fault(papers.name, line, "candidates, with braces around equal ones, were expected")
        inner = match[1].strip()
        if inner.startswith("{"):
            parts = [part.strip() for part in inner[1:-1].split(",") if part.strip()]
            groups.append(tuple(sorted({papers.candidate(part, line) for part in parts})))
        else:
            groups.append(papers.rank(inner, line))
        if len(groups) > RANKS_MAX:
            raise fault(papers.name, line, f"there are more than {RANKS_MAX} ranks")
        at = match.end()
    return groups


def _announced(head: _Head, papers: Gathering) -> None:
    """The number of papers must be the one in the header: a file that was cut short has fewer."""
    if "NUMBER VOTERS" in head.said:
        text, line = head.said["NUMBER VOTERS"]
        number = whole(text, papers.name, line, what="the number of papers")
        if number != papers.total:
            raise fault(papers.name, line, f"{number} papers are announced and {papers.total} follow")
