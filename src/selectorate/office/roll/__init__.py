"""The roll: import it, look at it, ask people, decide by the rulebook, freeze, amend, make it final."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selectorate import canon
from selectorate.errors import refuse
from selectorate.log import order
from selectorate.log.objects import Entry, Holder, cell
from selectorate.office import files
from selectorate.office.engines import Bar, at_work, showing
from selectorate.office.engines.clusters import beside
from selectorate.office.keeping import frozen, pairs, pending, written
from selectorate.office.keeping.written import Written
from selectorate.office.roll import deciding, electors, votes
from selectorate.office.rulebook import joined_around, lay_out, told
from selectorate.office.settling import holders, reviews
from selectorate.office.store import Addition
from selectorate.office.workspace import Workspace

if TYPE_CHECKING:
    from selectorate.roll.intake import Intake
    from selectorate.roll.objects import Finding, Link
    from selectorate.roll.reading import Reading


def import_roll(
    workspace: Workspace,
    paths: Sequence[Path],
    by: tuple[Holder, ...],
    *,
    encoding: str | None = None,
    dates: str | None = None,
    map_: Path | None = None,
    covers: Mapping[str, tuple[date | None, date | None]] = {},
    show: Callable[[Reading], None] | None = None,
    bar: Bar | None = None,
) -> Intake:
    """Read the files, take them into the vault, put the numbers on the record. All of it, or nothing.

    map_: a layout that is used for every file that it fits by its columns, instead of the one recognised;
    covers: by a file's name, the first and last day that it tells of, where those are not all (None: no bound);
    show: told of each file before anything of it is used, if all can be.
    """
    from selectorate.office.exports import read_exports
    from selectorate.roll.facts import note_histories
    from selectorate.roll.intake import take_in

    _demand(workspace, "Importing the roll", "adopted")
    key = files.read(workspace.vault.path("token.key"))
    with workspace.staged() as staging:
        with at_work(staging.path("roll.duckdb"), workspace.vault.place) as engine:
            readings = read_exports(paths, engine, bar, encoding=encoding, dates=dates, map_=map_)
            if show is not None and not any(reading.problems for reading in readings):
                for reading in readings:
                    show(reading)
            with showing(engine, bar, "Taking in the lists", sum(one.total for one in readings)):
                intake = take_in(engine, readings, key)
                note_histories(engine, readings, covers)
        salt = secrets.token_bytes(32)
        staging.save("import-salt", salt.hex())
        workspace.append_staged(staging, Addition(Entry("roll.imported", by, intake.entry(salt))))
    return intake


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found; letters: how many were written, in vault/letters/questions."""

    findings: tuple[Finding, ...]
    links: tuple[Link, ...]
    letters: int


REPLY_DAYS = 14
"""How long a person has to answer a letter about a finding, at least."""


def look(workspace: Workspace, schemes: Sequence[str] = (), master: str | None = None) -> Inspection:
    """Look at the roll and write nothing: what `inspect` finds, without letters."""
    from selectorate.office.evidence.vaulted import of_workspace
    from selectorate.office.settling.reviews import weights_of
    from selectorate.roll.links import links

    _demand(workspace, "Looking at the roll", "imported")
    found = of_workspace(workspace, schemes, weights_of(workspace.vault)).findings
    with beside(master) as cluster, at_work(workspace.vault.path("roll.duckdb")) as engine:
        return Inspection(found, links(engine, cluster), 0)


