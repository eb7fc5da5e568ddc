"""Possible duplicates: both persons are asked, and what a named human found out goes on the record as numbers.
Nothing is merged, nobody is left out by it."""

from __future__ import annotations

import csv
import hashlib
import io
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from selectorate import canon
from selectorate.errors import refuse
from selectorate.log.objects import Entry, Holder, cell
from selectorate.office.keeping import pending

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from selectorate.office.vault import Vault
    from selectorate.office.workspace import Workspace

ANSWERS = ("same person", "two persons", "not settled")
"""What a human may find. `same person` changes nothing by itself: which record stays is a decision under the
rulebook (`roll amend`), with its reasons and an appeal."""
COLUMNS = ("left", "right", "answer", "reason", "on")
_NOTED = (*COLUMNS, "by")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What was found out about a pair, by whom, when and why."""

    left: str
    right: str
    answer: str
    by: str
    on: date
    reason: str


def read(content: bytes, name: str, by: str) -> tuple[Resolution, ...]:
    """Many at once: CSV in UTF-8 with the columns left, right, answer, reason, on. Raises Refusal `roll.pairs_file`."""
    try:
        lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as reason:
        raise refuse(
            "roll.pairs_file", file=name, row=1, because=f"it is no CSV in UTF-8 ({reason})"
        ) from None
    if not lines or not set(COLUMNS) <= set(lines[0]):
        because = f"it has no line, or not the columns {', '.join(COLUMNS)}"
        raise refuse("roll.pairs_file", file=name, row=1, because=because)
    return tuple(_line(line, number, name, by) for number, line in enumerate(lines, 2))


def _line(line: Mapping[str, str | None], number: int, name: str, by: str) -> Resolution:
    told = {column: " ".join((line[column] or "").split()) for column in COLUMNS}
    if told["answer"] not in ANSWERS:
        because = f"answer is {told['answer'] or 'empty'}; it is one of: {', '.join(ANSWERS)}"
        raise refuse("roll.pairs_file", file=name, row=number, because=because)
    try:
        on = date.fromisoformat(told["on"])
    except ValueError:
        because = f"`on` is {told['on'] or 'empty'}; write a day as 2027-01-09"
        raise refuse("roll.pairs_file", file=name, row=number, because=because) from None
    return Resolution(told["left"], told["right"], told["answer"], by, on, told["reason"])


def ask(vault: Vault, pairs: Sequence[Any], reply_by: date) -> None:
    """Both records of each pair have a letter with that last day; who was asked before stays asked."""
    before = vault.load("pairs-asked", {})
    members = sorted({member for one in pairs for member in (one.left, one.right)})
    fresh = {m: {"asked": None, **before.get(m, {}), "reply_by": reply_by.isoformat()} for m in members}
    vault.save("pairs-asked", before | fresh)


def asked(vault: Vault, on: date, days: int) -> None:
    """The letters were sent on that day; who was written to later than planned has as long to answer."""
    known = vault.load("pairs-asked", {})
    for one in known.values():
        one["asked"] = one["asked"] or on.isoformat()
        later = (date.fromisoformat(one["asked"]) + timedelta(days=days)).isoformat()
        one["reply_by"] = max(one["reply_by"], later)
    vault.save("pairs-asked", known)


def resolve(workspace: Workspace, found: Sequence[Resolution], by: tuple[Holder, ...]) -> None:
    """Note all of it in the vault, beneath what was noted before, and the numbers on the record; the last word
    about a pair counts. Nothing of it is noted where one cannot be.

    Raises Refusal `roll.pair` for a pair that the last look did not show, `roll.pair_reason` without a reason,
    `roll.pair_asked` for "same person" while one of them was not asked or may still answer, `roll.day`.
    """
    pending.demand(workspace, "Resolving possible duplicates", "imported", "frozen")
    pending.demand_kept(workspace, "links.json")
    pending.settle(workspace)
    vault = workspace.vault
    known = {(one["left"], one["right"]) for one in vault.load("links", [])}
    questions, replies = vault.load("pairs-asked", {}), vault.load("replies", {})
    noted = []
    for one in found:
        left, right = sorted((one.left, one.right))
        if (left, right) not in known:
            raise refuse("roll.pair", left=left, right=right)
        reason = " ".join(one.reason.split())
        if not reason:
            raise refuse("roll.pair_reason", left=left, right=right)
        pending.demand_day(one.on, None, workspace.now.date(), "The day on which it was found out")
        if one.answer == "same person":
            for member in (left, right):
                _demand_asked(member, questions.get(member), member in replies, one.on)
        told = {"left": left, "right": right, "answer": one.answer, "by": one.by}
        noted.append({**told, "on": one.on.isoformat(), "reason": reason})
    salt = secrets.token_bytes(32)
    act = _commitment(salt, noted)
    kept = [*vault.load("links-resolved", []), *({**one, "salt": salt.hex(), "act": act} for one in noted)]
    answers = Counter(one["answer"] for one in noted)
    entry = {answer.replace(" ", "_"): cell(answers[answer]) for answer in ANSWERS}
    pending.commit(
        workspace, Entry("roll.resolved", by, {**entry, "resolutions": act}), {"links-resolved": kept}
    )


def _demand_asked(member: str, question: Mapping[str, Any] | None, replied: bool, on: date) -> None:
    """Whoever may be the same person has a say first. Raises Refusal `roll.pair_asked`."""
    if question is None or not question["asked"]:
        raise refuse(
            "roll.pair_asked", member=member, because="the letter to this member is not noted as sent"
        )
    if not replied and on.isoformat() <= question["reply_by"]:
        because = f"this member may answer until {question['reply_by']}, and has not yet"
        raise refuse("roll.pair_asked", member=member, because=because)


def _commitment(salt: bytes, noted: Sequence[Mapping[str, Any]]) -> str:
    plain = [{name: one[name] for name in _NOTED} for one in noted]
    return hashlib.sha256(salt + canon.encode(plain)).hexdigest()


def demand_on_record(workspace: Workspace) -> None:
    """Raises Refusal `roll.edited` where the vault's resolutions are not those of the record."""
    acts: dict[str, list[Mapping[str, Any]]] = {}
    for one in workspace.vault.load("links-resolved", []):
        acts.setdefault(one["act"], []).append(one)
    here = [_commitment(bytes.fromhex(noted[0]["salt"]), noted) for noted in acts.values()]
    there = [e.data["resolutions"] for e in workspace.record.entries if e.act == "roll.resolved"]
    if here != there:
        raise refuse("roll.edited", what="What was found about a possible duplicate")


def resolved(vault: Vault) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """The last word about each pair of which there is one."""
    return {(one["left"], one["right"]): one for one in vault.load("links-resolved", [])}


def same(vault: Vault) -> tuple[tuple[str, str], ...]:
    """The pairs that a human found to be one person."""
    return tuple(pair for pair, one in resolved(vault).items() if one["answer"] == "same person")


def standing(vault: Vault, left: str, right: str) -> str:
    """How a pair stands, in words for the officer's page."""
    known = resolved(vault).get((left, right))
    if known is None:
        return "both persons are asked; nothing is merged"
    return f"{known['answer']}, {known['by']} found on {known['on']}: {known['reason']}"


def unsettled(vault: Vault, pairs: Sequence[Any]) -> tuple[Any, ...]:
    """The pairs to ask about: not those that a human has found to be two persons."""
    known = resolved(vault)
    return tuple(one for one in pairs if known.get((one.left, one.right), {}).get("answer") != "two persons")
