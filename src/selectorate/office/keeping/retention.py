"""The retention clock: what is due, and its destruction with a certificate on the record.

A file is written over once, then removed. On a disk that moves its blocks (every SSD does) an old copy can
survive that; only a vault on an encrypted disk is out of reach afterwards, and the key for tokens goes with the
evidence, so that a token that survived somewhere can be matched with nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selectorate import canon
from selectorate.errors import refuse
from selectorate.log.objects import Entry, Holder
from selectorate.office import files
from selectorate.office.engines import at_work
from selectorate.office.keeping import pending
from selectorate.office.store import Addition

if TYPE_CHECKING:
    from selectorate.office.workspace import Workspace
    from selectorate.roll.keeping.retention import Kept

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Clock:
    """One kind with its day and the files of it that are there. waits: why it cannot go although it is due."""

    kept: Kept
    due: date | None
    names: tuple[str, ...]
    waits: str

    @property
    def now(self) -> bool:
        return bool(self.names) and not self.waits


def clock(workspace: Workspace) -> tuple[Clock, ...]:
    """Every kind: when it is due, what of it is there, whether it can go today."""
    from selectorate.roll.keeping.retention import schedule

    timetable, today = dict(workspace.rulebook.timetable), workspace.now.date()
    there = names(workspace)
    stripped = {one["kind"] for one in workspace.vault.load("destroyed", []) if one["stripped"]}
    made = []
    for kept in schedule():
        due = kept.due(timetable)
        own = tuple(name for name in there if kept.holds(name))
        if kept.strips and kept.kind not in stripped and "roll.duckdb" in there:
            own = (*own, *(f"roll.duckdb: {table}" for table in kept.strips))
        if due is None:
            waits = "it is kept with the record"
        elif today < due:
            waits = f"it is due on {due}"
        elif kept.needs and workspace.record.find(kept.needs) is None:
            waits = "the certificate is not issued yet"
        else:
            waits = ""
        made.append(Clock(kept, due, own, waits))
    return tuple(made)


def names(workspace: Workspace) -> tuple[str, ...]:
    """Every file of the vault, by its name below it."""
    place = workspace.vault.place
    return tuple(sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()))


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What one destruction did, as its certificate says it."""

    kind: str
    rule: str
    due: str
    files: int
    entry: int


def destroy(workspace: Workspace, by: tuple[Holder, ...]) -> tuple[Destroyed, ...]:
    """Destroy what is due, a kind at a time, each with its certificate on the record. Nothing else is touched.

    An interrupt leaves the rest of that kind for the next run, and the certificate covers both. Raises Refusal
    `roll.nothing_due`.
    """
    pending.settle(workspace)
    due = [one for one in clock(workspace) if one.now]
    begun = workspace.vault.load("destroying", {})
    if begun and any(e.data.get("listed") == _listed(begun) for e in workspace.record.entries):
        _note(workspace, begun)  # the certificate is on the record; only the vault had not heard of it
        begun = {}
        due = [one for one in clock(workspace) if one.now]
        if not due:
            return ()
    if not due and not begun:
        raise refuse("roll.nothing_due")
    made = []
    if begun and begun["kind"] not in {one.kept.kind for one in due}:
        made.append(_finish(workspace, begun, by))
    for one in due:
        listed = begun["files"] if begun and begun["kind"] == one.kept.kind else []
        known = {name for name, _ in listed}
        fresh = [(name, _digest(workspace, name)) for name in one.names if name not in known]
        plan = {
            "kind": one.kept.kind,
            "rule": one.kept.rule,
            "due": str(one.due),
            "strips": list(one.kept.strips),
            "files": [*listed, *([name, sha] for name, sha in fresh)],
            "salt": secrets.token_hex(32),
        }
        workspace.vault.save("destroying", plan)
        made.append(_finish(workspace, plan, by))
        begun = {}
    return tuple(made)


def _digest(workspace: Workspace, name: str) -> str:
    path = workspace.vault.path(name)
    return str(canon.sha256(files.read(path))) if path.is_file() else ""


def _finish(workspace: Workspace, plan: dict[str, Any], by: tuple[Holder, ...]) -> Destroyed:
    for name, _ in plan["files"]:
        if ": " not in name:
            shred(workspace.vault.path(name))
    if any(": " in name for name, _ in plan["files"]):
        _strip(workspace)
    data = {name: plan[name] for name in ("kind", "rule", "due")}
    data |= {"files": len(plan["files"]), "listed": _listed(plan)}
    workspace.append(Addition(Entry("vault.destroyed", by, data)))
    _note(workspace, plan)
    entry = len(workspace.record.entries) - 1
    return Destroyed(plan["kind"], plan["rule"], plan["due"], len(plan["files"]), entry)


def _listed(plan: dict[str, Any]) -> str:
    return hashlib.sha256(bytes.fromhex(plan["salt"]) + canon.encode(plan["files"])).hexdigest()


def _note(workspace: Workspace, plan: dict[str, Any]) -> None:
    """The vault's own list of what is gone, with the hashes that the certificate commits to."""
    gone = {
        "kind": plan["kind"],
        "files": [name for name, _ in plan["files"]],
        "hashes": [sha for _, sha in plan["files"]],
        "salt": plan["salt"],
        "stripped": any(": " in name for name, _ in plan["files"]),
    }
    workspace.vault.save("destroyed", [*workspace.vault.load("destroyed", []), gone])
    workspace.vault.save("destroying", {})


def shred(path: Path) -> None:
    """Write a file over with zeros, make that durable, remove it. Raises Refusal `file.full`."""
    if not path.is_file():
        return
    try:
        size = path.stat().st_size
        with path.open("r+b") as file:
            for start in range(0, size, _PIECE):
                file.write(bytes(min(_PIECE, size - start)))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        with contextlib.suppress(OSError):
            path.parent.rmdir()  # a folder of letters that is empty now
    except OSError as reason:
        raise files.unwritable(path, reason) from None


def _strip(workspace: Workspace) -> None:
    """Replace the roll's tables by a copy without tokens, accounts and households."""
    from selectorate.roll.keeping.retention import strip

    path = workspace.vault.path("roll.duckdb")
    fresh, old = path.with_name("roll.thin.duckdb"), path.with_name("roll.old.duckdb")
    if path.exists():
        shred(fresh)
    elif fresh.exists():
        fresh.rename(path)  # an earlier run was stopped between the two names
        shred(old)
        return
    else:
        return
    with at_work(path) as engine:
        strip(engine, str(fresh))
    fresh.chmod(0o600)
    path.rename(old)
    fresh.rename(path)
    shred(old)
