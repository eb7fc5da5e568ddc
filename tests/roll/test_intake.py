"""Claims about what is stored. Expected tokens: Python's own hmac over the documented form."""

from __future__ import annotations

import hashlib
import hmac
import json

import duckdb
import pytest

from selectorate import canon
from selectorate.errors import Refusal
from selectorate.roll.intake import take_in
from selectorate.roll.reading import read_file
from selectorate.roll.tokens import email, phone, reference, tokens, words

from .conftest import KEY, Roll, Take

TWO = (
    "member_id,full_name,email,phone,address_1,postcode,household_ref,payer_ref,status,weight\n"
    "1,Member One,One+list@Example.org,+44 7700 900123,3 Mill Lane,Q1,,ACC-1,Current,\n"
    "2,Member Two,,,3  MILL lane,q1,,,Suspended,3\n"
)


def test_payers_phones_and_addresses_are_kept_as_tokens_of_the_key(take: Take) -> None:
    engine = take(TWO)
    kept = dict(engine.execute("SELECT kind, token FROM tokens WHERE member_id = '1'").fetchall())
    for kind, normal in {"payer": "acc1", "phone": "700900123", "email": "one@example.org"}.items():
        assert kept[kind] == hmac.new(KEY, f"{kind}\0{normal}".encode(), hashlib.sha256).hexdigest()


def test_account_numbers_are_nowhere_in_the_tables(take: Take) -> None:
    engine = take(
        "member_id,full_name,payer_ref,household_ref,identity_ref,occupation\n1,A,PAYER77,HOUSE77,ID77,JOB77\n",
        "member_id,paid_on,amount,payer_ref\n1,2026-01-01,1,PAYER77\n",
    )
    stored = "".join(repr(engine.table(table).fetchall()) for table in ("members", "payments", "tokens"))
    for text in ("PAYER77", "HOUSE77", "ID77", "JOB77", "payer77"):
        assert text not in stored


def test_another_key_gives_other_tokens() -> None:
    assert tokens(KEY, "phone", ["0700 900123"]) != tokens(bytes(32), "phone", ["0700 900123"])


def test_a_short_key_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        tokens(b"short", "phone", ["0700 900123"])
    assert refused.value.code == "roll.key"


def test_normal_forms_ignore_how_something_is_written() -> None:
    assert phone("+33 6 12 34 56 78") == phone("06.12.34.56.78") == "612345678"
    assert phone("ext 12") == ""
    assert email(" A.B+x@Example.ORG ") == "a.b@example.org"
    assert email("none") == ""
    assert reference("acc_-00 1") == reference("ACC001")
    assert words("Béthune\u200b  O'Hara") == ["bethune", "o", "hara"]


def test_one_address_is_one_household_however_it_is_written(take: Take) -> None:
    engine = take(TWO)
    assert engine.execute("SELECT count(DISTINCT household) FROM members").fetchall() == [(1,)]


def test_a_declared_household_joins_addresses_without_joining_their_neighbours(take: Take) -> None:
    engine = take(
        "member_id,full_name,address_1,postcode,household_ref\n"
        "1,A,1 Mill Lane,Q1,H\n2,B,9 Hall,Q1,H\n3,C,9 Hall,Q1,\n4,D,,,\n5,E,,,\n"
    )
    homes = dict(engine.execute("SELECT member_id, household FROM members").fetchall())
    assert homes["1"] == homes["2"]
    assert len({homes[number] for number in "2345"}) == 4


def test_standing_and_weight_are_read_and_a_blank_is_not_guessed(take: Take) -> None:
    engine = take(TWO + "3,Member Three,,,,,,,,\n")
    found = engine.execute("SELECT member_id, suspended, weight FROM members ORDER BY 1").fetchall()
    assert found == [("1", False, 1), ("2", True, 3), ("3", None, 1)]


