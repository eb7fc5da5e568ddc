"""Decisions about members of a finding: their words (codes.toml), and a file of many at once."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from selectorate.errors import refuse

DECISIONS = ("cleared", "unresolved", "withdrawn")
COLUMNS = ("member", "decision", "code", "reason", "on")


@dataclass(frozen=True, slots=True)
class Code:
    """One word of the list: the decision it belongs to, what it may be about, its sentence."""

    code: str
    decision: str
    of: tuple[str, ...]
    says: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision. member: "" where the finding names nobody and is decided itself; reason: in the reviewer's
    own words; on: the day of the decision."""

    member: str
    decision: str
    code: str
    reason: str
    on: date


@cache
def codes() -> Mapping[str, Code]:
    """Every reason code, by its word. Raises ValueError where the list itself is wrong: that is ours."""
    text = (resources.files("selectorate.roll.settling") / "codes.toml").read_text("utf-8")
    found = {}
    for word, row in tomllib.loads(text).items():
        found[word] = Code(word, row["decision"], tuple(row["of"]), row["says"], row["answered"])
        if row["decision"] not in DECISIONS or set(row["of"]) - {"member", "branch"}:
            raise ValueError(f"codes.toml: {word}")
    return found


def known(decision: str, code: str, of: str) -> tuple[str, ...]:
    """The codes that fit the decision, if `code` is none of them; else nothing. of: "member" or "branch"."""
    fitting = tuple(one.code for one in codes().values() if one.decision == decision and of in one.of)
    return () if code in fitting else fitting


def read(content: bytes, name: str) -> tuple[Decided, ...]:
    """Many at once: CSV in UTF-8 with the columns member, decision, code, reason, on.

    Raises Refusal `roll.review_file` with the row for what cannot be read as a decision.
    """
    try:
        lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as reason:
        because = f"it is no CSV in UTF-8 ({reason})"
        raise refuse("roll.review_file", file=name, row=1, because=because) from None
    if not lines or not set(COLUMNS) <= set(lines[0]):
        because = f"it has no line, or not the columns {', '.join(COLUMNS)}"
        raise refuse("roll.review_file", file=name, row=1, because=because)
    return tuple(_line(line, number, name) for number, line in enumerate(lines, 2))


def _line(line: Mapping[str, str | None], number: int, name: str) -> Decided:
    told = {column: " ".join((line[column] or "").split()) for column in COLUMNS}
    if told["decision"] not in DECISIONS:
        because = f"decision is {told['decision'] or 'empty'}; it is one of: {', '.join(DECISIONS)}"
        raise refuse("roll.review_file", file=name, row=number, because=because)
    if not told["member"]:
        raise refuse("roll.review_file", file=name, row=number, because="member is empty")
    try:
        on = date.fromisoformat(told["on"])
    except ValueError:
        because = f"`on` is {told['on'] or 'empty'}; write a day as 2027-01-09"
        raise refuse("roll.review_file", file=name, row=number, because=because) from None
    return Decided(told["member"], told["decision"], told["code"], told["reason"], on)
