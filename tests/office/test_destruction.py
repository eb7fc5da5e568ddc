"""Claims about the days on which private files are destroyed, and what is left then."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cli.selection import BY, IN_ARREARS, Theatre, done, say
from tests.office.kept import WHY, entries, passes_both_verifiers, told

from selectorate.office.keeping import retention
from selectorate.office.workspace import Workspace
from selectorate.roll.keeping.retention import unknown

DUE = ("--at", "2027-05-10T09:00:00Z")
"""90 days after 8 February is 9 May."""


def test_nothing_is_destroyed_before_its_day_or_before_the_certificate(theatre: Theatre) -> None:
    s = theatre.at("certified")
    before = ("--at", "2027-05-08T23:00:00Z")
    assert say("roll", "destroy", s.office, "--due", *BY, *before).code == 2
    early = theatre.at("declared")
    said = say("roll", "destroy", early.office, "--due", *BY, *DUE)
    assert (said.code, said.err.splitlines()[0]) == (2, "Nothing is due to be destroyed today.")
    assert say("roll", "destroy", s.office, *BY, *DUE).code == 2  # there is no way but --due


@pytest.mark.slow
def test_what_is_due_is_destroyed_with_a_certificate_and_nothing_else(
    theatre: Theatre, repository: Path
) -> None:
    s = theatre.at("certified")
    vault = s.office / "vault"
    before = {p.relative_to(vault).as_posix() for p in vault.rglob("*") if p.is_file()}
    made = told("roll", "destroy", s.office, "--due", *BY, *DUE)["destroyed"]
    after = {p.relative_to(vault).as_posix() for p in vault.rglob("*") if p.is_file()}
    assert [(one["kind"], one["due"]) for one in made] == [("evidence", "2027-05-09")]
    gone = before - after
    assert {"findings.json", "links.json", "token.key", "questions.json"} <= gone
    of_evidence = (
        r"findings|holders-asked|look\.duckdb|looked|links|pairs-asked|token|questions|letters/questions/"
    )
    assert [name for name in gone if not re.match(of_evidence, name)] == []
    assert after - before <= {"destroyed.json", "destroying.json"}
    (entry,) = entries(s, "vault.destroyed")
    assert entry["data"]["files"] == len(gone) + 3  # tokens, payers and actors in roll.duckdb
    assert passes_both_verifiers(s, repository)
    assert say("roll", "destroy", s.office, "--due", *BY, *DUE).code == 2


def test_tokens_are_nowhere_in_the_rolls_file_after_their_day(theatre: Theatre) -> None:
    import duckdb

    s = theatre.at("certified")
    path = s.office / "vault" / "roll.duckdb"
    with duckdb.connect(str(path)) as engine:
        tokens = [
            t
            for (t,) in engine.execute("SELECT token FROM tokens UNION SELECT payer FROM payments").fetchall()
        ]
        engine.execute("CHECKPOINT")
    held = path.read_bytes()
    assert any(token.encode() in held for token in tokens if token)
    done("roll", "destroy", s.office, "--due", *BY, *DUE)
    held = path.read_bytes()
    assert not any(token.encode() in held for token in tokens if token)
    with duckdb.connect(str(path)) as engine:
        assert engine.execute("SELECT count(*), count(payer) FROM payments").fetchall() == [(38, 0)]
        assert engine.execute("SELECT count(*), count(household) FROM members").fetchall() == [(40, 0)]
    assert not [p.name for p in path.parent.glob("roll.*") if p.name != "roll.duckdb"]


def test_an_interrupted_destruction_ends_with_one_certificate(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = theatre.at("certified")
    real, seen = retention.shred, []

    def stopped(path: Path) -> None:
        seen.append(path)
        if len(seen) == 4:
            raise KeyboardInterrupt
        real(path)

    with monkeypatch.context() as patch:
        patch.setattr(retention, "shred", stopped)
        assert say("roll", "destroy", s.office, "--due", *BY, *DUE).code == 130
    assert not entries(s, "vault.destroyed")
    done("roll", "destroy", s.office, "--due", *BY, *DUE)
    assert len(entries(s, "vault.destroyed")) == 1
    assert not (s.office / "vault" / "token.key").exists()


def test_after_its_destruction_what_needed_it_says_so(theatre: Theatre) -> None:
    s = theatre.at("certified")
    done("roll", "destroy", s.office, "--due", *BY, *DUE)
    said = say("roll", "reply", s.office, "--member", "M-00021", "--says", "x", "--on", "2027-05-10", *DUE)
    assert (said.code, said.err.splitlines()[0]) == (
        2,
        "questions.json was destroyed on schedule; what needs it can no longer be done.",
    )
    assert say("publish", s.office, *DUE).code == 0


def test_a_decision_can_be_explained_after_the_roll_is_gone(theatre: Theatre) -> None:
    s = theatre.at("certified")
    later = ("--at", "2028-03-15T09:00:00Z")
    done("roll", "destroy", s.office, "--due", *BY, *later)
    made = told("roll", "explain-member", s.office, IN_ARREARS[1], *BY, *WHY, *later)
    fact = made["reasons"][0]["looked_at"][0]
    assert (fact["value"], fact["source"], fact["as_at"]) == ("11", "the ledger", "")
    report = told("roll", "subject-report", s.office, IN_ARREARS[1], *BY, *WHY, *later)
    assert "Your record" not in {part["heading"] for part in report["parts"]}
    for typed in (
        ("roll", "reasons", s.office, s.root / "out"),
        ("roll", "view", s.office, "--as", "branch-officer", "--by", "X", "--branch", "North"),
        ("roll", "view", s.office, "--as", "investigator", "--by", "X"),
        ("roll", "sample", s.office, *BY),
    ):
        assert "was destroyed on schedule" in say(*typed, *later).err
    seen = done("roll", "view", s.office, "--as", "scrutineer", "--by", "X", *later)
    assert "destroyed on schedule" in " ".join(seen.split())
    assert not (s.office / "vault" / "roll.duckdb").exists()


@pytest.mark.slow
def test_seven_years_later_nothing_personal_is_left(theatre: Theatre, repository: Path) -> None:
    s = theatre.at("published")
    done("roll", "destroy", s.office, "--due", *BY, "--at", "2034-03-16T09:00:00Z")
    left = {
        p.relative_to(s.office / "vault").as_posix() for p in (s.office / "vault").rglob("*") if p.is_file()
    }
    assert left <= {
        "log.key",
        "lock",
        "order-seed.json",
        "tie-seed.json",
        "destroyed.json",
        "destroying.json",
    }
    assert len(entries(s, "vault.destroyed")) == 4
    assert passes_both_verifiers(s, repository)


def test_every_file_of_a_vault_has_its_day(theatre: Theatre) -> None:
    s = theatre.at("published")
    done("roll", "sample", s.office, *BY, "--at", "2027-03-17T09:00:00Z")
    done("roll", "explain-member", s.office, "M-00001", *BY, *WHY, "--at", "2027-03-17T09:00:00Z")
    assert unknown(retention.names(Workspace(s.office, alone=False))) == ()
