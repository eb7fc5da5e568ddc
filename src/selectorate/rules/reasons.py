"""Statements of reasons: a decision as plain text for the person it is about, elector or not.

The decisive clause stands first. "Not met" and "we could not find" are worded differently, and the cure of a
clause is offered only where the clause is not met: it would mislead where a fact is merely missing.
"""

from __future__ import annotations

import datetime as dt

from selectorate.rules.expression import Value
from selectorate.rules.objects import ELIGIBILITY, VOTE, Clause, Decision, Finding, Rulebook

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_OUTCOMES = {
    "eligible": "You may vote in this election.",
    "not eligible": "You may not vote in this election, for the reasons below.",
    "ask": "We cannot say yet whether you may vote. Nothing is decided against you; we are asking you first.",
}
_RIGHTS = {
    "eligible": "You have this right: {says}",
    "not eligible": "You do not have this right, for the reasons below: {says}",
    "ask": "We cannot say yet whether you have this right: {says} Nothing is decided against you; we are asking "
    "you first.",
}


def statement(rulebook: Rulebook, decision: Decision) -> str:
    """The statement of reasons for a decision of `Rulebook.eligibility`: lines of text, ended by a newline.

    Private: it shows the facts looked at.
    """
    right = rulebook.right(VOTE if decision.decision == ELIGIBILITY else decision.decision)
    clauses = {clause.id: clause for clause in right.clauses}
    ranked = sorted(decision.findings, key=lambda finding: _rank(finding, clauses[finding.clause]))
    lines = [f"To: {decision.subject}"] if decision.subject else []
    lines += [
        _OUTCOMES[decision.outcome]
        if right.id == VOTE
        else _RIGHTS[decision.outcome].format(says=right.says),
        f"Rulebook of {rulebook.organisation}, version {decision.version}.",
        "",
    ]
    for finding in ranked:
        lines += _clause_lines(rulebook, clauses[finding.clause], finding)
    lines += ["", appeal_sentence(rulebook, decision), ""]
    return "\n".join(lines)


def appeal_sentence(rulebook: Rulebook, decision: Decision) -> str:
    """Where, and until when, the person may appeal."""
    days = "1 day" if decision.appeal_days == 1 else f"{decision.appeal_days} days"
    until = "" if decision.appeal_until is None else f", until {shown(decision.appeal_until)}"
    return f"If you think that this is wrong, you may appeal within {days}{until}, to: {rulebook.appeal.to}."


def looked_at(rulebook: Rulebook, finding: Finding) -> str:
    """The facts of a finding as a sentence; what they mean where the rulebook says so."""
    parts = []
    for name, value in finding.because:
        means = rulebook.fact_of[name].means
        parts.append(f"{name} = {shown(value)}" + (f" ({means})" if means else ""))
    return "We looked at: " + "; ".join(parts) + "." if parts else "No fact was needed."


def shown(value: Value) -> str:
    """A value in words: yes, no, not known, a date as 1 March 2027."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    return str(value)


def _rank(finding: Finding, clause: Clause) -> int:
    if finding.holds is False:
        return 0 if clause.otherwise == "not eligible" else 1
    return 2 if finding.holds is None else 3


def _clause_lines(rulebook: Rulebook, clause: Clause, finding: Finding) -> list[str]:
    head = f"{clause.id} ({clause.cite})"
    if finding.holds:
        if clause.applies is not None and clause.applies.holds(dict(finding.because)) is False:
            return [f"{head}: it is not about you.", f"    {looked_at(rulebook, finding)}"]
        return [f"{head}: met. {clause.says}", f"    {looked_at(rulebook, finding)}"]
    until = shown(rulebook.day("appeals_end"))
    if finding.holds is None:
        says = clause.says_unknown or f"The rule asks for this: {clause.says}"
        return [
            f"{head}: we could not find out. {says}",
            f"    {looked_at(rulebook, finding)}",
            f"    What you can do: tell us, with something that shows it, by {until}.",
        ]
    says = clause.says_not or f"On what we have, this is not so: {clause.says}"
    verdict = "not met" if clause.otherwise == "not eligible" else "not met; a person asks you first"
    lines = [f"{head}: {verdict}. {says}", f"    {looked_at(rulebook, finding)}"]
    if clause.cure:
        lines.append(f"    What you can do: {_with_days(rulebook, clause.cure)}")
    return lines


def _with_days(rulebook: Rulebook, text: str) -> str:
    for name, day in rulebook.timetable:
        text = text.replace("{" + name + "}", shown(day))
    return text
