"""BLT: `candidates seats`, withdrawn ones as negative numbers, papers ended by 0, a 0, the names, a title."""

from __future__ import annotations

import re
from collections.abc import Iterator

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

_TOKEN = re.compile(r'("(?:[^"]|"")*"|#.*|[^\s"#]+|")')
_Token = tuple[str, int]


def read_blt(data: bytes, name: str, *, keep_order: bool = False) -> Ballots:
    """Read a BLT file: equal ranks (`1=2`), gaps (`-`), withdrawn candidates (`-3`), weights, comments.

    Raises Refusal `count.file`.
    """
    text = decoded(data, name)
    last = text.count("\n") + (not text.endswith("\n"))
    tokens = _tokens(text)
    (first, line), (second, _) = _next(tokens, name, last), _next(tokens, name, last)
    size, seats = heading(first, second, name, line)
    papers = Gathering(name, size, keep_order)
    withdrawn, token = _withdrawn(tokens, papers, last)
    while token[0] != "0":
        if token[0].startswith('"'):
            because = "a name stands here: the 0 that ends the papers, or that of the last one, is missing before it"
            raise fault(name, token[1], because)
        _paper(token, tokens, papers, last)
        token = _next(tokens, name, last, wanted="a line of papers, or the 0 that ends them,")
    names: list[str] = []
    for _ in range(size):
        quoted, line = _next(tokens, name, last, wanted=f"the name of candidate {len(names) + 1}")
        names.append(candidate_name(_unquoted(quoted, name, line), name, line, names))
    title = next(tokens, ("", last))[0]
    extra = next(tokens, None)
    if extra:
        raise fault(name, extra[1], "there is something after the title")
    return papers.ballots(
        data, "blt", tuple(names), seats=seats, title=title.removeprefix('"').removesuffix('"').replace('""', '"'),
        withdrawn=tuple(names[one] for one in sorted(withdrawn)),
    )  # fmt: skip


def _tokens(text: str) -> Iterator[_Token]:
    """Words and quoted texts with their line numbers; comments left out."""
    for number, line in enumerate(text.split("\n"), 1):
        for match in _TOKEN.finditer(line):
            if not match[1].startswith("#"):
                yield match[1], number


def _next(tokens: Iterator[_Token], name: str, last: int, wanted: str = "more") -> _Token:
    token = next(tokens, None)
    if token is None:
        raise fault(name, last, f"the file ends where {wanted} was expected")
    return token


def _withdrawn(tokens: Iterator[_Token], papers: Gathering, last: int) -> tuple[set[int], _Token]:
    """Candidates given as negative numbers before the papers, and the first token after them."""
    found: set[int] = set()
    token = _next(tokens, papers.name, last)
    while token[0].startswith("-") and len(token[0]) > 1:
        found.add(papers.candidate(token[0][1:], token[1]))
        token = _next(tokens, papers.name, last)
    return found, token


def _paper(token: _Token, tokens: Iterator[_Token], papers: Gathering, last: int) -> None:
    start = end = token[1]
    many = multiplicity(token[0], papers.name, start)
    ranks: list[tuple[int, ...]] = []
    named: set[int] = set()
    twice = False
    while (token := _next(tokens, papers.name, last, wanted="the 0 that ends a paper"))[0] != "0":
        end = token[1]
        if token[0].startswith('"'):
            because = f"a name stands here: the 0 that ends the paper from line {start} is missing before it"
            raise fault(papers.name, end, because)
        rank = papers.rank(token[0], end)
        twice = twice or not named.isdisjoint(rank)
        # Two lines of which the first has lost its 0 would read as one paper with a candidate twice.
        if twice and end != start:
            raise fault(papers.name, end, f"a candidate stands twice on the paper from line {start}, or no 0")
        named.update(rank)
        ranks.append(rank)
        if len(ranks) > RANKS_MAX:
            raise fault(papers.name, end, f"a paper has more than {RANKS_MAX} ranks, or no 0")
    papers.add(trimmed(ranks), many, token[1])


def _unquoted(text: str, name: str, line: int) -> str:
    if len(text) < 2 or not text.startswith('"'):
        raise fault(name, line, "a name in quotation marks was expected")
    return text[1:-1].replace('""', '"')
