"""The private journal of looks: who saw what about whom, and why, before it is shown.

`vault/views.jsonl`, one line a look, each with a fresh salt and the hash of the line before it, so that a line
taken out shows. On the public record only numbers stand, and the hash of the newest line.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from selectorate import canon
from selectorate.errors import refuse
from selectorate.log.objects import Entry, Holder, cell
from selectorate.office import files
from selectorate.office.store import Addition

if TYPE_CHECKING:
    from selectorate.office.workspace import Workspace

NAME = "views.jsonl"
_FIRST = "0" * 64
WHY_MIN = 10


def look(workspace: Workspace, role: str, by: str, what: str, member: str, why: str) -> None:
    """Note a look before it happens. member: whose; "" for a list. Raises Refusal `roll.why` for no reason that
    somebody else could follow, `file.full`."""
    reason = " ".join(why.split())
    if len(reason) < WHY_MIN:
        raise refuse("roll.why", found=reason)
    lines = read(workspace)
    before = _hash(lines[-1]) if lines else _FIRST
    line = {
        "before": before,
        "by": by,
        "at": workspace.now.isoformat(timespec="seconds"),
        "member": member,
        "role": role,
        "salt": secrets.token_hex(16),
        "what": what,
        "why": reason,
    }
    path = workspace.vault.path(NAME)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as journal:
            journal.write(canon.encode(line) + b"\n")
            journal.flush()
            os.fsync(journal.fileno())
    except OSError as reason_:
        raise files.unwritable(path, reason_) from None


def read(workspace: Workspace) -> list[dict[str, Any]]:
    """Every look, the oldest first. Raises Refusal `roll.journal` where a line is missing, changed or cut off."""
    path = workspace.vault.path(NAME)
    if not path.exists():
        return []
    lines: list[dict[str, Any]] = []
    before = _FIRST
    for number, text in enumerate(files.read(path).splitlines(), 1):
        try:
            line = json.loads(text)
        except ValueError:
            raise refuse("roll.journal", number=number) from None
        if line.get("before") != before:
            raise refuse("roll.journal", number=number)
        before = _hash(line)
        lines.append(line)
    return lines


def _hash(line: dict[str, Any]) -> str:
    return hashlib.sha256(canon.encode(line)).hexdigest()


@dataclass(frozen=True, slots=True)
class Operator:
    """How one person looked: how often, at how many members, on how many days, most on one day."""

    name: str
    views: int
    members: int
    days: int
    busiest: int


def operators(workspace: Workspace) -> tuple[Operator, ...]:
    """Everybody who looked, whoever looked most first. One log-in with a thousand looks is seen here."""
    made = []
    lines = read(workspace)
    for name in sorted({line["by"] for line in lines}):
        own = [line for line in lines if line["by"] == name]
        days = Counter(line["at"][:10] for line in own)
        members = {line["member"] for line in own} - {""}
        made.append(Operator(name, len(own), len(members), len(days), max(days.values())))
    return tuple(sorted(made, key=lambda one: (-one.views, one.name)))


def publish(workspace: Workspace, by: tuple[Holder, ...]) -> int:
    """Put the number of looks since the last count on the record; how many. Raises Refusal `roll.no_views`."""
    lines = read(workspace)
    counted = workspace.vault.load("views-counted", {}).get("views", 0)
    fresh = lines[counted if counted <= len(lines) else 0 :]
    if not fresh:
        raise refuse("roll.no_views")
    entry = {
        "views": cell(len(fresh)),
        "operators": cell(len({line["by"] for line in fresh})),
        "journal": _hash(lines[-1]),
    }
    # Known again by the hash: a count whose entry was written and whose number was not is not written twice.
    last = workspace.record.find("vault.viewed")
    if last is None or last.data["journal"] != entry["journal"]:
        workspace.append(Addition(Entry("vault.viewed", by, entry)))
    workspace.vault.save("views-counted", {"views": len(lines)})
    return len(fresh)
