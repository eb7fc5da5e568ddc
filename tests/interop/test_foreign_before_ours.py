"""Elections made by foreign tools in this very run, judged by our two verifiers.

The right answer is that they are sound, and the result that the tool itself announced.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.interop import foreign
from tests.interop.foreign import Foreign
from tests.interop.judges import ROOT, Judge
from tests.interop.plans import Group, Keys, Plan, Question

pytestmark = pytest.mark.interop

TREES = ["Alder", "Ash", "Beech", "Birch"]
RANKED = Question(
    "ranked",
    {"type": "NonHomomorphic", "value": {"answers": TREES, "question": "Who shall stand?"}},
    sizes=(4,),
)
CHOSEN = Question(
    "choices", {"answers": TREES[:3], "min": 0, "max": 2, "question": "Who shall speak?"}, (3,), 0, 2
)
PAPERS = ((0, [[1, 2, 3, 4]]), (1, [[2, 1, 0, 0]]), (0, [[4, 3, 2, 1]]), (2, [[0, 0, 0, 0]]))
MARKS = ((0, [[1, 0, 1]]), (1, [[0, 0, 0]]), (0, [[0, 1, 0]]), (2, [[0, 0, 1]]))


def plan(group: Group, question: Question, weights: tuple[int, ...]) -> Plan:
    """Two single trustees, both of whom mix where there is something to mix."""
    ballots = PAPERS if question is RANKED else MARKS
    mixers = (1, 2) if question is RANKED else ()
    words = ("by hand", group, "Grove", "Made by a foreign tool")
    return Plan(*words, (question,), weights, (Keys(), Keys()), ballots, mixers, (1, 2))


KINDS = {
    "weights in BELENIOS-2048": plan("BELENIOS-2048", CHOSEN, (3, 1, 2, 5)),
    "ranked in RFC-3526-2048": plan("RFC-3526-2048", RANKED, (1, 1, 1, 1)),
    "weights in Ed25519": plan("Ed25519", CHOSEN, (3, 1, 2, 5)),
    "ranked in Ed25519": plan("Ed25519", RANKED, (1, 1, 1, 1)),
}
# by hand, from the choices above: the last ballot of each elector counts, times the weight
RIGHT = {"chosen": [[0, 3, 2]], "ranked": [[4, 3, 2, 1], [2, 1, 0, 0], [0, 0, 0, 0]]}


@pytest.fixture(scope="module", params=sorted(KINDS))
def made(
    request: pytest.FixtureRequest,
    judge: Callable[[str], Judge],
    tmp_path_factory: pytest.TempPathFactory,
) -> Foreign:
    wanted = KINDS[request.param]
    return foreign.make(judge(wanted.group), tmp_path_factory.mktemp("foreign"), wanted)


def test_the_plans_own_sum_is_the_one_made_by_hand() -> None:
    """The sum that the random elections are compared with, on choices that a person has added up."""
    assert KINDS["weights in Ed25519"].expected() == RIGHT["chosen"]
    assert KINDS["ranked in Ed25519"].expected() == [sorted(RIGHT["ranked"])]
    assert KINDS["ranked in Ed25519"].agrees([RIGHT["ranked"]])
    assert not KINDS["ranked in Ed25519"].agrees([RIGHT["ranked"][:2]])


def test_the_foreign_tool_announces_what_was_chosen(made: Foreign) -> None:
    if made.result == RIGHT["chosen"]:
        return
    assert sorted(made.result[0]) == sorted(RIGHT["ranked"])


def test_our_verifier_accepts_a_foreign_election(made: Foreign) -> None:
    from selectorate.ballot.check import check_archive

    checks, verified = check_archive(made.content, made.uuid)
    assert [check for check in checks if check.verdict == "failed"] == []
    assert [check for check in checks if check.verdict == "not checked"] == []
    assert verified is not None
    assert verified.result is not None
    assert plain(verified.result) == plain(made.result)


def plain(value: Sequence[Any]) -> list[Any]:
    """Nested tuples as nested lists."""
    return [plain(each) if isinstance(each, list | tuple) else each for each in value]


def test_the_auditor_accepts_a_foreign_election(made: Foreign, tmp_path: Path) -> None:
    archive = tmp_path / f"{made.uuid}.bel"
    archive.write_bytes(made.content)
    done = subprocess.run(
        [sys.executable, "-I", str(ROOT / "auditor" / "verify.py"), "--json", str(archive)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert (report["verdict"], report["stage"]) == ("passed", "declared")


def test_both_of_ours_refuse_it_when_one_ballot_is_taken_out(made: Foreign, tmp_path: Path) -> None:
    """The last ballot's members are cut out of the file: the chain no longer holds."""
    from selectorate.ballot.check import check_archive

    spoiled = without_a_ballot(made.content)
    checks, verified = check_archive(spoiled, made.uuid)
    assert verified is None
    assert any(check.verdict == "failed" for check in checks)
    archive = tmp_path / f"{made.uuid}.bel"
    archive.write_bytes(spoiled)
    done = subprocess.run(
        [sys.executable, "-I", str(ROOT / "auditor" / "verify.py"), str(archive)],
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1


def without_a_ballot(content: bytes) -> bytes:
    """The archive without its last Ballot event and that event's data member."""
    members = []
    position = 0
    while position < len(content):
        size = int(content[position + 124 : position + 135], 8)
        end = position + 512 + (size + 511) // 512 * 512
        members.append(content[position:end])
        position = end
    last = max(number for number, member in enumerate(members) if b'"type":"Ballot"' in member[512:1024])
    return b"".join(members[: last - 1] + members[last + 1 :])
