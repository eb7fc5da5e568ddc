"""Remarks on a rulebook that loads: outcomes that cannot be reached or that overlap, clauses that add nothing
or contradict each other, facts that nothing reads, and a freeze that invites a rush.

A remark refuses nothing. What it says of "no case" holds for every case at the edges of the tests.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectorate.rules.expression import Value
from selectorate.rules.lint.edges import combinations, example
from selectorate.rules.objects import VOTE, Clause, DecisionRule, Right, Rulebook


@dataclass(frozen=True, slots=True)
class Remark:
    """kind: unreachable, overlap, redundant, contradiction, unused, rush or untried; where: the id of the rule
    or the name of the fact; says: a sentence for whoever wrote it."""

    kind: str
    where: str
    says: str


def remarks(rulebook: Rulebook) -> tuple[Remark, ...]:
    """Every remark, in the order of the file within each kind."""
    found = [remark for rule in rulebook.decisions for remark in _decision(rulebook, rule)]
    for right in rulebook.rights:
        found += [remark for clause in right.clauses for remark in _alone(rulebook, clause)]
        found += _pairs(rulebook, right)
    found += _unused(rulebook)
    found += _rush(rulebook)
    return tuple(dict.fromkeys(found))


def _tests(*clauses: Clause) -> tuple[str, ...]:
    return tuple(
        part
        for clause in clauses
        for part in (
            (clause.needs.text,)
            if clause.applies is None
            else (clause.needs.text.removesuffix(f" (where {clause.applies.text})"), clause.applies.text)
        )
    )


def _decision(rulebook: Rulebook, rule: DecisionRule) -> Iterator[Remark]:
    tests = (rule.requires.text, *(test.text for _, test in rule.outcomes))
    tried = combinations(rulebook, rule.facts, tests)
    if tried is None:
        yield Remark(
            "untried", rule.id, "it looks at too many facts to try every case; read its order with care."
        )
        return
    reached: set[str] = set()
    both: dict[tuple[str, str], str] = {}
    for facts in tried:
        if rule.requires.holds(facts) is not True:
            continue
        fits = [label for label, test in rule.outcomes if test.constant is None and test.holds(facts)]
        first = fits[0] if fits else rule.labels[-1]
        reached.add(first)
        for pair in itertools.combinations(fits, 2):
            both.setdefault(pair, example(facts))
    for label in rule.labels:
        if label not in reached:
            yield Remark(
                "unreachable", rule.id, f'no case at the edges of its tests has the outcome "{label}".'
            )
    for (one, other), facts_shown in both.items():
        says = (
            f'a case can fit "{one}" and "{other}"; the first in the list counts. For example: {facts_shown}.'
        )
        yield Remark("overlap", rule.id, says)


def _alone(rulebook: Rulebook, clause: Clause) -> Iterator[Remark]:
    tried = combinations(rulebook, clause.needs.facts, _tests(clause))
    if tried is None:
        return
    verdicts = {clause.needs.holds(facts) for facts in tried}
    if verdicts == {False}:
        yield Remark("contradiction", clause.id, "nobody can meet it.")
    if verdicts == {True}:
        yield Remark("redundant", clause.id, "everybody meets it, so it decides nothing.")


def _pairs(rulebook: Rulebook, right: Right) -> Iterator[Remark]:
    """Two clauses that look at a fact in common: one may say what the other says already, or forbid it."""
    for one, other in itertools.combinations(right.clauses, 2):
        if not set(one.needs.facts) & set(other.needs.facts):
            continue
        facts = dict.fromkeys((*one.needs.facts, *other.needs.facts))
        tried = combinations(rulebook, facts, _tests(one, other))
        if tried is None:
            continue
        verdicts = {(one.needs.holds(case), other.needs.holds(case)) for case in tried}
        if (True, True) not in verdicts:
            yield Remark("contradiction", f"{one.id}, {other.id}", "nobody can meet both.")
        elif (True, False) not in verdicts:
            yield Remark(
                "redundant", f"{one.id}, {other.id}", f"whoever meets {one.id} meets {other.id} too."
            )
        elif (False, True) not in verdicts:
            yield Remark(
                "redundant", f"{one.id}, {other.id}", f"whoever meets {other.id} meets {one.id} too."
            )


def _unused(rulebook: Rulebook) -> Iterator[Remark]:
    read = {name for right in rulebook.rights for name in right.facts}
    read |= {name for rule in rulebook.decisions for name in rule.facts}
    read |= {name for weight in rulebook.weights for name in weight.facts}
    for fact in rulebook.facts:
        if fact.name not in read:
            yield Remark(
                "unused", fact.name, "no rule looks at it; what is not needed should not be collected."
            )


def _rush(rulebook: Rulebook) -> Iterator[Remark]:
    """Whether somebody whose dates are all the day before the freeze could vote; of which classes, where rules
    are about some only."""
    eve = rulebook.day("freeze") - dt.timedelta(days=1)
    dates = {name for name in rulebook.right(VOTE).facts if rulebook.fact_of[name].type == "date"}
    dated = [clause for clause in rulebook.clauses if not dates.isdisjoint(clause.needs.facts)]
    if not dated:
        says = "no rule asks since when somebody has been a member; whoever joins up to the freeze may vote."
        yield Remark("rush", "freeze", says)
        return
    classes = [clause.applies for clause in dated if clause.applies is not None]
    apart = dict.fromkeys(name for applies in classes for name in applies.facts if name not in dates)
    open_to = []
    for one in combinations(rulebook, apart, [applies.text for applies in classes]) or ():
        fixed = {**one, **dict.fromkeys(dates, eve)}
        if all(_can_hold(rulebook, clause, fixed) for clause in dated):
            open_to.append(example(one))
    if open_to:
        whom = f" (where {'; or '.join(open_to[:4])})" if apart else ""
        says = (
            f"somebody whose dates are all {eve}, the day before the freeze, can meet every rule about dates{whom}."
            " Once the day is announced, that invites a rush of joins; look at how many joined around it first."
        )
        yield Remark("rush", "freeze", says)


def _can_hold(rulebook: Rulebook, clause: Clause, fixed: Mapping[str, Value]) -> bool:
    tried = combinations(rulebook, clause.needs.facts, _tests(clause)) or ()
    return any(clause.needs.holds({**case, **fixed}) for case in tried)
