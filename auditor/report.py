"""The duties by number, what was seen about each, and the verdict.

Duties done here: none; this is the list of all of them (docs/formats/ballot.md and docs/formats/entries.md).
A duty fails as soon as one thing is found against it; it never un-fails. A duty about which nothing was said
does not belong to this input at this stage. "Not checked" (left out by sampling) never counts as passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from auditor.forms import Fault, shown

CLAIMS = {
    "A1": "The file is exactly the members that the format writes, each named by its hash, none left over.",
    "A2": "The events form one chain, each with the data members that its type requires.",
    "A3": "The events follow the order set-up, ballots, end, tally, shuffles, decryptions, result.",
    "E1": "The election object can be read.",
    "E2": "The election's identifier has the right form and is the file's name.",
    "E3": "Each question makes sense in this group and with these weights.",
    "E4": "Each trustee's key belongs to the group and comes with a proof of possession.",
    "E5": "The election's key is the product of the trustees' keys.",
    "E6": "The public credentials are members of the group, distinct, sorted, with canonical weights.",
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
    "D4": "With the result, every trustee's decryption is there.",
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
    "Q1": "The commitments are sorted and distinct, and number, root and weight are those of the record.",
    "Q2": "There are as many public credentials as commitments, of equal weight; replacements are listed.",
    "Q3": "Accepted ballots = ballots counted + ballots replaced by a later one.",
    "Q4": "Counted papers = valid + blank + invalid papers.",
    "Q5": "The papers in every stage of the sheet add up to the valid papers.",
    "C1": "The sheet is what the rule set gives for the papers of the result.",
    "C2": "The certificate follows from the papers and the rule set.",
    "K1": "Each decided case has an outcome of the rulebook; the same facts have the same outcome.",
}

REASONS_SHOWN = 3


class Unsupported(Exception):  # noqa: N818 - nothing went wrong
    """The input is of a kind that this program does not check; the text says which."""


@dataclass
class Report:
    """What was seen, duty by duty."""

    stage: str = "open"
    against: dict[str, list[str]] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    omitted: dict[str, str] = field(default_factory=dict)

    def passed(self, duty: str, seen: str) -> None:
        """The duty was done; it counts as passed unless something is found against it."""
        self.seen[duty] = seen

    def failed(self, duty: str, because: str) -> None:
        self.against.setdefault(duty, []).append(because)

    def left_out(self, duty: str, seen: str) -> None:
        """The duty was done in part only."""
        self.omitted[duty] = seen

    @contextmanager
    def duty(self, duty: str, what: str = "") -> Iterator[None]:
        """Whatever goes wrong while this duty is done counts against it; nothing ends the run."""
        try:
            yield
        except Unsupported:
            raise
        except Fault as fault:
            self.failed(duty, str(fault))
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

    def verdict_of(self, duty: str) -> str:
        if duty in self.against:
            return "failed"
        if duty in self.omitted:
            return "not checked"
        return "passed" if duty in self.seen else "not part of it"

    def because(self, duty: str) -> str:
        reasons = self.against.get(duty)
        if not reasons:
            return self.omitted.get(duty) or self.seen.get(duty, "")
        more = f"; and {len(reasons) - REASONS_SHOWN} more" if len(reasons) > REASONS_SHOWN else ""
        return "; ".join(shown(reason, 300) for reason in reasons[:REASONS_SHOWN]) + more

    @property
    def verdict(self) -> str:
        if self.against:
            return "failed"
        return "incomplete" if self.omitted else "passed"

    @property
    def exit_code(self) -> int:
        return {"passed": 0, "failed": 1, "incomplete": 3}[self.verdict]

    def to_json(self) -> dict[str, object]:
        checks = [
            {"duty": duty, "claim": claim, "verdict": self.verdict_of(duty), "because": self.because(duty)}
            for duty, claim in CLAIMS.items()
        ]
        return {"verdict": self.verdict, "stage": self.stage, "checks": checks}
