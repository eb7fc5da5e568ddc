"""The record: entries, tree, checkpoints, order of acts.

Duties done here: L1 (entries), L2 (checkpoints), L3 (order), L7 (names), L8 (cells). L4, L5 and L6 are in
folder.py. Signatures are Ed25519 after RFC 8032 on the curve of groups.py; the tree is that of RFC 6962.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import auditor.forms as forms
from auditor.forms import Fault, shown
from auditor.groups import GROUPS
from auditor.report import Report

Reader = Callable[[Any, str], object]

# ---------------------------------------------------------------- L1: what an entry may hold

CELL_TEXT = "fewer than 10"
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def cell(value: Any, what: str) -> object:
    """L8 says which numbers are allowed; L1 only that it is a number or that text."""
    return value if value == CELL_TEXT else forms.whole(value, what)


def flag(value: Any, what: str) -> bool:
    if not isinstance(value, bool):
        raise Fault(f"{what} is neither true nor false")
    return value


def date(value: Any, what: str) -> str:
    try:
        if DATE.fullmatch(forms.text(value, what)):
            datetime.fromisoformat(value)
            return str(value)
    except ValueError:
        pass
    raise Fault(f"{what} is not a date")


def number_text(value: Any, what: str) -> int:
    return forms.decimal(value, what, 10**80)


def nothing_or_departure(value: Any, what: str) -> object:
    return value if value is None else of(computed=forms.text, reason=forms.text)(value, what)


def of(**fields: Reader) -> Reader:
    """An object with exactly these fields."""

    def read(value: Any, what: str) -> object:
        found = forms.entries(value, what, tuple(fields))
        for name, reader in fields.items():
            reader(found[name], f"{name} in {what}")
        return found

    return read


def every(reader: Reader) -> Reader:
    def read(value: Any, what: str) -> object:
        return [reader(one, what) for one in forms.rows(value, what)]

    return read


DOCUMENT = of(name=forms.text, sha256=forms.hexadecimal)

# Per act its data; CELLS below walks the same table to find the cells.
ACTS: dict[str, dict[str, Reader]] = {
    "log.opened": {
        "organisation": forms.text,
        "origin": forms.text,
        "key": forms.text,
        "demonstration": flag,
    },
    "rulebook.adopted": {"document": DOCUMENT, "version": forms.text},
    "roll.imported": {
        "files": forms.whole,
        "rows": forms.whole,
        "kept": forms.whole,
        "left_out": cell,
        "refused_columns": every(forms.text),
        "commitment": forms.hexadecimal,
    },
    "roll.inspected": {"findings": every(of(kind=forms.text, findings=cell, members=cell)), "asked": cell},
    "roll.frozen": {
        "freeze": date,
        "members": forms.whole,
        "eligible": cell,
        "not_eligible": cell,
        "ask": cell,
        "clauses": every(of(id=forms.text, cite=forms.text, not_met=cell, unknown=cell)),
        "commitment": forms.hexadecimal,
    },
    "roll.amended": {"change": forms.text, "clause": forms.text, "decision": forms.hexadecimal},
    "roll.final": {
        "document": DOCUMENT,
        "electors": forms.whole,
        "weight": forms.whole,
        "root": forms.hexadecimal,
        "clauses": every(of(id=forms.text, excluded=cell)),
        "elections": every(of(contest=forms.text, uuid=forms.text)),
    },
    "credential.replaced": {"uuid": forms.text, "old": forms.text, "new": forms.text},
    "poll.opened": {
        "contest": forms.text,
        "uuid": forms.text,
        "election": forms.hexadecimal,
        "document": DOCUMENT,
        "order_seed": forms.hexadecimal,
        "tie_commitment": forms.hexadecimal,
        "rankings_public": flag,
        "patterns": number_text,
        "unused_permille": forms.whole,
        "mixers_at_least": forms.whole,
    },
    "bel.event": {"height": forms.whole, "type": forms.text, "event": forms.hexadecimal},
    "poll.closed": {"uuid": forms.text, "accepted": forms.whole},
    "sheet.declared": {
        "document": DOCUMENT,
        "uuid": forms.text,
        "tie_seed": forms.hexadecimal,
        "elected": every(forms.text),
    },
    "certificate.issued": {"document": DOCUMENT, "uuid": forms.text, "word": forms.text},
    "case.decided": {
        "decision": forms.text,
        "about": forms.text,
        "cite": forms.text,
        "outcome": forms.text,
        "fingerprint": forms.text,
        "appeal_days": forms.whole,
        "departure": nothing_or_departure,
        "subject": forms.hexadecimal,
    },
}
TWO_PERSONS = ("roll.frozen", "poll.opened", "poll.closed")
CHANGES = ("put back", "answered", "taken out")
CELLS = {
    "roll.imported": ("left_out",),
    "roll.inspected": ("asked", "findings.findings", "findings.members"),
    "roll.frozen": ("eligible", "not_eligible", "ask", "clauses.not_met", "clauses.unknown"),
    "roll.final": ("clauses.excluded",),
}


@dataclass(frozen=True)
class Entry:
    """One act. `sound`: its data have the right form, so that other duties may read them."""

    number: int
    act: str
    names: tuple[str, ...]
    data: dict[str, Any]
    sound: bool


@dataclass(frozen=True)
class Record:
    """The entries, the lines they were read from, and the record's key as entry 0 gives it."""

    entries: tuple[Entry, ...]
    lines: tuple[bytes, ...]

    def first(self, act: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.act == act and entry.sound), None)

    def all(self, act: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.act == act and entry.sound]


