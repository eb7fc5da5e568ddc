"""Our canonical bytes, digests, and the values every check returns.

Takes plain values (None, bool, int, str, list, tuple, dict with str keys); gives the one byte string that
stands for them (RFC 8785, integers within 2**53 only). Reads nothing that is not already in that form.
Deliberately absent: floats, dates, Belenios' own JSON (that is `ballot/wire`; neither reads the other).
"""

from __future__ import annotations

import hashlib
import json
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
    return _text(value, 0).encode("utf-8")


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
        value = json.loads(data.decode("utf-8"), parse_float=_no_float, parse_constant=_no_float)
        again = encode(value)
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


def _text(value: Any, depth: int) -> str:
    if depth > DEPTH_MAX:
        raise refuse("canon.value", found=f"values nested deeper than {DEPTH_MAX}")
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            raise refuse("canon.value", found=f"an integer beyond 2^53 ({value})")
        return str(value)
    if isinstance(value, str):
        if any("\ud800" <= char <= "\udfff" for char in value):
            raise refuse("canon.value", found="half of a surrogate pair")
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return "[" + ",".join(_text(item, depth + 1) for item in value) + "]"
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise refuse("canon.value", found="a key that is not a string")
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return (
            "{" + ",".join(_text(key, depth + 1) + ":" + _text(value[key], depth + 1) for key in keys) + "}"
        )
    raise refuse("canon.value", found=f"a {type(value).__name__}")


def _depth(data: bytes) -> int:
    """Deepest nesting of brackets outside strings, without parsing (so that a hostile file cannot recurse)."""
    deepest = depth = 0
    inside = escaped = False
    for byte in data:
        if inside:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                inside = False
        elif byte == 0x22:
            inside = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEPTH_MAX:
                return deepest
        elif byte in b"]}":
            depth -= 1
    return deepest


def _no_float(text: str) -> Any:
    raise ValueError(f"{text} is not an integer")
