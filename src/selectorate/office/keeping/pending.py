"""Vault and record as one: what an act changes in the vault becomes so when its entry is on the record, or never."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from selectorate.errors import refuse
from selectorate.log import order
from selectorate.office.store import Addition

if TYPE_CHECKING:
    from datetime import date, datetime

    from selectorate.log.objects import Entry
    from selectorate.office.workspace import Workspace

MARKS = {
    "roll.amended": "decision",
    "roll.resolved": "resolutions",
    "appeal.decided": "decision",
    "roll.reviewed": "reviews",
    "sample.drawn": "listed",
    "sample.settled": "answers",
    "register.inspected": "request",
}
"""The field by which an act's own entry is known again: a salted commitment, so no two are alike."""

_PIECE = 1 << 20


def commit(workspace: Workspace, entry: Entry, values: Mapping[str, Any]) -> None:
    """Append the entry, then save the values. An interrupt leaves both, or neither after the next `settle`."""
    workspace.vault.save("amending", {"decision": entry.data[MARKS[entry.act]], "vault": dict(values)})
    workspace.append(Addition(entry))
    settle(workspace)


def settle(workspace: Workspace) -> None:
    """Finish an act that is on the record; forget one that was stopped before it was."""
    pending = workspace.vault.load("amending", {})
    if not pending:
        return
    on_record = {e.data[MARKS[e.act]] for e in workspace.record.entries if e.act in MARKS}
    if pending["decision"] in on_record:
        for name, value in pending["vault"].items():
            workspace.vault.save(name, value)
    workspace.vault.save("amending", {})


def sealed(content: bytes) -> tuple[str, str]:
    """(salt, SHA-256(salt ‖ content)), both in hex: a commitment that nobody can try contents against."""
    salt = secrets.token_bytes(32)
    return salt.hex(), hashlib.sha256(salt + content).hexdigest()


def demand(workspace: Workspace, act: str, *phases: str) -> None:
    """Raises Refusal `log.order` unless the record stands in one of the phases."""
    if workspace.record.phase not in phases:
        raise refuse("log.order", act=act, phase=order.PHASES[workspace.record.phase])


def demand_since(workspace: Workspace, act: str, needed: str) -> None:
    """Raises Refusal `log.order` unless an act of that code is on the record."""
    if workspace.record.find(needed) is None:
        raise refuse("log.order", act=act, phase=order.PHASES[workspace.record.phase])


def demand_kept(workspace: Workspace, *names: str) -> None:
    """Raises Refusal `vault.gone` where a private file has been destroyed on schedule."""
    gone = {name for one in workspace.vault.load("destroyed", []) for name in one["files"]}
    for name in names:
        if name in gone:
            raise refuse("vault.gone", file=name)


def made_on(workspace: Workspace, act: str) -> datetime | None:
    """When the newest act of that code was done: the time of the first checkpoint that covers it."""
    from selectorate.log.note import open_note

    place = next((n for n, e in reversed(list(enumerate(workspace.record.entries))) if e.act == act), None)
    if place is None:
        return None
    sizes = workspace.record.checkpoints()
    covering = min((size for size in sizes if size > place), default=None)
    return None if covering is None else open_note(sizes[covering], workspace.verifier_key).time


def demand_day(on: date, first: date | None, last: date, what: str) -> None:
    """Raises Refusal `roll.day` for a day before the first that is possible, or in the future."""
    if first is not None and on < first:
        raise refuse("roll.day", what=what, found=on, because=f"it lies before {first}")
    if on > last:
        raise refuse("roll.day", what=what, found=on, because="it lies in the future")


def decisions(workspace: Workspace) -> Iterator[bytes]:
    """The stored decisions, a line each, in order of number. Raises Refusal `vault.gone`, `vault.missing`."""
    demand_kept(workspace, "decisions.jsonl")
    try:
        with workspace.vault.path("decisions.jsonl").open("rb") as file:
            yield from file
    except FileNotFoundError:
        raise refuse("vault.missing", name="decisions", directory=workspace.place) from None


def decision_bytes(workspace: Workspace) -> Iterator[bytes]:
    """The same bytes in pieces of another cut. Raises as `decisions`."""
    demand_kept(workspace, "decisions.jsonl")
    try:
        with workspace.vault.path("decisions.jsonl").open("rb") as file:
            yield from iter(partial(file.read, _PIECE), b"")
    except FileNotFoundError:
        raise refuse("vault.missing", name="decisions", directory=workspace.place) from None


def decision_of(workspace: Workspace, member: str) -> dict[str, Any]:
    """The stored decision on one member. Raises Refusal `roll.member`, `vault.gone`, `vault.missing`."""
    import json

    wanted = json.dumps(member, ensure_ascii=False).encode()
    for line in decisions(workspace):
        if wanted in line:
            found: dict[str, Any] = json.loads(line)
            if found["subject"] == member:
                return found
    raise refuse("roll.member", member=member)


def deadline(workspace: Workspace, member: str = "") -> tuple[str, str]:
    """(day of the decisions, last day for an appeal), ISO; "" where they are not known. member: who was taken
    out after the freeze has days of their own, from that decision."""
    kept = workspace.vault.load("deadlines", {})
    kept = kept.get("later", {}).get(member, kept)
    return str(kept.get("decided", "")), str(kept.get("appeal_until", ""))
