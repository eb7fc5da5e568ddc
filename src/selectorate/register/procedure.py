"""The procedure: notice, time to answer, evidence, decision, appeal; each step before the next.

Three facts follow from the case itself, wherever the rulebook declares them, and cannot be stated:
`reply_days`, the days that the person had to answer all that was shown; `sources`, the number of items of
evidence that are independent of each other; `answered`, whether the person answered or the time for it
passed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from selectorate.errors import Refusal, refuse
from selectorate.register.objects import Case, Decided, Evidence, Stage
from selectorate.rules import Decision, DecisionRule, Departure, Rulebook, Value
from selectorate.rules.objects import NOT_READY
from selectorate.rules.reasons import shown

DERIVED = ("reply_days", "sources", "answered")

_STAGE_OF: dict[str, Stage] = {
    "register.no-notice": "opened",
    "register.no-decision-day": "waiting for an answer",
    "register.reply-open": "waiting for an answer",
    "register.no-deciders": "ready",
    "register.not-ready": "collecting evidence",
}


def decide(case: Case, rulebook: Rulebook, today: dt.date | None = None) -> Decided:
    """The outcome that the rulebook gives for a case whose procedure is complete.

    today: where given, nothing may be dated later. Raises Refusal `register.*` for the first step that is
    missing or out of order, `rules.decision-unknown`, `rules.fact-undeclared`, `rules.fact-value`.
    """
    rule = rulebook.decision_rule(case.decision)
    _in_order(case, today)
    decided = _heard(case)
    _deciders(case)
    first = _computed(case, rulebook, rule, {}, decided)
    if case.outcome and case.outcome != first.outcome:
        raise refuse("register.outcome", case=case.id, computed=first.outcome, found=case.outcome)
    if case.appeal is None:
        return Decided(case, rule.about, rule.cite, first, first, first.outcome, None)
    return _appealed(case, rulebook, rule, first)


def stage(case: Case, rulebook: Rulebook, today: dt.date | None = None) -> tuple[Stage, str]:
    """How far a case has come, and the sentence that says what stands in the way of the next step ("" if
    nothing).

    Raises the refusals of `decide` that are faults of the file and not steps still to come.
    """
    try:
        decided = decide(case, rulebook, today)
    except Refusal as reason:
        if reason.code not in _STAGE_OF:
            raise
        return _STAGE_OF[reason.code], str(reason)
    return ("decided" if decided.case.appeal is None else "appealed"), ""


def derived_facts(case: Case) -> dict[str, Value]:
    """The facts that follow from the dates and the evidence; unknown (None) before there is a notice."""
    sources = independent(case.evidence)
    if case.notice_sent is None or case.reply_by is None or case.decided is None:
        return {"reply_days": None, "sources": sources, "answered": None}
    # Whoever is shown something new has their time to answer from then on.
    last_shown = max([case.notice_sent, *(item.shown for item in case.evidence if item.shown)])
    days = (min(case.reply_by, case.decided) - last_shown).days
    answered = case.reply is not None or case.decided > case.reply_by
    return {"reply_days": max(days, 0), "sources": sources, "answered": answered}


def independent(evidence: tuple[Evidence, ...]) -> int:
    """The size of the largest group of items in which each is independent of each other one.

    Two items are independent when one of them says so of the other; items that say nothing count as one
    source.
    """
    apart: dict[str, set[str]] = {item.id: set() for item in evidence}
    for item in evidence:
        for other in item.independent_of:
            apart[item.id].add(other)
            apart[other].add(item.id)
    return _largest(0, set(apart), apart)


def departures_by(cases: Iterable[Decided]) -> tuple[tuple[str, int, int], ...]:
    """Per member of an appeal body: name, departures, appeals decided; sorted by name. Private."""
    counts: dict[str, list[int]] = {}
    for decided in cases:
        for decider in decided.case.appeal.deciders if decided.case.appeal else ():
            row = counts.setdefault(decider, [0, 0])
            row[0] += decided.departure is not None
            row[1] += 1
    return tuple((name, row[0], row[1]) for name, row in sorted(counts.items()))


def _largest(size: int, left: set[str], apart: dict[str, set[str]]) -> int:
    best = size
    while left:
        if size + len(left) <= best:
            return best
        one = min(left)
        left = left - {one}
        best = max(best, _largest(size + 1, left & apart[one], apart))
    return best


def _in_order(case: Case, today: dt.date | None) -> None:
    """No step is dated before the one that it follows."""
    appeal = case.appeal
    answered = case.reply.received if case.reply else None
    lodged, heard = (appeal.lodged, appeal.decided) if appeal else (None, None)
    steps: list[tuple[str, dt.date | None, str, dt.date | None]] = [
        ("the notice", case.notice_sent, "the opening", case.opened),
        ("the end of the time to answer", case.reply_by, "the notice", case.notice_sent),
        ("the answer", answered, "the notice", case.notice_sent),
        ("the decision", case.decided, "the opening", case.opened),
        ("the decision", case.decided, "the notice", case.notice_sent),
        ("the decision", case.decided, "the answer", answered),
        ("the appeal", lodged, "the decision", case.decided),
        (
            "the decision of the appeal",
            heard,
            "the appeal",
            lodged,
        ),
    ]
    for item in case.evidence:
        steps.append((f"the showing of evidence {item.id}", item.shown, "the opening", case.opened))
        steps.append(("the decision", case.decided, f"the showing of evidence {item.id}", item.shown))
    for later, later_day, earlier, earlier_day in steps:
        if later_day is not None and earlier_day is not None and later_day < earlier_day:
            named = {"later": later, "later_day": later_day, "earlier": earlier, "earlier_day": earlier_day}
            raise refuse("register.dates", case=case.id, **named)
    last = max(day for day in (case.opened, case.decided, heard) if day is not None)
    if today is not None and last > today:
        raise refuse("register.future", case=case.id, found=last, today=today)


def _heard(case: Case) -> dt.date:
    """The day of decision of a case whose person has been heard or has let the time pass."""
    if case.notice_sent is None or case.reply_by is None:
        raise refuse("register.no-notice", case=case.id)
    if case.decided is None:
        raise refuse("register.no-decision-day", case=case.id)
    if case.reply is None and case.decided <= case.reply_by:
        raise refuse("register.reply-open", case=case.id, decided=case.decided, reply_by=case.reply_by)
    return case.decided


def _deciders(case: Case) -> None:
    """Nobody decides whom the case concerns, who stood back from it, or, on appeal, who decided it first."""
    concerned = {name.casefold(): "one who stood back" for name in case.recusals}
    concerned[case.subject.casefold()] = "the person concerned"
    if case.brought_by:
        concerned[case.brought_by.casefold()] = "the one who brought it"
    bodies = [(case.deciders, concerned)]
    if case.appeal is not None:
        first = {name.casefold(): "a decider of the first decision" for name in case.deciders}
        bodies.append((case.appeal.deciders, concerned | first))
    for deciders, barred in bodies:
        if not deciders:
            raise refuse("register.no-deciders", case=case.id)
        for name in deciders:
            if name.casefold() in barred:
                raise refuse("register.decider", case=case.id, decider=name, other=barred[name.casefold()])


def _computed(
    case: Case, rulebook: Rulebook, rule: DecisionRule, corrected: dict[str, Value], day: dt.date
) -> Decision:
    """The rulebook's decision on the facts of the case, the derived ones among them, as corrected on
    appeal."""
    stated = dict(case.facts) | corrected
    for name in DERIVED:
        if name in stated:
            raise refuse("register.derived-fact", case=case.id, fact=name)
    derived = {name: value for name, value in derived_facts(case).items() if name in rulebook.fact_of}
    body = rulebook.appeal.to if corrected else "the deciders of the case"
    decision = rulebook.decide(rule.id, stated | derived, subject=case.subject, by=body, decided=day)
    if decision.outcome == NOT_READY:
        raise refuse("register.not-ready", case=case.id, cite=rule.cite, because=_missing(rule, decision))
    return decision


def _missing(rule: DecisionRule, decision: Decision) -> str:
    last = decision.findings[-1]
    looked = ", ".join(f"{name} = {shown(value)}" for name, value in last.because)
    if last.clause == "requires":
        return f"it needs {rule.requires.text}, and there is {looked}."
    return f'whether the outcome is "{last.clause}" is not known; there is {looked}.'


def _appealed(case: Case, rulebook: Rulebook, rule: DecisionRule, first: Decision) -> Decided:
    appeal = case.appeal
    if appeal is None or first.appeal_until is None:
        raise ValueError("an appeal is judged where there is one, on a decision with its day")
    if appeal.lodged > first.appeal_until and not appeal.admitted_because:
        raise refuse("register.appeal-late", case=case.id, lodged=appeal.lodged, until=first.appeal_until)
    second = _computed(case, rulebook, rule, dict(appeal.facts), appeal.decided) if appeal.facts else first
    outcome = appeal.outcome or second.outcome
    if outcome not in rule.labels:
        known = ", ".join(f'"{label}"' for label in rule.labels)
        raise refuse("register.appeal-outcome", case=case.id, found=outcome, known=known)
    departure = None
    if outcome != second.outcome:
        if not appeal.reason.strip():
            raise refuse("register.departure-reason", case=case.id, computed=second.outcome)
        departure = Departure(second.outcome, appeal.reason)
    return Decided(case, rule.about, rule.cite, first, second, outcome, departure)
