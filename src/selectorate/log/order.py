"""Which act may follow which, what each act says, and which fields it has: one table for everybody.

The office refuses to write what this table does not allow, and the verifier refuses to accept it (duties L1,
L3 and L7 of docs/formats/entries.md). A record walks through phases; an act names the phases in which it may
happen and the phase that it leads to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from selectorate.errors import Refusal, refuse
from selectorate.log.objects import Entry

Field = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 10_000


def _number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _counted_from_1(value: Any) -> bool:
    return _number(value) and value >= 1


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _matches(pattern: str) -> Field:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _list(field: Field) -> Field:
    return lambda value: isinstance(value, list) and all(field(one) for one in value)


def _record(**fields: Field) -> Field:
    return lambda value: (
        isinstance(value, dict) and set(value) == set(fields) and all(f(value[n]) for n, f in fields.items())
    )


def _none_or(field: Field) -> Field:
    return lambda value: value is None or field(value)


def _document(name: str) -> Field:
    return _record(name=lambda value: value == name, sha256=_hash)


def _one_of(*values: str) -> Field:
    return lambda value: value in values


def _cell(value: Any) -> bool:
    """Either form of a cell. Whether the number is large enough is a duty of its own (L8), not checked here."""
    return _number(value) or value == "fewer than 10"


def _tens(value: Any) -> bool:
    """A cell rounded down to tens: with a total that is known, the exact number would tell the rest of it."""
    return value == "fewer than 10" or (_number(value) and value % 10 == 0)


def _refused_document(value: Any) -> bool:
    """refused-N.json; that N is the trustee's number is the office's to see to and P8's to check."""
    return (
        isinstance(value, dict)
        and set(value) == {"name", "sha256"}
        and _refused_name(value["name"])
        and _hash(value["sha256"])
    )


