"""The two written forms, and the sentence that says what is wrong with one.

Duties helped here: B1 and L1 (canonical bytes), and every other duty that reads a record. All text comes from
strangers, so everything that is read passes through `belenios` or `ours`, which either give plain values or
raise `Fault` with a sentence. Nothing else in this program parses JSON.

The archive writes objects with a fixed order of fields; the record writes them with sorted keys. In both, a
reader parses, writes again, and demands the same bytes: this shuts out blanks, doubled keys, floats, other
spellings of numbers and of text all at once.
"""

from __future__ import annotations

import json
import re
from typing import Any

DECIMAL = re.compile(r"0|[1-9][0-9]*", re.ASCII)
HEX_64 = re.compile(r"[0-9a-f]{64}", re.ASCII)
WHOLE_LIMIT = 2**53


class Fault(Exception):  # noqa: N818 - it is not an error of this program
    """What was read is not what the formats allow; the text is a sentence for people."""


def belenios(data: bytes, what: str) -> Any:
    """Read a record of the archive: compact JSON, fields in the order in which they stand."""
    value = _parse(data, what)
    if _encode_belenios(value) != data:
        raise Fault(f"{what} is not in canonical form")
    return value


def encode_belenios(value: Any) -> bytes:
    """The archive's form of a value."""
    return _encode_belenios(value)


def ours(data: bytes, what: str) -> Any:
    """Read a file of the record: RFC 8785, whole numbers within 2^53."""
    value = _parse(data, what)
    if encode_ours(value) != data:
        raise Fault(f"{what} is not in canonical form")
    return value


def encode_ours(value: Any) -> bytes:
    """The record's form of a value: sorted keys (by UTF-16 code units), no blanks."""
    try:
        return _text_ours(value).encode("utf-8")
    except (UnicodeEncodeError, RecursionError):
        raise Fault("a value has no canonical form") from None


def entries(
    value: Any, what: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> dict[str, Any]:
    """An object with exactly these fields, in this order; optional ones may be absent."""
    if not isinstance(value, dict):
        raise Fault(f"{what} is not an object")
    missing = [name for name in required if name not in value]
    unknown = [name for name in value if name not in required + optional]
    if missing or unknown:
        found = [f"lacks {name!r}" for name in missing] + [
            f"has an unknown field {name[:40]!r}" for name in unknown
        ]
        raise Fault(f"{what} " + " and ".join(found[:3]))
    return value


def in_order(value: dict[str, Any], what: str, order: tuple[str, ...]) -> None:
    """Refuse an object whose fields stand in another order than `order`."""
    if list(value) != [name for name in order if name in value]:
        raise Fault(f"{what} has its fields in another order")


def record(value: Any, what: str, *order: str) -> dict[str, Any]:
    """An object with exactly these fields in exactly this order (the archive's records)."""
    fields = entries(value, what, order)
    in_order(fields, what, order)
    return fields


def rows(value: Any, what: str, length: int | None = None) -> list[Any]:
    """A list, of that length if one is given."""
    if not isinstance(value, list):
        raise Fault(f"{what} is not a list")
    if length is not None and len(value) != length:
        raise Fault(f"{what} has {len(value)} entries instead of {length}")
    return value


def text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise Fault(f"{what} is not text")
    return value


def whole(value: Any, what: str, least: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise Fault(f"{what} is not a whole number of at least {least}")
    return value


def decimal(value: Any, what: str, below: int) -> int:
    """A canonical decimal string of a number under `below`; length first, then conversion."""
    if not isinstance(value, str) or len(value) > len(str(below)) or not DECIMAL.fullmatch(value):
        raise Fault(f"{what} is not a canonical number")
    number = int(value)
    if number >= below:
        raise Fault(f"{what} is not below {'the order of the group' if below > 2**64 else below}")
    return number


def large_number(value: Any, what: str) -> int:
    """The archive's weights and sums: a JSON number up to 2^30 - 1, a decimal string above."""
    if isinstance(value, str):
        number = decimal(value, what, 10**18)
        if number < 2**30:
            raise Fault(f"{what} is written as text although it is small")
        return number
    number = whole(value, what)
    if number >= 2**30:
        raise Fault(f"{what} is written as a number although it is large")
    return number


def hexadecimal(value: Any, what: str) -> str:
    if not isinstance(value, str) or not HEX_64.fullmatch(value):
        raise Fault(f"{what} is not 64 lower-case hexadecimal digits")
    return value


def shown(value: object, most: int = 60) -> str:
    """Foreign text as it may be printed: one line, printable, short."""
    line = "".join(char if char.isprintable() else "?" for char in str(value))
    return line if len(line) <= most else line[: most - 1] + "…"


def _parse(data: bytes, what: str) -> Any:
    try:
        return json.loads(data.decode("utf-8"), parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as reason:
        raise Fault(f"{what} cannot be read as JSON ({shown(reason)})") from None


def _refuse(literal: str) -> Any:
    raise ValueError(f"{literal[:20]} is not a whole number")


def _encode_belenios(value: Any) -> bytes:
    try:
        plain = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        return plain.replace("\x7f", "\\u007f").encode("utf-8")
    except (ValueError, RecursionError):
        return b""


def _text_ours(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        if abs(value) > WHOLE_LIMIT:
            raise Fault("a number is beyond 2^53")
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(_text_ours(one) for one in value) + "]"
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_text_ours(key)}:{_text_ours(value[key])}" for key in keys) + "}"
    raise Fault(f"a {type(value).__name__} has no canonical form")
