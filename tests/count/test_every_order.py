"""Every rule set there is: the order in which candidates or papers stand changes no winner and no line of a sheet.

Ties included: the lot is declared, and goes by names and seed. Rule sets that count papers in recorded order get
the same record of single papers, whatever the order in which the kinds of papers are listed.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from selectorate.count import cleaning, methods, rulesets
from selectorate.count.ballots import Ballots, SheafProfile
from selectorate.count.objects import Sheet
from selectorate.count.rulesets import Ruleset
from selectorate.count.sheets import form
from selectorate.count.ties import Draw
from selectorate.errors import Refusal

TREES = ("Alder", "Beech", "Cedar", "Elm", "Fir", "Gean")
BRANCHES = ("North", "South")
POINTS = (("North", 60), ("South", 40))
ELECTIONS = 12
RECORDED = "in recorded order"


def in_order(ruleset: Ruleset) -> bool:
    return any(one.name == "papers" and one.answer == RECORDED for one in ruleset.questions)


def by_branches(ruleset: Ruleset) -> bool:
    return any(one.name == "worth" and one.answer != "one vote" for one in ruleset.questions)


def election(ruleset: Ruleset, seed: int) -> Ballots:
    """Few papers, so that ties are frequent: equal figures, nobody's votes, somebody whom no paper names."""
    chance = random.Random(seed)
    size, most = chance.randint(3, 6), 30 if seed % 3 == 0 else 2
    figures = cleaning.papers_of(ruleset) == "figures"
    kinds = [_marks(chance, size, figures) for _ in range(chance.randint(2, 12))]
    papers = {paper: chance.randint(1, most) for paper in kinds}
    listed = tuple(sorted(papers.items(), key=str))
    units: tuple[str, ...] = ()
    if by_branches(ruleset):
        units = tuple(chance.choice(BRANCHES) for _ in listed)
    order: tuple[int, ...] = ()
    if in_order(ruleset):
        single = [at for at, (_, number) in enumerate(listed) for _ in range(number)]
        order = tuple(chance.sample(single, len(single)))
    return Ballots(
        "figures" if figures else "ranks", TREES[:size], listed, "made up", methods.NO_FILE,  # type: ignore[arg-type]
        grades=("Reject", "Accept") if figures else (), order=order, units=units,
    )  # fmt: skip


def _marks(chance: random.Random, size: int, figures: bool) -> tuple[Any, ...]:
    if figures:
        marks = [chance.choice((0, 1)) for _ in range(size)]
        marks[chance.randrange(size)] = 1
        return tuple(marks)
    return tuple((one,) for one in chance.sample(range(size), chance.randint(1, size)))


def shuffled(ballots: Ballots, seed: int) -> Ballots:
    """The same papers, candidates and kinds of papers listed in another order; the record of single papers as it
    was."""
    chance = random.Random(seed)
    names = list(range(len(ballots.candidates)))
    chance.shuffle(names)
    place = {old: new for new, old in enumerate(names)}
    kinds = list(range(len(ballots.papers)))
    chance.shuffle(kinds)
    where = {old: new for new, old in enumerate(kinds)}

    def moved(marks: tuple[Any, ...]) -> tuple[Any, ...]:
        if ballots.kind == "figures":
            return tuple(marks[old] for old in names)
        return tuple(tuple(place[one] for one in rank) for rank in marks)

    return replace(
        ballots,
        candidates=tuple(ballots.candidates[old] for old in names),
        papers=tuple((moved(ballots.papers[old][0]), ballots.papers[old][1]) for old in kinds),  # type: ignore[arg-type]
        order=tuple(where[old] for old in ballots.order),
        units=tuple(ballots.units[old] for old in kinds) if ballots.units else (),
    )


def counted(ballots: Ballots, ruleset: Ruleset, seats: int) -> Sheet | str:
    try:
        papers = cleaning.clean(ballots, ruleset).papers
        if isinstance(papers, SheafProfile) and "declar" in str(ruleset["worth"]):
            papers = replace(papers, points=POINTS)
        return methods.count(papers, ruleset, seats, draw=Draw("acorn"))
    except Refusal as refusal:
        return refusal.code


def by_name(sheet: Sheet | str) -> Any:
    """All of a sheet, sentences included; what is listed as the candidates stand is listed by name."""
    if isinstance(sheet, str):
        return sheet
    plain = form.plain(sheet)
    plain["candidates"] = sorted(plain["candidates"])
    plain["tables"] = sorted(
        (one.title, sorted(sorted(zip(one.columns, row, strict=True)) for row in one.rows))
        for one in sheet.tables
    )
    for stage in plain["stages"]:
        stage["transfers"] = sorted(map(str, stage["transfers"]))
    for tie in plain["ties"]:
        tie["between"] = sorted(tie["between"])
    return plain


def by_law_by_place(sheet: Sheet | str) -> bool:
    """New Zealand's own lot gives its numbers to the candidates as they stand (Schedule 1A, "pseudo-random
    number"): the one lot that is declared to go by place."""
    return not isinstance(sheet, str) and any(one.by == "the pseudo-random number" for one in sheet.ties)


@pytest.mark.parametrize("name", rulesets.names())
def test_neither_the_order_of_candidates_nor_of_papers_changes_a_sheet(name: str) -> None:
    ruleset = rulesets.load(name)
    told = 0
    for seed in range(ELECTIONS):
        ballots = election(ruleset, seed)
        for seats in (1, 2):
            first = counted(ballots, ruleset, seats)
            if by_law_by_place(first):
                continue
            assert by_name(counted(shuffled(ballots, seed + 1_000), ruleset, seats)) == by_name(first), seed
            told += not isinstance(first, str)
    assert told >= ELECTIONS


def test_a_count_that_looked_at_the_order_of_candidates_would_be_seen() -> None:
    """Three candidates with a vote each: whom a script draws by name stays, whom it draws by place does not."""
    ruleset = rulesets.load("scottish-stv")
    papers = tuple((((one,),), 1) for one in range(3))
    ballots = Ballots("ranks", TREES[:3], papers, "made up", methods.NO_FILE)
    sheet = methods.count(cleaning.clean(ballots, ruleset).papers, ruleset, 1, draw=Draw("acorn"))
    turned = replace(sheet, candidates=tuple(reversed(sheet.candidates)))
    assert by_name(sheet) != by_name(turned)
