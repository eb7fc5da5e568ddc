#!/usr/bin/env python3
"""The second verifier: python3 auditor/verify.py PATH [--earlier COPY] [--sample N] [--json] [--key VKEY]

Duties done here: those about what you bring along, A4 (an earlier copy) and L2 (checkpoints, and the key that
signs them). This file finds out what PATH is, has every duty done, and prints what came of it.
It needs Python 3.11 and nothing else. Read on in this order: forms.py (the list of duties), groups.py,
archive.py, trustees.py, ballots.py, tally.py for one archive; record.py, folder.py, count.py for a folder.

PATH is a public folder, or one archive (`.bel`). Exit codes: 0 passed, 1 failed, 2 not a thing that this
program can judge, 3 incomplete (nothing failed, but something was left out: --sample).
"""

from __future__ import annotations

import argparse
import binascii
import hashlib
import json
import os
import re
import sys
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

if __package__ in (None, ""):  # run as a script: import from the folder above
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from auditor.archive import UUID, Archive, Election, check_order, read_archive, read_setup
from auditor.ballots import check_ballots
from auditor.folder import check_folder
from auditor.forms import CLAIMS, DECIMAL, ORDER, Fault, Report, Unsupported, Waits, shown
from auditor.groups import GROUPS
from auditor.record import Public, Record, read_record, tree_roots
from auditor.tally import Tallied, check_tally, spread

UNUSABLE = 2
NOT_COVERED = (
    "Not checked by this or any verifier: the pages for people (index.html, trackers/); what a device that was"
    " tampered with encrypted; who holds which credential; whether trustees and mixers are different people."
)


# The duties that each kind of event brings along; they wait if there is no election to judge them by.
OF_EVENT = {
    "Setup": ("E1", "E2", "E3", "E4", "E5", "E6"),
    "Ballot": ("B1", "B2", "B3", "B4", "B5", "B6", "B7"),
    "EncryptedTally": ("T1", "T2"),
    "Shuffle": ("S1", "S2", "S3"),
    "PartialDecryption": ("D1", "D2", "D3"),
    "Result": ("D4", "R1"),
}


def check_archive(
    data: bytes, file_uuid: str | None, sample: int | None, processes: int, ours: bool, report: Report
) -> tuple[Archive, Election | None, Tallied | None]:
    """Every duty of docs/formats/ballot.md but A4."""
    archive = read_archive(data, report)
    election = read_setup(archive, file_uuid, report)
    check_order(archive, bool(election.ranked) if election else None, report)
    if not election:
        cause = report.broken("E1", "E4", "E6") or report.broken("A2", "A3", "A1")
        kinds = {event.type for event in archive.events} | {"Setup"}
        for duty in [duty for kind, duties in OF_EVENT.items() if kind in kinds for duty in duties]:
            if duty not in report.seen:
                report.waits(duty, cause)
        return archive, None, None
    seed = hashlib.sha256(data).digest()
    events = archive.of_type("Ballot")
    chosen = None
    if sample is not None and len(events) > sample:
        chosen = {number + 1 for number in spread(sample, len(events), seed + b"ballots")}
    ballots = check_ballots(election, events, chosen, processes, report)
    tallied = None
    with report.duty("T1", "the tally"):
        tallied = check_tally(election, archive, ballots, sample, seed, processes, ours, report)
    return archive, election, tallied


def check_public(path: Path, sample: int | None, key: str | None, processes: int, report: Report) -> Public:
    """Every duty of both pages, for a public folder."""
    lines = b""
    with report.duty("L1", "log/entries.jsonl"):
        lines = (path / "log" / "entries.jsonl").read_bytes()
    record = read_record(lines, report)
    check_checkpoints(path, record, key, report)
    public = Public(path, record, report)
    opened = record.first("poll.opened")
    if opened and UUID.fullmatch(opened.data["uuid"]):
        file = path / f"{opened.data['uuid']}.bel"
        if file.is_file():
            found = check_archive(file.read_bytes(), opened.data["uuid"], sample, processes, True, report)
            public.archive, public.election, public.tallied = found
    check_folder(public, report)
    acts = {entry.act for entry in record.entries}
    report.stage = "declared" if "sheet.declared" in acts else "closed" if "poll.closed" in acts else "open"
    return public


def read_file(path: Path) -> bytes:
    """An archive. Raises Unsupported for all else, OSError if unreadable."""
    if not path.exists():
        raise Unsupported("nothing (there is no such file)")
    with path.open("rb") as file:
        start = file.read(8)
        if path.suffix not in (".bel", ".bel_") and start != b"BELENIOS":
            raise Unsupported("a file that is not an archive")
        return start + file.read()


def is_folder(path: Path) -> bool:
    if path.is_dir() and not (path / "log").is_dir():
        raise Unsupported("a folder without log/, so not a public folder")
    return path.is_dir()


def judge(
    path: Path, sample: int | None, key: str | None, processes: int, earlier: Path | None = None
) -> Report:
    """The report on a folder or an archive. Raises Unsupported for all else, OSError if unreadable."""
    report, record = Report(), None
    if is_folder(path):
        public = check_public(path, sample, key, processes, report)
        archive, record = public.archive or Archive(), public.record
    else:
        uuid = path.stem if path.suffix == ".bel" else None
        archive, _, _ = check_archive(read_file(path), uuid, sample, processes, False, report)
    if earlier is not None:
        files = sorted(earlier.glob("*.bel")) if is_folder(earlier) else [earlier]
        copies = [read_file(file) for file in files]
        with report.duty("A4", "the earlier copy"):
            if record and earlier.is_dir():
                check_earlier_record(earlier, record, report)
            for copy in copies:
                check_earlier(archive, copy, report)
    return report


