"""Claims about the look at a workspace's own roll: what it keeps, what it declares, and that it comes out again."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from tests.cli.selection import BY, PAID_BY_ONE, Selection, Theatre, done, say

from selectorate.office.evidence import vaulted
from selectorate.office.vault import Vault
from selectorate.office.workspace import Workspace
from selectorate.roll.keeping.retention import unknown

LOOKED = ("--answer-to", "roll@orchard.example", *BY, "--at", "2027-01-04T09:00:00Z")
CONCERNED = [f"M-{n:05}" for n in PAID_BY_ONE]
DECLARED = ("--called", "payroll", "--on", "2026-02-01", "--reason", "agreement of 2019, shown to me", *BY)


@pytest.fixture
def s(theatre: Theatre) -> Selection:
    return theatre.at("imported")


def found(s: Selection, *more: str) -> list[dict[str, object]]:
    answer = json.loads(done("roll", "findings", s.office, *more, "--json"))
    findings: list[dict[str, object]] = answer["findings"]
    return findings


def files(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}


def test_a_look_without_by_and_answer_to_shows_the_findings_and_writes_no_letter(s: Selection) -> None:
    before = files(s.office / "vault")
    (one,) = found(s)
    assert one["members"] == CONCERNED
    after = files(s.office / "vault")
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed <= {"look.duckdb"}


def test_one_of_by_and_answer_to_is_not_enough(s: Selection) -> None:
    assert say("roll", "findings", s.office, *BY).code == 2
    assert say("roll", "findings", s.office, "--answer-to", "x").code == 2


def test_what_the_signals_are_given_holds_nothing_but_whole_numbers(s: Selection) -> None:
    found(s, *LOOKED)
    place = s.office / "vault" / "look.duckdb"
    assert place.stat().st_mode & 0o777 == 0o600
    with duckdb.connect(str(place), read_only=True) as engine:
        kinds = engine.execute("SELECT DISTINCT data_type FROM information_schema.columns").fetchall()
    assert kinds == [("BIGINT",)]
    content = place.read_bytes()
    for clear in (b"M-00021", b"Member 21", b"member21@orchard.example", b"Orchard Lane", b"North"):
        assert clear not in content


def test_findings_come_out_again_byte_for_byte_from_the_numbers_and_the_inputs_kept(s: Selection) -> None:
    found(s, *LOOKED)
    workspace = Workspace(s.office)
    again = vaulted.recomputed(workspace, workspace.vault.load("looked"))
    kept = workspace.vault.load("findings")
    assert [json.dumps(one.to_json(), sort_keys=True) for one in again] == [
        json.dumps(one, sort_keys=True) for one in kept
    ]
    assert kept


def test_every_file_of_the_look_has_its_time_after_which_it_goes(s: Selection) -> None:
    done("roll", "declare-scheme", s.office, "PAYROLL-7", *DECLARED)
    found(s, *LOOKED)
    vault = s.office / "vault"
    names = sorted(path.relative_to(vault).as_posix() for path in vault.rglob("*") if path.is_file())
    assert {"look.duckdb", "looked.json", "declared.json"} <= set(names)
    assert unknown(names) == ()


# ---------------------------------------------------------------- what was declared


def account(s: Selection) -> str:
    """The reference by which one account pays for twelve."""
    lines = (s.root / "payments.csv").read_text().splitlines()
    column = lines[0].split(",").index("payer_ref")
    return next(line.split(",")[column] for line in lines if line.startswith(CONCERNED[0]))


def test_a_declared_scheme_explains_its_account_and_no_other(s: Selection) -> None:
    done("roll", "declare-scheme", s.office, "ANOTHER", *DECLARED)
    assert [one["members"] for one in found(s)] == [CONCERNED]
    done("roll", "declare-scheme", s.office, account(s), *DECLARED)
    assert found(s) == []


def test_a_declared_account_is_kept_as_a_token_and_never_shown(s: Selection) -> None:
    done("roll", "declare-scheme", s.office, "SECRET-ACCOUNT-77", *DECLARED)
    for content in files(s.office).values():
        assert b"SECRET-ACCOUNT-77" not in content
        assert b"secretaccount77" not in content
    listed = json.loads(done("roll", "declared", s.office, "--json"))["declared"]
    assert [one["called"] for one in listed] == ["payroll"]
    assert not {"account", "recruiter", "collector"} & set(listed[0])
    assert "1. payroll (scheme), declared on 2026-02-01" in done("roll", "declared", s.office)


def drive(s: Selection, first: str, last: str, *more: str) -> tuple[str | Path, ...]:
    days = ("--first", first, "--last", last)
    return ("roll", "declare-drive", s.office, "--branch", "North", *days, *DECLARED, *more)


def test_a_drive_declared_after_its_first_day_is_refused(s: Selection) -> None:
    said = say(*drive(s, "2026-01-31", "2026-02-02", "--recruiter", "Member 9"))
    assert said.code == 2
    assert "declared on 2026-02-01, after its first day, 2026-01-31" in said.err
    assert Vault(s.office / "vault").load("declared", []) == []


@pytest.mark.parametrize(
    ("first", "last", "more", "because"),
    [
        ("2026-05-02", "2026-05-01", ("--recruiter", "x"), "from one day to 60"),
        ("2026-05-02", "2026-08-01", ("--recruiter", "x"), "from one day to 60"),
        ("2026-05-02", "2026-05-03", (), "needs its recruiter, its collector or its device"),
    ],
)
def test_a_drive_that_says_too_little_or_lasts_too_long_is_refused(
    s: Selection, first: str, last: str, more: tuple[str, ...], because: str
) -> None:
    said = say(*drive(s, first, last, *more))
    assert said.code == 2
    assert because in said.err


def test_a_declared_drive_reaches_the_look(s: Selection) -> None:
    done(*drive(s, "2026-05-02", "2026-05-03", "--recruiter", "Member 9", "--device", "Tablet-7"))
    workspace = Workspace(s.office)
    ((branch, first, last, device, recruiter, collector),) = vaulted.of_workspace(workspace).inputs["drives"]
    # From 1970 to 2026 are 56 years with 14 leap days; 2 May is the 122nd day of 2026.
    assert (first, last) == (56 * 365 + 14 + 121, 56 * 365 + 14 + 122)
    assert vaulted.of_workspace(workspace).inputs["branches"][str(branch)] == "North"
    assert collector == -1
    assert recruiter >= 0
    assert device >= 0
    assert device != recruiter
