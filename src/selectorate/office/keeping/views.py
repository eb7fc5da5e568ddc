"""What a role sees: the table of roles applied, each look at a person or a list noted before it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selectorate.errors import refuse
from selectorate.office import files
from selectorate.office.engines import at_work
from selectorate.office.keeping import journal, pending
from selectorate.office.keeping.persons import subject_report

if TYPE_CHECKING:
    from selectorate.office.workspace import Workspace
    from selectorate.roll.keeping import Part
    from selectorate.roll.keeping.roles import Known, Role


def view(
    workspace: Workspace,
    role_name: str,
    by: str,
    *,
    branch: str | None = None,
    member: str = "",
    why: str = "",
) -> tuple[str, tuple[Part, ...]]:
    """(title, what the role sees). branch: whose list; member: whose file, or whom to reveal, by number or
    pseudonym; why: the reason, which a look at a person needs.

    Raises Refusal `roll.role`, `roll.reveal`, `roll.view_branch`, `roll.why`, `roll.member`.
    """
    from selectorate.roll.keeping import roles
    from selectorate.roll.signals import KINDS

    pending.demand_since(workspace, "Looking at the roll", "roll.imported")
    pending.settle(workspace)
    seen_by = roles.role(role_name)
    if seen_by.scope == "own":
        if not member:
            raise refuse("roll.view_own")
        return subject_report(workspace, member, by, why or f"the file of member {member}, for the member")
    known = _known(workspace)
    if member:
        return f"{seen_by.title}: one member", _revealed(workspace, seen_by, known, member, by, why)
    if seen_by.scope == "branch" and branch is None:
        raise refuse("roll.view_branch", role=seen_by.title)
    if seen_by.scope == "numbers" or (seen_by.scope == "all" and branch is None):
        frozen = workspace.record.find("roll.frozen")
        return f"{seen_by.title}: numbers", roles.numbers(
            known, frozen.data["clauses"] if frozen else (), KINDS
        )
    if seen_by.scope == "findings":
        pending.demand_kept(workspace, "findings.json", "token.key")
        key = files.read(workspace.vault.path("token.key"))
        return f"{seen_by.title}: findings under pseudonyms", roles.under_pseudonyms(key, known)
    pending.demand_kept(workspace, "roll.duckdb")
    journal.look(
        workspace, seen_by.name, by, f"list of {branch}", "", why or f"the list of {branch}, as a whole"
    )
    with at_work(workspace.vault.path("roll.duckdb")) as engine:
        return f"{seen_by.title}: {branch}", roles.branch_list(engine, seen_by, known, branch)


def _revealed(
    workspace: Workspace, seen_by: Role, known: Known, member: str, by: str, why: str
) -> tuple[Part, ...]:
    from selectorate.roll.keeping import roles

    if not seen_by.reveal:
        raise refuse("roll.reveal", role=seen_by.title)
    pending.demand_kept(workspace, "roll.duckdb")
    if member.startswith("P-"):
        pending.demand_kept(workspace, "findings.json", "token.key")
        key = files.read(workspace.vault.path("token.key"))
        concerned = sorted({one for finding in known.found for one in finding["members"]})
        member = roles.who(key, concerned, member)
    with at_work(workspace.vault.path("roll.duckdb")) as engine:
        parts = roles.revealed(engine, seen_by, known, member)
    journal.look(workspace, seen_by.name, by, "one person revealed", member, why)
    return parts


def _known(workspace: Workspace) -> Known:
    from selectorate.roll.keeping.roles import Known

    vault = workspace.vault
    questions = vault.load("questions", {})
    return Known(
        outcomes=vault.load("outcomes", {}),
        open_questions=frozenset(member for member, one in questions.items() if not one["cleared"]),
        findings=tuple(vault.load("findings")) if vault.path("findings.json").exists() else None,
    )
