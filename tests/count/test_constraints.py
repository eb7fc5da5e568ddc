"""Places for groups: guard and doom against every completion, a published argument, hand counts, random elections."""

from __future__ import annotations

import random
import time
from itertools import combinations

import pytest
from tests.thinned import thinned

from selectorate.count import methods, rulesets
from selectorate.count.constraints import (
    BY_BOUNDS,
    KEPT,
    Constraints,
    Group,
    because_of,
    conflict,
    feasible,
    standing,
)
from selectorate.count.constraints.read import read_groups
from selectorate.count.objects import Profile, Sheet
from selectorate.count.ties import Draw
from selectorate.errors import Refusal

TREES = ("Alder", "Ash", "Beech", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Holly", "Larch")
RULE_SETS = [name for name in rulesets.names() if rulesets.load(name).family in methods.CONSTRAINED]


def within(constraints: Constraints, elected: tuple[str, ...]) -> bool:
    return all(
        group.minimum <= len(set(elected) & set(group.candidates)) <= group.maximum
        for group in constraints.groups
    )


def random_groups(rng: random.Random, names: tuple[str, ...], seats: int, groups: int) -> Constraints:
    made = []
    for name in "ABCD"[:groups]:
        inside = tuple(one for one in names if rng.random() < 0.5)
        minimum = rng.randint(0, min(seats, 2))
        made.append(Group(name, inside, minimum, rng.randint(minimum, max(minimum, seats - 1))))
    return Constraints(tuple(made))


def test_guarded_and_doomed_are_what_all_completions_written_out_say() -> None:
    rng = random.Random(1998)
    for _ in range(400):
        names = TREES[: rng.randint(2, 9)]
        seats = rng.randint(1, len(names))
        bounds = random_groups(rng, names, seats, rng.randint(1, 4))
        mixed = rng.sample(names, len(names))
        elected = tuple(mixed[: rng.randint(0, min(2, seats))])
        hopeful = tuple(mixed[len(elected) + rng.randint(0, 1) :])
        free = seats - len(elected)
        if free > len(hopeful):
            continue
        ways = [set(some) for some in combinations(hopeful, free) if within(bounds, (*elected, *some))]
        found = standing(bounds, elected, hopeful, free)
        assert feasible(bounds, elected, hopeful, free) == bool(ways)
        assert found.doomed == {one for one in hopeful if not any(one in way for way in ways)}
        assert found.guarded == {one for one in hopeful if all(one in way for way in ways)}


def test_the_order_of_candidates_and_groups_says_nothing() -> None:
    one = Constraints((Group("A", ("Ash", "Elm"), 1, 1), Group("B", ("Fir", "Elm"), 1, 2)))
    other = Constraints((Group("B", ("Elm", "Fir"), 1, 2), Group("A", ("Elm", "Ash"), 1, 1)))
    names = ("Ash", "Elm", "Fir", "Oak")
    assert standing(one, (), names, 2) == standing(other, (), names[::-1], 2)


def hills_case() -> tuple[Constraints, tuple[str, ...], tuple[str, ...]]:
    """14 places: 7 of E, 6 of S, 1 of W, and 7 of M, 7 of F. Three of E and M are elected, none of S; of the S and
    F two are left. Hill's argument (Voting matters 9, quoted in 13): then at least 4 of S and M are needed, which
    with the 3 makes the 7 of M: so exactly 4, the two of S and F are guarded, and others of M are doomed."""
    numbers = {"EM": 5, "EF": 7, "SM": 6, "SF": 2, "WM": 1, "WF": 1}
    names = {kind: [f"{kind}{at}" for at in range(number)] for kind, number in numbers.items()}
    groups = [("E", 7), ("S", 6), ("W", 1), ("M", 7), ("F", 7)]
    bounds = Constraints(
        tuple(
            Group(
                letter, tuple(one for kind in names if letter in kind for one in names[kind]), places, places
            )
            for letter, places in groups
        )
    )
    elected = tuple(names["EM"][:3])
    return bounds, elected, tuple(one for kind in names.values() for one in kind if one not in elected)


def test_hills_example_with_two_sets_of_groups_guards_and_dooms_as_he_argues() -> None:
    bounds, elected, hopeful = hills_case()
    found = standing(bounds, elected, hopeful, 11)
    assert {one for one in hopeful if one.startswith(("SF", "WF"))} == found.guarded
    assert {one for one in hopeful if one.startswith(("EM", "WM"))} == found.doomed


def test_forty_candidates_in_four_overlapping_groups_are_not_tried_set_by_set() -> None:
    rng = random.Random(40)
    names = tuple(f"Candidate {at}" for at in range(40))
    slowest = 0.0
    for _ in range(5):
        bounds = Constraints(tuple(Group(name, tuple(rng.sample(names, 18)), 5, 6) for name in "ABCD"))
        start = time.process_time()
        standing(bounds, (), names, 12)
        slowest = max(slowest, time.process_time() - start)
    assert slowest < 20  # all sets of 12 among 40 would take years


def test_the_bound_that_dooms_is_named() -> None:
    bounds = Constraints((Group("A", ("Ash", "Elm"), 0, 1), Group("B", ("Fir",), 0, 1)))
    by = because_of(bounds, ["Ash"], ["Elm", "Fir"], 1, "Elm", doomed=True)
    assert [group.name for group in by] == ["A"]


def counted(rules: str, papers: dict[str, int], seats: int, *groups: Group) -> Sheet:
    names = tuple(sorted({name for text in papers for name in text.split()}))
    counts = {tuple(names.index(name) for name in text.split()): n for text, n in papers.items()}
    profile = Profile.gather(names, counts)
    return methods.count(
        profile, rulesets.load(rules), seats, draw=Draw("acorn"), constraints=Constraints(groups)
    )


PAPERS = {"Ash Elm Fir": 40, "Elm Fir": 32, "Fir Oak": 15, "Oak Fir": 12}
"""99 papers, 2 seats, quota 34. Without bounds: Ash (40) is elected, surplus 6 to Elm, who has 38 and the second."""


def test_a_maximum_keeps_out_who_has_the_quota_worked_by_hand() -> None:
    """At most one of Ash and Elm. Ash is elected at once, and Elm doomed. Elm goes out before Ash's surplus moves:
    32 papers to Fir, 47 in all, above the quota of 34."""
    free = counted("scottish-stv", PAPERS, 2)
    bound = counted("scottish-stv", PAPERS, 2, Group("A", ("Ash", "Elm"), 0, 1))
    assert free.elected == ("Ash", "Elm")
    assert bound.elected == ("Ash", "Fir")
    assert [stage.act for stage in bound.stages] == ["first preferences", "exclude Elm"]
    assert bound.stages[1].tallies == (4000000, 0, 4700000, 1200000)
    assert "Elm is doomed" in bound.stages[0].says
    assert "at most 1 for group A" in bound.stages[0].says
    assert "Elm is doomed by the bounds" in bound.stages[1].says


def test_a_minimum_guards_the_lowest_worked_by_hand() -> None:
    """At least one of Oak. Oak is guarded from the start, so with the other seat Ash's all others are doomed. They go
    out one by one, the fewest first: Fir (15, to Oak: 27), then Oak is left alone and elected."""
    bound = counted("scottish-stv", PAPERS, 2, Group("A", ("Oak",), 1, 1))
    assert bound.elected == ("Ash", "Oak")
    assert "Oak is guarded" in bound.stages[0].says
    assert bound.stages[1].excluded == ("Fir",)


def test_two_at_the_quota_together_never_break_a_maximum() -> None:
    """100 papers, 2 seats, quota 34: Ash 45 and Elm 40 both have it; group A has one place. Only Ash is elected."""
    for rules in RULE_SETS:
        sheet = counted(
            rules, {"Ash Elm Oak": 45, "Elm Ash Oak": 40, "Oak": 15}, 2, Group("A", ("Ash", "Elm"), 0, 1)
        )
        assert set(sheet.elected) == {"Ash", "Oak"}, rules


def test_bounds_that_cannot_be_met_are_refused_before_the_count() -> None:
    groups = (Group("A", ("Ash",), 1, 1), Group("B", ("Elm",), 1, 1), Group("C", ("Fir",), 0, 1))
    with pytest.raises(Refusal, match=r"exactly 1 for group A and exactly 1 for group B"):
        counted("scottish-stv", PAPERS, 1, *groups)


def test_groups_of_people_who_do_not_stand_and_rules_without_groups_are_refused() -> None:
    with pytest.raises(Refusal, match="Yew, who does not stand"):
        counted("scottish-stv", PAPERS, 2, Group("A", ("Yew",), 0, 1))
    with pytest.raises(Refusal, match="2 places at least and 1 at most"):
        Group("A", ("Yew",), 2, 1)
    with pytest.raises(Refusal, match="without regard to groups"):
        counted("borda", PAPERS, 2, Group("A", ("Ash",), 0, 1))


def a_random_election(rng: random.Random) -> tuple[Profile, int, Constraints]:
    names = TREES[: rng.randint(3, 9)]
    seats = rng.randint(1, len(names) - 1)
    counts: dict[tuple[int, ...], int] = {}
    for _ in range(rng.randint(5, 25)):
        ranking = tuple(rng.sample(range(len(names)), rng.randint(1, len(names))))
        counts[ranking] = counts.get(ranking, 0) + rng.choice((1, 2, 3, 7, 20))
    while True:
        bounds = random_groups(rng, names, seats, rng.randint(1, 4))
        if feasible(bounds, (), names, seats):
            return Profile.gather(names, counts), seats, bounds


def told(sheet: Sheet) -> list[object]:
    """What happened, without the order in which candidates are listed."""
    return [
        (stage.act, stage.elected, sorted(zip(sheet.candidates, stage.tallies, strict=True)), stage.excluded)
        for stage in sheet.stages
    ]


@pytest.mark.parametrize("rules", thinned(RULE_SETS, 3))
def test_the_elected_keep_all_bounds_whatever_the_order_of_candidates(rules: str) -> None:
    rng = random.Random(f"{rules}|2001")
    ruleset = rulesets.load(rules)
    for _ in range(25):
        profile, seats, bounds = a_random_election(rng)
        sheet = methods.count(profile, ruleset, seats, draw=Draw("acorn"), constraints=bounds)
        assert len(set(sheet.elected)) == seats
        assert within(bounds, sheet.elected), (bounds, sheet)
        last = {
            stage.number: sum(stage.tallies) + stage.non_transferable + stage.rounding + stage.set_aside
            for stage in sheet.stages
        }
        assert rules == "wright" or len(set(last.values())) == 1
        order = rng.sample(range(len(profile.candidates)), len(profile.candidates))
        turned = Profile.gather(
            tuple(profile.candidates[one] for one in order),
            {tuple(order.index(one) for one in ranking): n for ranking, n in profile.counts().items()},
        )
        again = methods.count(turned, ruleset, seats, draw=Draw("acorn"), constraints=bounds)
        if rules != "meek-nz":  # its pseudo-random numbers go by the order of the candidates, by the law
            assert again.elected == sheet.elected
            assert told(again) == told(sheet)


@pytest.mark.parametrize("rules", RULE_SETS)
def test_bounds_that_bind_nobody_change_nothing_but_a_remark(rules: str) -> None:
    rng = random.Random(f"{rules}|free")
    ruleset = rulesets.load(rules)
    for _ in range(8):
        profile, seats, _ = a_random_election(rng)
        wide = Constraints((Group("A", profile.candidates[:3], 0, 3),))
        free = methods.count(profile, ruleset, seats, draw=Draw("acorn"))
        bound = methods.count(profile, ruleset, seats, draw=Draw("acorn"), constraints=wide)
        assert bound.to_json() == free.to_json()
        assert bound.remarks[:-1] == free.remarks


def test_who_goes_out_by_the_bounds_goes_by_a_clause_of_the_contest_and_others_by_the_rule_set_s() -> None:
    """At most one of Ash and Elm: Elm is doomed, at stage 2. Without bounds Oak has fewest and goes out."""
    for rules in RULE_SETS:
        doomed = counted(rules, PAPERS, 2, Group("A", ("Ash", "Elm"), 0, 1))
        clauses = [stage.clause for stage in doomed.stages if "Elm" in stage.excluded]
        assert [one.startswith(f"{BY_BOUNDS}; ") for one in clauses] == [True], rules
        free = counted(rules, PAPERS, 1)
        assert any(stage.excluded for stage in free.stages), rules
        assert not any(BY_BOUNDS in stage.clause for stage in free.stages), rules


def test_a_shortage_waives_as_much_of_a_bound_as_all_committees_written_out_say() -> None:
    """Each group alone: of all committees of the size, the one that comes nearest to the bound."""
    chance, waived = random.Random("shortage"), 0
    for _ in range(400):
        standing = TREES[: chance.randint(1, 6)]
        seats = chance.randint(1, 4)
        inside = tuple(name for name in standing if chance.random() < 0.5)
        least = chance.randint(0, seats)
        group = Group("A", inside, least, chance.randint(least, 4))
        fitted, said = Constraints((group,), waives=True).fitted(standing, seats)
        has = [
            sum(one in inside for one in some) for some in combinations(standing, min(seats, len(standing)))
        ]
        kept = fitted.groups[0]
        if group.minimum <= min(seats, len(standing)):
            assert kept.minimum == min(group.minimum, max(has))
        assert kept.maximum == max(group.maximum, min(has))
        assert len(said) == (kept.minimum < group.minimum) + (kept.maximum > group.maximum)
        assert conflict(fitted, (), standing, seats) == ()
        assert Constraints((group,)).fitted(standing, seats) == (Constraints((group,)), ())
        waived += len(said)
    assert waived > 100


def test_a_bound_waived_for_want_of_nominees_stands_on_the_sheet() -> None:
    """Two places for group B, of whom only Oak stands: one is kept, and Oak is elected with 12 votes of 99. One
    place for group D, Elm, Fir and Oak: with 3 seats and only Ash outside it, two of its members must sit."""
    text = 'shortage = "waives"\n[B]\ncandidates = ["Oak"]\nmin = 2\n'
    text += '[D]\ncandidates = ["Elm", "Fir", "Oak"]\nmax = 1\n'
    names = ("Ash", "Elm", "Fir", "Oak")
    profile = Profile.gather(names, {tuple(map(names.index, k.split())): n for k, n in PAPERS.items()})
    sheet = methods.count(
        profile, rulesets.load("scottish-stv"), 3, draw=Draw("acorn"), constraints=read_groups(text.encode())
    )
    assert sheet.remarks[-3:] == (
        f"{KEPT}: at least 1 and at most 2 for group B; at most 2 for group D.",
        "Of group B only 1 stands: the minimum of 2 places is waived: at least 1.",
        "Outside group D only 1 stands: the maximum of 1 place is waived: at most 2.",
    )
    assert "Oak" in sheet.elected
    stops = read_groups(text.replace("waives", "stops").encode())
    with pytest.raises(Refusal, match="nobody could meet exactly 2 for group B"):
        methods.count(profile, rulesets.load("scottish-stv"), 3, draw=Draw("acorn"), constraints=stops)


def test_more_places_than_seats_are_no_shortage() -> None:
    group = Group("A", ("Ash", "Elm", "Fir"), 3, 3)
    fitted, said = Constraints((group,), waives=True).fitted(("Ash", "Elm", "Fir", "Oak"), 2)
    assert (fitted.groups, said) == ((group,), ())
    with pytest.raises(Refusal, match="nobody could meet exactly 3 for group A"):
        fitted.demand_possible(("Ash", "Elm", "Fir", "Oak"), 2)


def test_groups_are_read_from_toml_and_what_is_wrong_is_said() -> None:
    assert read_groups(b'[shortage]\ncandidates = ["Elm"]\n').groups[0].name == "shortage"
    for wrong in (b'shortage = "waives"', b'shortage = "ask"\n[A]\ncandidates = ["Ash"]', b"shortage = true"):
        with pytest.raises(Refusal):
            read_groups(wrong)
    read = read_groups(b'[B]\ncandidates = ["Elm"]\nmin = 1\n[A]\ncandidates = ["Ash", "Elm"]\nmax = 1\n')
    assert read.groups == (Group("A", ("Ash", "Elm"), 0, 1), Group("B", ("Elm",), 1, 1))
    for wrong in (b"", b"[A", b"\xff", b"A = 1", b"[A]\nmin = 1", b'[A]\ncandidates = ["Ash"]\nmin = 1.0'):
        with pytest.raises(Refusal) as refused:
            read_groups(wrong)
        assert refused.value.code == "count.constraints"
