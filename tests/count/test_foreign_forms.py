"""Formats that are only read: random papers, put down here in each of them, are read back as the same papers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.count.test_formats import ABC, read

Paper = tuple[tuple[int, ...], ...]
Papers = dict[Paper, int]

RANKING = st.lists(st.integers(0, 2), unique=True, max_size=3).map(
    lambda order: tuple((one,) for one in order)
)
PLAIN = st.dictionaries(RANKING, st.integers(1, 999), min_size=1, max_size=6)


def _trimmed(ranks: list[list[int]]) -> Paper:
    while ranks and not ranks[-1]:
        ranks.pop()
    return tuple(tuple(sorted(rank)) for rank in ranks)


PLACED = st.tuples(*[st.integers(0, 4)] * 3)
"""For each candidate a rank, 0 for none: gaps and equal ranks, nobody twice."""


def _of_places(places: tuple[int, ...]) -> Paper:
    ranks: list[list[int]] = [[] for _ in range(4)]
    for one, rank in enumerate(places):
        if rank:
            ranks[rank - 1].append(one)
    return _trimmed(ranks)


def raire(papers: Papers) -> str:
    votes = [{"n": number, "prefs": [rank[0] for rank in paper]} for paper, number in papers.items()]
    return json.dumps(
        {"metadata": {"candidates": ABC, "contest": "Grove"}, "num_candidates": 3, "votes": votes}
    )


def by_name(papers: Papers) -> str:
    ballots = [
        {"count": number, "ranking": [[ABC[one] for one in rank] for rank in paper]}
        for paper, number in papers.items()
    ]
    return json.dumps({"candidates": ABC, "ballots": ballots})


def margin_irv(papers: Papers) -> str:
    rows = [f"({','.join(ABC[rank[0]] for rank in paper)}) : {number}" for paper, number in papers.items()]
    return "\n".join([",".join(ABC), "X,Y,Z", "-+-+-", *rows])


def scot_elex(papers: Papers) -> str:
    rows = [
        ",".join(map(str, (number, *(rank[0] + 1 for rank in paper)))) + ","
        for paper, number in papers.items()
    ]
    names = [f'"Candidate {at}","{name}","Party",' for at, name in enumerate(ABC, 1)]
    return "\n".join(["3,2,", *rows, *names, '"Grove",', ""])


def old_preflib(papers: Papers) -> str:
    total = sum(papers.values())
    rows = [
        ",".join(map(str, (number, *(rank[0] + 1 for rank in paper)))) for paper, number in papers.items()
    ]
    return "\n".join(
        ["3", *(f"{at},{name}" for at, name in enumerate(ABC, 1)), f"{total},{total},{len(rows)}", *rows, ""]
    )


def counted(papers: Papers) -> str:
    rows = [
        ",".join((str(number), *(ABC[rank[0]] for rank in paper), *["undervote"] * (3 - len(paper))))
        for paper, number in papers.items()
    ]
    return "\n".join(["# candidates," + ",".join(ABC), *rows, ""])


@pytest.mark.parametrize("write", [raire, by_name, margin_irv, scot_elex, counted])
@settings(max_examples=30, deadline=None)
@given(PLAIN)
def test_plain_rankings_in_every_form(write: Any, papers: Papers) -> None:
    found = read(write(papers))
    assert (found.candidates, dict(found.papers)) == (ABC, papers)


@settings(max_examples=30, deadline=None)
@given(PLAIN.map(lambda papers: {paper: number for paper, number in papers.items() if paper} or {((0,),): 1}))
def test_old_preflib_has_no_blank_papers(papers: Papers) -> None:
    found = read(old_preflib(papers))
    assert (found.candidates, dict(found.papers)) == (ABC, papers)


def records(rows: list[tuple[int, ...]]) -> str:
    """Cast vote records of one contest, a selection position for each rank."""
    made = []
    for row in rows:
        selections = [
            {
                "ContestSelectionId": name,
                "SelectionPosition": [{"HasIndication": "yes", "NumberVotes": 1, "Rank": rank}],
            }
            for name, rank in zip(ABC, row, strict=True)
            if rank
        ]
        contest = {"ContestId": "c1", "CVRContestSelection": selections}
        made.append(
            {
                "CurrentSnapshotId": "s",
                "CVRSnapshot": [{"@id": "s", "Type": "original", "CVRContest": [contest]}],
            }
        )
    listed = [{"@id": name} for name in ABC]
    election = {"Contest": [{"@id": "c1", "ContestSelection": listed}]}
    return json.dumps({"@type": "CVR.CastVoteRecordReport", "CVR": made, "Election": [election]})


def belenios(rows: list[tuple[int, ...]]) -> str:
    return json.dumps({"result": [[3, 1], rows]})


def by_candidate(rows: list[tuple[int, ...]]) -> str:
    lines = [",".join(str(rank or "") for rank in row) for row in rows]
    return "\n".join(
        ["# cells,ranks", "id," + ",".join(ABC), *(f"v{at},{line}" for at, line in enumerate(lines)), ""]
    )


@pytest.mark.parametrize("write", [records, belenios, by_candidate])
@settings(max_examples=30, deadline=None)
@given(st.lists(PLACED, min_size=1, max_size=6).filter(lambda rows: any(map(any, rows))))
def test_ranks_by_candidate_in_every_form_and_in_order(write: Any, rows: list[tuple[int, ...]]) -> None:
    found = read(write(rows), keep_order=True)
    assert len(found.candidates) == 3
    assert [found.papers[at][0] for at in found.order] == [_of_places(row) for row in rows]
