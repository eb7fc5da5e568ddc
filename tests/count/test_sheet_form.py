"""The rich form of a sheet: what is written is read again, and what is not on the page is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from tests.count.by_hand import batches, orchard

from selectorate.count.objects import Sheet
from selectorate.count.sheets import form
from selectorate.errors import Refusal


def written(sheet: Sheet) -> bytes:
    return json.dumps(form.plain(sheet)).encode()


@pytest.mark.parametrize("sheet", [orchard(), batches()], ids=["orchard", "batches"])
def test_what_is_written_is_read_again(sheet: Sheet) -> None:
    assert form.read(written(sheet)) == sheet


def test_a_fraction_of_a_vote_stays_exact() -> None:
    sheet = orchard()
    last = replace(sheet.stages[-1], tallies=(3_400_000, 3_900_000, Fraction(7_620_001, 3), 0))
    whole = replace(sheet, stages=(*sheet.stages[:-1], last), quota=Fraction(101, 3))
    plain = form.plain(whole)
    assert plain["quota"] == "101/3"
    assert plain["stages"][2]["tallies"]["Cedar"] == "7620001/300000"  # 7,620,001 / 3 units of 0.00001
    assert form.read(written(whole)) == whole


def test_a_report_that_has_only_tallies_can_be_read() -> None:
    """The keys that the command has always printed are enough: candidates and places are seen in stage 1."""
    sheet = orchard()
    found = form.read(json.dumps(sheet.to_count_json()).encode())
    assert (found.candidates, found.places, found.elected) == (sheet.candidates, 5, sheet.elected)
    assert [stage.tallies for stage in found.stages] == [stage.tallies for stage in sheet.stages]


def test_the_form_on_the_record_can_be_read_too() -> None:
    sheet = orchard()
    found = form.read(sheet.to_json())
    assert found.to_json() == sheet.to_json()


def spoilt(**changes: Any) -> dict[str, Any]:
    return form.plain(orchard()) | changes


def stage(**changes: Any) -> dict[str, Any]:
    plain = form.plain(orchard())
    plain["stages"][1] |= changes
    return plain


TALLIES = {"Alder": "34.00000", "Beech": "33.00000", "Cedar": "22.40000", "Elm": "10.00000"}
WRONG: dict[str, tuple[Any, str]] = {
    "an unknown field": (spoilt(colour="green"), "“colour”"),
    "an unknown field of a stage": (stage(colour="green"), "“colour”"),
    "no stage": (spoilt(stages=[]), "stages were expected"),
    "seats as text": (spoilt(seats="2"), "whole number"),
    "yes for a number": (spoilt(valid=True), "whole number"),
    "a stranger elected": (spoilt(elected=["Yew"]), "no candidate's"),
    "elected twice": (spoilt(elected=["Alder", "Alder"]), "twice"),
    "a tally too few": (stage(tallies={"Alder": "34.00000"}), "tally for each candidate"),
    "other places": (stage(tallies=TALLIES | {"Elm": "10.0"}), "5 decimal places"),
    "a negative tally": (stage(tallies=TALLIES | {"Elm": "-1.00000"}), "5 decimal places"),
    "a fraction not in lowest terms": (stage(tallies=TALLIES | {"Elm": "20/2"}), "one way to write"),
    "a fraction of nought": (stage(tallies=TALLIES | {"Elm": "1/0"}), "fraction was expected"),
    "a transfer to a stranger": (
        stage(transfers=[{"from": "Alder", "to": "Yew", "papers": 1, "value": "1.00000", "votes": "1.00000"}]),
        "no candidate's",
    ),
    "a table with a short row": (
        spoilt(tables=[{"title": "Pairs", "columns": ["a", "b"], "rows": [["1"]]}]),
        "not as many cells",
    ),
    "a tie that chose somebody else": (
        spoilt(ties=[{"between": ["Elm", "Cedar"], "by": "lot", "chosen": "Alder", "for": "order", "stage": 2}]),
        "no candidate's",
    ),
    "a list": ([], "object was expected"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_the_page_does_not_describe_is_refused(name: str) -> None:
    value, because = WRONG[name]
    with pytest.raises(Refusal) as refused:
        form.read(json.dumps(value).encode())
    assert refused.value.code == "count.form"
    assert because in refused.value.sentence


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"seats": 1, "seats": 2}',
        b'{"quota": 1.5, "seats": NaN}',
    ],
    ids=["nothing", "no text", "too deep", "a field twice", "a number with a point"],
)
def test_bytes_that_are_no_sheet_get_a_sentence(text: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        form.read(text)
    assert refused.value.code == "count.form"
    assert "the count sheet" in refused.value.sentence
