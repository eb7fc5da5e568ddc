"""The bound never certifies too much, the example always changes who is elected, and the check sees both."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.count.papers import NO_FILE, SCOTTISH, TREES, counted, of
from tests.thinned import thinned

from selectorate.count import margin, readers, rewalk, stv
from selectorate.count.certificate import Certificate, Example
from selectorate.count.check import check_certificate
from selectorate.count.objects import Profile, Ranking, Sheet
from selectorate.count.recount import Recount
from selectorate.errors import Refusal


def every_ranking(size: int) -> list[Ranking]:
    return [one for length in range(1, size + 1) for one in itertools.permutations(range(size), length)]


def changed_counts(profile: Profile, most: int) -> Iterator[dict[Ranking, int]]:
    """Every profile that at most so many removals and additions, of any papers at all, can lead to."""
    rankings = every_ranking(len(profile.candidates))
    seen: set[tuple[int, ...]] = set()
    layer = [tuple(profile.counts().get(one, 0) for one in rankings)]
    for _ in range(most):
        following = []
        for counts in layer:
            for at in range(len(rankings)):
                for step in (-1, 1):
                    other = (*counts[:at], counts[at] + step, *counts[at + 1 :])
                    if other[at] >= 0 and other not in seen:
                        seen.add(other)
                        following.append(other)
                        yield dict(zip(rankings, other, strict=True))
        layer = following


def unchanged(profile: Profile, counts: dict[Ranking, int], seats: int, winners: frozenset[str]) -> bool:
    """Whether these papers elect the same set, and a seed decides at most the order of names."""
    changed = Profile.gather(profile.candidates, counts)
    if not changed.papers:
        return False
    sheet = counted(changed, seats)
    drawn = any(tie.by == "lot" and tie.purpose != "order" for tie in sheet.ties)
    return not drawn and frozenset(sheet.elected) == winners


def tiny(chance: random.Random) -> tuple[Profile, int]:
    """Three candidates, up to four rankings, numbers that give surpluses and gaps of a few votes."""
    rankings = chance.sample(every_ranking(3), chance.randint(2, 5))
    counts = {ranking: chance.choice((1, 2, 4, 7, 11, 16)) for ranking in rankings}
    return Profile.gather(TREES[:3], counts), chance.choice((1, 2))


@pytest.mark.parametrize(("elections", "least"), thinned([(30, 8), (150, 40)], 2))
def test_no_change_within_the_bound_elects_anybody_else(elections: int, least: int) -> None:
    """Brute force over every removal and addition, two papers deep; fixed seed, so always the same cases."""
    chance = random.Random(20070503)
    certified = tried = 0
    for _ in range(elections):
        profile, seats = tiny(chance)
        sheet = counted(profile, seats)
        bound = min(margin.bound(profile, sheet, SCOTTISH), 2)
        if not bound:
            continue
        certified += 1
        winners = frozenset(sheet.elected)
        for counts in changed_counts(profile, bound):
            tried += 1
            assert unchanged(profile, counts, seats, winners), (profile, seats, bound, counts)
    assert certified > least
    assert tried > 250 * least


DIRECTED = (
    # Two surpluses, 30 and 28, lift C over the quota of 100; the later one passes C by and decides between D
    # and E. Two papers make them equal: 2 > K ends at K = 1.
    ("130 ACE, 128 BCD, 85 C, 75 D, 78 E", 4, 1),
    # B has exactly the quota of 21 and no stage; one paper of D less and the quota is 20, B's surplus of 1
    # goes to C, who then leads D. Without a step for B, 10 - 8.5 > 1 would certify K = 1.
    ("3 AC, 39 A, 21 BC, 7 C, 10 D", 3, 0),
    # A lacks two votes at stage 1. With two more papers A is elected before B goes out, so B's papers go to
    # C instead and C beats D. 48 + K < floor((147 + K) / 3) + 1 ends at K = 1.
    ("48 A, 10 BAC, 42 C, 47 D", 2, 1),
    # The last decision alone: 30 - 24 > K ends at K = 5.
    ("60 A, 30 B, 24 C", 2, None),
    ("40 AC, 34 BD, 4 CD, 3 D", 3, None),
    ("30 ABC, 9 BC, 8 C, 2 D", 2, None),
    ("21 AB, 10 B, 9 C, 5 DB, 1 E", 2, None),
    ("12 AD, 6 BD, 3 C, 3 D", 3, None),
)


def pushes(profile: Profile, size: int) -> Iterator[dict[Ranking, int]]:
    """Papers of one candidate taken out, papers of another put in, in every split of that size."""
    rankings = every_ranking(len(profile.candidates))
    for loses, gains in itertools.product(range(len(profile.candidates)), repeat=2):
        for removed in range(size + 1):
            counts, left = dict(profile.counts()), removed
            for ranking in sorted(counts, key=lambda one: (one[0] != loses, loses not in one)):
                taken = min(left, counts[ranking])
                counts[ranking] -= taken
                left -= taken
            for ranking in [one for one in rankings if one[0] == gains][:12:3]:
                yield counts | {ranking: counts.get(ranking, 0) + size - removed}


@pytest.mark.parametrize(("papers", "seats", "expected"), DIRECTED)
def test_no_push_within_the_bound_elects_anybody_else(papers: str, seats: int, expected: int | None) -> None:
    """Cases that random tiny elections miss; where a figure stands, it was worked by hand."""
    profile = of(papers)
    sheet = counted(profile, seats)
    bound = margin.bound(profile, sheet, SCOTTISH)
    for counts in pushes(profile, bound) if bound else ():
        assert unchanged(profile, counts, seats, frozenset(sheet.elected)), (bound, counts)
    assert expected in (None, bound)


def test_two_readings_of_the_page_give_the_same_bound() -> None:
    """`rewalk` was written from the page apart from `margin`; every K up to past the bound."""
    chance = random.Random(7)
    bounds = []
    for _ in range(120):
        size = chance.randint(2, 5)
        counts = {
            one: chance.randint(1, 60)
            for one in chance.sample(every_ranking(size), chance.randint(2, 5 if size > 2 else 4))
        }
        profile, seats = Profile.gather(TREES[:size], counts), chance.randint(1, 3)
        sheet = counted(profile, seats)
        bound = margin.bound(profile, sheet, SCOTTISH)
        recount = Recount(profile, SCOTTISH, seats, "acorn").run()
        for k in range(1, min(bound + 3, profile.valid - 1) + 1):
            assert rewalk.holds(recount, k) == (k <= bound), (profile, seats, k, bound)
        bounds.append(bound)
    assert len(set(bounds)) > 10


@pytest.mark.parametrize(
    ("papers", "seats", "bound"),
    [
        # 10 : 3, one seat, quota 7. A is elected if 10 - K >= floor((13 - K) / 2) + 1, so K <= 6: at K = 7
        # three papers are left with A of six, quota 4. After A the only seat is filled.
        ("10 A, 3 B", 1, 6),
        # 6 A, 4 B, 3 C, quota 7, B gets C's papers. Stage 1: nobody at 6 + K < floor((13 + K) / 2) + 1:
        # K = 0 only (6 < 7); at K = 1: 7 < 8 still holds; at K = 2: 8 < 8 fails. Exclusion: 4 - 3 > K fails
        # at K = 1 already.
        ("6 A, 4 B, 3 CB", 1, 0),
        # As many candidates as seats: whatever the papers say, as long as there is one.
        ("3 A, 1 B", 2, 3),
    ],
)
def test_the_bound_is_the_one_worked_by_hand(papers: str, seats: int, bound: int) -> None:
    profile = of(papers)
    assert margin.bound(profile, counted(profile, seats), SCOTTISH) == bound


def test_a_tie_that_decided_leaves_no_bound(vectors: Path) -> None:
    for case in ("lot", "backward-tie", "three-way-narrowing", "surplus-tie"):
        profile = readers.read((vectors / "count" / case / "papers.blt").read_bytes(), case).profile
        seats = {"lot": 1, "backward-tie": 1, "three-way-narrowing": 2, "surplus-tie": 3}[case]
        assert margin.bound(profile, counted(profile, seats), SCOTTISH) == 0


def certified(profile: Profile, seats: int, doubtful: int, left_out: int) -> tuple[Certificate, Sheet]:
    sheet = counted(profile, seats)
    return margin.certify(profile, SCOTTISH, seats, doubtful, left_out, sheet), sheet


def verdict(certificate: Certificate, profile: Profile, sheet: Sheet) -> tuple[str, str]:
    (check,) = check_certificate(certificate, profile, sheet, "acorn")
    return check.verdict, check.because


CLOSE = of("60 AC, 58 BC, 30 CA, 29 CB, 20 D, 9 DB")


@pytest.mark.parametrize(
    ("doubtful", "left_out", "word"),
    [(0, 0, "certified"), (0, 10, "could change"), (10, 0, "could change"), (1, 0, "could change")],
)
def test_the_word_follows_from_the_numbers(doubtful: int, left_out: int, word: str) -> None:
    certificate, sheet = certified(CLOSE, 2, doubtful, left_out)
    assert certificate.word == word
    assert (certificate.doubtful % 10, certificate.left_out % 10) == (0, 0)
    assert verdict(certificate, CLOSE, sheet)[0] == "passed"
    assert Certificate.from_json(certificate.to_json()) == certificate


def test_doubts_beyond_the_proof_but_short_of_any_example_are_not_certified() -> None:
    profile = of("475 A, 400 BA, 300 CB, 30 DC")
    certificate, sheet = certified(profile, 2, 0, 10)
    assert certificate.certified_to < 10 < (certificate.changed_from or 0)
    assert certificate.word == "not certified"
    assert verdict(certificate, profile, sheet)[0] == "passed"


def test_nobody_lost_so_there_is_no_example() -> None:
    certificate, sheet = certified(of("30 A, 1 B"), 2, 20, 10)
    assert (certificate.certified_to, certificate.changed_from, certificate.word) == (30, None, "certified")
    assert verdict(certificate, of("30 A, 1 B"), sheet)[0] == "passed"


def test_every_wrong_certificate_is_found() -> None:
    certificate, sheet = certified(CLOSE, 2, 0, 10)
    example = certificate.example
    assert example is not None
    wrong = [
        replace(certificate, certified_to=certificate.certified_to + 1),
        replace(certificate, word="certified"),
        replace(certificate, word="not certified"),
        replace(certificate, changed_from=example.size + 1),
        replace(certificate, seats=1),
        replace(certificate, ruleset="other"),
        replace(certificate, papers="1" * 64),
        replace(certificate, left_out=0),
        replace(certificate, example=replace(example, elected=sheet.elected)),
        replace(certificate, example=replace(example, elected=example.elected[::-1])),
        replace(certificate, example=None, changed_from=None),
        with_example(certificate, Example((), ((("Elder",), 3),), example.elected)),
        with_example(certificate, Example(((("Alder",), 1),), (), example.elected)),
        with_example(certificate, Example(((("Alder", "Cedar"), 61),), (), example.elected)),
        with_example(certificate, Example((), ((("Alder",), 1),), sheet.elected)),
        with_example(certificate, Example((), ((("Alder",), 10**9),), example.elected)),
    ]
    if certificate.certified_to:
        wrong.append(replace(certificate, certified_to=certificate.certified_to - 1))
    for one in wrong:
        assert verdict(one, CLOSE, sheet)[0] == "failed", one


def with_example(certificate: Certificate, example: Example) -> Certificate:
    return replace(certificate, example=example, changed_from=example.size)


def test_numbers_below_nought_and_sheets_of_other_papers_are_refused() -> None:
    sheet = counted(CLOSE, 2)
    with pytest.raises(Refusal) as stopped:
        margin.certify(CLOSE, SCOTTISH, 2, -1, 0, sheet)
    assert stopped.value.code == "count.doubts"
    for profile, seats in ((CLOSE, 1), (of("60 AC, 58 BC, 30 CA, 29 CB, 20 DB, 9 D"), 2)):
        with pytest.raises(Refusal) as stopped:
            margin.certify(profile, SCOTTISH, seats, 0, 0, sheet)
        assert stopped.value.code == "count.mismatch"


@pytest.mark.outside_data
def test_the_official_ward_is_certified_to_nine_and_changes_within_435(outside_data: Path) -> None:
    """Both figures were found by another program (a same-path bound and a search) before this one."""
    file = readers.read((outside_data / "count" / "glasgow_2007_linn.csv").read_bytes(), "ward.csv")
    sheet = stv.count(file.profile, SCOTTISH, file.seats, tie_seed=None, papers_digest=NO_FILE)
    certificate = margin.certify(file.profile, SCOTTISH, file.seats, 40, 10, sheet)
    assert certificate.certified_to == 9
    assert 9 < (certificate.changed_from or 0) <= 435
    assert certificate.word == "not certified"
    assert verdict(certificate, file.profile, sheet)[0] == "passed"
