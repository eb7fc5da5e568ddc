"""The catalogue of attacks on the roll, as far as the office answers them: D07, D08, D11, D12."""

from __future__ import annotations

import hashlib
import json
import sqlite3

import duckdb
import pytest
from tests.cli.selection import BOTH, BY, Selection, Theatre, decision, done, say

LATER = ("--at", "2027-02-09T09:00:00Z")


def final(s: Selection) -> str:
    said = say("roll", "final", s.office, *BY, *LATER)
    assert said.code in (0, 1), said.err
    return said.err


EDITS = {
    "a name": "UPDATE members SET name = 'Somebody Else' WHERE member_id = 'M-00003'",
    "an address for the voting letter": "UPDATE members SET address_1 = '1 Elsewhere' WHERE member_id = 'M-00003'",
    "a weight": "UPDATE members SET weight = 40 WHERE member_id = 'M-00003'",
    "a number": "UPDATE members SET member_id = 'M-99999' WHERE member_id = 'M-00003'",
    "one member more": "INSERT INTO members SELECT * REPLACE ('M-00041' AS member_id) FROM members LIMIT 1",
    "one member fewer": "DELETE FROM members WHERE member_id = 'M-00003'",
}


@pytest.mark.parametrize("edit", EDITS)
def test_d07_a_silent_edit_of_the_frozen_roll_stops_the_final_roll(edit: str, theatre: Theatre) -> None:
    s = theatre.at("frozen")
    with duckdb.connect(str(s.office / "vault" / "roll.duckdb")) as engine:
        engine.execute(EDITS[edit])
    assert "was changed since the freeze" in final(s)
    assert "roll.final" not in s.acts()
    if edit in ("a number", "one member more", "one member fewer"):
        assert "was changed since the freeze" in say("roll", "reasons", s.office, s.root / "out", *LATER).err
        assert not list((s.root / "out").glob("*"))


def test_d07_a_number_that_two_records_have_is_told_and_neither_record_is_lost(theatre: Theatre) -> None:
    s = theatre.at("new")
    head = "member_id,full_name,joined_on,paid_to,email,address_1,postcode,branch"
    rows = ("M-1,Member 1,2015-03-04,2027-06-30,a@orchard.example,1 Orchard Lane,OR1 1XX,North",
            "M-2,Member 2,2016-03-04,2027-06-30,b@orchard.example,2 Orchard Lane,OR2 1XX,North",
            "M-1,Member 3,2017-03-04,2027-06-30,c@orchard.example,3 Orchard Lane,OR3 1XX,North")  # fmt: skip
    (s.root / "members.csv").write_text("\n".join((head, *rows)))
    told = json.loads(say("roll", "check", s.root / "members.csv", "--json").out)
    assert [one["row"] for one in told["problems"] if one["found"].startswith("M-1")] != []
    done("roll", "import", s.office, s.root / "members.csv", *BY, "--at", "2027-01-02T09:00:00Z")
    done("roll", "freeze", s.office, *BOTH, "--at", "2027-01-20T09:00:00Z")
    # The number reused for another person makes a record of its own, which nobody can take for the first.
    outcomes = json.loads((s.office / "vault" / "outcomes.json").read_text())
    assert outcomes == {"M-1": "eligible", "M-1/2": "eligible", "M-2": "eligible"}


