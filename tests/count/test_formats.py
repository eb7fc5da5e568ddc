"""Every format of papers: what a small file written by hand says, mark by mark."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.count.workbooks import workbook

from selectorate.count.ballots import OVERVOTE, Ballots
from selectorate.count.readers import read_ballots, read_contest, read_report
from selectorate.errors import Refusal

ABC = ("Alder", "Beech", "Cedar")
OVER = (OVERVOTE,)


def read(text: str | bytes, **how: Any) -> Ballots:
    return read_ballots(text.encode() if isinstance(text, str) else text, "papers", **how)


def marks(ballots: Ballots) -> dict[Any, int]:
    return dict(ballots.papers)  # type: ignore[arg-type]


def test_blt_keeps_equal_ranks_gaps_repetitions_and_who_withdrew() -> None:
    found = read('3 2\n-3 # gone\n4 1=2 3 0\n2 - 1 0\n1 2 2 0\n5 0\n0\n"Alder" "Beech"\n"Ced""ar"\n"Grove"\n')
    assert (found.format, found.candidates, found.seats) == ("blt", ("Alder", "Beech", 'Ced"ar'), 2)
    assert found.withdrawn == ('Ced"ar',)
    assert marks(found) == {((0, 1), (2,)): 4, ((), (0,)): 2, ((1,), (1,)): 1, (): 5}


def test_the_order_of_single_papers_is_kept_when_asked() -> None:
    text = '2 1\n1 1 0\n2 2 0\n1 1 0\n1 0\n0\n"Alder" "Beech" "Grove"\n'
    found = read(text, keep_order=True)
    assert [found.papers[at][0] for at in found.order] == [((0,),), ((1,),), ((1,),), ((0,),), ()]
    assert read(text).order == ()


TOI = """# FILE NAME: grove.toi
# TITLE: Grove
# DATA TYPE: toi
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 9
# NUMBER UNIQUE ORDERS: 3
# ALTERNATIVE NAME 1: Alder
# ALTERNATIVE NAME 2: Beech
# ALTERNATIVE NAME 3: Cedar
5: 1,{2,3}
3: 3, 1
1: {1, 2, 3}
"""
OLD_TOI = "3\n1,Alder\n2,Beech\n3,Cedar\n9,9,3\n5,1,{2,3}\n3,3,1\n1,{1,2,3}\n"


@pytest.mark.parametrize("text", [TOI, OLD_TOI])
def test_preflib_is_read_with_its_old_header_and_the_one_of_today(text: str) -> None:
    found = read(text)
    assert (found.format, found.candidates) == ("preflib", ABC)
    assert marks(found) == {((0,), (1, 2)): 5, ((2,), (0,)): 3, ((0, 1, 2),): 1}


def test_preflib_categories_are_grades_worst_first() -> None:
    found = read(
        "# DATA TYPE: cat\n# NUMBER CATEGORIES: 3\n# CATEGORY NAME 1: Good\n# CATEGORY NAME 2: Fair\n"
        "# CATEGORY NAME 3: Poor\n# ALTERNATIVE NAME 1: Alder\n# ALTERNATIVE NAME 2: Beech\n"
        "# ALTERNATIVE NAME 3: Cedar\n2: {1,3},2,{}\n1: {},{},{1,2}\n"
    )
    assert (found.kind, found.grades) == ("figures", ("Poor", "Fair", "Good"))
    assert marks(found) == {(2, 1, 2): 2, (0, 0, None): 1}


def test_a_preflib_file_that_was_cut_short_is_refused() -> None:
    with pytest.raises(Refusal) as stopped:
        read(TOI.replace("1: {1, 2, 3}\n", ""))
    assert stopped.value.sentence == "papers, line 5: 9 papers are announced and 8 follow."


def test_scot_elex_keeps_a_gap() -> None:
    found = read(
        '3,2,\n5,2,,1,\n"Candidate 1","Alder"\n"Candidate 2","Beech"\n"Candidate 3","Cedar"\n"Grove"\n'
    )
    assert (found.format, marks(found)) == ("scot-elex", {((1,), (), (0,)): 5})


RANKS = """ID,Rank 1,Rank 2,Rank 3
v1,Beech,Alder,
v2,overvote,,Cedar
v3,Beech,Alder,
v4,Alder = Cedar,undervote,Beech
"""


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_with_a_column_for_each_rank(mark: str) -> None:
    found = read(RANKS.replace(",", mark))
    assert (found.format, found.candidates) == ("csv", ("Beech", "Alder", "Cedar"))
    assert marks(found) == {((0,), (1,)): 2, (OVER, (), (2,)): 1, ((1, 2), (), (0,)): 1}


@pytest.mark.parametrize(
    "heading",
    [
        "rank1,rank2",
        "1st Choice,2nd Choice",
        "Mayor 1st choice (1),Mayor 2nd choice (1)",
        "choice_1,choice_2",
    ],
)
def test_ranks_are_recognised_as_people_number_them(heading: str) -> None:
    if "(" in heading:
        heading = heading.replace(" (1)", "")
    assert marks(read(f"{heading}\nAlder,Beech\nBeech,\n")) == {((0,), (1,)): 1, ((1,),): 1}


def test_ranks_of_two_contests_are_not_mixed() -> None:
    with pytest.raises(Refusal) as stopped:
        read("Mayor 1st choice,Mayor 2nd choice,Clerk 1st choice,Clerk 2nd choice\nA,B,C,D\n")
    assert "more than one contest" in stopped.value.sentence


COUNTED = '7,"Beech, B. ",undervote,Alder,1\n2,Alder,overvote,UWI,1\n3,,,,1\n'


def test_a_table_of_counted_rankings_has_no_heading() -> None:
    found = read(COUNTED)
    assert found.candidates == ("Beech, B.", "Alder", "Undeclared Write-ins")
    assert marks(found) == {((0,), (), (1,)): 7, ((1,), OVER, (2,)): 2, (): 3}


CONTEST = json.dumps({
    "outputSettings": {"contestName": "Grove"},
    "candidates": [
        {"name": "Alder", "excluded": False, "aliases": ["A. Alder"]},
        {"name": "Beech, B.", "excluded": True, "code": "BB"},
        {"name": "Cedar", "code": ""},
    ],
    "rules": {"numberOfWinners": "2", "maxRankingsAllowed": "2"},
})  # fmt: skip


def test_a_contest_file_says_candidates_in_order_who_withdrew_and_how_many_ranks_count() -> None:
    about = read_contest(CONTEST.encode(), "contest.json")
    assert (about.seats, about.ranks_max, about.withdrawn) == (2, 2, ("Beech, B.",))
    found = read('3,A. Alder,BB,Cedar,1\n2,Cedar,Alder,"Beech, B.",1\n', about=about)
    assert (found.candidates, found.seats, found.title) == (("Alder", "Beech, B.", "Cedar"), 2, "Grove")
    assert (marks(found), found.withdrawn) == ({((0,), (1,)): 3, ((2,), (0,)): 2}, ("Beech, B.",))
    with pytest.raises(Refusal) as stopped:
        read("3,Elm,Cedar,1\n2,Cedar,Elm,1\n", about=about)
    assert stopped.value.sentence.startswith("papers, line 1: “Elm” is none of the ")


def test_a_contest_file_alone_holds_no_papers_and_says_where_they_are() -> None:
    plain = json.loads(CONTEST) | {"cvrFileSources": [{"filePath": "grove_cvr.csv"}]}
    with pytest.raises(Refusal) as stopped:
        read(json.dumps(plain))
    assert "holds no papers; they are in grove_cvr.csv" in stopped.value.sentence


@pytest.mark.parametrize(
    ("body", "kind", "papers"),
    [
        ("1,2,\n2,1,\n1,2,3\n,1,1\n", "ranks", {((0,), (1,)): 1, ((1,), (0,)): 1, ((0,), (1,), (2,)): 1, ((1, 2),): 1}),
        ("1,3,\n2,1,\n1,2,3\n", "ranks", {((0,), (), (1,)): 1, ((1,), (0,)): 1, ((0,), (1,), (2,)): 1}),
        ("X,,X\n,x,\n,,\nX,X,X\n", "figures",
         {(1, None, 1): 1, (None, 1, None): 1, (None, None, None): 1, (1, 1, 1): 1}),
        ("5,0,\n5,5,3\n0,1,2\n", "figures", {(5, 0, None): 1, (5, 5, 3): 1, (0, 1, 2): 1}),
        ("1,0,1\n0,1,0\n", "figures", {(1, 0, 1): 1, (0, 1, 0): 1}),
    ],
)  # fmt: skip
def test_a_table_with_a_column_for_each_candidate(body: str, kind: str, papers: dict[Any, int]) -> None:
    found = read("Alder,Beech,Cedar\n" + body)
    assert (found.kind, found.candidates, marks(found)) == (kind, ABC, papers)


def test_papers_of_units_are_kept_apart() -> None:
    found = read("Branch,count,rank1\nNorth,4,Alder\nSouth,2,Alder\nNorth,1,Alder\n")
    assert (found.papers, found.units) == (((((0,),), 5), (((0,),), 2)), ("North", "South"))


def test_a_million_equal_lines_are_read_as_one() -> None:
    found = read("rank1,rank2\n" + "Alder,Beech\n" * 1000 + ",\n" + "Beech,\n" * 500 + ",\n,\n")
    assert marks(found) == {((0,), (1,)): 1000, (): 1, ((1,),): 500}


def test_rows_before_the_heading_say_what_a_table_has_no_place_for() -> None:
    found = read(
        "# title,Grove\n# seats,2\n# candidates,Alder,Beech,Cedar\n# withdrawn,Cedar\ncount,rank1\n4,Beech\n"
    )
    assert (found.title, found.seats, found.candidates, found.withdrawn) == ("Grove", 2, ABC, ("Cedar",))
    assert marks(found) == {((1,),): 4}


@pytest.mark.parametrize("shared", [True, False])
def test_a_workbook_is_the_same_table(shared: bool) -> None:
    rows = list(csv.reader(io.StringIO(RANKS)))
    found = read(workbook(rows, shared=shared))
    assert (found.format, marks(found)) == ("xlsx", marks(read(RANKS)))


def test_an_honest_spreadsheet_program_writes_what_is_read() -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for row, cells in enumerate([("count", "Alder", "Beech"), (3, 1, 2), (1, 2, 1), (2, "", 1)]):
        sheet.write_row(row, 0, cells)
    book.close()
    assert marks(read(out.getvalue())) == {((0,), (1,)): 3, ((1,), (0,)): 1, ((1,),): 2}


def test_margin_irv_text() -> None:
    found = read("12, 7, 3\nCON,CON,IND\n-+-+-\n(7, 12) : 5\n(3,) : 2\n() : 4\n(7,12):1\n")
    assert (found.format, found.candidates) == ("margin-irv", ("12", "7", "3"))
    assert marks(found) == {((1,), (0,)): 6, ((2,),): 2, (): 4}


def test_raire_json() -> None:
    found = read(json.dumps({
        "metadata": {"candidates": list(ABC), "contest": "Grove"}, "num_candidates": 3,
        "votes": [{"n": 2, "prefs": [2, 0]}, {"n": 1, "prefs": []}],
    }))  # fmt: skip
    assert (found.format, found.candidates, found.title) == ("raire", ABC, "Grove")
    assert marks(found) == {((2,), (0,)): 2, (): 1}


def test_ballots_by_name_in_json() -> None:
    found = read(json.dumps({
        "candidates": list(ABC), "seats": 2, "title": "Grove", "withdrawn": ["Cedar"],
        "ballots": [{"count": 3, "ranking": ["Beech", ["Alder", "Cedar"]]}, ["Cedar", None, "Alder"]],
    }))  # fmt: skip
    assert (found.format, found.seats, found.withdrawn) == ("ballots-json", 2, ("Cedar",))
    assert marks(found) == {((1,), (0, 2)): 3, ((2,), (), (0,)): 1}


def cvr(*papers: list[tuple[str, int]], kind: str = "original", **more: Any) -> dict[str, Any]:
    """A report of cast vote records: one contest, each paper a list of (candidate, rank)."""
    records = [
        {
            "@type": "CVR.CVR",
            "CurrentSnapshotId": f"b{number}",
            "CVRSnapshot": [{
                "@id": f"b{number}", "Type": kind,
                "CVRContest": [{
                    "ContestId": "c1",
                    "CVRContestSelection": [
                        {
                            "ContestSelectionId": f"cs-{name}",
                            "SelectionPosition": [
                                {"HasIndication": "yes", "NumberVotes": 1} | ({"Rank": rank} if rank else {})
                            ],
                        }
                        for name, rank in paper
                    ],
                }],
            }],
        }
        for number, paper in enumerate(papers)
    ]  # fmt: skip
    election = {
        "Candidate": [{"@id": f"p-{name}", "Name": name} for name in ABC],
        "Contest": [{
            "@id": "c1", "Name": "Grove", "NumberElected": 2,
            "ContestSelection": [{"@id": f"cs-{name}", "CandidateIds": [f"p-{name}"]} for name in ABC],
        }],
    }  # fmt: skip
    return {"@type": "CVR.CastVoteRecordReport", "CVR": records, "Election": [election]} | more


def test_cast_vote_records_give_ranks_gaps_and_equal_ranks() -> None:
    found = read(json.dumps(cvr(
        [("Beech", 1), ("Alder", 2)], [("Cedar", 1), ("Alder", 1), ("Beech", 3)], [], [("Beech", 1), ("Alder", 2)],
    )))  # fmt: skip
    assert (found.format, found.candidates, found.seats, found.title) == ("nist-cvr", ABC, 2, "Grove")
    assert marks(found) == {((1,), (0,)): 2, ((0, 2), (), (1,)): 1, (): 1}


def test_cast_vote_records_without_ranks_are_marks() -> None:
    found = read(json.dumps(cvr([("Beech", 0), ("Alder", 0)], [("Cedar", 0)])))
    assert (found.kind, marks(found)) == ("figures", {(1, 1, None): 1, (None, None, 1): 1})


def test_a_mark_that_was_not_seen_as_one_is_none_and_adjudication_counts() -> None:
    plain = cvr([("Beech", 1), ("Alder", 2)])
    snapshot = plain["CVR"][0]["CVRSnapshot"][0]
    snapshot["CVRContest"][0]["CVRContestSelection"][0]["SelectionPosition"][0]["HasIndication"] = "unknown"
    assert marks(read(json.dumps(plain))) == {((), (0,)): 1}
    changed = json.loads(json.dumps(snapshot)) | {"@id": "after", "Type": "modified"}
    changed["CVRContest"][0]["CVRContestSelection"][0]["SelectionPosition"][0]["HasIndication"] = "yes"
    plain["CVR"][0]["CVRSnapshot"].append(changed)
    plain["CVR"][0]["CurrentSnapshotId"] = "after"
    assert marks(read(json.dumps(plain))) == {((1,), (0,)): 1}


def test_a_report_of_several_contests_asks_which() -> None:
    plain = cvr([("Beech", 1)])
    plain["Election"][0]["Contest"].append({"@id": "c2", "ContestSelection": []})
    with pytest.raises(Refusal) as stopped:
        read(json.dumps(plain))
    assert "2 contests (c1, c2)" in stopped.value.sentence
    assert marks(read(json.dumps(plain), contest="Grove")) == {((1,),): 1}


@pytest.mark.parametrize(
    "text", ['{"result":[[4,2],[[2,1,0],[1,1,3],[0,0,0],[2,1,0]]]}', "[[2,1,0],[1,1,3],[0,0,0],[2,1,0]]"]
)
def test_a_belenios_result_and_its_bare_rows(text: str) -> None:
    found = read(text)
    assert (found.format, found.candidates) == ("belenios", ("Choice 1", "Choice 2", "Choice 3"))
    assert marks(found) == {((1,), (0,)): 2, ((0, 1), (), (2,)): 1, (): 1}


def test_sums_of_a_belenios_question_are_no_papers() -> None:
    with pytest.raises(Refusal) as stopped:
        read('{"result":[[4,2]]}')
    assert "holds sums and no papers" in stopped.value.sentence


RCTAB = {
    "config": {"contest": "Grove"},
    "results": [
        {"round": 1, "tally": {"Alder": "5", "Beech": 3.5, "Cedar": 2}, "threshold": "6",
         "tallyResults": [{"eliminated": "Cedar", "transfers": {}}]},
        {"round": 2, "tally": {"Alder": "6", "Beech": "4.5"}, "tallyResults": [{"elected": "Alder", "transfers": {}}]},
    ],
}  # fmt: skip
OPAVOTE = {
    "n_seats": 1, "title": "Grove", "precision": 2, "candidates": list(ABC), "winners": [0],
    "rounds": [
        {"n": 1, "count": [500, 350, 200], "winners": [], "losers": [], "thresh": 600},
        {"n": 2, "count": [600, 450, 0], "winners": [0], "losers": [2]},
    ],
}  # fmt: skip


@pytest.mark.parametrize("plain", [RCTAB, OPAVOTE])
def test_a_finished_count_is_a_report_and_no_papers(plain: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as stopped:
        read(json.dumps(plain))
    assert "it is a finished count" in stopped.value.sentence
    found = read_report(json.dumps(plain).encode(), "result.json")
    assert (found.title, found.seats, found.candidates, found.elected) == ("Grove", 1, ABC, ("Alder",))
    assert [str(votes) for _, votes in found.rounds[0].tally] == ["5", "7/2", "2"]
    assert dict(found.rounds[1].tally)["Alder"] == 6


@pytest.mark.outside_data
def test_real_files_of_each_kind_have_the_papers_their_sources_say(outside_data: Path) -> None:
    """Minneapolis: 80,101 ballots, 639 of them blank, 36 candidates and write-ins (RCTab's own report)."""
    folder = outside_data / "count"
    about = read_contest((folder / "2013_minneapolis_mayor_rules.json").read_bytes(), "rules.json")
    found = read_ballots(
        (folder / "2013_minneapolis_mayor_ballots.csv").read_bytes(), "ballots.csv", about=about
    )
    assert sum(number for _, number in found.papers) == 80_101
    assert sum(number for paper, number in found.papers if not paper) == 639
    assert max(len(paper) for paper, _ in found.papers) == 3
    assert len(set(found.candidates) - {"Undeclared Write-ins"}) in (35, 36)
    for name in ("us_irv_margins.zip", "nsw2015_irv_margins.zip", "nsw2021_mayors_raire.zip"):
        format_ = "raire" if "raire" in name else "margin-irv"
        with zipfile.ZipFile(folder / name) as files:
            for one in files.namelist():
                if one.endswith((".txt", ".json")):
                    assert read_ballots(files.read(one), one).format == format_
    ranked = outside_data / "ballot" / "elections" / "v1b3-ed25519-f-mixed-h-nh-threshold" / "result.json"
    assert sum(number for _, number in read_ballots(ranked.read_bytes(), "result.json").papers) == 8
