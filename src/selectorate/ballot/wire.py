"""Belenios' JSON: fields in the order given, no blanks, text unescaped where JSON allows it.

Takes plain values (bool, int, str, list, tuple, dict in field order); gives the one byte string that stands
for them. Reads only after sizes and depth are capped; refuses floats, duplicate keys, half surrogates and
constants that are not JSON. This is not `selectorate.canon`; neither reads the other's form.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from selectorate.errors import Refusal, refuse

DEPTH_MAX: Final = 16
BYTES_MAX: Final = 512 * 1024 * 1024
WEIGHT_INTEGER_MAX: Final = 2**30 - 1
"""Weights and counts above this are written as decimal strings."""

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_DECIMAL = re.compile(r"0|[1-9][0-9]*", re.ASCII)

Plain = bool | int | str | Sequence["Plain"] | Mapping[str, "Plain"]


def encode(value: Plain) -> bytes:
    """The bytes of a plain value on the wire. Raises Refusal `ballot.value` for what has no such form."""
    _demand_plain(value)
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    try:
        return text.replace("\x7f", "\\u007f").encode("utf-8")
    except UnicodeEncodeError:
        raise refuse("ballot.value", found="half of a surrogate pair") from None


def encode_read(value: Any) -> bytes:
    """The bytes of a value that `decode` gave, whatever it is; no demands, because nothing new is written."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.replace("\x7f", "\\u007f").encode("utf-8", "surrogatepass")


def decode(content: bytes, *, what: str, bytes_max: int = BYTES_MAX, canonical: bool = True) -> Any:
    """Read one JSON text; with `canonical`, refuse what would not be written exactly so again.

    `what` names the thing for the reader of the refusal. Gives dict (in field order), list, str, int, bool
    or None. Raises Refusal `ballot.form`.
    """
    if len(content) > bytes_max:
        raise refuse(
            "ballot.form", what=what, because=f"it has {len(content)} bytes, at most {bytes_max} are read"
        )
    if not shallow(content):
        raise refuse("ballot.form", what=what, because=f"it is nested deeper than {DEPTH_MAX} levels")
    try:
        value = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_float=_no_float,
            parse_constant=_no_float,
            parse_int=_integer,
        )
    except (ValueError, RecursionError) as reason:
        raise refuse("ballot.form", what=what, because=str(reason)) from None
    if canonical and not _same(value, content):
        raise refuse("ballot.form", what=what, because="it is not in canonical form")
    return value


def shallow(content: bytes) -> bool:
    """Whether brackets outside strings nest at most `DEPTH_MAX` deep; found without parsing."""
    if content.count(b"[") + content.count(b"{") <= DEPTH_MAX:
        return True
    depth = 0
    for bracket in _STRING.sub(b"", content).translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEPTH_MAX:
            return False
    return True


def sha256_hex(content: bytes) -> str:
    """SHA-256 as 64 lower-case hex digits: file names, parents, payloads."""
    return hashlib.sha256(content).hexdigest()


def fingerprint(content: bytes) -> str:
    """SHA-256 as 43 characters of unpadded Base64: trackers and the election's fingerprint."""
    return tracker_of(hashlib.sha256(content).digest())


def tracker_of(digest: bytes) -> str:
    """A SHA-256 as trackers and fingerprints spell it."""
    return base64.b64encode(digest).decode("ascii").rstrip("=")


def weight_form(weight: int) -> int | str:
    """A weight or count as the wire writes it: a number while it is small, else decimal text."""
    return weight if weight <= WEIGHT_INTEGER_MAX else str(weight)


def weight_value(form: object) -> int | None:
    """The weight that `form` stands for, or None where it is not the one way of writing it."""
    if isinstance(form, int) and not isinstance(form, bool) and 0 <= form <= WEIGHT_INTEGER_MAX:
        return form
    if (
        isinstance(form, str)
        and len(form) <= 32
        and _DECIMAL.fullmatch(form)
        and int(form) > WEIGHT_INTEGER_MAX
    ):
        return int(form)
    return None


def sequence(what: str, found: Any) -> list[Any]:
    """The value as a list. Raises Refusal `ballot.form`."""
    if not isinstance(found, list):
        raise refuse("ballot.form", what=what, because="a list was expected")
    return found


class Fields:
    """Typed access to the fields of an object that others wrote: every wrong kind is a refusal that names the field.

    Each method raises Refusal `ballot.form`.
    """

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


def _same(value: Any, content: bytes) -> bool:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    try:
        return text.replace("\x7f", "\\u007f").encode("utf-8") == content
    except UnicodeEncodeError:
        return False


def _demand_plain(value: Any) -> None:
    """Refuse types that json.dumps would write in a way of its own (floats, None, keys that are not text)."""
    if isinstance(value, str | bool | int):
        return
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise refuse("ballot.value", found="a key that is not text")
        for inner in value.values():
            _demand_plain(inner)
        return
    if isinstance(value, list | tuple):
        for inner in value:
            _demand_plain(inner)
        return
    raise refuse("ballot.value", found=f"a {type(value).__name__}")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a field occurs twice")
    return result


def _no_float(text: str) -> Any:
    raise ValueError(f"{text[:40]} is not a whole number")


def _integer(text: str) -> int:
    if len(text) > 32:
        raise ValueError("a number has more than 32 digits")
    return int(text)
