"""Of cases and their decisions."""

from __future__ import annotations

from selectorate.errors.kind import Kind

KINDS: dict[str, Kind] = {
    "register.case": Kind(
        "bad input",
        "{file} cannot be used as a case; it has {number}:",
        "Correct the file and run the same command again; docs/manual/cases.md explains every key.",
    ),
    "register.dates": Kind(
        "rule not met",
        "Case {case}: {later} ({later_day}) is before {earlier} ({earlier_day}).",
        "Correct the dates in the case file.",
    ),
    "register.future": Kind(
        "rule not met",
        "Case {case} is dated {found}, and today is {today}.",
        "Decide the case on the day of the decision.",
    ),
    "register.no-notice": Kind(
        "rule not met",
        "Case {case} cannot be decided: no notice was sent to the person concerned.",
        "Send the notice with the evidence, then write notice_sent and reply_by into the case file.",
    ),
    "register.no-decision-day": Kind(
        "rule not met",
        "Case {case} has no day of decision.",
        "Write `decided` into the case file when the deciders have met.",
    ),
    "register.reply-open": Kind(
        "rule not met",
        "Case {case} was decided on {decided}, but the person may answer until {reply_by} and has not.",
        "Wait until that day is over, or until the answer is there.",
    ),
    "register.no-deciders": Kind(
        "rule not met", "Case {case} names nobody who decided it.", "Write the deciders into the case file."
    ),
    "register.decider": Kind(
        "rule not met",
        "Case {case} names {decider} as decider and as {other}.",
        "Somebody else must decide; a case is not decided by those whom it concerns.",
    ),
    "register.derived-fact": Kind(
        "bad input",
        "Case {case} states `{fact}`, which follows from its own dates and evidence.",
        "Take `{fact}` out of the facts of the case file.",
    ),
    "register.not-ready": Kind(
        "rule not met",
        "Case {case} is not ready for a decision under {cite}: {because}",
        "Complete what is missing; nothing is decided on a missing fact.",
    ),
    "register.outcome": Kind(
        "rule not met",
        'Case {case}: the rulebook gives "{computed}" and the file says "{found}".',
        "Take `outcome` out, or correct the facts. Only the appeal body may depart from it, with its reason.",
    ),
    "register.appeal-outcome": Kind(
        "bad input",
        'Case {case}: "{found}" is not an outcome of this decision; it has {known}.',
        "Name one of these outcomes.",
    ),
    "register.appeal-late": Kind(
        "rule not met",
        "Case {case}: the appeal was lodged on {lodged}; the time for it ended on {until}.",
        "Write `admitted_because` into [appeal] if it was heard all the same, or take the appeal out.",
    ),
    "register.departure-reason": Kind(
        "rule not met",
        'Case {case}: the appeal body departs from "{computed}" without a written reason.',
        "Write `reason` into [appeal]; it is published.",
    ),
    "register.reason-names": Kind(
        "rule not met",
        "Case {case}: the reason of the departure is published and it names {found}.",
        "Word the reason without names.",
    ),
}