def inspect(
    workspace: Workspace,
    officer: str,
    answer_to: str,
    schemes: Sequence[str] = (),
    master: str | None = None,
) -> Inspection:
    """Look at the roll and write a letter to each person concerned. Nothing goes on the record yet: first
    people are asked (`asked`).

    schemes: payment references of arrangements the organisation knows (an employer, a home, a hall).
    master: the address of a Spark cluster that looks for possible duplicates; None for DuckDB.
    """
    from selectorate.office.evidence.vaulted import of_workspace
    from selectorate.office.settling.reviews import weights_of
    from selectorate.roll import letters
    from selectorate.roll.links import links
    from selectorate.roll.signals import challenged

    _demand(workspace, "Inspecting the roll", "imported")
    today = workspace.now.date()
    sender = letters.Sender(
        workspace.rulebook.organisation, officer, answer_to, today, today + timedelta(days=REPLY_DAYS)
    )
    looked = of_workspace(workspace, schemes, weights_of(workspace.vault))
    found = looked.findings
    with beside(master) as cluster, at_work(workspace.vault.path("roll.duckdb")) as engine:
        linked = links(engine, cluster)
        open_ = pairs.unsettled(workspace.vault, linked)
        written = (
            *letters.finding_letters(engine, found, sender),
            *letters.duplicate_letters(engine, open_, sender),
        )
    # An earlier look may have found more; its letters must not go out.
    workspace.vault.empty("letters/questions")
    for number, letter in enumerate(written, 1):
        name = f"letters/questions/{number:04}-{_file(letter.to or letter.branch)}.txt"
        workspace.vault.save_bytes(name, letter.text.encode())
    to_holders = holders.write(workspace.vault, found, sender)
    before = workspace.vault.load("questions", {})
    questions: dict[str, Any] = {}
    for member in challenged(found):
        own = [finding.id for finding in found if member in finding.members]
        known = before.get(member)
        # Who was asked about something else is asked about this, and what cleared that does not clear this.
        if known is None or set(own) - set(known["findings"]):
            known = {"asked": None, "cleared": None}
        questions[member] = {**known, "reply_by": sender.reply_by.isoformat(), "findings": own}
    workspace.vault.save("questions", questions)
    workspace.vault.save("findings", [finding.to_json() for finding in found])
    workspace.vault.save("looked", {**looked.inputs, "years": looked.look.years})
    listed = [
        {"left": p.left, "right": p.right, "because": p.because, "evidence": list(p.evidence)} for p in linked
    ]
    workspace.vault.save("links", listed)
    pairs.ask(workspace.vault, open_, sender.reply_by)
    return Inspection(found, linked, len(written) + to_holders)


def asked(workspace: Workspace, on: date, by: tuple[Holder, ...]) -> int:
    """The letters were sent on that day: note it for each person, and put the numbers on the record."""
    from selectorate.roll.signals import KINDS

    _demand(workspace, "Noting that people were asked", "imported")
    questions = workspace.vault.load("questions")
    findings = workspace.vault.load("findings")
    for question in questions.values():
        question["asked"] = question["asked"] or on.isoformat()
        # Who was written to later than planned has as long to answer.
        later = (date.fromisoformat(question["asked"]) + timedelta(days=REPLY_DAYS)).isoformat()
        question["reply_by"] = max(question.get("reply_by") or later, later)
    concerned = {
        kind: {m for f in findings if f["kind"] == kind for m in f["members"]} & set(questions)
        for kind in KINDS
    }
    data = {
        "findings": [
            {
                "kind": kind,
                "findings": cell(sum(f["kind"] == kind for f in findings)),
                "members": cell(len(concerned[kind])),
            }
            for kind in KINDS
        ],
        "asked": cell(len(questions)),
    }
    workspace.vault.save("questions", questions)
    pairs.asked(workspace.vault, on, REPLY_DAYS)
    holders.asked(workspace.vault, on.isoformat())
    workspace.append(Addition(Entry("roll.inspected", by, data)))
    return len(questions)


@dataclass(frozen=True, slots=True)
class Frozen:
    """How the rulebook decided over everybody: exact numbers, for the officer."""

    members: int
    outcomes: Mapping[str, int]
    clauses: tuple[tuple[str, str, int, int], ...]
    joined_around: tuple[int, int]


