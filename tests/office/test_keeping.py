"""Claims about what is owed to those on the roll: reasons, appeals, samples, inspections."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.cli.selection import BOTH, BY, IN_ARREARS, Selection, Theatre, done, say
from tests.office.kept import LATER, WHY, entries, passes_both_verifiers, told

from selectorate.log import tree

APPEAL = (
    '[appeal]\nmember = "{member}"\noutcome = "{outcome}"\nclause = "E2"\ndecided_by = "{by}"\non = {on}\n'
    'reason = "The receipt was looked at."\n\n[facts]\n{facts}\n'
)
REQUEST = (
    '[request]\nby = "candidate"\nname = "Alder of the north"\non = 2027-01-25\nground = "The house is empty."\n\n'
    '[answer]\nscrutineer = "Scrutineer One"\non = 2027-01-27\ninspected = {inspected}\nfound = "{found}"\n'
    'because = "{because}"\n'
)


def test_a_statement_names_each_fact_with_its_file_row_and_day(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    made = told("roll", "explain-member", s.office, IN_ARREARS[0], *BY, *WHY, *LATER)
    first, second = made["reasons"]
    # M-00039 stands in row 40 of the list, paid until 31 January 2026: eleven whole months to 31 December.
    assert (first["clause"], first["verdict"], first["todo"][:32]) == (
        "E2",
        "not met",
        "Pay what is owed by 8 February 2",
    )
    assert first["looked_at"][0] == {
        "fact": "arrears_months", "means": "months of subscription that are owed", "value": "11",
        "source": "members.csv, row 40: paid until that day", "as_at": "2026-01-31",
    }  # fmt: skip
    assert (second["clause"], second["verdict"], second["looked_at"][0]["as_at"]) == (
        "E1",
        "met",
        "2027-01-02",
    )
    # Decided on 20 January; the rulebook gives 14 days.
    assert (made["decided"], made["appeal_until"]) == ("2027-01-20", "2027-02-03")


def test_whoever_was_put_back_reads_that_first_and_then_the_old_decision(theatre: Theatre) -> None:
    s = theatre.at("final")
    at = ("--at", "2027-02-10T09:00:00Z")
    back = done("roll", "explain-member", s.office, IN_ARREARS[0], *BY, *WHY, *at)
    assert back.index("As it stands now: You may vote in this election.") < back.index("You may not vote")
    assert "the decision of 20 January 2027" in " ".join(back.split())
    out = done("roll", "explain-member", s.office, IN_ARREARS[1], *BY, *WHY, *at)
    assert "As it stands now" not in out
    assert "Decided on 20 January 2027." in out


def test_letters_for_mail_merge_have_everybody_once_and_no_formula(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    assert told("roll", "reasons", s.office, s.root / "out", "--each", "text", *LATER)["letters"] == 40
    rows = list(csv.DictReader(io.StringIO((s.root / "out" / "reasons.csv").read_text())))
    assert [row["member"] for row in rows] == [f"M-{n:05}" for n in range(1, 41)]
    excluded = [row for row in rows if row["outcome"] == "not eligible"]
    assert [(row["member"], row["appeal_until"]) for row in excluded] == [
        (m, "2027-02-03") for m in IN_ARREARS
    ]
    assert all(row["letter"].startswith(f"Member {row['member']}:") for row in rows)
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row.values() if cell)
    assert len(list((s.root / "out").glob("*.txt"))) == 40
    assert (s.root / "out" / "reasons.csv").stat().st_mode & 0o077 == 0
    assert say("roll", "reasons", s.office, s.root / "out", *LATER).code == 2


def test_the_page_of_reasons_has_no_script_and_no_address_outside(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    page = s.root / "reasons.html"
    done("roll", "explain-member", s.office, IN_ARREARS[0], *BY, *WHY, *LATER, "--html", page)
    text = page.read_text()
    assert "<script" not in text
    assert not re.search(r'(src|href)="(https?:)?//', text)
    assert "members.csv, row 40" in text


def test_an_appeal_after_the_last_day_is_heard_only_for_a_reason(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    typed = ("roll", "appeal", s.office, "--member", IN_ARREARS[0], "--at", "2027-02-06T09:00:00Z")
    assert say(*typed, "--on", "2027-01-19").code == 2  # before the decision
    assert say(*typed, "--on", "2027-02-07").code == 2  # tomorrow
    late = say(*typed, "--on", "2027-02-04")
    assert (late.code, "comes after 2027-02-03" in late.err) == (2, True)
    done(*typed, "--on", "2027-02-04", "--admitted-because", "In hospital.")
    made = told("roll", "explain-member", s.office, IN_ARREARS[0], *BY, *WHY, "--at", "2027-02-06T09:00:00Z")
    assert (
        "It came late and was heard all the same, because: In hospital." in made["since"][0]["sentences"][0]
    )
    assert say(*typed[:-2], "--at", "2027-02-06T09:00:00Z", "--on", "2027-02-03").code == 0


def test_a_late_answer_counts_and_says_that_it_is_late(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    typed = ("roll", "reply", s.office, "--member", "M-00021", "--says", "I joined and paid myself.", *LATER)
    # Asked on 5 January, with the 14 days that everybody has.
    assert told(*typed, "--on", "2027-01-19")["in_time"] is True
    assert told(*typed, "--on", "2027-01-20")["in_time"] is False
    assert (
        say(
            "roll", "reply", s.office, "--member", "M-00001", "--says", "x", "--on", "2027-01-09", *LATER
        ).code
        == 2
    )


def test_the_final_roll_waits_until_everybody_concerned_was_asked(theatre: Theatre) -> None:
    s = theatre.at("imported")
    done("roll", "findings", s.office, "--answer-to", "x", *BY, "--at", "2027-01-04T09:00:00Z")
    done("roll", "freeze", s.office, *BOTH, "--at", "2027-01-20T09:00:00Z")
    said = say("roll", "final", s.office, *BY, "--at", "2027-02-09T09:00:00Z")
    assert said.code == 2
    assert "12 members whom a finding concerns have not been asked" in said.err


def decide(s: Selection, outcome: str, by: str = "Appeals panel", facts: str = "", **at: str) -> Any:
    text = APPEAL.format(
        member=IN_ARREARS[1], outcome=outcome, by=by, facts=facts, on=at.get("on", "2027-02-20")
    )
    (s.root / "appeal.toml").write_text(text)
    when = at.get("at", "2027-03-16T09:30:00Z")
    return say("roll", "decide-appeal", s.office, s.root / "appeal.toml", *BY, "--at", when)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("outcome", "facts", "left_out"), [("dismissed", "", 0), ("upheld", "arrears_months = 0", 10)]
)
def test_an_appeal_upheld_too_late_counts_as_left_out_and_a_dismissed_one_does_not(
    outcome: str, facts: str, left_out: int, theatre: Theatre, repository: Path
) -> None:
    """The number is rounded up to tens; M-00040 appealed and no amendment put them back."""
    s = theatre.at("declared")
    said = decide(s, outcome, facts=facts)
    assert said.code == 0, said.err
    done("certify", s.office, *BY, "--at", "2027-03-16T10:00:00Z")
    certificate = json.loads((s.public / "documents" / "certificate.json").read_bytes())
    assert certificate["left_out"] == left_out
    word = {"dismissed": "dismissed", "upheld": "upheld too late"}[outcome]
    assert [one["data"]["outcome"] for one in entries(s, "appeal.decided")] == [word]
    assert passes_both_verifiers(s, repository)


def test_a_decision_on_an_appeal_follows_its_rules(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    at = {"at": "2027-02-06T09:00:00Z", "on": "2027-02-05"}
    assert "No appeal of M-00040 can be decided" in decide(s, "dismissed", **at).err
    done("roll", "appeal", s.office, "--member", IN_ARREARS[1], "--on", "2027-01-25", *LATER)
    assert "took the first decision" in decide(s, "dismissed", by="officer two", **at).err
    assert "while the roll can still be changed" in decide(s, "upheld", facts="arrears_months = 0", **at).err
    assert "the rulebook says eligible" in decide(s, "dismissed", facts="arrears_months = 0", **at).err
    assert not entries(s, "appeal.decided")
    assert decide(s, "dismissed", **at).code == 0
    assert "it was decided already" in decide(s, "dismissed", **at).err


def test_anybody_with_the_list_can_repeat_the_draw(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    leaves = s.lines()
    made = told(
        "roll", "sample", s.office, "--branch", "North", "--throw", "4 2 6", "--bound", "20%", *BY, *LATER
    )
    root = tree.root(leaves).hex()
    seed = hashlib.sha256(f"selectorate sample\n{root}\n1\n4 2 6".encode()).digest()
    listed = [f"M-{n:05}" for n in range(1, 41) if n % 2]
    ranked = sorted(listed, key=lambda member: hashlib.sha256(seed + member.encode()).digest())
    # 0.8^13 = 0.055 and 0.8^14 = 0.044: fourteen are needed to exclude 20 % at 95 %.
    assert (made["needed"], made["drawn"], made["seed"]) == (14, ranked[:14], seed.hex())
    (entry,) = entries(s, "sample.drawn")
    assert (entry["data"]["seed"], entry["data"]["throw"]) == (seed.hex(), "4 2 6")
    assert (entry["data"]["members"], entry["data"]["asked"]) == (20, 14)
    kept = json.loads((s.office / "vault" / "samples.json").read_bytes())[0]
    text = json.dumps(listed, separators=(",", ":")).encode()
    assert hashlib.sha256(bytes.fromhex(kept["salt"]) + text).hexdigest() == entry["data"]["listed"]


def test_everybody_drawn_gets_the_same_letter_and_the_record_names_nobody(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    drawn = told("roll", "sample", s.office, "--branch", "North", *BY, *LATER)["drawn"]
    text = (s.office / "vault" / "letters" / "sample-1.csv").read_text()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sorted(row["member"] for row in rows) == sorted(drawn)
    assert len({row["letter"] for row in rows}) == 1
    line = s.lines()[-1].decode()
    assert "M-0" not in line
    assert "North" not in line


def answers(s: Selection, drawn: list[str], words: dict[int, str]) -> Any:
    lines = ["member,answer", *(f"{one},{words.get(n, 'confirmed')}" for n, one in enumerate(drawn))]
    (s.root / "answers.csv").write_text("\n".join(lines))
    return say(
        "roll", "sample-answers", s.office, s.root / "answers.csv", "--sample", "1", *BY, *LATER, "--json"
    )


def test_the_answers_say_their_bound_and_few_of_them_are_not_published(
    theatre: Theatre, repository: Path
) -> None:
    s = theatre.at("frozen")
    drawn = told("roll", "sample", s.office, "--bound", "20%", *BY, *LATER)["drawn"]
    assert "13 of the sample have no line" in answers(s, drawn[:1], {}).err
    said = answers(s, drawn, {3: "silent", 5: "not confirmed"})
    made = json.loads(said.out)
    assert made["answers"] == {"confirmed": 12, "not confirmed": 1, "silent": 1}
    # Clopper and Pearson, one-sided, 2 of 14: 38.5 % (0.385: P(X <= 2) = 0.0500); 1 of 14: 29.7 %.
    assert (made["reached"], made["at_most_permille"]) == (False, 386)
    assert "it would be 29.7 %" in made["says"]
    (entry,) = entries(s, "sample.settled")
    assert (entry["data"]["confirmed"], entry["data"]["reached"]) == (12, False)
    assert "its answers are on the record already" in answers(s, drawn, {}).err
    assert passes_both_verifiers(s, repository)


def inspection(s: Selection, inspected: str, found: str, because: str) -> Any:
    text = REQUEST.format(inspected=inspected, found=found, because=because)
    (s.root / "request.toml").write_text(text)
    return say("roll", "inspection", s.office, s.root / "request.toml", *BY, *LATER)


def test_an_inspection_is_on_the_record_without_who_asked_and_why(theatre: Theatre, repository: Path) -> None:
    s = theatre.at("frozen")
    assert inspection(s, "true", "matters to attend to", "Two entries are out of date.").code == 0
    assert (
        inspection(
            s, "false", "not looked at", "The suspicion is ill-founded: the list was of another year."
        ).code
        == 0
    )
    public = b"".join(s.files().values())
    assert b"Alder of the north" not in public
    assert b"house is empty" not in public
    assert [one["data"]["outcome"] for one in entries(s, "register.inspected")] == ["inspected", "declined"]
    assert passes_both_verifiers(s, repository)


def test_an_inspection_is_never_declined_without_a_reason_nor_told_with_a_name(theatre: Theatre) -> None:
    s = theatre.at("frozen")
    assert "are all needed" in inspection(s, "false", "not looked at", " ").err
    assert "does not fit" in inspection(s, "false", "accurate", "Ill-founded.").err
    assert "names the person" in inspection(s, "true", "accurate", "Alder of the North was wrong.").err
    assert not entries(s, "register.inspected")


def test_statistics_of_reasons_are_suppressed_under_ten(theatre: Theatre) -> None:
    """Two members owe too much, which is fewer than ten; one of them is put back."""
    s = theatre.at("final")
    (frozen,) = entries(s, "roll.frozen")
    assert (frozen["data"]["eligible"], frozen["data"]["not_eligible"]) == (38, "fewer than 10")
    by_clause = {one["id"]: one["not_met"] for one in frozen["data"]["clauses"]}
    assert by_clause == {"E1": 0, "E2": "fewer than 10"}
    (final,) = entries(s, "roll.final")
    assert {one["id"]: one["excluded"] for one in final["data"]["clauses"]} == {
        "E1": 0,
        "E2": "fewer than 10",
    }


def test_a_page_about_a_member_is_well_formed(theatre: Theatre) -> None:
    from xml.etree import ElementTree

    s = theatre.at("frozen")
    page = s.root / "report.html"
    done("roll", "subject-report", s.office, "M-00021", *BY, *WHY, *LATER, "--html", page)
    text = page.read_text().removeprefix("<!DOCTYPE html>")
    root = ElementTree.fromstring(text)  # noqa: S314 - our own page
    assert root.find("head/title") is not None
    assert all(table.find("thead") is not None for table in root.iter("table"))
    assert page.stat().st_mode & 0o077 == 0
