"""Claims about samples, statements, roles and the retention table that need no workspace."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.cli.selection import RULEBOOK

from selectorate import rules
from selectorate.errors import Refusal
from selectorate.roll.intake import take_in
from selectorate.roll.keeping import retention, roles, sample, statement, subject
from selectorate.roll.reading import read_file

from .conftest import KEY, Take

P95 = Fraction(95, 100)


@pytest.mark.parametrize(
    ("bound", "confidence", "size"),
    [("5%", "95%", 59), ("10%", "95%", 29), ("1%", "99%", 459), ("10%", "90%", 22), ("5%", "99%", 90)],
)
def test_the_size_is_the_one_that_tables_of_tolerance_give(bound: str, confidence: str, size: int) -> None:
    """Published since Wilks (1941): 59 for 95/95, 29 for 90/95, 459 for 99/99, 22 for 90/90, 90 for 95/99."""
    assert sample.size(sample.share(bound, "b"), sample.share(confidence, "c")) == size


@pytest.mark.parametrize(("asked", "not_confirmed"), [(59, 0), (93, 1), (124, 2), (153, 3), (181, 4)])
def test_the_bound_with_some_not_confirmed_is_that_of_the_same_tables(asked: int, not_confirmed: int) -> None:
    """95/95 tolerance sizes with 0 to 4 outside: 59, 93, 124, 153, 181; one fewer is not enough."""
    assert sample.upper_permille(asked, not_confirmed, P95) <= 50
    assert sample.upper_permille(asked - 1, not_confirmed, P95) > 50


@pytest.mark.parametrize("typed", ["0%", "100%", "0.05%", "5.55%", "five", "", "5/0", "-5%"])
def test_a_share_that_makes_no_sense_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        sample.share(typed, "the bound")
    assert refused.value.code == "roll.share"


def test_a_draw_of_another_seed_or_throw_is_another_and_of_the_same_the_same() -> None:
    members = [f"M-{n:05}" for n in range(500)]
    first = sample.draw(members, sample.seed("ab" * 32, 1, "no throw"), 59)
    assert first == sample.draw(reversed(members), sample.seed("ab" * 32, 1, "no throw"), 59)
    assert len(set(first)) == 59
    for other in (("ac" * 32, 1, "no throw"), ("ab" * 32, 2, "no throw"), ("ab" * 32, 1, "6")):
        assert sample.draw(members, sample.seed(*other), 59) != first


def test_every_member_is_as_likely_to_be_drawn_as_another() -> None:
    """500 draws of 10 from 100: each member 50 times, give or take; chi-squared of 99 degrees under 149 (0.999)."""
    members = [f"M-{n:05}" for n in range(100)]
    times = dict.fromkeys(members, 0)
    for n in range(500):
        for member in sample.draw(members, sample.seed("ab" * 32, n, ""), 10):
            times[member] += 1
    assert sum((found - 50) ** 2 / 50 for found in times.values()) < 149


def test_silence_leaves_the_bound_open_and_speaks_against_nobody() -> None:
    counted = {"confirmed": 58, "not confirmed": 0, "silent": 1}
    reached, upper, says = sample.result(counted, 1_000, Fraction(5, 100), P95)
    assert not reached
    assert upper > 50
    assert "says nothing against any of them; had all of them confirmed, it would be 5 %" in says


def test_a_whole_branch_asked_leaves_nothing_to_chance() -> None:
    counted = {"confirmed": 30, "not confirmed": 0, "silent": 0}
    assert sample.result(counted, 30, Fraction(5, 100), P95)[:2] == (True, 0)


BOOK = rules.load(
    RULEBOOK.read_bytes().replace(
        b"[appeal]\n",
        b'[[eligible]]\nid = "E3"\ncite = "Rule 3.3"\nneeds = "age >= 15"\nsays = "You are 15 or over."\n\n[appeal]\n',
    ).replace(b"[timetable]", b'age = { type = "int", from = "roll", means = "completed years" }\n\n[timetable]'),
    "rulebook.toml",
)  # fmt: skip


def test_one_clause_met_one_not_met_and_one_not_known_are_told_apart() -> None:
    facts = {"joined": "2020-01-01", "arrears_months": 7, "age": None}
    decision = BOOK.eligibility(facts, subject="M-17", decided=date(2027, 1, 20))
    place = statement.Place("members.csv", 18, None, date(2026, 2, 3), (), {}, {})
    names = [name for name, _ in decision.facts]
    known = statement.sources(BOOK, place, names, date(2027, 1, 2))
    made = statement.statement(BOOK, decision, date(2027, 1, 20), known)
    assert [(one.clause, one.verdict) for one in made.reasons] == [
        ("E2", "not met"),
        ("E3", "not known"),
        ("E1", "met"),
    ]
    owed, age, joined = made.reasons
    assert owed.todo.startswith("Pay what is owed by 8 February 2027")
    assert (owed.looked_at[0].source, owed.looked_at[0].as_at) == (
        "the payments; your last one is of that day",
        "2026-02-03",
    )
    assert "We could not find out" in age.says
    assert age.todo == "Tell us, with something that shows it, by 8 February 2027."
    assert (joined.todo, joined.looked_at[0].source) == ("", "members.csv, row 18")
    assert made.appeal_until == "2027-02-03"


def test_a_fact_that_no_list_gives_is_told_by_the_source_that_the_rulebook_names(take: Take) -> None:
    engine = take("member_id,full_name,joined_on\nM-17,Member 17,2020-01-01")
    ((_, place, _),) = statement.placed(engine, BOOK, "M-17")
    known = statement.sources(BOOK, place, ["joined", "arrears_months", "finding"], None)
    assert known == {
        "joined": ("members.csv, row 2", ""),
        "arrears_months": ("neither a payment nor a paid period was found", ""),
    }


def test_no_role_but_the_officers_sees_a_decision_and_none_sees_an_account() -> None:
    table = roles.roles()
    assert set(table) == {"branch-officer", "investigator", "returning-officer", "scrutineer", "member"}
    assert [name for name, one in table.items() if "outcome" in one.fields + one.reveal] == [
        "returning-officer"
    ]
    assert [name for name, one in table.items() if one.reveal] == ["investigator", "returning-officer"]
    assert not {"payer", "device", "score", "token"} & set(roles.FIELDS)


def test_a_pseudonym_needs_the_key() -> None:
    assert roles.pseudonym(b"a" * 32, "M-17") == roles.pseudonym(b"a" * 32, "M-17")
    assert roles.pseudonym(b"a" * 32, "M-17") != roles.pseudonym(b"b" * 32, "M-17")


def test_no_file_is_of_two_kinds_and_evidence_goes_first() -> None:
    names = [name.replace("N.", "7.") for one in retention.schedule() for name in one.files]
    for name in names:
        assert sum(one.holds(name + "x" * name.endswith("/")) for one in retention.schedule()) == 1, name
    days = {one.kind: one.due(dict(BOOK.timetable)) for one in retention.schedule()}
    assert days["evidence"] == date(2027, 5, 9)  # 8 February and 90 days
    assert days["decisions"] == date(2034, 3, 15)  # 15 March 2027 and seven years with two leap days
    assert days["keys of the record"] is None
    assert retention.unknown(["roll.duckdb", "letters/sample-12.csv", "notes.txt"]) == ("notes.txt",)


EVENTS = (
    ("members.csv", "member_id,full_name,joined_on,address_1,postcode,email\n"
     "M-1,Member 1,2019-01-01,1 Mill Lane,OR1,one@orchard.example\n"
     "M-2,Member 2,2019-01-01,2 Mill Lane,OR1,two@orchard.example\nM-3,Member 3,2019-01-01,3 Mill Lane,OR1,"),
    ("payments.csv", "member_id,paid_on,amount,payer_ref,method\nM-1,2026-02-01,24.00,ACC-9,transfer\n"
     "M-2,2026-02-01,24.00,ACC-9,transfer"),
    ("receipts.csv", "member_id,received_on,receipt,collector,recorded_on\n"
     "M-1,2026-03-01,R-17,Collector Nine,2026-03-02\nM-2,2026-03-01,R-18,Collector Nine,2026-03-02\n"
     "M-3,2026-03-01,R-19,Collector Nine,2026-03-02"),
)  # fmt: skip


def with_events() -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect()
    take_in(engine, [read_file(text.encode(), name) for name, text in EVENTS], KEY)
    return engine


def test_who_collected_or_keyed_in_is_told_by_a_number_only() -> None:
    with with_events() as engine:
        said = repr(subject.held(engine, "M-1"))
    assert "'1 March 2026', 'receipt', 'R-17', '', '2 March 2026'" in said
    assert "somebody who also did this for 2 other members" in said
    assert "an account that also paid for 1 other home" in said
    for hidden in ("Collector", "M-2", "M-3", "Member 2", "R-18", "ACC-9"):
        assert hidden not in said
    assert not re.search("[0-9a-f]{64}", said)


def test_no_keyed_value_is_left_in_any_table_after_its_day(tmp_path: Path) -> None:
    fresh = tmp_path / "thin.duckdb"
    with with_events() as engine:
        assert re.search("[0-9a-f]{64}", repr(dump(engine)))
        before = engine.execute("SELECT member_id, name, email FROM members ORDER BY 1").fetchall()
        retention.strip(engine, str(fresh))
    with duckdb.connect(str(fresh)) as thin:
        assert not re.search("[0-9a-f]{64}", repr(dump(thin)))
        assert thin.execute("SELECT member_id, name, email FROM members ORDER BY 1").fetchall() == before
        assert thin.execute("SELECT count(*) FROM events").fetchall() == [(3,)]


def dump(engine: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    tables = engine.execute("SELECT table_name FROM information_schema.tables").fetchall()
    return {name: engine.table(name).fetchall() for (name,) in tables}


def test_a_possible_duplicate_is_told_with_what_was_found_and_without_the_other() -> None:
    link = {"left": "M-1", "right": "M-2", "because": "the same name", "evidence": ["the addresses differ"]}
    found = {
        ("M-1", "M-2"): {"answer": "two persons", "on": "2027-01-09", "reason": "Member 2 wrote.", "by": "X"}
    }
    (part,) = subject.links_of("M-1", [link], found)
    assert part.rows[1] == ("the same name", "the addresses differ", "two persons, on 9 January 2027")
    assert "Member 2" not in repr(part)
    assert "M-2" not in repr(part)
    assert subject.links_of("M-3", [link], found) == ()
    assert retention.unknown(["links-resolved.json"]) == ()
