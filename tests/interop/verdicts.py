"""What each program says of one archive, in one form: whether it is sound, and which duties fail."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.ballot.forge import Parts


@dataclass(frozen=True, slots=True)
class Answer:
    """One verifier's answer. verdict: "passed", "failed", "incomplete" or "not yet supported"."""

    verdict: str
    stage: str
    failed: tuple[str, ...]
    reasons: dict[str, str]

    def same(self, other: Answer) -> bool:
        """The same verdict at the same stage, and the same duties fail."""
        return (self.verdict, self.stage, self.failed) == (other.verdict, other.stage, other.failed)

    def agrees(self, other: Answer) -> bool:
        """The same verdict at the same stage, whatever duties are named for it."""
        return (self.verdict, self.stage) == (other.verdict, other.stage)

    def __str__(self) -> str:
        told = "; ".join(f"{duty}: {reason[:150]}" for duty, reason in sorted(self.reasons.items()))
        return f"{self.verdict} ({self.stage or 'no stage'}) [{told}]"


UNSUPPORTED = Answer("not yet supported", "", (), {})
UNUSABLE = Answer("no archive", "", (), {})


def ours(content: bytes, uuid: str) -> Answer:
    """The answer of `selectorate verify`, in this process."""
    from selectorate.errors import Refusal
    from selectorate.verify import open_source, verify

    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / f"{uuid}.bel"
        archive.write_bytes(content)
        try:
            report = verify(open_source(archive))
        except Refusal as refusal:
            if refusal.code == "ballot.unsupported":
                return UNSUPPORTED
            if refusal.code == "verify.form":
                return UNUSABLE
            raise
    return _answer(report.to_json())


def auditors(content: bytes, uuid: str) -> Answer:
    """The answer of the auditor, in this process."""
    from auditor.verify import Unsupported, judge

    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / f"{uuid}.bel"
        archive.write_bytes(content)
        try:
            report = judge(archive, None, None, 1)
        except Unsupported as reason:
            return UNUSABLE if "not an archive" in str(reason) else UNSUPPORTED
    return _answer(report.to_json())


def _answer(report: dict[str, Any]) -> Answer:
    reasons = {
        check["duty"]: str(check["because"]) for check in report["checks"] if check["verdict"] == "failed"
    }
    return Answer(str(report["verdict"]), str(report["stage"]), tuple(sorted(reasons)), reasons)


def announced(parts: Parts) -> Any:
    """The result as it stands in an archive; R1 is what says whether it is right."""
    (event,) = parts.of("Result")
    return json.loads(event.content[0])["result"]
