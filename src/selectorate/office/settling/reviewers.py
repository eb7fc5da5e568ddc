"""Reviewers: who may decide about findings. Each declares beforehand whether they hold an interest in the contest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from selectorate.errors import refuse
from selectorate.office import files
from selectorate.office.engines import at_work
from selectorate.office.keeping import pending

if TYPE_CHECKING:
    from selectorate.office.workspace import Workspace

NONE = "none"
_THROUGH = "SELECT count(*) FROM events WHERE actor = $token AND list_contains($members, member_id)"


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A declaration. interest: "none", or which; contest: the one it is about; member: the reviewer's own number on
    the roll, "" for somebody who is not on it."""

    name: str
    interest: str
    contest: str
    on: date
    member: str = ""


def declare(workspace: Workspace, made: Reviewer) -> None:
    """Keep the declaration; a later one of the same name and contest takes its place, and both stay in the file.

    Raises Refusal `roll.reviewer_words` without a word on the interest, `roll.day`, `rules.*` for a contest that the
    rulebook does not have.
    """
    pending.demand_since(workspace, "Declaring a reviewer", "roll.imported")
    workspace.rulebook.contest(made.contest)
    interest = " ".join(made.interest.split())
    if not interest:
        raise refuse("roll.reviewer_words", name=made.name)
    pending.demand_day(made.on, None, workspace.now.date(), "The day of the declaration")
    fresh = {
        "name": made.name,
        "interest": NONE if interest.casefold() in (NONE, "no", "no interest") else interest,
        "contest": made.contest,
        "on": made.on.isoformat(),
        "member": made.member,
    }
    workspace.vault.save("reviewers", [*workspace.vault.load("reviewers", []), fresh])


def demand_free(workspace: Workspace, name: str, finding: Mapping[str, Any]) -> None:
    """Raises Refusal `roll.reviewer` unless the reviewer declared to hold no interest in any contest of the rulebook,
    is none of the members concerned, and recruited or collected from none of them."""
    said: Sequence[Mapping[str, Any]] = [
        one for one in workspace.vault.load("reviewers", []) if one["name"].casefold() == name.casefold()
    ]
    last = {one["contest"]: one for one in said}
    for contest in workspace.rulebook.contests:
        if contest.id not in last:
            raise refuse("roll.reviewer", name=name, because=f"no declaration about {contest.id} is noted")
        interest = last[contest.id]["interest"]
        if interest != NONE:
            raise refuse("roll.reviewer", name=name, because=f"the declared interest is: {interest}")
    concerned = [str(member) for member in finding["members"]]
    if {one["member"] for one in last.values()} & set(concerned):
        raise refuse("roll.reviewer", name=name, because="the finding concerns the reviewer")
    if _brought(workspace, name, concerned):
        because = "on the roll this name recruited or collected from members concerned"
        raise refuse("roll.reviewer", name=name, because=because)


def _brought(workspace: Workspace, name: str, members: Sequence[str]) -> bool:
    from selectorate.roll.tokens import tokens

    tables, key = workspace.vault.path("roll.duckdb"), workspace.vault.path("token.key")
    if not members or not tables.exists() or not key.exists():
        return False
    token = tokens(files.read(key), "actor", [name])[0]
    with at_work(tables) as engine:
        found = engine.cursor().execute(_THROUGH, {"token": token, "members": list(members)}).fetchall()
    return bool(found[0][0])
