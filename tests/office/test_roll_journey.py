"""One roll by the commands alone: reasons, an appeal, a slip, a preview of a rule, a report, looks, destruction.

Destruction on its day needs a certified election: tests/office/test_destruction.py.
"""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter
from tests.cli.selection import BOTH, BY, RULEBOOK, Selection, done, report, say
from tests.office.test_histories import BOOK, MEMBERS, RENEWALS

LATER = ("--at", "2027-02-01T09:00:00Z")
WHY = ("--why", "The member telephoned.")
NEIGHBOUR = "M-5,Rowan Neighbour,2023-08-05,neighbour@orchard.example,2 Orchard Lane,OR2 1XX\n"
TRANSFERS = "member_id,moved_on,from_branch,to_branch,operator\nM-2,2025-03-01,North,South,Rowan Neighbour\n"
PUT_BACK = """
[decision]
member = "M-2"
change = "put back"
clause = "E1"
decided_by = "Appeals panel"
on = 2027-02-05
reason = "The renewal of June 2025 was found in the post book."

[facts]
since = 2024-06-01
meetings = 2
"""


def value(*typed: Any) -> dict[str, Any]:
    return dict(json.loads(done(*typed, "--json")))


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Selection:
    s = Selection(tmp_path_factory.mktemp("journey"))
    files = {"members": MEMBERS + NEIGHBOUR, "renewals": RENEWALS, "transfers": TRANSFERS, "book": BOOK}
    paths = {name: s.root / (f"{name}.toml" if name == "book" else f"{name}.csv") for name in files}
    for name, text in files.items():
        paths[name].write_text(text)
    done(
        "new",
        s.office,
        "--rulebook",
        paths.pop("book"),
        "--demonstration",
        *BY,
        "--at",
        "2026-12-01T09:00:00Z",
    )
    done("roll", "import", s.office, *paths.values(), *BY, "--at", "2027-01-02T09:00:00Z")
    done("roll", "findings", s.office, "--answer-to", "x", *BY, "--at", "2027-01-04T09:00:00Z")
    done("roll", "asked", s.office, "--on", "2027-01-05", *BY, "--at", "2027-01-05T09:00:00Z")
    done("roll", "freeze", s.office, *BOTH, "--at", "2027-01-20T09:00:00Z")
    return s


def copied(s: Selection, to: Path) -> Selection:
    return Selection(Path(shutil.copytree(s.root, to / "copy")))


def test_one_clause_is_met_one_not_and_one_unknown_and_each_says_what_to_do(frozen: Selection) -> None:
    made = value("roll", "explain-member", frozen.office, "M-2", *BY, *WHY, *LATER)
    told = {one["clause"]: one for one in made["reasons"]}
    assert {clause: one["verdict"] for clause, one in told.items()} == {
        "E1": "not met", "E2": "met", "E3": "not known",
    }  # fmt: skip
    assert [one["clause"] for one in made["reasons"]] == ["E1", "E3", "E2"]  # what decides stands first
    assert told["E1"]["says"].startswith("Your membership had not run for twelve months")
    assert told["E3"]["says"].startswith("We could not find out.")
    assert told["E3"]["todo"] == "Tell us, with something that shows it, by 8 February 2027."
    # Decided on 20 January, with the rulebook's 14 days.
    assert (made["outcome"], made["appeal_to"], made["appeal_until"]) == (
        "not eligible", "the appeals panel", "2027-02-03",
    )  # fmt: skip


def test_an_appeal_that_succeeds_changes_the_final_roll_and_the_slip_opens_it_offline(
    frozen: Selection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    final = ("--at", "2027-02-09T09:00:00Z")
    without = copied(frozen, tmp_path / "without")
    assert value("roll", "final", without.office, *BY, *final)["electors"] == 4  # five members, M-2 is out
    s = copied(frozen, tmp_path / "with")
    (s.root / "decision.toml").write_text(PUT_BACK)
    done("roll", "appeal", s.office, "--member", "M-2", "--on", "2027-02-01", *LATER)
    done("roll", "amend", s.office, s.root / "decision.toml", *BY, "--at", "2027-02-05T09:00:00Z")
    assert value("roll", "final", s.office, *BY, *final)["electors"] == 5
    assert report(s.public) == (0, [])

    slips = json.loads((s.office / "vault" / "slips.json").read_bytes())
    slip, public = tmp_path / "slip.json", Path(shutil.copytree(s.public, tmp_path / "public"))
    slip.write_text(slips["M-2"])

    def offline(*_: Any, **__: Any) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket, "socket", offline)
    monkeypatch.setattr(socket, "getaddrinfo", offline)
    assert say("slip", "check", slip, public).code == 0
    assert say("slip", "check", slip, without.public).code == 1
    slip.write_text(slips["M-2"].replace("Member 2", "Member 9"))
    assert say("slip", "check", slip, public).code == 1


