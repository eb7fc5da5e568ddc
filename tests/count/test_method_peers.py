"""Methods without transfers against other people's programs, as processes: random elections, few papers, so that
ties are frequent. Where a peer names all tied winners, they must be what our lots can give, no more and no less.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT
from tests.count.papers import TREES, answering

from selectorate.count import rulesets
from selectorate.count.ballots import FigureProfile, Figures, Marks, WeakProfile
from selectorate.count.methods import Papers, count
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import universes
from selectorate.errors import Refusal

SCRIPTS = Path(__file__).parent / "peers"
MARGINS = "papers for the winner less those against"
BELENIOS = shutil.which("belenios-tool")
Row = tuple[tuple[int, ...], int]


@pytest.fixture(scope="module")
def peers() -> Path:
    """The Python that has the peers of requirements-peers.txt; skipped where it is absent."""
    place = Path(os.environ.get("SELECTORATE_PEERS") or ROOT / ".tools" / "peers") / "bin" / "python"
    if not place.exists():
        pytest.skip("no pref_voting and abcvoting in .tools/peers or in SELECTORATE_PEERS")
    return place


def asked(python: Path, script: str, elections: list[Any]) -> list[dict[str, Any]]:
    answer = subprocess.run(
        [str(python), str(SCRIPTS / script)],
        input=json.dumps(elections),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


def ranks_of(rows: list[Row]) -> WeakProfile:
    """Rank 1 is best; 0 is unranked."""
    papers: Counter[Marks] = Counter()
    for ranks, number in rows:
        steps = sorted({rank for rank in ranks if rank})
        papers[tuple(tuple(one for one, rank in enumerate(ranks) if rank == step) for step in steps)] += (
            number
        )
    return WeakProfile(TREES[: len(rows[0][0])], tuple(papers.items()))


def winners(papers: Papers, ruleset: Ruleset) -> list[int]:
    """Who can win one seat, over all lots."""
    found = {
        one for won in universes(lambda draw: count(papers, ruleset, 1, draw=draw).elected) for one in won
    }
    return sorted(TREES.index(name) for name in found)


def test_method_peers_agree_on_full_rankings(peers: Path) -> None:
    chance = random.Random(1)
    elections: list[list[Row]] = []
    for at in range(300):
        size = chance.randint(2, 5)
        # small numbers for ties, large ones for elections without
        most = 2 if at % 2 else 60
        ranks = [tuple(chance.sample(range(1, size + 1), size)) for _ in range(chance.randint(1, 7))]
        elections.append([(one, chance.randint(1, most)) for one in ranks])
    answers = asked(peers, "single_winner.py", [{"kind": "linear", "papers": one} for one in elections])
    seen: Counter[tuple[str, bool]] = Counter()
    for rows, answer in zip(elections, answers, strict=True):
        for name, expected in answer.items():
            assert winners(ranks_of(rows), rulesets.load(name)) == expected, (name, rows)
            seen[name, len(expected) > 1] += 1
    for name in ("schulze", "ranked-pairs", "minimax", "copeland", "kemeny", "borda", "fptp"):
        assert seen[name, False] >= 100, seen
        assert seen[name, True] >= 5, seen


def test_method_peers_agree_on_equal_and_short_rankings(peers: Path) -> None:
    chance = random.Random(2)
    elections: list[list[Row]] = []
    for at in range(300):
        size = chance.randint(2, 5)
        rows: list[Row] = []
        for _ in range(chance.randint(1, 7)):
            ranks = [chance.randint(0, size) for _ in range(size)]
            ranks[chance.randrange(size)] = 1
            rows.append((tuple(ranks), chance.randint(1, 4 if at % 2 else 60)))
        elections.append(rows)
    answers = asked(peers, "single_winner.py", [{"kind": "weak", "papers": one} for one in elections])
    strength = {"schulze": "papers for the winner", "ranked-pairs": "papers for the winner"}
    for rows, answer in zip(elections, answers, strict=True):
        for asked_for, expected in answer.items():
            name, _, margins = asked_for.partition(" by ")
            if margins:
                ruleset = answering(name, strength=MARGINS)
            elif name in strength:
                ruleset = answering(name, strength=strength[name])
            else:
                ruleset = rulesets.load(name)
            assert winners(ranks_of(rows), ruleset) == expected, (asked_for, rows)


def test_method_peers_agree_on_scores_and_grades(peers: Path) -> None:
    chance = random.Random(3)
    elections: list[list[Row]] = []
    for _ in range(300):
        size = chance.randint(2, 5)
        papers = [tuple(chance.randint(0, 5) for _ in range(size)) for _ in range(chance.randint(1, 9))]
        elections.append([(one, chance.randint(1, 5)) for one in papers])
    answers = asked(peers, "single_winner.py", [{"kind": "grades", "papers": one} for one in elections])
    seen: Counter[str] = Counter()
    for rows, answer in zip(elections, answers, strict=True):
        figures = FigureProfile(TREES[: len(rows[0][0])], tuple(rows))
        approvals = FigureProfile(
            figures.candidates, tuple((tuple(int(one > 2) for one in row), number) for row, number in rows)
        )
        for name, expected in answer.items():
            if name == "approval" and not any(any(row) for row, _ in approvals.papers):
                continue  # nobody is approved of: no valid paper here, everybody tied there
            found = winners(approvals if name == "approval" else figures, rulesets.load(name))
            if name == "star" and len(expected) > 1:
                # the peer leaves ties open that the protocol resolves
                assert set(found) <= set(expected), (name, rows)
            else:
                assert found == expected, (name, rows)
            seen[name] += 1
    assert min(seen[name] for name in ("score", "approval", "star", "majority-judgment-lower")) >= 100, seen


def test_method_peers_agree_on_committees(peers: Path) -> None:
    chance = random.Random(4)
    elections: list[dict[str, Any]] = []
    while len(elections) < 200:
        size = chance.randint(3, 6)
        papers = [
            sorted(chance.sample(range(size), chance.randint(1, size))) for _ in range(chance.randint(3, 12))
        ]
        if len({one for paper in papers for one in paper}) == size:
            elections.append({"size": size, "seats": chance.randint(1, size - 1), "papers": papers})
    answers = asked(peers, "committees.py", elections)
    for election, answer in zip(elections, answers, strict=True):
        size, seats = election["size"], election["seats"]
        rows: Counter[Figures] = Counter(
            tuple(1 if one in paper else None for one in range(size)) for paper in election["papers"]
        )
        papers = FigureProfile(TREES[:size], tuple(rows.items()))
        for name, expected in answer.items():
            assert _committees(papers, rulesets.load(name), seats) == expected, (name, election)


def _committees(papers: FigureProfile, ruleset: Ruleset, seats: int) -> list[list[int]]:
    found = {
        frozenset(one) for one in universes(lambda draw: count(papers, ruleset, seats, draw=draw).elected)
    }
    return sorted(sorted(TREES.index(name) for name in one) for one in found)


# ---- Debian's belenios-tool: the whole order, level by level


def belenios(method: str, papers: list[list[int]], *options: str) -> dict[str, Any]:
    answer = subprocess.run(
        ["belenios-tool", "method", method, *options],
        input=json.dumps(papers),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def levels(papers: Papers, ruleset: Ruleset) -> list[list[int]]:
    """The whole order: with one seat more at each step, who is in it by no lot at all makes a level full."""
    names = papers.candidates
    found: list[list[int]] = []
    for seats in range(1, len(names) + 1):
        try:
            elected = count(papers, ruleset, seats).elected
        except Refusal as stopped:
            assert stopped.code == "count.tie"
            continue
        before = {one for level in found for one in level}
        found.append(sorted({names.index(name) for name in elected} - before))
    return found


needs_belenios = pytest.mark.skipif(BELENIOS is None, reason="no belenios-tool on PATH")


@needs_belenios
@pytest.mark.parametrize("blank_allowed", ["true", "false"])
def test_belenios_orders_by_schulze_as_we_do(blank_allowed: str) -> None:
    chance = random.Random(5)
    for _ in range(100):
        size, number = chance.randint(2, 6), chance.randint(1, 12)
        least = 0 if blank_allowed == "true" else 1
        papers = [[chance.randint(least, size) for _ in range(size)] for _ in range(number)]
        papers[0] = [max(1, rank) for rank in papers[0]]
        theirs = belenios("schulze", papers, f"--blank-allowed={blank_allowed}")
        rows: list[Row] = [(tuple(one), 1) for one in papers if any(one)]
        ours = ranks_of(rows)
        assert theirs["valid"] == ours.valid
        assert theirs.get("blank", 0) == number - ours.valid
        sheet = count(ours, rulesets.load("schulze"), size)
        assert [[int(cell or 0) for cell in row[1:]] for row in sheet.tables[0].rows] == theirs["raw"]
        assert levels(ours, rulesets.load("schulze")) == [sorted(one) for one in theirs["winners"]]


@needs_belenios
@pytest.mark.parametrize("blank_allowed", ["true", "false"])
def test_belenios_orders_by_majority_judgment_as_we_do(blank_allowed: str) -> None:
    """A paper is graded whole, blank as a whole where that is allowed, or invalid; grades there 1 (best) to 5."""
    chance = random.Random(6)
    empty = "blank, not counted" if blank_allowed == "true" else "the paper is invalid"
    ruleset = answering("majority-judgment", empty=empty)
    for _ in range(100):
        size, number = chance.randint(2, 5), chance.randint(1, 12)
        papers = [[chance.randint(1, 5) for _ in range(size)] for _ in range(number)]
        papers += [[0] * size] * chance.randint(0, 2) + [[0] + [3] * (size - 1)] * chance.randint(0, 2)
        theirs = belenios("majority-judgment", papers, "--ngrades=5", f"--blank-allowed={blank_allowed}")
        rows: Counter[Figures] = Counter(tuple(5 - one if one else None for one in paper) for paper in papers)
        ours = FigureProfile(TREES[:size], tuple(rows.items()), grades=("e", "d", "c", "b", "a"))
        sheet = count(ours, ruleset, size)
        assert (sheet.valid, sheet.blank, sheet.invalid) == (
            theirs["valid"], theirs.get("blank", 0), len(theirs["invalid"]),
        )  # fmt: skip
        assert [[int(cell) for cell in row[1:-1]] for row in sheet.tables[0].rows] == theirs["raw"]
        assert levels(ours, ruleset) == [sorted(one) for one in theirs["winners"]]


pytestmark = [pytest.mark.interop, pytest.mark.slow]
