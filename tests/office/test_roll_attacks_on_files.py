"""The catalogue of attacks on the roll, as far as files carry them: D01 to D06, D09 and D10, by the commands."""

from __future__ import annotations

import csv
import io
import json
import re
import time
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from tests.cli.selection import BOTH, BY, PAID_BY_ONE, Selection, Theatre, done, members_csv, say
from tests.office.test_histories import JOINS, frozen, reasons

from selectorate.cli.authority.electorate import electors
from selectorate.roll.reading import read_file

IMPORTED = ("--at", "2027-01-02T09:00:00Z")
LOOKED = ("--answer-to", "roll@orchard.example", *BY, "--at", "2027-01-04T09:00:00Z")
FROZEN = ("--at", "2027-01-20T09:00:00Z")
HEAD = "member_id,full_name,joined_on,email,address_1,postcode"


def checked(path: Path, data: bytes, *more: str) -> dict[str, Any]:
    path.write_bytes(data)
    said = say("roll", "check", path, *more, "--json")
    assert said.code in (0, 1), said.err
    return dict(json.loads(said.out))


def refused(path: Path, data: bytes, *more: str) -> str:
    """The sentence with which a file is refused; never a traceback."""
    path.write_bytes(data)
    said = say("roll", "check", path, *more)
    assert said.code == 2
    assert "Traceback" not in said.err
    assert "fault of the program" not in said.err
    return said.err


def imported(s: Selection, members: str | bytes) -> Any:
    (s.root / "members.csv").write_bytes(members if isinstance(members, bytes) else members.encode())
    return say("roll", "import", s.office, s.root / "members.csv", *BY, *IMPORTED)


FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-2-3", "@SUM(1+1)", '=HYPERLINK("//orchard.example")', "'=already")


def test_d01_a_formula_in_a_cell_stays_text_wherever_it_goes_and_comes_back_as_it_was(
    theatre: Theatre,
) -> None:
    s = theatre.at("new")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*HEAD.split(","), "paid_to"])
    # A number may begin with such a sign too: the credential authority has to know it again.
    numbers = [f"{sign}{n}" for n, sign in enumerate("=+-@xy", 1)]
    for number, name in zip(numbers, FORMULAS, strict=True):
        writer.writerow([number, name, "2015-03-04", "", name, "OR1 1XX", "2027-06-30"])
    assert imported(s, out.getvalue()).code == 0
    done("roll", "freeze", s.office, *BOTH, *FROZEN)
    done("roll", "reasons", s.office, s.root / "out", "--at", "2027-02-01T09:00:00Z")
    done("roll", "final", s.office, *BY, "--at", "2027-02-09T09:00:00Z")
    electorate = s.office / "vault" / "electorate.csv"
    for path in (electorate, s.root / "out" / "reasons.csv"):
        rows = list(csv.reader(io.StringIO(path.read_text())))
        assert len(rows) == 7
        assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
    done("credentials", "make", s.public, electorate, s.letters, *s.passphrase())
    assert sorted(s.credentials()) == sorted(numbers)
    columns, rows_ = electors(electorate.read_bytes())
    place = columns.index("name")
    assert {one.member: one.cells[place] for one in rows_} == dict(zip(numbers, FORMULAS, strict=True))


def test_d01_the_sheet_on_which_to_mend_holds_no_formula(tmp_path: Path) -> None:
    text = f'{HEAD}\nM-1,"=cmd|calc",31/02/2020,@x,+44,-1\n'.encode()
    (tmp_path / "members.csv").write_bytes(text)
    assert say("roll", "check", tmp_path / "members.csv", "--repair", tmp_path / "mend.xlsx").code == 1
    with zipfile.ZipFile(tmp_path / "mend.xlsx") as book:
        sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/")]
        texts = book.read("xl/sharedStrings.xml")
    assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<f " in sheet]
    assert b"=cmd|calc" in texts


SHEET = "xl/worksheets/sheet1.xml"


