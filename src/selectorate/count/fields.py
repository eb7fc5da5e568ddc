"""Reading the fields of our own JSON: each function gives the value in its type or refuses with its place.

Used by `Sheet.from_json` and `Certificate.from_json`. Raises Refusal `count.form`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from selectorate.errors import refuse

NAME_MAX = 200
CANDIDATES_MAX = 1000
SEATS_MAX = 1000
PAPERS_MAX = 1_000_000_000
"""More papers than this are refused: no body has them, and every figure of a sheet stays within 2^53."""

_HEX = frozenset("0123456789abcdef")


def exactly(value: Any, keys: tuple[str, ...], where: str) -> dict[str, Any]:
    """The object with exactly these keys."""
    if not isinstance(value, dict):
        raise refuse("count.form", where=where, because="an object was expected")
    if set(value) != set(keys):
        raise refuse("count.form", where=where, because=f"the fields must be {', '.join(sorted(keys))}")
    return value


def listed(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise refuse("count.form", where=where, because="a list was expected")
    return value


def whole(value: Any, where: str, low: int = 0, high: int = PAPERS_MAX) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise refuse("count.form", where=where, because=f"a whole number from {low} to {high} was expected")
    return value


def text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise refuse("count.form", where=where, because="text was expected")
    return value


def one_of(value: Any, allowed: tuple[str, ...], where: str) -> str:
    if value not in allowed:
        raise refuse("count.form", where=where, because=f"one of {', '.join(allowed)} was expected")
    return str(value)


def digest(value: Any, where: str) -> str:
    found = text(value, where)
    if len(found) != 64 or not set(found) <= _HEX:
        raise refuse("count.form", where=where, because="64 lower-case hex digits were expected")
    return found


def name(value: Any, where: str) -> str:
    """A candidate's name: 1 to 200 printable characters, no blank at either end."""
    found = text(value, where)
    if not found or len(found) > NAME_MAX or not found.isprintable() or found != found.strip():
        raise refuse(
            "count.form", where=where, because=f"a name of 1 to {NAME_MAX} printable characters was expected"
        )
    return found


def names(value: Any, where: str) -> tuple[str, ...]:
    """Names, none twice."""
    found = tuple(name(one, where) for one in listed(value, where))
    if len(set(found)) != len(found):
        raise refuse("count.form", where=where, because="a name stands there twice")
    return found


def of(value: Any, known: tuple[str, ...], where: str) -> tuple[str, ...]:
    """Names of candidates, none twice."""
    found = names(value, where)
    if not set(found) <= set(known):
        raise refuse("count.form", where=where, because="a name there is no candidate's")
    return found


def units(value: Any, places: int, where: str) -> int:
    """A decimal string with exactly that many places, in units of its last place."""
    found = text(value, where)
    front, point, back = found.partition(".")
    if (
        not (front + back).isascii()
        or not front.isdigit()
        or len(front) > 10
        or (front[0] == "0" and front != "0")
        or (point == "") != (places == 0)
        or len(back) != places
        or (places > 0 and not back.isdigit())
    ):
        raise refuse("count.form", where=where, because=f"a number with {places} decimal places was expected")
    return int(front + back)


def decimal(number: int, places: int) -> str:
    """Units as a decimal string with that many places: `decimal(12345, 5)` is "0.12345"."""
    if not places:
        return str(number)
    front, back = divmod(number, 10**places)
    return f"{front}.{back:0{places}d}"


def number(units: int | Fraction, places: int) -> str:
    """Units as they are written: a decimal with that many places, or a fraction of votes where a rule set rounds
    nothing and the decimal would not be exact: `number(Fraction(1, 3), 0)` is "1/3"."""
    if units.denominator == 1:
        return decimal(int(units), places)
    votes = Fraction(units, 10**places)
    return f"{votes.numerator}/{votes.denominator}"
