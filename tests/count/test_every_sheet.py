"""Every rule set there is: its sheets add up at every stage, can be written, read, told, and pass their own check.

Random elections of three to six candidates; what is demanded is not a result but that a sheet never contradicts
itself or its rule set.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

from selectorate.cli.counted import count_of
from selectorate.count import cleaning, methods, rulesets
from selectorate.count.ballots import Ballots
from selectorate.count.objects import Sheet
from selectorate.count.sheets import check_sums, form
from selectorate.count.sheets.check import check_sheet
from selectorate.count.ties import Draw
from selectorate.errors import Refusal
from selectorate.pages.counted.text import count_text

TREES = ("Alder", "Beech", "Cedar", "Elm", "Fir", "Gean")
ELECTIONS = 8
NOT_SO = ("count.one", "count.unfit", "count.unit", "count.empty")


def ballots(seed: int, kind: str) -> Ballots:
    chance = random.Random(seed)
    size = chance.randint(3, 6)
    many = 30 if seed % 2 else 3
    papers = {}
    for _ in range(chance.randint(3, 25)):
        ranking = chance.sample(range(size), chance.randint(1, size))
        marks = tuple((one,) for one in ranking)
        figures = tuple(chance.choice((0, 1)) for _ in range(size))
        papers[figures if kind == "figures" else marks] = chance.randint(1, many)
    wanted = "figures" if kind == "figures" else "ranks"
    grades = ("Reject", "Accept") if kind == "figures" else ()
    return Ballots(
        wanted, TREES[:size], tuple(sorted(papers.items())), "made up", methods.NO_FILE, grades=grades
    )  # type: ignore[arg-type]


def sheets(name: str) -> list[Sheet]:
    """As many sheets as this rule set gives of so many elections; other refusals than of a kind are faults."""
    ruleset = rulesets.load(name)
    found = []
    for seed in range(ELECTIONS):
        made = ballots(seed, cleaning.papers_of(ruleset))
        for seats in (1, 2):
            try:
                papers = cleaning.clean(made, ruleset).papers
                found.append(methods.count(papers, ruleset, seats, draw=Draw("acorn")))
            except Refusal as refusal:
                assert refusal.code in NOT_SO, refusal.sentence
    return found


@pytest.mark.parametrize("name", rulesets.names())
def test_no_sheet_contradicts_itself_or_its_rule_set(name: str) -> None:
    for sheet in sheets(name):
        wrong = [
            f"{one.duty}: {one.because}" for one in check_sheet(sheet, "acorn") if one.verdict == "failed"
        ]
        assert not wrong


@pytest.mark.parametrize("name", rulesets.names())
def test_every_stage_has_the_same_total_to_the_last_unit(name: str) -> None:
    family = rulesets.load(name).family
    for sheet in sheets(name):
        if family not in check_sums.BY_FIGURES:
            assert len({check_sums.total(stage) for stage in sheet.stages}) == 1


@pytest.mark.parametrize("name", rulesets.names())
def test_every_sheet_can_be_written_read_and_told_in_eighty_columns(name: str) -> None:
    for sheet in sheets(name)[:4]:
        assert form.read(json.dumps(form.plain(sheet)).encode()) == sheet
        text = count_text(count_of(replace(sheet, title=sheet.title or name)))
        assert max(map(len, text.splitlines())) <= 80