def freeze(workspace: Workspace, by: tuple[Holder, ...], bar: Bar | None = None) -> Frozen:
    """Decide everybody by the rulebook as at its freeze day, and freeze the roll. The reasons of each stand in
    their decision; `keeping.reasons` says them in words."""
    _demand(workspace, "Freezing the roll", "imported")
    workspace.demand_persons("roll.frozen", "Freezing the roll", by)
    book = workspace.rulebook
    day, today = book.day("freeze"), workspace.now.date()
    salt = secrets.token_bytes(32)
    sealing = frozen.Sealing(salt)
    with workspace.staged() as staging:
        # The votes that the rulebook gives become part of the roll when the freeze is on the record.
        tables = staging.copy("roll.duckdb") if book.weights else workspace.vault.path("roll.duckdb")
        with at_work(tables, workspace.vault.place) as engine:
            with showing(engine, bar, "Gathering the facts", deciding.members(engine)):
                lay_out(engine, book, deciding.TABLE)
                votes.settle(engine, book, deciding.TABLE)
                decided = deciding.numbers(engine, book)
            made = deciding.lines(engine, book, today, decided.members, bar)
            staging.write("decisions.jsonl", sealing.through(made))
            staging.write("outcomes.json", deciding.outcomes(engine, book, decided.members))
            near, listed = joined_around(engine, day), frozen.roll_digest(engine)
        staging.save("freeze-salt", salt.hex())
        until = today + timedelta(days=book.appeal.days)
        staging.save("deadlines", {"decided": today.isoformat(), "appeal_until": until.isoformat()})
        data = {
            "freeze": day.isoformat(),
            "members": decided.members,
            "eligible": cell(decided.outcomes["eligible"]),
            "not_eligible": cell(decided.outcomes["not eligible"]),
            "ask": cell(decided.outcomes["ask"]),
            "clauses": [
                {"id": clause, "cite": cite, "not_met": cell(no), "unknown": cell(unknown)}
                for clause, cite, no, unknown in decided.clauses
            ],
            "commitment": sealing.commitment(listed),
        }
        workspace.append_staged(staging, Addition(Entry("roll.frozen", by, data)))
    return Frozen(decided.members, decided.outcomes, decided.clauses, near)


def amend(workspace: Workspace, data: bytes, name: str, by: tuple[Holder, ...]) -> Written:
    """Carry out one decision: the rulebook decides again on the corrected facts, and must say the same.

    A finding never takes anybody out: `taken out` needs facts on which a clause fails. `answered` without
    facts clears a question that a finding raised.
    """
    _demand(workspace, "Amending the roll", "frozen")
    pending.settle(workspace)
    made = written.read(data, name, written.AMENDMENT)
    if any(one["file"] == data.decode() for one in workspace.vault.load("amendments", [])):
        raise refuse("roll.decision", file=name, because="it has been carried out already")
    outcomes = workspace.vault.load("outcomes")
    questions = workspace.vault.load("questions", {})
    if made.member not in outcomes:
        raise refuse("roll.decision", file=name, because=f"{made.member} is not on the roll")
    if made.facts or made.answer != "answered":
        outcomes[made.member] = _again(workspace, made, name)
    elif made.member in questions:
        questions[made.member]["cleared"] = made.on.isoformat()
    else:
        raise refuse(
            "roll.decision", file=name, because="it states no facts, and no question to this member is open"
        )
    salt = secrets.token_bytes(32)
    amendments = workspace.vault.load("amendments", [])
    kept = {"file": data.decode(), "salt": salt.hex(), "member": made.member, "change": made.answer}
    appeals = workspace.vault.load("appeals", {})
    if made.member in appeals:
        appeals[made.member] |= {"decided": made.on.isoformat(), "outcome": made.answer}
    entry = {
        "change": made.answer,
        "clause": made.clause,
        "decision": hashlib.sha256(salt + data).hexdigest(),
    }
    changed = {
        "amendments": [*amendments, kept],
        "questions": questions,
        "appeals": appeals,
        "outcomes": outcomes,
    }
    if made.answer == "taken out":
        changed["deadlines"] = _own_days(workspace, made)
    # The record decides: what is pending becomes the vault's once its entry is there, and is dropped else.
    pending.commit(workspace, Entry("roll.amended", by, entry), changed)
    return made


