"""From a checked input to the plain numbers and names of its table of claims (`claims.py`).

Reads only what the report of the same run has looked at. Where the archive failed its own checks, no more is
said than what its set-up names: who holds keys. Nothing here judges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from selectorate.errors import Refusal
from selectorate.log.objects import Entry
from selectorate.verify.claims import Part, Standing
from selectorate.verify.source import Source

if TYPE_CHECKING:
    from selectorate.ballot.check import Examination
    from selectorate.ballot.objects import Answer, Verified

SMALLEST_TALLY = 10
"""What holds where the rulebook says nothing (docs/formats/rulebook.md)."""


def standing_of(source: Source, examined: Examination | None) -> Standing | None:
    """The standing of one input; None where there is no election yet that could promise anything."""
    if examined is None or not examined.trustees:
        return None
    entries = _entries(source)
    opened = _newest(entries, "poll.opened") or {}
    certificate = _newest(entries, "certificate.issued") or {}
    verified = examined.verified
    return Standing(
        tuple(Part(tuple(entry.numbers), entry.threshold) for entry in examined.trustees),
        holders={entry.data["trustee"]: entry.by[0].name for entry in entries if _held(entry)},
        mixers=verified.shuffle_owners if verified else (),
        decrypted=tuple(owner for owner, _ in verified.decryptions) if verified else (),
        electors=len(verified.credentials) if verified else 0,
        counted=len(verified.counted) if verified and verified.stage != "open" else 0,
        accepted=len(verified.trackers) if verified else 0,
        smallest_tally=_smallest(source, entries) if source.folder else None,
        small=tuple(entry.data["trustee"] for entry in entries if entry.act == "decryption.small"),
        unanimous=_unanimous(verified) if verified else (),
        patterns=opened.get("patterns") if verified and verified.parameters.ranked else None,
        unused_permille=opened.get("unused_permille"),
        word=certificate.get("word"),
        folder=source.folder,
        demonstration=bool((_newest(entries, "log.opened") or {}).get("demonstration")),
    )


def _entries(source: Source) -> list[Entry]:
    """The lines that can be read; what is wrong with the others L1 says."""
    found = []
    for number, line in enumerate(source.lines):
        try:
            found.append(Entry.from_json(line, number))
        except Refusal:
            continue
    return found


def _newest(entries: list[Entry], act: str) -> dict[str, Any] | None:
    return next((entry.data for entry in reversed(entries) if entry.act == act), None)


def _held(entry: Entry) -> bool:
    return entry.act == "trustee.held" and bool(entry.by) and isinstance(entry.data.get("trustee"), int)


def _smallest(source: Source, entries: list[Entry]) -> int:
    from selectorate.rules.check import checked_rulebook

    adopted = _newest(entries, "rulebook.adopted") or {}
    _, rulebook = checked_rulebook(source.documents.get("rulebook.toml", b""), str(adopted.get("version")))
    return rulebook.smallest_tally if rulebook else SMALLEST_TALLY


def _unanimous(verified: Verified) -> tuple[int, ...]:
    """Numbers of the questions in which every counted ballot says the same."""
    if not verified.result or not verified.counted:
        return ()
    total = len(verified.counted)
    if verified.weighted:
        weights = {credential.public: credential.weight for credential in verified.credentials}
        total = sum(weights[ballot.credential] for ballot in verified.counted)
    asked = zip(verified.parameters.questions, verified.result, strict=True)
    return tuple(
        number
        for number, (question, answer) in enumerate(asked, 1)
        if (len(set(answer)) == 1 if question.kind == "ranked" else _all_or_nothing(answer, total))
    )


def _all_or_nothing(answer: Answer, total: int) -> bool:
    """Whether each count is nothing or everything; lists count each for itself."""
    flat = (count for row in answer for count in (row if isinstance(row, tuple) else (row,)))
    return all(count in (0, total) for count in flat)
