"""What is asked of judges, one election or one edit at a time: each task takes a seed and gives its outcomes.

Tasks run in processes of their own, so a task is a name and a seed, and nothing but `Outcome`s comes back. An
archive about which something was found wrong is kept under build/judges, and the outcome says where.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.ballot.forge import take_apart
from tests.interop import foreign, own, plans, verdicts
from tests.interop.judges import ROOT, Judge, judge_for, judges
from tests.interop.mutants import Honest, Mutant, ballot_mutant, mutant
from tests.interop.plans import Limits, Plan
from tests.interop.verdicts import Answer, announced, auditors, ours

KEPT = ROOT / "build" / "judges"
FINITE: tuple[plans.Group, ...] = ("BELENIOS-2048",) * 4 + ("RFC-3526-2048",)
POOL = 20
"""How many sound elections the edits start from."""

OURS_FINITE = Limits(FINITE, lists=False, mixers_min=2)
OURS_EDWARDS = Limits(("Ed25519",), lists=True, mixers_min=2)
THEIRS_FINITE = Limits(FINITE, lists=False, small=True)
THEIRS_EDWARDS = Limits(("Ed25519",), lists=True, proper_thresholds=True)
TWO = Limits(("Ed25519", "BELENIOS-2048"), lists=True, mixers_min=2, electors=(5, 5), small=True)
SPOILED = Limits(FINITE, lists=False, mixers_min=2, electors=(3, 4), small=True)
BALLOTS = Limits(("Ed25519",), lists=True, mixers_min=2)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer. kind: what was asked; judge: who answered; said: in a word; right: whether it may stand;
    words: what was found where it may not, with all that is needed to look at it again."""

    task: str
    seed: str
    kind: str
    judge: str
    group: str
    said: str
    right: bool
    words: str = ""


def kept(content: bytes, uuid: str, task: str, seed: str) -> str:
    """Store an archive that something is wrong with, and say where."""
    place = KEPT / f"{task}-{seed}"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{uuid}.bel").write_bytes(content)
    return f" (kept: {(place / f'{uuid}.bel').relative_to(ROOT)})"


# elections of ours before foreign judges


def ours_finite(seed: str) -> list[Outcome]:
    return accepted("ours-finite", seed, OURS_FINITE, [judge_for("BELENIOS-2048")])


def ours_edwards(seed: str) -> list[Outcome]:
    asked = judge_for("Ed25519")
    newest = [judge for judge in judges() if judge.version >= (3, 1) and judge != asked][-1:]
    return accepted("ours-edwards", seed, OURS_EDWARDS, [asked, *newest])


def accepted(task: str, seed: str, limits: Limits, asked: list[Judge | None]) -> list[Outcome]:
    """An election of ours: each judge accepts it, and its result is the plan's own sum."""
    plan = plans.draw(seed, limits)
    made = own.elect(plan)
    found = announced(take_apart(made.content))
    counts = plan.agrees(found)
    outcomes = []
    for judge in asked:
        assert judge is not None
        with tempfile.TemporaryDirectory() as folder:
            yes, words = judge.accepts(made.content, made.uuid, Path(folder))
        right = yes and counts
        if not right:
            words = f"{plan}: {words}; result {found}, expected {plan.expected()}"
            words += kept(made.content, made.uuid, task, seed)
        said = "accepted" if yes else "refused"
        outcomes.append(
            Outcome(
                task, seed, "our election", judge.name, plan.group, said, right, words if not right else ""
            )
        )
    return outcomes


# elections of foreign tools before ours


def theirs_finite(seed: str) -> list[Outcome]:
    return made_elsewhere("theirs-finite", seed, THEIRS_FINITE, judge_for("BELENIOS-2048"))


def theirs_edwards(seed: str) -> list[Outcome]:
    return made_elsewhere("theirs-edwards", seed, THEIRS_EDWARDS, judge_for("Ed25519"))


def made_elsewhere(task: str, seed: str, limits: Limits, judge: Judge | None) -> list[Outcome]:
    """An election made by a tool: both of ours accept it, and its result is the plan's own sum."""
    assert judge is not None
    plan = plans.draw(seed, limits)
    with tempfile.TemporaryDirectory() as folder:
        made = foreign.make(judge, Path(folder), plan)
    counts = plan.agrees(made.result) and made.result == announced(take_apart(made.content))
    outcomes = []
    for name, answer in both(made.content, made.uuid):
        right = counts and (answer.verdict, answer.stage) == ("passed", "declared")
        words = (
            ""
            if right
            else f"{plan} by {judge.name}: {answer}; result {made.result}, expected {plan.expected()}"
        )
        words += "" if right else kept(made.content, made.uuid, task, seed)
        kind = f"election of {judge.name}"
        outcomes.append(Outcome(task, seed, kind, name, plan.group, answer.verdict, right, words))
    return outcomes


def both(content: bytes, uuid: str) -> tuple[tuple[str, Answer], ...]:
    return ("selectorate verify", ours(content, uuid)), ("auditor", auditors(content, uuid))


# edited archives: whatever the foreign judge refuses, both of ours refuse


@cache
def sound(pool: str, number: int) -> tuple[own.Made, Plan]:
    """One of the sound elections of ours that edits start from; somebody voted in each."""
    limits = {"two": TWO, "spoiled": SPOILED, "ballots": BALLOTS}[pool]
    attempt = 0
    while not (plan := plans.draw(f"{pool}-{number}-{attempt}", limits)).ballots:
        attempt += 1
    return own.elect(plan), plan


