"""Claims about what a human finds out about a possible duplicate."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from tests.cli.selection import BOTH, BY, Said, Selection, Theatre, decision, done, report, say

from selectorate import canon
from selectorate.office.count import Doubts, doubts
from selectorate.office.keeping.pairs import ANSWERS, resolved, standing, unsettled
from selectorate.office.vault import Vault
from selectorate.office.workspace import Workspace
from selectorate.roll.objects import Link

LATER = ("--at", "2027-01-25T09:00:00Z")
WHY = ("--why", "The member telephoned.")
ONE, TWIN = "M-00001", "M-00041"


@pytest.fixture(scope="module")
def looked_at(theatre: Theatre, tmp_path_factory: pytest.TempPathFactory) -> Selection:
    """A roll in which M-00001 stands a second time as M-00041: both have their letter, which is noted as sent."""
    s = Selection(tmp_path_factory.mktemp("pairs"))
    shutil.copytree(theatre.at("new").root, s.root, dirs_exist_ok=True)
    rows = (s.root / "members.csv").read_text().splitlines()
    (s.root / "members.csv").write_text("\n".join((*rows, rows[1].replace(ONE, TWIN))) + "\n")
    files = (s.root / "members.csv", s.root / "payments.csv")
    done("roll", "import", s.office, *files, *BY, "--at", "2027-01-02T09:00:00Z")
    answer = ("--answer-to", "roll@orchard.example")
    done("roll", "findings", s.office, *answer, *BY, "--at", "2027-01-03T09:00:00Z")
    return s


@pytest.fixture
def s(looked_at: Selection, tmp_path: Path) -> Selection:
    shutil.copytree(looked_at.root, tmp_path / "s")
    return Selection(tmp_path / "s")


def asked(s: Selection) -> None:
    done("roll", "asked", s.office, "--on", "2027-01-05", *BY, "--at", "2027-01-05T09:00:00Z")


def find(
    s: Selection, answer: str, reason: str = "Both wrote.", on: str = "2027-01-20", twin: str = TWIN
) -> Said:
    typed = ("--answer", answer, "--reason", reason, "--on", on)
    return say("roll", "resolve", s.office, twin, ONE, *typed, *BY, *LATER)


def on_record(s: Selection) -> list[dict[str, object]]:
    found = [json.loads(line) for line in s.lines()]
    return [entry["data"] for entry in found if entry["act"] == "roll.resolved"]


def test_both_persons_get_a_letter_that_names_nobody_else(s: Selection) -> None:
    letters = {path.name[5:12]: path.read_text() for path in (s.office / "vault/letters/questions").iterdir()}
    for own, other in ((ONE, TWIN), (TWIN, ONE)):
        assert "Are you on the roll twice?" in letters[own]
        assert "17 January 2027" in letters[own]  # 14 days from the 3rd
        assert other not in letters[own]


def test_what_was_found_is_kept_with_name_day_and_reason_and_the_record_has_numbers_alone(
    s: Selection,
) -> None:
    asked(s)
    assert find(s, "two persons").code == 0
    vault = Vault(s.office / "vault")
    assert standing(vault, ONE, TWIN) == "two persons, Officer One found on 2027-01-20: Both wrote."
    (entry,) = on_record(s)
    sealed = entry.pop("resolutions")
    assert entry == {"same_person": 0, "two_persons": "fewer than 10", "not_settled": 0}
    public = b"".join(s.files().values())
    assert not [word for word in (b"M-000", b"Both wrote") if word in public]
    # Whoever holds salt and finding can open what was sealed (docs/formats/entries.md).
    (noted,) = vault.load("links-resolved")
    plain = {name: noted[name] for name in ("left", "right", "answer", "reason", "on", "by")}
    opened = hashlib.sha256(bytes.fromhex(noted["salt"]) + canon.encode([plain])).hexdigest()
    assert opened == sealed
    assert report(s.public) == (0, [])


def test_the_last_word_counts_and_the_first_is_not_lost(s: Selection) -> None:
    asked(s)
    for answer in ANSWERS:
        assert find(s, answer).code == 0
    vault = Vault(s.office / "vault")
    assert resolved(vault)[ONE, TWIN]["answer"] == ANSWERS[-1]
    assert [one["answer"] for one in vault.load("links-resolved")] == list(ANSWERS)
    assert len(on_record(s)) == 3


def test_two_persons_get_no_second_letter_and_everybody_else_does(s: Selection) -> None:
    vault = Vault(s.office / "vault")
    pairs = (Link(ONE, TWIN, "the same name", ()), Link(ONE, "M-00044", "the same name", ()))
    assert unsettled(vault, pairs) == pairs
    find(s, "not settled")
    assert unsettled(vault, pairs) == pairs
    find(s, "two persons")
    assert unsettled(vault, pairs) == pairs[1:]


def test_nobody_is_found_to_be_another_before_both_were_asked_and_had_their_days(s: Selection) -> None:
    assert "the letter to this member is not noted as sent" in find(s, "same person").err
    asked(s)
    # Asked on 5 January, with the 14 days that everybody has.
    early = find(s, "same person", on="2027-01-19")
    assert "M-00001 cannot be found to be the same person" in early.err
    assert "may answer until 2027-01-19" in early.err
    says = ("--on", "2027-01-10", "--says", "That is me as well.", *LATER)
    done("roll", "reply", s.office, "--member", ONE, *says)
    assert "M-00041 cannot" in find(s, "same person", on="2027-01-19").err
    done("roll", "reply", s.office, "--member", TWIN, *says)
    assert find(s, "same person", on="2027-01-19").code == 0
    assert len(on_record(s)) == 1


def test_the_answers_of_both_are_kept_and_told_to_each(s: Selection) -> None:
    asked(s)
    says = ("--on", "2027-01-10", "--says", "I joined once.", *LATER)
    done("roll", "reply", s.office, "--member", ONE, *says)
    told = done("roll", "subject-report", s.office, ONE, *BY, *WHY, *LATER)
    assert "A question was sent on 5 January 2027" in told
    assert "A reply came on 10 January 2027: I joined once." in told
    assert TWIN not in told
    assert "I joined once." not in done("roll", "subject-report", s.office, TWIN, *BY, *WHY, *LATER)


def test_what_is_no_finding_about_a_pair_is_refused_and_nothing_is_noted(s: Selection) -> None:
    assert "not a pair" in find(s, "two persons", twin="M-00007").err
    assert "no reason" in find(s, "two persons", reason="  ").err
    assert "lies in the future" in find(s, "two persons", on="2027-02-20").err
    assert find(s, "merged").code == 2
    assert say("roll", "resolve", s.office, ONE, *BY, *LATER).code == 2
    assert resolved(Vault(s.office / "vault")) == {}
    assert on_record(s) == []


@pytest.mark.parametrize(
    ("line", "because"),
    [
        ("M-00001,M-00007,two persons,They wrote.,2027-01-20", "not a pair"),
        ("M-00001,M-00041,one person,They wrote.,2027-01-20", "line 3: answer is one person"),
        ("M-00001,M-00041,two persons,They wrote.,20/01/2027", "line 3: `on` is 20/01/2027"),
        ("M-00001,M-00041,two persons", "line 3: `on` is empty"),
        ("M-00001,M-00041,two persons,,2027-01-20", "no reason"),
    ],
)
def test_of_a_file_with_one_line_that_cannot_be_nothing_is_noted(
    line: str, because: str, s: Selection
) -> None:
    good = "M-00001,M-00041,two persons,They wrote.,2027-01-20"
    file = s.root / "pairs.csv"
    file.write_text(f"left,right,answer,reason,on\n{good}\n{line}\n")
    assert because in say("roll", "resolve", s.office, "--file", file, *BY, *LATER).err
    assert on_record(s) == []
    file.write_text(f"left,right,answer,reason,on\n{good}\n")
    done("roll", "resolve", s.office, "--file", file, *BY, *LATER)
    assert len(on_record(s)) == 1


def test_a_resolution_changed_in_the_vault_stops_the_final_roll(s: Selection) -> None:
    asked(s)
    find(s, "two persons")
    done("roll", "freeze", s.office, *BOTH, "--at", "2027-01-25T09:00:00Z")
    path = s.office / "vault" / "links-resolved.json"
    kept = path.read_bytes()
    final = ("roll", "final", s.office, *BY, "--at", "2027-02-09T09:00:00Z")
    for edited in (kept.replace(b"two persons", b"same person"), b"[]"):
        path.write_bytes(edited)
        assert "What was found about a possible duplicate was changed" in say(*final).err
    path.write_bytes(kept)
    done(*final)
    assert "final" in find(s, "two persons").err  # on a sealed roll nothing is resolved


def test_who_is_taken_out_as_the_second_record_of_one_person_has_days_to_appeal(s: Selection) -> None:
    asked(s)
    assert find(s, "same person").code == 0
    done("roll", "freeze", s.office, *BOTH, "--at", "2027-01-25T09:00:00Z")
    (s.root / "out.toml").write_text(
        decision(TWIN, "taken out").replace("arrears_months = 0", "arrears_months = 9")
    )
    done("roll", "amend", s.office, s.root / "out.toml", *BY, "--at", "2027-02-10T09:00:00Z")
    # The rulebook gives 14 days; those of the freeze ended on 8 February.
    appeal = ("roll", "appeal", s.office, "--member", TWIN, "--at", "2027-02-25T09:00:00Z", "--on")
    assert "comes after 2027-02-24" in say(*appeal, "2027-02-25").err
    done(*appeal, "2027-02-24")
    told = done("roll", "subject-report", s.office, TWIN, *BY, *WHY, "--at", "2027-02-25T09:00:00Z")
    assert "can be lodged until 24 February 2027" in told


def test_of_a_pair_found_to_be_one_person_that_voted_twice_one_vote_is_doubtful(
    s: Selection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(s)
    find(s, "same person")
    done("roll", "freeze", s.office, *BOTH, "--at", "2027-01-25T09:00:00Z")
    workspace = Workspace(s.office)
    workspace.vault.save("questions", {})
    workspace.vault.save("credentials", {ONE: "a", TWIN: "b", "M-00003": "c"})
    for voters, doubtful in (({"a", "b", "c"}, 1), ({"a", "c"}, 0), ({"b"}, 0)):
        monkeypatch.setattr("selectorate.office.count.voters", lambda _, who=voters: who)
        assert doubts(workspace) == Doubts(challenged=1, doubtful=doubtful, left_out=0)
