"""A reviewer decides about the members of a finding, one by one, and the numbers go on the record.

`cleared` closes the question to a member once every finding about them is cleared; `unresolved` leaves them
challenged, and `withdrawn` too, as long as they stand on the roll. No decision here takes anybody off it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from selectorate import canon
from selectorate.errors import refuse
from selectorate.log.objects import CELL_MIN, Entry, Holder
from selectorate.office.keeping import pending
from selectorate.office.settling.reviewers import demand_free
from selectorate.roll.settling.decisions import DECISIONS, Decided, known

if TYPE_CHECKING:
    from selectorate.office.vault import Vault
    from selectorate.office.workspace import Workspace

ROLE = "reviewer"
_NOTED = ("finding", "kind", "member", "decision", "code", "reason", "by", "on")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one act decided: how many by decision, and how many members of the finding are still open."""

    decided: Mapping[str, int]
    open: int


def review(workspace: Workspace, finding: str, found: Sequence[Decided], reviewer: str) -> Outcome:
    """Note all of it in the vault and the numbers on the record; nothing of it where one cannot be.

    Raises Refusal `roll.finding` for a finding that the last look did not show, `roll.reviewer` for somebody who may
    not decide, `roll.review` for a decision that cannot be made (yet), `roll.day`, `log.order` once the poll is open.
    """
    pending.demand(workspace, "Deciding about a finding", "imported", "frozen", "final")
    pending.demand_kept(workspace, "findings.json")
    pending.settle(workspace)
    vault = workspace.vault
    one = of(vault, finding)
    demand_free(workspace, reviewer, one)
    questions, replies = vault.load("questions", {}), vault.load("replies", {})
    for each in found:
        _demand(workspace, one, each, questions.get(each.member), each.member in replies)
    noted = [
        {
            "finding": finding,
            "kind": one["kind"],
            "member": each.member,
            "decision": each.decision,
            "code": each.code,
            "reason": each.reason,
            "by": reviewer,
            "on": each.on.isoformat(),
        }
        for each in found
    ]
    salt = secrets.token_bytes(32)
    act = _commitment(salt, noted)
    kept = [*vault.load("reviews", []), *({**each, "salt": salt.hex(), "act": act} for each in noted)]
    counts = Counter(each.decision for each in found)
    entry = {"kind": one["kind"], **{word: tens(counts[word]) for word in DECISIONS}, "reviews": act}
    changed = {"reviews": kept, "questions": _settled(questions, kept, [each.member for each in found])}
    pending.commit(workspace, Entry("roll.reviewed", (Holder(ROLE, reviewer),), entry), changed)
    decided = last(vault)
    people = concerned(one)
    return Outcome(counts, sum((finding, member) not in decided for member in people))


def of(vault: Vault, finding: str) -> Mapping[str, Any]:
    """The finding of that id, as the last look had it. Raises Refusal `roll.finding`."""
    listed: Sequence[Mapping[str, Any]] = vault.load("findings", [])
    for one in listed:
        if one["id"] == finding:
            return one
    raise refuse("roll.finding", finding=finding, known=", ".join(one["id"] for one in listed[:5]) or "none")


def concerned(finding: Mapping[str, Any]) -> list[str]:
    """The members of whom a finding asks something, to be decided each; [""] where it is decided as a whole: it names
    nobody, or names people to whom something was done and who are heard."""
    from selectorate.roll.signals import HEARD

    members = [] if finding["kind"] in HEARD else [str(member) for member in finding["members"]]
    return members or [""]


def last(vault: Vault) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """The last decision by (finding, member); member "" for a finding that names nobody."""
    return {(one["finding"], one["member"]): one for one in vault.load("reviews", [])}


def weights_of(vault: Vault) -> Mapping[str, int]:
    """What the next look gives each kind of signal, in thousandths; kinds with full weight are not in it."""
    from selectorate.roll.settling.weights import reviewed, weights

    seen: dict[str, dict[str, Any]] = {}
    for one in vault.load("reviews", []):
        seen.setdefault(one["finding"], {"id": one["finding"], "kind": one["kind"], "members": set()})
        seen[one["finding"]]["members"] |= {one["member"]} - {""}
    for one in vault.load("findings", []):
        if one["id"] in seen:
            seen[one["id"]]["members"] = set(concerned(one)) - {""}
    return weights(
        reviewed([{**one, "members": sorted(one["members"])} for one in seen.values()], last(vault))
    )


def demand_unchanged(workspace: Workspace) -> None:
    """Raises Refusal `roll.edited` where the decisions in the vault are not those on the record."""
    acts: dict[str, list[Mapping[str, Any]]] = {}
    for one in workspace.vault.load("reviews", []):
        acts.setdefault(one["act"], []).append(one)
    here = [_commitment(bytes.fromhex(noted[0]["salt"]), noted) for noted in acts.values()]
    there = [e.data["reviews"] for e in workspace.record.entries if e.act == "roll.reviewed"]
    if here != there:
        raise refuse("roll.edited", what="A decision about a finding")


def tens(number: int) -> int | str:
    """A number as it is published: rounded down to tens, so that what is left of a known total tells no few."""
    return number // 10 * 10 if number == 0 or number >= CELL_MIN else "fewer than 10"


def _demand(
    workspace: Workspace,
    one: Mapping[str, Any],
    each: Decided,
    question: Mapping[str, Any] | None,
    replied: bool,
) -> None:
    """Raises Refusal `roll.review` with what stands in the way of one decision."""
    people = concerned(one)
    about = each.member or one["id"]
    because = ""
    wrong = known(each.decision, each.code, "member" if each.member else "branch")
    if each.member not in people:
        because = "it names members: decide each of them"
        if each.member:
            because = "the finding puts no question to this member"
    elif wrong:
        because = f"the code {each.code or '(none)'} is not one of {', '.join(wrong)}"
    elif not " ".join(each.reason.split()):
        because = "it has no reason in words"
    elif each.decision == "withdrawn" and not replied:
        because = "no answer of the member is noted, and nobody else can withdraw them"
    elif each.decision == "unresolved" and each.member and not replied:
        if question is None or not question["asked"]:
            because = "the member has not been asked"
        elif each.on.isoformat() <= question["reply_by"]:
            because = f"the member may answer until {question['reply_by']}"
    if because:
        raise refuse("roll.review", about=about, decision=each.decision, because=because)
    pending.demand_day(each.on, None, workspace.now.date(), "The day of the decision")


def _settled(
    questions: Mapping[str, Any], kept: Sequence[Mapping[str, Any]], members: Sequence[str]
) -> Mapping[str, Any]:
    """The questions with those closed of which every finding is cleared, and opened again where one is not."""
    decided = {(one["finding"], one["member"]): one for one in kept}
    changed = dict(questions)
    for member in members:
        if member in changed:
            own = [decided.get((name, member)) for name in changed[member]["findings"]]
            cleared = bool(own) and all(one is not None and one["decision"] == "cleared" for one in own)
            day = max((one["on"] for one in own if one), default=None) if cleared else None
            changed[member] = {**changed[member], "cleared": day}
    return changed


def _commitment(salt: bytes, noted: Sequence[Mapping[str, Any]]) -> str:
    plain = [{name: one[name] for name in _NOTED} for one in noted]
    return hashlib.sha256(salt + canon.encode(plain)).hexdigest()
