"""The list of duties, what was seen about each, and the written forms through which everything is read.

Duties done here: none. Duties helped here: all that read a record; B1 and L1 (canonical bytes) most of all.

A duty fails as soon as one thing is found against it; it never un-fails. No duty stops another: where one lacks
what another failed to give, it "waits for" that one and is not checked. A duty about which nothing was said
does not belong to this input at this stage.

All text comes from strangers, so everything that is read passes through `belenios` (the archive), `plain` (the
few objects of the archive that need not be canonical) or `ours` (the record), which either give plain values or
raise `Fault` with a sentence. Nothing else in this program parses JSON. Size and depth are bounded first;
doubled keys, floats, huge numbers and text that is not Unicode are refused; then the value is written again,
and unless these are the same bytes it is not canonical: this shuts out all other spellings at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditor.groups import Element, Group

Reader = Callable[[Any, str], Any]

# The one table of duties. A test takes a duty out with monkeypatch.delitem(forms.CLAIMS, "B6"): all vanishes
# that was found against it, and every "waits for" it.
CLAIMS = {
    "A1": "The file is exactly the members that the format writes, each named by its hash, none left over.",
    "A2": "The events form one chain, each with the data members that its type requires.",
    "A3": "The events follow the order set-up, ballots, end, tally, shuffles, decryptions, result.",
    "A4": "The earlier copy is the beginning of this one.",
    "E1": "The election object can be read.",
    "E2": "The election's identifier has the right form and is the file's name.",
    "E3": "Each question makes sense in this group and with these weights.",
    "E4": "Each trustee's key belongs to the group and comes with a proof of possession.",
    "E5": "The election's key is the product of the parts of its trustees.",
    "E6": "The public credentials are members of the group, distinct, sorted, with canonical weights.",
    "E7": "Each threshold group has a threshold that its numbers of keys and coefficients bear out.",
    "E8": "Each threshold trustee signed its certificate and its coefficients, for this group and place.",
    "E9": "Each verification key is the one that all coefficients give for its place.",
    "B1": "Each ballot has exactly the required fields, in canonical form.",
    "B2": "Each ballot names this election.",
    "B3": "Each ballot's credential is on the list.",
    "B4": "Each ballot is signed with its credential.",
    "B5": "Each group element and each number in the ballots is canonical and in its range.",
    "B6": "Each proof in the ballots is valid.",
    "B7": "No ballot occurs twice, and none copies the ciphertext of another.",
    "T1": "The encrypted tally is that of the last ballot of each credential.",
    "T2": "The numbers beside the encrypted tally are right.",
    "S1": "The shuffles were made by different trustees, at least two.",
    "S2": "Each shuffle gives as many ciphertexts as it took, in the group, none copied unchanged.",
    "S3": "Each shuffle's proof is valid.",
    "D1": "Each decryption was made by a trustee, one by each.",
    "D2": "Each decryption has the shape of the tally, with factors in the group.",
    "D3": "Each decryption factor's proof is valid.",
    "D4": "With the result, as many decryptions as are needed are there.",
    "R1": "The result is what the decryptions give.",
    "L1": "Every entry of the record is canonical, with a known act and exactly its fields.",
    "L2": "Every checkpoint is signed by the record's key and fits the entries; times do not go back.",
    "L3": "The acts follow one another as they may.",
    "L4": "The election's description names the record's key.",
    "L5": "The record has one entry for each event of the archive, in order.",
    "L6": "Every document has the hash that the record gives it, and no file is unknown.",
    "L7": "Acts carry names; acts of two persons carry two different names.",
    "L8": 'Every published number of members is 0, at least 10, or "fewer than 10".',
    "P1": "The rulebook can be read, uses no forbidden fact, and is the version adopted.",
    "P2": "Contest, seats, rule set, question and candidates are the same wherever they are written.",
    "P3": "The order on the paper follows from the logged seed.",
    "P4": "The tie seed is the one committed to before the poll.",
    "P5": "The officer agreed to the publication of ranked papers, knowing the number of possible papers.",
    "P6": "At least as many mixers shuffled as the record demands, and at least two.",
    "P7": "Each trustee proved before opening to hold the key of the archive.",
    "P8": "Each refused decryption that is published is a trustee's, and wrong.",
    "P9": "Who decrypted a small tally said so on the record before.",
    "Q1": "The commitments are sorted and distinct, and number, root and weight are those of the record.",
    "Q2": "There are as many public credentials as commitments, of equal weight; replacements are listed.",
    "Q3": "Accepted ballots = ballots counted + ballots replaced by a later one.",
    "Q4": "Counted papers = valid + blank + invalid papers.",
    "Q5": "Every stage of the sheet adds up to the valid papers.",
    "C1": "The stages of the sheet and who is elected are what the rule set gives for the papers.",
    "C2": "The certificate follows from the papers and the rule set.",
    "K1": "Each decided case has an outcome of the rulebook; the same facts have the same outcome.",
}
ORDER = tuple(CLAIMS)

DECIMAL = re.compile(r"0|[1-9][0-9]*", re.ASCII)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
HEX_64 = re.compile(r"[0-9a-f]{64}", re.ASCII)
STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
BRACKETS = bytes.maketrans(b"{}", b"[]")
NOT_BRACKETS = bytes(code for code in range(256) if code not in b"[]{}")
WHOLE_LIMIT = 2**53
DEEPEST = 16
SMALL = 10_000  # bytes of an event, a record of ownership and the like
LARGEST = 2**30
REASONS_SHOWN = 3


class Fault(Exception):  # noqa: N818 - it is not an error of this program
    """What was read is not what the formats allow; the text is a sentence for people."""


class Waits(Exception):  # noqa: N818 - it is not an error of this program
    """What is needed here could not be had, because of the duty that is named."""


class Unsupported(Exception):  # noqa: N818 - nothing went wrong
    """The input is of a kind that this program does not check; the text says which."""


# ---------------------------------------------------------------- what was seen


@dataclass
class Report:
    """What was seen, duty by duty. Only what stands in CLAIMS is ever told."""

    stage: str = "open"
    found: dict[str, list[str]] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    omitted: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, list[str]] = field(default_factory=dict)
    remarks: dict[str, list[str]] = field(default_factory=dict)

    @property
    def against(self) -> dict[str, list[str]]:
        return {duty: reasons for duty, reasons in self.found.items() if duty in CLAIMS}

    def passed(self, duty: str, seen: str) -> None:
        """The duty was done; it counts as passed unless something is found against it."""
        self.seen[duty] = seen

    def failed(self, duty: str, because: str) -> None:
        self.found.setdefault(duty, []).append(because)

    def left_out(self, duty: str, seen: str) -> None:
        """The duty was done in part only."""
        self.omitted[duty] = seen

    def waits(self, duty: str, on: str) -> None:
        """The duty could not be done, or not everywhere, for want of what `on` should have given."""
        causes = [on] if on in self.found else self.waiting.get(on) or [on]
        for cause in causes:
            if cause != duty and cause not in self.waiting.setdefault(duty, []):
                self.waiting[duty].append(cause)

    def remark(self, duty: str, sentences: Iterable[str]) -> None:
        """What is told and fails nothing."""
        self.remarks.setdefault(duty, []).extend(sentences)

    def broken(self, *duties: str) -> str:
        """The first of these duties that failed or waits; nothing if all are well."""
        return next((duty for duty in duties if duty in self.found or self.waiting.get(duty)), "")

    @contextmanager
    def duty(self, duty: str, what: str = "") -> Iterator[None]:
        """Whatever goes wrong while this duty is done counts against it; nothing ends the run."""
        try:
            yield
        except Fault as fault:
            self.failed(duty, str(fault))
        except Waits as reason:
            self.waits(duty, str(reason))
        except (
            ArithmeticError,
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
            RecursionError,
            OSError,
        ) as error:
            self.failed(duty, f"{what or 'it'} has a form that could not be checked ({type(error).__name__})")

    def _waits_for(self, duty: str) -> list[str]:
        return [cause for cause in self.waiting.get(duty, ()) if cause in CLAIMS]

    def verdict_of(self, duty: str) -> str:
        if duty in self.against:
            return "failed"
        if duty in CLAIMS and (duty in self.omitted or self._waits_for(duty)):
            return "not checked"
        return "passed" if duty in self.seen else "not part of it"

    def because(self, duty: str) -> str:
        reasons, waits = self.against.get(duty, []), self._waits_for(duty)
        more = f"; and {len(reasons) - REASONS_SHOWN} more" if len(reasons) > REASONS_SHOWN else ""
        said = "; ".join(shown(reason, 300) for reason in reasons[:REASONS_SHOWN]) + more
        if not reasons:
            said = (
                f"waits for {', '.join(waits)}"
                if waits
                else self.omitted.get(duty) or self.seen.get(duty, "")
            )
        remarks = "; ".join(dict.fromkeys(shown(one, 200) for one in self.remarks.get(duty, [])))
        return f"{said}; remark: {remarks}" if remarks else said

    @property
    def verdict(self) -> str:
        if self.against:
            return "failed"
        return "incomplete" if any(self.verdict_of(duty) == "not checked" for duty in CLAIMS) else "passed"

    @property
    def exit_code(self) -> int:
        return {"passed": 0, "failed": 1, "incomplete": 3}[self.verdict]

    def to_json(self) -> dict[str, object]:
        checks = [
            {
                "duty": duty,
                "claim": CLAIMS[duty],
                "verdict": self.verdict_of(duty),
                "because": self.because(duty),
            }
            for duty in ORDER
            if duty in CLAIMS
        ]
        return {"verdict": self.verdict, "stage": self.stage, "checks": checks}


# ---------------------------------------------------------------- reading


def belenios(data: bytes, what: str, most: int = LARGEST) -> Any:
    """Read a record of the archive: compact JSON, fields in the order in which they stand."""
    value = _parse(data, what, most)
    if encode_belenios(value) != data:
        raise Fault(f"{what} is not in canonical form")
    return value


def plain(data: bytes, what: str, remarks: list[str], most: int = LARGEST) -> Any:
    """The same for an object that need not be canonical: then that is remarked."""
    value = _parse(data, what, most)
    if encode_belenios(value) != data:
        remarks.append(f"{what} is not in canonical form")
    return value


def encode_belenios(value: Any) -> bytes:
    """The archive's form of a value."""
    written = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return written.replace("\x7f", "\\u007f").encode("utf-8")


