"""What the duties of a public folder look at, and what each of them claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from selectorate.canon import Check
from selectorate.log.objects import Entry
from selectorate.verify.source import Source

if TYPE_CHECKING:
    from selectorate.ballot.objects import Archive, Verified
    from selectorate.rules.objects import Rulebook

CLAIMS = {
    "L1": "Every entry is canonical and has exactly the fields of its act",
    "L3": "The acts follow the table of order",
    "L7": "Acts carry the names of those who did them, two where two are needed",
    "L8": "No published number of members is between 1 and 9",
    "P1": "The rulebook loads, declares no forbidden fact, and its version is the one adopted",
    "K1": "Each decided case follows the rulebook, and the same facts have the same outcome",
    "L2": "Every checkpoint is signed by the record's key and fits the entries; the newest covers them all",
    "L4": "The election's description names the record's verifier key",
    "L5": "There is one entry for each event of the archive, in its order",
    "L6": "Every document is the one of its entry, and there is no file that the method pages do not know",
    "P2": "Contest, seats, rule set, question and candidates agree in rulebook, record, archive and sheet",
    "P3": "The order of the candidates on the paper follows from the logged seed",
    "P4": "The tie seed revealed with the sheet is the one committed to at opening",
    "P5": "The officer's yes to publishing rankings is on the record, with the number of possible papers",
    "P6": "At least two mixers shuffled, and as many as the record demands",
    "P7": "Each trustee proved before opening to hold the key",
    "P8": "Each refused decryption that is published is a trustee's, and is bad",
    "P9": "Each trustee who decrypted fewer ballots than the rulebook's floor said yes to it before",
    "Q1": "The commitments are sorted, distinct and as many as the record says",
    "Q2": "There are as many public credentials as electors on the roll, with the same votes in all",
    "Q3": "Accepted ballots are those counted and those replaced by a later one",
    "Q4": "Counted papers are valid, blank or invalid, as the result shows",
    "Q5": "The papers in the sheet are the valid ones, at every stage",
    "C1": "The sheet is what the rule set gives for the papers of the result",
    "C2": "The certificate's numbers, example and word are right",
}


@dataclass(frozen=True, slots=True)
class Folder:
    """What the duties look at. entry: the newest entry of an act, or None."""

    source: Source
    entries: tuple[Entry, ...]
    archive: Archive | None
    verified: Verified | None
    rulebook: Rulebook | None

    def data(self, act: str) -> dict[str, Any] | None:
        return next((entry.data for entry in reversed(self.entries) if entry.act == act), None)

    def document(self, name: str) -> bytes | None:
        return self.source.documents.get(name)


class NotThereError(Exception):
    """Something that a duty needs failed its own check; the text says what."""


def verified_of(folder: Folder) -> Verified:
    """Raises NotThereError where a duty of the archive does not hold."""
    if folder.verified is None:
        raise NotThereError("the archive failed its own checks")
    return folder.verified


def rules_of(folder: Folder) -> Rulebook:
    """Raises NotThereError where P1 does not hold."""
    if folder.rulebook is None:
        raise NotThereError("the rulebook failed its own check")
    return folder.rulebook


def without(name: str, duty: str, entry: object) -> Check:
    """The check of a document that is not there, or that no entry names (L6 says the latter)."""
    if entry is None:
        return Check(duty, CLAIMS[duty], "not part of it", "not yet at this stage")
    return Check(duty, CLAIMS[duty], "failed", f"{name} is missing")
