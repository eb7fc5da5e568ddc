"""Duty K1: the decided cases of a public record against its rulebook.

1. K1, done here: each names a decision of the rulebook, with that decision's subject matter, rule and days of
   appeal, and an outcome that it has.
2. K1, done here: the same fingerprint (the same facts) never has two outcomes, unless the one that differs
   records a departure from the other, with its reason.
3. Not possible from public files: that the fingerprint is that of the true facts. The person concerned can
   check it from the statement of reasons, which lists them.
4. The caller's: form and fields of the entries (L1), the rulebook itself (P1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from selectorate.canon import Check
from selectorate.rules.objects import DecisionRule, Rulebook

CLAIM = "Each decided case follows the rulebook, and the same facts have the same outcome."
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)


def check_cases(cases: Sequence[Mapping[str, Any]], rulebook: Rulebook | None) -> Check:
    """K1 over the data of all `case.decided` entries, in the order of the record. Never raises.

    rulebook: None where it did not load; the duty is then not checked.
    """
    if not cases:
        return Check("K1", CLAIM, "not part of it", "no case was decided on this record")
    if rulebook is None:
        return Check("K1", CLAIM, "not checked", "the rulebook did not load")
    rules = {rule.id: rule for rule in rulebook.decisions}
    computed: dict[str, tuple[int, str, str]] = {}
    faults = []
    departures = 0
    for number, case in enumerate(cases, start=1):
        fault = _one(case, rules, rulebook.appeal.days) or _like_the_others(number, case, computed)
        departures += isinstance(case.get("departure"), Mapping)
        if fault:
            faults.append(f"case {number}: {fault}")
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        return Check("K1", CLAIM, "failed", faults[0] + more)
    return Check("K1", CLAIM, "passed", f"{len(cases)} decided, {departures} with a departure on record")


def _one(case: Mapping[str, Any], rules: Mapping[str, DecisionRule], appeal_days: int) -> str:
    """What is wrong with one case by itself, or nothing."""
    name = case.get("decision")
    rule = rules.get(name) if isinstance(name, str) else None
    if rule is None:
        return f"the rulebook has no decision {name!r}"
    for key, right in (("about", rule.about), ("cite", rule.cite), ("appeal_days", appeal_days)):
        if case.get(key) != right or isinstance(case.get(key), bool):
            return f"{key} is {case.get(key)!r}; the rulebook says {right!r}"
    if case.get("outcome") not in rule.labels:
        return f"{case.get('outcome')!r} is not an outcome of {rule.id}"
    for key in ("fingerprint", "subject"):
        if not isinstance(case.get(key), str) or not _HEX.fullmatch(case[key]):
            return f"{key} is not 64 hexadecimal digits"
    departure = case.get("departure")
    if departure is None:
        return ""
    if not isinstance(departure, Mapping) or set(departure) != {"computed", "reason"}:
        return "the departure has not exactly the fields computed and reason"
    if departure["computed"] not in rule.labels or departure["computed"] == case["outcome"]:
        return f"the departure is from {departure['computed']!r} to {case['outcome']!r}"
    if not isinstance(departure["reason"], str) or not departure["reason"].strip():
        return "the departure has no reason"
    return ""


def _like_the_others(number: int, case: Mapping[str, Any], computed: dict[str, tuple[int, str, str]]) -> str:
    """Compare what the rulebook gave for this fingerprint with what it gave before; remember the first."""
    departure = case.get("departure")
    given = case["outcome"] if departure is None else departure["computed"]
    first, decision, outcome = computed.setdefault(case["fingerprint"], (number, case["decision"], given))
    if decision != case["decision"]:
        return f"it has the fingerprint of case {first}, which is another decision ({decision})"
    if outcome != given:
        return (
            f"the same facts as case {first} gave {given!r} and not {outcome!r}, and no departure is recorded"
        )
    return ""
