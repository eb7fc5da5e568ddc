"""Margins equal those that others computed, and no bound ever certifies a change that brute force finds."""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.count.papers import SCOTTISH, TREES, of
from tests.count.test_margin import DIRECTED, changed_counts, every_ranking, pushes

from selectorate.count import stv
from selectorate.count.margin import additive, paths
from selectorate.count.margin.doubt import Doubt
from selectorate.count.margin.elimination import exact, orders, solver
from selectorate.count.margin.elimination.assertion import Assertions
from selectorate.count.margin.elimination.check_proofs import check_assertions
from selectorate.count.margin.elimination.proofs import assertions
from selectorate.count.margin.found import KINDS, Margin
from selectorate.count.objects import Paper, Profile, Ranking
from selectorate.errors import Refusal

US = ("Aspen_2009_Mayor", "Berkeley_2010_D1CityCouncil", "Berkeley_2010_D7CityCouncil",
      "Oakland_2010_D4CityCouncil", "Pierce_2008_CityCouncil", "Pierce_2008_CountyExecutive")  # fmt: skip
HEAVY = ("SanFran_2007_Mayor",)
LARGE = ("Penrith", "Swansea", "Seven_Hills", "Parramatta", "Shellharbour", "Wyong")


def contest(data: Path, archive: str, name: str) -> tuple[Profile, dict[str, str]]:
    """A contest in the text form of margin-irv, and its row of expected.csv."""
    with zipfile.ZipFile(data / "count" / f"{archive}.zip") as packed:
        rows = csv.DictReader(io.StringIO(packed.read("expected.csv").decode()))
        row = next(row for row in rows if name in (row.get("file"), row.get("seat")))
        text = packed.read(name if name.endswith(".txt") else f"{name}.txt").decode()
    lines = text.splitlines()
    names = [one.strip() for one in lines[0].split(",")]
    counts: dict[Ranking, int] = {}
    for line in lines[3:]:
        found = re.match(r"\((.*?)\)\s*:\s*(\d+)", line)
        if found:
            ranking = tuple(names.index(one.strip()) for one in found[1].split(",") if one.strip())
            counts[ranking] = counts.get(ranking, 0) + int(found[2])
    counts.pop((), None)
    return Profile.gather(tuple(names), counts), row


def winner_of(profile: Profile) -> int:
    """Plain elimination, written here again."""
    standing = set(range(len(profile.candidates)))
    while len(standing) > 1:
        votes = dict.fromkeys(sorted(standing), 0)
        for paper in profile.papers:
            first = next((one for one in paper.ranking if one in standing), None)
            if first is not None:
                votes[first] += paper.number
        standing.discard(min(votes, key=lambda one: votes[one]))
    return standing.pop()


def as_published(data: Path, archive: str, name: str) -> None:
    profile, row = contest(data, archive, name)
    with (data / "count" / "deletion_only_margins.csv").open(newline="") as file:
        deletions = {row["file"]: int(row["deletion_only_margin"]) for row in csv.DictReader(file)}
    found = exact.margin(profile, winner_of(profile))
    assert found.exact
    assert found.changes is not None
    assert found.additions is not None
    assert found.deletions is not None
    assert found.changes.lower == int(row["exact_margin_of_victory"])
    if row.get("addition_only_margin"):
        assert found.additions.lower == int(row["addition_only_margin"])
    assert found.deletions.lower == deletions[name if name.endswith(".txt") else f"{name}.txt"]
    changes_the_winner(profile, found)


def changes_the_winner(profile: Profile, found: Margin) -> None:
    """Each example, put into the papers, lets its winner go through to the end with every tie in its favour."""
    for kind in KINDS:
        bounds = getattr(found, kind)
        change = bounds.example
        assert change is not None
        assert bounds.upper == max(change.removed, change.added)
        after = orders.changed(profile.counts(), change)
        assert after is not None
        assert can_win(after, len(profile.candidates), change.winner)


