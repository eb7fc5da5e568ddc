"""Claims about what follows from a finding: who may decide, what a decision changes, what the record and pages say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.selection import BOTH, BY, PAID_BY_ONE, Said, Selection, Theatre, done, report, say

from selectorate.office.count import Doubts, doubts
from selectorate.office.keeping.retention import names
from selectorate.office.settling.reviews import weights_of
from selectorate.office.vault import Vault
from selectorate.office.workspace import Workspace
from selectorate.roll.keeping.retention import unknown

LATER = ("--at", "2027-01-25T09:00:00Z")
ON = ("--on", "2027-01-25")
WHO = ("--by", "Reviewer One")
CONCERNED = [f"M-{n:05}" for n in PAID_BY_ONE]


@pytest.fixture
def s(theatre: Theatre) -> Selection:
    return theatre.at("asked")


def finding(s: Selection) -> str:
    """The one finding of this roll: twelve homes that one account pays for."""
    (one,) = (f for f in Vault(s.office / "vault").load("findings") if sorted(f["members"]) == CONCERNED)
    return str(one["id"])


def declared(s: Selection, interest: str = "none", *more: str, name: str = "Reviewer One") -> None:
    done(
        "roll",
        "reviewer",
        s.office,
        "--name",
        name,
        "--interest",
        interest,
        "--on",
        "2027-01-04",
        *more,
        *LATER,
    )


def decide(s: Selection, member: str, decision: str, code: str, on: str = "2027-01-25") -> Said:
    typed = ("--member", member, "--decision", decision, "--code", code, "--reason", "as written", "--on", on)
    return say("roll", "review", s.office, finding(s), *typed, *WHO, *LATER)


def replied(s: Selection, member: str) -> None:
    done("roll", "reply", s.office, "--member", member, "--on", "2027-01-09", "--says", "It was me.", *LATER)


def cleared(s: Selection, *members: str) -> None:
    rows = "".join(f"{member},cleared,own-payment,showed a statement,2027-01-25\n" for member in members)
    (s.root / "decisions.csv").write_text(f"member,decision,code,reason,on\n{rows}")
    done("roll", "review", s.office, finding(s), s.root / "decisions.csv", *WHO, *LATER)


def audited(public: Path) -> int:
    """The exit code of the second verifier."""
    program = [sys.executable, str(Path(__file__).parents[2] / "auditor" / "verify.py"), str(public)]
    return subprocess.run(program, capture_output=True, check=False).returncode


def on_record(s: Selection) -> list[dict[str, object]]:
    found = [json.loads(line) for line in s.lines()]
    return [entry for entry in found if entry["act"] == "roll.reviewed"]


def test_who_has_not_declared_or_holds_an_interest_decides_about_nothing(s: Selection) -> None:
    said = decide(s, CONCERNED[0], "cleared", "agreed")
    assert said.code != 0
    assert "no declaration about committee is noted" in said.err
    declared(s, "brother of a candidate")
    said = decide(s, CONCERNED[0], "cleared", "agreed")
    assert "the declared interest is: brother of a candidate" in said.err
    declared(s, "none")
    assert decide(s, CONCERNED[0], "cleared", "agreed").code == 0


def test_whom_a_finding_concerns_decides_about_nobody_in_it(s: Selection) -> None:
    declared(s, "none", "--member", CONCERNED[3])
    assert "the finding concerns the reviewer" in decide(s, CONCERNED[0], "cleared", "agreed").err
    assert not on_record(s)


def test_a_decision_needs_a_member_of_the_finding_a_code_that_fits_and_words(s: Selection) -> None:
    declared(s)
    assert "puts no question to this member" in decide(s, "M-00001", "cleared", "agreed").err
    assert "not one of no-answer" in decide(s, CONCERNED[0], "unresolved", "agreed").err
    typed = ("--member", CONCERNED[0], "--decision", "cleared", "--code", "agreed", "--reason", " ", *ON)
    assert "no reason in words" in say("roll", "review", s.office, finding(s), *typed, *WHO, *LATER).err
    assert "is not a finding" in say("roll", "review", s.office, "payer-0", *typed, *WHO, *LATER).err
    assert not Vault(s.office / "vault").load("reviews", [])


def test_silence_leaves_nobody_unresolved_before_the_days_to_answer_are_over(s: Selection) -> None:
    declared(s)
    said = decide(s, CONCERNED[0], "unresolved", "no-answer", on="2027-01-19")
    assert "may answer until 2027-01-19" in said.err
    assert decide(s, CONCERNED[0], "unresolved", "no-answer", on="2027-01-20").code == 0


def test_nobody_is_withdrawn_but_by_their_own_word(s: Selection) -> None:
    declared(s)
    assert "nobody else can withdraw them" in decide(s, CONCERNED[0], "withdrawn", "never-meant-to").err
    replied(s, CONCERNED[0])
    assert decide(s, CONCERNED[0], "withdrawn", "never-meant-to").code == 0


def test_cleared_members_are_no_longer_challenged_and_all_others_are_and_stay_electors(
    s: Selection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of twelve ten are cleared, one stays unresolved, and one takes himself off who stands on the roll still."""
    declared(s)
    replied(s, CONCERNED[11])
    cleared(s, *CONCERNED[:10])
    assert decide(s, CONCERNED[10], "unresolved", "no-answer").code == 0
    assert decide(s, CONCERNED[11], "withdrawn", "leaves").code == 0
    done("roll", "freeze", s.office, *BOTH, *LATER)
    done("roll", "final", s.office, *BY, "--at", "2027-02-09T09:00:00Z")
    workspace = Workspace(s.office, alone=False)
    assert set(CONCERNED) <= set(workspace.vault.load("weights"))
    electors = sorted(workspace.vault.load("weights"))
    workspace.vault.save("credentials", {member: f"c-{member}" for member in electors})
    monkeypatch.setattr(
        "selectorate.office.count.voters", lambda _: {f"c-{CONCERNED[10]}", f"c-{CONCERNED[0]}"}
    )
    assert doubts(workspace) == Doubts(challenged=2, doubtful=1, left_out=0)