def test_d07_a_decision_or_an_outcome_changed_in_the_vault_stops_it_too(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    path = s.office / "vault" / "outcomes.json"
    kept = path.read_bytes()
    path.write_bytes(kept.replace(b'"M-00039":"not eligible"', b'"M-00039":"eligible"'))
    assert "The outcome of M-00039 was changed" in final(s)
    path.write_bytes(kept)
    decisions = s.office / "vault" / "decisions.jsonl"
    text = decisions.read_bytes()
    decisions.write_bytes(text.replace(b'"outcome":"not eligible"', b'"outcome":"eligible"', 1))
    assert "or a decision, was changed" in final(s)
    decisions.write_bytes(text)
    assert final(s) == ""


def test_d07_an_amendment_without_its_entry_stops_it(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    (s.root / "decision.toml").write_text(decision())
    done("roll", "amend", s.office, s.root / "decision.toml", *BY, "--at", "2027-02-05T09:00:00Z")
    path = s.office / "vault" / "amendments.json"
    kept = path.read_bytes()
    path.write_bytes(kept.replace(b"the receipt was seen", b"no receipt was seen"))
    assert "An amendment of M-00039 was changed" in final(s)
    path.write_bytes(b"[]")
    assert "The list of amendments was changed" in final(s)
    path.write_bytes(kept)
    assert final(s) == ""


def test_d08_the_rulebook_is_on_the_record_before_any_name_is_seen(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    assert s.acts()[:3] == ["log.opened", "rulebook.adopted", "roll.imported"]
    entry = json.loads(s.lines()[1])
    adopted = (s.public / "documents" / "rulebook.toml").read_bytes()
    assert entry["data"]["document"]["sha256"] == hashlib.sha256(adopted).hexdigest()
    # A rule tuned afterwards has no way in: the record takes one rulebook, once, and no roll without one.
    with sqlite3.connect(s.office / "log.sqlite") as record, pytest.raises(sqlite3.IntegrityError):
        record.execute("UPDATE documents SET bytes = x'00' WHERE name = 'rulebook.toml'")
    record.close()


def test_d08_whoever_is_excluded_has_reasons_notice_and_an_appeal(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    for member in ("M-00039", "M-00040"):
        typed = ("roll", "explain-member", s.office, member, *BY, "--why", "The test asks.", *LATER, "--json")
        made = json.loads(done(*typed))
        assert made["outcome"] == "not eligible"
        assert [one["verdict"] for one in made["reasons"]].count("not met") == 1
        assert made["appeal_until"] == "2027-02-03"


def test_d11_no_commitment_can_be_found_by_trying_every_member(theatre: Theatre) -> None:
    """Whoever knows every line of the roll, but no salt, finds nothing in the published list."""
    s = theatre.at("final")
    published = set(json.loads((s.public / "documents" / "commitments.json").read_bytes())["commitments"])
    slips = json.loads((s.office / "vault" / "slips.json").read_bytes())
    lines = [json.loads(slip)["line"].encode() for slip in slips.values()]
    guesses = {hashlib.sha256(before + line).hexdigest() for line in lines for before in (b"", bytes(32))}
    assert len(published) == len(lines) == 39
    assert not guesses & published
    slip = json.loads(slips["M-00001"])
    opened = hashlib.sha256(bytes.fromhex(slip["salt"]) + slip["line"].encode()).hexdigest()
    assert opened in published  # its own salt opens it, and that one alone


def test_d12_a_member_who_holds_the_roll_for_wrong_is_answered_on_the_record(theatre: Theatre) -> None:
    s = theatre.at("imported")
    (s.root / "request.toml").write_text(
        '[request]\nby = "member"\nname = "Member 5"\non = 2027-01-10\nground = "Many moved."\n\n[answer]\n'
        'scrutineer = "Scrutineer One"\non = 2027-01-12\ninspected = true\nfound = "matters to attend to"\n'
        'because = "Two entries are out of date and will be corrected."\n'
    )
    done("roll", "inspection", s.office, s.root / "request.toml", *BY, "--at", "2027-01-12T09:00:00Z")
    entry = json.loads(s.lines()[-1])
    assert (entry["act"], entry["data"]["asked_by"]) == ("register.inspected", "member")
    done("roll", "freeze", s.office, *BOTH, "--at", "2027-01-20T09:00:00Z")
    seen = done("roll", "view", s.office, "--as", "scrutineer", "--by", "Scrutineer One", *LATER)
    assert "not eligible; Members: fewer than 10" in seen
