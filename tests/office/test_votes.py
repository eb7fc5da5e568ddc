"""Claims about how many votes somebody carries. Expected numbers: counted by hand beside each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.selection import BOTH, BY, IN_ARREARS, RULEBOOK, Selection, decision, done, members_csv, say

WEIGHTS = """
[[weight]]
id = "W1"
cite = "Rule 5"
when = "joined <= freeze - months(120)"
votes = "3"

[[weight]]
id = "W2"
cite = "Rule 5"
votes = "1"

[appeal]
"""
LATER = ("--at", "2027-02-09T09:00:00Z")


def frozen(root: Path, members: bytes) -> Selection:
    s = Selection(root)
    book = RULEBOOK.read_text().replace("[appeal]\n", WEIGHTS, 1)
    (root / "book.toml").write_text(book.replace('kind = "ranked"', 'kind = "choose"'))
    (root / "members.csv").write_bytes(members)
    done(
        "new",
        s.office,
        "--rulebook",
        root / "book.toml",
        "--demonstration",
        *BY,
        "--at",
        "2026-12-01T09:00:00Z",
    )
    done("roll", "import", s.office, root / "members.csv", *BY, "--at", "2027-01-02T09:00:00Z")
    done("roll", "freeze", s.office, *BOTH, "--at", "2027-01-20T09:00:00Z")
    return s


def weights(s: Selection) -> dict[str, int]:
    return dict(json.loads((s.office / "vault" / "weights.json").read_text()))


def test_the_rulebook_decides_how_many_votes_somebody_carries_and_the_record_has_their_sum(
    tmp_path: Path,
) -> None:
    s = frozen(tmp_path, members_csv())
    done("roll", "final", s.office, *BY, *LATER)
    # 120 months before 31 December 2026 is 31 December 2016: who joined from 2010 to 2016 carries three votes.
    # Member n joined in 2010 + n % 12, so n % 12 is at most 6; M-00039 and M-00040 are in arrears and no electors.
    wanted = {f"M-{n:05}": 3 if n % 12 <= 6 else 1 for n in range(1, 39)}
    assert weights(s) == wanted
    (entry,) = [data for line in s.lines() if (data := json.loads(line))["act"] == "roll.final"]
    assert entry["data"]["weight"] == sum(wanted.values())
    slips = json.loads((s.office / "vault" / "slips.json").read_text())
    assert "3" in json.loads(slips["M-00001"])["line"]
    assert say("verify", s.public).code == 0


def test_of_somebody_whose_votes_are_not_known_the_final_roll_waits_and_a_decision_settles_it(
    tmp_path: Path,
) -> None:
    rows = members_csv().decode().splitlines()
    rows[1] = rows[1].replace(rows[1].split(",")[2], "")  # M-00001 has no day of joining
    s = frozen(tmp_path, "\n".join(rows).encode() + b"\n")
    final = ("roll", "final", s.office, *BY, *LATER)
    assert "M-00001" in say(*final).err
    (tmp_path / "answer.toml").write_text(
        decision("M-00001", "answered").replace("arrears_months = 0", "joined = 2012-05-01")
    )
    done("roll", "amend", s.office, tmp_path / "answer.toml", *BY, "--at", "2027-02-05T09:00:00Z")
    done(*final)
    assert weights(s)["M-00001"] == 3


def test_who_is_put_back_carries_what_the_rules_give(tmp_path: Path) -> None:
    s = frozen(tmp_path, members_csv())
    (tmp_path / "back.toml").write_text(decision(IN_ARREARS[1]))
    done("roll", "amend", s.office, tmp_path / "back.toml", *BY, "--at", "2027-02-05T09:00:00Z")
    done("roll", "final", s.office, *BY, *LATER)
    assert weights(s)[IN_ARREARS[1]] == 3  # joined in 2014: 40 % 12 is 4


def test_a_number_of_votes_changed_after_the_freeze_stops_the_final_roll(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    s = frozen(tmp_path, members_csv())
    with duckdb.connect(str(s.office / "vault" / "roll.duckdb")) as engine:
        engine.execute("UPDATE members SET weight = 40 WHERE member_id = 'M-00003'")
    assert "was changed since the freeze" in say("roll", "final", s.office, *BY, *LATER).err
