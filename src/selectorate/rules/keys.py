"""Keys of one table as people write them: taken one by one, each with its type, everything else refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from selectorate.rules.calendar import FIRST_DAY, LAST_DAY, iso_day
from selectorate.rules.faults import Faults, printable, suggestion

TEXT_MAX = 500
_KINDS = {bool: "true or false", int: "a whole number", str: "a text", dict: "a table", list: "a list"}


class Table:
    """One table of the file. Whatever is wrong goes to `faults` at the key; the value is then a harmless
    default.

    path: where it stands ("eligible", 1); where: what people call it ("E2").
    """

    __slots__ = ("faults", "path", "table", "taken", "where")

    def __init__(self, table: object, path: tuple[str | int, ...], where: str, faults: Faults) -> None:
        self.faults = faults
        self.path = path
        self.where = where
        self.taken: set[str] = set()
        self.table: Mapping[str, Any] = table if isinstance(table, dict) else {}
        if not isinstance(table, dict):
            faults.add(path, where, f"expected a table, found {printable(repr(table), 60)}.")

    def fault(self, key: str, says: str) -> None:
        self.faults.add((*self.path, key), self.where, says)

    def text(self, key: str, default: str | None = None, most: int = TEXT_MAX) -> str:
        """A text on one line, not empty; required where there is no default."""
        value = self._take(key, str, default)
        if not isinstance(value, str) or value is default:
            return default or ""
        if not value.strip():
            self.fault(key, f"`{key}` is empty; expected a text.")
        elif len(value) > most:
            self.fault(key, f"`{key}` has {len(value)} characters; at most {most} are read.")
        elif not value.isprintable():
            self.fault(key, f"`{key}` holds a line break or a control character; expected one line.")
        return value

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number from low to high."""
        value = self._take(key, int, default)
        if isinstance(value, int) and not low <= value <= high:
            self.fault(key, f"`{key}` is {value}; expected a whole number from {low} to {high}.")
            return low
        return value if isinstance(value, int) else low

    def flag(self, key: str, default: bool | None = None) -> bool:
        return bool(self._take(key, bool, default))

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        """One of some words."""
        known = tuple(allowed)
        value = self._take(key, str, default)
        if isinstance(value, str) and value not in known:
            listed = ", ".join(f'"{word}"' for word in known)
            self.fault(
                key, f'`{key}` is "{printable(value, 60)}"; expected {listed}.{suggestion(value, known)}'
            )
            return known[0]
        return value if isinstance(value, str) else known[0]

    def day(self, key: str, required: bool = False) -> dt.date | None:
        """A date; None where it is absent and need not be there."""
        self.taken.add(key)
        if key not in self.table:
            if required:
                self.faults.add(
                    self.path, self.where, f"`{key}` is missing; expected a date like 2027-03-01."
                )
            return None
        day = iso_day(self.table[key])
        if day is None or not FIRST_DAY <= day <= LAST_DAY:
            self.fault(key, f"`{key}` is {printable(self.table[key], 60)}; expected a date like 2027-03-01.")
            return None
        return day

    def texts(self, key: str, default: list[str] | None = None) -> tuple[str, ...]:
        """A list of different texts."""
        value = self._take(key, list, default)
        if not isinstance(value, list):
            return ()
        if not all(isinstance(text, str) and text.strip() and text.isprintable() for text in value):
            self.fault(key, f"`{key}` is a list of texts in quotes; something else stands in it.")
            return ()
        if len(set(value)) != len(value):
            self.fault(key, f"`{key}` names something twice.")
        return tuple(value)

    def sub(self, key: str) -> Table:
        """A table inside this one. Where it is missing that is the one fault, and not its keys too."""
        value = self._take(key, dict, None)
        faults = Faults(self.faults.file, self.faults.lines) if value is None else self.faults
        return Table({} if value is None else value, (*self.path, key), self.where, faults)

    def raw(self, key: str) -> Any:
        """Any value, for the caller to judge; None where it is absent."""
        self.taken.add(key)
        return self.table.get(key)

    def done(self) -> None:
        """Refuse every key that nobody took."""
        for key in self.table:
            if key not in self.taken:
                near, known = suggestion(key, self.taken), ", ".join(sorted(self.taken))
                says = f"`{printable(key, 60)}` is not a key here.{near} Keys: {known}."
                self.fault(key, says)

    def _take(self, key: str, kind: type, default: object) -> object:
        self.taken.add(key)
        if key not in self.table:
            if default is None:
                near = [word for word in self.table if suggestion(word, [key])]
                hint = f" (there is `{printable(near[0], 60)}`)" if near else ""
                self.faults.add(self.path, self.where, f"`{key}` is missing{hint}; expected {_KINDS[kind]}.")
            return default
        value = self.table[key]
        if type(value) is not kind:
            self.fault(key, f"`{key}` is {printable(repr(value), 60)}; expected {_KINDS[kind]}.")
            return default
        return value
