"""No bound of any rule set calls certain what that rule set's own engine can be made to elect otherwise.

Tiny random elections with every change of one or two papers, changes as large as the bound at random, and elections
made for the faults that random ones do not show. Every outcome of lots is counted; a tie that decides is a change.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.count.papers import TREES, of
from tests.count.test_margin import DIRECTED

from selectorate.count import methods, rulesets
from selectorate.count.ballots import FigureProfile, Sheaf, SheafProfile
from selectorate.count.margin.bounds import Papers, eliminates
from selectorate.count.margin.bounds import Test as Bound
from selectorate.count.margin.bounds import test_of as bound_of
from selectorate.count.margin.doubt import Doubt
from selectorate.count.margin.measure import margin
from selectorate.count.margin.replay import Form, with_forms
from selectorate.count.objects import Profile
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw, universes

ONE_SEAT = ("rounds", "runoff", "bucklin", "pairwise", "grades")
FIGURES = ("points", "committee", "grades")
NOTHING = ("equal-shares", "irv-units-capped")
"""Rule sets without a bound: the manual says so."""
ORDERED = ("cambridge-stv", "ireland")
BY_UNITS = ("irv-units", "irv-sections")
BOUND = [name for name in rulesets.names() if name not in (*NOTHING, *BY_UNITS)]
TRANSFERS = [name for name in BOUND if rulesets.load(name).family in ("meek", "parcels", "stv", "whole")]


def every_form(ruleset: Ruleset, size: int, seats: int) -> list[Form]:
    """Every paper that the rule set can have, scores in a few steps."""
    if ruleset.family not in FIGURES:
        return [one for length in range(1, size + 1) for one in itertools.permutations(range(size), length)]
    if ruleset.name == "score-average":
        return [one for one in itertools.product((None, 0, 4, 10), repeat=size) if any(one)]
    highest = ruleset["highest"] if ruleset.family == "points" else 1
    top = highest if isinstance(highest, int) else 1
    steps = (0, 1, 2, 3) if ruleset.family == "grades" else (0, 1) if top == 1 else (0, top // 2, top)
    most = {"fptp": 1, "sntv": 1, "block-vote": seats, "limited-vote": max(1, seats - 1), "cumulative": seats}
    return [
        one
        for one in itertools.product(steps, repeat=size)
        if any(one) and sum(one) <= most.get(ruleset.name, 99)
    ]


def papers_of(ruleset: Ruleset, size: int, counts: dict[Form, int]) -> Papers:
    empty: Papers = Profile(TREES[:size], ())
    if ruleset.family in FIGURES:
        grades = ("poor", "fair", "good", "fine") if ruleset.family == "grades" else ()
        empty = FigureProfile(TREES[:size], (), grades=grades)
    return with_forms(empty, counts)


def outcomes(papers: Papers, ruleset: Ruleset, seats: int) -> set[frozenset[str]]:
    """Who is elected, whatever the lots; where papers lie in a drawn order, in several of them."""

    def run(draw: Draw) -> frozenset[str]:
        return frozenset(methods.count(papers, ruleset, seats, draw=draw).elected)

    if ruleset.name in ORDERED:
        return {run(Draw(seed)) for seed in ("acorn", "beechmast", "cone", "date")}
    return set(universes(run, 2000))


def drawn(
    ruleset: Ruleset, chance: random.Random, sizes: tuple[int, ...]
) -> tuple[dict[Form, int], int, int]:
    """Papers with one outcome: counts, candidates, seats."""
    while True:
        size = chance.choice(sizes)
        single = ruleset.family in ONE_SEAT or (ruleset.family == "points" and ruleset["fills"] == "one seat")
        seats = 1 if single else chance.choice((1, 2, 2))
        forms = every_form(ruleset, size, seats)
        counts = {
            one: chance.choice((1, 2, 4, 7, 11, 16, 23))
            for one in chance.sample(forms, min(len(forms), chance.randint(2, 6)))
        }
        if len(outcomes(papers_of(ruleset, size, counts), ruleset, seats)) == 1:
            return counts, size, seats


def bound_for(papers: Papers, ruleset: Ruleset, seats: int) -> Bound | None:
    return bound_of(papers, ruleset, seats, methods.count(papers, ruleset, seats, draw=Draw("acorn")))


def largest(test: Bound, top: int) -> int:
    size = 0
    while size < top and test.certain(Doubt.of(size + 1)) is None:
        size += 1
    return size


def every_change(counts: dict[Form, int], forms: list[Form], most: int) -> Iterator[dict[Form, int]]:
    """All ways to take out and put in so many papers together."""
    for removed in range(most + 1):
        for out in itertools.combinations_with_replacement(sorted(counts, key=str), removed):
            left = dict(counts)
            for one in out:
                left[one] -= 1
            if min(left.values()) < 0 or not any(left.values()):
                continue
            for put in itertools.combinations_with_replacement(forms, most - removed):
                after = dict(left)
                for one in put:
                    after[one] = after.get(one, 0) + 1
                yield after


def some_changes(
    counts: dict[Form, int], forms: list[Form], most: int, number: int, chance: random.Random
) -> Iterator[dict[Form, int]]:
    """Large changes that push one way: out of few kinds, in of one or two."""
    for _ in range(number):
        after, left = dict(counts), chance.randint(0, most)
        put = most - left
        for one in chance.sample(sorted(counts, key=str), len(counts)):
            taken = min(after[one], left)
            after[one] -= taken
            left -= taken
        first, second = chance.choice(forms), chance.choice(forms)
        part = chance.choice((0, 0, put // 2))
        after[first] = after.get(first, 0) + put - part
        after[second] = after.get(second, 0) + part
        if any(after.values()):
            yield after


def nothing_is_false(name: str, elections: int, seed: str, all_of: int) -> int:
    """How many changed elections were counted; fails on one that elects others. all_of: every change up to this."""
    ruleset, chance, tried = rulesets.load(name), random.Random(f"{seed} {name}"), 0
    sure = 0
    for _ in range(elections):
        counts, size, seats = drawn(ruleset, chance, (3, 3, 4))
        papers = papers_of(ruleset, size, counts)
        if eliminates(papers, ruleset) is not None:
            return -1  # exact, compared with brute force elsewhere
        test = bound_for(papers, ruleset, seats)
        assert test is not None
        bound = largest(test, 30)
        if not bound:
            continue
        sure += 1
        elected, forms = outcomes(papers, ruleset, seats), every_form(ruleset, size, seats)
        whole = min(bound, all_of if size == 3 and len(forms) < 30 else 1)
        for after in itertools.chain(
            every_change(counts, forms, whole) if whole else (),
            some_changes(counts, forms, bound, 12, chance),
        ):
            tried += 1
            changed = papers_of(ruleset, size, after)
            assert outcomes(changed, ruleset, seats) == elected, (name, seats, counts, bound, after)
    assert sure or elections < 5
    return tried


@pytest.mark.parametrize(
    "name", ["ers97", "meek-nz", "contingent-vote", "bucklin", "coombs", "smith-irv", "sequential-pav"]
)
def test_a_few_small_elections_keep_who_is_certain(name: str) -> None:
    assert nothing_is_false(name, 4, "few", 1) >= 0


@pytest.mark.slow
@pytest.mark.parametrize("name", BOUND)
def test_no_change_within_any_bound_elects_anybody_else(name: str) -> None:
    tried = nothing_is_false(name, 40, "many", 2)
    assert tried == -1 or tried > 500


@pytest.mark.slow
@pytest.mark.parametrize("name", TRANSFERS)
@pytest.mark.parametrize(("papers", "seats", "_"), DIRECTED)
def test_the_order_of_surpluses_and_elections_inside_a_block_hide_nothing(
    name: str, papers: str, seats: int, _: int | None
) -> None:
    ruleset, profile = rulesets.load(name), of(papers)
    elected = outcomes(profile, ruleset, seats)
    if len(elected) > 1:
        return
    test = bound_for(profile, ruleset, seats)
    assert test is not None
    bound, chance = largest(test, 40), random.Random(f"{name} {papers}")
    size = len(profile.candidates)
    forms: list[Form] = [one for one in every_form(ruleset, size, seats) if len(one) in (1, 2, size)]
    base: dict[Form, int] = dict(profile.counts())
    for after in some_changes(base, forms, bound, 60, chance) if bound else ():
        assert outcomes(papers_of(ruleset, size, after), ruleset, seats) == elected, (bound, after)


def test_three_who_could_tie_for_the_second_round_are_all_looked_at() -> None:
    """Supplementary vote, 20 A, 10 B, 10 CB, 10 DC: three are second together and go on with A, 20 to 10 each. Two more
    for B, and B alone goes on: 12 and 10 second preferences of C's, 22 to A's 20. So no bound may reach 2."""
    ruleset = rulesets.load("supplementary-vote")
    papers = of("20 A, 10 B, 10 CB, 10 DC")
    assert outcomes(papers, ruleset, 1) == {frozenset({"Alder"})}
    assert outcomes(of("20 A, 12 B, 10 CB, 10 DC"), ruleset, 1) == {frozenset({"Beech"})}
    test = bound_for(papers, ruleset, 1)
    assert test is not None
    assert largest(test, 5) < 2


def test_several_who_go_out_together_are_followed() -> None:
    """C, D and E have 9, 8 and 7 votes, together 24, fewer than B's 30, and go out as one. D's and E's papers go to B,
    so B has 45 in the end; C with all five papers in doubt has 14."""
    papers = of("40 A, 30 B, 9 CA, 8 DB, 7 EB")
    for name in ("ers97", "ers76", "northern-ireland", "minneapolis-stv"):
        ruleset = rulesets.load(name)
        elected = outcomes(papers, ruleset, 2)
        assert elected == {frozenset({"Alder", "Beech"})}
        test = bound_for(papers, ruleset, 2)
        assert test is not None
        assert largest(test, 40) >= 5


def test_who_leads_every_other_on_first_preferences_is_certain_by_every_transfer() -> None:
    """30 A, 30 B, 4 C, 2 D for two seats: A and B lead C and D by 26 at least, for no paper names anybody else. Twenty
    put in for C leave it with 24; no rule of transfers can elect C."""
    papers = of("30 A, 30 B, 4 C, 2 D")
    for name in TRANSFERS:
        ruleset = rulesets.load(name)
        test = bound_for(papers, ruleset, 2)
        assert test is not None
        assert largest(test, 60) >= 20, name
        assert largest(test, 60) < 27, name  # 27 for C alone: 31 votes, and the others 30 each


def test_a_circle_of_three_is_counted_by_every_group_that_could_be_the_smallest() -> None:
    """A over B by 4, B over C by 6, C over A by 2: with two papers fewer for C over A that comparison is drawn, with
    three A beats both. Elimination among the three: A 10, B 9, C 8: C goes out, A over B."""
    papers = of("10 ABC, 9 BCA, 8 CAB")
    ruleset = rulesets.load("smith-irv")
    assert outcomes(papers, ruleset, 1) == {frozenset({"Alder"})}
    test = bound_for(papers, ruleset, 1)
    assert test is not None
    bound = largest(test, 10)
    base: dict[Form, int] = dict(papers.counts())
    for after in every_change(base, every_form(ruleset, 3, 1), min(bound, 2)):
        assert outcomes(papers_of(ruleset, 3, after), ruleset, 1) == {frozenset({"Alder"})}
    # One paper from B's to C's: 10, 8, 9, and B goes out: C over A by 17 to 10.
    assert outcomes(of("10 ABC, 8 BCA, 9 CAB"), ruleset, 1) != {frozenset({"Alder"})}
    assert bound < 2


@pytest.mark.slow
@pytest.mark.parametrize("name", BY_UNITS)
def test_units_of_different_size_are_bounded_by_the_dearest_paper(name: str) -> None:
    """The same points for a unit of few papers as for one of many: a paper of the small one moves far more."""
    ruleset, chance = rulesets.load(name), random.Random(9)
    tried = 0
    for _ in range(20):
        sheaves = {
            (ranking, unit): chance.randint(1, 12 if unit == "Upper" else 60)
            for unit in ("Upper", "Lower")
            for ranking in chance.sample(list(itertools.permutations(range(3))), 2)
        }

        def made(counts: dict[tuple[Form, str], int]) -> SheafProfile:
            rows = sorted(counts.items(), key=str)
            papers = tuple(Sheaf(ranking, number, unit) for (ranking, unit), number in rows if number)  # type: ignore[arg-type]
            return SheafProfile(TREES[:3], papers, points=(("Lower", 100), ("Upper", 50)))

        elected = outcomes(made(sheaves), ruleset, 1)  # type: ignore[arg-type]
        if len(elected) > 1:
            continue
        test = bound_for(made(sheaves), ruleset, 1)  # type: ignore[arg-type]
        assert test is not None
        bound = min(largest(test, 12), 12)
        for size in range(1, bound + 1):
            for unit in ("Upper", "Lower"):
                for out, put in itertools.product(sorted(sheaves, key=str), itertools.permutations(range(3))):
                    removed = min(sheaves[out], chance.randint(0, size))
                    after = dict(sheaves)
                    after[out] -= removed
                    after[put, unit] = after.get((put, unit), 0) + size - removed
                    if any(after.values()):
                        tried += 1
                        assert outcomes(made(after), ruleset, 1) == elected, (sheaves, bound, after)  # type: ignore[arg-type]
    assert tried > 100


def test_where_a_second_ballot_is_needed_it_is_said_how_many_papers_would_spare_it() -> None:
    """40 A, 35 B, 25 C: nobody has more than half of 100. 21 put in for A make 61 of 121, more than half; 20 make 60 of
    120, which is not. It is proved for as many as keep C behind B: 9, for 10 could make them equal."""
    found = margin(of("40 A, 35 B, 25 C"), rulesets.load("two-round"))
    assert found.winners == ()
    assert found.margin.additions is not None
    assert (found.margin.additions.lower, found.margin.additions.upper) == (10, 21)


def test_the_manual_says_of_every_rule_set_what_is_proved() -> None:
    """Its table lists each rule set, under "nothing" those without a test here, under "exact" those that are."""
    page = (Path(__file__).parents[2] / "docs" / "manual" / "count.md").read_text()
    section = page.partition("## How firm a result is")[2].partition("\n## ")[0]
    rows = {
        line.partition("**")[2].partition("**")[0]: line for line in section.splitlines() if "| **" in line
    }
    listed = {kind: set(re.findall(r"`([a-z0-9-]+)`", line.split("|")[2])) for kind, line in rows.items()}
    assert set().union(*listed.values()) == set(rulesets.names())
    assert listed["nothing"] == set(NOTHING)
    for name in BOUND:
        ruleset, chance = rulesets.load(name), random.Random(3)
        counts, size, seats = drawn(ruleset, chance, (3,))
        papers = papers_of(ruleset, size, counts)
        if name != "two-round":
            found = eliminates(papers, ruleset) is not None
            test = None if found else bound_for(papers, ruleset, seats)
            assert found or test is not None
            assert (name in listed["exact"]) == (found or (test is not None and test.exact)), name


def with_surpluses(ruleset: Ruleset, chance: random.Random) -> tuple[dict[Form, int], int, int]:
    """Papers in which a few candidates have far more than a quota, with others named after them."""
    while True:
        size, seats = chance.choice((4, 5)), chance.choice((2, 2, 3))
        forms, counts = every_form(ruleset, size, seats), dict[Form, int]()
        for first in chance.sample(range(size), seats):
            others = chance.sample([one for one in range(size) if one != first], size - 1)
            for length in (0, chance.randint(1, 2), chance.randint(1, size - 1)):
                counts[first, *others[:length]] = chance.choice((15, 25, 33, 40, 61))
        for one in chance.sample(forms, chance.randint(2, 5)):
            counts[one] = counts.get(one, 0) + chance.choice((3, 5, 8, 13, 21))
        if len(outcomes(papers_of(ruleset, size, counts), ruleset, seats)) == 1:
            return counts, size, seats


@pytest.mark.slow
@pytest.mark.parametrize("name", TRANSFERS)
def test_no_push_against_a_winner_passes_the_bound_where_surpluses_decide(name: str) -> None:
    """As many papers as the bound: out of those that hold a winner before a loser, in for the loser."""
    ruleset, chance, sure = rulesets.load(name), random.Random(f"push {name}"), 0
    for _ in range(60):
        counts, size, seats = with_surpluses(ruleset, chance)
        papers = papers_of(ruleset, size, counts)
        test = bound_for(papers, ruleset, seats)
        assert test is not None
        bound = largest(test, 60)
        if not bound:
            continue
        sure += 1
        elected = outcomes(papers, ruleset, seats)
        losers = [at for at in range(size) if TREES[at] not in min(elected, key=len)]
        for _ in range(12):
            loser, left = chance.choice(losers), chance.choice((0, bound, chance.randint(0, bound)))
            after, put = dict(counts), bound - left
            winner = chance.choice([at for at in range(size) if at not in losers])
            against = [one for one in after if winner in one and loser not in one[: one.index(winner)]]
            for one in chance.sample(against, len(against)):
                taken = min(after[one], left)
                after[one] -= taken
                left -= taken
            ways = [one for one in every_form(ruleset, size, seats) if one[0] == loser]
            paper = chance.choice([(loser,), *ways])
            after[paper] = after.get(paper, 0) + put
            changed = papers_of(ruleset, size, after)
            assert outcomes(changed, ruleset, seats) == elected, (seats, counts, bound, after)
    assert sure > 5
