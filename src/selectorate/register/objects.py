"""The values of this room: a case with its evidence, and a case that is decided."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any, Literal

from selectorate import canon
from selectorate.errors import refuse
from selectorate.rules import Appeal, Decision, Departure, Reply, Value

Stage = Literal["opened", "waiting for an answer", "collecting evidence", "ready", "decided", "appealed"]
SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Evidence:
    """One item of evidence. independent_of: ids of the items whose origin it does not share; commitment:
    salted SHA-256 of the private file, hex; shown: when the person got to see it (the day of the notice if
    None)."""

    id: str
    kind: str
    independent_of: tuple[str, ...]
    commitment: str
    shown: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One case, as its file says. Private as a whole.

    subject: whom it is about, never looked at by a rule; brought_by: who brought it ("" for own initiative);
    outcome: what the deciders wrote, "" where they leave it to the rulebook.
    """

    id: str
    decision: str
    subject: str
    opened: dt.date
    source: Literal["complaint", "request", "own initiative"]
    brought_by: str
    facts: tuple[tuple[str, Value], ...]
    evidence: tuple[Evidence, ...]
    notice_sent: dt.date | None
    reply_by: dt.date | None
    reply: Reply | None
    decided: dt.date | None
    deciders: tuple[str, ...]
    recusals: tuple[str, ...]
    outcome: str
    appeal: Appeal | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A case with a complete procedure and its outcome. Made by `procedure.decide` alone.

    first: the decision of the first body; decision: the one that stands (the same, or the appeal body's on
    the facts that it found); outcome: what counts; departure: where that is not what the rulebook gives.
    """

    case: Case
    about: str
    cite: str
    first: Decision
    decision: Decision
    outcome: str
    departure: Departure | None

    @property
    def fingerprint(self) -> canon.Digest:
        return self.decision.fingerprint

    def public(self, salt: bytes) -> dict[str, Any]:
        """The data of the entry `case.decided` (docs/formats/entries.md).

        salt: 32 fresh random bytes, kept with the case; `subject` is SHA-256 of the salt followed by the
        canonical JSON {"case", "subject"}. Raises Refusal `register.reason-names`.
        """
        if len(salt) != SALT_BYTES:
            raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
        sealed = salt + canon.encode({"case": self.case.id, "subject": self.case.subject})
        departure = None
        if self.departure is not None:
            self._names_nobody(self.departure.reason)
            departure = {"computed": self.departure.computed, "reason": self.departure.reason}
        return {
            "about": self.about,
            "appeal_days": self.decision.appeal_days,
            "cite": self.cite,
            "decision": self.case.decision,
            "departure": departure,
            "fingerprint": self.fingerprint,
            "outcome": self.outcome,
            "subject": hashlib.sha256(sealed).hexdigest(),
        }

    def _names_nobody(self, text: str) -> None:
        """The names that the case knows may not stand in what is published. A search of words cannot find
        every hint at a person; the officer reads the text before it is published."""
        people = (self.case.subject, self.case.brought_by, *self.case.deciders, *self.case.recusals)
        for name in people:
            if name and name.casefold() in text.casefold():
                raise refuse("register.reason-names", case=self.case.id, found=name)
