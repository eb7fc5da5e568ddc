"""Claims about taking in large files: the tables are those that the small way makes of the same files.

The expected tables are those of `take_in` on readings of the small reader, which shares no statement with the
large one but the last two (households of one declaration, and the account)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selectorate.roll.columns import plan
from selectorate.roll.facts import note_histories
from selectorate.roll.intake import take_in
from selectorate.roll.large.electorate import LINE_SQL, seal
from selectorate.roll.large.forms import Forms
from selectorate.roll.large.reading import judge, load
from selectorate.roll.large.shape import look
from selectorate.roll.objects import Elector, elector_line
from selectorate.roll.reading import Reading, read_file
from selectorate.roll.tokens import name_words, tokens

TODAY = date(2026, 11, 22)
KEY = bytes(range(32))
TABLES = ("members", "payments", "events", "tokens", "left_out", "covered")


def opened() -> Any:
    engine = duckdb.connect(config={"threads": 1})
    engine.execute("ATTACH ':memory:' AS packed (COMPRESS)")
    return engine


def read(engine: Any, folder: Path, name: str, text: str, *, large: bool) -> Reading:
    if not large:
        return read_file(text.encode(), name, today=TODAY)
    path = folder / name
    path.write_bytes(text.encode())
    shape = look([text.encode()], name)
    assert shape is not None
    planned = plan(shape.header, name)
    table = f"packed.lines_{name.partition('.')[0]}"
    statement, values = load(planned, shape, table)
    engine.execute(statement, [str(path), *values])
    found = judge(engine, name, shape, planned, table=table, today=TODAY)
    assert found is not None
    return found


def taken(folder: Path, listed: dict[str, str], large: set[str]) -> dict[str, Any]:
    """Everything that is in the tables afterwards, and the account."""
    with opened() as engine:
        readings = [read(engine, folder, name, text, large=name in large) for name, text in listed.items()]
        intake = take_in(engine, readings, KEY)
        note_histories(engine, readings)
        found = {one: engine.execute(f"FROM {one} ORDER BY ALL").fetchall() for one in TABLES}
    left = sorted(intake.left_out, key=lambda one: (one.source, one.row, one.because))
    told = (intake.entry(bytes(32)), intake.unknown_payers, intake.strangers, intake.events, left)
    return {**found, "account": told}


def csv(header: str, lines: list[tuple[str, ...]]) -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    return header + "\n" + "".join(",".join(map(cell, line)) + "\n" for line in lines)


MEMBERS = (
    st.sampled_from(("1", "2", "3", "4", "A-9", "é")),
    st.sampled_from(("Member One", "one MEMBER", "Élan Ünal ünal", "O'Neil-Smith 3rd", "ﬁne ſ", "", "名 前")),
    st.sampled_from(("1980-02-03", "", "1901-01-01")),
    st.sampled_from(("2020-05-06", "2019-05-06", "")),
    st.sampled_from(("a.b+tag@Example.ORG", "+x@example.org", "x@", "@y", "a@b@c", "ÖNE@example.org", "")),
    st.sampled_from(("+33 6 12 34 56 78", "12-34", "123456", "٠١٢٣٤٥٦٧٨٩", "")),
    st.sampled_from(("1 Elm Road", "1, ELM road", "Straße 5", "")),
    st.sampled_from(("AB1 2CD", "ab1-2cd", "")),
    st.sampled_from(("", "2", "01")),
    st.sampled_from(("current", "Suspended", "ſuspended", "")),
    st.sampled_from(("pay_1", "PAY-1", "páy", "")),
    st.sampled_from(("", "home 1", "home-1", "home 2")),
)
HEAD = "member_id,full_name,born_on,joined_on,email,phone,address_1,postcode,weight,status,payer_ref,household_ref"
PAID = (
    st.sampled_from(("1", "2", "77")),
    st.sampled_from(("2026-01-02", "2025-01-02")),
    st.sampled_from(("12.50", "3,5", "-1", "", "7")),
    st.sampled_from(("pay 1", "ß", "")),
    st.sampled_from(("cash", "")),
)


def rows(shape: tuple[st.SearchStrategy[str], ...]) -> st.SearchStrategy[list[tuple[str, ...]]]:
    return st.lists(st.tuples(*shape), min_size=1, max_size=9)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows(MEMBERS), rows(MEMBERS), rows(PAID), st.sets(st.sampled_from(("one.csv", "two.csv", "paid.csv"))))
def test_a_large_file_becomes_what_a_small_one_becomes(
    tmp_path: Path,
    one: list[tuple[str, ...]],
    two: list[tuple[str, ...]],
    paid: list[tuple[str, ...]],
    large: set[str],
) -> None:
    listed = {
        "one.csv": csv(HEAD, one),
        "two.csv": csv(HEAD, two),
        "paid.csv": csv("member_id,paid_on,amount,payer_ref,method", paid),
    }
    assert taken(tmp_path, listed, large or set(listed)) == taken(tmp_path, listed, set())


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12).map(str.strip)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        TEXTS
        | st.from_regex(r"\A[ -~]{0,14}\Z").map(str.strip)
        | st.from_regex(r"\A[ab+@ ]{0,9}\Z").map(str.strip),
        min_size=1,
        max_size=30,
    )
)
def test_every_text_gets_the_token_that_the_room_of_tokens_gives_it(texts: list[str]) -> None:
    with duckdb.connect(config={"threads": 1}) as engine:
        engine.execute("CREATE TABLE texts (place BIGINT, text VARCHAR)")
        engine.executemany("INSERT INTO texts VALUES (?, ?)", [list(pair) for pair in enumerate(texts)])
        for kind in ("phone", "email", "payer", "address"):
            forms = Forms(engine, "texts", KEY)
            form, made = forms.form(kind, "text", "text"), forms.token(kind, "x")
            query = f"SELECT {made} FROM (SELECT place, {form} AS x FROM texts) ORDER BY place"  # noqa: S608
            found = engine.execute(query, forms.settings).fetchall()
            assert [one for (one,) in found] == tokens(KEY, kind, texts)
        words = Forms(engine, "texts", KEY).form("name", "text", "text")
        found = engine.execute(f"SELECT {words} FROM texts ORDER BY place").fetchall()  # noqa: S608
        assert [one for (one,) in found] == [name_words(text) for text in texts]


def test_the_lines_of_electors_are_those_of_the_pure_way() -> None:
    people = [Elector(f"M-{one}", f'Member "{one}" \\ É\t\U0001f333', 1 + one) for one in range(9)]
    with duckdb.connect(config={"threads": 1}) as engine:
        engine.execute("CREATE TABLE members (member_id VARCHAR, name VARCHAR, weight BIGINT)")
        engine.executemany(
            "INSERT INTO members VALUES (?, ?, ?)", [[p.member, p.name, p.weight] for p in people]
        )
        found = engine.execute(f"SELECT {LINE_SQL} FROM members ORDER BY member_id").fetchall()  # noqa: S608
    assert [line for (line,) in found] == [elector_line(one) for one in people]


@pytest.mark.parametrize("number", [0, 1, 2, 7, 64, 65])
def test_a_roll_sealed_in_columns_is_the_roll_sealed_one_by_one(number: int) -> None:
    from hashlib import sha256

    from selectorate.roll.electorate import make

    people = [Elector(f"M-{one:03}", f"Member {one} É", 1 + one % 3) for one in range(number)]
    salts = [sha256(bytes([one])).digest() for one in range(number)]
    right = make(people, salts)
    found = seal(((p.member, elector_line(p), p.weight) for p in people), b"".join(salts))
    assert (found.document, found.root, found.weight) == (right.document, right.root, right.weight)
    assert sorted(found.slips()) == sorted((member, slip.to_json().decode()) for member, slip in right.slips)
