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
from selectorate.office.engines import at_work
from selectorate.office.keeping import frozen, pairs, pending, written
from selectorate.office.keeping.written import Written
from selectorate.office.rulebook import joined_around, told
from selectorate.office.settling import reviews
from selectorate.office.store import Addition
from selectorate.office.workspace import Workspace

if TYPE_CHECKING:
    from selectorate.roll.intake import Intake
    from selectorate.roll.objects import Finding, Link
    from selectorate.roll.reading import Reading
    from selectorate.rules import Decision


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
    readings = read_exports(paths, encoding=encoding, dates=dates, map_=map_)
    if show is not None and not any(reading.problems for reading in readings):
        for reading in readings:
            show(reading)
    key = files.read(workspace.vault.path("token.key"))
    tables = workspace.vault.path("roll.duckdb")
    fresh = not tables.exists()
    try:
        with at_work(tables) as engine:
            intake = take_in(engine, readings, key)
            note_histories(engine, readings, covers)
    except BaseException:
        # Tables that nothing was taken into would look like a roll.
        for path in (tables, tables.with_suffix(".duckdb.wal")) if fresh else ():
            path.unlink(missing_ok=True)
        raise
    salt = secrets.token_bytes(32)
    workspace.vault.save("import-salt", salt.hex())
    workspace.append(Addition(Entry("roll.imported", by, intake.entry(salt))))
    return intake


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found; letters: how many were written, in vault/letters/questions."""

    findings: tuple[Finding, ...]
    links: tuple[Link, ...]
    letters: int


REPLY_DAYS = 14
"""How long a person has to answer a letter about a finding, at least."""


def inspect(workspace: Workspace, officer: str, answer_to: str, schemes: Sequence[str] = ()) -> Inspection:
    """Look at the roll and write a letter to each person concerned. Nothing goes on the record yet: first
    people are asked (`asked`).

    schemes: payment references of arrangements the organisation knows (an employer, a home, a hall).
    """
    from selectorate.roll import letters
    from selectorate.roll.links import links
    from selectorate.roll.signals import Declared, challenged, find
    from selectorate.roll.tokens import tokens

    _demand(workspace, "Inspecting the roll", "imported")
    book = workspace.rulebook
    key = files.read(workspace.vault.path("token.key"))
    declared = Declared(frozenset(token for token in tokens(key, "payer", schemes) if token))
    today = workspace.now.date()
    sender = letters.Sender(book.organisation, officer, answer_to, today, today + timedelta(days=REPLY_DAYS))
    with at_work(workspace.vault.path("roll.duckdb")) as engine:
        found, linked = find(engine, book.day("freeze"), declared), links(engine)
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
    before = workspace.vault.load("questions", {})
    questions: dict[str, Any] = {}
    for member in challenged(found):
        questions[member] = before.get(member) or {"asked": None, "cleared": None}
        questions[member]["reply_by"] = sender.reply_by.isoformat()
        questions[member]["findings"] = [finding.id for finding in found if member in finding.members]
    workspace.vault.save("questions", questions)
    workspace.vault.save("findings", [finding.to_json() for finding in found])
    listed = [
        {"left": p.left, "right": p.right, "because": p.because, "evidence": list(p.evidence)} for p in linked
    ]
    workspace.vault.save("links", listed)
    pairs.ask(workspace.vault, open_, sender.reply_by)
    return Inspection(found, linked, len(written))


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
    workspace.append(Addition(Entry("roll.inspected", by, data)))
    return len(questions)


@dataclass(frozen=True, slots=True)
class Frozen:
    """How the rulebook decided over everybody: exact numbers, for the officer."""

    members: int
    outcomes: Mapping[str, int]
    clauses: tuple[tuple[str, str, int, int], ...]
    joined_around: tuple[int, int]


def freeze(workspace: Workspace, by: tuple[Holder, ...]) -> Frozen:
    """Decide everybody by the rulebook as at its freeze day, with reasons for each, and freeze the roll."""
    from selectorate.rules import statement

    _demand(workspace, "Freezing the roll", "imported")
    workspace.demand_persons("roll.frozen", "Freezing the roll", by)
    book = workspace.rulebook
    day, today = book.day("freeze"), workspace.now.date()
    decisions: list[Decision] = []
    with at_work(workspace.vault.path("roll.duckdb")) as engine:
        for member, known in told(engine, book):
            decisions.append(book.eligibility(known, subject=member, by="the rulebook", decided=today))
        near, listed = joined_around(engine, day), frozen.roll_digest(engine)
    text = b"\n".join(one.to_json() for one in decisions)
    salt = secrets.token_bytes(32)
    workspace.vault.save_bytes("decisions.jsonl", text)
    reasons = (canon.encode({"member": one.subject, "text": statement(book, one)}) for one in decisions)
    workspace.vault.save_bytes("letters/reasons.jsonl", b"\n".join(reasons))
    workspace.vault.save("freeze-salt", salt.hex())
    until = today + timedelta(days=book.appeal.days)
    workspace.vault.save("deadlines", {"decided": today.isoformat(), "appeal_until": until.isoformat()})
    workspace.vault.save("outcomes", {one.subject: one.outcome for one in decisions})
    outcomes = {
        word: sum(one.outcome == word for one in decisions) for word in ("eligible", "not eligible", "ask")
    }
    clauses = book.tally(decisions)
    data = {
        "freeze": day.isoformat(),
        "members": len(decisions),
        "eligible": cell(outcomes["eligible"]),
        "not_eligible": cell(outcomes["not eligible"]),
        "ask": cell(outcomes["ask"]),
        "clauses": [
            {"id": clause, "cite": cite, "not_met": cell(no), "unknown": cell(unknown)}
            for clause, cite, no, unknown in clauses
        ],
        "commitment": frozen.commitment(salt, text, listed),
    }
    workspace.append(Addition(Entry("roll.frozen", by, data)))
    return Frozen(len(decisions), outcomes, clauses, near)


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
        known = next((found for member, found in told(engine, book) if member == made.member), {})
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


def final(workspace: Workspace, by: tuple[Holder, ...]) -> Final:
    """Make the roll final: whoever is eligible or still being asked is an elector, with an ordinary credential.

    Raises Refusal `roll.not_asked` while somebody whom a finding concerns has not been asked, `roll.no_contest`
    where the rulebook has nothing to vote on.
    """
    from selectorate.ballot.make import new_uuid
    from selectorate.roll import electorate
    from selectorate.roll.facts import electors

    _demand(workspace, "Making the roll final", "frozen")
    pending.settle(workspace)
    book = workspace.rulebook
    if not book.contests:
        raise refuse("roll.no_contest", version=book.version)
    outcomes = workspace.vault.load("outcomes")
    silent = [m for m, q in workspace.vault.load("questions", {}).items() if not q["asked"]]
    if silent:
        raise refuse("roll.not_asked", number=len(silent), example=silent[0])
    with at_work(workspace.vault.path("roll.duckdb")) as engine:
        frozen.demand_unchanged(workspace, engine)
        reviews.demand_unchanged(workspace)
        chosen = [one for one in electors(engine) if outcomes[one.member] != "not eligible"]
        columns = ("member_id", "name", "address_1", "address_2", "locality", "postcode", "email", "branch")
        rows = {r[0]: r for r in engine.execute(f"SELECT {', '.join(columns)} FROM members").fetchall()}  # noqa: S608
    made = electorate.make(chosen, [secrets.token_bytes(32) for _ in chosen])
    uuid = new_uuid(secrets.token_bytes(32))
    workspace.vault.save("slips", {member: slip.to_json().decode() for member, slip in made.slips})
    workspace.vault.save("weights", {one.member: one.weight for one in chosen})
    workspace.vault.save_bytes("electorate.csv", _letters(columns, [rows[one.member] for one in chosen]))
    data = {
        "document": {"name": "commitments.json", "sha256": canon.sha256(made.document)},
        "electors": made.electors,
        "weight": made.weight,
        "root": made.root,
        "clauses": [
            {"id": clause, "excluded": cell(number)}
            for clause, number in _excluded(workspace, outcomes).items()
        ],
        "elections": [{"contest": book.contests[0].id, "uuid": uuid}],
    }
    workspace.append(
        Addition(Entry("roll.final", by, data), documents=(("commitments.json", made.document),))
    )
    asking = sum(outcomes[one.member] == "ask" for one in chosen)
    return Final(made.electors, made.weight, uuid, asking, electorate.small_classes(chosen))


def _excluded(workspace: Workspace, outcomes: Mapping[str, str]) -> dict[str, int]:
    """How many each clause excludes, by the first clause that they fail."""
    import json

    book = workspace.rulebook
    firm = [clause.id for clause in book.clauses if clause.otherwise == "not eligible"]
    counts = dict.fromkeys(firm, 0)
    for line in files.read(workspace.vault.path("decisions.jsonl")).splitlines():
        decision = json.loads(line)
        if outcomes[decision["subject"]] == "not eligible":
            failed = [
                f["clause"] for f in decision["findings"] if f["holds"] is False and f["clause"] in counts
            ]
            if failed:
                counts[failed[0]] += 1
    return counts


def _letters(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """electorate.csv for the credential authority: who gets a letter, and where it goes."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["member", *columns[1:]])
    writer.writerows([_guarded(str(text or "")) for text in row] for row in rows)
    return out.getvalue().encode()


def _guarded(text: str) -> str:
    """A cell that a spreadsheet does not take for a formula (the authority may open this file in one): an apostrophe
    before it, and before one that has apostrophes there already, so that taking one away gives back what was."""
    return f"'{text}" if text.lstrip("'")[:1] in tuple("=+-@\t\r") else text


def _file(member: str) -> str:
    """A member's number as a file name."""
    return "".join(char if char.isalnum() or char in "-_" else "_" for char in member)


def _demand(workspace: Workspace, act: str, *phases: str) -> None:
    if workspace.record.phase not in phases:
        raise refuse("log.order", act=act, phase=order.PHASES[workspace.record.phase])
