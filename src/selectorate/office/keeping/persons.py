"""One member as the office knows them: why they were decided so, and all that is held about them."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

from selectorate.errors import refuse
from selectorate.office import files
from selectorate.office.engines import at_work
from selectorate.office.keeping import journal, pending
from selectorate.office.keeping.pairs import resolved
from selectorate.office.keeping.reasons import statement_of

if TYPE_CHECKING:
    from selectorate.office.workspace import Workspace
    from selectorate.roll.keeping import Part
    from selectorate.roll.keeping.statement import Statement

OFFICER = "returning officer"


def explain(workspace: Workspace, member: str, by: str, why: str) -> tuple[Statement, str, tuple[Part, ...]]:
    """(statement of reasons, outcome as it stands now, what happened since) for the officer; the look is noted.

    Raises Refusal `roll.member`, `roll.why`, `vault.missing` before the freeze.
    """
    pending.demand_since(workspace, "Explaining a decision", "roll.frozen")
    pending.settle(workspace)
    made = statement_of(workspace, member)
    journal.look(workspace, OFFICER, by, "reasons", member, why)
    outcome = workspace.vault.load("outcomes").get(member, made.outcome)
    return made, outcome, _since(workspace, member)


def subject_report(workspace: Workspace, member: str, by: str, why: str) -> tuple[str, tuple[Part, ...]]:
    """(title, all that is held about one member), third persons masked; the look is noted.

    Raises Refusal `roll.member`, `roll.why`.
    """
    from selectorate.roll.keeping import Part
    from selectorate.roll.keeping import subject as held
    from selectorate.roll.keeping.statement import changed

    pending.demand_since(workspace, "Reporting what is held", "roll.imported")
    pending.settle(workspace)
    vault = workspace.vault
    parts: list[Part] = []
    if vault.path("roll.duckdb").exists():
        with at_work(vault.path("roll.duckdb")) as engine:
            parts += held.held(engine, member)
    elif member not in vault.load("outcomes", {}):
        raise refuse("roll.member", member=member)
    journal.look(workspace, OFFICER, by, "subject report", member, why)
    parts += held.links_of(member, vault.load("links", []), resolved(vault))
    parts += held.findings_of(member, vault.load("findings", []))
    outcome = vault.load("outcomes", {}).get(member)
    if outcome is not None and vault.path("decisions.jsonl").exists():
        made = statement_of(workspace, member)
        told = "You have the decision with its reasons, as it stands below."
        parts += [Part("The decision whether you may vote", (told,)), *changed(made, outcome), *made.parts()]
    parts += _since(workspace, member)
    parts += _letters(workspace, member)
    parts += _ballot(workspace, member)
    parts += _looks(workspace, member)
    parts.append(Part("What is not held", (_NOT_HELD, _KEPT)))
    return f"What {workspace.rulebook.organisation} holds about member {member} for this vote", tuple(parts)


_NOT_HELD = (
    "How you voted is held nowhere. Religion, ethnicity, race, nationality, place of birth and their like are "
    "refused when a list is read and are not stored. No score of you exists."
)
_KEPT = (
    "You may ask for corrections and object. How long each part is kept, and when it is destroyed, the returning "
    "officer will tell you (the schedule of retention)."
)


def _since(workspace: Workspace, member: str) -> tuple[Part, ...]:
    """Questions, replies, appeals and amendments of one member."""
    from selectorate.roll.keeping import Part
    from selectorate.roll.keeping.statement import day

    vault, said = workspace.vault, []
    for question in (vault.load(name, {}).get(member) for name in ("questions", "pairs-asked")):
        if question is None:
            continue
        asked = (
            f"A question was sent on {day(question['asked'])}" if question["asked"] else "A question is open"
        )
        until = f"; an answer is asked for by {day(question['reply_by'])}" if question.get("reply_by") else ""
        cleared = f"; it was settled on {day(question['cleared'])}" if question.get("cleared") else ""
        said.append(f"{asked}{until}{cleared}.")
    for reply in vault.load("replies", {}).get(member, ()):
        late = " (after the day that was named; it counts all the same)" if reply["late"] else ""
        said.append(f"A reply came on {day(reply['on'])}{late}: {reply['says']}")
    appeal = vault.load("appeals", {}).get(member)
    if appeal is not None:
        admitted = appeal.get("admitted_because")
        late = f" It came late and was heard all the same, because: {admitted}" if admitted else ""
        outcome = appeal.get("outcome") or "decided"
        decided = (
            f" It was decided on {day(appeal['decided'])}: {outcome}."
            if appeal["decided"]
            else " It is open."
        )
        said.append(f"An appeal was lodged on {day(appeal['lodged'])}.{late}{decided}")
        if appeal.get("file"):
            said.append(f"Reason: {tomllib.loads(appeal['file'])['appeal']['reason']}")
    for one in vault.load("amendments", []):
        if one["member"] == member:
            given: dict[str, Any] = tomllib.loads(one["file"])["decision"]
            said.append(
                f"{day(given['on'].isoformat())}: {one['change']} under {given['clause']}. {given['reason']}"
            )
    own = vault.load("deadlines", {}).get("later", {}).get(member)
    if own is not None:
        said.append(f"An appeal against being taken out can be lodged until {day(own['appeal_until'])}.")
    return (Part("What happened since", tuple(said)),) if said else ()


def _letters(workspace: Workspace, member: str) -> list[Part]:
    from selectorate.roll.keeping import Part

    parts = []
    folder = workspace.vault.path("letters/questions")
    line = f"\nMember {member}\n"
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        text = files.read(path).decode()
        if line in text:
            said = tuple(" ".join(block.split()) for block in text.split("\n\n") if block.strip())
            parts.append(Part("A letter to you", said))
    for one in workspace.vault.load("samples", []):
        if member in one["drawn"]:
            number, asked = one["number"], len(one["drawn"])
            text = f"You were drawn by lot into sample {number} and asked two questions, with {asked - 1} others."
            parts.append(Part("A letter to you", (text,)))
    return parts


def _ballot(workspace: Workspace, member: str) -> list[Part]:
    from selectorate.roll.keeping import Part

    said = []
    slip = workspace.vault.load("slips", {}).get(member)
    if slip is not None:
        said.append(f"Your slip, which opens your sealed line on the final roll: {json.loads(slip)['line']}")
    credential = workspace.vault.load("credentials", {}).get(member)
    if credential is not None:
        said.append(
            f"The public half of your credential: {credential}. With it the office can see whether you voted, "
            "never how."
        )
    return [Part("Your place in the election", tuple(said))] if said else []


def _looks(workspace: Workspace, member: str) -> list[Part]:
    from selectorate.roll.keeping import Part
    from selectorate.roll.keeping.statement import day

    own = [line for line in journal.read(workspace) if line["member"] == member]
    rows = tuple((day(line["at"][:10]), line["role"], line["what"], line["why"]) for line in own)
    head = ("Day", "Who, by role", "What", "Why")
    return [Part("Who looked at this", (), (head, *rows))] if rows else []