def read_record(data: bytes, report: Report) -> Record:
    """L1, L3, L7 and L8."""
    lines = data.split(b"\n")
    if lines.pop() != b"":
        report.failed("L1", "the last entry is not ended by a newline")
        lines = data.split(b"\n")
    entries = tuple(_entry(number, line, report) for number, line in enumerate(lines))
    report.passed("L1", f"{len(entries):,} entries")
    _check_order(entries, report)
    _check_names(entries, report)
    _check_cells(entries, report)
    return Record(entries, tuple(lines))


def _entry(number: int, line: bytes, report: Report) -> Entry:
    what = f"entry {number}"
    act, sound = "", False
    names: tuple[str, ...] = ()
    fields: dict[str, Any] = {}
    with report.duty("L1", what):
        value = forms.entries(forms.ours(line, what), what, ("act", "by", "data"))
        act = forms.text(value["act"], f"the act of {what}")
        persons = [
            forms.entries(one, f"a person of {what}", ("name", "role"))
            for one in forms.rows(value["by"], what)
        ]
        names = tuple(forms.text(one["name"], f"a name in {what}") for one in persons)
        for one in persons:
            forms.text(one["role"], f"a role in {what}")
        if act not in ACTS:
            raise Fault(f"{what} is the unknown act {shown(act)!r}")
        fields = value["data"]
        of(**ACTS[act])(fields, f"{what} ({act})")
        if act == "roll.amended" and fields["change"] not in CHANGES:
            raise Fault(f"{what} is an unknown change, {shown(fields['change'])!r}")
        sound = True
    return Entry(number, act, names, fields if sound else {}, sound)


# ---------------------------------------------------------------- L3, L7, L8

ONCE = (
    "log.opened",
    "rulebook.adopted",
    "roll.imported",
    "roll.frozen",
    "roll.final",
    "poll.opened",
    "poll.closed",
    "sheet.declared",
    "certificate.issued",
)
# Acts that may occur any number of times while this act of the list above is the newest.
BETWEEN = {
    "roll.inspected": "roll.imported",
    "roll.amended": "roll.frozen",
    "credential.replaced": "roll.final",
}
BEFORE_CLOSE = ("Setup", "Ballot")
AFTER_CLOSE = ("EndBallots", "EncryptedTally", "Shuffle", "EndShuffles", "PartialDecryption", "Result")
EVENTS_AFTER = {
    "Setup": ("Ballot",),
    "Ballot": ("Ballot",),
    "EndBallots": ("EncryptedTally",),
    "EncryptedTally": ("Shuffle", "PartialDecryption"),
    "Shuffle": ("Shuffle", "EndShuffles"),
    "EndShuffles": ("PartialDecryption",),
    "PartialDecryption": ("PartialDecryption", "Result"),
    "Result": (),
}


