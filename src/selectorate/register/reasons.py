"""The private statement of reasons to the person or body that a case is about."""

from __future__ import annotations

from selectorate.register.objects import Decided
from selectorate.rules import Rulebook
from selectorate.rules.reasons import appeal_sentence, looked_at, shown


def statement(decided: Decided, rulebook: Rulebook) -> str:
    """What was decided, by which rule, on which facts, by whom, and what can be done: lines of text."""
    case, decision = decided.case, decided.decision
    rule = rulebook.decision_rule(case.decision)
    lines = [
        f"To: {case.subject}",
        f"Case {case.id}, about {decided.about}. Decision: {decided.outcome}.",
        f"Rule: {decided.cite} ({case.decision}).",
        f"Rulebook of {rulebook.organisation}, version {decision.version}.",
        "",
        f"The case was opened on {shown(case.opened)} ({case.source}).",
        f"We wrote to you on {shown(case.notice_sent)}; you could answer until {shown(case.reply_by)}.",
        "You did not answer."
        if case.reply is None
        else f"You answered on {shown(case.reply.received)}: {case.reply.summary}",
        "",
    ]
    tests = {"requires": rule.requires, **dict(rule.outcomes)}
    for finding in decision.findings:
        what = (
            "What had to be complete first" if finding.clause == "requires" else f'Outcome "{finding.clause}"'
        )
        verdict = "met" if finding.holds else "not met"
        lines += [f"{what}: {verdict} ({tests[finding.clause].text}).", f"    {looked_at(rulebook, finding)}"]
    kinds = ", ".join(f"{item.id} ({item.kind})" for item in case.evidence) or "none"
    lines += [
        "The first outcome whose test is met is the outcome; the same facts give everybody the same one.",
        "",
        f"Evidence: {kinds}.",
        "People found the facts; the rulebook gives the outcome for them.",
        f"Decided by: {', '.join(case.deciders)}.",
    ]
    return "\n".join([*lines, *_appeal_lines(decided, rulebook), ""])


def _appeal_lines(decided: Decided, rulebook: Rulebook) -> list[str]:
    appeal = decided.case.appeal
    if appeal is None:
        return ["", appeal_sentence(rulebook, decided.decision)]
    lines = [
        "",
        f"Your appeal of {shown(appeal.lodged)} was decided on {shown(appeal.decided)}.",
        f"Other people decided it: {', '.join(appeal.deciders)}.",
        f"The first outcome was: {decided.first.outcome}.",
    ]
    if appeal.facts:
        found = "; ".join(f"{name} = {shown(value)}" for name, value in appeal.facts)
        lines.append(f"They found other facts: {found}.")
    if decided.departure is not None:
        lines.append(
            f'For these facts the rulebook gives "{decided.departure.computed}". They depart from it, '
            f"because: {decided.departure.reason} This departure is on the public record."
        )
    elif appeal.reason:
        lines.append(f"Their reason: {appeal.reason}")
    return lines
