"""What must hold in every method without transfers, whatever the papers: order changes nothing, sheets are read."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from tests.count.papers import TREES

from selectorate.count import rulesets
from selectorate.count.ballots import FigureProfile, Figures, Marks, WeakProfile
from selectorate.count.methods import count
from selectorate.count.objects import Sheet
from selectorate.count.sheets import form
from selectorate.count.sheets.check import check_sheet
from selectorate.count.ties import Draw

FAMILIES = ("committee", "grades", "pairwise", "points", "positions")
METHODS = [name for name in rulesets.names() if rulesets.load(name).family in FAMILIES]


def seats_of(name: str) -> int:
    ruleset = rulesets.load(name)
    return 1 if ruleset.family == "points" and ruleset["fills"] == "one seat" else 2


def election(name: str, seed: int) -> WeakProfile | FigureProfile:
    """Random papers of the kind that the method counts; few, so that ties are frequent."""
    chance = random.Random(seed)
    size = chance.randint(2, 6)
    if rulesets.load(name).family in ("pairwise", "positions"):
        return WeakProfile(
            TREES[:size], tuple(sorted(_weak(chance, size).items())), blank=chance.randint(0, 2)
        )
    marks = str(rulesets.load(name)["marks"]) if rulesets.load(name).family == "points" else ""
    top = 4 if "score" in marks or (not marks and name.startswith("majority")) else 1
    papers: dict[Figures, int] = {(1,) + (0,) * (size - 1): 1}
    for _ in range(chance.randint(1, 6)):
        figures = tuple(chance.choice([None, *range(top + 1)]) for _ in range(size))
        if any(one is not None for one in figures):
            papers[figures] = papers.get(figures, 0) + chance.randint(1, 4)
    return FigureProfile(TREES[:size], tuple(papers.items()))


def _weak(chance: random.Random, size: int) -> dict[Marks, int]:
    papers: dict[Marks, int] = {}
    for _ in range(chance.randint(1, 6)):
        ranks = [chance.randint(0, size) for _ in range(size)]
        ranks[chance.randrange(size)] = 1
        steps = sorted({rank for rank in ranks if rank})
        groups = tuple(tuple(one for one in range(size) if ranks[one] == step) for step in steps)
        papers[groups] = papers.get(groups, 0) + chance.randint(1, 4)
    return papers


def permuted(papers: WeakProfile | FigureProfile, order: list[int]) -> WeakProfile | FigureProfile:
    """The same papers with candidates and papers in another order: new position i holds the old order[i]."""
    names = tuple(papers.candidates[old] for old in order)
    if isinstance(papers, FigureProfile):
        rows = [(tuple(figures[old] for old in order), number) for figures, number in papers.papers]
        return replace(papers, candidates=names, papers=tuple(reversed(rows)))
    place = {old: new for new, old in enumerate(order)}
    weak = [
        (tuple(tuple(sorted(place[one] for one in group)) for group in groups), number)
        for groups, number in papers.papers
    ]
    return replace(papers, candidates=names, papers=tuple(reversed(weak)))


def plain(sheet: Sheet) -> dict[str, object]:
    """The sheet without the order of the candidates: tallies by name, matrices as cells by their two names."""
    value = form.plain(sheet)
    value.pop("candidates", None)
    value["tables"] = sorted(
        (one.title, sorted(_cells(row, one.columns) for row in one.rows)) for one in sheet.tables
    )
    for stage in value["stages"]:
        stage["transfers"] = sorted(map(str, stage.get("transfers", [])))
    return dict(value)


def _cells(row: tuple[str, ...], columns: tuple[str, ...]) -> list[tuple[str, str]]:
    return sorted(zip(columns, row, strict=True))


@pytest.mark.parametrize("name", METHODS)
def test_no_order_of_candidates_or_papers_changes_the_sheet(name: str) -> None:
    """Not a figure, not a sentence, not a lot: lots go by name."""
    ruleset = rulesets.load(name)
    for seed in range(6):
        papers = election(name, seed)
        order = list(range(len(papers.candidates)))
        random.Random(seed + 100).shuffle(order)
        first = count(papers, ruleset, seats_of(name), draw=Draw("acorn"))
        second = count(permuted(papers, order), ruleset, seats_of(name), draw=Draw("acorn"))
        assert plain(first) == plain(second)


@pytest.mark.parametrize("name", METHODS)
def test_a_sheet_is_written_read_and_passes_its_own_checks(name: str) -> None:
    for seed in range(6):
        sheet = count(election(name, seed), rulesets.load(name), seats_of(name), draw=Draw("acorn"))
        assert form.read(json.dumps(form.plain(sheet)).encode()) == sheet
        failed = [one for one in check_sheet(sheet, "acorn") if one.verdict == "failed"]
        assert not failed, failed
        assert all(stage.says.endswith(".") and stage.clause for stage in sheet.stages)
        assert len(sheet.elected) + sheet.vacant == sheet.seats
