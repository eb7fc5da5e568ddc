"""The auditor's count and bound.

Right answers: the councils' official stage reports (outside data), and hand-worked counts for ties.
"""

from __future__ import annotations

import csv
import itertools
import json
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from auditor.count import VOTE, same_path_bound, scottish, sheet_of, sort_papers, written

WARDS = ("glasgow_2007_linn", "dundee_2022_ward1", "dundee_2022_ward3", "dundee_2022_ward7")


def ward(path: Path) -> tuple[tuple[str, ...], int, Counter[tuple[int, ...]]]:
    rows = [
        [cell.strip() for cell in row] for row in csv.reader(path.read_text(encoding="utf-8").splitlines())
    ]
    size, seats = int(rows[0][0]), int(rows[0][1])
    papers: Counter[tuple[int, ...]] = Counter()
    names = []
    for row in rows[1:]:
        if row[0].isdigit():
            ranking = [int(cell) for cell in row if cell]
            papers[tuple(one - 1 for one in ranking[1:])] += ranking[0]
        elif row[0].startswith("Candidate"):
            names.append(row[1])
    assert len(names) == size
    return tuple(names), seats, papers


@pytest.mark.outside_data
@pytest.mark.parametrize("name", WARDS)
def test_every_figure_of_an_official_stage_report_is_reproduced(outside_data: Path, name: str) -> None:
    names, seats, papers = ward(outside_data / "count" / f"{name}.csv")
    official = json.loads((outside_data / "count" / f"{name}_stages.json").read_text(encoding="utf-8"))
    sheet = sheet_of(scottish(names, seats, papers, ""), papers, 0, 0, "")
    assert sheet["elected"] == official["winners_in_order"]
    assert sheet["quota"] == official["quota"]
    assert len(sheet["stages"]) == len(official["stages"])
    for ours, theirs in zip(sheet["stages"], official["stages"], strict=True):
        assert {name: Fraction(votes) for name, votes in ours["tallies"].items()} == {
            name: Fraction(votes or 0) for name, votes in theirs["votes"].items()
        }
        assert Fraction(ours["non_transferable"]) == Fraction(theirs["non_transferable"])


@pytest.mark.outside_data
def test_the_bound_of_linn_is_nine(outside_data: Path) -> None:
    """The figure that the design of the project states for this ward."""
    names, seats, papers = ward(outside_data / "count" / "glasgow_2007_linn.csv")
    assert same_path_bound(scottish(names, seats, papers, ""), papers) == 9


def test_a_surplus_moves_cut_and_what_is_cut_belongs_to_nobody() -> None:
    """By hand: 10 papers, 2 seats, quota 4. A has 7, a surplus of 3; each paper moves at 3/7 = 0.42857:
    B gets 5 of them (2.14285), 2 stop; nobody has 3 - 2.14285 = 0.85715."""
    papers = Counter({(0, 1): 5, (0,): 2, (1,): 1, (2,): 2})
    count = scottish(("A", "B", "C"), 2, papers, "")
    sheet = sheet_of(count, papers, 0, 0, "")
    assert sheet["quota"] == 4
    assert sheet["stages"][1]["tallies"] == {"A": "4.00000", "B": "3.14285", "C": "2.00000"}
    assert sheet["stages"][1]["non_transferable"] == "0.85715"
    assert sheet["elected"] == ["A", "B"]
    assert len(sheet["stages"]) == 3


def test_a_tie_for_exclusion_is_settled_by_the_latest_stage_that_differed() -> None:
    """By hand: 1 seat, 12 papers, quota 7. Stage 1: A 5, B 3, C 2, D 2; C and D never differed: lot."""
    papers = Counter({(0,): 5, (1,): 3, (2, 1): 2, (3, 2): 2})
    count = scottish(("A", "B", "C", "D"), 1, papers, "aa")
    assert count.ties[0]["by"] == "lot"
    assert count.ties[0]["between"] == ["C", "D"]
    assert (count.ties[0]["for"], count.ties[0]["stage"]) == ("exclusion", 2)


def test_papers_are_sorted_as_the_page_says() -> None:
    rows = [[1, 2, 0], [0, 0, 0], [1, 1, 0], [2, 0, 0], [0, 1, 0], [1, 2, 0]]
    papers, blank, invalid = sort_papers(rows)
    assert (papers, blank, invalid) == (Counter({(0, 1): 2, (1,): 1}), 1, 2)


def test_votes_are_written_with_five_places() -> None:
    assert [written(7), written(VOTE), written(123_456_789)] == ["0.00007", "1.00000", "1234.56789"]


def test_no_change_within_the_bound_changes_who_is_elected() -> None:
    """Brute force: every removal and addition of at most L papers, for tiny elections."""
    rankings = [ranking for size in (1, 2, 3) for ranking in itertools.permutations(range(3), size)]
    looked_at = 0
    for number in range(40):
        papers = Counter(
            {ranking: (7 * number + 3 * place * place) % 6 for place, ranking in enumerate(rankings)}
        )
        papers = +papers
        count = scottish(("A", "B", "C"), 1 + number % 2, papers, "")
        bound = same_path_bound(count, papers)
        if not bound:
            continue
        looked_at += 1
        for change in itertools.product((-1, 1), rankings):
            after = papers.copy()
            after[change[1]] += change[0]
            if min(after.values()) >= 0:
                changed = scottish(("A", "B", "C"), 1 + number % 2, +after, "")
                assert set(changed.elected) == set(count.elected)
    assert looked_at > 5
