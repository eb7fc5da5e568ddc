"""The birthday problem: expected numbers worked out by hand."""

from __future__ import annotations

import math

import pytest

from selectorate.roll.links.chance import STEP, Chance


def test_the_birthday_problem_of_twenty_three() -> None:
    """23 people, 365 days: 253 pairs, 253/365 = 0.693 of them share a birthday by chance (the classical figure)."""
    weight = math.floor(math.log2(365) / STEP) * STEP
    odds = Chance(23, {0: 1.0, round(weight / STEP): 1 / 365})
    assert odds.expected(weight) == pytest.approx(253 / 365)
    assert odds.sentence(weight) == "in a roll of 23 about 0.7 pairs so much alike are expected by chance"


def test_what_is_weighty_in_a_branch_is_chance_in_a_nation() -> None:
    """One likeness in 2^28 pairs: a roll of 12,000 has 72 million pairs (0.27 expected), one of a million 5 * 10^11."""
    tail = {0: 1.0, round(28 / STEP): 2.0**-28}
    small, large = Chance(12_000, tail), Chance(1_000_000, tail)
    assert small.expected(28) == pytest.approx(12_000 * 11_999 / 2 / 2**28)
    assert round(small.expected(28), 2) == 0.27
    assert round(large.expected(28)) == 1863
    assert small.threshold() == 28
    assert large.threshold() > 28


def test_at_most_one_link_by_chance_for_ten_thousand_members() -> None:
    tail = {step: 2.0 ** (-step * STEP) for step in range(round(50 / STEP))}
    for people in (40, 12_000, 1_000_000):
        odds = Chance(people, tail)
        least = odds.threshold()
        assert odds.expected(least) <= people / 10_000 < odds.expected(least - STEP)
