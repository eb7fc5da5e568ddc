"""Our canonical bytes, digests, and the values every check returns.

Takes plain values (None, bool, int, str, list, tuple, dict with str keys); gives the one byte string that
stands for them (RFC 8785, integers within 2**53 only). Reads nothing that is not already in that form.
Deliberately absent: floats, dates, Belenios' own JSON (that is `ballot/wire`; neither reads the other).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NewType

from selectorate.errors import Refusal, refuse

Digest = NewType("Digest", str)
"""SHA-256 as 64 lower-case hex digits."""

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

DEPTH_MAX = 16
INTEGER_MAX = 2**53


def encode(value: Any) -> bytes:
    """The canonical bytes of a plain value: UTF-8, no blanks, keys sorted by UTF-16 code units (RFC 8785).

    Raises Refusal `canon.value` for floats, integers beyond 2**53, lone surrogates, other types or keys
    that are not strings.
    """
    _demand_plain(value, 0)
    return _bytes(value)


def pieces(listed: Iterable[tuple[str, Any]], form: Callable[[Any], str]) -> Iterator[bytes]:
    """The canonical bytes of one large object, in pieces. listed: (key, value), each key once, in order of code
    points; form: makes the canonical text of a value.

    Raises Refusal `canon.value` for half of a surrogate pair.
    """
    # From beyond the basic plane on the canonical order is another one: then all of them are sorted.
    kept = list(listed)
    if any(_PAST_BMP.search(key) for key, _ in kept if not key.isascii()):
        kept.sort(key=lambda pair: pair[0].encode("utf-16-be", "surrogatepass"))
    yield b"{"
    for start in range(0, len(kept), _PIECE):
        part = ",".join([f"{text(key)}:{form(value)}" for key, value in kept[start : start + _PIECE]])
        try:
            yield (("," if start else "") + part).encode("utf-8")
        except UnicodeEncodeError:
            raise refuse("canon.value", found="half of a surrogate pair") from None
    yield b"}"


def decode(data: bytes, *, what: str, bytes_max: int = 64 * 1024 * 1024) -> Any:
    """Read canonical bytes; refuse anything that would not be written exactly so again.

    `what` names the thing for the reader of an error ("entry 12", "sheet.json").
    Raises Refusal `canon.size`, `canon.depth`, `canon.form`.
    """
    if len(data) > bytes_max:
        raise refuse("canon.size", what=what, found=len(data), allowed=bytes_max)
    if _depth(data) > DEPTH_MAX:
        raise refuse("canon.depth", what=what, allowed=DEPTH_MAX)
    try:
        value = json.loads(
            data.decode("utf-8"), parse_float=_no_float, parse_constant=_no_float, parse_int=_integer
        )
        again = _bytes(value)
    except (ValueError, RecursionError, Refusal) as reason:
        raise refuse("canon.form", what=what, because=str(reason)) from None
    if again != data:
        raise refuse("canon.form", what=what, because="it is not in canonical form")
    return value


def sha256(data: bytes) -> Digest:
    """SHA-256 in lower-case hex."""
    return Digest(hashlib.sha256(data).hexdigest())


def digest(value: Any) -> Digest:
    """SHA-256 of the canonical bytes of a value."""
    return sha256(encode(value))


Verdict = Literal["passed", "failed", "not checked", "not part of it"]


@dataclass(frozen=True, slots=True)
class Check:
    """One duty of a verifier and how it went.

    duty: its number on the public method page ("B4"); claim: what must hold, one sentence;
    because: what was seen. "not checked" is never counted as passed; "not part of it" means that the duty
    does not apply to this input at this stage.
    """

    duty: str
    claim: str
    verdict: Verdict
    because: str = ""

    def to_json(self) -> dict[str, str]:
        return {"duty": self.duty, "claim": self.claim, "verdict": self.verdict, "because": self.because}


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of one run. `stage` is how far the input has come: open, closed or declared."""

    stage: Literal["open", "closed", "declared"]
    checks: tuple[Check, ...]

    @property
    def verdict(self) -> Literal["passed", "failed", "incomplete"]:
        if any(check.verdict == "failed" for check in self.checks):
            return "failed"
        if any(check.verdict == "not checked" for check in self.checks):
            return "incomplete"
        return "passed"

    @property
    def exit_code(self) -> int:
        return {"passed": 0, "failed": 1, "incomplete": 3}[self.verdict]

    def to_json(self) -> dict[str, object]:
        return {
            "verdict": self.verdict,
            "stage": self.stage,
            "checks": [check.to_json() for check in self.checks],
        }


text: Callable[[str], str] = json.encoder.encode_basestring
"""The canonical form of a text."""
_PIECE = 50_000
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_PAST_BMP = re.compile("[\U00010000-\U0010ffff]")


def _demand_plain(value: Any, depth: int) -> None:
    """Only values that have a canonical form get through; text is judged when it is encoded."""
    if depth > DEPTH_MAX:
        raise refuse("canon.value", found=f"values nested deeper than {DEPTH_MAX}")
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            raise refuse("canon.value", found=f"an integer beyond 2^53 ({value})")
    elif isinstance(value, list | tuple):
        for item in value:
            _demand_plain(item, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise refuse("canon.value", found="a key that is not a string")
            _demand_plain(item, depth + 1)
    else:
        raise refuse("canon.value", found=f"a {type(value).__name__}")


def _bytes(value: Any) -> bytes:
    """The canonical bytes of a value that is plain."""
    # Sorting by code point, as json does, is sorting by UTF-16 units as long as no character needs two units.
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    if _PAST_BMP.search(text):
        text = json.dumps(_by_utf16(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise refuse("canon.value", found="half of a surrogate pair") from None


def _by_utf16(value: Any) -> Any:
    """The same value with the keys of every object in the order of their UTF-16 code units."""
    if isinstance(value, list | tuple):
        return [_by_utf16(item) for item in value]
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return {key: _by_utf16(value[key]) for key in keys}
    return value


def _depth(data: bytes) -> int:
    """Deepest nesting of brackets outside strings, without parsing (so that a hostile file cannot recurse)."""
    deepest = depth = 0
    for byte in _STRING.sub(b"", data).translate(None, _NOT_BRACKETS):
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEPTH_MAX:
                return deepest
        else:
            depth -= 1
    return deepest


def _integer(text: str) -> int:
    if len(text) > 17 or not -INTEGER_MAX <= int(text) <= INTEGER_MAX:
        raise ValueError(f"{text[:20]} is beyond 2^53")
    return int(text)


def _no_float(text: str) -> Any:
    raise ValueError(f"{text} is not an integer")
