"""The values of this room: facts, clauses, findings, decisions, contests, and the rulebook that holds them.

A `Rulebook` is made by `read.load` alone, so that holding one means that it has no fault.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from selectorate import canon
from selectorate.errors import refuse
from selectorate.rules.calendar import FIRST_DAY, LAST_DAY, Gap, iso_day
from selectorate.rules.expression import INTEGER_MAX, Condition, Scope, Value
from selectorate.rules.faults import suggestion
from selectorate.rules.history.readings import Reading, Spell
from selectorate.rules.weights import ProxyTerms, Weight, weight_sql

ELIGIBILITY = "eligible"
"""The decision id under which eligibility is recorded and fingerprinted."""
VOTE = "vote"
"""The right that every rulebook gives: who has it is an elector."""
NOT_READY = "not ready"
SMALLEST_TALLY = 10
"""Counted ballots below which no trustee decrypts unasked, where the rulebook says nothing."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a rule may look at. type: date, int, bool or text; source: roll, ledger, register or
    case; one_of: the values a text may have (never empty for a text, always empty otherwise); reads: how it is
    read from a history of events, None where it is given as it is."""

    name: str
    type: Literal["date", "int", "bool", "text"]
    source: str
    means: str = ""
    one_of: tuple[str, ...] = ()
    reads: Reading | None = None

    def read(self, value: object) -> Value:
        """A value from outside as this fact's type; None is unknown; dates may be ISO text.

        Raises Refusal `rules.fact-value`.
        """
        if value is None or (self.type == "bool" and isinstance(value, bool)):
            return value
        if self.type == "int" and isinstance(value, int) and not isinstance(value, bool):
            if abs(value) <= INTEGER_MAX:
                return value
        elif self.type == "text" and isinstance(value, str) and value in self.one_of:
            return value
        elif self.type == "date":
            day = iso_day(value)
            if day is not None and FIRST_DAY <= day <= LAST_DAY:
                return day
        raise refuse("rules.fact-value", fact=self.name, found=repr(value), expected=self.expected)

    @property
    def expected(self) -> str:
        """What a value of this fact must be, for people."""
        if self.type == "text":
            return "one of " + ", ".join(repr(value) for value in self.one_of)
        return {
            "date": f"a date from {FIRST_DAY} to {LAST_DAY} (YYYY-MM-DD)",
            "int": "a whole number within 2^53",
            "bool": "true or false",
        }[self.type]


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule on who has a right. needs: the whole condition; applies: whom it is about, None for everybody
    (`needs` is then met by all others); otherwise: what happens when it is not met, "not eligible" or "ask";
    rights: the ids of the rights that it is a condition of."""

    id: str
    cite: str
    needs: Condition
    says: str
    says_not: str = ""
    otherwise: Literal["not eligible", "ask"] = "not eligible"
    cure: str = ""
    says_unknown: str = ""
    applies: Condition | None = None
    rights: tuple[str, ...] = (VOTE,)

    def to_sql(self) -> str:
        """The clause as a DuckDB expression over columns named as the facts: TRUE, FALSE or NULL
        (unknown)."""
        return self.needs.sql


@dataclass(frozen=True, slots=True)
class Right:
    """Something that members may do under conditions: vote, stand, nominate. clauses: those conditions, in
    the order of the file; facts: every fact that they name."""

    id: str
    cite: str
    says: str
    clauses: tuple[Clause, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for clause in self.clauses for name in clause.needs.facts))


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """One kind of decision: `requires` must hold, then the first outcome whose test holds is the outcome."""

    id: str
    about: str
    cite: str
    requires: Condition
    outcomes: tuple[tuple[str, Condition], ...]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(label for label, _ in self.outcomes)

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact that one of its tests names, in order of appearance: the facts of the fingerprint."""
        tests = (self.requires, *(test for _, test in self.outcomes))
        return tuple(dict.fromkeys(name for test in tests for name in test.facts))


@dataclass(frozen=True, slots=True)
class Contest:
    """One thing that is voted on. kind: "ranked" or "choose" (`choose` options at least and at most, else
    None); method: the id of a counting rule set; ties: as the rules word it."""

    id: str
    seats: int
    question: str
    kind: Literal["ranked", "choose"]
    order: str
    none_of_these: bool
    method: str
    ties: str
    choose: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class AppealTerms:
    """Who hears an appeal, and within how many days of the decision it may be made."""

    to: str
    days: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person answered, and when. Private."""

    received: dt.date
    summary: str