def test_six_months_more_of_membership_are_previewed_by_member_branch_and_clause(tmp_path: Path) -> None:
    """The freeze is 31 December 2026: twelve months before it is 31 December 2025, six months is 30 June 2026."""
    rows = ["member_id,full_name,joined_on,paid_to,branch"]
    # Joined nine months before the freeze: six months are met, twelve are not. Two of them in the South.
    rows += [
        f"N-{n},Newer {n},2026-03-{n + 10},2027-06-30,{'South' if n < 2 else 'North'}" for n in range(12)
    ]
    rows += [f"O-{n},Older {n},2019-03-04,2027-06-30,North" for n in range(20)]
    # On the last day that twelve months still allow, and the day after.
    rows += ["E-1,Edge 1,2025-12-31,2027-06-30,South", "E-2,Edge 2,2026-01-01,2027-06-30,South"]
    (tmp_path / "members.csv").write_text("\n".join(rows))
    text = RULEBOOK.read_text()
    newer = text.replace("months(6)", "months(12)").replace('"2027-1"', '"2027-2"')
    (tmp_path / "newer.toml").write_text(newer)
    typed = ("rules", "diff", RULEBOOK, tmp_path / "newer.toml", "--roll", tmp_path / "members.csv")
    made = value(*typed)
    branches = {one["branch"]: one for one in made["branches"]}
    assert {name: one["no_longer_eligible"] for name, one in branches.items()} == {"North": 10, "South": 3}
    assert {name: one["newly_eligible"] for name, one in branches.items()} == {"North": 0, "South": 0}
    changed = {one["id"]: (one["newly_not_met"], one["newly_met"]) for one in made["clauses"]}
    assert changed == {"E1": (13, 0), "E2": (0, 0)}
    # What may be published says no number under ten: the South's three stand nowhere, nor can they be worked out.
    published = value(*typed, "--publish")
    assert published["no_longer_eligible"] == 13
    assert all(one["no_longer_eligible"] not in (3, 10) for one in published["branches"])


def test_a_report_to_a_member_names_nobody_else_and_every_look_is_noted_first(
    frozen: Selection, tmp_path: Path
) -> None:
    s = copied(frozen, tmp_path)
    page = s.root / "report.html"
    made = json.dumps(value("roll", "subject-report", s.office, "M-2", *BY, *WHY, *LATER, "--html", page))
    for text in (made, page.read_text()):
        assert "Member 2" in text
        assert "One other person on the roll has your address" in text
        assert "somebody who did this for nobody else" in text  # the transfer's operator
        for other in ("M-5", "Rowan", "Neighbour", "neighbour@", "M-1", "Member 1", "Member 3"):
            assert other not in text
    done("roll", "explain-member", s.office, "M-2", *BY, *WHY, *LATER)
    view = ("roll", "view", s.office, "--as", "returning-officer", "--by", "Officer Two", *LATER)
    done(*view, "--member", "M-5", *WHY)
    assert say(*view, "--member", "M-5").code == 2  # without a reason nothing is shown
    journal = [json.loads(line) for line in (s.office / "vault" / "views.jsonl").read_bytes().splitlines()]
    mine = [(one["by"], one["member"], one["what"]) for one in journal][-3:]
    assert mine == [
        ("Officer One", "M-2", "subject report"),
        ("Officer One", "M-2", "reasons"),
        ("Officer Two", "M-5", "one person revealed"),
    ]
    assert value("roll", "looks", s.office, "--publish", *BY, *LATER)["published"] == len(journal)


def test_nothing_is_destroyed_before_its_day_and_every_file_has_one(frozen: Selection) -> None:
    assert say("roll", "destroy", frozen.office, "--due", *BY, *LATER).code == 2
    made = value("roll", "retention", frozen.office, *LATER)
    assert made["unknown"] == []
    assert not [one["kind"] for one in made["kept"] if one["due_now"]]


