"""The check of a sheet passes every honest one and finds every single change of one."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.count.papers import NO_FILE, SCOTTISH, counted, of, vector

from selectorate import canon
from selectorate.count import readers, stv
from selectorate.count.check import C1, Q5, check_sheet
from selectorate.count.objects import Profile, Sheet
from selectorate.errors import Refusal


def verdicts(sheet: Sheet, profile: Profile, seed: str | None = "acorn") -> list[str]:
    checks = check_sheet(sheet, profile, seed)
    assert [(check.duty, check.claim) for check in checks] == [("Q5", Q5), ("C1", C1)]
    assert all(check.because for check in checks)
    return [check.verdict for check in checks]


def mutations(plain: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every sheet that differs in one place; `papers`, `valid`, `blank` and `invalid` are the caller's to compare
    (see check.py)."""

    def changed(where: str, change: Any) -> tuple[str, dict[str, Any]]:
        other = copy.deepcopy(plain)
        change(other)
        return where, other

    for field in ("quota", "seats"):
        for step in (-1, 1):
            yield changed(
                f"{field} {step}", lambda one, field=field, step=step: one.update({field: one[field] + step})
            )
    yield changed("ruleset", lambda one: one.update(ruleset="other"))
    yield changed("candidates", lambda one: one["candidates"].reverse())
    yield changed("elected cut", lambda one: one["elected"].pop())
    yield changed("elected turned", lambda one: one["elected"].reverse())
    yield changed("a stage less", lambda one: one["stages"].pop())
    yield changed("a stage more", lambda one: one["stages"].append(copy.deepcopy(one["stages"][-1])))
    for at, stage in enumerate(plain["stages"]):
        yield changed(f"act {at}", lambda one, at=at: one["stages"][at].update(act="exclude Alder"))
        yield changed(f"number {at}", lambda one, at=at: one["stages"][at].update(number=at + 2))
        yield changed(f"rest {at}", lambda one, at=at: one["stages"][at].update(non_transferable="0.00001"))
        others = [name for name in plain["candidates"] if name not in stage["elected"]]
        if others:
            yield changed(
                f"elected {at}", lambda one, at=at, name=others[0]: one["stages"][at]["elected"].append(name)
            )
        if stage["elected"]:
            yield changed(f"nobody {at}", lambda one, at=at: one["stages"][at].update(elected=[]))
        for name, votes in stage["tallies"].items():
            more = str(int(votes.replace(".", "")) + 1).rjust(6, "0")
            put = f"{more[:-5]}.{more[-5:]}"
            yield changed(
                f"{name} {at}",
                lambda one, at=at, name=name, put=put: one["stages"][at]["tallies"].update({name: put}),
            )
            moved = copy.deepcopy(plain)  # one unit from somebody else: every sum still holds
            other = next(
                (key for key, held in stage["tallies"].items() if key != name and int(held.replace(".", ""))),
                None,
            )
            if other:
                less = str(int(stage["tallies"][other].replace(".", "")) - 1).rjust(6, "0")
                moved["stages"][at]["tallies"].update({name: put, other: f"{less[:-5]}.{less[-5:]}"})
                yield f"{other} to {name} {at}", moved
    for at, tie in enumerate(plain["ties"]):
        yield changed(f"tie gone {at}", lambda one, at=at: one["ties"].pop(at))
        yield changed(
            f"tie by {at}",
            lambda one, at=at, tie=tie: one["ties"][at].update(
                by="lot" if tie["by"] != "lot" else "earlier stage"
            ),
        )
        yield changed(f"tie stage {at}", lambda one, at=at: one["ties"][at].update(stage=9))
        yield changed(
            f"tie chosen {at}",
            lambda one, at=at: one["ties"][at].update(
                chosen=one["ties"][at]["between"][
                    -1 if one["ties"][at]["chosen"] == one["ties"][at]["between"][0] else 0
                ]
            ),
        )
        yield changed(
            f"tie for {at}",
            lambda one, at=at, tie=tie: one["ties"][at].update(
                {"for": "order" if tie["for"] != "order" else "surplus"}
            ),
        )


@pytest.mark.parametrize(
    "case", ["three-way-narrowing", "surplus-tie", "exhausted-papers", "lot", "elected-together"]
)
def test_every_single_change_of_a_sheet_is_found(case: str, vectors: Path) -> None:
    profile, expected = vector(vectors / "count" / case)
    sheet = counted(profile, expected["seats"], expected["tie_seed"])
    tried = 0
    for where, plain in mutations(sheet.to_plain()):
        if plain == sheet.to_plain():
            continue
        try:
            other = Sheet.from_json(canon.encode(plain))
        except Refusal:
            continue
        assert "failed" in verdicts(other, profile, expected["tie_seed"]), where
        tried += 1
    assert tried >= 20


