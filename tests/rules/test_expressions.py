# ruff: noqa: E501 - refusals are compared whole
"""Tests of rules: the two back ends have one meaning, and what is not read is refused.

DuckDB is the independent source: its NULL logic, its dates and its months are not ours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selectorate.rules.calendar import FIRST_DAY, LAST_DAY, add_months
from selectorate.rules.expression import Scope, Unfit, compile_condition

SCOPE = Scope(
    types={"d": "date", "e": "date", "n": "int", "m": "int", "b": "bool", "c": "bool", "t": "text"},
    values={"t": ("none", "minor", "it's")},
    days={"freeze": dt.date(2026, 12, 31), "leap": dt.date(2028, 2, 29)},
    never_use=("postcode",),
)

# Month ends and leap days are where month arithmetic goes wrong, so they are drawn often.
DATES = st.one_of(
    st.dates(FIRST_DAY, LAST_DAY),
    st.sampled_from(
        [dt.date(2024, 2, 29), dt.date(2023, 2, 28), dt.date(2026, 12, 31), dt.date(2026, 6, 30)]
    ),
    st.dates(dt.date(2026, 5, 28), dt.date(2026, 7, 2)),
)
FACTS = st.fixed_dictionaries(
    {
        "d": st.none() | DATES,
        "e": st.none() | DATES,
        "n": st.none() | st.integers(-5, 5) | st.integers(-(2**53), 2**53),
        "m": st.none() | st.integers(-5, 5),
        "b": st.none() | st.booleans(),
        "c": st.none() | st.booleans(),
        "t": st.none() | st.sampled_from(["none", "minor", "it's"]),
    }
)
_PERIODS = st.builds(
    "{} {}({})".format, st.sampled_from("+-"), st.sampled_from(["months", "days"]), st.integers(0, 40)
)
_DAYS = st.builds(
    " ".join,
    st.lists(_PERIODS, max_size=2).flatmap(
        lambda shifts: st.sampled_from(["d", "e", "freeze", "leap"]).map(lambda base: [base, *shifts])
    ),
)
_NUMBERS = st.builds(
    "{}{}".format, st.sampled_from(["n", "m", "3", "-2"]), st.sampled_from(["", " + 1", " - m", " + n - 2"])
)
_SIGNS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
_EQUAL = st.sampled_from(["==", "!="])
ATOMS = st.one_of(
    st.builds("{} {} {}".format, _DAYS, _SIGNS, _DAYS),
    st.builds("{} {} {}".format, _NUMBERS, _SIGNS, _NUMBERS),
    st.builds("{} {} {} {} {}".format, _NUMBERS, _SIGNS, _NUMBERS, _SIGNS, _NUMBERS),
    st.builds("t {} {}".format, _EQUAL, st.sampled_from(["'none'", "'minor'", '"it\'s"'])),
    st.builds("b {} c".format, _EQUAL),
    st.sampled_from(["b", "c", "true", "false"]),
)
TESTS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("not ({})".format, inner),
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
    ),
    max_leaves=4,
).filter(lambda text: len(text) <= 200)


@pytest.fixture(scope="module")
def table() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as engine:
        yield engine


def _in_duckdb(engine: duckdb.DuckDBPyConnection, sql: str, facts: dict[str, Any]) -> bool | None:
    columns = "?::DATE AS d, ?::DATE AS e, ?::BIGINT AS n, ?::BIGINT AS m, ?::BOOLEAN AS b, ?::BOOLEAN AS c, ?::TEXT AS t"
    query = f"SELECT {sql} FROM (SELECT {columns})"  # noqa: S608 - the SQL is ours; the facts are parameters
    row = engine.execute(query, [facts[key] for key in "denmbct"]).fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]


@settings(max_examples=150, deadline=None)
@given(text=TESTS, facts=FACTS)
def test_interpreter_and_duckdb_agree(
    table: duckdb.DuckDBPyConnection, text: str, facts: dict[str, Any]
) -> None:
    condition = compile_condition(text, SCOPE)
    assert condition.holds(facts) is _in_duckdb(table, condition.sql, facts)


@settings(max_examples=60, deadline=None)
@given(day=DATES, number=st.integers(-1200, 1200))
def test_months_clamp_as_in_duckdb(table: duckdb.DuckDBPyConnection, day: dt.date, number: int) -> None:
    row = table.execute("SELECT CAST(?::DATE + to_months(?) AS DATE)", [day, number]).fetchone()
    assert row == (add_months(day, number),)


@pytest.mark.parametrize(
    ("text", "facts", "holds"),
    [  # Kleene's tables, by hand
        ("b and c", {"b": False, "c": None}, False),
        ("b and c", {"b": True, "c": None}, None),
        ("b or c", {"b": None, "c": True}, True),
        ("b or c", {"b": None, "c": False}, None),
        ("not b", {"b": None}, None),
        ("n <= 3", {"n": None}, None),
        ("b == c", {"b": None, "c": None}, None),
        ("1 <= n < 3", {"n": 3}, False),
        ("n > 3 and d < freeze", {"n": 3, "d": None}, False),
    ],
)
def test_unknown_follows_kleene(text: str, facts: dict[str, Any], holds: bool | None) -> None:
    assert compile_condition(text, SCOPE).holds(facts) is holds


REFUSED = {
    "d.year > 3": "`d.year` is not read. A dot reads inside a value; rules look at declared facts as a whole.",
    "len(t) > 3": "`len(t)` is not read. The only calls are months(n) and days(n) with a whole number n.",
    "d < freeze - months(n)": "`months(n)` is not read. The only calls are months(n) and days(n) with a whole number n.",
    "d < freeze - months(1201)": "`months(1201)` is not read. Expected a whole number from 0 to 1200.",
    "t[0] == 'n'": "`t[0]` is not read. Square brackets are not read; rules look at declared facts as a whole.",
    "n * 2 > 3": "`n * 2` is not read. Of arithmetic there are only + and -.",
    "n > 3.5": "`3.5` is not read. Constants are whole numbers, quoted texts, true and false.",
    "b == True": "`True` is written true here.",
    "n": "the test must be true or false, and this is a whole number.",
    "n and b": "`n` is a whole number; expected true or false here.",
    "d > 3": "`d > 3` compares a date with a whole number; both sides must be of one type.",
    "t < 'minor'": "`t < 'minor'` orders values that have no order. Use == or !=.",
    "t == 'minr'": "`t` is never 'minr'; it is one of 'none', 'minor', 'it's'. Did you mean `minor`?",
    "frieze > d": "`frieze` is not a declared fact. Did you mean `freeze`?",
    "religion": "`religion` may not be used by any rule: it speaks of who somebody is, which no rule may look at.",
    "postcode == 1": "`postcode` may not be used by any rule: it is on the rulebook's never_use list (postcode).",
    "n in (1, 2)": "`(1, 2)` is not read. Lists are not read; write `x == 'a' or x == 'b'`.",
    "[x for x in b]": "`[x for x in b]` is not read. Expected facts, constants, comparisons, and, or, not, +, -.",
    "b if c else b": "`b if c else b` is not read. `if` is not read; write and, or, not.",
    "d - e > 3": "`d - e` adds a date to a date. Expected a date and months(n) or days(n), or two whole numbers.",
    "n <=": "this is not a test. Expected something like `arrears_months <= 3 and not suspended`.",
    "n <= 1or b": "this is not a test. Expected something like `arrears_months <= 3 and not suspended`.",
    "(" * 100 + "b" + ")" * 100: "it has 201 characters; at most 200 are read. Split it into two rules.",
    "n > 9007199254740993": "`9007199254740993` is beyond 2^53, the largest number that is read.",
    "ｎ > 3": "outside quotes only plain ASCII characters on one line are read, and no backslash.",
    "(n := 3) > 2": "`(n := 3)` is not read. Expected facts, constants, comparisons, and, or, not, +, -.",
    "lambda: b": "`lambda: b` is not read. Expected facts, constants, comparisons, and, or, not, +, -.",
    "__import__('os')": "`__import__('os')` is not read. The only calls are months(n) and days(n) with a whole number n.",
    "not " * 49 + "n": None,
    "(" * 99 + "b" + ")" * 99: "fits",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_read_is_refused_with_a_sentence(text: str) -> None:
    expected = REFUSED[text]
    if expected == "fits":
        assert compile_condition(text, SCOPE).holds({"b": True}) is True
        return
    with pytest.raises(Unfit) as caught:
        compile_condition(text, SCOPE)
    assert expected is None or str(caught.value) == expected


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.text("bcdnt()=<>+-andornot'0123456789 ,.[]{}:*", max_size=60))
def test_no_text_gives_a_traceback(text: str) -> None:
    try:
        compile_condition(text, SCOPE)
    except Unfit as reason:
        assert str(reason)
