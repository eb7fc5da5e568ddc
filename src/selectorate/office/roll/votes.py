"""How many votes each member carries where the rulebook says so: decided with everybody else at the freeze, and
again for whom a decision states other facts. Where it has no `[[weight]]` the number of the list stands."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from selectorate.errors import refuse
from selectorate.office.rulebook import lay_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

    from selectorate.office.workspace import Workspace
    from selectorate.rules import Rulebook


def settle(engine: DuckDBPyConnection, book: Rulebook, table: str) -> None:
    """At the freeze: the votes of everybody into the roll, which the record then commits to; unknown is NULL.
    table: the facts of everybody, as `lay_out` made them. Doing it twice changes nothing."""
    if book.weights:
        engine.execute(
            f"UPDATE members SET weight = v.votes FROM (SELECT member_id, {book.weight_sql()} AS votes FROM {table}) v"  # noqa: S608 - expressions of the rulebook
            " WHERE v.member_id = members.member_id"
        )


def amended(workspace: Workspace, engine: DuckDBPyConnection) -> dict[str, int | None]:
    """Member -> votes on the facts of the decisions since the freeze, the later ones over the earlier."""
    book = workspace.rulebook
    wanted = tuple(dict.fromkeys(name for one in book.weights for name in one.facts))
    stated: dict[str, dict[str, Any]] = {}
    for one in workspace.vault.load("amendments", []):
        facts = tomllib.loads(one["file"]).get("facts", {})
        told = {name: value for name, value in facts.items() if name in wanted}
        if told:
            stated.setdefault(one["member"], {}).update(told)
    if not stated:
        return {}
    lay_out(engine, book, "facts_weighed")
    listed = ", ".join(f'"{name}"' for name in wanted)
    rows = engine.execute(
        f"SELECT member_id, {listed} FROM facts_weighed WHERE list_contains($members, member_id)",  # noqa: S608 - names of the rulebook
        {"members": sorted(stated)},
    ).fetchall()
    known = {member: dict(zip(wanted, values, strict=True)) for member, *values in rows}
    return {member: book.weight({**known.get(member, {}), **facts}) for member, facts in stated.items()}


def demand_known(
    engine: DuckDBPyConnection, outcomes: Mapping[str, str], since: Mapping[str, int | None]
) -> dict[str, int]:
    """The votes of those whom `since` names, where they are known.

    Raises Refusal `roll.votes` while it is not known of an elector how many votes they carry.
    """
    unknown = {
        row[0] for row in engine.execute("SELECT member_id FROM members WHERE weight IS NULL").fetchall()
    }
    unknown = (unknown - since.keys()) | {member for member, votes in since.items() if votes is None}
    open_ = sorted(member for member in unknown if outcomes.get(member) != "not eligible")
    if open_:
        raise refuse("roll.votes", number=len(open_), example=open_[0])
    return {member: votes for member, votes in since.items() if votes is not None}
