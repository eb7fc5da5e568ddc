"""A finding is computed again byte for byte, or what differs is said; a stranger counts it with SQL alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.cli.selection import done, say

from selectorate.roll.settling.decisions import codes
from selectorate.roll.signals import KINDS

FREEZE = 2199
TOWN = """
CREATE TABLE town AS SELECT range AS member_id, range % 20 AS branch, range * 7 % 2200 AS join_day,
  -1 AS renewal_day, -1 AS transfer_day, -1 AS building, range AS dwelling, 9000 + range AS payer,
  -1 AS device, -1 AS ip, -1 AS phone, -1 AS email, -1 AS recruiter, -1 AS cash_collector
FROM range(6000);
UPDATE town SET payer = 3, branch = 7, join_day = 2199 - 20 + member_id % 9, phone = 5
WHERE member_id BETWEEN 100 AND 129;
UPDATE town SET dwelling = 110 WHERE member_id BETWEEN 110 AND 113;
"""
"""6,000 members over six years. One account pays for thirty of Branch 7 within nine days, 12 to 20 days before the
freeze; members 110 to 113 live together, so that they are 27 homes."""

CAME_BACK = """
INSERT INTO town SELECT 6000 + range, range % 20, 0, 2186 - 30 * (range // 20), -1, -1, 6000 + range, 20000 + range,
  -1, -1, -1, -1, -1, -1 FROM range(1200);
INSERT INTO town SELECT 7200 + range, 7, 0, 2195, -1, -1, 7200 + greatest(range, 1), 30000 + range,
  -1, -1, -1, -1, -1, -1 FROM range(12);
"""
"""In each of the twenty branches somebody came back 13 days before the freeze, and every thirty days before that; and
twelve of Branch 7, of eleven homes, did four days before it."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("town")
    made(place / "members.parquet", TOWN)
    found = done(
        "roll", "findings", "--members", place / "members.parquet", "--freeze", str(FREEZE), "--json"
    )
    (place / "findings.json").write_text(found)
    return place


def made(path: Path, *statements: str) -> None:
    with duckdb.connect() as engine:
        for statement in statements:
            engine.execute(statement).fetchall()
        engine.execute("COPY town TO $file (FORMAT parquet)", {"file": str(path)}).fetchall()


def thirty(town: Path) -> dict[str, Any]:
    found = json.loads((town / "findings.json").read_text())["findings"]
    (one,) = (each for each in found if each["members"] == list(range(100, 130)))
    assert one["kind"] == "payer"
    return dict(one)


def test_every_finding_comes_out_byte_for_byte(town: Path) -> None:
    for one in json.loads((town / "findings.json").read_text())["findings"]:
        told = json.loads(done("roll", "explain", one["id"], *files(town), "--json"))
        assert told["same"] is True
        assert told["differences"] == []


def files(town: Path, members: str = "members.parquet") -> tuple[str | Path, ...]:
    given = ("--members", town / members, "--freeze", str(FREEZE))
    return (*given, "--against", town / "findings.json")


def test_what_each_sign_adds_is_told_in_words_and_adds_up(town: Path) -> None:
    one = thirty(town)
    said = done("roll", "explain", one["id"], *files(town))
    assert f"{one['id']} comes out byte for byte as it was." in said
    assert "One account pays for many homes, 30 members: about once in" in " ".join(said.split())
    mean = (
        sum(json.loads((town / "findings.json").read_text())["members"][str(n)] for n in one["members"]) / 30
    )
    assert sum(units for _, units, _ in one["parts"]) == pytest.approx(1000 * mean, abs=len(one["parts"]))


def test_a_roll_that_was_changed_since_gives_what_differs_and_exit_code_1(town: Path) -> None:
    one = thirty(town)
    made(town / "later.parquet", TOWN, "UPDATE town SET dwelling = 115 WHERE member_id = 116;")
    said = say("roll", "explain", one["id"], *files(town, "later.parquet"), "--json")
    assert said.code == 1
    assert "households: 27 then, 26 now" in json.loads(said.out)["differences"]


def test_a_finding_that_does_not_come_out_again_is_told_so(town: Path) -> None:
    one = thirty(town)
    made(town / "without.parquet", TOWN, "UPDATE town SET payer = 9000 + member_id, phone = -1;")
    said = say("roll", "explain", one["id"], *files(town, "without.parquet"))
    assert said.code == 1
    assert "does not come out again" in said.out


def test_a_stranger_counts_the_finding_again_with_sql_alone(town: Path) -> None:
    """By hand from the town: 30 members, 27 homes, days 2179 to 2187; all on account 3 and telephone 5."""
    one = thirty(town)
    done("roll", "explain", one["id"], *files(town), "--sql", town / "recount.sql")
    told = []
    with duckdb.connect() as engine:
        for statement in duckdb.extract_statements((town / "recount.sql").read_text()):
            result = engine.execute(statement)
            names = [column[0] for column in result.description or ()]
            told.append((names, result.fetchall()))
    answers = [(names, rows) for names, rows in told if names[0] not in ("Count", "Success")]
    assert answers[0] == (["members", "homes", "first_day", "last_day"], [(30, 27, 2179, 2187)])
    assert (["payer", "members", "homes", "first_day", "last_day"], [(3, 30, 27, 2179, 2187)]) in answers
    assert (["phone", "members", "homes", "first_day", "last_day"], [(5, 30, 27, 2179, 2187)]) in answers
    past = next(rows for names, rows in answers if names == ["years_back", "most_homes"])
    assert past[0] == (0, 27)
    assert {most for year, most in past if year} == {1}
    assert (one["households"], one["first"], one["last"]) == (27, 2179, 2187)


def test_a_stranger_counts_with_sql_who_came_back_on_the_last_days(tmp_path: Path) -> None:
    """By hand: of 13 + 30 k days before the freeze only one, 733, lies in the last seven days of a year, the second
    back; and twelve of Branch 7 came back four days before the freeze, two of them of one home."""
    made(tmp_path / "members.parquet", TOWN, CAME_BACK)
    given = ("--members", tmp_path / "members.parquet", "--freeze", str(FREEZE))
    printed = tmp_path / "findings.json"
    printed.write_text(done("roll", "findings", *given, "--json"))
    (one,) = (each for each in json.loads(printed.read_text())["findings"] if each["kind"] == "rejoin")
    assert (one["branch"], one["households"], one["members"]) == (7, 11, [])
    done("roll", "explain", one["id"], *given, "--against", printed, "--sql", tmp_path / "recount.sql")
    with duckdb.connect() as engine:
        rows = engine.execute((tmp_path / "recount.sql").read_text()).fetchall()
    assert rows == [(0, 11, 0), (2, 1, 19)]


def test_pages_are_written_from_what_was_printed(town: Path) -> None:
    done("roll", "finding-pages", "--from", town / "findings.json", "--out", town / "pages")
    page = (town / "pages" / f"finding-{thirty(town)['id']}.html").read_text()
    for said in ("30 members", "Branch 7", "Home 27", "Account 1", "Telephone 1"):
        assert said in page, said
    assert "selectorate roll asked" not in page
    assert "6,000 members" in (town / "pages" / "index.html").read_text()


@pytest.mark.parametrize("text", ["", "[]", '{"findings": 3}', '{"findings": [{"id": 1}]}', "\xff"])
def test_a_file_that_is_no_look_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text(text, encoding="latin-1")
    said = say("roll", "finding-pages", "--from", tmp_path / "f.json", "--out", tmp_path / "pages", "--json")
    assert said.code == 2
    assert json.loads(said.err)["code"] == "evidence.output"
    assert not (tmp_path / "pages").exists()


def test_an_unknown_finding_and_half_a_question_are_refused(town: Path, tmp_path: Path) -> None:
    assert "payer-0 is not a finding" in say("roll", "explain", "payer-0", *files(town)).err
    assert say("roll", "explain", "payer-0", "--members", town / "members.parquet").code == 2
    assert "--from FILE" in say("roll", "finding-pages", "--from", town / "findings.json").err


def test_every_sign_has_its_row_in_the_manual_and_no_row_is_about_another(repository: Path) -> None:
    text = (repository / "docs" / "manual" / "findings.md").read_text()
    table = text[text.index("## What each sign sees") : text.index("## What no sign can see")]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = {name.strip(" `") for row in rows for name in row.split(",")}
    assert named == set(KINDS)


def test_every_code_of_a_decision_stands_in_the_manual(repository: Path) -> None:
    text = (repository / "docs" / "manual" / "findings.md").read_text()
    assert [code for code in codes() if f"`{code}`" not in text] == []