def _check_order(entries: tuple[Entry, ...], report: Report) -> None:
    """L3: each act of ONCE follows the one before it in that list, with the others between as they may."""
    reached = -1  # the place in ONCE of the newest such act
    event = ""  # the type of the newest archive event
    for entry in entries:
        act = entry.act
        newest = ONCE[reached] if reached >= 0 else ""
        kind = str(entry.data.get("type", ""))
        if act in ONCE:
            place = ONCE.index(act)
            ready = {"poll.closed": event in BEFORE_CLOSE, "sheet.declared": event == "Result"}.get(act, True)
            allowed = place == reached + 1 and ready
            reached = max(reached, place)
        elif act in BETWEEN:
            allowed = newest == BETWEEN[act]
        elif act == "bel.event":
            if newest == "poll.opened":
                allowed = kind in EVENTS_AFTER.get(event, ("Setup",)) and kind in BEFORE_CLOSE
            else:
                expected = EVENTS_AFTER.get(event, ()) if event in AFTER_CLOSE else ("EndBallots",)
                allowed = newest == "poll.closed" and kind in expected
            event = kind
        else:
            allowed = act == "case.decided" and reached >= 1
        if not allowed:
            name = f"{act} ({kind})" if kind else act
            report.failed(
                "L3",
                f"entry {entry.number}, {shown(name)}, may not stand there (after {newest or 'nothing'})",
            )
    if not entries:
        report.failed("L3", "the record is empty")
    report.passed("L3", f"up to {ONCE[reached] if reached >= 0 else 'nothing'}")


def _check_names(entries: tuple[Entry, ...], report: Report) -> None:
    for entry in entries:
        names = {name.strip() for name in entry.names} - {""}
        needed = 2 if entry.act in TWO_PERSONS else 0 if entry.act == "bel.event" else 1
        if len(names) < needed and entry.act in ACTS:
            report.failed(
                "L7", f"entry {entry.number} ({entry.act}) carries {len(names)} names instead of {needed}"
            )
    report.passed("L7", "every act that needs names has them")


def _check_cells(entries: tuple[Entry, ...], report: Report) -> None:
    looked_at = 0
    for entry in entries:
        if not entry.sound:
            continue
        for path in CELLS.get(entry.act, ()):
            outer, _, inner = path.partition(".")
            found = [row[inner] for row in entry.data[outer]] if inner else [entry.data[outer]]
            looked_at += len(found)
            for value in found:
                if value != CELL_TEXT and 0 < value < 10:
                    report.failed(
                        "L8", f"entry {entry.number} ({entry.act}) publishes a number under 10 in {path}"
                    )
    if looked_at:
        report.passed("L8", f"{looked_at} cells")


# ---------------------------------------------------------------- the tree (RFC 6962)


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\0" + leaf).digest()


def tree_roots(leaves: list[bytes], sizes: set[int]) -> dict[int, bytes]:
    """The roots over the first n leaves, for each n in `sizes`.

    Keeps the roots of the complete subtrees that make up what was read so far, largest first: adding a leaf
    merges equal ones, and the root of all is their fold from the right.
    """
    roots: dict[int, bytes] = {}
    peaks: list[tuple[int, bytes]] = []
    for size in range(len(leaves) + 1):
        if size in sizes:
            roots[size] = _fold([node for _, node in peaks])
        if size < len(leaves):
            width, node = 1, leaf_hash(leaves[size])
            while peaks and peaks[-1][0] == width:
                width, node = 2 * width, _node(peaks.pop()[1], node)
            peaks.append((width, node))
    return roots


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _fold(peaks: list[bytes]) -> bytes:
    if not peaks:
        return hashlib.sha256(b"").digest()
    node = peaks[-1]
    for peak in reversed(peaks[:-1]):
        node = _node(peak, node)
    return node


# ---------------------------------------------------------------- L2: checkpoints


@dataclass(frozen=True)
class Key:
    """A verifier key: its name, its four bytes of identity, the 32 bytes of the public key."""

    name: str
    identity: bytes
    public: bytes


def read_key(text: str) -> Key:
    """NAME+XXXXXXXX+BASE64."""
    name, _, rest = text.partition("+")
    identity, _, encoded = rest.partition("+")
    material = _base64(encoded, "the verifier key")
    if not name or len(material) != 33 or material[0] != 1:
        raise Fault("the verifier key is not of the form NAME+ID+KEY for Ed25519")
    expected = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    if identity != expected.hex():
        raise Fault("the verifier key's identity is not that of its name and key")
    return Key(name, expected, material[1:])


