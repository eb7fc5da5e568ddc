"""Both verifiers over one forged thing, in this process, as duty -> (verdict, reason).

Ours is selectorate's, with the kernel in Rust; the auditor's is the folder auditor/, which shares no code with it.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.attacks.forge.poll import UUID, Poll

from auditor import forms
from auditor import verify as auditing
from selectorate.ballot.acceptance import Acceptance
from selectorate.ballot.check import examine
from selectorate.ballot.check import ledger as archive_duties
from selectorate.verify import folder as folder_duties
from selectorate.verify import open_source, verify

Verdicts = dict[str, tuple[str, str]]
DUTY = re.compile(r"\b([ABDEKLPQRSTC][1-9])\b")
COVERED: dict[str, set[str]] = {}  # duty -> the verifiers in which something was rejected by it alone


@dataclass(frozen=True)
class Forged:
    """An archive, by what name it is judged, and the earlier copy that the judge brings along, if any."""

    archive: bytes
    uuid: str = UUID
    earlier: bytes | None = None


@dataclass(frozen=True)
class Found:
    """What one verifier says: the duties that fail, and of those that were not checked what they wait for."""

    verdicts: Verdicts

    @property
    def failed(self) -> set[str]:
        return {duty for duty, (verdict, _) in self.verdicts.items() if verdict == "failed"}

    @property
    def waiting(self) -> dict[str, set[str]]:
        found = {}
        for duty, (verdict, because) in self.verdicts.items():
            if verdict == "not checked":
                found[duty] = set(DUTY.findall(because.partition("waits for")[2].partition(":")[0]))
        return found

    def reason(self, duty: str) -> str:
        return self.verdicts[duty][1]


def ours(forged: Forged, *, foreign: bool = True) -> Found:
    found = examine(forged.archive, forged.uuid, foreign=foreign, earlier=forged.earlier)
    return Found({check.duty: (check.verdict, check.because) for check in found.checks})


def auditors(forged: Forged, *, foreign: bool = True) -> Found:
    return told(audit(forged, foreign=foreign))


def audit(forged: Forged, *, foreign: bool = True) -> forms.Report:
    report = forms.Report()
    archive, _, _ = auditing.check_archive(forged.archive, forged.uuid, None, 1, not foreign, report)
    if forged.earlier is not None:
        with report.duty("A4", "the earlier copy"):
            auditing.check_earlier(archive, forged.earlier, report)
    return report


def told(report: forms.Report) -> Found:
    """What the auditor says, by its table of duties as it is now: its checks never look at the table."""
    return Found({duty: (report.verdict_of(duty), report.because(duty)) for duty in forms.CLAIMS})


def ours_of_folder(folder: Path) -> Found:
    report = verify(open_source(folder))
    return Found({check.duty: (check.verdict, check.because) for check in report.checks})


def auditors_of_folder(folder: Path) -> Found:
    return told(audit_folder(folder))


def audit_folder(folder: Path) -> forms.Report:
    return auditing.judge(folder, None, None, 1)


JUDGES: dict[str, Callable[[Forged], Found]] = {"ours": ours, "auditor": auditors}
FOLDER_JUDGES: dict[str, Callable[[Path], Found]] = {"ours": ours_of_folder, "auditor": auditors_of_folder}


def duties_of_ours() -> set[str]:
    return {*archive_duties.CLAIMS, *folder_duties.ORDER}


def duties_of_auditor() -> set[str]:
    return set(forms.CLAIMS)


def take_out(patch: pytest.MonkeyPatch, duty: str) -> None:
    """Take a duty out of the tables of both verifiers, for one test: no option of either program does this."""
    for table in (archive_duties.CLAIMS, forms.CLAIMS):
        if duty in table:
            patch.delitem(table, duty)
    patch.setattr(folder_duties, "ORDER", tuple(one for one in folder_duties.ORDER if one != duty))


_KNOWN: dict[bytes, dict[str, Any]] = {}


def remember_archive(patch: pytest.MonkeyPatch, archive: bytes) -> None:
    """Let both verifiers judge this archive once in a run, for folders where only other files differ."""
    from selectorate.ballot import check as checking

    judged = auditing.check_archive
    known = _KNOWN.setdefault(archive, {})

    def audited(content: bytes, *rest: Any) -> Any:
        report = rest[-1]
        if content != archive:
            return judged(content, *rest)
        if "auditor" not in known:
            seen = forms.Report()
            known["auditor"] = judged(content, *rest[:-1], seen), seen
        found, seen = known["auditor"]
        for name in ("found", "seen", "omitted", "waiting", "remarks"):
            getattr(report, name).update(copy.deepcopy(getattr(seen, name)))
        return found

    examined = checking.examine

    def examine_once(source: Any, *rest: Any, **named: Any) -> Any:
        if source != archive:
            return examined(source, *rest, **named)
        if "ours" not in known:
            known["ours"] = examined(source, *rest, **named)
        return known["ours"]

    patch.setattr(auditing, "check_archive", audited)
    patch.setattr(checking, "examine", examine_once)


# ---------------------------------------------------------------- ballot by ballot


def ballots_at_acceptance(poll: Poll) -> list[str]:
    """Per ballot of this poll the duty at which acceptance refuses it, "" where it does not."""
    bodies = [event.bodies[0] for event in poll.of("Ballot")]
    found = []
    acceptance = Acceptance(*poll.events[0].bodies)
    for body in bodies:
        (verdict,) = acceptance.judge([body])
        acceptance.admit([verdict])
        found.append(verdict.duty)
    return found


def ballots_of_auditor(poll: Poll) -> list[set[str]]:
    """Per ballot the duties that the auditor says it fails."""
    report = forms.Report()
    auditing.check_archive(poll.write(), poll.election["uuid"], None, 1, False, report)
    found: list[set[str]] = [set() for _ in poll.of("Ballot")]
    for duty, sentences in report.found.items():
        for sentence in sentences:
            match = re.match(r"ballot ([0-9]+)\b", sentence)
            if match:
                found[int(match[1]) - 1].add(duty)
    return found


def parts(table: Mapping[str, Sequence[str]], fast: Collection[str]) -> list[Any]:
    """(proof, part) of a table of what is hashed, for parametrize; slow but for those named PROOF.PART in `fast`."""
    return [
        pytest.param(proof, part, marks=() if f"{proof}.{part}" in fast else pytest.mark.slow)
        for proof, listed in table.items()
        for part in listed
    ]
