"""Sheets and certificates are read in exactly one form; everything else is refused with its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.count.papers import SCOTTISH, counted, of

from selectorate import canon
from selectorate.count import margin
from selectorate.count.certificate import Certificate
from selectorate.count.objects import Sheet
from selectorate.errors import Refusal

PROFILE = of("60 AC, 58 BC, 30 CA, 29 CB, 20 D, 9 DB")
SHEET = counted(PROFILE, 2)
CERTIFICATE = margin.certify(PROFILE, SCOTTISH, 2, 0, 10, SHEET)


def refused(kind: type[Sheet | Certificate], whole: bytes, change: Callable[[dict[str, Any]], object]) -> str:
    plain = json.loads(whole)
    change(plain)
    with pytest.raises(Refusal) as stopped:
        kind.from_json(canon.encode(plain))
    assert stopped.value.code == "count.form"
    return stopped.value.sentence


NUMBER = "stage 1 of sheet.json: a number with 5 decimal places was expected."


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda one: one.pop("ties"), "sheet.json: the fields must be blank, candidates"),
        (lambda one: one.update(more=1), "sheet.json: the fields must be blank, candidates"),
        (lambda one: one.update(stages=[]), "stages of sheet.json: there is no stage."),
        (lambda one: one.update(seats=0), "seats of sheet.json: a whole number from 1 to 1000"),
        (lambda one: one.update(valid=-1), "valid of sheet.json: a whole number from 0"),
        (lambda one: one.update(valid="9"), "valid of sheet.json: a whole number from 0"),
        (lambda one: one.update(valid=True), "valid of sheet.json: a whole number from 0"),
        (lambda one: one.update(papers="0" * 63), "papers of sheet.json: 64 lower-case hex digits"),
        (lambda one: one.update(papers="A" * 64), "papers of sheet.json: 64 lower-case hex digits"),
        (lambda one: one.update(elected=["Elder"]), "elected of sheet.json: a name there is no candidate's."),
        (lambda one: one.update(elected=["Alder", "Alder"]), "elected of sheet.json: a name stands there"),
        (lambda one: one.update(candidates=["\x1b[2J"]), "candidates of sheet.json: a name of 1 to 200"),
        (lambda one: one["stages"][0]["tallies"].update(Alder="60.0"), NUMBER),
        (lambda one: one["stages"][0]["tallies"].update(Alder="060.00000"), NUMBER),
        (lambda one: one["stages"][0]["tallies"].update(Alder="-1.00000"), NUMBER),
        (lambda one: one["stages"][0]["tallies"].update(Alder="٣.00000"), NUMBER),
        (lambda one: one["stages"][0]["tallies"].update(Alder="1e5.00000"), NUMBER),
        (lambda one: one["stages"][0]["tallies"].update(Alder="9" * 11 + ".00000"), NUMBER),
        (lambda one: one["stages"][0]["tallies"].update(Alder=60), "stage 1 of sheet.json: text was"),
        (lambda one: one["stages"][0]["tallies"].pop("Alder"), "stage 1 of sheet.json: the fields must be"),
        (lambda one: one.update(ties=[{}]), "ties of sheet.json: the fields must be between"),
    ],
)  # fmt: skip
def test_a_sheet_in_another_form_is_refused(
    change: Callable[[dict[str, Any]], object], sentence: str
) -> None:
    assert refused(Sheet, SHEET.to_json(), change).startswith(sentence)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda one: one.update(doubtful=5), "doubtful of certificate.json: a multiple of ten was expected."),
        (lambda one: one.update(left_out=-10), "left_out of certificate.json: a whole number from 0"),
        (lambda one: one.update(example=None), "example of certificate.json: it goes with changed_from."),
        (lambda one: one.update(word="safe"), "word of certificate.json: one of certified, could change"),
        (lambda one: one["example"].update(add=[[[], 1]]), "add of certificate.json: rankings must be"),
        (lambda one: one["example"].update(add=[[["Alder"]]]), "add of certificate.json: a ranking and"),
        (lambda one: one["example"].update(add=[[["Alder"], 0]]), "add of certificate.json: a whole number"),
        (
            lambda one: one["example"].update(remove=[[["Beech"], 1], [["Alder"], 1]]),
            "remove of certificate.json: rankings must be sorted",
        ),
    ],
)  # fmt: skip
def test_a_certificate_in_another_form_is_refused(
    change: Callable[[dict[str, Any]], object], sentence: str
) -> None:
    assert refused(Certificate, CERTIFICATE.to_json(), change).startswith(sentence)


def test_bytes_that_are_not_canonical_are_refused() -> None:
    for kind, whole in ((Sheet, SHEET.to_json()), (Certificate, CERTIFICATE.to_json())):
        with pytest.raises(Refusal) as stopped:
            kind.from_json(whole + b"\n")
        assert stopped.value.code == "canon.form"
