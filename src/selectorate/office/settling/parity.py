"""How everybody was treated, from the vault, for the table of parity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from selectorate.office.engines import at_work
from selectorate.office.settling.reviews import last

if TYPE_CHECKING:
    from selectorate.office.workspace import Workspace
    from selectorate.roll.settling.parity import Treated

_BRANCHES = "SELECT member_id, coalesce(branch, '') FROM members ORDER BY member_id"
_WORST = ("", "cleared", "withdrawn", "unresolved")


def table(workspace: Workspace) -> tuple[tuple[str, ...], ...]:
    """The table of roll.settling.parity over everybody on the roll; a header alone before anybody was asked."""
    from selectorate.roll.settling import parity

    return parity.table(treated(workspace))


def treated(workspace: Workspace) -> Sequence[Treated]:
    """One line a member, in order of number."""
    from selectorate.roll.settling.parity import Treated

    vault = workspace.vault
    tables = vault.path("roll.duckdb")
    if not tables.exists():
        return ()
    with at_work(tables) as engine:
        rows = engine.cursor().execute(_BRANCHES).fetchall()
    questions, replies = vault.load("questions", {}), vault.load("replies", {})
    outcomes = vault.load("outcomes", {})
    said: dict[str, str] = {}
    for (_, member), one in last(vault).items():
        said[member] = max(said.get(member, ""), one["decision"], key=_WORST.index)
    made = []
    for member, branch in rows:
        question = questions.get(member, {})
        asked, cleared = question.get("asked"), question.get("cleared")
        days = (date.fromisoformat(cleared) - date.fromisoformat(asked)).days if asked and cleared else None
        decision = "cleared" if cleared else said.get(member, "")
        excluded = outcomes.get(member) == "not eligible"
        made.append(Treated(branch, bool(asked), member in replies, decision, days, excluded))
    return made