def can_win(counts: dict[Ranking, int], size: int, who: int) -> bool:
    """Whether some way to resolve ties lets this candidate win: every tied lowest is tried."""
    seen: set[frozenset[int]] = set()
    open_ = [frozenset(range(size))]
    while open_:
        standing = open_.pop()
        if standing == {who}:
            return True
        if standing in seen or who not in standing:
            continue
        seen.add(standing)
        votes = dict.fromkeys(standing, 0)
        for ranking, number in counts.items():
            first = next((one for one in ranking if one in standing), None)
            if first is not None:
                votes[first] += number
        open_ += [standing - {one} for one in standing if votes[one] == min(votes.values())]
    return False


@pytest.mark.outside_data
@pytest.mark.parametrize("name", US)
def test_margins_of_us_eliminations_are_the_published_ones(outside_data: Path, name: str) -> None:
    as_published(outside_data, "us_irv_margins", f"{name}.txt")


@pytest.mark.slow
@pytest.mark.outside_data
@pytest.mark.parametrize("name", HEAVY)
def test_margins_of_eighteen_candidates_are_the_published_ones(outside_data: Path, name: str) -> None:
    as_published(outside_data, "us_irv_margins", f"{name}.txt")


@pytest.mark.outside_data
def test_margins_of_seats_in_new_south_wales_are_the_published_ones(outside_data: Path) -> None:
    names = _seats(outside_data)
    small = [name for name in names if name not in LARGE]
    assert len(small) == 19
    for name in small[::4]:
        as_published(outside_data, "nsw2015_irv_margins", name)


@pytest.mark.slow
@pytest.mark.outside_data
def test_every_margin_of_new_south_wales_is_the_published_one(outside_data: Path) -> None:
    names = _seats(outside_data)
    assert len(names) == 25
    for name in names:
        as_published(outside_data, "nsw2015_irv_margins", name)


def _seats(data: Path) -> list[str]:
    with zipfile.ZipFile(data / "count" / "nsw2015_irv_margins.zip") as packed:
        return [row["seat"] for row in csv.DictReader(io.StringIO(packed.read("expected.csv").decode()))]


@pytest.mark.outside_data
def test_assertions_of_mayors_have_the_published_margins_and_are_true(outside_data: Path) -> None:
    seen = 0
    with zipfile.ZipFile(outside_data / "count" / "nsw2021_mayors_raire.zip") as packed:
        for row in csv.DictReader(io.StringIO(packed.read("expected.csv").decode())):
            plain = json.loads(packed.read(row["contest"]))
            counts: dict[Ranking, int] = {}
            for vote in plain["votes"]:
                ranking = tuple(vote["prefs"])
                counts[ranking] = counts.get(ranking, 0) + vote["n"]
            counts.pop((), None)
            profile = Profile.gather(tuple(plain["metadata"]["candidates"]), counts)
            winner = winner_of(profile)
            assert profile.candidates[winner] == row["winner"]
            found = assertions(profile, winner)
            assert found.margin == int(row["raire_min_assertion_margin_in_votes"])
            assert [one.verdict for one in check_assertions(found, profile)] == ["passed", "passed"]
            seen += 1
    assert seen == 12


def test_an_assertion_with_a_wrong_sum_and_a_set_with_one_too_few_are_rejected() -> None:
    """10 A, 6 B, 5 CB: C goes out, B has 11 to 10 of A and wins. Neither may be said otherwise."""
    profile = of("10 A, 6 B, 5 CB")
    good = assertions(profile, 1)
    # A against B alone: 10 to 11; B before C: 6 first preferences to 5 papers with C before B. Both lead by 1.
    assert good.margin == 1
    assert [one.verdict for one in check_assertions(good, profile)] == ["passed", "passed"]
    wrong = replace(good, found=tuple(replace(one, fewer=one.fewer - 1) for one in good.found), margin=2)
    assert check_assertions(wrong, profile)[0].verdict == "failed"
    for left_out in good.found:
        fewer = tuple(one for one in good.found if one != left_out)
        assert check_assertions(replace(good, found=fewer), profile)[1].verdict == "failed"
    assert check_assertions(Assertions(0, (), 0), profile)[1].verdict == "failed"


