"""Claims about the invented roll of the demonstration."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

from selectorate.cli.demo.people import BRANCHES, COLUMNS, invent
from selectorate.roll import signals
from selectorate.roll.facts import facts

from .conftest import FREEZE, Marked, Roll, found_on

QUALIFYING = date(2026, 6, 30)


def outcome(fact: dict[str, object]) -> str:
    """The demonstration's clauses, by hand: six months, three months' arrears, 15 years, not suspended."""
    joined, arrears, age, suspended = (fact[key] for key in ("joined", "arrears_months", "age", "suspended"))
    known = (
        None if joined is None else joined <= QUALIFYING,  # type: ignore[operator]
        None if arrears is None else arrears <= 3,  # type: ignore[operator]
        None if age is None else age >= 15,  # type: ignore[operator]
        None if suspended is None else not suspended,
    )
    return "no" if False in known else "ask" if None in known else "yes"


def test_about_twelve_thousand_members_of_whom_enough_may_vote(roll: Roll) -> None:
    outcomes = [outcome(fact) for _, fact in facts(roll.engine, FREEZE)]
    assert 11_900 <= len(outcomes) <= 12_500
    assert outcomes.count("yes") >= 11_000
    assert min(outcomes.count("no"), outcomes.count("ask")) >= 10


def test_the_planted_operation_is_eligible_and_joined_within_three_weeks(roll: Roll) -> None:
    known = dict(facts(roll.engine, FREEZE))
    planted = [known[member] for member in roll.invention.truth.operation]
    assert [outcome(fact) for fact in planted] == ["yes"] * 34
    joined = [fact["joined"] for fact in planted]
    assert (max(joined) - min(joined)).days <= 21  # type: ignore[type-var,operator]


def test_the_truth_agrees_with_the_facts(roll: Roll) -> None:
    known, truth = dict(facts(roll.engine, FREEZE)), roll.invention.truth
    assert all(known[member]["arrears_months"] is None for member in truth.no_ledger)
    assert all((known[member]["arrears_months"] or 0) > 3 for member in truth.in_arrears)  # type: ignore[operator]
    assert all(known[member]["suspended"] for member in truth.suspended)
    late = {member for member, fact in known.items() if fact["joined"] > QUALIFYING}  # type: ignore[operator]
    assert late == set(truth.too_new)


def test_half_of_the_branches_stand_in_each_file(roll: Roll) -> None:
    branches = [set(reading.columns["branch"]) for reading in roll.readings[:2]]
    assert [len(found) for found in branches] == [20, 20]
    assert branches[0] | branches[1] == set(BRANCHES)


def test_the_refused_column_is_refused_by_name(roll: Roll) -> None:
    assert COLUMNS[-1] == "Religion"
    assert roll.intake.refused == ("Religion",)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ones() -> None:
    small = invent(FREEZE, honest=500)
    assert invent(FREEZE, honest=500).files() == small.files()
    assert invent(FREEZE, seed=5, honest=500).members_csv != small.members_csv


def test_a_sentinel_stands_in_every_private_text(marked: Marked) -> None:
    row = marked.invention.members_csv.decode().splitlines()[1].split(",")
    for title, text in zip(COLUMNS, row, strict=True):
        if title not in {"born_on", "membership_type", "status", "joined_on"} and text:
            assert marked.sentinel in text, title
    assert all(marked.sentinel in line for line in marked.invention.payments_csv.decode().splitlines()[1:50])
    shared = zipfile.ZipFile(io.BytesIO(marked.invention.members_xlsx)).read("xl/sharedStrings.xml")
    assert shared.count(marked.sentinel.encode()) > 3_000


def test_the_operation_is_found_under_the_sentinel_too(marked: Marked) -> None:
    truth = marked.invention.truth
    found = found_on(marked.engine, [truth.employer])
    assert signals.challenged(found) == truth.operation


def test_what_was_refused_and_every_account_is_nowhere_in_the_engine(marked: Marked) -> None:
    for table in ("members", "payments", "tokens", "left_out"):
        text = repr(marked.engine.table(table).fetchall())
        assert "refused-" not in text
        assert "ACC-" not in text


def test_names_are_words_of_landscape_and_weather(roll: Roll) -> None:
    names = [name for (name,) in roll.engine.execute("SELECT DISTINCT name FROM members").fetchall()]
    assert all(re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+", name) for name in names)
    assert len(names) > 6_000
