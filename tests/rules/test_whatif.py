"""What a change would do: a planted roll, where every number is known because it was planted."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from selectorate.cli import run
from selectorate.office.rulebook import open_rulebook, what_if
from selectorate.rules.whatif import Branch, Change, publishable

OLD = """
[rulebook]
organisation = "The Orchard League"
version = "2027-1"
adopted = "General meeting, motion 3"
[facts]
joined = { type = "date", from = "roll" }
suspended = { type = "bool", from = "register" }
[timetable]
poll_opens = 2027-03-01
freeze = "poll_opens - 60 days"
appeals_end = "poll_opens - 21 days"
poll_closes = "poll_opens + 14 days"
[[eligible]]
id = "E1"
cite = "Rule 3.1"
needs = "joined <= freeze - months(3)"
says = "You had been a member for three months when the roll was frozen."
[[eligible]]
id = "E2"
cite = "Rule 3.2"
needs = "not suspended"
says = "You are not suspended."
[appeal]
to = "the appeals panel"
days = 14
"""
NEW = OLD.replace("2027-1", "2027-2").replace("months(3)", "months(6)").replace("three months", "six months")
# The freeze is 31 December 2026. Three months before it is 30 September (September has no 31st), six months
# before it is 30 June. Who joined from 1 July to 30 September is eligible under the old rule alone.
PLANTED = {
    # (branch, day of joining, status): members
    ("North", "2020-05-01", "Current"): 50,
    ("North", "2026-07-01", "Current"): 12,  # the first day that loses
    ("North", "2026-06-30", "Current"): 3,  # the last day that keeps
    ("South", "2026-09-30", "Current"): 29,  # the last day that the old rule admits
    ("South", "2026-10-01", "Current"): 4,  # never eligible
    ("South", "2021-01-01", "Current"): 11,
    ("South", "2026-08-15", "Suspended"): 2,  # suspended anyway: no change of outcome
    ("West", "2026-08-01", "Current"): 4,  # a small cell
    ("West", "2019-01-01", "Current"): 30,
    ("East", "2019-01-01", "Current"): 25,
    ("East", "", "Current"): 5,  # no date: to ask, before and after
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    rows = ["member_id,full_name,joined_on,branch,status"]
    for (branch, joined, status), number in PLANTED.items():
        rows += [
            f"M-{len(rows) + n:05},Member {len(rows) + n},{joined},{branch},{status}" for n in range(number)
        ]
    (tmp_path / "members.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "old.toml").write_text(OLD)
    (tmp_path / "new.toml").write_text(NEW)
    return tmp_path


def changed(place: Path, old: str = "old.toml", new: str = "new.toml") -> Change:
    return what_if(open_rulebook(place / old), open_rulebook(place / new), [place / "members.csv"]).change


def test_three_months_that_become_six_take_the_vote_from_those_planted_between(place: Path) -> None:
    found = changed(place)
    assert (found.members, found.lost, found.gained) == (175, 12 + 29 + 4, 0)
    assert found.moved("eligible", "not eligible") == 45
    assert found.moved("eligible", "eligible") == 50 + 3 + 11 + 30 + 25
    assert found.moved("not eligible", "not eligible") == 4 + 2
    assert found.moved("ask", "ask") == 5
    assert found.branches == (
        Branch("South", 46, 29, 0, 0), Branch("North", 65, 12, 0, 0), Branch("West", 34, 4, 0, 0),
    )  # fmt: skip
    first, second = found.clauses
    # E1 newly fails the 45 and the two who are suspended; of the 45 it alone stops all
    assert (first.id, first.not_met, first.met, first.unknown, first.decisive) == ("E1", 47, 0, 0, 45)
    assert first.says == "was: joined <= freeze - months(3); becomes: joined <= freeze - months(6)"
    assert (second.not_met, second.met, second.unknown, second.decisive) == (0, 0, 0, 0)


def test_the_way_back_gives_the_same_members_their_vote(place: Path) -> None:
    found = changed(place, "new.toml", "old.toml")
    assert (found.lost, found.gained) == (0, 45)
    assert found.clauses[0].met == 47


def test_a_clause_that_is_new_or_gone_and_a_day_that_moves_are_told(place: Path) -> None:
    (place / "new.toml").write_text(
        OLD.replace('id = "E2"', 'id = "E3"').replace("60 days", "90 days").replace("2027-1", "x")
    )
    found = changed(place)
    assert [one.id for one in found.clauses] == ["E1", "E3", "E2"]
    assert [one.says for one in found.clauses[1:]] == ["is new: not suspended", "is gone: not suspended"]
    assert found.days == (("freeze", "2026-12-31", "2026-12-01"),)
    # three months before 1 December is 1 September: the 29 of 30 September lose, nobody gains
    assert (found.lost, found.gained) == (29, 0)


def test_a_fact_the_roll_does_not_tell_moves_everybody_to_ask_and_is_named(place: Path) -> None:
    text = OLD.replace("2027-1", "x").replace(
        "[timetable]", 'own_payment = { type = "bool", from = "ledger" }\n[timetable]'
    )
    clause = '[[eligible]]\nid = "E9"\ncite = "Rule 9"\nneeds = "own_payment"\nsays = "You paid yourself."\n'
    (place / "new.toml").write_text(text + clause)
    preview = what_if(
        open_rulebook(place / "old.toml"), open_rulebook(place / "new.toml"), [place / "members.csv"]
    )
    assert preview.missing == ("own_payment",)
    assert preview.change.moved("eligible", "ask") == 50 + 12 + 3 + 29 + 11 + 4 + 30 + 25
    assert preview.change.lost == 164


def test_what_is_published_tells_no_number_under_ten_not_even_by_subtraction(place: Path) -> None:
    found = publishable(changed(place))
    assert found["no_longer_eligible"] == 45
    # West's 4 would be 45 - 29 - 12; so the smallest branch shown stands together with it
    assert found["branches"] == [
        {"branch": "South", "members": 46, "no_longer_eligible": 29, "newly_eligible": 0, "other_changes": 0},
        {
            "branch": "2 other branches together",
            "members": 99, "no_longer_eligible": 16, "newly_eligible": 0, "other_changes": 0,
        },
    ]  # fmt: skip
    assert found["moves"] == []  # five stay at "ask": the nine cells with the total would tell
    assert [one["newly_not_met"] for one in found["clauses"]] == [47, 0]


def said(*words: Any) -> tuple[int, str]:
    """Exit code and standard output of a command."""
    import contextlib
    import io

    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = run([str(word) for word in words])
    return code, out.getvalue()


def test_the_command_says_whom_its_numbers_are_for(place: Path) -> None:
    where = "--roll", place / "members.csv"
    code, text = said("rules", "diff", place / "old.toml", place / "new.toml", *where)
    assert code == 0
    assert "This is for the officer's own screen: exact numbers, not to be published." in text
    assert "Branch South: 29 of 46 (63 %) no longer eligible, 0 newly eligible." in text
    assert "Joined in the 30 days up to the freeze day, 2026-12-31: 0; in the 30 days after it: 0." in text
    code, text = said("rules", "diff", place / "old.toml", place / "new.toml", *where, "--json")
    value = json.loads(text)
    assert (code, value["no_longer_eligible"], value["branches"][2]["no_longer_eligible"]) == (0, 45, 4)
    code, text = said("rules", "diff", place / "old.toml", place / "new.toml", *where, "--publish")
    assert "This is for publication: numbers under 10 are not shown." in text
    assert "West" not in text


def test_what_cannot_be_compared_is_refused_with_a_sentence(place: Path) -> None:
    old, new = place / "old.toml", place / "new.toml"
    assert said("rules", "diff", old, new)[0] == 2
    assert "what a change does can only be said of a list" in said("rules", "diff", old, new)[1]
    (place / "empty").mkdir()
    code, text = said("rules", "diff", old, new, "--roll", place / "empty")
    assert (code, "holds no imported roll" in text) == (2, True)
    code, text = said("rules", "diff", old, new, "--roll", place / "members.csv", "--right", "vot")
    assert (code, "has no right `vot`; it has vote. Did you mean `vote`?" in text) == (2, True)
    new.write_text(NEW.replace("joined <=", "joinde <="))
    code, text = said("rules", "check", new)
    assert (code, "line 17, E1: needs: `joinde` is not a declared fact. Did you mean `joined`?" in text) == (
        2,
        True,
    )


def test_check_and_show_say_it_in_words(place: Path) -> None:
    code, text = said("rules", "check", place / "old.toml", "--roll", place / "members.csv")
    assert code == 0
    assert "has no fault" in text
    assert "Joined in the 30 days up to the freeze day" in text
    code, text = said("rules", "show", place / "old.toml")
    assert "Thursday 31 December 2026: freeze" in text
    assert (
        "tested as: `joined` is on or before the freeze (31 December 2026) less 3 months (30 September 2026)"
        in text
    )
    value = json.loads(said("rules", "show", place / "old.toml", "--json")[1])
    assert value["timetable"]["freeze"] == "2026-12-31"


def test_joins_are_counted_thirty_days_either_side(place: Path) -> None:
    rows = ["member_id,full_name,joined_on"]
    day = dt.date(2026, 12, 31)
    for step, number in ((-30, 1), (-29, 2), (0, 4), (1, 8), (30, 16), (31, 32)):
        joined = day + dt.timedelta(days=step)
        rows += [f"M-{len(rows) + n:05},Member {len(rows) + n},{joined}" for n in range(number)]
    (place / "members.csv").write_text("\n".join(rows) + "\n")
    value = json.loads(
        said("rules", "check", place / "old.toml", "--roll", place / "members.csv", "--json")[1]
    )
    assert (value["joined_before"], value["joined_after"]) == (2 + 4, 8 + 16)


READS = OLD.replace(
    'suspended = { type = "bool", from = "register" }',
    """suspended = { type = "bool", from = "register" }