def test_a_sheet_that_passes_says_of_how_much() -> None:
    profile = of("5 ABC, 4 BC, 3 CA, 1 CB")
    sheet = counted(profile, 1)
    sums, figures = check_sheet(sheet, profile, "acorn")
    assert sums.because == f"13 papers at each of {len(sheet.stages)} stages"
    assert figures.because == f"{len(sheet.stages)} stages, every figure"


def test_a_sheet_by_an_unknown_rule_set_fails_c1() -> None:
    profile = of("5 ABC, 4 BC, 3 CA, 1 CB")
    assert verdicts(replace(counted(profile, 1), ruleset="other"), profile) == ["passed", "failed"]


def test_a_lot_without_a_seed_is_not_checked_and_a_wrong_figure_before_it_fails(vectors: Path) -> None:
    profile, expected = vector(vectors / "count" / "lot")
    sheet = counted(profile, expected["seats"], expected["tie_seed"])
    assert verdicts(sheet, profile, None) == ["passed", "not checked"]
    first = replace(sheet.stages[0], act="exclude nobody")
    bent = replace(sheet, stages=(first, *sheet.stages[1:]))
    assert verdicts(bent, profile, None) == ["passed", "failed"]


def test_a_sheet_of_other_papers_is_found() -> None:
    """One paper more, fewer, or one that changed its last preference only."""
    profile = of("5 ABC, 4 BC, 3 CA, 1 CB")
    sheet = counted(profile, 1)
    assert verdicts(sheet, profile) == ["passed", "passed"]
    assert verdicts(sheet, of("5 ABC, 4 BC, 3 CA, 2 CB")) == ["failed", "failed"]
    assert verdicts(sheet, of("5 ABC, 4 BC, 2 CA, 2 CB")) == ["passed", "failed"]


def test_the_account_of_papers_is_another_duty_and_a_wrong_rest_fails_q5_alone() -> None:
    """5 ABC, 4 BC, 3 CA, 1 CB: nobody drops out with papers left, so nothing is non-transferable at stage 1."""
    profile = of("5 ABC, 4 BC, 3 CA, 1 CB")
    sheet = counted(profile, 1)
    for other in (replace(sheet, valid=14), replace(sheet, blank=1), replace(sheet, invalid=1)):
        assert verdicts(other, profile) == ["passed", "passed"]
    bent = replace(sheet, stages=(replace(sheet.stages[0], non_transferable=1), *sheet.stages[1:]))
    assert verdicts(bent, profile) == ["failed", "passed"]


def test_a_count_that_took_the_wrong_of_two_tied_is_found(vectors: Path) -> None:
    """The sheet of another seed is honest in every figure, but not the draw that was committed to."""
    profile, _ = vector(vectors / "count" / "lot")
    other = next(
        sheet
        for seed in ("elder", "hazel", "holly", "rowan", "larch")
        if (sheet := counted(profile, 1, seed)).ties[0].chosen == "Beech"
    )
    checks = check_sheet(other, profile, "acorn")
    assert checks[1].verdict == "failed"
    assert checks[1].because == "stage 2 is “exclude Beech”; the rule set gives “exclude Cedar”"


def test_a_rule_set_that_nobody_knows_fails_and_the_other_duty_is_still_done() -> None:
    profile = of("5 ABC, 4 BC")
    assert verdicts(replace(counted(profile, 1), ruleset="other"), profile) == ["passed", "failed"]


@pytest.mark.outside_data
def test_the_check_passes_the_official_ward_and_fails_it_a_unit_off(outside_data: Path) -> None:
    file = readers.read((outside_data / "count" / "glasgow_2007_linn.csv").read_bytes(), "ward.csv")
    sheet = stv.count(file.profile, SCOTTISH, file.seats, tie_seed=None, papers_digest=NO_FILE)
    assert verdicts(sheet, file.profile, None) == ["passed", "passed"]
    plain = json.loads(sheet.to_json())
    votes = plain["stages"][7]["tallies"]
    first, second = sorted(votes, key=lambda name: int(votes[name].replace(".", "")))[-2:]
    votes[first], votes[second] = votes[second], votes[first]
    assert verdicts(Sheet.from_json(canon.encode(plain)), file.profile, None) == ["passed", "failed"]
