"""Typed access to objects that others wrote: every wrong kind is a refusal that names the field."""

from __future__ import annotations

from typing import Any

from selectorate.errors import Refusal, refuse


def sequence(what: str, found: Any) -> list[Any]:
    """The value as a list. Raises Refusal `ballot.form`."""
    if not isinstance(found, list):
        raise refuse("ballot.form", what=what, because="a list was expected")
    return found


class Fields:
    """The fields of one object. Each method raises Refusal `ballot.form`."""

    def __init__(self, what: str, found: Any) -> None:
        if not isinstance(found, dict):
            raise refuse("ballot.form", what=what, because="an object with fields was expected")
        self.what = what
        self.found: dict[str, Any] = found

    def text(self, name: str) -> str:
        value = self.found.get(name)
        if not isinstance(value, str):
            raise self._wrong(name, "text")
        return value

    def text_or_none(self, name: str) -> str | None:
        return self.text(name) if name in self.found else None

    def number(self, name: str) -> int:
        value = self.found.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(name, "a whole number")
        return value

    def flag(self, name: str) -> bool:
        value = self.found.get(name, False)
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def listed(self, name: str) -> list[Any]:
        value = self.found.get(name)
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        values = self.listed(name)
        if not all(isinstance(value, str) for value in values):
            raise self._wrong(name, "a list of texts")
        return tuple(values)

    def _wrong(self, name: str, wanted: str) -> Refusal:
        return refuse("ballot.form", what=self.what, because=f"its field {name} is not {wanted}")
