"""The hand-worked cases in vectors/count; each passport has the arithmetic."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.count.papers import as_expected, counted, vector

from selectorate.count.check import check_sheet
from selectorate.errors import Refusal

CASES = (
    "backward-tie",
    "elected-together",
    "exact-quota-and-early-end",
    "exhausted-papers",
    "lot",
    "order-tie",
    "surplus-tie",
    "three-way-narrowing",
)


def test_every_case_in_the_folder_is_run(vectors: Path) -> None:
    assert sorted(place.name for place in (vectors / "count").iterdir()) == list(CASES)


@pytest.mark.parametrize("case", CASES)
def test_the_count_is_the_one_worked_by_hand(case: str, vectors: Path) -> None:
    profile, expected = vector(vectors / "count" / case)
    sheet = counted(profile, expected["seats"], expected["tie_seed"])
    assert as_expected(sheet, expected["tie_seed"]) == expected


@pytest.mark.parametrize("case", CASES)
def test_the_check_passes_the_count_worked_by_hand(case: str, vectors: Path) -> None:
    profile, expected = vector(vectors / "count" / case)
    sheet = counted(profile, expected["seats"], expected["tie_seed"])
    checks = check_sheet(sheet, profile, expected["tie_seed"])
    assert [(check.duty, check.verdict) for check in checks] == [("Q5", "passed"), ("C1", "passed")]


def test_a_lot_without_a_seed_stops_the_count_and_says_what_to_do(vectors: Path) -> None:
    profile, _ = vector(vectors / "count" / "lot")
    with pytest.raises(Refusal) as stopped:
        counted(profile, 1, None)
    assert stopped.value.code == "count.tie"
    assert str(stopped.value) == (
        "Stage 2 needs a lot between Beech, Cedar: they had equal votes at every stage, and no seed for lots "
        "was given. Give the seed that was committed to before the poll (--seed); "
        "the same seed always draws the same lot."
    )


def test_a_check_without_the_seed_does_not_call_a_drawn_lot_passed(vectors: Path) -> None:
    profile, _ = vector(vectors / "count" / "lot")
    sheet = counted(profile, 1, "acorn")
    assert [check.verdict for check in check_sheet(sheet, profile, None)] == ["passed", "not checked"]
