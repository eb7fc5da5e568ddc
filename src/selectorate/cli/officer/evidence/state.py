"""What a workspace knows about its findings beside them: questions, answers, decisions, how close the contest is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from selectorate.cli.officer.evidence.told import State

if TYPE_CHECKING:
    from selectorate.office.workspace import Workspace


def state_of(workspace: Workspace) -> State:
    """Everything that pages tell beside the findings."""
    from selectorate.roll.signals import KINDS

    vault = workspace.vault
    outcomes = Counter(vault.load("outcomes", {}).values())
    return State(
        directory=str(workspace.place),
        questions=vault.load("questions", {}),
        replies=vault.load("replies", {}),
        electors=outcomes["eligible"] + outcomes["ask"],
        close=_close(workspace),
        titles=KINDS,
    )


def _close(workspace: Workspace) -> str:
    """How many papers in doubt the result stands, once it is certified."""
    from selectorate.count.certificate import Certificate

    if workspace.record.find("certificate.issued") is None:
        return ""
    found = Certificate.from_json(workspace.record.document("certificate.json"))
    if found.changed_from is not None:
        return (
            f"The result is proved to stand while at most {found.certified_to:,} papers are in doubt; an example of "
            f"another outcome is known from {found.changed_from:,} papers on."
        )
    return f"The result is proved to stand while at most {found.certified_to:,} papers are in doubt."
