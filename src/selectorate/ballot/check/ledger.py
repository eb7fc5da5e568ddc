"""The numbered duties of docs/formats/ballot.md, and how each went in one examination."""

from __future__ import annotations

import re
from typing import Final

from selectorate.canon import Check, Verdict

# The table of duties. What stands in it is checked and reported; no option of the program changes it.
CLAIMS: Final[dict[str, str]] = {
    "A1": "The file is exactly what the format writes: every member named by the hash of its content.",
    "A2": "The events form a chain, and each comes with the data members that it requires.",
    "A3": "The events follow each other in the one permitted order.",
    "A4": "The archive goes on from the earlier copy without any change.",
    "E1": "The election's parameters can be read: version 1, a known group.",
    "E2": "The election's identifier is the name of the file.",
    "E3": "Each question makes sense and can be answered in this group.",
    "E4": "Each trustee's public key is sound and its holder has proved to possess the private one.",
    "E5": "The election's public key is the product of the trustees' keys.",
    "E6": "The public credentials are sound, distinct and sorted; weights stand on all or on none.",
    "E7": "Each threshold group has as many members and coefficients as its threshold demands.",
    "E8": "Each threshold group's certificates and coefficients are signed and of one ceremony.",
    "E9": "Each verification key of a threshold group is the one that the coefficients give.",
    "B1": "Each ballot has the one canonical form and exactly the fields that the questions require.",
    "B2": "Each ballot was made for this election.",
    "B3": "Each ballot's credential is on the list.",
    "B4": "Each ballot is signed with its credential.",
    "B5": "Each ballot's elements and numbers are in range and in the group.",
    "B6": "Each ballot's proofs are valid.",
    "B7": "No ballot occurs twice, whole or in parts.",
    "T1": "The encrypted tally is the one computed from the last ballot of each credential.",
    "T2": "The number of ballots counted and their total weight are right.",
    "S1": "The shuffles were made by different trustees, at least two.",
    "S2": "Each shuffle has as many ciphertexts as its input, all in the group and none copied.",
    "S3": "Each shuffle proves that it permuted the output of the one before.",
    "D1": "Each partial decryption belongs to one trustee, and no trustee has two.",
    "D2": "Each partial decryption covers the whole tally.",
    "D3": "Each partial decryption is proved with its trustee's key.",
    "D4": "With the result, the decryptions of all single trustees and of enough of each group are there.",
    "R1": "The result is what the decryptions give.",
}
ORDER: Final = tuple(CLAIMS)
"""The order of the page; a test that took a duty out and put it back does not change it."""
SHOWN_MAX: Final = 5
_FIELD = re.compile(rb'"([^"\\\\]{0,40})":')
_BLANK = re.compile(rb"\s")


def form_note(content: bytes, fields: frozenset[bytes]) -> str:
    """What is unusual in the form of an object that need not be canonical, as a half sentence; mostly "".

    A later minor version may add a field to it; the reader of a report is told, and nothing fails.
    """
    unknown = sorted(set(_FIELD.findall(content)) - fields)
    if unknown:
        names = ", ".join(name.decode("utf-8", "replace") for name in unknown[:SHOWN_MAX])
        return f"; it has fields that this version does not know: {names}"
    return "; not in canonical form" if _BLANK.search(content) else ""


class Ledger:
    """Collects what was seen of each duty. A duty of which nothing was noted counts as not checked.

    A duty that does not stand in the table is not reported, and what waits for it is no part of the report either.
    """

    def __init__(self) -> None:
        self._failed: dict[str, list[str]] = {}
        self._noted: dict[str, tuple[Verdict, str]] = {}

    def fail(self, duty: str, reason: str) -> None:
        """One more way in which this duty does not hold; outweighs everything else noted of it."""
        self._failed.setdefault(duty, []).append(reason)

    def passed(self, duty: str, because: str) -> None:
        """What was seen, if nothing fails this duty."""
        self._noted[duty] = ("passed", because)

    def absent(self, because: str, *duties: str) -> None:
        """These duties do not apply to this archive at this stage."""
        for duty in duties:
            self._noted[duty] = ("not part of it", because)

    def skipped(self, because: str, *duties: str) -> None:
        """These duties apply and could not be, or were not, checked (in full)."""
        for duty in duties:
            self._noted[duty] = ("not checked", because)

    def waits(self, waited: str, because: str, *duties: str) -> None:
        """These duties could not be judged (in full) without what `waited` failed to give."""
        for duty in duties:
            if duty == waited:
                continue
            if waited in CLAIMS:
                self._noted[duty] = ("not checked", f"waits for {waited}: {because}")
            elif duty not in self._noted:
                self._noted[duty] = ("not part of it", because)

    def noted(self, duty: str) -> bool:
        """Whether anything has been noted of this duty."""
        return duty in self._noted or duty in self._failed

    def holds(self, *duties: str) -> bool:
        """Whether nothing has failed these duties so far (all duties, when none is named)."""
        return not any(duty in self._failed for duty in duties or CLAIMS)

    def checks(self) -> tuple[Check, ...]:
        """One check per duty, in the order of the page."""
        return tuple(self._check(duty, CLAIMS[duty]) for duty in ORDER if duty in CLAIMS)

    def _check(self, duty: str, claim: str) -> Check:
        reasons = self._failed.get(duty)
        if reasons:
            because = "; ".join(reasons[:SHOWN_MAX])
            if len(reasons) > SHOWN_MAX:
                because += f"; and {len(reasons) - SHOWN_MAX} more"
            return Check(duty, claim, "failed", because)
        verdict, because = self._noted.get(duty, ("not checked", "nothing was seen of it"))
        return Check(duty, claim, verdict, because)