def test_the_margin_is_not_the_last_gap() -> None:
    """A 40, B 31, C 29 then A: the last round is A 69 to B 31, a gap of 38 and 19 changes. But one paper from B to C
    makes them 30 each, so that B can go out and hand its papers to C: 60 to 40."""
    profile = of("40 A, 31 BC, 29 CA")
    found = exact.margin(profile, 0)
    changes, additions, deletions = found.changes, found.additions, found.deletions
    assert changes is not None
    assert additions is not None
    assert deletions is not None
    assert (changes.lower, additions.lower, deletions.lower) == (1, 2, 2)
    assert found.exact


def test_without_the_solver_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(solver, "import_module", absent)
    solver.library.cache_clear()
    try:
        with pytest.raises(Refusal) as refused:
            exact.margin(of("3 A, 2 B"), 0)
    finally:
        solver.library.cache_clear()
    assert refused.value.code == "count.solver"
    assert "pip install 'selectorate[margin]'" in refused.value.remedy


def test_a_bound_of_the_solver_is_reckoned_again() -> None:
    """2x + y >= 5, x + z >= 3, least x + y + z: x = 3 costs 3; multipliers (0, 1) prove it. Absurd ones prove less."""
    task = solver.Program(within=10)
    first, second = task.row(5), task.row(3)
    task.column(1, 10, [(first, 2), (second, 1)])
    task.column(1, 10, [(first, 1)])
    task.column(1, 10, [(second, 1)])
    assert solver.solve(task).bound == 3
    assert solver._proved(task, [0, 1]) == 3
    assert solver._proved(task, [5, 5]) <= 3
    assert solver._proved(task, [-7, 1]) == 3


def brute(profile: Profile, stays: Callable[[dict[Ranking, int]], bool], most: int) -> dict[str, int | None]:
    """The fewest papers changed, put in, taken out that do not leave things as they are, up to `most` of each.

    When all papers are out, all are equal."""
    rankings = every_ranking(len(profile.candidates))
    base = profile.counts()
    found: dict[str, int | None] = dict.fromkeys(KINDS)

    def steps(counts: dict[Ranking, int], sign: int, number: int) -> list[dict[Ranking, int]]:
        made = []
        for several in itertools.combinations_with_replacement(rankings, number):
            after = dict(counts)
            for one in several:
                after[one] = after.get(one, 0) + sign
            if min(after.values()) >= 0:
                made.append(after)
        return made

    for size in range(1, most + 1):
        out = steps(base, -1, size)
        ways = {
            "deletions": lambda out=out: out,
            "additions": lambda size=size: steps(base, 1, size),
            "changes": lambda out=out, size=size: [
                after for one in out for fewer in range(size + 1) for after in steps(one, 1, fewer)
            ],
        }
        for kind, make in ways.items():
            if found[kind] is None and not all(stays(after) for after in make()):
                found[kind] = size
    return found


def test_exact_margins_of_eliminations_equal_brute_force() -> None:
    """Three candidates, every change up to two papers; what brute force does not find is beyond two."""
    chance = random.Random(42)
    compared = 0
    for _ in range(25):
        counts = {one: chance.randint(1, 4) for one in chance.sample(every_ranking(3), chance.randint(2, 5))}
        profile = Profile.gather(TREES[:3], counts)
        winner = winner_of(profile)
        others = [one for one in range(3) if one != winner]
        if any(can_win(profile.counts(), 3, one) for one in others):
            continue
        right = brute(
            profile, lambda after, others=others: not any(can_win(after, 3, one) for one in others), 2
        )
        found = exact.margin(profile, winner)
        for kind in KINDS:
            bounds = getattr(found, kind)
            assert bounds.exact
            compared += 1
            assert right[kind] == (bounds.lower if bounds.lower <= 2 else None), (profile, kind)
    assert compared > 40