def test_a_later_decision_counts_and_opens_the_question_again(s: Selection) -> None:
    declared(s)
    cleared(s, CONCERNED[0])
    vault = Vault(s.office / "vault")
    assert vault.load("questions")[CONCERNED[0]]["cleared"] == "2027-01-25"
    replied(s, CONCERNED[0])
    assert decide(s, CONCERNED[0], "unresolved", "open-question").code == 0
    assert vault.load("questions")[CONCERNED[0]]["cleared"] is None


def test_the_record_has_the_kind_and_numbers_rounded_down_to_tens_and_both_verifiers_accept_it(
    s: Selection,
) -> None:
    declared(s)
    cleared(s, *CONCERNED)
    (entry,) = on_record(s)
    assert entry["by"] == [{"name": "Reviewer One", "role": "reviewer"}]
    data = dict(entry["data"])  # type: ignore[call-overload]
    assert len(data.pop("reviews")) == 64
    assert data == {"kind": "payer", "cleared": 10, "unresolved": 0, "withdrawn": 0}
    assert report(s.public) == (0, [])
    assert audited(s.public) == 0
    public = b"".join(s.files().values())
    assert not [
        word for word in (CONCERNED[0].encode(), b"showed a statement", b"own-payment") if word in public
    ]


def test_a_decision_changed_behind_the_record_stops_the_final_roll(s: Selection) -> None:
    declared(s)
    assert decide(s, CONCERNED[0], "unresolved", "no-answer").code == 0
    done("roll", "freeze", s.office, *BOTH, *LATER)
    vault = Vault(s.office / "vault")
    changed = vault.load("reviews")
    changed[0]["decision"] = "cleared"
    vault.save("reviews", changed)
    said = say("roll", "final", s.office, *BY, "--at", "2027-02-09T09:00:00Z")
    assert said.code != 0
    assert "A decision about a finding" in said.err


def test_five_cleared_findings_of_a_kind_lower_its_weight_for_the_next_look(s: Selection) -> None:
    """Five of five: 4 (1/6) / (5/6) = 0.8; the finding of this roll and four of other looks."""
    declared(s)
    cleared(s, *CONCERNED)
    vault = Vault(s.office / "vault")
    assert weights_of(vault) == {}
    one = {"kind": "payer", "member": "M-1", "decision": "cleared", "code": "agreed"}
    vault.save("reviews", [*vault.load("reviews"), *({**one, "finding": f"payer-{n}"} for n in range(4))])
    assert weights_of(vault) == {"payer": 800}