def _base64(text: str, what: str) -> bytes:
    try:
        data = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Fault(f"{what} is not base64") from None
    if b64encode(data).decode() != text:
        raise Fault(f"{what} is not canonical base64")
    return data


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Ed25519 (RFC 8032): [S]B = R + [k]A, with S below the order and R compared as bytes."""
    curve = GROUPS["Ed25519"]
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= curve.q:
        return False
    try:
        key = curve.parse(public[::-1].hex())
    except Fault:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little")
    r = curve.divide(curve.power(curve.g, s), curve.power(key, k))
    return bytes.fromhex(curve.text(r))[::-1] == signature[:32]


def check_checkpoints(folder: Path, record: Record, expected_key: str | None, report: Report) -> None:
    """L2."""
    with report.duty("L2", "the checkpoints"):
        opened = record.first("log.opened")
        if not opened:
            raise Fault("there is no entry that names the record's key")
        if expected_key is not None and opened.data["key"] != expected_key:
            report.failed("L2", "the record's key is not the one that you gave")
        key = read_key(opened.data["key"])
        if opened.data["origin"] != key.name:
            report.failed("L2", "the record's origin is not its key's name")
        paths = sorted(
            (folder / "log" / "checkpoints").iterdir(), key=lambda path: (len(path.name), path.name)
        )
        notes = [(path.name, path.read_bytes()) for path in paths]
        if not notes:
            raise Fault("there are no checkpoints")
        if (folder / "log" / "checkpoint").read_bytes() != notes[-1][1]:
            report.failed("L2", "log/checkpoint is not the newest checkpoint")
        sizes = {int(name) for name, _ in notes if forms.DECIMAL.fullmatch(name) and len(name) < 18}
        roots = tree_roots(list(record.lines), sizes)
        times: list[str] = []
        for name, note in notes:
            with report.duty("L2", f"checkpoint {shown(name)}"):
                times.append(_check_note(name, note, key, roots))
        if times != sorted(times):
            report.failed("L2", "the times of the checkpoints go back")
        if max(sizes, default=0) != len(record.lines):
            report.failed(
                "L2", f"the newest checkpoint covers {max(sizes, default=0)} of {len(record.lines)} entries"
            )
        report.passed("L2", f"{len(notes)} checkpoints, the newest of {times[-1] if times else 'no time'}")


def _check_note(name: str, note: bytes, key: Key, roots: dict[int, bytes]) -> str:
    """One signed note. Gives its time."""
    what = f"checkpoint {shown(name)}"
    text, blank, signatures = note.decode("utf-8").rpartition("\n\n")
    text += "\n"
    lines = text.split("\n")
    if not blank or not signatures.endswith("\n") or len(lines) != 5:
        raise Fault(f"{what} is not four lines, a blank line and signatures")
    origin, size, root, time, _ = lines
    if origin != key.name:
        raise Fault(f"{what} is of another record, {shown(origin)!r}")
    _check_signatures(signatures, text, key, what)
    if size != name or not forms.DECIMAL.fullmatch(size) or int(size) not in roots:
        raise Fault(f"{what} states the size {shown(size)}, which does not fit")
    if root != b64encode(roots[int(size)]).decode():
        raise Fault(f"{what} states another root than that of the first {size} entries")
    match = re.fullmatch(r"time ([0-9-]{10}T[0-9:]{8}Z)( demonstration)?", time, re.ASCII)
    if not match:
        raise Fault(f"{what} states no time")
    datetime.strptime(match[1], "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 - only its form matters
    return match[1]


def _check_signatures(signatures: str, text: str, key: Key, what: str) -> None:
    """At least one by the record's key, and none of that key that is wrong; others are ignored."""
    good = 0
    for line in signatures.split("\n")[:-1]:
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        if dash != "—" or not name or not encoded:
            raise Fault(f"{what} has a line that is not a signature")
        if name != key.name:
            continue
        blob = _base64(encoded, f"the signature of {what}")
        if blob[:4] != key.identity:
            continue
        if not signature_holds(key.public, text.encode(), blob[4:]):
            raise Fault(f"{what} has a wrong signature of the record's key")
        good += 1
    if not good:
        raise Fault(f"{what} is not signed by the record's key")