def elected(profile: Profile, counts: dict[Ranking, int], seats: int) -> list[frozenset[int]]:
    """Who is elected, for several seeds where a lot is drawn."""
    papers = tuple(Paper(ranking, number) for ranking, number in sorted(counts.items()) if number)
    changed = Profile(profile.candidates, papers)
    found = []
    for seed in ("acorn", "beechmast", "cone"):
        sheet = stv.count(changed, SCOTTISH, seats, tie_seed=seed, papers_digest=SHEETS)
        found.append(frozenset(profile.candidates.index(name) for name in sheet.elected))
        if not any(tie.by == "lot" for tie in sheet.ties):
            break
    return found


SHEETS = stv.Digest("0" * 64)


def test_no_change_within_a_certified_doubt_elects_anybody_else() -> None:
    """Brute force over all removals and additions of tiny elections; lots are drawn by several seeds."""
    chance = random.Random(20070503)
    certified = tried = 0
    for _ in range(60):
        size = chance.choice((3, 3, 4))
        counts = {
            one: chance.choice((1, 2, 4, 7, 11))
            for one in chance.sample(every_ranking(size), chance.randint(3, 6))
        }
        profile, seats = Profile.gather(TREES[:size], counts), chance.choice((1, 2, 2))
        winners = elected(profile, counts, seats)[0]
        most = 2 if size == 3 and chance.random() < 0.2 else 1
        if paths.same_winners(profile, SCOTTISH, seats, winners, Doubt.of(most)) is not None:
            continue
        certified += 1
        for after in changed_counts(profile, most):
            tried += 1
            assert all(one == winners for one in elected(profile, after, seats)), (profile, seats, after)
    assert certified > 25
    assert tried > 1500


@pytest.mark.parametrize(("papers", "seats", "_"), DIRECTED)
def test_directed_cases_find_no_false_certificate(papers: str, seats: int, _: int | None) -> None:
    """The order of surpluses, an election inside a block of exclusions, a surplus of nothing: made for these faults."""
    profile = of(papers)
    winners = elected(profile, profile.counts(), seats)[0]
    bound = 0
    while paths.same_winners(profile, SCOTTISH, seats, winners, Doubt.of(bound + 1)) is None and bound < 40:
        bound += 1
    for size in {1, bound // 2, bound} - {0} if bound else ():
        for after in pushes(profile, size):
            assert all(one == winners for one in elected(profile, after, seats)), (bound, after)


def test_an_election_one_stage_later_is_followed_both_ways() -> None:
    """Quota 34 of 100, A 34: one paper less and A is elected only when D's papers come. B wins either way: once A has a
    seat, B has 30 and more against at most 6 + 10 of C. The same-path bound says 0, for A is at the quota exactly."""
    profile = of("34 A, 48 B, 8 C, 10 DA")
    winners = frozenset({0, 1})
    assert elected(profile, profile.counts(), 2)[0] == winners
    assert paths.same_winners(profile, SCOTTISH, 2, winners, Doubt.of(5)) is None
    # 34 - r against 18 + a of C and D together: 16 papers make them equal.
    assert paths.same_winners(profile, SCOTTISH, 2, winners, Doubt.of(30)) is not None


def test_gaps_of_plurality_and_approval_are_worked_by_hand() -> None:
    """A 10, B 6: four papers in, four out, two changed make them equal. Approvals AB 5, A 3, B 1: A leads by 8
    to 6; two in or two of "A alone" out, and one changed, make them equal."""
    fptp = additive.Added((((1, 0), 10), ((0, 1), 6)), 1)  # type: ignore[arg-type]
    approval = additive.Added((((1, 1), 5), ((1, 0), 3), ((0, 1), 1)), 1)  # type: ignore[arg-type]
    for added, right in ((fptp, (2, 4, 4)), (approval, (1, 2, 2))):
        gaps = additive.Gaps(added, frozenset({0}))
        for (changed, put, out), safe in ((right, False), (tuple(one - 1 for one in right), True)):
            for doubt in (Doubt(changed, changed, 2 * changed), Doubt(0, put, put), Doubt(out, 0, out)):
                assert (gaps.certain(doubt) is None) == safe
