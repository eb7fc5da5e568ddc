"""Claims about every finding and every letter, whatever their kind."""

from __future__ import annotations

import json
import re
from datetime import date
from importlib import resources

import pytest

from selectorate import canon
from selectorate.errors import Refusal
from selectorate.roll import signals
from selectorate.roll.letters import Sender, decision_letter, duplicate_letters, finding_letters
from selectorate.roll.links import links

from .conftest import Roll, found_on

SENDER = Sender("Harbour Workers", "Officer One", "roll@harbour.example", date(2027, 1, 4), date(2027, 1, 18))
ACCUSING = re.compile(r"fraud|fake|guilt|cheat|suspicio|bogus|stack|crime|criminal|offen[cs]e", re.IGNORECASE)


def texts(roll: Roll) -> list[str]:
    letters = [
        *finding_letters(roll.engine, roll.findings, SENDER),
        *duplicate_letters(roll.engine, links(roll.engine), SENDER),
    ]
    return [json.dumps(one.to_json()) for one in roll.findings] + [letter.text for letter in letters]


def test_no_finding_and_no_letter_accuses(roll: Roll) -> None:
    said = texts(roll)
    assert len(said) >= 40
    for text in said:
        assert not ACCUSING.search(text)


def test_the_rooms_own_words_accuse_nobody() -> None:
    room = resources.files("selectorate.roll")
    with resources.as_file(room) as folder:
        files = sorted(folder.rglob("*.py"))
    assert len(files) >= 50
    for file in files:
        assert not re.search(r"fraud|fake|guilt", file.read_text(), re.IGNORECASE), file


def test_each_finding_has_innocent_reasons_a_way_to_settle_it_and_what_does_not_fit(roll: Roll) -> None:
    for one in roll.findings:
        assert one.innocent
        assert one.settles
        assert one.against
        assert one.expected in one.because
        assert str(one.observed) in one.because
        assert 1 <= one.severity <= 4
        assert canon.encode(one.to_json())


def test_what_is_published_has_only_cells_by_kind(roll: Roll) -> None:
    said = signals.entry(roll.findings, 34)
    assert [one["kind"] for one in said["findings"]] == list(signals.KINDS)
    assert {"kind": "payer", "findings": "fewer than 10", "members": 34} in said["findings"]
    assert {"kind": "edits", "findings": 0, "members": 0} in said["findings"]
    assert said["asked"] == 34


def test_findings_are_the_same_when_looked_for_again(roll: Roll) -> None:
    assert found_on(roll.engine, [roll.invention.truth.employer]) == roll.findings


def test_findings_change_nothing_on_the_roll(roll: Roll) -> None:
    tables = roll.engine.execute("SELECT table_name FROM information_schema.tables ORDER BY 1").fetchall()
    assert [name for (name,) in tables] == ["events", "left_out", "members", "payments", "tokens"]
    assert roll.engine.execute("SELECT count(*) FROM members").fetchall() == [(roll.intake.kept,)]


def test_everyone_concerned_gets_one_letter_and_the_branch_one_of_its_own(roll: Roll) -> None:
    letters = finding_letters(roll.engine, roll.findings, SENDER)
    assert tuple(letter.to for letter in letters if letter.to) == roll.invention.truth.operation
    assert [letter.branch for letter in letters if not letter.to] == [roll.invention.truth.operation_branch]


def test_a_letter_names_nobody_but_its_reader(roll: Roll) -> None:
    letters = [letter for letter in finding_letters(roll.engine, roll.findings, SENDER) if letter.to]
    query = "SELECT member_id, name, address_1, email FROM members WHERE list_contains($1, member_id)"
    people = roll.engine.execute(query, [list(roll.invention.truth.operation)]).fetchall()
    for letter in letters:
        for member, name, street, email in people:
            same = member == letter.to
            assert (member in letter.text) is same
            assert email not in letter.text
            if not same and (name, street) not in {(n, s) for m, n, s, _ in people if m == letter.to}:
                assert f"\n{name}\n{street}\n" not in letter.text


def test_a_letter_says_what_was_seen_how_to_answer_and_that_one_votes_meanwhile(roll: Roll) -> None:
    text = " ".join(finding_letters(roll.engine, roll.findings, SENDER)[0].text.split())
    assert "also paid for members in 30 other homes" in text
    assert "Please answer by 18 January 2027: roll@harbour.example." in text
    assert "vote like everyone else" in text
    assert "nobody is left out because of this letter" in text


def test_less_than_fourteen_days_to_answer_are_refused(roll: Roll) -> None:
    hasty = Sender("H", "Officer One", "x", date(2027, 1, 4), date(2027, 1, 17))
    for write in (
        lambda: finding_letters(roll.engine, roll.findings, hasty),
        lambda: duplicate_letters(roll.engine, (), hasty),
    ):
        with pytest.raises(Refusal) as refused:
            write()
        assert refused.value.code == "roll.reply"


def test_a_decision_letter_gives_reasons_and_appeal(roll: Roll) -> None:
    reasons = ["Rule 4.2: You joined at least six months before the freeze date. This is not met."]
    appeal = "You may appeal to the appeals panel until 8 February 2027."
    letter = decision_letter(roll.engine, "M-00017", "You are not on the roll.", reasons, appeal, SENDER)
    text = " ".join(letter.text.split())
    for part in ("Member M-00017", "You are not on the roll.", reasons[0], appeal, "Officer One"):
        assert part in text