def edited(pool: str, seed: str) -> tuple[Mutant, str]:
    """The edit that a seed draws in one of the pool's elections, and that election's group."""
    made, plan = sound(pool, random.Random(f"pool {seed}").randrange(POOL))
    return mutant(seed, Honest(made.content, made.uuid, made.secrets, plan.group)), plan.group


def spoiled_archive(seed: str) -> list[Outcome]:
    found, group = edited("spoiled", seed)
    judge = judge_for(group)
    assert judge is not None
    with tempfile.TemporaryDirectory() as folder:
        yes, said = judge.accepts(found.content, found.uuid, Path(folder))
    outcomes = [
        Outcome(
            "spoiled-archive",
            seed,
            "edited archive",
            judge.name,
            group,
            "accepted" if yes else "refused",
            True,
        )
    ]
    for name, answer in () if yes else both(found.content, found.uuid):
        right = answer.verdict != "passed"
        words = "" if right else f"{found.what}: {judge.name} refuses ({said[-300:]}), {name}: {answer}"
        words += "" if right else kept(found.content, found.uuid, "spoiled-archive", seed)
        outcomes.append(
            Outcome("spoiled-archive", seed, "edited archive", name, group, answer.verdict, right, words)
        )
    return outcomes


def spoiled_ballot(seed: str) -> list[Outcome]:
    """One ballot in Ed25519, edited or (one in eight) not: what 3.0 refuses, acceptance refuses."""
    from selectorate.ballot.acceptance import Acceptance

    judge = judge_for("Ed25519")
    assert judge is not None
    chance = random.Random(f"ballot {seed}")
    made, plan = sound("ballots", chance.randrange(POOL))
    ballot, what = chance.choice(made.ballots), "nothing"
    if not (honest := chance.random() < 0.125):
        ballot, what = ballot_mutant(seed, ballot, Honest(made.content, made.uuid, made.secrets, plan.group))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"{made.uuid}.bel").write_bytes(made.opened)
        (Path(folder) / "ballot.json").write_bytes(ballot)
        command = ("election", "verify-ballot", "--dir", ".", "--ballot", "ballot.json")
        done = judge.run(*command, folder=Path(folder), check=False)
    election, trustees, credentials, _ = take_apart(made.opened).steps[0].content
    verdict = Acceptance(election, trustees, credentials).judge([ballot])[0]
    known = done.returncode in (0, 124)
    right = known and (done.returncode == 0) >= verdict.accepted
    if honest:
        right = done.returncode == 0 and verdict.accepted
    told = done.stderr.decode("utf-8", "replace").strip()[-200:]
    words = f"{plan}, {what}: exit {done.returncode} ({told}); "
    words += f"acceptance: {verdict.duty or 'accepted'} {verdict.reason}"
    words += "" if right else kept(ballot, f"{made.uuid}-ballot", "spoiled-ballot", seed)
    kind = "ballot of ours" if honest else "edited ballot"
    say = {True: "accepted", False: "refused"}
    task = ("spoiled-ballot", seed, kind)
    return [
        Outcome(*task, judge.name, plan.group, say[done.returncode == 0], right, "" if right else words),
        Outcome(*task, "acceptance", plan.group, say[verdict.accepted], right, ""),
    ]


# our two verifiers, one answer


def two_honest(seed: str) -> list[Outcome]:
    plan = plans.draw(seed, TWO)
    made = own.elect(plan)
    counts = plan.agrees(announced(take_apart(made.content)))
    mine, other = ours(made.content, made.uuid), auditors(made.content, made.uuid)
    right = counts and mine.same(other) and mine.verdict == "passed"
    words = "" if right else f"{plan}: ours {mine}, auditor {other}, result as counted: {counts}"
    words += "" if right else kept(made.content, made.uuid, "two-honest", seed)
    return [
        Outcome("two-honest", seed, "our election", "both of ours", plan.group, mine.verdict, right, words)
    ]


def two_edited(seed: str) -> list[Outcome]:
    found, group = edited("two", seed)
    mine, other = ours(found.content, found.uuid), auditors(found.content, found.uuid)
    right, same = mine.agrees(other), mine.same(other)
    words = "" if same else f"{found.what}:\n    ours {mine}\n    auditor {other}"
    words += "" if right else kept(found.content, found.uuid, "two-edited", seed)
    # An edit can break several things at once, and what then still can be read the page leaves open in places:
    # those are counted apart. That each duty alone is named alike is the sabotage matrix's to show.
    said = mine.verdict if same else f"{mine.verdict}, other duties named"
    return [Outcome("two-edited", seed, "edited archive", "both of ours", group, said, right, words)]


TASKS: dict[str, Callable[[str], list[Outcome]]] = {
    "ours-finite": ours_finite,
    "ours-edwards": ours_edwards,
    "theirs-finite": theirs_finite,
    "theirs-edwards": theirs_edwards,
    "spoiled-archive": spoiled_archive,
    "spoiled-ballot": spoiled_ballot,
    "two-honest": two_honest,
    "two-edited": two_edited,
}


def perform(job: tuple[str, str]) -> list[Outcome]:
    """One job, (task, seed). Whatever goes wrong while it is done is an outcome that may not stand."""
    task, seed = job
    try:
        return TASKS[task](seed)
    except Exception as error:
        return [
            Outcome(
                task, seed, "not done", "-", "-", "broke", False, f"{type(error).__name__}: {error}"[:2000]
            )
        ]


def as_line(outcome: Outcome) -> str:
    """One outcome as a line of JSON."""
    return json.dumps({name: getattr(outcome, name) for name in Outcome.__slots__}, ensure_ascii=False)


__all__ = ["TASKS", "Outcome", "as_line", "perform", "verdicts"]