age = { type = "int", from = "roll", reads = "years since born" }
paid = { type = "int", from = "ledger", reads = "number of paid in 12 months" }
meetings = { type = "int", from = "register", reads = "number of meeting" }""",
).replace("[appeal]", '[[eligible]]\nid = "E3"\ncite = "Rule 3.3"\nneeds = "NEEDS"\nsays = "So."\n[appeal]')


def test_facts_that_are_read_from_events_are_read_from_a_roll_as_far_as_it_tells(place: Path) -> None:
    # as at the freeze, 31 December 2026: M-1 is 16 that day, M-2 a day later, of M-3 no birth is known
    (place / "members.csv").write_text(
        "member_id,full_name,joined_on,born_on,status\n"
        "M-1,Member 1,2020-01-01,2010-12-31,Current\n"
        "M-2,Member 2,2020-01-01,2011-01-01,Current\n"
        "M-3,Member 3,2020-01-01,,Current\n"
    )
    # twelve months before it is 31 December 2025, which no longer counts
    (place / "payments.csv").write_text(
        "member_id,paid_on,amount\nM-1,2025-12-31,10.00\nM-2,2026-01-01,10.00\nM-2,2027-01-01,10.00\n"
    )
    members, payments = place / "members.csv", place / "payments.csv"

    def moved(needs: str, *roll: Path) -> dict[str, int]:
        (place / "new.toml").write_text(READS.replace("NEEDS", needs))
        found = what_if(open_rulebook(place / "old.toml"), open_rulebook(place / "new.toml"), roll)
        return {new: number for old, new, number in found.change.moves if old == "eligible" and number}

    assert moved("age >= 16", members) == {"eligible": 1, "ask": 1, "not eligible": 1}
    assert moved("paid >= 1", members, payments) == {"eligible": 1, "not eligible": 2}
    assert moved("paid >= 1", members) == {"ask": 3}  # no payments were imported
    assert moved("meetings >= 1", members, payments) == {"ask": 3}  # a roll tells nothing of meetings
