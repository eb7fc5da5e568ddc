"""A frozen roll changes only by decisions on the record: what the freeze committed to is looked at again."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from selectorate.errors import refuse
from selectorate.office import files
from selectorate.office.keeping import pairs

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from selectorate.office.workspace import Workspace

_COLUMNS = (
    "member_id",
    "name",
    "weight",
    "address_1",
    "address_2",
    "locality",
    "postcode",
    "email",
    "branch",
)
_LISTED = ", ".join(f"coalesce({column}::VARCHAR, '')" for column in _COLUMNS)
_ROWS = f"SELECT sha256(concat_ws(chr(31), {_LISTED})) FROM members ORDER BY member_id"  # noqa: S608 - our own names
"""All that the final roll and the voting letters are made of; the facts that were decided on stand in the
decisions."""
_CHANGED = {
    "put back": ("eligible",),
    "taken out": ("not eligible",),
    "answered": ("eligible", "not eligible", "ask"),
}


def roll_digest(engine: DuckDBPyConnection) -> str:
    """SHA-256 over the SHA-256 of each member's number, name, weight, address, e-mail and branch, by number: hex."""
    digest = hashlib.sha256()
    found = engine.cursor().execute(_ROWS)
    while lines := found.fetchmany(50_000):
        digest.update("\n".join(line[0] for line in lines).encode() + b"\n")
    return digest.hexdigest()


def commitment(salt: bytes, decisions: bytes, roll: str) -> str:
    """What `roll.frozen` commits to: SHA-256(salt ‖ decisions ‖ newline ‖ digest of the roll), hex."""
    return hashlib.sha256(salt + decisions + b"\n" + roll.encode()).hexdigest()


def demand_unchanged(workspace: Workspace, engine: DuckDBPyConnection) -> None:
    """Raises Refusal `roll.edited` where members, decisions or outcomes are not those of the freeze and of the
    decisions on the record since, or what was found about possible duplicates is not what the record has."""
    entry = workspace.record.find("roll.frozen")
    text = files.read(workspace.vault.path("decisions.jsonl"))
    salt = bytes.fromhex(workspace.vault.load("freeze-salt"))
    if entry is None or commitment(salt, text, roll_digest(engine)) != entry.data["commitment"]:
        raise refuse("roll.edited", what="A member's line, or a decision,")
    pairs.demand_on_record(workspace)
    amended: dict[str, str] = {}
    on_record = [e.data["decision"] for e in workspace.record.entries if e.act == "roll.amended"]
    for one in workspace.vault.load("amendments", []):
        sealed = hashlib.sha256(bytes.fromhex(one["salt"]) + one["file"].encode()).hexdigest()
        if sealed in on_record:
            on_record.remove(sealed)
            amended[one["member"]] = one["change"]
        else:
            raise refuse("roll.edited", what=f"An amendment of {one['member']}")
    if on_record:
        raise refuse("roll.edited", what="The list of amendments")
    outcomes = workspace.vault.load("outcomes")
    decided = {one["subject"]: one["outcome"] for one in map(json.loads, text.splitlines())}
    for member in decided.keys() | outcomes.keys():
        allowed = _CHANGED[amended[member]] if member in amended else (decided.get(member),)
        if outcomes.get(member) not in allowed:
            raise refuse("roll.edited", what=f"The outcome of {member}")
