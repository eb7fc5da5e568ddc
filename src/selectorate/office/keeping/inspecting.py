"""The inspection of the register by a scrutineer, at anybody's request, as an act on the record.

After section 49(3)(aa) and (3A) of the Trade Union and Labour Relations (Consolidation) Act 1992: the scrutineer
inspects the register whenever that seems right, and does so when a member or a candidate who suspects that it is
not accurate asks for it within the period, unless the scrutineer considers the suspicion ill-founded.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from selectorate.errors import refuse
from selectorate.log.objects import Entry, Holder
from selectorate.office.keeping import pending

if TYPE_CHECKING:
    from selectorate.office.workspace import Workspace

ASKING = ("member", "candidate", "scrutineer")
FOUND = ("accurate", "matters to attend to", "not looked at")


@dataclass(frozen=True, slots=True)
class Inspection:
    """One request and its answer. name and ground are private; because is published and names nobody."""

    asked_by: str
    name: str
    asked: date
    ground: str
    scrutineer: str
    answered: date
    inspected: bool
    found: str
    because: str

    @classmethod
    def read(cls, content: bytes, name: str) -> Inspection:
        """Raises Refusal `roll.inspection` for what is missing, and for a refusal without a reason."""
        try:
            value = tomllib.loads(content.decode("utf-8"))
            request, answer = value["request"], value["answer"]
            made = cls(
                asked_by=str(request["by"]),
                name=str(request["name"]).strip(),
                asked=request["on"],
                ground=str(request["ground"]).strip(),
                scrutineer=str(answer["scrutineer"]).strip(),
                answered=answer["on"],
                inspected=answer["inspected"],
                found=str(answer.get("found", FOUND[2])),
                because=str(answer["because"]).strip(),
            )
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as reason:
            raise refuse("roll.inspection", file=name, because=f"{reason} is missing or unreadable") from None
        fault = made.fault()
        if fault:
            raise refuse("roll.inspection", file=name, because=fault)
        return made

    def fault(self) -> str:
        """What does not hold together, "" where all does."""
        if self.asked_by not in ASKING:
            return f"by is {self.asked_by}"
        if type(self.asked) is not date or type(self.answered) is not date or self.answered < self.asked:
            return "`on` needs a date in both parts, and the answer comes after the request"
        if not isinstance(self.inspected, bool) or self.found not in FOUND:
            return f"inspected is true or false, and found is one of: {', '.join(FOUND)}"
        if self.inspected is (self.found == FOUND[2]):
            return "what was found does not fit whether the register was inspected"
        if not all((self.name, self.ground, self.scrutineer, self.because)):
            return "name, ground, scrutineer and because are all needed, in words"
        if self.name.casefold() in self.because.casefold():
            return "because is published and names the person who asked"
        return ""


def inspection(workspace: Workspace, content: bytes, name: str, by: tuple[Holder, ...]) -> Inspection:
    """Put one request and its answer on the record; the file itself is kept in the vault.

    Raises Refusal `roll.inspection`, also for a file that is on the record already.
    """
    pending.settle(workspace)
    made = Inspection.read(content, name)
    kept = workspace.vault.load("inspections", [])
    if any(one["file"] == content.decode() for one in kept):
        raise refuse("roll.inspection", file=name, because="it is on the record already")
    salt, commitment = pending.sealed(content)
    entry = {
        "asked_by": made.asked_by,
        "outcome": "inspected" if made.inspected else "declined",
        "found": made.found,
        "because": made.because,
        "request": commitment,
    }
    fresh = {"file": content.decode(), "salt": salt}
    pending.commit(workspace, Entry("register.inspected", by, entry), {"inspections": [*kept, fresh]})
    return made
