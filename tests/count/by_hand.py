"""Sheets worked out by hand, to be read, shown, checked, and spoilt.

`orchard`: 100 papers, 2 seats, quota floor(100 / 3) + 1 = 34. Alder 40, Beech 30, Cedar 20, Elm 10. Alder is
elected with 6 over; all 40 papers pass on at 6/40 = 0.15: 20 to Beech (3), 16 to Cedar (2.4), 4 to nobody (0.6).
Elm has fewest and goes out: 6 papers to Beech, 3 to Cedar, 1 to nobody. Beech has 39 and is elected.

`batches`: what an exclusion in batches looks like. 20 papers, values in hundredths. Fir goes out with 4 papers at
1.00 (3 to Ash, 1 to nobody) and 5 at 0.12 (5 to Birch); 0.03 were lost when the values were cut.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from selectorate import canon
from selectorate.count.objects import Sheet, Stage, Table, Tie, Transfer

NO_FILE = canon.sha256(b"")
VOTE = 100_000


def orchard(**changes: Any) -> Sheet:
    names = ("Alder", "Beech", "Cedar", "Elm")
    firsts = (40, 30, 20, 10)
    one = Stage(
        1,
        "first preferences",
        tuple(votes * VOTE for votes in firsts),
        0,
        ("Alder",),
        transfers=tuple(Transfer(None, n, v, VOTE, v * VOTE) for n, v in zip(names, firsts, strict=True)),
        clause="rule 45",
        says="100 valid papers; the quota is 34. Alder has 40 votes and is elected.",
    )
    two = Stage(
        2,
        "surplus Alder",
        (3_400_000, 3_300_000, 2_240_000, 1_000_000),
        60_000,
        (),
        transfers=(
            Transfer("Alder", "Beech", 20, 15_000, 300_000),
            Transfer("Alder", "Cedar", 16, 15_000, 240_000),
            Transfer("Alder", None, 4, 15_000, 60_000),
        ),
        clause="rule 48",
        says="Alder has 40 votes, 6 more than the quota of 34: each of the 40 papers passes on at 0.15.",
    )
    three = Stage(
        3,
        "exclude Elm",
        (3_400_000, 3_900_000, 2_540_000, 0),
        160_000,
        ("Beech",),
        ("Elm",),
        transfers=(
            Transfer("Elm", "Beech", 6, VOTE, 600_000),
            Transfer("Elm", "Cedar", 3, VOTE, 300_000),
            Transfer("Elm", None, 1, VOTE, 100_000),
        ),
        clause="rule 50",
        says="Elm has 10 votes, the fewest, and goes out; the papers pass on at the value they have.",
    )
    sheet = Sheet(
        ruleset="scottish-stv",
        seats=2,
        candidates=names,
        valid=100,
        blank=2,
        invalid=1,
        papers=NO_FILE,
        quota=34,
        stages=(one, two, three),
        ties=(),
        elected=("Alder", "Beech"),
        title="The orchard",
    )
    return replace(sheet, **changes)


def batches() -> Sheet:
    """Shown, not checked: no rule set stands behind it."""
    names = ("Ash", "Birch", "Fir")
    rows = (
        Stage(1, "first preferences", (800, 740, 460), 0, (), figures=(("vote required", "9.51"),)),
        Stage(
            2,
            "exclude Fir",
            (1100, 740, 60),
            100,
            ("Ash",),
            ("Fir",),
            part=1,
            transfers=(Transfer("Fir", "Ash", 3, 100, 300), Transfer("Fir", None, 1, 100, 100)),
            figures=(("vote required", "9.01"),),
            clause="section 9",
            says="Fir has the fewest votes; the 4 papers worth 1.00 pass on first.",
        ),
        Stage(
            2,
            "exclude Fir",
            (1100, 797, 0),
            100,
            (),
            part=2,
            rounding=3,
            transfers=(Transfer("Fir", "Birch", 5, 12, 57),),
        ),
    )
    return Sheet(
        ruleset="scottish-stv",
        seats=1,
        candidates=names,
        valid=20,
        blank=0,
        invalid=0,
        papers=NO_FILE,
        quota=None,
        stages=rows,
        ties=(Tie(("Birch", "Fir"), "lot", "Fir", "exclusion", 2),),
        elected=("Ash",),
        places=2,
        withdrawn=("Yew",),
        vacant=1,
        tables=(Table("Pairwise", ("", "Ash", "Birch"), (("Ash", "", "12"), ("Birch", "8", ""))),),
        cleaning=(("papers with a rank left out: the paper ends there", 3),),
        remarks=("One seat stays vacant.",),
    )
