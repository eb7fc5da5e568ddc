"""A frozen roll changes only by decisions on the record: what the freeze committed to is looked at again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from selectorate.errors import refuse
from selectorate.office.keeping import pairs, pending

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


class Sealing:
    """What `roll.frozen` commits to, piece by piece: SHA-256(salt ‖ decisions ‖ newline ‖ digest of the roll)."""

    def __init__(self, salt: bytes) -> None:
        self._digest = hashlib.sha256(salt)

    def through(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The decisions, taken note of as they go by."""
        for piece in pieces:
            self._digest.update(piece)
            yield piece

    def commitment(self, roll: str) -> str:
        """After the last piece. roll: `roll_digest`; hex."""
        whole = self._digest.copy()
        whole.update(b"\n" + roll.encode())
        return whole.hexdigest()


def outcome_of(line: bytes) -> tuple[str, str]:
    """(member, outcome) of one stored decision, whose canonical form puts both at its end."""
    outcome, _, rest = line[line.rindex(b'"outcome":"') + 11 :].partition(b'","subject":')
    member = rest[: rest.rindex(b',"version":')]
    # a number without an escape is read as it stands: this is done twice for everybody on the roll
    return (json.loads(member) if b"\\" in member else member[1:-1].decode()), outcome.decode()


def demand_unchanged(workspace: Workspace, engine: DuckDBPyConnection) -> dict[str, str]:
    """The outcome of every member as it stands.

    Raises Refusal `roll.edited` where members, decisions or outcomes are not those of the freeze and of the
    decisions on the record since, or what was found about possible duplicates is not what the record has."""
    entry = workspace.record.find("roll.frozen")
    sealing = Sealing(bytes.fromhex(workspace.vault.load("freeze-salt")))
    for _ in sealing.through(pending.decision_bytes(workspace)):
        pass
    if entry is None or sealing.commitment(roll_digest(engine)) != entry.data["commitment"]:
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
    outcomes: dict[str, str] = workspace.vault.load("outcomes")
    members = 0
    for member, decided in map(outcome_of, pending.decisions(workspace)):
        members += 1
        allowed = _CHANGED[amended[member]] if member in amended else (decided,)
        if outcomes.get(member) not in allowed:
            raise refuse("roll.edited", what=f"The outcome of {member}")
    if members != len(outcomes):
        raise refuse("roll.edited", what="The list of outcomes")
    return outcomes