def _own_days(workspace: Workspace, made: Written) -> dict[str, Any]:
    """Whoever is taken out after the freeze has the rulebook's days to appeal, from the day of this act."""
    kept: dict[str, Any] = workspace.vault.load("deadlines", {})
    until = workspace.now.date() + timedelta(days=workspace.rulebook.appeal.days)
    own = {"decided": made.on.isoformat(), "appeal_until": until.isoformat()}
    return {**kept, "later": {**kept.get("later", {}), made.member: own}}


def _again(workspace: Workspace, made: Written, name: str) -> str:
    """What the rulebook says on the corrected facts; refuses a decision that says otherwise."""
    book = workspace.rulebook
    with at_work(workspace.vault.path("roll.duckdb")) as engine:
        known = told(engine, book, made.member)
    outcome = book.eligibility({**known, **made.facts}, subject=made.member).outcome
    wanted = {
        "put back": ("eligible",),
        "answered": ("eligible", "not eligible"),
        "taken out": ("not eligible",),
    }
    if outcome not in wanted[made.answer]:
        raise refuse("roll.departs", file=name, change=made.answer, outcome=outcome)
    return outcome


@dataclass(frozen=True, slots=True)
class Final:
    """electors: on the final roll; uuid: of the election promised; asking: how many stay in question."""

    electors: int
    weight: int
    uuid: str
    asking: int
    small_weights: tuple[tuple[int, int], ...]


def final(workspace: Workspace, by: tuple[Holder, ...], bar: Bar | None = None) -> Final:
    """Make the roll final: whoever is eligible or still being asked is an elector, with an ordinary credential.

    Raises Refusal `roll.not_asked` while somebody whom a finding concerns has not been asked, `roll.no_contest`
    where the rulebook has nothing to vote on.
    """
    from selectorate.ballot.make import new_uuid
    from selectorate.roll.electorate import small_classes

    _demand(workspace, "Making the roll final", "frozen")
    pending.settle(workspace)
    book = workspace.rulebook
    if not book.contests:
        raise refuse("roll.no_contest", version=book.version)
    silent = [m for m, q in workspace.vault.load("questions", {}).items() if not q["asked"]]
    if silent:
        raise refuse("roll.not_asked", number=len(silent), example=silent[0])
    with workspace.staged() as staging:
        with at_work(workspace.vault.path("roll.duckdb")) as engine:
            outcomes = frozen.demand_unchanged(workspace, engine)
            reviews.demand_unchanged(workspace)
            carried = votes.demand_known(engine, outcomes, votes.amended(workspace, engine))
            staging.write("electorate.csv", electors.addresses(engine, outcomes))
            made, weights = electors.sealed(engine, outcomes, carried, bar)
        excluded = electors.excluded(book, pending.decisions(workspace), outcomes)
        staging.write("slips.json", canon.pieces(made.slips(), canon.text))
        staging.write("weights.json", canon.pieces(zip(made.members, weights, strict=True), str))
        uuid = new_uuid(secrets.token_bytes(32))
        data = {
            "document": {"name": "commitments.json", "sha256": canon.sha256(made.document)},
            "electors": made.electors,
            "weight": made.weight,
            "root": made.root,
            "clauses": [{"id": clause, "excluded": cell(number)} for clause, number in excluded.items()],
            "elections": [{"contest": book.contests[0].id, "uuid": uuid}],
        }
        entry = Entry("roll.final", by, data)
        workspace.append_staged(staging, Addition(entry, documents=(("commitments.json", made.document),)))
    asking = sum(outcomes[member] == "ask" for member in made.members)
    return Final(made.electors, made.weight, uuid, asking, small_classes(weights))


def _file(member: str) -> str:
    """A member's number as a file name."""
    return "".join(char if char.isalnum() or char in "-_" else "_" for char in member)


def _demand(workspace: Workspace, act: str, *phases: str) -> None:
    if workspace.record.phase not in phases:
        raise refuse("log.order", act=act, phase=order.PHASES[workspace.record.phase])