def test_the_same_row_again_is_left_out_with_its_reason() -> None:
    data = b"member_id,full_name\n1,Member One\n1,Member One\n"
    engine = duckdb.connect()
    intake = take_in(engine, [read_file(data, "members.csv")], KEY)
    assert (intake.rows, intake.kept) == (2, 1)
    (left,) = intake.left_out
    assert (left.row, left.because) == (3, "it repeats an earlier row of number 1 word for word")
    assert engine.execute('SELECT source, "row" FROM left_out').fetchall() == [("members.csv", 3)]


def test_a_number_that_comes_again_with_other_contents_loses_nobody(take: Take) -> None:
    engine = take("member_id,full_name\n1,Member One\n1,Member Two\n")
    found = engine.execute("SELECT member_id, name FROM members ORDER BY 1").fetchall()
    assert found == [("1", "Member One"), ("1/2", "Member Two")]


def test_a_file_with_a_problem_stores_nothing_and_says_where(take: Take) -> None:
    engine = take("member_id,full_name\n1,Member One\n")
    bad = read_file(b"member_id,full_name\n2\n", "later.csv")
    with pytest.raises(Refusal) as refused:
        take_in(engine, [bad], KEY)
    assert str(refused.value) == (
        "later.csv, row 2: found 1 cells; expected 2 cells, as in the header. Nothing was imported. Look for "
        "a missing or extra separator in this row, or an unquoted one inside a cell. See all with: "
        "selectorate roll check later.csv (1 found)."
    )
    assert engine.execute("SELECT member_id FROM members").fetchall() == [("1",)]


def test_an_import_that_breaks_midway_leaves_the_tables_as_they_were(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = take("member_id,full_name\n1,Member One\n")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("selectorate.roll.intake._households", stop)
    with pytest.raises(KeyboardInterrupt):
        take_in(engine, [read_file(b"member_id,full_name\n2,B\n", "b.csv")], KEY)
    assert engine.execute("SELECT member_id FROM members").fetchall() == [("1",)]


def test_payments_alone_are_refused() -> None:
    ledger = read_file(b"member_id,paid_on\n1,2026-01-01\n", "payments.csv")
    with pytest.raises(Refusal) as refused:
        take_in(duckdb.connect(), [ledger], KEY)
    assert refused.value.code == "roll.no_members"


def test_text_that_looks_like_a_statement_stays_text(take: Take) -> None:
    name = "x'); DROP TABLE members; -- \\\" ${}"
    engine = take('member_id,full_name\n1,"' + name.replace('"', '""') + '"\n')
    assert engine.execute("SELECT name FROM members").fetchall() == [(name,)]


def test_the_entry_holds_numbers_names_of_columns_and_a_salted_commitment(roll: Roll) -> None:
    salt = bytes(range(32))
    entry = roll.intake.entry(salt)
    listed = [hashlib.sha256(data).hexdigest() for _, data in roll.invention.files()]
    right = hashlib.sha256(salt + json.dumps(listed, separators=(",", ":")).encode()).hexdigest()
    assert entry == {
        "files": 3,
        "rows": roll.intake.rows,
        "kept": roll.intake.rows,
        "left_out": 0,
        "refused_columns": ["Religion"],
        "commitment": right,
    }
    assert canon.decode(canon.encode(entry), what="entry") == entry


def test_what_was_left_out_is_published_as_a_cell() -> None:
    data = b"member_id,full_name\n" + b"1,A\n" * 4
    intake = take_in(duckdb.connect(), [read_file(data, "a.csv")], KEY)
    assert intake.entry(bytes(32))["left_out"] == "fewer than 10"


def test_payments_of_nobody_are_told_with_their_file_and_rows() -> None:
    with duckdb.connect() as engine:
        members = read_file(b"member_id,full_name\n1,A\n2,B\n", "members.csv")
        paid = read_file(
            b"member_id,paid_on,amount\n1,2026-01-01,1\n9,2026-01-02,1\n01,2026-01-03,1\n", "paid.csv"
        )
        intake = take_in(engine, [members, paid], KEY)
    assert (intake.unknown_payers, intake.strangers) == (2, (("paid.csv", 3), ("paid.csv", 4)))