def _workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("member_id", "full_name"))
        sheet.write_row(1, 0, ("M-1", "Member 1"))
    return out.getvalue()


def _with(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


def _ods(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        book.writestr("content.xml", content)
    return out.getvalue()


ENTITIES = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'


@pytest.mark.parametrize(
    ("name", "data", "because"),
    [
        ("a.xlsx", _with(_workbook(), SHEET, lambda x: x + b" " * 20_000_000), "100 times"),
        ("a.xlsx", _with(_workbook(), SHEET, lambda x: ENTITIES + x[x.index(b"<worksheet") :]), "document type"),
        ("a.ods", _ods(ENTITIES + b"<office/>"), "document type"),
        ("a.ods", _ods(b"<office>" + b" " * 20_000_000 + b"</office>"), "100 times"),
    ],
    ids=["xlsx bomb", "xlsx entities", "ods entities", "ods bomb"],
)  # fmt: skip
def test_d02_a_bomb_or_an_entity_is_refused_with_a_sentence(
    name: str, data: bytes, because: str, tmp_path: Path
) -> None:
    assert because in refused(tmp_path / name, data)


def test_d03_encodings_are_told_and_never_guessed_in_silence(tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    text = f'{HEAD}\nM-1,Élan Ash,2015-03-04,,"1 Orchard\nLane",OR1\nM-2,Beech,2016-03-04,,2 Lane,OR2\n'
    for encoding, said in (("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16")):
        made = checked(file, text.encode(encoding))
        assert (made["encoding"], made["rows_kept"], made["problems"]) == (said, 2, [])
    western = checked(file, text.encode("cp1252"))
    # The byte stands in the second row; it is told, and only what somebody says makes it Windows-1252.
    assert [(one["row"], one["found"]) for one in western["problems"]] == [
        (2, "the byte C9, which is not UTF-8")
    ]
    assert checked(file, text.encode("cp1252"), "--encoding", "cp1252")["problems"] == []
    mixed = text.encode() + "M-3,Größe,2017-03-04,,3 Lane,OR3\n".encode("cp1252")
    # Line 5 of the file: the address of M-1 breaks over two.
    assert [(one["row"], one["found"][:11]) for one in checked(file, mixed)["problems"]] == [
        (5, "the byte F6")
    ]


@pytest.mark.parametrize(
    ("data", "because"),
    [
        (f"{HEAD}\nM-1,Mem\0ber,2015-03-04,,,\n".encode(), "row 2 has a zero byte"),
        (b"\xff\xfe" + f"{HEAD}\nM-1,".encode("utf-16-le") + b"\x00\xd8,\x00", "cannot be read as text"),
    ],
    ids=["zero byte", "lone surrogate"],
)
def test_d03_what_is_no_text_is_refused_with_its_place(data: bytes, because: str, tmp_path: Path) -> None:
    assert because in refused(tmp_path / "members.csv", data)


def _joined(days: Sequence[str]) -> bytes:
    return "\n".join(
        ["member_id,full_name,joined_on", *(f"M-{n},Member {n},{day}" for n, day in enumerate(days))]
    ).encode()


def test_d04_dates_that_can_be_read_in_two_ways_stop_the_import_and_are_listed(theatre: Theatre) -> None:
    s = theatre.at("new")
    said = imported(s, _joined(["03/04/2015", "05/06/2016", "07/08/2017"]))
    assert said.code == 2
    assert "row 2: 03/04/2015, row 3: 05/06/2016, row 4: 07/08/2017" in said.err
    assert "--dates day-first or --dates month-first" in said.err
    assert s.acts()[-1] == "rulebook.adopted"
    assert not (s.office / "vault" / "roll.duckdb").exists()


@pytest.mark.parametrize(
    ("days", "rows"),
    [
        (["13/04/2015", "04/13/2015", "25/12/2016"], [3]),  # the second is month first, the column is not
        (["2015-02-28", "2015-02-30", "2016-02-29"], [3]),
        (["2015-02-29"], [2]),
        (["2015-03-04", "04/03/15", "2016-05-06"], [3]),  # whose century is it?
        (["2015-03-04", "42000", "2016-05-06"], [3]),  # days since somebody's epoch
        (["2015-03-04", "1425427200", "2016-05-06"], [3]),  # seconds since another's
        (["2015-03-04", "2015-03-04T23:30:00+14:00", "2016-05-06"], [3]),  # which day it is depends on where
    ],
)  # fmt: skip
def test_d04_a_cell_that_is_no_date_of_its_column_is_named_with_its_row(
    days: Sequence[str], rows: Sequence[int], tmp_path: Path
) -> None:
    made = checked(tmp_path / "members.csv", _joined(days))
    assert [one["row"] for one in made["problems"]] == rows


def test_d04_the_day_that_a_spreadsheet_invents_shifts_no_other_day() -> None:
    """Spreadsheets count a 29 February 1900 (60) that never was: 61 is 1 March 1900, 42067 is 4 March 2015."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("member_id", "full_name", "joined_on"))
        for row, serial in enumerate((59, 61, 42067), 1):
            sheet.write_row(row, 0, (f"M-{row}", f"Member {row}"))
            sheet.write_number(row, 2, serial, day)
    found = read_file(out.getvalue(), "members.xlsx").columns["joined_on"]
    assert found == ("1900-02-28", "1900-03-01", "2015-03-04")


@pytest.mark.slow
@pytest.mark.skipif(find_spec("splink") is None, reason="Splink is not installed: it comes with `roll`")
def test_d05_the_same_person_in_other_letters_is_evidence_and_excludes_nobody(theatre: Theatre) -> None:
    s = theatre.at("new")
    rows = members_csv().decode().splitlines()
    head = rows[0] + ",born_on,phone"
    rows = [f"{row},{1950 + n}-03-{1 + n % 28:02},+44 20 7946 {n:04}" for n, row in enumerate(rows[1:])]
    own = "M-9000{},{},2015-03-04,2027-06-30,{},7 Orchard Lane,OR07 1XX,North,1971-04-23,{}"
    rows += [
        own.format(1, "Rowan Hawthorn", "rowan.hawthorn@orchard.example", "020 7946 0958"),
        # A zero-width space, an address with a tag, and the telephone number in another form.
        own.format(2, "Rowan\u200b Hawthorn", "rowan.hawthorn+two@orchard.example", "+44 (0)20 7946 0958"),
    ]
    assert imported(s, "\n".join([head, *rows])).code == 0
    made = json.loads(done("roll", "findings", s.office, *LOOKED, "--json"))
    pairs = {(one["left"], one["right"]): one for one in made["links"]}
    assert ("M-90001", "M-90002") in pairs
    assert pairs["M-90001", "M-90002"]["because"]
    done("roll", "asked", s.office, "--on", "2027-01-05", *BY, "--at", "2027-01-05T09:00:00Z")
    done("roll", "freeze", s.office, *BOTH, *FROZEN)
    outcomes = json.loads((s.office / "vault" / "outcomes.json").read_bytes())
    assert (outcomes["M-90001"], outcomes["M-90002"]) == ("eligible", "eligible")


def test_d06_one_account_for_many_is_shown_with_its_days_and_asks_each_of_them(theatre: Theatre) -> None:
    s = theatre.at("imported")
    made = json.loads(done("roll", "findings", s.office, *LOOKED, "--json"))
    (one,) = [finding for finding in made["findings"] if len(finding["members"]) == len(PAID_BY_ONE)]
    # The payments file has them from 1 + 22 % 9 to 1 + 26 % 9 July 2026, both of them days of one account.
    paid = [date(2026, 7, 1 + n % 9) for n in PAID_BY_ONE]
    assert (one["first"], one["last"]) == (min(paid).isoformat(), max(paid).isoformat())
    assert one["members"] == [f"M-{n:05}" for n in PAID_BY_ONE]
    done("roll", "freeze", s.office, *BOTH, *FROZEN)
    outcomes = json.loads((s.office / "vault" / "outcomes.json").read_bytes())
    assert {outcomes[member] for member in one["members"]} == {"eligible"}


def test_d06_joins_around_the_freeze_are_told_to_whoever_freezes(theatre: Theatre) -> None:
    s = theatre.at("new")
    freeze = date(2026, 12, 31)
    rows = [f"L-{n},Late {n},{freeze - timedelta(days=n % 30)},,{n} Late Lane,LA1" for n in range(25)]
    rows += [f"A-{n},After {n},{freeze + timedelta(days=1 + n)},,{n} After Lane,AF1" for n in range(3)]
    assert imported(s, "\n".join([HEAD, "M-1,Member 1,2015-03-04,,1 Lane,OR1", *rows])).code == 0
    said = done("roll", "freeze", s.office, *BOTH, *FROZEN)
    assert re.search(r"\b25\b.*\b3\b", said)


def test_d06_a_backdated_join_counts_from_the_day_it_was_written_down(tmp_path: Path) -> None:
    s = frozen(tmp_path, joins=JOINS)
    said = say("roll", "check", tmp_path / "joins.csv").out
    assert "row 2" in said
    assert "a record within 30 days" in said
    late = reasons(s, "M-4")["E2"]
    assert (late["verdict"], late["looked_at"][0]["value"]) == ("not met", "28 December 2026")


@pytest.mark.slow
def test_d09_a_hundred_thousand_at_one_address_are_looked_at_within_a_minute(theatre: Theatre) -> None:
    s = theatre.at("new")
    rows = [
        f"M-{n:06},Member {n},20{10 + n % 14}-03-{1 + n % 28:02},m{n}@o.example,1 Hall,OR1"
        for n in range(100_000)
    ]
    begun = time.process_time()
    assert imported(s, "\n".join([HEAD, *rows])).code == 0
    made = json.loads(done("roll", "findings", s.office, *LOOKED, "--json"))
    assert time.process_time() - begun < 60
    assert made["links"] == []
    assert [one for one in made["findings"] if one["members"]] == []


COMMUNITIES = {
    # Two ways of naming: a hundred given names with a thousand family names, and twenty with fifty.
    "many names": (100, 1_000),
    "few names": (20, 50),
}


@pytest.mark.slow
@pytest.mark.skipif(find_spec("splink") is None, reason="Splink is not installed: it comes with `roll`")
def test_d10_no_community_is_asked_more_often_by_mistake_than_another(theatre: Theatre) -> None:
    """2,000 different people in each, half of them in homes and halls of forty; every link is a mistake."""
    s = theatre.at("new")
    rows = []
    for letter, (given, family) in zip("QX", COMMUNITIES.values(), strict=True):
        for n in range(2_000):
            name = f"{letter}{_word(n * 7 % given)} {letter}{_word(1_000 + n * 31 % family)}"
            home = f"{n // 40} Hall {letter}" if n % 2 else f"{n} {letter} Street"
            born = date(1940, 1, 1) + timedelta(days=n * 9_973 % 24_000)
            rows.append(
                f"{letter}-{n},{name},2015-03-04,{letter}{n}@o.example,{home},{letter}{n // 40}A 1AA,{born}"
            )
    assert imported(s, "\n".join([HEAD + ",born_on", *rows])).code == 0
    made = json.loads(done("roll", "findings", s.office, *LOOKED, "--json"))
    asked = {letter: set[str]() for letter in "QX"}
    for one in made["links"]:
        for member in (one["left"], one["right"]):
            asked[member[0]].add(member)
    for finding in made["findings"]:
        for member in finding["members"]:
            asked[member[0]].add(member)
    # One link by mistake in 10,000 records is what the threshold allows; with these it may be one pair each.
    assert {letter: len(found) <= 2 for letter, found in asked.items()} == {"Q": True, "X": True}


def _word(number: int) -> str:
    """A word of its own for a number, in syllables."""
    syllables = ("ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu")
    return "".join(syllables[int(digit)] for digit in f"{number:03}")
