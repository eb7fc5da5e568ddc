"""Counting by rounds against pref_voting, as a process: random elections, compared where no tie arises."""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.count.papers import TREES

from selectorate.count import methods
from selectorate.count.objects import Profile
from selectorate.count.rulesets import load
from selectorate.count.ties import Draw

HOW_MANY = 400


@pytest.fixture(scope="module")
def peers() -> Path:
    """The Python that has pref_voting: in $SELECTORATE_PEERS or .tools/peers."""
    place = Path(os.environ.get("SELECTORATE_PEERS") or ROOT / ".tools" / "peers") / "bin" / "python"
    if not place.exists():
        pytest.skip("no pref_voting in .tools/peers or in SELECTORATE_PEERS")
    return place


def elections(*, complete: bool) -> list[Profile]:
    source = random.Random(f"rounds before a peer, {complete}")
    made = []
    for _ in range(HOW_MANY):
        size = source.randint(2, 6)
        counts: dict[tuple[int, ...], int] = {}
        for _ in range(source.randint(3, 25)):
            ranking = tuple(source.sample(range(size), size if complete else source.randint(1, size)))
            counts[ranking] = counts.get(ranking, 0) + source.randint(1, 30)
        made.append(Profile.gather(TREES[:size], counts))
    return made


@pytest.mark.interop
@pytest.mark.parametrize("complete", [True, False])
def test_a_peer_elects_the_same_where_no_tie_arises(complete: bool, peers: Path) -> None:
    made = elections(complete=complete)
    asked = [
        [len(one.candidates), [[paper.ranking, paper.number] for paper in one.papers], complete]
        for one in made
    ]
    script = Path(__file__).parent / "peers" / "pref_voting_rounds.py"
    told = subprocess.run(
        [str(peers), str(script)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    compared: dict[str, int] = {}
    for profile, answers in zip(made, json.loads(told.stdout), strict=True):
        for name, winners in answers.items():
            rules = name.split()[0]
            sheet = methods.count(profile, load(rules), draw=Draw("acorn"))
            often = any(
                "are each last on" in stage.says for stage in sheet.stages
            )  # the peer excludes them all
            if sheet.ties or often or len(winners) != 1:
                continue
            assert sheet.elected == (profile.candidates[winners[0]],), (name, profile)
            compared[name] = compared.get(name, 0) + 1
    assert len(compared) == (6 if complete else 2)
    assert min(compared.values()) > HOW_MANY // 2, compared
