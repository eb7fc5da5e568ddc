#!/usr/bin/env python3
"""The second verifier: python3 auditor/verify.py PATH [--sample N] [--json] [--key VKEY]

Duties done here: none; this file finds out what PATH is, has every duty done, and prints what came of it.
It needs Python 3.11 and nothing else. Read on in this order: report.py (the list of duties), forms.py,
groups.py, archive.py, ballots.py, tally.py for one archive; record.py, folder.py, count.py for a folder.

PATH is a public folder, or one archive (`.bel`). Exit codes: 0 passed, 1 failed, 2 not a thing that this
program can judge, 3 incomplete (nothing failed, but something was left out: --sample).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path

if __package__ in (None, ""):  # run as a script: import from the folder above
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from auditor.archive import UUID, Archive, Election, check_order, read_archive, read_setup
from auditor.ballots import check_ballots
from auditor.folder import Public, check_folder
from auditor.record import check_checkpoints, read_record
from auditor.report import CLAIMS, Report, Unsupported
from auditor.tally import Tallied, check_tally, spread

UNUSABLE = 2
NOT_COVERED = (
    "Not checked by this or any verifier: the pages for people (index.html, trackers/); what a device that was"
    " tampered with encrypted; who holds which credential; whether trustees and mixers are different people."
)


def check_archive(
    data: bytes, file_uuid: str | None, sample: int | None, processes: int, ours: bool, report: Report
) -> tuple[Archive, Election | None, Tallied | None]:
    """Every duty of docs/formats/ballot.md."""
    archive = read_archive(data, report)
    election = read_setup(archive, file_uuid, report)
    check_order(archive, bool(election and election.ranked), report)
    if not election:
        if archive.events:
            report.failed("E1", "there is no set-up that can be read; nothing after it can be checked")
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


def check_public(path: Path, sample: int | None, key: str | None, processes: int, report: Report) -> None:
    """Every duty of both pages, for a public folder."""
    lines = b""
    with report.duty("L1", "log/entries.jsonl"):
        lines = (path / "log" / "entries.jsonl").read_bytes()
    record = read_record(lines, report)
    check_checkpoints(path, record, key, report)
    public = Public(path, record, None, None, None)
    opened = record.first("poll.opened")
    if opened and UUID.fullmatch(opened.data["uuid"]):
        file = path / f"{opened.data['uuid']}.bel"
        if file.is_file():
            found = check_archive(file.read_bytes(), opened.data["uuid"], sample, processes, True, report)
            public.archive, public.election, public.tallied = found
    check_folder(public, report)
    acts = {entry.act for entry in record.entries}
    report.stage = "declared" if "sheet.declared" in acts else "closed" if "poll.closed" in acts else "open"


def judge(path: Path, sample: int | None, key: str | None, processes: int) -> Report:
    """The report on a folder or an archive. Raises Unsupported for all else, OSError if unreadable."""
    report = Report()
    if path.is_dir():
        if not (path / "log").is_dir():
            raise Unsupported("a folder without log/, so not a public folder")
        check_public(path, sample, key, processes, report)
        return report
    if not path.exists():
        raise Unsupported("nothing (there is no such file)")
    with path.open("rb") as file:
        start = file.read(8)
        if path.suffix not in (".bel", ".bel_") and start != b"BELENIOS":
            raise Unsupported("a file that is not an archive")
        data = start + file.read()
    check_archive(data, path.stem if path.suffix == ".bel" else None, sample, processes, False, report)
    return report


def print_report(report: Report, path: Path) -> None:
    say = {
        "passed": "Every duty that applies at this stage was done and passed.",
        "failed": "At least one duty failed.",
        "incomplete": "Nothing failed, but something was left out.",
    }[report.verdict]
    stage = {"open": "the poll is open", "closed": "the poll is closed", "declared": "the result is declared"}
    print(f"{report.verdict.upper()} ({stage[report.stage]}): {path}. {say}")
    mark = {"passed": "ok    ", "failed": "FAILED", "not checked": "partly"}
    absent = []
    for duty, claim in CLAIMS.items():
        verdict = report.verdict_of(duty)
        if verdict == "not part of it":
            absent.append(duty)
            continue
        print(f"{duty} {mark[verdict]} {claim} [{report.because(duty)}]")
    print(f"Not part of it: {', '.join(absent) or 'nothing'}.")
    print(NOT_COVERED)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check a public folder or one archive, independently.")
    parser.add_argument("path", type=Path)
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
        report = judge(options.path, options.sample, options.key, options.processes)
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
