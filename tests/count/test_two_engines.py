"""Two implementations of each rule set, written apart from each other, agree in whole sheets.

The readable engines follow the rule books in Python; `rust/count` was written from the same rule books without
looking at them. Neither is the measure of the other: where they differ, the statute decides, and one is mended.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from selectorate.count import fast, methods, rulesets
from selectorate.count.ballots import Ballots
from selectorate.count.cleaning import clean
from selectorate.count.fields import SEATS_MAX
from selectorate.count.objects import Profile, Ranking, Sheet, Tie
from selectorate.count.rulesets import Ruleset
from selectorate.count.sheets.check import check_papers
from selectorate.count.ties import Draw
from selectorate.errors import Refusal

TREES = (
    "Alder", "Ash", "Beech", "Birch", "Cedar", "Elm", "Hazel", "Larch", "Maple", "Oak", "Pine", "Rowan",
    "Spruce", "Willow", "Yew", "Zelkova", "Holly",
)  # fmt: skip
BOTH = (
    "act", "australian-senate", "cambridge-stv", "ers76", "ers97", "ireland", "irv", "irv-maine", "irv-until-two",
    "meek-hww", "meek-nz", "meek-prf", "minneapolis-stv", "northern-ireland", "prsa-1977", "queensland-labor-m12",
    "scottish-stv", "warren", "wig-exact", "wigm-prf", "wright",
)  # fmt: skip
"""The rule sets that both count by: every one by single transferable vote, and three with one winner."""
NUMBER = 10_000
KINDS = (
    "two equal", "nobody's votes", "withdrawn", "no paper left", "all papers end", "seats = candidates", "more seats",
    "one candidate", "all papers alike", "recorded order",
)  # fmt: skip
TIES = (
    "australian-senate: exclusion by earlier stage", "australian-senate: order by earlier stage",
    "meek-nz: exclusion by the first difference", "meek-nz: exclusion by the pseudo-random number",
    "scottish-stv: exclusion by earlier stage", "scottish-stv: exclusion by lot", "scottish-stv: order by lot",
    "scottish-stv: surplus by lot",
)  # fmt: skip


TOLD = ("meek", "rounds", "stv")
"""Families in which both give the whole sheet, every word, clause and figure of it."""
UNTOLD = ("wright",)
"""The rule set in them that begins again after an exclusion: from the fast path its sheet has no words."""


def election(draw: random.Random) -> tuple[Ballots, int]:
    """A small election, full of what is rare in large ones: ties, nobody's votes, papers that end early, as many
    seats as candidates, candidates who withdrew and are still on papers, everybody's papers alike, papers in a
    recorded order. Two in five are close: few papers of small numbers, often led by one of two candidates, so that
    who are equal now were not so before, and surpluses are equal. What it is full of is counted below."""
    size = draw.choice((1, 2, 3, 4, 4, 5, 5, 6, 7, 8, 17))
    few = draw.randint(1, max(1, size))
    named = draw.sample(range(size), max(few, size - draw.choice((0, 0, 1, 2))))
    papers: Counter[Ranking] = Counter()
    kinds = draw.choice((1, 3, 6, 12, 30))
    long = draw.random() < 0.3
    longest = draw.choice((1, 2, 3, 17, 17))
    close = draw.random() < 0.35
    if close:
        size = draw.choice((4, 5, 6, 7))
        named, kinds, long = list(range(size)), draw.randint(size, 4 * size), draw.random() < 0.7
    for at in range(kinds):
        length = len(named) if long else draw.randint(1, min(len(named), longest))
        number = draw.choice((1, 1, 1, 2)) if close else draw.choice((1, 1, 2, 3, 5, draw.randint(1, 400)))
        ranking = draw.sample(named, length)
        if close and draw.random() < 0.5:
            leading = at % 2
            ranking = [leading, *(one for one in ranking if one != leading)]
        papers[tuple(ranking)] += number
    seats = draw.choice((1, 2, 2, 3, 4) if close else (1, 2, 2, 3, 4, size, min(size + 1, SEATS_MAX)))
    withdrawn = (
        draw.sample(range(size), draw.randint(1, size - 1)) if size > 1 and draw.random() < 0.3 else []
    )
    counts = sorted(papers.items())
    order = [at for at, (_, number) in enumerate(counts) for _ in range(number)]
    draw.shuffle(order)
    kept = draw.random() < 0.5
    return Ballots(
        "ranks", TREES[:size], tuple((tuple((one,) for one in ranking), number) for ranking, number in counts),
        "random", methods.NO_FILE, withdrawn=tuple(TREES[one] for one in withdrawn),
        order=tuple(order) if kept else (),
    ), seats  # fmt: skip


def cleaned(ballots: Ballots, rules: Ruleset) -> Profile:
    """What the rule set counts of them."""
    profile = clean(ballots, rules).papers
    assert isinstance(profile, Profile)
    return profile


def kinds(ballots: Ballots, seats: int) -> set[str]:
    """What is rare in this election, seen in its papers and not in how it was made."""
    profile = cleaned(ballots, rulesets.load("scottish-stv"))
    first = Counter[int]()
    for paper in profile.papers:
        first[paper.ranking[0]] += paper.number
    gone = {ballots.candidates.index(name) for name in ballots.withdrawn}
    found = {
        "two equal": len(set(first.values())) < len(first),
        "nobody's votes": bool(profile.papers) and len(first) < len(profile.candidates),
        "withdrawn": any(gone & {one for rank in marks for one in rank or ()} for marks, _ in ballots.papers),
        "no paper left": not profile.papers,
        "all papers end": profile.valid > 1 and all(len(paper.ranking) == 1 for paper in profile.papers),
        "seats = candidates": seats == len(profile.candidates),
        "more seats": seats > len(profile.candidates),
        "one candidate": len(profile.candidates) == 1,
        "all papers alike": len(profile.papers) == 1 and profile.valid > 1,
        "recorded order": bool(profile.order),
    }
    return {name for name, is_so in found.items() if is_so}


def outcome(sheet: Sheet) -> dict[str, object]:
    """Everything of a sheet but its sentences."""
    return {
        "head": (sheet.ruleset, sheet.seats, sheet.candidates, sheet.valid, sheet.blank, sheet.invalid),
        "quota": sheet.quota,
        "places": sheet.places,
        "stages": [
            (
                stage.number, stage.part, stage.act, stage.tallies, stage.non_transferable, stage.rounding,
                stage.set_aside, stage.elected, sorted(stage.excluded),
            )
            for stage in sheet.stages
        ],
        "transfers": [flows(sheet, at) for at in range(len(sheet.stages))],
        "ties": [replace(tie, between=tuple(sorted(tie.between))) for tie in sheet.ties],
        "elected": (sheet.elected, sheet.vacant),
    }  # fmt: skip


def flows(sheet: Sheet, at: int) -> Counter[tuple[object, ...]]:
    """Papers and votes that went one way at one value, in any number of bundles."""
    found: Counter[tuple[object, ...]] = Counter()
    for one in sheet.stages[at].transfers:
        found[one.giver, one.heir, one.value, "papers"] += one.papers
        found[one.giver, one.heir, one.value, "votes"] += one.votes  # type: ignore[assignment]
    return +found


def compare(name: str, number: int) -> None:
    """So many random elections, the same for all rule sets."""
    draw = random.Random(20_070_503)
    rules = rulesets.load(name)
    for at in range(number):
        ballots, seats = election(draw)
        if rules.family == "rounds":
            seats = 1
        seed: str | None = f"seed {at}" if at % 10 else None
        profile = cleaned(ballots, rules)
        try:
            readable = methods.count(profile, rules, seats, draw=Draw(seed))
        except Refusal as reason:
            assert reason.code in ("count.tie", "count.order", "count.empty"), reason
            with pytest.raises(Refusal) as found:
                fast.count(profile, rules, seats, seed, methods.NO_FILE)
            assert str(found.value) == str(reason), f"{name}, election {at}"
            continue
        sheet = fast.count(profile, rules, seats, seed, methods.NO_FILE)
        assert sheet is not None, f"the fast path does not count by {name}"
        left, right = outcome(sheet), outcome(readable)
        for part, figures in right.items():
            assert left[part] == figures, f"{name}, election {at}, {seats} seats, {part}: {profile.papers}"
        if rules.family in TOLD and name not in UNTOLD:
            assert sheet == readable, f"{name}, election {at}, {seats} seats: {profile.papers}"
        assert check_papers(readable, sheet, "the other engine", f"seed {at}").verdict == "passed"


@pytest.mark.parametrize("name", BOTH)
def test_both_engines_give_the_same_sheet_for_some_random_elections(name: str) -> None:
    compare(name, 40)


@pytest.mark.slow
@pytest.mark.parametrize("name", BOTH)
def test_both_engines_give_the_same_sheet_for_200_random_elections(name: str) -> None:
    compare(name, 200)


@pytest.mark.slow
@pytest.mark.parametrize("name", BOTH)
def test_both_engines_give_the_same_sheet_for_10_000_random_elections(name: str) -> None:
    compare(name, NUMBER)


def test_every_rule_set_by_single_transferable_vote_is_counted_by_both() -> None:
    several = {"meek", "parcels", "stv", "whole"}
    assert {one.name for one in map(rulesets.load, rulesets.names()) if one.family in several} <= set(BOTH)


def test_the_random_elections_are_of_every_kind_that_is_rare() -> None:
    """Among the first 200 each kind occurs at least twice, and ties for exclusions, surpluses and the
    order are decided by lots, by the earliest difference and by the latest."""
    draw = random.Random(20_070_503)
    found: Counter[str] = Counter()
    rules = [rulesets.load(name) for name in ("scottish-stv", "australian-senate", "meek-nz")]
    for at in range(200):
        ballots, seats = election(draw)
        found.update(kinds(ballots, seats))
        for one in rules:
            profile = cleaned(ballots, one)
            if profile.papers:
                sheet = methods.count(profile, one, seats, draw=Draw(f"seed {at}"))
                found.update({f"{one.name}: {tie.purpose} by {tie.by}" for tie in sheet.ties})
    assert {kind: found[kind] for kind in (*KINDS, *TIES) if found[kind] < 2} == {}


@pytest.mark.slow
def test_among_the_10_000_the_total_surplus_ties_some_who_are_not_equal() -> None:
    draw = random.Random(20_070_503)
    rules = rulesets.load("meek-prf")
    found = 0
    for _ in range(NUMBER):
        ballots, seats = election(draw)
        profile = cleaned(ballots, rules)
        if profile.papers:
            sheet = methods.count(profile, rules, seats, draw=Draw("acorn"))
            found += any(unequal(sheet, tie) for tie in sheet.ties)
    assert found >= 10


def unequal(sheet: Sheet, tie: Tie) -> bool:
    """Whether those tied for an exclusion had not equal votes at the stage before."""
    votes = dict(zip(sheet.candidates, sheet.stages[tie.stage - 2].tallies, strict=True))
    return tie.purpose == "exclusion" and len({votes[one] for one in tie.between}) > 1


@pytest.mark.parametrize("name", BOTH)
def test_a_sheet_of_the_fast_path_has_words_or_says_that_it_has_none(name: str) -> None:
    rules = rulesets.load(name)
    profile = Profile.gather(("Ash", "Elm", "Oak"), {(0, 1): 10, (1,): 4, (2,): 3})
    sheet = fast.count(profile, rules, 1, "acorn", methods.NO_FILE)
    assert sheet is not None
    told = rules.family in TOLD and name not in UNTOLD
    assert all(bool(stage.says) == told for stage in sheet.stages)
    assert any("figures without sentences" in remark for remark in sheet.remarks) != told


def test_a_difference_between_the_engines_would_be_seen() -> None:
    profile = Profile.gather(("Ash", "Elm", "Oak"), {(0, 1): 10, (1,): 4, (2,): 3})
    scottish = rulesets.load("scottish-stv")
    sheets = [methods.count(profile, scottish, seats, draw=Draw("x")) for seats in (1, 2)]
    assert outcome(sheets[0])["stages"] != outcome(sheets[1])["stages"]
