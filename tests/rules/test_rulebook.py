# ruff: noqa: E501 - refusals are compared whole
"""Reading a rulebook: every fault at once, what may never be a fact, the timetable, the check P1, speed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selectorate.canon import Check
from selectorate.errors import Refusal
from selectorate.rules import Rulebook, lint_contest, load, statement
from selectorate.rules.check import CLAIM, check_rulebook, checked_rulebook

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (ROOT / "vectors" / "rules" / "rulebook.toml").read_bytes()
FACTS = {"joined": "2019-01-01", "arrears_months": 0, "own_payment": True, "age": 30, "suspended": False}
REMEDY = "Correct the file and run the same command again; docs/formats/rulebook.md explains every key."


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load(SOURCE, "rulebook.toml", ["scottish-stv"])


def faults_of(data: bytes, methods: list[str] | None = None) -> list[str]:
    with pytest.raises(Refusal) as caught:
        load(data, "rules.toml", methods)
    reason = caught.value
    assert reason.code == "rules.rulebook"
    assert reason.remedy == REMEDY
    assert reason.sentence.startswith("rules.toml cannot be used as a rulebook; it has ")
    return [line.strip() for line in reason.sentence.splitlines()[1:]]


def changed(old: str, new: str) -> bytes:
    text = SOURCE.decode()
    assert text.count(old) == 1, old
    return text.replace(old, new).encode()


def test_the_demonstration_rulebook_loads_and_has_four_seats() -> None:
    data = (ROOT / "src/selectorate/cli/demo/rulebook.toml").read_bytes()
    contest = load(data, "rulebook.toml", ["scottish-stv"]).contest("committee")
    assert (contest.seats, contest.question, contest.method) == (
        4,
        "Who should sit on the committee?",
        "scottish-stv",
    )
    assert load(data.replace(b"seats = 4", b"seats = 3"), "rulebook.toml").contest("committee").seats == 3


def test_an_undeclared_fact_is_named_with_its_line_rule_and_nearest_word() -> None:
    assert faults_of(changed('needs = "arrears_months <= 3"', 'needs = "arears_months <= 3"')) == [
        "line 39, E2: needs: `arears_months` is not a declared fact. Did you mean `arrears_months`?"
    ]


def test_a_forbidden_fact_is_refused_where_declared_and_where_used() -> None:
    data = changed("age            = {", "religion       = {").replace(b"age >= 15 and", b"religion and")
    assert faults_of(data) == [
        "line 12, facts: `religion` may not be declared: it is on the rulebook's never_use list (religion).",
        "line 52, E4: needs: `religion` may not be used by any rule: it is on the rulebook's never_use list (religion).",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "religion",
        "religious_group",
        "is_muslim",
        "ethnicity",
        "ethnic_background",
        "race",
        "nationality",
        "citizen",
        "citizenship",
        "birthplace",
        "place_of_birth",
        "country",
        "country_of_birth",
        "origin",
        "language",
        "mother_tongue",
        "first_name",
        "surname",
        "name",
        "gender",
        "opinions",
        "skin_colour",
        "born_in_this_country",
        "caste",
        "tribe",
        "immigrant",
        "refugee",
        "disability",
        "postcode",
        "home_postcode",
    ],
)
def test_who_somebody_is_cannot_be_declared(name: str) -> None:
    data = changed("[facts] ", f'[facts]\n{name} = {{ type = "bool", from = "roll" }}\n#')
    data = data.replace(b'"opinion"]', b'"opinion", "postcode"]')
    (fault,) = faults_of(data)
    assert f"facts: `{name}` may not be declared: it " in fault


@pytest.mark.parametrize(
    "name", ["nominations_made", "renamed", "racecourse_worker", "erased", "agenda", "sextant"]
)
def test_harmless_words_that_contain_forbidden_ones_are_facts(name: str) -> None:
    load(changed("[facts] ", f'[facts]\n{name} = {{ type = "bool", from = "roll" }}\n#'), "rules.toml")


def test_a_forbidden_meaning_under_a_harmless_word_is_refused() -> None:
    group = '[facts]\ngroup_a = { type = "text", from = "roll", one_of = ["hindu", "other"] }\n#'
    assert faults_of(changed("[facts] ", group)) == [
        "line 9, group_a: it speaks of who somebody is (`hindu`), which no rule may look at."
    ]


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = SOURCE.decode()
    for old, new in [
        ("adopted   =", "adoptd    ="),
        ('age            = { type = "int"', 'age            = { type = "integer"'),
        ("seats = 7", "seats = 0"),
        ("scottish-stv", "scotish-stv"),
        ("by {appeals_end}", "by {apeals_end}"),
        ("days = 14", 'days = "14"'),
        ('["no action", "true"]]', '["no action", "finding == \'none\'"]]'),
        ('roll_open   = "poll_opens - 50 days"', 'roll_open   = "poll_opens - 70 days"'),
    ]:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    assert faults_of(text.encode(), ["scottish-stv"]) == [
        "line 2: `adopted` is missing (there is `adoptd`); expected a text.",
        "line 5: `adoptd` is not a key here. Did you mean `adopted`? Keys: adopted, never_use, organisation, version.",
        'line 12, age: `type` is "integer"; expected "date", "int", "bool", "text".',
        "line 25, timetable: `roll_open` is 2026-12-21; expected not before `freeze`, 2026-12-31.",
        "line 41, E2: {apeals_end} is not a day of the timetable. Days: poll_opens, freeze, roll_open, nominations, appeals_end, poll_closes, papers_kept.",
        "line 57: `days` is '14'; expected a whole number.",
        "line 61, committee: `seats` is 0; expected a whole number from 1 to 1000.",
        'line 63, committee: `method` is "scotish-stv"; expected "scottish-stv". Did you mean `scottish-stv`?',
        'line 70, C1: some facts would have no outcome; the last test must be "true".',
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "E2"', 'id = "E1"', "line 37, E1: another rule has this id; each id is used once."),
        ('id = "P1"', 'id = "E1"', "line 72, E1: another rule has this id; each id is used once."),
        (
            'needs = "own_payment"',
            'needs = "true"',
            "line 45, E3: the test looks at no fact, so it says the same of everybody.",
        ),
        (
            'needs = "own_payment"',
            'needs = "declared"',
            "line 45, E3: `declared` comes from a case; eligibility looks at roll, ledger and register.",
        ),
        ("poll_opens  = 2027-03-01", "poll_opens  = 2027-03-01T10:00:00", None),
        ('freeze      = "poll_opens - 60 days"', 'freeze      = "papers_kept - 60 days"', None),
        (
            'poll_closes = "poll_opens + 14 days"',
            'poll_closes = "papers_kept + 14 days"',
            "line 29, timetable: `papers_kept`, `poll_closes` count from each other in a circle.",
        ),
        (
            'poll_closes = "poll_opens + 14 days"',
            'poll_closes = "poll_opens + 0 days"',
            "line 28, timetable: `poll_closes` is 2027-03-01; expected a day or more after `poll_opens`, 2027-03-01.",
        ),
        (
            '[["refuse", "not declared"], ',
            '[["refuse", "true"], ',
            'line 76, P1: nothing after "refuse" can be reached; its test is always true.',
        ),
        (
            '[["refuse", "not declared"], ',
            '[["not ready", "not declared"], ',
            'line 76, P1: "not ready" is kept for cases that cannot be decided yet.',
        ),
    ],
)
def test_a_rulebook_that_contradicts_itself_is_refused(old: str, new: str, fault: str | None) -> None:
    found = faults_of(changed(old, new))
    assert fault is None or found == [fault]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\xff\xfe", "line 1 is not UTF-8 text. Save the file as UTF-8."),
        (b"x = " + b"[" * 5000, "it is not TOML: it is nested too deeply."),
        (b"#" * 300_000, "it has 300000 bytes; at most 262144 are read."),
    ],
)
def test_what_is_no_rulebook_at_all_gives_one_sentence(data: bytes, fault: str) -> None:
    assert faults_of(data) == [fault]


@settings(max_examples=100, deadline=None)
@given(cut=st.integers(0, len(SOURCE)), junk=st.binary(max_size=8), skip=st.integers(0, 40))
def test_a_damaged_rulebook_loads_or_is_refused_but_never_breaks(cut: int, junk: bytes, skip: int) -> None:
    try:
        load(SOURCE[:cut] + junk + SOURCE[cut + skip :], "rules.toml")
    except Refusal as reason:
        assert reason.code == "rules.rulebook"


def test_a_fact_of_another_type_is_refused_and_not_guessed(rulebook: Rulebook) -> None:
    for name, value in [
        ("age", "30"),
        ("age", True),
        ("own_payment", 1),
        ("joined", "01/02/2019"),
        ("joined", "0001-01-01"),
    ]:
        with pytest.raises(Refusal, match=f"The fact `{name}` is "):
            rulebook.eligibility({**FACTS, name: value})
    with pytest.raises(
        Refusal,
        match=r"`arears_months` is not a declared fact of rulebook 2026-11-22. Did you mean `arrears_months`\?",
    ):
        rulebook.eligibility({**FACTS, "arears_months": 1})
    with pytest.raises(Refusal, match=r"no decision `C2`; it has C1, P1, P2"):
        rulebook.decide("C2", {})


def test_a_fingerprint_is_the_hash_of_decision_facts_and_version_alone(rulebook: Rulebook) -> None:
    facts = {"reply_days": 14, "sources": 2, "finding": "minor"}
    canonical = (
        '{"decision":"C1","facts":{"finding":"minor","reply_days":14,"sources":2},"version":"2026-11-22"}'
    )
    expected = hashlib.sha256(canonical.encode()).hexdigest()
    assert rulebook.decide("C1", facts, subject="Member 17").fingerprint == expected
    assert rulebook.decide("C1", facts, subject="Member 18", by="panel").fingerprint == expected
    assert rulebook.decide("C1", {**facts, "sources": 3}).fingerprint != expected
    document = json.loads(rulebook.decide("C1", facts).to_json())
    assert (document["outcome"], document["fingerprint"]) == ("warning", expected)


def test_the_statement_puts_the_decisive_clause_first_and_words_missing_apart_from_not_met(
    rulebook: Rulebook,
) -> None:
    facts = {**FACTS, "joined": "2026-09-01", "arrears_months": None, "own_payment": False}
    decision = rulebook.eligibility(facts, subject="Member 17", decided=dt.date(2027, 1, 8))
    assert statement(rulebook, decision).splitlines() == [
        "To: Member 17",
        "You may not vote in this election, for the reasons below.",
        "Rulebook of Example Workers' Party, version 2026-11-22.",
        "",
        "E1 (Rule 4.2): not met. On what we have, this is not so: You joined at least six months before the freeze date.",
        "    We looked at: joined = 1 September 2026.",
        "E3 (Rule 4.5): not met; a person asks you first. On what we have, this is not so: Your subscription was paid by you, your household or your payroll.",
        "    We looked at: own_payment = no (paid by the member, a household or payroll).",
        "    What you can do: Show us one payment you made yourself.",
        "E2 (Rule 4.3): we could not find out. The rule asks for this: You owe no more than three months' subscription.",
        "    We looked at: arrears_months = not known.",
        "    What you can do: tell us, with something that shows it, by 8 February 2027.",
        "E4 (Rule 9.1): met. You are 15 or over and not suspended.",
        "    We looked at: age = 30; suspended = no.",
        "",
        "If you think that this is wrong, you may appeal within 14 days, until 22 January 2027, to: appeals panel, none of whom took the first decision.",
    ]


def test_the_cure_names_the_day_and_an_elector_gets_reasons_too(rulebook: Rulebook) -> None:
    late = statement(rulebook, rulebook.eligibility({**FACTS, "arrears_months": 4}))
    assert "What you can do: Pay what you owe by 8 February 2027 and you will be put back." in late
    fine = statement(rulebook, rulebook.eligibility(FACTS))
    assert fine.startswith("You may vote in this election.\n")
    assert fine.count(": met. ") == 4


def test_a_rule_is_read_once_and_not_for_each_of_twelve_thousand_members(rulebook: Rulebook) -> None:
    rows = [{**FACTS, "joined": dt.date(2026, 6, 1 + n % 30), "arrears_months": n % 5} for n in range(12_000)]
    start = time.process_time()
    outcomes = [rulebook.eligibility(row).outcome for row in rows]
    assert time.process_time() - start < 10
    assert outcomes.count("not eligible") == 2400  # every fifth owes four months; all joined by 30 June


def test_the_whole_outcome_is_the_same_in_duckdb(rulebook: Rulebook) -> None:
    values: dict[str, list[object]] = {
        "joined": [dt.date(2026, 6, 30), dt.date(2026, 7, 1), None],
        "arrears_months": [3, 4, None],
        "own_payment": [True, False, None],
        "age": [15, 14, None],
        "suspended": [False, True, None],
    }
    rows: list[dict[str, object]] = [{}]
    for name, options in values.items():
        rows = [{**row, name: option} for row in rows for option in options]
    with duckdb.connect() as engine:
        engine.execute(
            "CREATE TABLE f (joined DATE, arrears_months INT, own_payment BOOL, age INT, suspended BOOL)"
        )
        engine.executemany("INSERT INTO f VALUES (?, ?, ?, ?, ?)", [list(row.values()) for row in rows])
        found = engine.execute(f"SELECT {rulebook.eligibility_sql()} FROM f ORDER BY rowid").fetchall()  # noqa: S608 - our SQL
    assert [outcome for (outcome,) in found] == [rulebook.eligibility(row).outcome for row in rows]
    assert len(rows) == 243


def test_clauses_not_met_and_unknown_are_tallied_apart(rulebook: Rulebook) -> None:
    rows = [
        {**FACTS, "arrears_months": 4},
        {**FACTS, "arrears_months": None},
        {**FACTS, "own_payment": False},
    ]
    tally = rulebook.tally(rulebook.eligibility(row) for row in rows)
    assert tally == (
        ("E1", "Rule 4.2", 0, 0),
        ("E2", "Rule 4.3", 1, 1),
        ("E3", "Rule 4.5", 1, 0),
        ("E4", "Rule 9.1", 0, 0),
    )


def test_ranked_with_weights_and_more_than_thirty_ranked_candidates_are_refused(rulebook: Rulebook) -> None:
    contest = rulebook.contest("committee")
    lint_contest(contest, 30, weighted=False)
    with pytest.raises(
        Refusal, match="Contest `committee` is ranked and its electors have different weights"
    ):
        lint_contest(contest, 11, weighted=True)
    with pytest.raises(Refusal, match="Contest `committee` is ranked and has 31 candidates; at most 30"):
        lint_contest(contest, 31, weighted=False)
    with pytest.raises(Refusal, match=r"no contest `comittee`; it has committee. Did you mean `committee`"):
        rulebook.contest("comittee")


def test_p1_passes_the_adopted_version_only() -> None:
    right = check_rulebook(SOURCE, "2026-11-22")
    assert right == Check("P1", CLAIM, "passed", "version 2026-11-22")
    other = check_rulebook(SOURCE, "2026-11-23")
    assert (other.duty, other.claim, other.verdict) == ("P1", CLAIM, "failed")
    assert other.because == "the file is version 2026-11-22; the record adopted 2026-11-23"


def test_p1_fails_a_rulebook_that_declares_a_forbidden_fact() -> None:
    check, rulebook = checked_rulebook(changed("age            = {", "religion       = {"), "2026-11-22")
    assert (check.duty, check.claim, check.verdict) == ("P1", CLAIM, "failed")
    assert check.because.startswith("line 12, facts: `religion` may not be declared")
    assert rulebook is None


def test_the_smallest_tally_is_ten_where_the_rulebook_says_nothing() -> None:
    assert load(SOURCE, "rulebook.toml").smallest_tally == 10
    assert load(SOURCE + b"\n[poll]\n", "rulebook.toml").smallest_tally == 10
    assert load(SOURCE + b"\n[poll]\nsmallest_tally = 25\n", "rulebook.toml").smallest_tally == 25


@pytest.mark.parametrize("written", ["1", "1001", "0", "-5", '"10"', "10.0", "true"])
def test_a_smallest_tally_that_protects_nobody_is_refused(written: str) -> None:
    with pytest.raises(Refusal):
        load(SOURCE + f"\n[poll]\nsmallest_tally = {written}\n".encode(), "rulebook.toml")
    with pytest.raises(Refusal):
        load(SOURCE + b"\n[poll]\nsmallest = 10\n", "rulebook.toml")