def test_without_a_contest_there_is_no_final_roll_and_the_frozen_one_stands(tmp_path: Path) -> None:
    s = Selection(tmp_path)
    (s.root / "members.csv").write_text(MEMBERS)
    (s.root / "book.toml").write_text(BOOK[: BOOK.index("[[contest]]")])
    done(
        "new",
        s.office,
        "--rulebook",
        s.root / "book.toml",
        "--demonstration",
        *BY,
        "--at",
        "2026-12-01T09:00:00Z",
    )
    done("roll", "import", s.office, s.root / "members.csv", *BY, "--at", "2027-01-02T09:00:00Z")
    done("roll", "freeze", s.office, *BOTH, "--at", "2027-01-20T09:00:00Z")
    said = say("roll", "final", s.office, *BY, "--at", "2027-02-09T09:00:00Z")
    assert (said.code, "has no [[contest]]" in said.err) == (2, True)
    assert s.acts()[-1] == "roll.frozen"


MARK = "zqsentinelqz"


def _sheet(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("member_id", "full_name", "joined_on", "Ethnic origin", "Place of birth"))
        for n in range(1, 30):
            sheet.write_row(n, 0, (f"X-{n}", f"Member X{n}", "2015-03-04", f"{MARK}{n}", MARK))


def test_what_refused_columns_held_in_four_forms_is_nowhere_afterwards(
    vectors: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CSV, XLSX, XLS and ODS together; looked for in every file, and in every cell of the roll's tables."""
    s = Selection(tmp_path / "selection")
    s.root.mkdir()
    exports, temporary = tmp_path / "exports", tmp_path / "temporary"
    exports.mkdir()
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    lines = ["member_id;full_name;joined_on;Religion;Nationality"]
    lines += [f"C-{n};Member C{n};2015-03-04;{MARK}{n};{MARK}" for n in range(1, 30)]
    (exports / "members.csv").write_text("\n".join(lines))
    _sheet(exports / "members.xlsx")
    for form in ("xls", "ods"):
        shutil.copy(vectors / "roll" / "workbooks" / f"members.{form}", exports)
    done("new", s.office, "--rulebook", RULEBOOK, "--demonstration", *BY, "--at", "2026-12-01T09:00:00Z")
    listed = sorted(exports.iterdir())
    assert [path.suffix for path in listed] == [".csv", ".ods", ".xls", ".xlsx"]
    said: list[str] = []
    for path in listed:
        typed = ("roll", "check", path, "--repair", s.root / f"mend-{path.suffix[1:]}.xlsx")
        found = say(*typed)
        said += [found.out, found.err]
    imported = say("roll", "import", s.office, *listed, *BY, "--at", "2027-01-02T09:00:00Z")
    assert imported.code == 0, imported.err
    said += [imported.out, imported.err]
    done("roll", "findings", s.office, "--answer-to", "x", *BY, "--at", "2027-01-04T09:00:00Z")
    done("roll", "asked", s.office, "--on", "2027-01-05", *BY, "--at", "2027-01-05T09:00:00Z")
    done("roll", "freeze", s.office, *BOTH, "--at", "2027-01-20T09:00:00Z")
    done("roll", "reasons", s.office, s.root / "letters", *LATER)
    said.append(done("roll", "subject-report", s.office, "X-1", *BY, *WHY, *LATER))
    done("roll", "final", s.office, *BY, "--at", "2027-02-09T09:00:00Z")
    assert MARK not in "".join(said)
    looked_at = [path for place in (s.root, temporary) for path in place.rglob("*") if path.is_file()]
    assert len(looked_at) > 20
    for path in looked_at:
        for form in (MARK.encode(), MARK.encode("utf-16-le"), MARK.encode().hex().encode()):
            assert form not in path.read_bytes(), path
    with duckdb.connect(str(s.office / "vault" / "roll.duckdb"), read_only=True) as engine:
        tables = [
            name for (name,) in engine.execute("SELECT table_name FROM information_schema.tables").fetchall()
        ]
        assert {"members", "events", "left_out", "tokens"} <= set(tables)
        for table in tables:
            cells = engine.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608 - names of our own tables
            assert MARK not in str(cells), table
        assert engine.execute("SELECT count(*) FROM members").fetchall()[0][0] >= 60
