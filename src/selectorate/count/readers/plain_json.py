"""JSON from outside, bounded: no key twice, no NaN, no deep nesting, no figure beyond fifteen digits.

Decimals stay text (`Decimal`), so that nothing is rounded. `Place` walks into a value and says where it is when
something else was expected. Raises Refusal `count.file`, `count.file.place`, `file.size`.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

from selectorate.count.fields import PAPERS_MAX
from selectorate.count.readers.lines import decoded, fault
from selectorate.errors import Refusal, refuse

BYTES_MAX = 128 * 1024 * 1024
_DIGITS_MAX = 15


class Decimal(str):
    """A number with a point or an exponent, as it is written."""

    __slots__ = ()

    def exact(self) -> Fraction | None:
        """Its value; None if it is longer than any figure of a count, or has an exponent."""
        front, _, back = self.removeprefix("-").partition(".")
        plain = front.isdigit() and (back.isdigit() or not back) and self.isascii()
        return Fraction(str(self)) if plain and len(front) <= _DIGITS_MAX and len(back) <= 20 else None


def read_json(data: bytes, name: str) -> Any:
    """The value of a JSON file."""
    if len(data) > BYTES_MAX:
        raise refuse("file.size", file=name, found=len(data), allowed=BYTES_MAX)
    text = decoded(data, name)
    try:
        return json.loads(
            text, object_pairs_hook=_once, parse_int=_whole, parse_float=Decimal, parse_constant=_constant
        )
    except json.JSONDecodeError as reason:
        raise fault(name, reason.lineno, f"this is no JSON ({reason.msg})") from None
    except RecursionError:
        raise fault(name, 1, "this JSON is nested too deeply") from None
    except _WrongError as reason:
        raise fault(name, reason.line(text), str(reason)) from None


class _WrongError(ValueError):
    """Something that JSON lets through and no file of papers has. looked_for: how its line is found."""

    def __init__(self, because: str, looked_for: str, after: int = 0) -> None:
        super().__init__(because)
        self.looked_for, self.after = looked_for, after

    def line(self, text: str) -> int:
        at = -1
        for _ in range(self.after + 1):
            at = text.find(self.looked_for, at + 1)
        return text.count("\n", 0, max(at, 0)) + 1


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        counted = Counter(key for key, _ in pairs)
        twice = next(key for key, number in counted.items() if number > 1)
        raise _WrongError(f"the key “{twice[:40]}” stands twice in one object", json.dumps(twice), after=1)
    return made


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > _DIGITS_MAX:
        raise _WrongError(f"{text[:20]}… has more than {_DIGITS_MAX} digits", text)
    return int(text)


def _constant(text: str) -> NoReturn:
    raise _WrongError(f"{text} is no number of papers, ranks or votes", text)


@dataclass(frozen=True, slots=True)
class Place:
    """A value within a JSON file; `way` leads to it ("votes[3].prefs")."""

    file: str
    value: Any
    parent: Place | None = None
    key: str | int = ""

    @property
    def way(self) -> str:
        if self.parent is None:
            return str(self.key)
        before = self.parent.way
        if isinstance(self.key, int):
            return f"{before}[{self.key}]"
        return f"{before}.{self.key}" if before else self.key

    def fault(self, because: str) -> Refusal:
        return refuse("count.file.place", file=self.file, place=self.way or "the top", because=because)

    def __getitem__(self, key: str) -> Place:
        """The value of a field, which must be there."""
        if not isinstance(self.value, dict) or key not in self.value:
            raise self.fault(f"an object with “{key}” was expected")
        return Place(self.file, self.value[key], self, key)

    def has(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def each(self, most: int = PAPERS_MAX) -> list[Place]:
        """The members of a list."""
        if not isinstance(self.value, list):
            raise self.fault("a list was expected")
        if len(self.value) > most:
            raise self.fault(f"the list has {len(self.value)} members; at most {most} were expected")
        return [Place(self.file, one, self, at) for at, one in enumerate(self.value)]

    def text(self) -> str:
        if not isinstance(self.value, str) or isinstance(self.value, Decimal):
            raise self.fault("text was expected")
        return self.value

    def whole(self, low: int, high: int) -> int:
        found = self.value
        if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
            raise self.fault(f"{_shown(found)} stands where a whole number from {low} to {high} was expected")
        return found

    def number(self) -> Fraction:
        """A number, or a text that is one."""
        found: object = self.value
        if isinstance(found, str):
            exact = Decimal(found).exact()
            if exact is not None:
                return exact
        if isinstance(found, int) and not isinstance(found, bool):
            return Fraction(found)
        raise self.fault(f"{_shown(found)} stands where a number was expected")


def _shown(value: object) -> str:
    return f"“{str(value)[:40]}”" if isinstance(value, str | int | None) else "something else"