# ---------------------------------------------------------------- A4: an earlier copy


def check_earlier(archive: Archive, earlier: bytes, report: Report) -> None:
    """A4, for archives: the earlier copy is sound by itself, and its events are the first of this one."""
    own = Report()
    copy = read_archive(earlier, own)
    election = read_setup(copy, None, own)
    check_order(copy, bool(election.ranked) if election else None, own)
    for duty in ("A1", "A2", "A3"):
        for sentence in own.found.get(duty, ()):
            report.failed("A4", f"the earlier copy fails {duty}: {sentence}")
    for ours, theirs in zip(archive.events, copy.events, strict=False):
        if (ours.type, ours.sha256) != (theirs.type, theirs.sha256):
            report.failed("A4", f"event {ours.height} is another than in the earlier copy")
            break
    if len(copy.events) > len(archive.events):
        report.failed("A4", f"the earlier copy has {len(copy.events)} events, this one {len(archive.events)}")
    report.passed("A4", f"the first {len(copy.events):,} of {len(archive.events):,} events")


def check_earlier_record(folder: Path, record: Record, report: Report) -> None:
    """A4, for folders: the newest checkpoint of the earlier copy is one of this record."""
    with report.duty("A4", "the earlier copy's checkpoint"):
        opened = record.first("log.opened")
        if not opened:
            raise Waits("L1")
        lines = (folder / "log" / "entries.jsonl").read_bytes().split(b"\n")[:-1]
        if lines != list(record.lines[: len(lines)]):
            report.failed("A4", "the entries of the earlier copy are not the first ones of this record")
        note = (folder / "log" / "checkpoint").read_bytes()
        size = note.split(b"\n")[1].decode()
        sizes = {int(size)} if DECIMAL.fullmatch(size) and len(size) < 18 else set()
        check_note(size, note, read_key(opened.data["key"]), tree_roots(list(record.lines), sizes))
        report.passed("A4", f"the first {size} entries")


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
        sizes = {int(name) for name, _ in notes if DECIMAL.fullmatch(name) and len(name) < 18}
        roots = tree_roots(list(record.lines), sizes)
        times: list[str] = []
        for name, note in notes:
            with report.duty("L2", f"checkpoint {shown(name)}"):
                times.append(check_note(name, note, key, roots))
        if times != sorted(times):
            report.failed("L2", "the times of the checkpoints go back")
        if max(sizes, default=0) != len(record.lines):
            report.failed(
                "L2", f"the newest checkpoint covers {max(sizes, default=0)} of {len(record.lines)} entries"
            )
        report.passed("L2", f"{len(notes)} checkpoints, the newest of {times[-1] if times else 'no time'}")


def check_note(name: str, note: bytes, key: Key, roots: dict[int, bytes]) -> str:
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
    if size != name or not DECIMAL.fullmatch(size) or int(size) not in roots:
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


# ---------------------------------------------------------------- the report


def print_report(report: Report, path: Path) -> None:
    say = {
        "passed": "Every duty that applies at this stage was done and passed.",
        "failed": "At least one duty failed.",
        "incomplete": "Nothing failed, but something was left out.",
    }[report.verdict]
    stage = {"open": "the poll is open", "closed": "the poll is closed", "declared": "the result is declared"}
    print(f"{report.verdict.upper()} ({stage[report.stage]}): {path}. {say}")
    mark = {"passed": "ok     ", "failed": "FAILED ", "not checked": "not all"}
    absent = []
    for duty in (duty for duty in ORDER if duty in CLAIMS):
        verdict = report.verdict_of(duty)
        if verdict == "not part of it":
            absent.append(duty)
            continue
        print(f"{duty} {mark[verdict]} {CLAIMS[duty]} [{report.because(duty)}]")
    print(f"Not part of it: {', '.join(absent) or 'nothing'}.")
    print(NOT_COVERED)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check a public folder or one archive, independently.")
    parser.add_argument("path", type=Path)
    parser.add_argument(
        "--earlier", type=Path, metavar="COPY", help="a copy of it that you kept: .bel or folder"
    )
    parser.add_argument("--sample", type=int, metavar="N", help="check the costly proofs of N ballots only")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument(
        "--key", metavar="VKEY", help="the record's verifier key, if you know it from elsewhere"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N")
    options = parser.parse_args(arguments)
    if options.sample is not None and options.sample < 1:
        parser.error("--sample takes a number of at least 1")
    try:
        report = judge(options.path, options.sample, options.key, options.processes, options.earlier)
    except (Unsupported, OSError) as reason:
        why = (
            f"not yet supported: {reason}"
            if isinstance(reason, Unsupported)
            else f"cannot be read: {reason.strerror}"
        )
        if options.json:
            print(json.dumps({"verdict": "unusable", "because": why}))
        else:
            print(f"UNUSABLE: {options.path}: {why}.")
        return UNUSABLE
    if options.json:
        print(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        print_report(report, options.path)
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main())
