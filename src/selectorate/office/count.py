"""The count and the certificate, from the verified result on the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from selectorate import canon
from selectorate.errors import refuse
from selectorate.log import order
from selectorate.log.objects import Entry, Holder
from selectorate.office.keeping import pairs
from selectorate.office.store import Addition
from selectorate.office.workspace import Workspace

if TYPE_CHECKING:
    from selectorate.count.certificate import Certificate
    from selectorate.count.objects import Profile, Sheet
    from selectorate.rules.objects import Contest


def count(workspace: Workspace, by: tuple[Holder, ...]) -> Sheet:
    """Count the papers by the rulebook's rule set and declare the sheet; the tie seed is revealed with it."""
    from selectorate.count import rulesets, stv

    _demand(workspace, "Declaring the count", "result")
    contest, profile, digest = papers(workspace)
    seed = workspace.vault.load("tie-seed")
    sheet = stv.count(
        profile,
        rulesets.load(contest.method),
        contest.seats,
        tie_seed=seed,
        papers_digest=canon.Digest(digest),
    )
    text = sheet.to_json()
    data = {
        "document": {"name": "sheet.json", "sha256": canon.sha256(text)},
        "uuid": _uuid(workspace),
        "tie_seed": seed,
        "elected": list(sheet.elected),
    }
    workspace.append(Addition(Entry("sheet.declared", by, data), documents=(("sheet.json", text),)))
    return sheet


@dataclass(frozen=True, slots=True)
class Doubts:
    """Electors in doubt, exactly. challenged: electors whose question is open, and one for each pair of electors
    that was found to be the same person; doubtful: those of them who voted (of a pair, where both did);
    left_out: excluded members whose appeal is open or was upheld too late."""

    challenged: int
    doubtful: int
    left_out: int


def doubts(workspace: Workspace) -> Doubts:
    """The two integers that pass from the roll to the certificate, and what they come from."""
    vault = workspace.vault
    outcomes = vault.load("outcomes")
    asking = {member for member, outcome in outcomes.items() if outcome == "ask"}
    questioned = {member for member, one in vault.load("questions", {}).items() if not one["cleared"]}
    of: dict[str, str] = vault.load("credentials")
    challenged = (asking | questioned) & set(of)
    voted = voters(workspace)
    appeals = vault.load("appeals", {})
    left_out = sum(
        1 for member, one in appeals.items() if member not in of and one.get("outcome") != "dismissed"
    )
    doubtful = sum(of[member] in voted for member in challenged)
    twice = [pair for pair in pairs.same(vault) if set(pair) <= set(of) and not challenged & set(pair)]
    doubtful += sum(all(of[member] in voted for member in pair) for pair in twice)
    return Doubts(len(challenged) + len(twice), doubtful, left_out)


def voters(workspace: Workspace) -> set[str]:
    """The public credentials with an accepted ballot."""
    from selectorate.ballot.marks import known_marks

    events = workspace.archive().events
    return {known_marks(events.content(place)).credential for place in events.places("Ballot")}


def certify(workspace: Workspace, by: tuple[Holder, ...]) -> Certificate:
    """Certify the count against the doubts, rounded up to tens, and put the certificate on the record."""
    from selectorate.count import margin, rulesets
    from selectorate.count.objects import Sheet

    _demand(workspace, "Certifying the count", "declared")
    contest, profile, _ = papers(workspace)
    sheet = Sheet.from_json(workspace.record.document("sheet.json"))
    found = doubts(workspace)
    made = margin.certify(
        profile, rulesets.load(contest.method), contest.seats, found.doubtful, found.left_out, sheet
    )
    text = made.to_json()
    data = {
        "document": {"name": "certificate.json", "sha256": canon.sha256(text)},
        "uuid": _uuid(workspace),
        "word": made.word,
    }
    workspace.append(Addition(Entry("certificate.issued", by, data), documents=(("certificate.json", text),)))
    return made


def papers(workspace: Workspace) -> tuple[Contest, Profile, str]:
    """The contest, its papers as decrypted, and the hash of the result object they stand in."""
    from selectorate.ballot.papers import read_result
    from selectorate.ballot.parameters import read_parameters
    from selectorate.count.readers import from_ranks

    events = workspace.archive().events
    content = events.content(next(events.places("Result")))
    parameters = read_parameters(events[0].data[0])
    opened = workspace.record.find("poll.opened")
    contest = workspace.rulebook.contest(opened.data["contest"] if opened else "")
    question = parameters.questions[0]
    if question.kind != "ranked":
        raise refuse("office.count_kind", contest=contest.id)
    rows = read_result(content, parameters)[0]
    return contest, from_ranks(rows, question.answers), canon.sha256(content)  # type: ignore[arg-type]


def _uuid(workspace: Workspace) -> str:
    opened = workspace.record.find("poll.opened")
    return str(opened.data["uuid"]) if opened else ""


def _demand(workspace: Workspace, act: str, phase: str) -> None:
    if workspace.record.phase != phase:
        raise refuse("log.order", act=act, phase=order.PHASES[workspace.record.phase])
