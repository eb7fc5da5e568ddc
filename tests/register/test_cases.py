# ruff: noqa: E501 - refusals are compared whole
"""Cases: the procedure in its order, the same facts the same outcome, departures on record, the duty K1.

Expected outcomes are worked by hand from vectors/rules/rulebook.toml.
"""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selectorate.errors import Refusal
from selectorate.register import Decided, decide, departures_by, derived_facts, read_case, stage, statement
from selectorate.register.check import check_cases
from selectorate.rules import Rulebook, load

SOURCE = (Path(__file__).resolve().parents[2] / "vectors" / "rules" / "rulebook.toml").read_bytes()
SALT = bytes(range(32))

CONDUCT = """
[case]
id = "2027-1"
decision = "C1"
subject = "Member 17"
source = "complaint"
brought_by = "Member 40"
opened = 2027-01-04
notice_sent = 2027-01-05
reply_by = 2027-01-19
decided = 2027-01-22
deciders = ["Panel One", "Panel Two"]
recusals = ["Panel Three"]

[facts]
finding = "minor"

[reply]
received = 2027-01-12
summary = "I regret the words; they were said in haste."

[[evidence]]
id = "minutes"
kind = "minutes of a meeting"
commitment = "{}"

[[evidence]]
id = "letter"
kind = "letter of a person present"
independent_of = ["minutes"]
commitment = "{}"
""".format("a" * 64, "b" * 64)

APPEAL = """
[appeal]
lodged = 2027-02-01
decided = 2027-02-20
deciders = ["Appeal One"]
"""


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load(SOURCE, "rulebook.toml")


def case_text(*changes: tuple[str, str], end: str = "") -> bytes:
    text = CONDUCT + end
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text.encode()


def decided(rulebook: Rulebook, *changes: tuple[str, str], end: str = "") -> Decided:
    return decide(read_case(case_text(*changes, end=end), "case.toml"), rulebook)


def test_a_case_with_its_whole_procedure_gets_the_rulebooks_outcome(rulebook: Rulebook) -> None:
    result = decided(rulebook)
    assert (result.outcome, result.cite, result.departure) == ("warning", "Rule 12", None)
    assert dict(result.decision.facts) == {"finding": "minor", "reply_days": 14, "sources": 2}
    assert result.decision.appeal_until == dt.date(2027, 2, 5)


def test_the_entry_has_exactly_the_fields_of_the_record_and_no_name(rulebook: Rulebook) -> None:
    public = decided(rulebook).public(SALT)
    assert sorted(public) == [
        "about",
        "appeal_days",
        "cite",
        "decision",
        "departure",
        "fingerprint",
        "outcome",
        "subject",
    ]
    text = json.dumps(public)
    assert not any(word in text for word in ("Member", "Panel", "minutes", "haste", "2027-01"))
    assert public["subject"] != decided(rulebook).public(bytes(32))["subject"]


def test_same_facts_same_decision_whatever_the_name(rulebook: Rulebook) -> None:
    first = decided(rulebook)
    second = decided(
        rulebook,
        ('"Member 17"', '"Member 4711"'),
        ('"Member 40"', '"Member 41"'),
        ('"2027-1"', '"2027-2"'),
        ("decided = 2027-01-22", "decided = 2027-02-22"),
        ('"Panel One"', '"Panel Nine"'),
    )
    assert (first.outcome, first.fingerprint) == (second.outcome, second.fingerprint)
    assert first.public(SALT)["subject"] != second.public(SALT)["subject"]


def test_the_same_case_as_json_is_the_same_case() -> None:
    table = json.loads(json.dumps(tomllib.loads(CONDUCT), default=str))
    assert read_case(json.dumps(table).encode(), "case.json") == read_case(CONDUCT.encode(), "case.toml")


