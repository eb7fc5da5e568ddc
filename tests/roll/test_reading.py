"""Claims about layouts, refused columns, dates and what a check says. Expected values:
vectors/roll/headers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from selectorate.errors import Refusal
from selectorate.roll.columns import FIELDS, is_protected, layouts, own_layout, read_layout
from selectorate.roll.dates import AMBIGUOUS, column_format
from selectorate.roll.reading import cents, check_file, read_file
from selectorate.roll.review.starting import starting_map


def expected(vectors: Path) -> dict[str, Any]:
    return dict(json.loads((vectors / "roll" / "headers" / "expected.json").read_text()))


def test_each_systems_export_is_read_as_its_passport_says(vectors: Path) -> None:
    for name, right in expected(vectors).items():
        found = check_file((vectors / "roll" / "headers" / name).read_bytes(), name)
        for key in ("encoding", "delimiter", "rows", "map", "date_format"):
            assert found[key] == right[key], (name, key)
        for key in ("refuse", "ask", "ignore"):
            assert set(found[key]) == set(right[key]), (name, key)  # type: ignore[call-overload]
        assert found["rows_kept"] == right["expect_rows_kept"], name


def test_a_file_of_an_unknown_layout_is_refused_with_its_columns_and_what_to_do() -> None:
    with pytest.raises(Refusal) as refused:
        check_file(b"who,what\nA,B\n", "list.csv")
    assert refused.value.code == "roll.layout"
    assert refused.value.sentence == "No layout is known that has the columns of list.csv: who, what."
    assert "selectorate roll check list.csv --start-map map.toml" in refused.value.remedy


def test_refused_columns_are_named_of_a_file_of_an_unknown_layout_too() -> None:
    with pytest.raises(Refusal) as refused:
        check_file(b"Akid,who,Ethnicity,religion\n1,A,zqsentinelqz,B\n", "list.csv")
    assert refused.value.sentence == (
        "No layout is known that has the columns of list.csv: Akid, who. The nearest, an ActionKit export, would "
        "have “user_id” too. Refused, not read and not stored: Ethnicity, religion."
    )
    assert "zqsentinelqz" not in str(refused.value)


def test_a_map_to_begin_with_has_every_column_but_the_refused_and_is_read_as_it_is() -> None:
    header = ['No "x"', "E-mail", "Email", "Ethnicity", "Member Number", "Straße", "a\tb", "", "Name"]
    made = starting_map(header, "list.csv")
    assert made.refused == ("Ethnicity",)
    assert made.fields == {"E-mail": "email", "Member Number": "member_id", "Name": "full_name"}
    assert made.to_say == ('No "x"', "Email", "Straße", "a\tb")
    assert "Ethnicity" not in made.text
    assert dict(own_layout("map.toml", made.text.encode()).fields) == {
        "e-mail": "email", "member number": "member_id", "name": "full_name"
    }  # fmt: skip
    filled = made.text.replace('# "Straße" = ""', '"Straße" = "address_1"').replace(
        '# "No \\"x\\"" = ""', '"No \\"x\\"" = "branch"'
    )
    fields = own_layout("map.toml", filled.encode()).fields
    assert (fields["straße".casefold()], fields['no "x"']) == ("address_1", "branch")


def test_the_check_has_exactly_the_documented_keys() -> None:
    found = check_file(b"member_id,full_name\n1,A\n", "a.csv")
    assert list(found) == [
        "source", "encoding", "delimiter", "rows", "rows_kept", "map", "refuse", "ask", "ignore",
        "date_format", "problems",
    ]  # fmt: skip
    assert json.loads(json.dumps(found)) == found


def test_refused_columns_are_named_and_their_cells_are_nowhere() -> None:
    data = b"member_id,full_name,Religion,Place of birth\n1,Member One,SENTINEL,SENTINEL\n"
    reading = read_file(data, "members.csv")
    assert reading.refused == ("Religion", "Place of birth")
    assert "SENTINEL" not in repr(reading)
    assert "Refused, not read and not stored: Religion, Place of birth." in list(reading.lines())


@pytest.mark.parametrize(
    "title",
    ["religion", "Home Church", "ethnicity", "Ethnic origin", "race", "Nationalität", "État civil",
     "maritalStatus", "Gender__c", "sex", "tag_list", "can2_user_tags", "support_level", "Lieu de naissance",
     "birthplace",     "union_member", "party"],
)  # fmt: skip
def test_protected_columns_are_known_by_their_words(title: str) -> None:
    assert is_protected(title)


@pytest.mark.parametrize("title", sorted(FIELDS | {"Street Address", "Essex", "Terrace", "Sextant", "trace"}))
def test_needed_columns_are_not_refused(title: str) -> None:
    assert not is_protected(title)


def test_no_layout_can_map_a_protected_column() -> None:
    text = 'says = "x"\ntable = "members"\nknown_by = [["a"]]\n[map]\nReligion = "status"\n'
    with pytest.raises(ValueError, match="protected"):
        read_layout("x", text)


def test_every_layout_in_the_folder_loads() -> None:
    assert {"canonical", "payments", "civicrm"} <= {layout.name for layout in layouts()}


def test_dates_that_fit_two_ways_stop_with_the_rows_and_the_question() -> None:
    data = b"member_no,name,email,joined\n1,A B,,03/04/2026\n2,C D,,05/06/2026\n"
    (problem,) = read_file(data, "members.csv").problems
    assert problem.sentence("members.csv") == (
        "members.csv, row 2, column joined: found dates that fit day-first and month-first alike (row 2: "
        "03/04/2026, row 3: 05/06/2026); expected dates that can be read in one way only. Which comes "
        "first, the day or the month? Say --dates day-first or --dates month-first."
    )


@pytest.mark.parametrize(("said", "first"), [("day-first", "2026-04-03"), ("month-first", "2026-03-04")])
def test_a_declared_order_of_day_and_month_is_used(said: str, first: str) -> None:
    data = b"member_no,name,joined\n1,A B,03/04/2026\n2,C D,05/06/2026\n"
    reading = read_file(data, "members.csv", dates=said)
    assert reading.problems == ()
    assert reading.columns["joined_on"][0] == first


def test_a_declared_order_that_does_not_fit_is_a_problem_and_not_turned_round() -> None:
    reading = read_file(b"member_no,joined\n1,11/25/2026\n", "members.csv", dates="day-first")
    assert [(problem.row, problem.found) for problem in reading.problems] == [(2, "11/25/2026")]


def test_an_unknown_way_to_write_dates_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        read_file(b"member_no,joined\n1,11/25/2026\n", "members.csv", dates="whatever")
    assert refused.value.code == "roll.dates"


@pytest.mark.parametrize(
    ("texts", "form"),
    [
        (["2026-01-31", ""], "%Y-%m-%d"),
        (["11/25/1991", "04/03/1980"], "%m/%d/%Y"),
        (["25/11/1991", "04/03/1980"], "%d/%m/%Y"),
        (["03/03/1991"], "%d/%m/%Y"),
        (["03/04/1991"], AMBIGUOUS),
        (["30.02.2020"], None),
        (["03/04/91"], None),
        (["45000"], None),
        ([""], None),
    ],
)
def test_a_format_is_accepted_only_when_it_alone_fits(texts: list[str], form: str | None) -> None:
    assert column_format(texts) == form


def test_dates_that_do_not_exist_are_named_by_row() -> None:
    reading = read_file(b"member_id,joined_on\n1,2024-02-29\n2,2023-02-29\n3,2022-13-01\n", "members.csv")
    assert [(problem.row, problem.found) for problem in reading.problems] == [
        (3, "2023-02-29"),
        (4, "2022-13-01"),
    ]


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [
        ("12.50", 1250),
        ("12,5", 1250),
        ("-3", -300),
        ("", 0),
        ("12.505", None),
        ("NaN", None),
        ("1e999", None),
        ("x", None),
    ],
)
def test_amounts_are_exact_or_nothing(text: str, hundredths: int | None) -> None:
    assert cents(text) == hundredths


def test_values_that_cannot_be_are_named() -> None:
    data = b"member_id,weight,is_test\n1,two,no\n2,1,perhaps\n,1,no\n"
    found = [(problem.row, problem.column, problem.found) for problem in read_file(data, "m.csv").problems]
    assert found == [(2, "weight", "two"), (3, "is_test", "perhaps"), (4, "member_id", "no member number")]


def test_a_mailing_list_says_that_it_is_no_roll(vectors: Path) -> None:
    name = "actionnetwork_report.csv"
    lines = "\n".join(read_file((vectors / "roll" / "headers" / name).read_bytes(), name).lines())
    assert "mailing list" in lines
    assert "joined_on is in no column" in lines


HEADS = {
    "npsp": (
        "Id,AccountId,FirstName,LastName,Email,MailingPostalCode,Birthdate,Gender__c,npsp__Deceased__c",
        1,
    ),
    "actionkit": ("akid,user_id,email,address1,address2,city,country,created_at,source,action_race", 1),
    "chapter": (
        "AK_ID,first_name,last_name,Mailing_Zip,Mobile_Phone,Email,Do_Not_Call,Join_Date,Xdate,membership_type,"
        "yearly_dues_status,membership_status,union_member,union_name,union_local,student_yes_no,"
        "student_school_name,DSA_chapter,accommodations,race",
        6,
    ),
    "decidim": ("Document ID,Document Type,Date of Birth,Scope Code,Full name,Postal Code,Email address", 0),
    "joins": ("member_id,joined_on,joined_through,branch", 0),
    "renewals": ("member_id,renewed_on,paid_to,operator", 0),
    "transfers": ("member_id,moved_on,from_branch,to_branch,operator", 0),
    "contacts": ("member_id,changed_on,changed_field,operator", 0),
    "forms": ("member_id,sent_on,sent_from", 0),
    "receipts": ("member_id,received_on,receipt,collector", 0),
    "meetings": ("member_id,attended_on,meeting,signed_in_by", 0),
}


@pytest.mark.parametrize("name", sorted(HEADS))
def test_a_systems_columns_are_recognised_and_its_own_words_refused(name: str) -> None:
    header, refused = HEADS[name]
    cells = ",".join("SENTINEL" for _ in header.split(","))
    reading = read_file(f"{header}\n{cells}\n".encode(), "export.csv")
    assert reading.layout.name == name
    assert len(reading.refused) == refused
    asked = {"accommodations"} if name == "chapter" else set()
    assert set(reading.ask) - {"joined_on"} == asked


def test_a_map_of_ones_own_is_used_instead_of_the_one_recognised() -> None:
    own = own_layout("own.toml", b'table = "members"\n[map]\n"member_id" = "source_id"\n"No" = "member_id"\n')
    reading = read_file(b"member_id,No,Lodge\n9,1,SENTINEL\n", "list.csv", layout=own)
    assert reading.mapping == {"member_id": "source_id", "No": "member_id"}
    assert reading.ask == ("Lodge",)
    with pytest.raises(Refusal, match="does not have the columns it is for"):
        read_file(b"x,y\n1,2\n", "list.csv", layout=own)


@pytest.mark.parametrize(
    "text",
    [
        "= 1",
        "",
        '[map]\n"Religion" = "status"\n',
        '[map]\na = "no_field"\n',
        "map = 7",
        'refuse = 7\n[map]\na = "email"',
    ],
)
def test_a_map_that_cannot_be_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        own_layout("own.toml", text.encode())
    assert refused.value.code == "roll.map"


def test_weights_and_standings_set_by_hand_are_announced() -> None:
    data = b"member_id,weight,status_override\n1,1,0\n2,3,1\n"
    assert read_file(data, "m.csv").notes == (
        "1 row carries another weight than 1 (row 3: 3).",
        "1 row has a standing that was set by hand (row 3).",
    )


def test_the_days_that_events_carry_are_dates_too() -> None:
    reading = read_file(b"member_id,renewed_on,paid_to\n1,31/01/2026,31/12/2026\n", "renewals.csv")
    assert {field: cells[0] for field, cells in reading.columns.items()} == {
        "member_id": "1", "happened_on": "2026-01-31", "value": "2026-12-31",
    }  # fmt: skip
    reading = read_file(b"member_id,renewed_on,paid_to\n1,31/01/2026,31/02/2026\n", "renewals.csv")
    assert [(one.row, one.column) for one in reading.problems] == [(2, "paid_to")]


def test_a_header_that_comes_again_is_a_problem_and_no_member() -> None:
    data = b"member_id,full_name,Religion\nM-1,A,x\nmember_id,full_name,Religion\nM-2,B,x\n"
    reading = read_file(data, "members.csv")
    assert [(one.row, one.found) for one in reading.problems] == [(3, "the header once more")]


def test_a_header_without_a_row_is_said() -> None:
    assert "There is no row below the header: nothing would be imported." in list(
        read_file(b"member_id,full_name\n", "members.csv").lines()
    )
