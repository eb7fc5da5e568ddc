"""No rule set's bound calls certain what its own engine can be made to elect otherwise; exact ones are exact.

Small random elections, changed at random and by force, each counted by the engine of the rule set with every lot.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest
from tests.count.papers import TREES, of

from selectorate.count import methods, rulesets
from selectorate.count.ballots import FigureProfile
from selectorate.count.margin.bounds import Papers
from selectorate.count.margin.bounds import test_of as bound_of
from selectorate.count.margin.doubt import Doubt
from selectorate.count.margin.measure import certify_count, margin
from selectorate.count.margin.replay import Form, forms, with_forms
from selectorate.count.objects import Profile
from selectorate.count.ties import Draw, universes
from selectorate.errors import Refusal

EXACT = ("fptp", "approval", "block-vote", "score", "borda", "borda-average", "borda-dowdall")
SOUND = ("schulze", "ranked-pairs", "copeland", "minimax", "kemeny", "star", "majority-judgment",
         "majority-judgment-lower")  # fmt: skip
TOPS = {"approval": 1, "block-vote": 1, "fptp": 1, "score": 10, "star": 5}


def every_form(name: str, size: int) -> list[Form]:
    """Every paper that this rule set can have."""
    ruleset = rulesets.load(name)
    if ruleset.family in ("pairwise", "positions"):
        return [one for length in range(1, size + 1) for one in itertools.permutations(range(size), length)]
    top = TOPS.get(name, 3)
    steps = range(top + 1) if top < 5 else (0, 1, top // 2, top)
    found: list[Form] = [one for one in itertools.product(steps, repeat=size) if any(one)]
    if name == "fptp":
        return [one for one in found if sum(figure for figure in one if isinstance(figure, int)) == 1]
    if name == "block-vote":
        return [one for one in found if sum(figure for figure in one if isinstance(figure, int)) <= 2]
    return found


def papers_of(name: str, size: int, counts: dict[Form, int]) -> Papers:
    empty: Papers = Profile(TREES[:size], ())
    if rulesets.load(name).family not in ("pairwise", "positions"):
        grades = ("poor", "fair", "good", "fine") if name.startswith("majority") else ()
        empty = FigureProfile(TREES[:size], (), grades=grades)
    return with_forms(empty, counts)


def outcomes(papers: Papers, name: str, seats: int) -> list[frozenset[str]]:
    def run(draw: Draw) -> frozenset[str]:
        return frozenset(methods.count(papers, rulesets.load(name), seats, draw=draw).elected)

    return list(universes(run, 500))


def drawn(name: str, chance: random.Random) -> tuple[Papers, int, list[Form]]:
    """Papers of three candidates, or four, that elect without a lot."""
    while True:
        size = chance.choice((3, 3, 4))
        forms_ = every_form(name, size)
        counts = {
            one: chance.randint(1, 9) for one in chance.sample(forms_, min(len(forms_), chance.randint(2, 5)))
        }
        seats = 2 if name == "block-vote" else 1
        papers = papers_of(name, size, counts)
        if len(outcomes(papers, name, seats)) == 1:
            return papers, seats, forms_


def changes(papers: Papers, forms_: list[Form], doubt: Doubt, chance: random.Random) -> Iterator[Papers]:
    """Papers changed within the doubt: all of one form out, all of one form in, in many combinations."""
    base = dict(forms(papers))
    for _ in range(25):
        counts, put = dict(base), chance.choice(forms_)
        removed = min(doubt.removed, doubt.most)
        if chance.random() < 0.5:
            removed = chance.randint(0, removed)
        added = min(doubt.added, doubt.most - removed)
        for one in chance.sample(list(base), len(base)):
            taken = min(counts[one], removed)
            counts[one] -= taken
            removed -= taken
        counts[put] = counts.get(put, 0) + added
        if any(counts.values()):
            yield with_forms(papers, counts)


@pytest.mark.parametrize("name", ["fptp", "borda", "schulze", "star", "majority-judgment"])
def test_two_small_elections_keep_who_is_certain(name: str) -> None:
    tried(name, 2)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*EXACT, *SOUND])
def test_nothing_within_a_certain_doubt_elects_anybody_else(name: str) -> None:
    assert tried(name, 14) > 8


def tried(name: str, rounds: int) -> int:
    """How many doubts were certain in so many random elections, each tried by many changes."""
    chance = random.Random(f"bounds {name}")
    certain = 0
    for _ in range(rounds):
        papers, seats, forms_ = drawn(name, chance)
        sheet = methods.count(papers, rulesets.load(name), seats, draw=Draw("acorn"))
        test = bound_of(papers, rulesets.load(name), seats, sheet)
        assert test is not None
        for k in (1, 2, 3, 5):
            for doubt in (Doubt.of(k), Doubt(k, 0, k), Doubt(0, k, k), Doubt(k, k, 2 * k)):
                if test.certain(doubt) is not None:
                    continue
                certain += 1
                for changed in changes(papers, forms_, doubt, chance):
                    found = outcomes(changed, name, seats)
                    assert set(found) == {frozenset(sheet.elected)}, (papers, doubt, changed)
    return certain


@pytest.mark.slow
@pytest.mark.parametrize("name", EXACT)
def test_an_exact_margin_is_reached_by_an_example(name: str) -> None:
    """The engine itself elects others, or needs a lot, with as many papers as the margin says."""
    chance = random.Random(f"exact {name}")
    for _ in range(5):
        papers, seats, forms_ = drawn(name, chance)
        found = margin(papers, rulesets.load(name), seats)
        assert found.exact
        assert found.margin.additions is not None
        size = found.margin.additions.lower
        base = dict(forms(papers))
        turned = [
            one
            for one in forms_
            if set(outcomes(with_forms(papers, base | {one: base.get(one, 0) + size}), name, seats))
            != {frozenset(found.winners)}
        ]
        assert turned, (papers, size)


def test_a_condorcet_winner_keeps_the_seat_up_to_the_smallest_lead() -> None:
    """A beats B by 13 to 8 and C by 12 to 9. Three papers make A and C equal, two do not: two are certain in every
    method that elects whoever beats everybody."""
    papers = of("12 ABC, 1 CAB, 8 CBA")
    for name in ("schulze", "ranked-pairs", "minimax", "copeland", "kemeny"):
        sheet = methods.count(papers, rulesets.load(name), draw=Draw("acorn"))
        test = bound_of(papers, rulesets.load(name), 1, sheet)
        assert test is not None
        assert sheet.elected == ("Alder",)
        assert test.certain(Doubt.of(2)) is None


def test_the_sentence_names_both_numbers_and_an_example_lies_within_the_doubts() -> None:
    papers = of("40 A, 31 BC, 29 CA")
    found = certify_count(papers, rulesets.load("irv"), 1, 3, 2)
    assert found.verdict == "could change"
    assert "3 papers taken out and 2 put in" in found.because
    assert found.example is not None
    assert sum(number for _, number in found.example["remove"]) <= 3
    assert sum(number for _, number in found.example["add"]) <= 2
    assert found.example["elected"] != ["Alder"]
    safe = certify_count(of("40 A, 3 B"), rulesets.load("irv"), 1, 3, 2)
    assert (safe.verdict, safe.lower, safe.upper) == ("certified", 36, 37)
    assert "3 papers taken out and 2 put in" in safe.because


def test_what_has_no_bound_is_unknown_and_a_change_found_is_shown() -> None:
    """Equal shares has no test here: nothing is certified but doubts of nothing."""
    papers = papers_of("equal-shares", 3, {(1, 0, 0): 40, (0, 1, 0): 31, (0, 0, 1): 9})
    rules = rulesets.load("equal-shares")
    assert certify_count(papers, rules, 1, 0, 0).verdict == "certified"
    small = certify_count(papers, rules, 1, 1, 0)
    assert small.verdict == "unknown"
    assert small.upper is not None
    large = certify_count(papers, rules, 1, 40, 40)
    assert large.verdict == "could change"


def test_a_negative_number_of_doubts_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        certify_count(of("3 A, 1 B"), rulesets.load("irv"), 1, -1, 0)
    assert refused.value.code == "count.doubts"


def test_scottish_counts_are_certified_beyond_the_reported_path() -> None:
    """34 A is exactly the quota of 100 papers; the same-path bound is 0, and yet A and B cannot lose for 5 papers."""
    found = certify_count(of("34 A, 48 B, 8 C, 10 DA"), rulesets.load("scottish-stv"), 2, 3, 2)
    assert found.verdict == "certified"
    assert found.lower >= 5
    assert found.upper is None or found.upper > found.lower


def test_the_reference_rule_is_certified_as_the_scottish_one_is() -> None:
    """The same papers, quota 33.3334 of 100: A at 34 is elected or nearly so, and neither A nor B can lose."""
    papers = of("34 A, 48 B, 8 C, 10 DA")
    found = certify_count(papers, rulesets.load("wigm-prf"), 2, 3, 2)
    assert found.verdict == "certified"
    shaken = random.Random(3)
    for _ in range(40):
        changed = dict(forms(papers))
        for one in shaken.sample(list(changed), 2):
            changed[one] -= min(changed[one], 1)
        put: Form = tuple(shaken.sample(range(4), 2))
        changed[put] = changed.get(put, 0) + 2
        assert set(outcomes(with_forms(papers, changed), "wigm-prf", 2)) == {frozenset(("Alder", "Beech"))}