ANSWER = '[reply]\nreceived = 2027-01-12\nsummary = "I regret the words; they were said in haste."\n'


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            [("notice_sent = 2027-01-05\n", "")],
            "Case 2027-1 cannot be decided: no notice was sent to the person concerned.",
        ),
        (
            [(ANSWER, ""), ("decided = 2027-01-22", "decided = 2027-01-19")],
            "Case 2027-1 was decided on 2027-01-19, but the person may answer until 2027-01-19 and has not.",
        ),
        (
            [("reply_by = 2027-01-19", "reply_by = 2027-01-18")],
            "Case 2027-1 is not ready for a decision under Rule 12: it needs reply_days >= 14 and sources >= 2, and there is reply_days = 13, sources = 2.",
        ),
        (
            [('kind = "minutes of a meeting"', 'kind = "minutes of a meeting"\nshown = 2027-01-10')],
            "Case 2027-1 is not ready for a decision under Rule 12: it needs reply_days >= 14 and sources >= 2, and there is reply_days = 9, sources = 2.",
        ),
        (
            [('independent_of = ["minutes"]', "independent_of = []")],
            "Case 2027-1 is not ready for a decision under Rule 12: it needs reply_days >= 14 and sources >= 2, and there is reply_days = 14, sources = 1.",
        ),
        (
            [('finding = "minor"\n', "")],
            'Case 2027-1 is not ready for a decision under Rule 12: whether the outcome is "suspension" is not known; there is finding = not known.',
        ),
        (
            [('finding = "minor"', 'finding = "minor"\nreply_days = 30')],
            "Case 2027-1 states `reply_days`, which follows from its own dates and evidence.",
        ),
        (
            [('recusals = ["Panel Three"]', 'recusals = ["panel two"]')],
            "Case 2027-1 names Panel Two as decider and as one who stood back.",
        ),
        (
            [('"Panel One"', '"Member 40"')],
            "Case 2027-1 names Member 40 as decider and as the one who brought it.",
        ),
        (
            [('"Panel One"', '"Member 17"')],
            "Case 2027-1 names Member 17 as decider and as the person concerned.",
        ),
        ([('deciders = ["Panel One", "Panel Two"]\n', "")], "Case 2027-1 names nobody who decided it."),
        ([("decided = 2027-01-22\n", "")], "Case 2027-1 has no day of decision."),
        (
            [("opened = 2027-01-04", "opened = 2027-01-06")],
            "Case 2027-1: the notice (2027-01-05) is before the opening (2027-01-06).",
        ),
        (
            [("received = 2027-01-12", "received = 2027-01-23")],
            "Case 2027-1: the decision (2027-01-22) is before the answer (2027-01-23).",
        ),
        (
            [('recusals = ["Panel Three"]', 'outcome = "no action"')],
            'Case 2027-1: the rulebook gives "warning" and the file says "no action".',
        ),
        (
            [('decision = "C1"', 'decision = "C9"')],
            "Rulebook 2026-11-22 has no decision `C9`; it has C1, P1, P2.",
        ),
        (
            [('finding = "minor"', 'finding = "grave"')],
            "The fact `finding` is 'grave'; expected one of 'none', 'minor', 'serious'.",
        ),
        (
            [('finding = "minor"', 'religion = "x"')],
            "`religion` is not a declared fact of rulebook 2026-11-22.",
        ),
    ],
)
def test_an_incomplete_or_bent_procedure_is_refused(
    rulebook: Rulebook, changes: list[tuple[str, str]], sentence: str
) -> None:
    with pytest.raises(Refusal) as caught:
        decided(rulebook, *changes)
    assert caught.value.sentence == sentence


def test_a_case_of_tomorrow_is_not_decided_today(rulebook: Rulebook) -> None:
    case = read_case(CONDUCT.encode(), "case.toml")
    assert decide(case, rulebook, dt.date(2027, 1, 22)).outcome == "warning"
    with pytest.raises(Refusal, match="is dated 2027-01-22, and today is 2027-01-21"):
        decide(case, rulebook, dt.date(2027, 1, 21))


def test_independent_sources_are_the_largest_group_in_which_each_is_apart_from_each() -> None:
    rows = {
        "a": [],
        "b": ["a"],
        "c": ["a"],
        "d": ["b", "c"],
        "e": [],
    }  # b-a, c-a, d-b, d-c: pairs, no triangle
    evidence = "".join(
        f'[[evidence]]\nid = "{name}"\nkind = "k"\nindependent_of = {json.dumps(others)}\ncommitment = "{"0" * 64}"\n'
        for name, others in rows.items()
    )
    text = CONDUCT[: CONDUCT.index("[[evidence]]")] + evidence
    assert derived_facts(read_case(text.encode(), "case.toml"))["sources"] == 2
    triangle = text.replace('independent_of = ["b", "c"]', 'independent_of = ["a", "b", "c"]')
    assert derived_facts(read_case(triangle.encode(), "case.toml"))["sources"] == 3


