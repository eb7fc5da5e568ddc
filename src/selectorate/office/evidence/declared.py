"""What the organisation declares before anybody looks: arrangements that pay for many, and recruitment drives.

Kept in the vault as lines that an officer enters with a reason. An account, device, recruiter or collector is kept
as its keyed token and under the name the officer gave it, never in clear. A drive has to be declared on or before its
first day: what is declared afterwards explains nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from selectorate.errors import refuse
from selectorate.office import files

if TYPE_CHECKING:
    from selectorate.office.vault import Vault
    from selectorate.office.workspace import Workspace
    from selectorate.roll.signals.objects import Declared

DRIVE_DAYS_MAX = 60
EPOCH = date(1970, 1, 1)
NAME = "declared"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the register. kind: "scheme" or "drive"; called: what the officer calls it; branch, first, last,
    device, recruiter, collector: of a drive; account: of a scheme, the payment reference. Texts in clear, "" where
    there is none; they are turned into tokens before anything is kept."""

    kind: str
    called: str
    declared_on: date
    by: str
    reason: str
    account: str = ""
    branch: str = ""
    first: date | None = None
    last: date | None = None
    recruiter: str = ""
    collector: str = ""
    device: str = ""


def declare(workspace: Workspace, line: Line) -> int:
    """Enter a line; gives its number. Raises Refusal `roll.declared`, `roll.declared_late`."""
    from selectorate.roll.tokens import tokens

    today = workspace.now.date()
    if because := _wrong(line, today):
        raise refuse("roll.declared", because=because)
    if line.first is not None and line.declared_on > line.first:
        raise refuse(
            "roll.declared_late", declared=line.declared_on.isoformat(), first=line.first.isoformat()
        )
    key = files.read(workspace.vault.path("token.key"))
    lines = workspace.vault.load(NAME, [])
    number = len(lines) + 1
    account = tokens(key, "payer", [line.account])[0]
    recruiter, collector, device = tokens(key, "actor", [line.recruiter, line.collector, line.device])
    kept = {
        "number": number,
        "kind": line.kind,
        "called": line.called,
        "declared_on": line.declared_on.isoformat(),
        "entered_on": today.isoformat(),
        "by": line.by,
        "reason": line.reason,
        "account": account or "",
        "branch": line.branch,
        "first": line.first.isoformat() if line.first else "",
        "last": line.last.isoformat() if line.last else "",
        "recruiter": recruiter or "",
        "collector": collector or "",
        "device": device or "",
    }
    workspace.vault.save(NAME, [*lines, kept])
    return number


def listed(vault: Vault) -> tuple[dict[str, Any], ...]:
    """The register as it is shown: without tokens."""
    hidden = ("account", "recruiter", "collector", "device")
    return tuple(
        {key: value for key, value in one.items() if key not in hidden} for one in vault.load(NAME, [])
    )


def declared(vault: Vault, key: bytes, branches: Mapping[int, str], schemes: Sequence[str] = ()) -> Declared:
    """The register as the signals take it, with `schemes` named in clear beside it."""
    from selectorate.roll.signals.numbers import whole
    from selectorate.roll.signals.objects import Declared, Drive
    from selectorate.roll.tokens import tokens

    place = {name: number for number, name in branches.items()}
    lines = vault.load(NAME, [])
    accounts = [one["account"] for one in lines if one["kind"] == "scheme"]
    accounts += [token for token in tokens(key, "payer", schemes) if token]
    drives = [
        Drive(
            place[one["branch"]],
            _day(one["first"]),
            _day(one["last"]),
            whole(one.get("device", "")),
            whole(one["recruiter"]),
            whole(one["collector"]),
        )
        for one in lines
        if one["kind"] == "drive" and one["branch"] in place
    ]
    return Declared(tuple(drives), tuple(sorted({whole(account) for account in accounts})))


def _day(text: str) -> int:
    return (date.fromisoformat(text) - EPOCH).days


def _wrong(line: Line, today: date) -> str:
    """What is wrong with a line, in words; "" for a good one."""
    if not line.called.strip() or not line.reason.strip():
        return "it needs a name by which it is called, and a reason"
    if line.declared_on > today:
        return f"it was declared on {line.declared_on.isoformat()}, which is yet to come"
    if line.kind == "scheme":
        return "" if line.account.strip() else "an arrangement needs the payment reference of its account"
    if not line.branch or line.first is None or line.last is None:
        return "a drive needs a branch, a first day and a last day"
    if line.last < line.first or line.last - line.first >= timedelta(days=DRIVE_DAYS_MAX):
        return f"a drive lasts from one day to {DRIVE_DAYS_MAX}"
    if not line.recruiter and not line.collector and not line.device:
        return "a drive needs its recruiter, its collector or its device, as the roll's files call them"
    return ""
