"""Where a workspace stands: what is done, what comes next, what cannot be undone."""

from __future__ import annotations

from dataclasses import dataclass

from selectorate.log import order
from selectorate.office.workspace import Workspace

# Per phase: the next commands (DIR stands for the workspace), and what doing so makes final.
NEXT: dict[str, tuple[tuple[str, ...], str]] = {
    "adopted": (("selectorate roll import DIR FILE...",), ""),
    "imported": (
        (
            "selectorate roll findings DIR",
            "selectorate roll asked DIR --on DATE --by NAME",
            "selectorate roll freeze DIR --by NAME --and NAME",
        ),
        "Freezing decides everybody; afterwards the roll changes only by decisions on the record.",
    ),
    "frozen": (
        (
            "selectorate roll reasons DIR OUT",
            "selectorate roll appeal DIR --member NUMBER --on DATE",
            "selectorate roll amend DIR DECISION.toml --by NAME",
            "selectorate roll final DIR --by NAME",
        ),
        "The final roll cannot be amended; whoever is put back later counts as left out in the certificate.",
    ),
    "final": (
        (
            "selectorate credentials make PUBLIC ELECTORATE OUT   (the credential authority)",
            "selectorate trustee new KEYFILE   (each trustee)",
            "selectorate ballot open DIR --credentials FILE --trustee FILE... --candidates FILE",
        ),
        "Opening fixes questions, candidates, trustees and credentials; none of them can be changed in an open poll.",
    ),
    "polling": (
        ("selectorate ballot accept DIR FILE...", "selectorate ballot close DIR --by NAME --and NAME"),
        "After closing no ballot is accepted, and none that was accepted can be taken out.",
    ),
    "tallied": (
        ("selectorate mix PUBLIC OUT --owner N   (each mixer)", "selectorate ballot take-shuffle DIR FILE"),
        "",
    ),
    "mixed": (
        (
            "selectorate trustee decrypt --key KEYFILE PUBLIC OUT   (each trustee)",
            "selectorate ballot take-decryption DIR FILE",
        ),
        "Once all trustees have decrypted, the papers are public.",
    ),
    "decrypting": (
        ("selectorate ballot take-decryption DIR FILE", "selectorate ballot result DIR --by NAME"),
        "Once all trustees have decrypted, the papers are public.",
    ),
    "result": (("selectorate count DIR --by NAME",), "The declared count cannot be replaced."),
    "declared": (("selectorate certify DIR --by NAME",), ""),
    "certified": (("selectorate publish DIR", "selectorate verify DIR/public"), ""),
}
NEXT["mixing"] = NEXT["tallied"]


@dataclass(frozen=True, slots=True)
class Status:
    """phase: its name in the table of order; stands: in words; done: sentences; following: commands."""

    phase: str
    stands: str
    done: tuple[str, ...]
    following: tuple[str, ...]
    final: str

    def to_json(self) -> dict[str, object]:
        return {
            "phase": self.phase,
            "stands": self.stands,
            "done": list(self.done),
            "next": list(self.following),
            "cannot_be_undone": self.final,
        }


def status(workspace: Workspace) -> Status:
    """The acts so far, ballots counted and not listed, and what may follow."""
    record = workspace.record
    done: list[str] = []
    ballots = 0
    for entry in record.entries:
        if entry.act == "bel.event" and entry.data["type"] == "Ballot":
            ballots += 1
        else:
            sentence = order.says(entry)
            if not done or done[-1] != sentence:
                done.append(sentence)
    if ballots:
        done.append(f"Ballots accepted so far: {ballots:,}.")
    commands, final = NEXT.get(record.phase, ((), ""))
    place = str(workspace.place)
    shown = tuple(command.replace("DIR", place).replace("PUBLIC", f"{place}/public") for command in commands)
    return Status(record.phase, order.PHASES[record.phase], tuple(done), shown, final)
