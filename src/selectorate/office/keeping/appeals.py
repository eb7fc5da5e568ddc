"""Replies and appeals, each with its deadline, and what the appeal body decided."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from selectorate.errors import refuse
from selectorate.log.objects import Entry, Holder
from selectorate.office.engines import at_work
from selectorate.office.keeping import pending, written
from selectorate.office.keeping.written import Written
from selectorate.office.rulebook import told

if TYPE_CHECKING:
    from selectorate.office.workspace import Workspace


def reply(workspace: Workspace, member: str, on: date, says: str) -> bool:
    """Note what a member answered to a letter; whether it came in time. A late answer is kept like any other:
    it is the officer's to read, and nothing follows from its day by itself.

    Raises Refusal `roll.no_question`, `roll.day`, `roll.reply_empty`.
    """
    pending.demand_since(workspace, "Noting a reply", "roll.imported")
    pending.demand_kept(workspace, "questions.json")
    pending.settle(workspace)
    question = workspace.vault.load("questions", {}).get(member)
    question = question or workspace.vault.load("pairs-asked", {}).get(member)
    if question is None:
        raise refuse("roll.no_question", member=member)
    if not says.strip():
        raise refuse("roll.reply_empty", member=member)
    asked = date.fromisoformat(question["asked"]) if question["asked"] else None
    pending.demand_day(on, asked, workspace.now.date(), "The day of the reply")
    until = question.get("reply_by") or ""
    late = bool(until) and on.isoformat() > until
    replies = workspace.vault.load("replies", {})
    replies.setdefault(member, []).append({"on": on.isoformat(), "says": says.strip(), "late": late})
    workspace.vault.save("replies", replies)
    return not late


def appeal(workspace: Workspace, member: str, on: date, admitted_because: str = "") -> dict[str, Any]:
    """Note that an excluded member appeals. Until it is decided, the certificate counts the member as left out.

    Raises Refusal `roll.appeal` for somebody not excluded, `roll.appeal_late` after the last day of the rulebook
    unless the appeal body hears it all the same and says why, `roll.day`.
    """
    pending.demand_since(workspace, "Noting an appeal", "roll.frozen")
    pending.demand_kept(workspace, "outcomes.json")
    pending.settle(workspace)
    if workspace.vault.load("outcomes").get(member) != "not eligible":
        raise refuse("roll.appeal", member=member)
    decided, until = pending.deadline(workspace, member)
    first = date.fromisoformat(decided) if decided else None
    pending.demand_day(on, first, workspace.now.date(), "The day of the appeal")
    if until and on.isoformat() > until and not admitted_because.strip():
        raise refuse("roll.appeal_late", member=member, on=on, until=until)
    appeals = workspace.vault.load("appeals", {})
    fresh: dict[str, Any] = {"lodged": on.isoformat(), "decided": None}
    if admitted_because.strip():
        fresh["admitted_because"] = admitted_because.strip()
    noted: dict[str, Any] = appeals.setdefault(member, fresh)
    workspace.vault.save("appeals", appeals)
    return noted


def decide(workspace: Workspace, content: bytes, name: str, by: tuple[Holder, ...]) -> Written:
    """Put a decision on an appeal on the record: dismissed at any time, upheld when the roll is final already.

    An appeal that succeeds before that changes the roll (`roll amend`, "put back"). One that succeeds later
    changes no roll that has been sealed, and counts as left out in the certificate. Raises Refusal
    `roll.appeal_none`, `roll.appeal_in_time`, `roll.appeal_same_person`, `roll.departs`.
    """
    pending.demand_since(workspace, "Deciding an appeal", "roll.frozen")
    pending.demand_kept(workspace, "appeals.json")
    pending.settle(workspace)
    made = written.read(content, name, written.APPEAL)
    appeals = workspace.vault.load("appeals", {})
    noted = appeals.get(made.member)
    if noted is None or noted["decided"]:
        because = "no appeal of this member is noted" if noted is None else "it was decided already"
        raise refuse("roll.appeal_none", member=made.member, because=because)
    _other_people(workspace, made)
    pending.demand_day(
        made.on, date.fromisoformat(noted["lodged"]), workspace.now.date(), "The day of the decision"
    )
    if made.answer == "upheld" and workspace.record.find("roll.final") is None:
        raise refuse("roll.appeal_in_time", file=name)
    if made.facts or made.answer == "upheld":
        _rulebook_agrees(workspace, made, name)
    outcome = "upheld too late" if made.answer == "upheld" else "dismissed"
    salt, commitment = pending.sealed(content)
    noted |= {"decided": made.on.isoformat(), "outcome": outcome, "file": content.decode(), "salt": salt}
    entry = Entry("appeal.decided", by, {"outcome": outcome, "clause": made.clause, "decision": commitment})
    pending.commit(workspace, entry, {"appeals": appeals})
    return made


def _other_people(workspace: Workspace, made: Written) -> None:
    """Whoever froze the roll took the first decision, and decides no appeal against it."""
    frozen = workspace.record.find("roll.frozen")
    first = {holder.name.casefold() for holder in frozen.by} if frozen else set()
    if made.decided_by.casefold() in first:
        raise refuse("roll.appeal_same_person", name=made.decided_by)


def _rulebook_agrees(workspace: Workspace, made: Written, name: str) -> None:
    """On the facts of the appeal the rulebook must say the same. Raises Refusal `roll.departs`."""
    pending.demand_kept(workspace, "roll.duckdb")
    book = workspace.rulebook
    with at_work(workspace.vault.path("roll.duckdb")) as engine:
        known = told(engine, book, made.member)
    outcome = book.eligibility({**known, **made.facts}, subject=made.member).outcome
    if (outcome == "eligible") is not (made.answer == "upheld"):
        raise refuse("roll.departs", file=name, change=made.answer, outcome=outcome)