def test_pages_show_answers_decisions_and_the_next_step_and_nobody_else_may_read_them(s: Selection) -> None:
    declared(s)
    replied(s, CONCERNED[2])
    cleared(s, CONCERNED[2])
    done("roll", "finding-pages", s.office, *LATER)
    folder = s.office / "vault" / "findings"
    names_ = sorted(path.name for path in folder.iterdir())
    assert names_ == [f"finding-{finding(s)}.html", "findings.txt", "index.html"]
    page = (folder / names_[0]).read_text()
    for told in ("It was me.", "cleared (own-payment), 2027-01-25", "1 of 12 who were asked have answered",
                 "selectorate roll review", "12 members"):  # fmt: skip
        assert told in page, told
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    assert unknown(names(Workspace(s.office, alone=False))) == ()


def test_parity_is_told_by_branch_and_no_few_are_shown(s: Selection) -> None:
    declared(s)
    cleared(s, *CONCERNED)
    said = json.loads(done("roll", "parity", s.office, "--json", *LATER))
    assert [row["asked"] for row in said["branches"]] == ["10"]
    assert said["branches"][0]["branch"] == "2 branches with few asked"
    assert said["branches"][0]["cleared"] == "all"


@pytest.mark.slow
def test_nobody_decides_once_the_poll_is_open(theatre: Theatre) -> None:
    s = theatre.at("polling")
    declared_late = say("roll", "review", s.office, "payer-1", "--decision", "cleared", "--code", "agreed", *ON,
                        "--reason", "x", *WHO, "--at", "2027-03-02T09:00:00Z")  # fmt: skip
    assert declared_late.code != 0
    assert "Deciding about a finding" in declared_late.err


def test_a_file_is_refused_whole(s: Selection, tmp_path: Path) -> None:
    declared(s)
    file = tmp_path / "d.csv"
    file.write_text(
        f"member,decision,code,reason,on\n{CONCERNED[0]},cleared,agreed,x,2027-01-25\nM-00001,cleared,agreed,x,2027-01-25\n"
    )
    assert say("roll", "review", s.office, finding(s), file, *WHO, *LATER).code != 0
    assert not on_record(s)
    assert not Vault(s.office / "vault").load("reviews", [])


def test_every_finding_of_a_workspace_comes_out_byte_for_byte_and_a_changed_one_does_not(
    s: Selection,
) -> None:
    vault = Vault(s.office / "vault")
    for one in vault.load("findings"):
        said = json.loads(done("roll", "explain", one["id"], s.office, "--json", *LATER))
        assert said["same"] is True
        assert said["settings"] == vault.load("looked")["settings"]
    changed = [{**one, "households": 3} for one in vault.load("findings")]
    vault.save("findings", changed)
    told = say("roll", "explain", finding(s), s.office, *LATER)
    assert told.code == 1
    assert "households: 3 then, 12 now" in told.out


def test_the_pages_are_there_after_the_look(s: Selection) -> None:
    folder = s.office / "vault" / "findings"
    assert (folder / "index.html").exists()
    page = (folder / f"finding-{finding(s)}.html").read_text()
    assert "Home 12" in page
    assert "Account 1" in page


def test_who_stands_in_a_new_finding_is_asked_anew_and_is_no_longer_cleared(s: Selection) -> None:
    declared(s)
    cleared(s, *CONCERNED)
    vault = Vault(s.office / "vault")
    questions = vault.load("questions")
    questions[CONCERNED[0]]["findings"] = ["payer-of-an-earlier-look"]
    vault.save("questions", questions)
    done("roll", "findings", s.office, "--answer-to", "roll@orchard.example", *BY, *LATER)
    after = vault.load("questions")
    assert (after[CONCERNED[0]]["asked"], after[CONCERNED[0]]["cleared"]) == (None, None)
    assert after[CONCERNED[1]]["cleared"] == "2027-01-25"


def test_people_who_are_heard_are_not_decided_one_by_one(s: Selection) -> None:
    declared(s)
    vault = Vault(s.office / "vault")
    edits = [{**one, "kind": "edits", "id": "edits-1"} for one in vault.load("findings") if one["members"]]
    vault.save("findings", [*vault.load("findings"), edits[0]])
    typed = ("--decision", "cleared", "--code", "recorded-so", "--reason", "letters that came back", *ON)
    member = ("--member", CONCERNED[0])
    assert say("roll", "review", s.office, "edits-1", *member, *typed, *WHO, *LATER).code != 0
    assert say("roll", "review", s.office, "edits-1", *typed, *WHO, *LATER).code == 0
