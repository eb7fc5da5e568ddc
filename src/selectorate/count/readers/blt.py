"""BLT: `candidates seats`, withdrawn ones as negative numbers, papers ended by 0, a 0, the names, a title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectorate.count.objects import Profile
from selectorate.count.readers.lines import (
    Gathering,
    PaperFile,
    candidate_name,
    decoded,
    fault,
    heading,
    multiplicity,
    plain_title,
)
from selectorate.errors import refuse

_TOKEN = re.compile(r'\s*("(?:[^"]|"")*"|#.*|[^\s"#]+|")')
_Token = tuple[str, int]


def read_blt(data: bytes, name: str) -> PaperFile:
    """Read a BLT file. Withdrawn candidates do not stand: they are taken off the papers and out of the list.

    A paper with nobody on it who stands is blank. Equal ranks (`1=2`) and gaps (`-`) are refused: a rule set
    must say what they mean, and none here does yet. Raises Refusal `count.file`.
    """
    text = decoded(data, name)
    last = text.count("\n") + (not text.endswith("\n"))
    tokens = _tokens(text)
    (first, line), (second, _) = _next(tokens, name, last), _next(tokens, name, last)
    size, seats = heading(first, second, name, line)
    papers = Gathering(name, size)
    withdrawn, token = _withdrawn(tokens, papers, last)
    while token[0] != "0":
        _paper(token, tokens, papers, withdrawn, last)
        token = _next(tokens, name, last, wanted="a line of papers, or the 0 that ends them,")
    names: list[str] = []
    for _ in range(size):
        quoted, line = _next(tokens, name, last, wanted=f"the name of candidate {len(names) + 1}")
        names.append(candidate_name(_unquoted(quoted, name, line), name, line, names))
    title = next(tokens, ("", last))[0]
    extra = next(tokens, None)
    if extra:
        raise fault(name, extra[1], "there is something after the title")
    return PaperFile("blt", _standing(papers, names, withdrawn), seats, plain_title(title.strip('"')))


def write_blt(profile: Profile, seats: int, title: str) -> bytes:
    """A profile as BLT, in UTF-8. Invalid papers have no place in the format: a comment says how many."""
    lines = [f"{len(profile.candidates)} {seats}"]
    if profile.invalid:
        lines.append(f"# {profile.invalid} invalid papers are not in this file")
    if profile.blank:
        lines.append(f"{profile.blank} 0")
    rows = ((paper.number, *(at + 1 for at in paper.ranking), 0) for paper in profile.papers)
    lines.extend(" ".join(map(str, row)) for row in rows)
    lines.append("0")
    quoted = (*profile.candidates, plain_title(title))
    lines += ['"' + text.replace('"', '""') + '"' for text in quoted]
    return ("\n".join(lines) + "\n").encode()


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


def _paper(
    token: _Token, tokens: Iterator[_Token], papers: Gathering, withdrawn: set[int], last: int
) -> None:
    many = multiplicity(token[0], papers.name, token[1])
    ranking: list[int] = []
    while (token := _next(tokens, papers.name, last, wanted="the 0 that ends a paper"))[0] != "0":
        if "=" in token[0]:
            raise fault(
                papers.name, token[1], f"equal ranks ({token[0][:40]}) cannot be counted by these rules"
            )
        if token[0] == "-":
            raise fault(papers.name, token[1], "a gap between preferences cannot be counted by these rules")
        if len(ranking) >= papers.candidates:
            raise fault(
                papers.name, token[1], "a paper has more preferences than there are candidates, or no 0"
            )
        ranking.append(papers.candidate(token[0], token[1]))
    if len(set(ranking)) != len(ranking):
        raise fault(papers.name, token[1], "a candidate stands on this paper twice")
    papers.add(tuple(one for one in ranking if one not in withdrawn), many, token[1])


def _unquoted(text: str, name: str, line: int) -> str:
    if len(text) < 2 or not text.startswith('"'):
        raise fault(name, line, "a name in quotation marks was expected")
    return text[1:-1].replace('""', '"')


def _standing(papers: Gathering, names: list[str], withdrawn: set[int]) -> Profile:
    """The profile without those who withdrew: the others move up in the list."""
    stay = [one for one in range(len(names)) if one not in withdrawn]
    if not stay:
        raise refuse("count.file.kind", file=papers.name, because="every candidate in it has withdrawn")
    place = {one: at for at, one in enumerate(stay)}
    counts = {tuple(place[one] for one in ranking): number for ranking, number in papers.counts.items()}
    return Profile.gather(tuple(names[one] for one in stay), counts, blank=papers.blank)