def ours(data: bytes, what: str, most: int = LARGEST) -> Any:
    """Read a file of the record: RFC 8785, whole numbers within 2^53."""
    value = _parse(data, what, most)
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
            f"has an unknown field {shown(name, 40)!r}" for name in unknown
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


def loose(
    value: Any, what: str, order: tuple[str, ...], optional: tuple[str, ...], remarks: list[str]
) -> dict[str, Any]:
    """An object that may have fields that a later version adds, and others in another order: remarked."""
    if not isinstance(value, dict):
        raise Fault(f"{what} is not an object")
    known = {name: value[name] for name in value if name in order}
    remarks += [f"{what} has an unknown field {shown(name, 40)!r}" for name in value if name not in order]
    if list(known) != [name for name in order if name in value]:
        remarks.append(f"{what} has its fields in another order")
    return entries(known, what, tuple(name for name in order if name not in optional), optional)


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
        number = decimal(value, what, 10**40)
        if number < 2**30:
            raise Fault(f"{what} is written as text although it is small")
        return number
    number = whole(value, what)
    if number >= 2**30:
        raise Fault(f"{what} is written as a number although it is large")
    return number


def proof(value: Any, group: Group, what: str, remarks: list[str] | None = None) -> tuple[int, int]:
    """A pair of challenge and response, both canonical and below q; further fields only where they are remarked."""
    names = ("challenge", "response")
    fields = record(value, what, *names) if remarks is None else loose(value, what, names, (), remarks)
    challenge = decimal(fields["challenge"], f"the challenge of {what}", group.q)
    return challenge, decimal(fields["response"], f"the response of {what}", group.q)


