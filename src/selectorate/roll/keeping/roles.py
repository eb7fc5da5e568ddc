"""Role views: the table of who may see what (roles.toml), and the rows that it lets through."""

from __future__ import annotations

import hmac
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from selectorate.errors import refuse
from selectorate.log.objects import cell
from selectorate.roll.keeping import Part
from selectorate.roll.keeping.statement import day
from selectorate.roll.signals import KINDS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SCOPES = ("numbers", "branch", "findings", "own", "all")
FIELDS: Mapping[str, str] = {
    "member": "Number", "name": "Name", "branch": "Branch", "standing": "Kind of membership",
    "needs_confirmation": "Needs confirmation", "outcome": "Decision", "pseudonym": "Known here as",
    "joined": "Joined", "contact": "Contact", "findings": "Findings",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Role:
    """One row of the table of roles."""

    name: str
    title: str
    scope: str
    fields: tuple[str, ...]
    reveal: tuple[str, ...]
    acts: tuple[str, ...]


@cache
def roles() -> Mapping[str, Role]:
    """Every role of the table, by name. Raises ValueError where the table itself is wrong: that is ours."""
    text = (resources.files("selectorate.roll.keeping") / "roles.toml").read_text("utf-8")
    found = {}
    for name, row in tomllib.loads(text)["role"].items():
        made = Role(
            name, row["title"], row["scope"], *(tuple(row[key]) for key in ("fields", "reveal", "acts"))
        )
        if made.scope not in SCOPES or set(made.fields + made.reveal) - set(FIELDS):
            raise ValueError(f"roles.toml: {name}")
        found[name] = made
    return found


def role(name: str) -> Role:
    """Raises Refusal `roll.role`."""
    found = roles().get(name)
    if found is None:
        raise refuse("roll.role", found=name, known=", ".join(roles()))
    return found


@dataclass(frozen=True, slots=True)
class Known:
    """What the vault knows beside the tables: outcome per member, who has an open question, findings (None before
    anybody has looked for them, and after they were destroyed)."""

    outcomes: Mapping[str, str]
    open_questions: frozenset[str]
    findings: Sequence[Mapping[str, Any]] | None

    @property
    def found(self) -> Sequence[Mapping[str, Any]]:
        return self.findings or ()

    def needs_confirmation(self, member: str) -> bool:
        return member in self.open_questions or self.outcomes.get(member) == "ask"


def pseudonym(key: bytes, member: str) -> str:
    """The same for one member in every view of one organisation; nobody without the key can turn it back."""
    return "P-" + hmac.digest(key, b"view\x00" + member.encode(), "sha256").hex()[:10]


_LIST = """
SELECT member_id, name, coalesce(branch, ''), coalesce(membership_type, ''), joined_on,
       concat_ws(', ', nullif(email, ''), nullif(phone, ''), nullif(address_1, ''), nullif(postcode, ''))
FROM members WHERE ($branch IS NULL OR coalesce(branch, '') = $branch) AND ($member = '' OR member_id = $member)
ORDER BY member_id
"""


def _rows(
    engine: DuckDBPyConnection, fields: Sequence[str], known: Known, branch: str | None, member: str
) -> list[tuple[str, ...]]:
    """Lines of members with these fields and no others."""
    found = engine.cursor().execute(_LIST, {"branch": branch, "member": member}).fetchall()
    rows = []
    for number, name, where, kind, joined, contact in found:
        of = {
            "member": number,
            "name": name or "",
            "branch": where,
            "standing": kind,
            "needs_confirmation": "yes" if known.needs_confirmation(number) else "no",
            "outcome": known.outcomes.get(number, "not decided yet"),
            "joined": "" if joined is None else day(joined.isoformat()),
            "contact": contact,
            "findings": ", ".join(one["id"] for one in known.found if number in one["members"]) or "none",
        }
        rows.append(tuple(of[field] for field in fields))
    return rows


def branch_list(engine: DuckDBPyConnection, by: Role, known: Known, branch: str | None) -> tuple[Part, ...]:
    """The members of a branch as the role may see them; every branch with None."""
    head = tuple(FIELDS[field] for field in by.fields)
    rows = _rows(engine, by.fields, known, branch, "")
    title = f"{branch or 'Every branch'}: {len(rows):,} members"
    return (Part(title, (), (head, *rows)) if rows else Part(title, ("Nobody is listed.",)),)


def revealed(engine: DuckDBPyConnection, by: Role, known: Known, member: str) -> tuple[Part, ...]:
    """One person as the role may see them. Raises Refusal `roll.reveal`, `roll.member`."""
    if not by.reveal:
        raise refuse("roll.reveal", role=by.title)
    rows = _rows(engine, by.reveal, known, None, member)
    if not rows:
        raise refuse("roll.member", member=member)
    pairs = tuple((FIELDS[field], text) for field, text in zip(by.reveal, rows[0], strict=True))
    return (Part(f"Member {member}", (), (("Field", "What is held"), *pairs)),)


def under_pseudonyms(key: bytes, known: Known) -> tuple[Part, ...]:
    """Findings without a number, a name or a branch; the same person has the same pseudonym throughout."""
    parts = []
    for one in known.found:
        people = ", ".join(pseudonym(key, member) for member in one["members"]) or "no member: about a branch"
        said = (
            f"{one['observed']} seen. {one['expected']}",
            f"Could be: {'; '.join(one['innocent'])}.",
            f"What would settle it: {'; '.join(one['settles'])}.",
            f"Concerned: {people}",
        )
        parts.append(Part(f"{one['id']} ({one['urgency']}): {KINDS.get(one['kind'], one['kind'])}", said))
    return tuple(parts) or (Part("Findings", ("There are none.",)),)


def who(key: bytes, members: Sequence[str], known_as: str) -> str:
    """The member behind a pseudonym. Raises Refusal `roll.member`."""
    for member in members:
        if pseudonym(key, member) == known_as:
            return member
    raise refuse("roll.member", member=known_as)


def numbers(known: Known, clauses: Sequence[Mapping[str, Any]], kinds: Mapping[str, str]) -> tuple[Part, ...]:
    """What a scrutineer or candidate sees: cells alone. clauses: of the entry `roll.frozen`."""
    words = ("eligible", "not eligible", "ask")
    outcomes = [(word, sum(one == word for one in known.outcomes.values())) for word in words]
    decided = tuple((word, str(cell(number))) for word, number in outcomes) if known.outcomes else ()
    parts = [Part("Decisions", (), (("Outcome", "Members"), *decided))] if decided else []
    if clauses:
        rows = tuple((c["id"], c["cite"], str(c["not_met"]), str(c["unknown"])) for c in clauses)
        parts.append(Part("By rule", (), (("Clause", "Rule", "Not met", "Not known"), *rows)))
    if known.findings is None:
        said = "There are none in the vault: nobody has looked yet, or they were destroyed on schedule."
        return (*parts, Part("Findings by kind", (said, "What was told of them stands on the record.")))
    found = tuple(
        (
            title,
            str(cell(sum(f["kind"] == kind for f in known.found))),
            str(cell(len({m for f in known.found if f["kind"] == kind for m in f["members"]}))),
            str(
                cell(
                    len(
                        {m for f in known.found if f["kind"] == kind for m in f["members"]}
                        & known.open_questions
                    )
                )
            ),
        )
        for kind, title in kinds.items()
    )
    parts.append(Part("Findings by kind", (), (("Kind", "Findings", "Members", "Still open"), *found)))
    return tuple(parts)
