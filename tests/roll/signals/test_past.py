"""Claims about the measure of the past. Expected values: worked by hand in the test, or a published table."""

from __future__ import annotations

import math

import numpy as np
import pytest

from selectorate.roll.signals import past
from selectorate.roll.signals.settings import parsed, settings

ROOM = settings()


def whole(*rows: list[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array(rows, dtype=np.int64)


def test_the_tail_of_poisson_is_that_of_the_tables() -> None:
    # P(X >= 3 | 1) = 1 - e^-1 (1 + 1 + 1/2); P(X >= 1 | 2) = 1 - e^-2
    assert past.poisson_tail(3, 1.0) == pytest.approx(1 - 2.5 / math.e, rel=1e-9)
    assert past.poisson_tail(1, 2.0) == pytest.approx(1 - math.exp(-2), rel=1e-9)
    assert past.poisson_tail(0, 2.0) == 1.0
    assert past.poisson_tail(3, 0.0) == 0.0


def test_the_far_tail_of_poisson_does_not_drown_in_one_minus_one() -> None:
    # the first term, e^-1 / 20!, and the next two, 1/21 and 1/(21·22) of it: 1.5892e-19
    first = math.exp(-1) / math.factorial(20)
    assert past.poisson_tail(20, 1.0) == pytest.approx(first * (1 + 1 / 21 + 1 / 462 + 1 / 10626), rel=1e-5)


def test_the_tail_of_the_negative_binomial_with_size_one_is_geometric() -> None:
    # size 1 and mean m: P(X >= k) = (m / (1 + m))^k
    for mean, count in ((1.0, 1), (1.0, 3), (4.0, 2), (0.25, 6)):
        assert past.binomial_tail(count, mean, 1) == pytest.approx((mean / (1 + mean)) ** count, rel=1e-9)


def test_what_three_of_eight_years_reached_is_usual_and_two_are_not_enough() -> None:
    busy_in_two = whole([30, 12, 0, 12, 0, 0, 0, 0, 0])
    busy_in_three = whole([30, 12, 0, 12, 0, 12, 0, 0, 0])
    assert past.usual(busy_in_two, 0, ROOM).tolist() == [0]
    assert past.usual(busy_in_three, 0, ROOM).tolist() == [12]
    # 12 homes explain 12 · 5/3 = 20 of the 30
    assert past.beyond_usual(busy_in_three, ROOM)[0, 0] == 10


def test_evidence_is_the_share_of_earlier_members_behind_as_high_a_reading() -> None:
    # One earlier year of 9,000 members, 20 of them behind a reading of 3; before any past is seen 1,000 members
    # count, 3 % of whom share with two homes and 0.45 as many (13.5) with three: 33.5 of 10,000.
    reading, members = whole([3, 3]), whole([5, 20])
    scale = past.scale(reading, members, whole([9000, 9000])[0], ROOM, past.homes_floor(ROOM))
    share = (20 + 13.5) / 10_000
    assert scale.units(np.array([0]), np.array([3])).tolist() == [math.floor(-1000 * math.log10(share))]


def test_the_two_worst_of_eight_years_do_not_teach_that_stacking_is_usual() -> None:
    present = np.full(9, 5000, dtype=np.int64)
    clean, stained = whole([9] + [0] * 8), whole([9, 9, 9] + [0] * 6)
    members = whole([40] * 9)
    worth = [
        past.scale(one, members, present, ROOM, past.homes_floor(ROOM)).units(np.array([0]), np.array([9]))[0]
        for one in (clean, stained)
    ]
    # what differs is only that the two left-out years do not add to the members looked at
    assert abs(int(worth[0]) - int(worth[1])) <= 130
    assert worth[1] >= 3500


def test_a_level_that_no_year_reached_is_expected_by_how_fast_the_levels_fall() -> None:
    # Eight years of 100 groups of two homes and 10 of three: the six that count fall tenfold a home, so
    # five homes come up in 0.1 groups a year.
    rows = [[0] + [2] * 8] * 90 + [[0] + [3] * 8] * 10
    found = past.groups(np.array(rows, dtype=np.int64), ROOM)
    assert (found.expected(2), found.expected(3), found.expected(5)) == (100_000, 10_000, 100)


def test_settings_with_an_unknown_or_a_missing_constant_are_refused() -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        parsed(b"years_max = 9\n")
    with pytest.raises(ValueError, match="whole numbers"):
        parsed(b"surprise = 1\n")