@dataclass(frozen=True, slots=True)
class Departure:
    """An outcome other than the computed one: what the rulebook gave, and the written reason. Counted."""

    computed: str
    reason: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal. outcome: None where the appeal body leaves the computed outcome; facts: what it found to be
    otherwise; admitted_because: why an appeal made too late was heard all the same."""

    lodged: dt.date
    decided: dt.date
    deciders: tuple[str, ...]
    facts: tuple[tuple[str, Value], ...] = ()
    outcome: str | None = None
    reason: str = ""
    admitted_because: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """How one clause (or one line of a decision) stands: holds is True, False or None (unknown); because: the
    facts looked at, in the order in which the clause names them."""

    clause: str
    holds: bool | None
    because: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rulebook gives for some facts, with every reason.

    subject: a private reference, never part of the fingerprint; decision: "eligible" or a decision's id;
    outcome: "eligible", "not eligible" or "ask", or a label of the decision or "not ready"; facts: all facts
    that the tests name, by name, None where unknown; by: who decided, as a role; appeal_until: a date where
    the day of the decision is known; fingerprint: SHA-256 of the canonical JSON {decision, facts, version}.
    """

    subject: str
    decision: str
    version: str
    outcome: str
    findings: tuple[Finding, ...]
    facts: tuple[tuple[str, Value], ...]
    by: str
    appeal_days: int
    appeal_until: dt.date | None

    @property
    def fingerprint(self) -> canon.Digest:
        """Computed when asked for: most decisions on eligibility are never compared with another."""
        facts = {name: plain(value) for name, value in self.facts}
        return canon.digest({"decision": self.decision, "facts": facts, "version": self.version})

    def to_json(self) -> bytes:
        """Canonical bytes; private wherever `facts` are."""
        return canon.encode(
            {
                "appeal_days": self.appeal_days,
                "appeal_until": plain(self.appeal_until),
                "by": self.by,
                "decision": self.decision,
                "facts": {name: plain(value) for name, value in self.facts},
                "findings": [
                    {
                        "because": [[name, plain(value)] for name, value in finding.because],
                        "clause": finding.clause,
                        "holds": finding.holds,
                    }
                    for finding in self.findings
                ],
                "fingerprint": self.fingerprint,
                "outcome": self.outcome,
                "subject": self.subject,
                "version": self.version,
            }
        )


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A rulebook without fault. `source` is the file as it was read; `digest` its SHA-256."""

    source: bytes
    organisation: str
    version: str
    adopted: str
    never_use: tuple[str, ...]
    facts: tuple[Fact, ...]
    timetable: tuple[tuple[str, dt.date], ...]
    clauses: tuple[Clause, ...]
    appeal: AppealTerms
    contests: tuple[Contest, ...]
    decisions: tuple[DecisionRule, ...]
    smallest_tally: int
    fact_of: Mapping[str, Fact]
    """The same facts by name."""
    eligibility_facts: tuple[str, ...]
    """Every fact that a clause on voting names, in order of appearance."""
    rights: tuple[Right, ...]
    """All rights; the first is "vote", whose clauses are `clauses`."""
    gaps: tuple[Gap, ...]
    spells: tuple[Spell, ...]
    known_by: str
    """The day of the timetable after which records of events no longer count; "" where the rulebook names
    none."""
    weights: tuple[Weight, ...]
    proxy: ProxyTerms | None

    @property
    def digest(self) -> canon.Digest:
        return canon.sha256(self.source)

    @property
    def scope(self) -> Scope:
        """What a test of this rulebook may name."""
        return Scope(
            {fact.name: fact.type for fact in self.facts},
            {fact.name: fact.one_of for fact in self.facts if fact.type == "text"},
            dict(self.timetable),
            self.never_use,
        )

    def day(self, name: str) -> dt.date:
        """A day of the timetable; KeyError where there is none (the four needed ones are always there)."""
        return dict(self.timetable)[name]

    def contest(self, name: str) -> Contest:
        """The contest of that id. Raises Refusal `rules.contest-unknown`."""
        for contest in self.contests:
            if contest.id == name:
                return contest
        known = [contest.id for contest in self.contests]
        raise refuse(
            "rules.contest-unknown",
            version=self.version,
            contest=name,
            known=", ".join(known) or "none",
            near=suggestion(name, known),
        )

    def right(self, name: str) -> Right:
        """The right of that id. Raises Refusal `rules.right-unknown`."""
        for right in self.rights:
            if right.id == name:
                return right
        known = [right.id for right in self.rights]
        raise refuse(
            "rules.right-unknown",
            version=self.version,
            right=name,
            known=", ".join(known),
            near=suggestion(name, known),
        )

    def decision_rule(self, name: str) -> DecisionRule:
        """The decision of that id. Raises Refusal `rules.decision-unknown`."""
        for rule in self.decisions:
            if rule.id == name:
                return rule
        known = [rule.id for rule in self.decisions]
        raise refuse(
            "rules.decision-unknown",
            version=self.version,
            decision=name,
            known=", ".join(known) or "none",
            near=suggestion(name, known),
        )

    def eligibility(
        self,
        facts: Mapping[str, object],
        *,
        right: str = VOTE,
        subject: str = "",
        by: str = "",
        decided: dt.date | None = None,
    ) -> Decision:
        """Whether somebody with these facts has a right (may vote): "eligible", "not eligible" or "ask", with
        a finding per clause. The decision's id is "eligible" for the vote, else the right's.

        A firm clause not met gives "not eligible"; else an unknown clause, or one not met that says "ask",
        gives "ask". Every clause is evaluated, so that all reasons are stated. `decided` sets appeal_until.
        Raises Refusal `rules.fact-undeclared`, `rules.fact-value`, `rules.right-unknown`.
        """
        if right == VOTE:
            clauses, wanted = self.clauses, self.eligibility_facts
        else:
            clauses, wanted = self.right(right).clauses, self.right(right).facts
        known = self._read(facts, wanted)
        outcome = "eligible"
        findings = []
        for clause in clauses:
            holds = clause.needs.holds(known)
            findings.append(
                Finding(clause.id, holds, tuple((name, known[name]) for name in clause.needs.facts))
            )
            if holds is False and clause.otherwise == "not eligible":
                outcome = "not eligible"
            elif holds is not True and outcome == "eligible":
                outcome = "ask"
        kind = ELIGIBILITY if right == VOTE else right
        return self._decision(kind, outcome, findings, known, subject, by, decided)

    def entitlements(self, facts: Mapping[str, object], **told: Any) -> dict[str, Decision]:
        """The vector of rights: a decision for each, by its id. told: as of `eligibility`."""
        return {right.id: self.eligibility(facts, right=right.id, **told) for right in self.rights}

    def weight(self, facts: Mapping[str, object]) -> int | None:
        """Votes that somebody with these facts carries: the first weight whose test holds; 1 where the rulebook
        has none; None where a test is unknown before that, or the number is.

        Raises Refusal `rules.fact-undeclared`, `rules.fact-value`.
        """
        known = self._read(facts, tuple(dict.fromkeys(name for one in self.weights for name in one.facts)))
        for one in self.weights:
            holds = one.when.holds(known)
            if holds is not False:
                return one.votes.value(known) if holds else None
        return 1

    def weight_sql(self) -> str:
        """The same as one DuckDB expression."""
        return weight_sql(self.weights)

    def decide(
        self,
        decision: str,
        facts: Mapping[str, object],
        *,
        subject: str = "",
        by: str = "",
        decided: dt.date | None = None,
    ) -> Decision:
        """What the rulebook gives for the facts of a case: an outcome of that decision, or "not ready".

        "not ready": `requires` does not hold or is unknown, or a test is unknown before any has held
        (nothing below it may be chosen). The findings are those looked at, in order: "requires", then the
        outcomes by label.
        Raises Refusal `rules.decision-unknown`, `rules.fact-undeclared`, `rules.fact-value`.
        """
        rule = self.decision_rule(decision)
        known = self._read(facts, rule.facts)
        outcome = NOT_READY
        findings = []
        for label, test in (("requires", rule.requires), *rule.outcomes):
            holds = test.holds(known)
            findings.append(Finding(label, holds, tuple((name, known[name]) for name in test.facts)))
            if holds is None or (len(findings) == 1 and not holds):
                break
            if holds and len(findings) > 1:
                outcome = label
                break
        return self._decision(rule.id, outcome, findings, known, subject, by, decided)

    def eligibility_sql(self, right: str = VOTE) -> str:
        """The outcome of `eligibility` as one DuckDB expression over columns named as the facts."""
        clauses = self.right(right).clauses
        firm = [clause.needs.sql for clause in clauses if clause.otherwise == "not eligible"]
        out = " OR ".join(f"{sql} IS FALSE" for sql in firm) or "FALSE"
        ask = " OR ".join(f"{clause.needs.sql} IS NOT TRUE" for clause in clauses) or "FALSE"
        return f"CASE WHEN {out} THEN 'not eligible' WHEN {ask} THEN 'ask' ELSE 'eligible' END"

    def tally(self, decisions: Iterable[Decision]) -> tuple[tuple[str, str, int, int], ...]:
        """Per clause (id, cite, members for whom it is not met, for whom it is unknown). Numbers, not yet
        cells."""
        not_met = {clause.id: 0 for clause in self.clauses}
        unknown = dict(not_met)
        for decision in decisions:
            for finding in decision.findings:
                if finding.holds is False:
                    not_met[finding.clause] += 1
                elif finding.holds is None:
                    unknown[finding.clause] += 1
        return tuple(
            (clause.id, clause.cite, not_met[clause.id], unknown[clause.id]) for clause in self.clauses
        )

    def _read(self, facts: Mapping[str, object], wanted: tuple[str, ...]) -> dict[str, Value]:
        """The wanted facts, typed; whatever else is given must at least be declared."""
        for name in facts:
            if name not in self.fact_of:
                near = suggestion(name, self.fact_of)
                raise refuse("rules.fact-undeclared", fact=name, version=self.version, near=near)
        return {name: self.fact_of[name].read(facts.get(name)) for name in wanted}

    def _decision(
        self,
        decision: str,
        outcome: str,
        findings: list[Finding],
        known: dict[str, Value],
        subject: str,
        by: str,
        decided: dt.date | None,
    ) -> Decision:
        return Decision(
            subject=subject,
            decision=decision,
            version=self.version,
            outcome=outcome,
            findings=tuple(findings),
            facts=tuple(sorted(known.items())),
            by=by,
            appeal_days=self.appeal.days,
            appeal_until=None if decided is None else decided + dt.timedelta(days=self.appeal.days),
        )


def plain(value: Value) -> Any:
    """A value as it stands in JSON: a date is its ISO text."""
    return value.isoformat() if isinstance(value, dt.date) else value
