"""The look for what is unlike the past over a workspace's own roll.

The roll is written as whole numbers into a database of its own in the vault (`look.duckdb`), and the signals are
given that one alone: they cannot reach a name, a telephone or an account. It stays beside the findings, so that each
can be recomputed from exactly what it was found in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from selectorate.office import files
from selectorate.office.engines import at_work
from selectorate.office.evidence import declared as register
from selectorate.office.evidence.tables import DuckTables

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from selectorate.office.workspace import Workspace
    from selectorate.roll.objects import Finding
    from selectorate.roll.signals.looking import Look
    from selectorate.roll.signals.objects import Declared

TABLES = "look.duckdb"
EPOCH = date(1970, 1, 1)
NO_BRANCH = "the members without a branch"


@dataclass(frozen=True, slots=True)
class Looked:
    """findings: with the members' own numbers and the branches' names, the most urgent first; look: the same as the
    signals gave it; inputs: what makes the look again (settings, freeze, declared lines, weights)."""

    findings: tuple[Finding, ...]
    look: Look
    inputs: Mapping[str, Any]


def of_workspace(
    workspace: Workspace, schemes: Sequence[str] = (), weights: Mapping[str, int] | None = None
) -> Looked:
    """Lay the roll out as whole numbers and look at it as at the rulebook's freeze.

    schemes: payment references of further arrangements; weights: thousandths of the full weight of each kind.
    """
    from selectorate.roll.signals import numbers

    key = files.read(workspace.vault.path("token.key"))
    freeze = workspace.rulebook.day("freeze")
    place = workspace.vault.path(TABLES)
    for path in (place, place.with_suffix(".duckdb.wal")):
        path.unlink(missing_ok=True)
    with at_work(workspace.vault.path("roll.duckdb")) as engine:
        engine.execute(f"ATTACH '{str(place).replace(chr(39), chr(39) * 2)}' AS look").fetchall()
        try:
            tables = numbers.lay_out(engine, freeze, key, "look")
        finally:
            engine.execute("DETACH look").fetchall()
        branches = numbers.branch_names(engine)
        known = register.declared(workspace.vault, key, branches, schemes)
        inputs = _inputs(workspace, freeze, tables, known, branches, weights or {})
        look = again(workspace, inputs)
        return Looked(named(engine, look), look, inputs)


def again(workspace: Workspace, inputs: Mapping[str, Any]) -> Look:
    """The same look at the whole numbers that lie in the vault: nothing but these and `inputs` goes into it."""
    from selectorate.roll.signals import looking
    from selectorate.roll.signals.settings import settings

    names = {int(place): name for place, name in inputs["branches"].items()}
    freeze = (date.fromisoformat(inputs["freeze"]) - EPOCH).days
    with at_work(workspace.vault.path(TABLES)) as engine:
        tables = DuckTables(engine)
        asked = looking.asked_of(
            tables, freeze, settings(), _declared(inputs), frozenset(inputs["tables"]), inputs["weights"]
        )
        return looking.look(tables, replace(asked, branch_name=_naming(names)))


def recomputed(workspace: Workspace, inputs: Mapping[str, Any]) -> tuple[Finding, ...]:
    """The findings of `again`, with members by the number that the organisation gave them."""
    from selectorate.roll.signals import numbers

    look = again(workspace, inputs)
    with at_work(workspace.vault.path("roll.duckdb")) as engine:
        numbers.number(engine)
        return named(engine, look)


def _inputs(
    workspace: Workspace,
    freeze: date,
    tables: frozenset[str],
    known: Declared,
    branches: Mapping[int, str],
    weights: Mapping[str, int],
) -> dict[str, Any]:
    """What goes into a look beside the tables, as plain values for the vault. The settings are named by digest."""
    from selectorate.roll.signals.settings import settings

    drives = [[d.branch, d.first, d.last, d.device, d.recruiter, d.collector] for d in known.drives]
    return {
        "settings": settings().digest,
        "freeze": freeze.isoformat(),
        "tables": sorted(tables),
        "schemes": list(known.schemes),
        "drives": drives,
        "branches": {str(place): name for place, name in sorted(branches.items())},
        "weights": dict(weights),
    }


def _declared(inputs: Mapping[str, Any]) -> Declared:
    from selectorate.roll.signals.objects import Declared, Drive

    return Declared(tuple(Drive(*line) for line in inputs["drives"]), tuple(inputs["schemes"]))


def _naming(names: Mapping[int, str]) -> Callable[[int], str]:
    return lambda branch: names.get(branch, NO_BRANCH)


def named(engine: DuckDBPyConnection, look: Look) -> tuple[Finding, ...]:
    """The findings with members by the number that the organisation gave them."""
    from selectorate.roll.signals import numbers

    places = sorted({int(member) for one in look.findings for member in _members(one)})
    names = numbers.member_numbers(engine, places)
    return tuple(
        replace(
            one,
            members=tuple(sorted(names[int(member)] for member in one.members)),
            events=tuple((day, names[int(member)], what) for day, member, what in one.events),
            links=tuple((names[int(member)], kind, number) for member, kind, number in one.links),
        )
        for one in look.findings
    )


def _members(one: Finding) -> set[str]:
    return {*one.members, *(member for _, member, _ in one.events), *(member for member, _, _ in one.links)}
