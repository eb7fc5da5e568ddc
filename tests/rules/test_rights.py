# ruff: noqa: E501 - refusals and statements are compared whole
"""Rights with rules of their own, classes, days that must lie apart, weights, proxies, and remarks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selectorate.errors import Refusal
from selectorate.rules import Appointment, ProxyTerms, Rulebook, load, proxies, statement
from selectorate.rules.lint import Remark, remarks

HEAD = """
[rulebook]
organisation = "The Orchard League"
version = "r"
adopted = "for these tests"
[facts]
grade = { type = "text", from = "roll", one_of = ["full", "life"] }
joined = { type = "date", from = "roll" }
arrears = { type = "int", from = "ledger" }
delegate = { type = "bool", from = "register" }
units = { type = "int", from = "roll" }
[timetable]
poll_opens = 2027-03-31
freeze = "poll_opens - 1 month"
nominations = "freeze + 7 days"
appeals_end = "poll_opens - 7 days"
poll_closes = "poll_opens + 14 days"
"""
RULES = """
[[right]]
id = "stand"
cite = "Rule 6"
says = "You may stand for the committee."
[[eligible]]
id = "E1"
cite = "Rule 3"
applies = "grade != 'life'"
rights = ["vote", "stand"]
needs = "arrears <= 2"
says = "You owe two months or less."
says_unknown = "We do not know what you owe; Rule 3 allows two months."
[[eligible]]
id = "S1"
cite = "Rule 6.1"
rights = ["stand"]
needs = "joined <= freeze - months(12)"
says = "You have been a member for a year."
[[weight]]
id = "W1"
cite = "Rule 9"
when = "delegate"
votes = "units + 1"
[[weight]]
id = "W2"
cite = "Rule 9"
votes = "1"
"""
TAIL = """
[appeal]
to = "the panel"
days = 14
"""
GAP = """
[[gap]]
id = "T1"
cite = "Rule 7.2"
after = "nominations"
day = "poll_opens"
at_least = "15 days"
at_most = "2 months"
"""


def read(text: str) -> Rulebook:
    return load(text.encode(), "r.toml")


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return read(HEAD + RULES + GAP + TAIL)


def faults(text: str) -> list[str]:
    with pytest.raises(Refusal) as caught:
        read(text)
    return [line.strip() for line in caught.value.sentence.splitlines()[1:]]


def test_each_right_has_its_own_clauses_and_the_vote_is_always_there(book: Rulebook) -> None:
    assert [(right.id, [one.id for one in right.clauses]) for right in book.rights] == [
        ("vote", ["E1"]),
        ("stand", ["E1", "S1"]),
    ]
    # a year before 28 February 2027 is 28 February 2026
    facts = {"grade": "full", "joined": "2026-03-01", "arrears": 0}
    found = book.entitlements(facts, subject="Member 17")
    assert {name: one.outcome for name, one in found.items()} == {"vote": "eligible", "stand": "not eligible"}
    assert {name: one.decision for name, one in found.items()} == {"vote": "eligible", "stand": "stand"}
    assert found["vote"].fingerprint != found["stand"].fingerprint
    with pytest.raises(Refusal, match=r"no right `stnd`; it has vote, stand. Did you mean `stand`"):
        book.eligibility(facts, right="stnd")


@pytest.mark.parametrize(
    ("grade", "arrears", "holds"),
    [  # not about life members: Kleene's (not applies) or needs, by hand
        ("full", 2, True), ("full", 3, False), ("full", None, None),
        ("life", 2, True), ("life", 3, True), ("life", None, True),
        (None, 2, True), (None, 3, None), (None, None, None),
    ],
)  # fmt: skip
def test_a_clause_is_met_by_whoever_it_is_not_about(
    book: Rulebook, grade: str | None, arrears: int | None, holds: bool | None
) -> None:
    (finding,) = book.eligibility({"grade": grade, "arrears": arrears}).findings
    assert finding.holds is holds


def test_the_statement_says_that_a_clause_is_not_about_somebody_and_what_is_not_known(book: Rulebook) -> None:
    life = statement(book, book.eligibility({"grade": "life"}, subject="Member 17"))
    assert "E1 (Rule 3): it is not about you.\n    We looked at: grade = life; arrears = not known." in life
    asked = statement(book, book.eligibility({"grade": "full"}))
    assert (
        "E1 (Rule 3): we could not find out. We do not know what you owe; Rule 3 allows two months." in asked
    )
    stand = book.eligibility({"grade": "full", "joined": "2026-03-01", "arrears": 0}, right="stand")
    assert statement(book, stand).startswith(
        "You do not have this right, for the reasons below: You may stand for the committee.\n"
    )


def test_a_timetable_that_breaks_a_gap_is_refused_with_the_first_day_that_would_do() -> None:
    text = HEAD + RULES + GAP + TAIL
    # the freeze is 28 February; nominations 7 March, 24 days before 31 March
    assert faults(text.replace("freeze + 7 days", "freeze + 17 days")) == [
        "line 13, T1: `poll_opens` is 2027-03-31, 14 days after `nominations`, 2027-03-17; Rule 7.2 asks for at least 15 days: 2027-04-01 or later."
    ]
    assert faults(text.replace('at_most = "2 months"', 'at_most = "3 weeks"')) == [
        "line 13, T1: `poll_opens` is 2027-03-31, 24 days after `nominations`, 2027-03-07; Rule 7.2 allows at most 3 weeks: 2027-03-28 or earlier."
    ]
    read(text.replace("freeze + 7 days", "freeze + 16 days"))  # exactly fifteen


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('rights = ["stand"]\n', 'rights = ["stnd"]\n', "S1: `stnd` is not a right. Did you mean `stand`?"),
        ('rights = ["vote", "stand"]', 'rights = ["stand"]', 'vote: no clause is about the right "vote"; name it in `rights` of one at least.'),
        ('votes = "1"', 'votes = "joined"', "W2: votes: a whole number is expected, and this is a date."),
        ('votes = "1"', 'when = "delegate"\nvotes = "1"', 'W2: the last weight is for all others: when = "true".'),
        ('after = "nominations"', 'after = "nomination"', "T1: `nomination` is not a day of the timetable. Did you mean `nominations`?"),
        ('at_least = "15 days"', 'at_least = "15 dyas"', 'T1: `at_least` is "15 dyas"; expected a length like "15 days".'),
        ('id = "T1"', 'id = "E1"', "E1: another rule has this id; each id is used once."),
        ('id = "stand"', 'id = "eligible"', "eligible: another rule has this id; each id is used once."),
        ("delegate = {", "class = {", "`class` cannot stand in a test, whose syntax keeps that word; write `member_class`, say."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(old: str, new: str, fault: str) -> None:
    text = HEAD + RULES + GAP + TAIL
    assert text.count(old) == 1, old
    assert any(line.endswith(fault) for line in faults(text.replace(old, new))), faults(
        text.replace(old, new)
    )


@pytest.mark.parametrize(
    ("delegate", "units", "votes"),
    [(True, 9, 10), (True, None, None), (False, 9, 1), (False, None, 1), (None, 9, None)],
)
def test_a_weight_is_the_first_that_holds(
    book: Rulebook, delegate: bool | None, units: int | None, votes: int | None
) -> None:
    assert book.weight({"delegate": delegate, "units": units}) == votes
    assert read(HEAD + RULES.split("[[weight]]", maxsplit=1)[0] + TAIL).weight({}) == 1


COLUMNS = ("grade", "joined", "arrears", "delegate", "units")
FACTS = st.fixed_dictionaries(
    {
        "grade": st.sampled_from([None, "full", "life"]),
        "joined": st.none() | st.dates(dt.date(2026, 2, 25), dt.date(2026, 3, 3)),
        "arrears": st.none() | st.integers(1, 4),
        "delegate": st.none() | st.booleans(),
        "units": st.none() | st.integers(-3, 3),
    }
)


@settings(max_examples=10, deadline=None)
@given(rows=st.lists(FACTS, min_size=1, max_size=8))
def test_rights_and_weights_are_the_same_in_duckdb(book: Rulebook, rows: list[dict[str, Any]]) -> None:
    demand_the_same(book, rows)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(rows=st.lists(FACTS, min_size=1, max_size=8))
def test_rights_and_weights_of_many_are_the_same_in_duckdb(
    book: Rulebook, rows: list[dict[str, Any]]
) -> None:
    demand_the_same(book, rows)


def demand_the_same(book: Rulebook, rows: list[dict[str, Any]]) -> None:
    with duckdb.connect() as engine:
        engine.execute(
            "CREATE TABLE f (grade TEXT, joined DATE, arrears BIGINT, delegate BOOL, units BIGINT)"
        )
        engine.executemany(
            "INSERT INTO f VALUES (?, ?, ?, ?, ?)", [[row[name] for name in COLUMNS] for row in rows]
        )
        asked = book.eligibility_sql(), book.eligibility_sql("stand"), book.weight_sql()
        found = engine.execute(f"SELECT {', '.join(asked)} FROM f ORDER BY rowid").fetchall()  # noqa: S608
    told = [(*(one.outcome for one in book.entitlements(row).values()), book.weight(row)) for row in rows]
    assert found == told


TERMS = ProxyTerms("Rule 6.8", 2, "poll_opens")
LAST = dt.date(2027, 3, 31)
MAY = {"A": True, "B": True, "C": True, "D": True, "H": True, "X": False, "Q": None}


def carried(*lodged: tuple[str, str, int]) -> list[tuple[bool | None, str]]:
    listed = [Appointment(giver, holder, dt.date(2027, 3, day)) for giver, holder, day in lodged]
    return [(one.holds, one.because) for one in proxies(TERMS, LAST, listed, MAY)]


def test_a_holder_carries_two_at_most_the_first_that_came_in() -> None:
    found = carried(("A", "H", 1), ("B", "H", 2), ("C", "H", 3))
    assert [holds for holds, _ in found] == [True, True, False]
    assert found[2][1] == "H carries 2 already, the most under Rule 6.8"


def test_the_last_appointment_in_time_counts() -> None:
    found = carried(("A", "H", 1), ("A", "D", 2))
    assert found == [(False, "A lodged a later one"), (True, "it counts under Rule 6.8")]
    late = proxies(
        TERMS, LAST, [Appointment("A", "H", LAST), Appointment("A", "D", LAST + dt.timedelta(1))], MAY
    )
    assert [(one.holds, one.because) for one in late] == [
        (True, "it counts under Rule 6.8"),
        (False, "it came in on 2027-04-01; Rule 6.8 asks for 2027-03-31 or earlier"),
    ]


@pytest.mark.parametrize(
    ("lodged", "holds", "because"),
    [
        ((("A", "A", 1),), False, "A cannot be their own proxy"),
        ((("X", "H", 1),), False, "X has no vote and can give away none"),
        ((("A", "X", 1),), False, "X has no vote and can carry another's none"),
        ((("A", "Z", 1),), False, "Z has no vote and can carry another's none"),
        ((("Q", "H", 1),), None, "it is not settled yet whether both may vote"),
        ((("A", "B", 1), ("B", "C", 2)), False, "B has given their own vote away and carries none"),
    ],
)
def test_an_appointment_that_does_not_count_has_its_reason(
    lodged: tuple[tuple[str, str, int], ...], holds: bool | None, because: str
) -> None:
    assert carried(*lodged)[0] == (holds, because)


def kinds(text: str) -> set[tuple[str, str]]:
    return {(one.kind, one.where) for one in remarks(read(text))}


CLAUSE = '\n[[eligible]]\nid = "{}"\ncite = "Rule 1"\nneeds = "{}"\nsays = "So."\n'
DECISION = '\n[[decision]]\nid = "D1"\nabout = "conduct"\ncite = "Rule 8"\noutcomes = [{}["none", "true"]]\n'


def with_clauses(*tests: str) -> str:
    return HEAD + "".join(CLAUSE.format(f"E{place}", test) for place, test in enumerate(tests, 1)) + TAIL


def test_clauses_that_overlap_or_contradict_each_other_are_remarked() -> None:
    assert ("redundant", "E1, E2") in kinds(with_clauses("arrears <= 2", "arrears <= 5"))
    assert ("contradiction", "E1, E2") in kinds(with_clauses("arrears <= 2", "arrears > 2"))
    assert ("contradiction", "E1") in kinds(with_clauses("arrears < 2 and arrears > 2"))
    assert ("redundant", "E1") in kinds(with_clauses("delegate or not delegate"))
    told = kinds(with_clauses("arrears <= 2", "arrears <= 5 and delegate"))
    assert not {("redundant", "E1, E2"), ("contradiction", "E1, E2")} & told


def test_outcomes_that_cannot_be_reached_or_that_overlap_are_remarked() -> None:
    base = HEAD + CLAUSE.format("E1", "delegate")
    shadowed = DECISION.format('["warn", "arrears > 2"], ["expel", "arrears > 5"], ')
    assert ("unreachable", "D1") in kinds(base + shadowed + TAIL)
    fine = DECISION.format('["expel", "arrears > 5"], ["warn", "arrears > 2"], ')
    assert ("unreachable", "D1") not in kinds(base + fine + TAIL)
    (overlap,) = [one for one in remarks(read(base + fine + TAIL)) if one.kind == "overlap"]
    assert overlap.says.startswith('a case can fit "expel" and "warn"; the first in the list counts.')
    apart = DECISION.format('["expel", "arrears > 5"], ["warn", "2 < arrears <= 5"], ')
    assert ("overlap", "D1") not in kinds(base + apart + TAIL)


def test_a_freeze_that_somebody_can_still_join_before_is_remarked() -> None:
    assert ("rush", "freeze") in kinds(with_clauses("joined <= freeze"))
    assert ("rush", "freeze") in kinds(with_clauses("arrears <= 2"))
    assert ("rush", "freeze") in kinds(with_clauses("joined <= freeze - days(1)"))
    assert ("rush", "freeze") not in kinds(with_clauses("joined <= freeze - days(2)"))
    assert ("rush", "freeze") not in kinds(with_clauses("joined <= freeze - months(6)", "arrears <= 2"))


def test_a_class_that_a_rule_lets_off_is_named_where_it_can_still_join() -> None:
    text = with_clauses("joined <= freeze - months(6)")
    (rush,) = [
        one
        for one in remarks(read(text.replace("needs =", """applies = "grade != 'life'"\nneeds =""")))
        if one.kind == "rush"
    ]
    assert "can meet every rule about dates (where grade = life)." in rush.says


def test_a_fact_that_no_rule_looks_at_is_remarked(book: Rulebook) -> None:
    text = "no rule looks at it; what is not needed should not be collected."
    told = remarks(read(with_clauses("joined <= freeze - months(6) and arrears <= 2")))
    assert Remark("unused", "units", text) in told
    assert not [one for one in remarks(book) if one.kind == "unused"]