def test_the_stages_follow_one_another(rulebook: Rulebook) -> None:
    def at(*changes: tuple[str, str], end: str = "") -> str:
        return stage(read_case(case_text(*changes, end=end), "case.toml"), rulebook)[0]

    assert at(("notice_sent = 2027-01-05\n", "")) == "opened"
    assert at(("decided = 2027-01-22\n", "")) == "waiting for an answer"
    assert at(('finding = "minor"\n', "")) == "collecting evidence"
    assert at() == "decided"
    assert at(end=APPEAL) == "appealed"


def test_the_appeal_body_may_depart_with_a_reason_and_it_is_counted(rulebook: Rulebook) -> None:
    with pytest.raises(Refusal, match='departs from "warning" without a written reason'):
        decided(rulebook, end=APPEAL + 'outcome = "no action"\n')
    result = decided(
        rulebook, end=APPEAL + 'outcome = "no action"\nreason = "An apology was made and accepted."\n'
    )
    assert result.outcome == "no action"
    assert result.public(SALT)["departure"] == {
        "computed": "warning",
        "reason": "An apology was made and accepted.",
    }
    assert departures_by([result, decided(rulebook, end=APPEAL)]) == (("Appeal One", 1, 2),)
    assert "This departure is on the public record." in statement(result, rulebook)


def test_a_departures_reason_may_not_name_the_person(rulebook: Rulebook) -> None:
    result = decided(rulebook, end=APPEAL + 'outcome = "no action"\nreason = "member 17 has apologised."\n')
    with pytest.raises(Refusal, match="the reason of the departure is published and it names Member 17"):
        result.public(SALT)


def test_facts_corrected_on_appeal_are_no_departure(rulebook: Rulebook) -> None:
    result = decided(rulebook, end=APPEAL + '[appeal.facts]\nfinding = "none"\n')
    assert (result.first.outcome, result.outcome, result.departure) == ("warning", "no action", None)
    assert result.fingerprint != result.first.fingerprint


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        (
            APPEAL.replace("Appeal One", "Panel One"),
            "Case 2027-1 names Panel One as decider and as a decider of the first decision.",
        ),
        (
            APPEAL.replace("lodged = 2027-02-01", "lodged = 2027-02-06"),
            "Case 2027-1: the appeal was lodged on 2027-02-06; the time for it ended on 2027-02-05.",
        ),
        (
            APPEAL + 'outcome = "expulsion"\nreason = "r"\n',
            'Case 2027-1: "expulsion" is not an outcome of this decision; it has "suspension", "warning", "no action".',
        ),
    ],
)
def test_an_appeal_out_of_order_is_refused(rulebook: Rulebook, end: str, sentence: str) -> None:
    with pytest.raises(Refusal) as caught:
        decided(rulebook, end=end)
    assert caught.value.sentence == sentence


def test_a_case_file_gets_all_its_faults_at_once() -> None:
    changes = [
        ("opened = 2027-01-04", 'opened = "4 January"'),
        ('source = "complaint"', 'source = "rumour"'),
        ('independent_of = ["minutes"]', 'independent_of = ["minuets"]'),
        ("a" * 64, "abc"),
        ("recusals =", "recusal ="),
    ]
    with pytest.raises(Refusal) as caught:
        read_case(case_text(*changes), "case.toml")
    assert caught.value.sentence.splitlines() == [
        "case.toml cannot be used as a case; it has 5 faults:",
        '  line 6: `source` is "rumour"; expected "complaint", "request", "own initiative".',
        "  line 8: `opened` is 4 January; expected a date like 2027-03-01.",
        "  line 13: `recusal` is not a key here. Did you mean `recusals`? Keys: brought_by, decided, deciders, decision, id, notice_sent, opened, outcome, recusals, reply_by, source, subject.",
        "  line 25, evidence 1: `commitment` is the salted SHA-256 of the file: 64 digits 0-9, a-f.",
        "  line 30, evidence 2: `minuets` is not the id of another item.",
    ]
    for junk in (b"{", b"{" * 9000, b"\xff", b'{"case":1,"case":2}', b"[case"):
        with pytest.raises(Refusal):
            read_case(junk, "case.toml")


