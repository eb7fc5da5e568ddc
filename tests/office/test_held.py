"""Claims about what is held about members: their own report, looks, roles, the assessment, refused columns."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cli.selection import BOTH, BY, PAID_BY_ONE, Theatre, done, say
from tests.office.kept import LATER, WHY, entries, passes_both_verifiers, told


def test_a_subject_report_holds_everything_of_one_member_and_masks_the_others(theatre: Theatre) -> None:
    s = theatre.at("final")
    page = s.root / "report.html"
    made = told("roll", "subject-report", s.office, "M-00021", *BY, *WHY, *LATER, "--html", page)
    text = json.dumps(made, ensure_ascii=False)
    for own in ("Member 21", "member21@orchard.example", "21 Orchard Lane", "24.00", "11 April 2019"):
        assert own in text
    # Twelve members in twelve homes were paid for by one account: eleven other homes.
    assert "an account that also paid for 11 other homes" in text
    assert "A finding (ask" in text
    assert "sealed line" in text
    for other in PAID_BY_ONE:
        if other != 21:
            for mark in (f"M-{other:05}", f"member{other}@", f"\n{other} Orchard Lane"):
                assert mark not in text + page.read_text()
    assert "ACC-" not in text
    tokens = re.findall(r"\b[0-9a-f]{64}\b", text)
    assert not tokens, "keyed values are of no use to the member and identify others"


def test_every_look_is_noted_before_it_is_shown_and_the_record_has_numbers_alone(
    theatre: Theatre, repository: Path
) -> None:
    s = theatre.at("frozen")
    assert say("roll", "explain-member", s.office, "M-00001", *BY, "--why", "x", *LATER).code == 2
    view = ("roll", "view", s.office, *LATER, "--as")
    done(*view, "branch-officer", "--by", "Officer Three", "--branch", "North")
    pseudonym = re.findall(r"P-[0-9a-f]{10}", done(*view, "investigator", "--by", "Officer Four"))[0]
    done(*view, "investigator", "--by", "Officer Four", "--member", pseudonym, *WHY)
    done("roll", "subject-report", s.office, "M-00021", *BY, *WHY, *LATER)
    journal = [json.loads(line) for line in (s.office / "vault" / "views.jsonl").read_bytes().splitlines()]
    assert [(one["by"], one["what"]) for one in journal] == [
        ("Officer Three", "list of North"),
        ("Officer Four", "one person revealed"),
        ("Officer One", "subject report"),
    ]
    assert journal[1]["member"] in {f"M-{n:05}" for n in PAID_BY_ONE}
    assert journal[1]["why"] == "The member telephoned."
    made = told("roll", "looks", s.office, "--publish", *BY, *LATER)
    assert {one["name"]: one["looks"] for one in made["operators"]} == {
        "Officer One": 1,
        "Officer Three": 1,
        "Officer Four": 1,
    }
    (entry,) = entries(s, "vault.viewed")
    assert (entry["data"]["views"], entry["data"]["operators"]) == ("fewer than 10", "fewer than 10")
    assert b"Officer Four" not in b"".join(s.files().values())
    assert say("roll", "looks", s.office, "--publish", *BY, *LATER).code == 2
    assert passes_both_verifiers(s, repository)


def test_a_line_taken_out_of_the_journal_shows(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    for member in ("M-00001", "M-00002", "M-00003"):
        done("roll", "explain-member", s.office, member, *BY, *WHY, *LATER)
    path = s.office / "vault" / "views.jsonl"
    first, _, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + third)
    assert "line 2 does not follow" in say("roll", "looks", s.office, *LATER).err


def test_a_role_sees_what_its_row_says_and_no_more(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    view = ("roll", "view", s.office, *LATER, "--by", "Somebody", "--as")
    listed = done(*view, "branch-officer", "--branch", "North")
    assert "M-00002" not in listed  # of South
    for hidden in ("@orchard.example", "Orchard Lane", "payer", "eligible", "finding"):
        assert hidden not in listed.replace("not decided", "")
    assert listed.count("Needs confirmation: yes") == 6  # the odd numbers from 21 to 32
    assert (
        "is never shown one person"
        in say(*view, "branch-officer", "--branch", "North", "--member", "M-00001", *WHY).err
    )
    assert "sees one branch" in say(*view, "branch-officer").err
    numbers = done(*view, "scrutineer")
    assert not re.search(r"M-0|P-[0-9a-f]|North|South|2026|2027", numbers)
    assert "not eligible; Members: fewer than 10" in numbers
    findings = done(*view, "investigator")
    assert not re.search(r"M-0|Member \d|North|South", findings)
    assert "is not a reason" in say(*view, "investigator", "--member", "M-00021").err


def test_the_assessment_is_filled_from_the_rulebook(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    made = told("roll", "dpia", s.office, *LATER)
    text = made["markdown"]
    assert "| arrears_months | int | ledger | months of subscription that are owed | E2 |" in text
    assert "90 days after appeals_end" in text
    assert "Persons: 40 members." in text
    assert "Article 9(1)" in text
    assert made["open"] == text.count("To be filled in:") >= 8


def test_what_a_refused_column_held_is_nowhere_afterwards(
    theatre: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vault, record, public folder, letters, pages and temporary files of a selection up to its final roll."""
    s = theatre.at("new")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    source = s.root / "members.csv"
    first, *rows = source.read_text().splitlines()
    titles = ("Religion", "Ethnicity", "Nationality", "Place of birth")
    marked = [",".join((row, *(f"zq{n}sentinelqz" for n in range(4)))) for row in rows]
    source.write_text("\n".join([",".join((first, *titles)), *marked]))
    made = told(
        "roll", "import", s.office, source, s.root / "payments.csv", *BY, "--at", "2027-01-02T09:00:00Z"
    )
    assert set(titles[:2]) <= set(made["refused"])
    done("roll", "findings", s.office, "--answer-to", "x", *BY, "--at", "2027-01-04T09:00:00Z")
    done("roll", "asked", s.office, "--on", "2027-01-05", *BY, "--at", "2027-01-05T09:00:00Z")
    done("roll", "freeze", s.office, *BOTH, "--at", "2027-01-20T09:00:00Z")
    done("roll", "reasons", s.office, s.root / "letters", "--each", "html", *LATER)
    done("roll", "sample", s.office, *BY, *LATER)
    done("roll", "subject-report", s.office, "M-00021", *BY, *WHY, *LATER, "--html", s.root / "report.html")
    done("roll", "final", s.office, *BY, "--at", "2027-02-09T09:00:00Z")
    looked_at = [p for place in (s.root, temporary) for p in place.rglob("*") if p.is_file() and p != source]
    assert len(looked_at) > 60
    for path in looked_at:
        held = path.read_bytes()
        for n in range(4):
            mark = f"zq{n}sentinelqz"
            assert mark.encode() not in held, path
            assert mark.encode().hex().encode() not in held, path
