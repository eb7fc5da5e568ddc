"""What is written is read back as the same papers, in every format that has a sign for them."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.count.papers import NO_FILE, SCOTTISH, counted, of
from tests.count.test_formats import read

from selectorate.count import readers, writers
from selectorate.count.ballots import OVERVOTE, Ballots
from selectorate.count.cleaning import clean
from selectorate.errors import Refusal

NAMES = st.lists(
    st.text("ABäé ,;'\"&<|#=0123x", min_size=1, max_size=8).map(str.strip).filter(
        lambda name: name and not name.startswith("#") and " = " not in f" {name} " and name not in ("x", "X")
    ),
    min_size=3, max_size=3, unique=True,
).map(tuple)  # fmt: skip
TITLE = st.text("ABC d,\"'é", max_size=12).map(lambda text: text.strip())
NUMBER = st.integers(1, 10**6)


def ranks(least: int, *, twice: bool, over: bool) -> st.SearchStrategy[Any]:
    group = st.lists(st.integers(0, 2), unique=True, min_size=least, max_size=3).map(sorted).map(tuple)
    marks = st.lists(st.one_of(st.just((OVERVOTE,)), group) if over else group, max_size=4).map(_trimmed)
    if twice:
        return marks
    return marks.filter(
        lambda paper: not paper or max(Counter(one for rank in paper for one in rank).values()) == 1
    )


def _trimmed(paper: list[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
    while paper and not paper[-1]:
        paper.pop()
    return tuple(paper)


def papers(paper: st.SearchStrategy[Any], kind: str, withdrawn: bool) -> st.SearchStrategy[Ballots]:
    gone = st.sampled_from([(), (1,), (0, 2)]) if withdrawn else st.just(())
    return st.builds(
        lambda names, rows, seats, title, gone: Ballots(
            kind, names, tuple(Counter(dict(rows)).items()), "", NO_FILE, seats, title,  # type: ignore[arg-type]
            tuple(names[one] for one in gone),
        ),
        NAMES, st.lists(st.tuples(paper, NUMBER), min_size=1, max_size=6), st.integers(1, 9), TITLE, gone,
    )  # fmt: skip


ALL = papers(ranks(0, twice=True, over=True), "ranks", True)
SIGNED = papers(ranks(0, twice=True, over=False), "ranks", True)
ORDERS = papers(ranks(1, twice=False, over=False), "ranks", False)
SCORES = papers(st.tuples(*[st.one_of(st.none(), st.integers(0, 99))] * 3), "figures", True)


def same(found: Ballots, expected: Ballots) -> None:
    assert dict(found.papers) == dict(expected.papers)
    for name in ("kind", "candidates", "seats", "withdrawn"):
        assert getattr(found, name) == getattr(expected, name), name
    assert found.title == expected.title.strip()


@settings(max_examples=40, deadline=None)
@given(SIGNED)
def test_blt_round_trip(ballots: Ballots) -> None:
    same(read(writers.write_blt(ballots)), ballots)


@settings(max_examples=40, deadline=None)
@given(ORDERS)
def test_preflib_round_trip(ballots: Ballots) -> None:
    same(read(writers.write_preflib(ballots)), ballots)


@settings(max_examples=40, deadline=None)
@given(st.one_of(ALL, SCORES))
def test_csv_round_trip(ballots: Ballots) -> None:
    same(read(writers.write_csv(ballots)), ballots)


def test_names_with_other_marks_that_part_columns_survive_csv() -> None:
    names = ("0", ";", ";;;", "a, b")
    ballots = Ballots("figures", names, (((None, 1, None, 2), 1),), "", NO_FILE, 1)
    same(read(writers.write_csv(ballots)), ballots)


@settings(max_examples=15, deadline=None)
@given(st.one_of(ALL, SCORES))
def test_xlsx_round_trip(ballots: Ballots) -> None:
    pytest.importorskip("xlsxwriter")
    written = writers.write_xlsx(ballots)
    same(read(written), ballots)
    assert writers.write_xlsx(ballots) == written


def test_preflib_grades_round_trip() -> None:
    graded = Ballots(
        "figures", ("Alder", "Beech"), (((2, 0), 3), ((1, None), 1)), "", NO_FILE, 1, "Grove", (),
        ("Poor", "Fair", "Good"),
    )  # fmt: skip
    found = read(writers.write_preflib(graded))
    assert (found.papers, found.grades, found.seats) == (graded.papers, graded.grades, 1)


def test_the_order_of_papers_is_written_too() -> None:
    text = '2 1\n1 1 0\n2 2 0\n1 1 0\n1 0\n0\n"Alder" "Beech" "Grove"\n'
    ballots = read(text, keep_order=True)
    for write in (writers.write_blt, writers.write_csv):
        again = read(write(ballots), keep_order=True)
        assert [again.papers[at] for at in again.order] == [ballots.papers[at] for at in ballots.order]


def test_units_are_written_where_there_is_a_column_for_them() -> None:
    ballots = read("unit,count,rank1\nNorth,4,Alder\nSouth,2,Alder\n")
    again = read(writers.write_csv(ballots))
    assert (again.papers, again.units) == (ballots.papers, ("North", "South"))
    for write in (writers.write_blt, writers.write_preflib):
        with pytest.raises(Refusal) as stopped:
            write(ballots)
        assert "unit" in stopped.value.sentence


@pytest.mark.parametrize(
    ("write", "paper"),
    [
        (writers.write_blt, ((OVERVOTE,),)),
        (writers.write_preflib, ((OVERVOTE,),)),
        (writers.write_preflib, ((), (0,))),
        (writers.write_preflib, ((0,), (0,))),
    ],
)
def test_a_mark_without_a_sign_is_refused_and_not_left_out(write: Any, paper: Any) -> None:
    with pytest.raises(Refusal) as stopped:
        write(Ballots("ranks", ("Alder", "Beech"), ((paper, 1),), "", NO_FILE))
    assert stopped.value.code == "count.write"


@pytest.mark.parametrize("name", ["overvote", "X", "# Ash", "Ash = Elm", "Ash =", "= Ash"])
def test_a_name_that_a_table_would_take_for_something_else_is_refused(name: str) -> None:
    with pytest.raises(Refusal) as stopped:
        writers.write_csv(Ballots("ranks", (name, "Beech"), ((((0,),), 1),), "", NO_FILE))
    assert stopped.value.code == "count.write"


PROFILE = of("5 AB, 3 B, 2 CB", blank=2)


@pytest.mark.parametrize("write", [writers.write_blt, writers.write_csv, writers.write_preflib])
def test_a_profile_is_written_and_counted_again(write: Any) -> None:
    found = clean(read(write(PROFILE, 1, "Grove")), SCOTTISH)
    assert found.papers == PROFILE


def test_a_sheet_as_rctab_summary_says_who_stood_who_went_out_and_who_won() -> None:
    """5 Alder, 3 Beech, 2 Cedar then Beech: quota 6; Cedar goes out, 5 : 5; by first preferences Beech goes out."""
    sheet = counted(PROFILE, 1)
    plain = json.loads(writers.write_rctab(sheet))
    first = plain["results"][0]
    assert first["tally"] == {"Alder": "5", "Beech": "3", "Cedar": "2"}
    assert [one["eliminated"] for one in first["tallyResults"]] == ["Cedar"]
    assert plain["summary"]["totalNumBallots"] == "12"
    found = readers.read_report(writers.write_rctab(sheet), "summary.json")
    assert found.rounds[1].tally == (("Alder", 5), ("Beech", 5))
    assert found.elected == sheet.elected == ("Alder",)


def test_a_sheet_as_csv_has_a_row_for_each_stage() -> None:
    text = writers.sheet_csv(counted(PROFILE, 1)).decode()
    assert "\n1,,first preferences,,,5.00000,3.00000,2.00000,0.00000," in text
    assert text.startswith("title,\nrule set,scottish-stv\nseats,1\nvalid,10\nblank,2\n")
    assert writers.sheet_xlsx(counted(PROFILE, 1))[:2] == b"PK"


def test_without_its_library_a_workbook_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(Refusal) as stopped:
        writers.write_xlsx(PROFILE)
    assert (stopped.value.code, stopped.value.family) == ("count.engine", "engine trouble")