def knows(prefix: str, public: Element, given: tuple[int, int], group: Group) -> bool:
    """The basic proof: somebody who made the text after `prefix` knows the exponent of `public`."""
    challenge, response = given
    commitment = group.multiply(group.fixed(group.g, response), group.power(public, challenge))
    return group.challenge(prefix, [commitment]) == challenge


def hexadecimal(value: Any, what: str) -> str:
    if not isinstance(value, str) or not HEX_64.fullmatch(value):
        raise Fault(f"{what} is not 64 lower-case hexadecimal digits")
    return value


def flag(value: Any, what: str) -> bool:
    if not isinstance(value, bool):
        raise Fault(f"{what} is neither true nor false")
    return value


def date(value: Any, what: str) -> str:
    try:
        if DATE.fullmatch(text(value, what)):
            datetime.fromisoformat(value)
            return str(value)
    except ValueError:
        pass
    raise Fault(f"{what} is not a date")


def number_text(value: Any, what: str) -> int:
    return decimal(value, what, 10**80)


def of(**fields: Reader) -> Reader:
    """An object with exactly these fields."""

    def read(value: Any, what: str) -> object:
        found = entries(value, what, tuple(fields))
        for name, reader in fields.items():
            reader(found[name], f"{name} in {what}")
        return found

    return read


def every(reader: Reader) -> Reader:
    def read(value: Any, what: str) -> object:
        return [reader(one, what) for one in rows(value, what)]

    return read


def shown(value: object, most: int = 60) -> str:
    """Foreign text as it may be printed: one line, printable, short."""
    line = "".join(char if char.isprintable() else "?" for char in str(value))
    return line if len(line) <= most else line[: most - 1] + "…"


def _parse(data: bytes, what: str, most: int) -> Any:
    if len(data) > most:
        raise Fault(f"{what} has {len(data):,} bytes, more than {most:,}")
    brackets = STRINGS.sub(b"", data).translate(BRACKETS, NOT_BRACKETS)
    for _ in range(DEEPEST):
        brackets = brackets.replace(b"[]", b"")  # takes away the innermost level
    if brackets:
        raise Fault(f"{what} is nested more than {DEEPEST} deep, or its brackets do not match")
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise Fault(f"{what} holds half a character") from None
    except (ValueError, RecursionError) as reason:
        raise Fault(f"{what} cannot be read as JSON ({shown(reason)})") from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a field occurs twice")
    return found


def _whole(literal: str) -> int:
    if len(literal) > 20:
        raise ValueError(f"{literal[:20]}... is too large a number")
    return int(literal)


def _refuse(literal: str) -> Any:
    raise ValueError(f"{literal[:20]} is not a whole number")


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