_hash = _matches("[0-9a-f]{64}")
_decimal = _matches("0|[1-9][0-9]{0,1999}")
_refused_name = _matches("refused-[1-9][0-9]{0,3}[.]json")
_uuid = _matches("[1-9A-HJ-NP-Za-km-z]{14,64}")
_date = _matches(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of act: its sentence for people, when it may happen, what it carries, who must sign."""

    sentence: str
    phases: tuple[str, ...]
    leads_to: str | None
    fields: dict[str, Field]
    persons: int = 1


_BEFORE_FINAL = ("adopted", "imported", "frozen")
_TALLIED = ("tallied", "mixing", "mixed", "decrypting")
_SINCE_FINAL = (
    "final",
    "opened",
    "polling",
    "closed",
    "ended",
    *_TALLIED,
    "result",
    "declared",
    "certified",
)
_ANYWHERE = (*_BEFORE_FINAL, *_SINCE_FINAL)
_SINCE_IMPORT = ("imported", "frozen", *_SINCE_FINAL)

ACTS: dict[str, Act] = {
    "log.opened": Act(
        "The record of {organisation} was opened.",
        ("empty",),
        "opened record",
        {"organisation": _text, "origin": _text, "key": _text, "demonstration": _flag},
    ),
    "rulebook.adopted": Act(
        "Rulebook {version} is in force.",
        ("opened record",),
        "adopted",
        {"document": _document("rulebook.toml"), "version": _text},
    ),
    "roll.imported": Act(
        "The membership roll was imported: {kept} of {rows} rows kept.",
        ("adopted",),
        "imported",
        {
            "files": _number,
            "rows": _number,
            "kept": _number,
            "left_out": _cell,
            "refused_columns": _list(_text),
            "commitment": _hash,
        },
    ),
    "roll.inspected": Act(
        "The roll was inspected; the officer has the findings and everybody concerned was asked.",
        ("imported",),
        None,
        {"findings": _list(_record(kind=_text, findings=_cell, members=_cell)), "asked": _cell},
    ),
    "roll.resolved": Act(
        "Possible duplicates were looked at by a person; nothing was merged.",
        ("imported", "frozen"),
        None,
        {"same_person": _cell, "two_persons": _cell, "not_settled": _cell, "resolutions": _hash},
    ),
    "roll.reviewed": Act(
        "A reviewer decided about members of a finding ({kind}); nobody was taken off the roll by it.",
        ("imported", "frozen", "final"),
        None,
        {"kind": _text, "cleared": _tens, "unresolved": _tens, "withdrawn": _tens, "reviews": _hash},
    ),
    "roll.frozen": Act(
        "The roll was frozen as of {freeze}: {members} members were decided by the same rules.",
        ("imported",),
        "frozen",
        {
            "freeze": _date,
            "members": _number,
            "eligible": _cell,
            "not_eligible": _cell,
            "ask": _cell,
            "clauses": _list(_record(id=_text, cite=_text, not_met=_cell, unknown=_cell)),
            "commitment": _hash,
        },
        persons=2,
    ),
    "roll.amended": Act(
        "A decision changed the roll under {clause}: {change}.",
        ("frozen",),
        None,
        {"change": _one_of("put back", "answered", "taken out"), "clause": _text, "decision": _hash},
    ),
    "roll.final": Act(
        "The roll is final: {electors} electors.",
        ("frozen",),
        "final",
        {
            "document": _document("commitments.json"),
            "electors": _number,
            "weight": _number,
            "root": _hash,
            "clauses": _list(_record(id=_text, excluded=_cell)),
            "elections": _list(_record(contest=_text, uuid=_uuid)),
        },
    ),
    "credential.replaced": Act(
        "A lost voting letter was replaced before the poll opened.",
        ("final",),
        None,
        {"uuid": _uuid, "old": _text, "new": _text},
    ),
    "trustee.held": Act(
        "Trustee {trustee} proved to hold the key.",
        ("final",),
        None,
        {
            "uuid": _uuid,
            "trustee": _counted_from_1,
            "public_key": _text,
            "size": _number,
            "root": _hash,
            "challenge": _decimal,
            "response": _decimal,
        },
    ),
    "letters.destroyed": Act(
        "The voting letters of batch {batch} were destroyed after delivery.",
        _SINCE_FINAL,
        None,
        {"uuid": _uuid, "batch": _text, "letters": _cell},
    ),
    "poll.opened": Act(
        "The poll for {contest} was opened.",
        ("final",),
        "opened",
        {
            "contest": _text,
            "uuid": _uuid,
            "election": _hash,
            "document": _document("candidates.json"),
            "order_seed": _hash,
            "tie_commitment": _hash,
            "rankings_public": _flag,
            "patterns": _matches("0|[1-9][0-9]*"),
            "unused_permille": _number,
            "mixers_at_least": _number,
        },
        persons=2,
    ),
    # `bel.event` has a row per type below: the phases of the archive are part of the same walk.
    "bel.event": Act("", (), None, {"height": _number, "type": _text, "event": _hash}, persons=0),
    "poll.closed": Act(
        "The poll was closed with {accepted} accepted ballots.",
        ("polling",),
        "closed",
        {"uuid": _uuid, "accepted": _number},
        persons=2,
    ),
    "decryption.refused": Act(
        "A decryption of trustee {trustee} was refused: duty {duty} does not hold.",
        _TALLIED,
        None,
        {
            "uuid": _uuid,
            "trustee": _counted_from_1,
            "duty": _one_of("D1", "D2", "D3"),
            "object": _hash,
            "document": _none_or(_refused_document),
        },
    ),
    "decryption.small": Act(
        "Trustee {trustee} said yes to decrypting only {counted} ballots; the rulebook's floor is {floor}.",
        _TALLIED,
        None,
        {"uuid": _uuid, "trustee": _counted_from_1, "counted": _number, "floor": _number},
    ),
    "sheet.declared": Act(
        "The count was declared.",
        ("result",),
        "declared",
        {"document": _document("sheet.json"), "uuid": _uuid, "tie_seed": _hash, "elected": _list(_text)},
    ),
    "certificate.issued": Act(
        "The certificate was issued: {word}.",
        ("declared",),
        "certified",
        {
            "document": _document("certificate.json"),
            "uuid": _uuid,
            "word": _one_of("certified", "not certified", "could change"),
        },
    ),
    "appeal.decided": Act(
        "An appeal under {clause} was decided: {outcome}.",
        ("frozen", *_SINCE_FINAL),
        None,
        {"outcome": _one_of("dismissed", "upheld too late"), "clause": _text, "decision": _hash},
    ),
    "sample.drawn": Act(
        "Sample {sample} was drawn by lot, to ask members whether they joined themselves.",
        _SINCE_IMPORT,
        None,
        {
            "sample": _counted_from_1,
            "members": _cell,
            "asked": _cell,
            "bound_permille": _number,
            "confidence_permille": _number,
            "throw": _text,
            "seed": _hash,
            "listed": _hash,
        },
    ),
    "sample.settled": Act(
        "The answers of sample {sample} are in.",
        _SINCE_IMPORT,
        None,
        {"sample": _counted_from_1, "confirmed": _cell, "reached": _flag, "answers": _hash},
    ),
    "register.inspected": Act(
        "A {asked_by} asked for the register to be inspected: {outcome}.",
        _ANYWHERE,
        None,
        {
            "asked_by": _one_of("member", "candidate", "scrutineer"),
            "outcome": _one_of("inspected", "declined"),
            "found": _one_of("accurate", "matters to attend to", "not looked at"),
            "because": _text,
            "request": _hash,
        },
    ),
    "vault.viewed": Act(
        "Looks into the private files since the last count were counted.",
        _ANYWHERE,
        None,
        {"views": _cell, "operators": _cell, "journal": _hash},
    ),
    "vault.destroyed": Act(
        "Private files were destroyed as the rule of retention says: {kind}, due {due}.",
        _ANYWHERE,
        None,
        {"kind": _text, "rule": _text, "due": _date, "files": _number, "listed": _hash},
    ),
    "case.decided": Act(
        "A case was decided under {cite}: {outcome}.",
        _ANYWHERE,
        None,
        {
            "decision": _text,
            "about": _text,
            "cite": _text,
            "outcome": _text,
            "fingerprint": _hash,
            "appeal_days": _number,
            "departure": _none_or(_record(computed=_text, reason=_text)),
            "subject": _hash,
        },
    ),
}

EVENTS: dict[str, tuple[str, tuple[str, ...], str]] = {
    # type: (sentence, phases, leads to)
    "Setup": ("The election was set up.", ("opened",), "polling"),
    "Ballot": ("A ballot was accepted.", ("polling",), "polling"),
    "EndBallots": ("No further ballot is accepted.", ("closed",), "ended"),
    "EncryptedTally": ("The encrypted tally was made.", ("ended",), "tallied"),
    "Shuffle": ("A mixer shuffled the ballots.", ("tallied", "mixing"), "mixing"),
    "EndShuffles": ("Mixing ended.", ("mixing",), "mixed"),
    "PartialDecryption": ("A trustee decrypted.", ("tallied", "mixed", "decrypting"), "decrypting"),
    "Result": ("The result was computed.", ("decrypting",), "result"),
}


def walk(phase: str, entry: Entry, *, persons: bool = True) -> str:
    """The phase after `entry`. Raises Refusal `log.act`, `log.entry`, `log.order` or, with `persons`,
    `log.persons`."""
    act = ACTS.get(entry.act)
    if act is None:
        raise refuse("log.act", act=entry.act)
    fields(entry)
    phases, leads_to = act.phases, act.leads_to
    if entry.act == "bel.event":
        if entry.data["type"] not in EVENTS:
            raise refuse("log.act", act=f"bel.event {entry.data['type']}")
        _, phases, leads_to = EVENTS[entry.data["type"]]
    if phase not in phases:
        raise refuse("log.order", act=says(entry), phase=PHASES[phase])
    if persons and len({holder.name for holder in entry.by}) < act.persons:
        raise refuse("log.persons", act=says(entry), persons=act.persons)
    return leads_to or phase


def fields(entry: Entry) -> None:
    """Raise Refusal `log.entry` unless the act's data have exactly its fields, each of its kind (duty L1)."""
    if entry.act not in ACTS:
        raise refuse("log.act", act=entry.act)
    wanted = ACTS[entry.act].fields
    if set(entry.data) != set(wanted):
        odd = ", ".join(sorted(set(entry.data) ^ set(wanted)))
        raise refuse("log.entry", number=entry.act, because=f"fields missing or unknown: {odd}")
    for name, field in wanted.items():
        if not field(entry.data[name]):
            raise refuse("log.entry", number=entry.act, because=f"`{name}` is not of its kind")


def phase_after(entries: Iterable[Entry]) -> str:
    """The phase a record has reached."""
    phase = "empty"
    for entry in entries:
        phase = walk(phase, entry)
    return phase


def faults(entries: Iterable[Entry]) -> list[tuple[int, Refusal]]:
    """Every entry that may not stand where it stands, or lacks a person.

    After a fault of order the walk goes on from the phase before it; one person too few does not stop it.
    """
    found: list[tuple[int, Refusal]] = []
    phase = "empty"
    for number, entry in enumerate(entries):
        try:
            after = walk(phase, entry)
        except Refusal as reason:
            found.append((number, reason))
            after = walk(phase, entry, persons=False) if reason.code == "log.persons" else phase
        phase = after
    return found


def says(entry: Entry) -> str:
    """The entry as one sentence for people."""
    if entry.act == "bel.event":
        kind = entry.data.get("type")
        return EVENTS[kind][0] if kind in EVENTS else "An event of the election."
    return ACTS[entry.act].sentence.format_map(entry.data) if entry.act in ACTS else entry.act


PHASES: dict[str, str] = {
    "empty": "nothing has been done yet",
    "opened record": "the record is open, no rulebook is in force",
    "adopted": "the rulebook is in force, no roll has been imported",
    "imported": "the roll is imported and not frozen",
    "frozen": "the roll is frozen and not final",
    "final": "the roll is final and the poll is not open",
    "opened": "the poll is being opened",
    "polling": "the poll is open",
    "closed": "the poll is closed, the encrypted tally is not made",
    "ended": "the poll is closed, the encrypted tally is not made",
    "tallied": "the encrypted tally is made",
    "mixing": "mixing is under way",
    "mixed": "mixing is over, decryption has not begun",
    "decrypting": "decryption is under way",
    "result": "the result is there, the count is not declared",
    "declared": "the count is declared",
    "certified": "the certificate is issued",
}