def test_the_statement_tells_rule_facts_deciders_and_appeal(rulebook: Rulebook) -> None:
    lines = statement(decided(rulebook), rulebook).splitlines()
    assert lines[:3] == [
        "To: Member 17",
        "Case 2027-1, about conduct. Decision: warning.",
        "Rule: Rule 12 (C1).",
    ]
    assert "You answered on 12 January 2027: I regret the words; they were said in haste." in lines
    assert "Outcome \"suspension\": not met (finding == 'serious')." in lines
    assert "Outcome \"warning\": met (finding == 'minor')." in lines
    assert "    We looked at: finding = minor." in lines
    assert lines[-1] == (
        "If you think that this is wrong, you may appeal within 14 days, until 5 February 2027, "
        "to: appeals panel, none of whom took the first decision."
    )
    assert "Member 40" not in "\n".join(lines)


# K1: each sabotage is rejected, by its own reason; the sound record passes.


def entry(**changes: Any) -> dict[str, Any]:
    return {
        "about": "conduct",
        "appeal_days": 14,
        "cite": "Rule 12",
        "decision": "C1",
        "departure": None,
        "fingerprint": "c" * 64,
        "outcome": "warning",
        "subject": "d" * 64,
    } | changes


def test_k1_passes_what_the_register_writes(rulebook: Rulebook) -> None:
    departed = decided(rulebook, end=APPEAL + 'outcome = "no action"\nreason = "An apology was made."\n')
    check = check_cases([decided(rulebook).public(SALT), departed.public(SALT)], rulebook)
    assert (check.duty, check.verdict, check.because) == (
        "K1",
        "passed",
        "2 decided, 1 with a departure on record",
    )
    none = check_cases([], rulebook)
    assert (none.duty, none.claim, none.verdict) == ("K1", check.claim, "not part of it")
    assert none.because == "no case was decided on this record"
    blind = check_cases([entry()], None)
    assert (blind.duty, blind.claim, blind.verdict) == ("K1", check.claim, "not checked")
    assert blind.because == "the rulebook did not load"
    assert check.claim == "Each decided case follows the rulebook, and the same facts have the same outcome."


@pytest.mark.parametrize(
    ("cases", "because"),
    [
        ([entry(decision="C2")], "case 1: the rulebook has no decision 'C2'"),
        ([entry(outcome="expulsion")], "case 1: 'expulsion' is not an outcome of C1"),
        ([entry(outcome="not ready")], "case 1: 'not ready' is not an outcome of C1"),
        ([entry(about="gift")], "case 1: about is 'gift'; the rulebook says 'conduct'"),
        ([entry(cite="Rule 13")], "case 1: cite is 'Rule 13'; the rulebook says 'Rule 12'"),
        ([entry(appeal_days=0)], "case 1: appeal_days is 0; the rulebook says 14"),
        ([entry(fingerprint="C" * 64)], "case 1: fingerprint is not 64 hexadecimal digits"),
        ([entry(subject=None)], "case 1: subject is not 64 hexadecimal digits"),
        (
            [entry(), entry(outcome="suspension")],
            "case 2: the same facts as case 1 gave 'suspension' and not 'warning', and no departure is recorded",
        ),
        (
            [entry(), entry(outcome="no action", departure={"computed": "suspension", "reason": "r"})],
            "case 2: the same facts as case 1 gave 'suspension' and not 'warning', and no departure is recorded",
        ),
        (
            [entry(departure={"computed": "warning", "reason": "r"})],
            "case 1: the departure is from 'warning' to 'warning'",
        ),
        ([entry(departure={"computed": "suspension", "reason": " "})], "case 1: the departure has no reason"),
        (
            [entry(departure={"computed": "suspension"})],
            "case 1: the departure has not exactly the fields computed and reason",
        ),
        ([{}, {}], "case 1: the rulebook has no decision None (and 1 more)"),
    ],
)
def test_k1_fails_a_record_that_is_not_the_rulebooks(
    rulebook: Rulebook, cases: list[dict[str, Any]], because: str
) -> None:
    check = check_cases(cases, rulebook)
    assert (check.duty, check.verdict, check.because) == ("K1", "failed", because)
    assert check.claim == check_cases([], rulebook).claim


def test_k1_accepts_two_outcomes_when_the_departure_is_recorded(rulebook: Rulebook) -> None:
    departed = entry(outcome="no action", departure={"computed": "warning", "reason": "r"})
    order: list[Callable[[], list[dict[str, Any]]]] = [
        lambda: [entry(), departed],
        lambda: [departed, entry()],
    ]
    assert [check_cases(cases(), rulebook).verdict for cases in order] == ["passed", "passed"]
