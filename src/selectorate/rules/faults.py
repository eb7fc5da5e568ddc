"""Faults of a file that people write: where, what was found, what was expected; all of them at once.

`Faults` collects; `TomlLines` finds the line of a key again, because tomllib does not keep it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from selectorate.errors import Refusal, refuse

SHOWN_MAX = 40
"""Faults listed in one refusal; the rest are counted."""

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*\"?([A-Za-z0-9_-]+)\"?\s*=")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a file. line: from 1, or 0 where no single line is to blame."""

    line: int
    where: str
    says: str

    def __str__(self) -> str:
        place = f"line {self.line}" if self.line else ""
        head = ", ".join(part for part in (place, self.where) if part)
        return f"{head}: {self.says}" if head else self.says


@dataclass(slots=True)
class Faults:
    """The faults of one file so far. `file` is its name as the person knows it."""

    file: str
    lines: TomlLines
    found: list[Fault] = field(default_factory=list)

    def add(self, path: tuple[str | int, ...], where: str, says: str) -> None:
        """Note a fault at the key that `path` names ("eligible", 1, "needs"); `where` is for people
        ("E2")."""
        self.found.append(Fault(self.lines.line(path), printable(where, 60), printable(says, 400)))

    def refusal(self, code: str) -> Refusal:
        """One refusal that lists them all, in the order of the file."""
        faults = sorted(self.found, key=lambda fault: (fault.line == 0, fault.line))
        number = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        reason = refuse(code, file=self.file, number=number)
        listed = [f"  {fault}" for fault in faults[:SHOWN_MAX]]
        if len(faults) > SHOWN_MAX:
            listed.append(f"  and {len(faults) - SHOWN_MAX} more")
        reason.sentence = "\n".join([reason.sentence, *listed])
        reason.context["faults"] = tuple(str(fault) for fault in faults)
        return reason


class TomlLines:
    """Line numbers of tables and keys of a TOML text, by a plain scan.

    Good for files as people write them (one key a line). Keys inside inline tables or arrays get the line of
    the key that holds them; a text over several lines may hide a key, which then gets the line of its table.
    """

    __slots__ = ("_lines",)

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str | int, ...], int] = {}
        seen: dict[str, int] = {}
        table: tuple[str | int, ...] = ()
        for number, line in enumerate(text.splitlines(), start=1):
            header = _HEADER.match(line)
            if header:
                name = header.group(2)
                if header.group(1) == "[[":
                    seen[name] = seen.get(name, -1) + 1
                    table = (*name.split("."), seen[name])
                else:
                    table = tuple(name.split("."))
                self._lines.setdefault(table, number)
                continue
            key = _KEY.match(line)
            if key:
                self._lines.setdefault((*table, key.group(1)), number)

    def line(self, path: tuple[str | int, ...]) -> int:
        """The line of the longest known beginning of `path`, or 0."""
        for end in range(len(path), 0, -1):
            if path[:end] in self._lines:
                return self._lines[path[:end]]
        return 0


def printable(value: object, most: int) -> str:
    """Text from outside as it may be shown: one line, no control characters, at most `most` characters."""
    text = "".join(char if char.isprintable() else " " for char in str(value))
    return text if len(text) <= most else text[: most - 3] + "..."


def suggestion(word: str, known: Iterable[str]) -> str:
    """ " Did you mean `x`?" for the nearest known word, or nothing."""
    near = difflib.get_close_matches(word[:60], sorted(known), n=1, cutoff=0.7)
    return f" Did you mean `{near[0]}`?" if near else ""
