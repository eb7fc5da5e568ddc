"""What a workspace knows about its findings beside them: questions, answers, decisions, how close the contest is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from selectorate.cli.officer.evidence.told import State, told

if TYPE_CHECKING:
    from selectorate.office.workspace import Workspace
    from selectorate.pages.findings.objects import Look, Step


def state_of(workspace: Workspace) -> State:
    """Everything that pages tell beside the findings."""
    from selectorate.office.settling.reviews import last
    from selectorate.roll.signals import HEARD, KINDS

    vault = workspace.vault
    outcomes = Counter(vault.load("outcomes", {}).values())
    return State(
        directory=str(workspace.place),
        questions=vault.load("questions", {}),
        replies=vault.load("replies", {}),
        decided={at: f"{one['decision']} ({one['code']}), {one['on']}" for at, one in last(vault).items()},
        electors=outcomes["eligible"] + outcomes["ask"],
        close=_close(workspace),
        titles=KINDS,
        heard=HEARD,
    )


def look_of(workspace: Workspace, shown: Sequence[Mapping[str, Any]] | None = None) -> Look:
    """What the last look found, as pages tell it; with `shown` these findings instead, which are not kept.

    Raises Refusal `vault.missing` before the first look, `vault.gone` once the evidence has been destroyed on
    schedule.
    """
    from selectorate.office.keeping.pending import demand_kept
    from selectorate.office.settling.parity import table
    from selectorate.pages.findings.objects import Look

    vault, book = workspace.vault, workspace.rulebook
    if shown is None:
        demand_kept(workspace, "findings.json")
    found: Sequence[Mapping[str, Any]] = vault.load("findings") if shown is None else shown
    looked: dict[str, Any] = vault.load("looked", {})
    state = state_of(workspace)
    imported = workspace.record.find("roll.imported")
    asking = [one for one in found if one["severity"] >= 2 and one["kind"] not in state.heard]
    concerned = {member for one in asking for member in one["members"]}
    parity = table(workspace)
    return Look(
        organisation=book.organisation,
        contest=", ".join(one.id for one in book.contests) or "no contest",
        made=f"Made {workspace.now:%Y-%m-%d, %H:%M} UTC.",
        freeze=book.day("freeze").isoformat(),
        size=int(imported.data["kept"]) if imported else 0,
        years=int(looked.get("years", -1)) if shown is None else -1,
        settings=str(looked.get("settings", "")),
        findings=tuple(told(one, state) for one in found),
        concerned=len(concerned),
        parity=parity if len(parity) > 1 else (),
        steps=_steps(state, len(concerned)),
        demonstration=workspace.demonstration,
    )


def _steps(state: State, concerned: int) -> tuple[Step, ...]:
    from selectorate.pages.findings.objects import Step

    if not concerned or all(one["asked"] for one in state.questions.values()):
        return ()
    where = state.directory
    letters = f"Read the letters in {where}/vault/letters/questions, send them, and note the day on which they went."
    return (Step(letters, f"selectorate roll asked {where} --on DATE --by NAME"),)


def _close(workspace: Workspace) -> str:
    """How many papers in doubt the result stands, once it is certified."""
    from selectorate.count.certificate import Certificate

    if workspace.record.find("certificate.issued") is None:
        return ""
    found = Certificate.from_json(workspace.record.document("certificate.json"))
    stands = f"The result is proved to stand while at most {found.certified_to:,} papers are in doubt"
    if found.changed_from is None:
        return f"{stands}."
    return f"{stands}; an example of another outcome is known from {found.changed_from:,} papers on."
