"""Files of papers: bytes in, `Ballots` out. The format is recognised by the content, never by the name.

`read_ballots` reads BLT, PrefLib, scot-elex CSV, tables (CSV, XLSX) by rank or by candidate, margin-irv text,
raire and other JSON, cast vote records (NIST SP 1500-103), and a Belenios result: docs/manual/papers.md. Text is
UTF-8 or Windows-1252. A file is read to its last line or not at all, and every refusal names the place. What
gaps, equal ranks and the like mean is for `cleaning`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from selectorate.count import rulesets
from selectorate.count.ballots import Ballots
from selectorate.count.cleaning import clean
from selectorate.count.objects import Profile
from selectorate.count.readers import cvr, raire, reports
from selectorate.count.readers.blt import read_blt
from selectorate.count.readers.lines import decoded, unknown
from selectorate.count.readers.margin_irv import read_margin_irv
from selectorate.count.readers.plain_json import Place, read_json
from selectorate.count.readers.preflib import read_preflib
from selectorate.count.readers.ranks import from_ranks
from selectorate.count.readers.reports import Reported, read_contest, read_report
from selectorate.count.readers.scot_elex import read_scot_elex
from selectorate.count.readers.tables import Contest, read_csv, read_rows
from selectorate.count.readers.workbook import read_workbook
from selectorate.errors import refuse

__all__ = [
    "Contest", "PaperFile", "Reported", "from_ranks", "read", "read_ballots", "read_contest", "read_report",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A file of plain rankings. `seats` and `title` are what the file says; the title has no control characters."""

    kind: str
    profile: Profile
    seats: int
    title: str


_NUMBERS = re.compile(r"\s*-?[0-9]+\s*(,\s*-?[0-9]*\s*)+")
_BLT = re.compile(r"\s*-?[0-9]+\s+-?[0-9]+\s*(#.*)?")
_OLD_PREFLIB = re.compile(r"\s*[0-9]+\s*\n+\s*1\s*,[^\n]+")
_RULE = re.compile(r"-(\+-)*\+?-?")
_PREFLIB = re.compile(r"#\s*(FILE NAME|TITLE|DATA TYPE|NUMBER ALTERNATIVES|ALTERNATIVE NAME 1)\s*:")
_HEAD = 1 << 16


def read_ballots(
    data: bytes,
    name: str,
    *,
    keep_order: bool = False,
    contest: str | None = None,
    about: Contest | None = None,
) -> Ballots:
    """The papers of a file as they are marked; `name` is for the sentences only.

    keep_order: keep the order of single papers (`Ballots.order`). contest: which one, in a file of several (an
    id, a name, or a number from 1). about: candidates and settings from the contest's own file, for tables.
    Raises Refusal `count.file` (with a line), `count.file.place` (with a place in JSON), `count.file.kind`,
    `file.size`.
    """
    if data[:4] == b"PK\x03\x04":
        rows = read_workbook(data, name)
        return read_rows(rows, data, name, "xlsx", keep_order=keep_order, about=about)
    head = decoded(data, name)[:_HEAD].lstrip()
    if head[:1] in ("{", "["):
        return _from_json(data, name, keep_order, contest, about)
    lines = [line.strip() for line in head.split("\n") if line.strip()]
    if len(lines) > 2 and _RULE.fullmatch(lines[2]) and "," in lines[0]:
        return read_margin_irv(data, name, keep_order=keep_order)
    if any(_PREFLIB.match(line) for line in lines[:20]):
        return read_preflib(data, name, keep_order=keep_order)
    first = next((line for line in lines if not line.startswith("#")), "")
    if _BLT.fullmatch(first):
        return read_blt(data, name, keep_order=keep_order)
    if _OLD_PREFLIB.match(head):
        return read_preflib(data, name, keep_order=keep_order)
    if _NUMBERS.fullmatch(first):
        return read_scot_elex(data, name, keep_order=keep_order)
    if any(mark in first for mark in ",;\t"):
        return read_csv(data, name, keep_order=keep_order, about=about)
    because = "its first line is none of those that files of papers begin with (docs/manual/papers.md)"
    raise unknown(name, because)


def _from_json(
    data: bytes, name: str, keep_order: bool, contest: str | None, about: Contest | None
) -> Ballots:
    top = Place(name, read_json(data, name))
    if cvr.is_cvr(top):
        return cvr.read_cvr(top, data, keep_order=keep_order, contest=contest)
    if raire.is_raire(top):
        return raire.read_raire(top, data, keep_order=keep_order)
    if reports.is_report(top):
        raise unknown(name, "it is a finished count: it holds rounds and no papers")
    if raire.is_by_name(top):
        return raire.read_by_name(top, data, keep_order=keep_order)
    if reports.is_contest(top):
        raise unknown(name, f"it describes a contest and holds no papers{_sources(top.value)}")
    if raire.is_belenios(top):
        names = about.candidates if about is not None else ()
        return raire.read_belenios(top, data, keep_order=keep_order, contest=contest, names=names)
    raise unknown(name, "it is JSON, but none of those that hold papers (docs/manual/papers.md)")


def _sources(plain: dict[str, Any]) -> str:
    """The files of papers that a contest's file names, for the sentence."""
    sources = plain.get("cvrFileSources")
    paths = (
        [one.get("filePath") for one in sources if isinstance(one, dict)] if isinstance(sources, list) else []
    )
    named = [str(path)[:80] for path in paths[:3] if isinstance(path, str)]
    return f"; they are in {', '.join(named)}" if named else ""


def read(data: bytes, name: str) -> PaperFile:
    """The papers of a file whose every paper is a plain ranking; those who withdrew are taken off.

    For whoever has no rule set at hand; with one, `read_ballots` and `cleaning.clean`. Raises what `read_ballots`
    raises, and Refusal `count.profile` where a paper needs a rule set to be understood.
    """
    ballots = read_ballots(data, name)
    cleaned = clean(ballots, rulesets.load("scottish-stv"))
    odd = [f"{number} {what.partition(':')[0]}" for what, number in cleaned.report if "withdrew" not in what]
    if odd or not isinstance(cleaned.papers, Profile):
        raise refuse("count.profile", because=f"{', '.join(odd)}; a rule set must say what that means")
    return PaperFile(ballots.format, cleaned.papers, ballots.seats, ballots.title)
