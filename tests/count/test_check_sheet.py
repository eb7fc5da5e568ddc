"""A sheet held against itself and its rules, without the papers: every kind of lie is found, by its duty."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.count.by_hand import VOTE, orchard
from tests.count.papers import counted, of

from selectorate.canon import Check
from selectorate.count import methods, rulesets
from selectorate.count.objects import Sheet, Stage, Tie, Transfer
from selectorate.count.sheets import form
from selectorate.count.sheets.check import CLAIMS, check_papers, check_sheet
from selectorate.count.ties import Draw


def failed(sheet: Sheet, seed: str | None = None) -> dict[str, str]:
    return {one.duty: one.because for one in check_sheet(sheet, seed) if one.verdict == "failed"}


def verdicts(checks: tuple[Check, ...]) -> dict[str, str]:
    return {one.duty: one.verdict for one in checks}


def test_an_honest_sheet_passes_every_duty() -> None:
    assert verdicts(check_sheet(orchard())) == dict.fromkeys(list(CLAIMS)[:9], "passed") | {
        "N8": "not part of it"
    }


def at(number: int, **changes: Any) -> Sheet:
    """The orchard with one stage changed."""
    stages = tuple(replace(one, **changes) if one.number == number else one for one in orchard().stages)
    return orchard(stages=stages)


def moved(number: int, which: int, **changes: Any) -> Sheet:
    """The orchard with one transfer of one stage changed, and nothing else."""
    found = orchard().stages[number - 1].transfers
    return at(
        number, transfers=tuple(replace(one, **changes) if i == which else one for i, one in enumerate(found))
    )


def another_value() -> Sheet:
    """Beech gets 20 papers at 0.10: sums and transfers agree, the rest hides among the non-transferable."""
    two, three = orchard().stages[1:]
    low = replace(
        two,
        tallies=(3_400_000, 3_200_000, 2_240_000, 1_000_000),
        non_transferable=160_000,
        transfers=(
            Transfer("Alder", "Beech", 20, 10_000, 200_000),
            Transfer("Alder", "Cedar", 16, 15_000, 240_000),
            Transfer("Alder", None, 4, 15_000, 60_000),
        ),
    )
    end = replace(three, tallies=(3_400_000, 3_800_000, 2_540_000, 0), non_transferable=260_000)
    return orchard(stages=(orchard().stages[0], low, end))


def lost_papers() -> Sheet:
    """Elm's papers are nine: the tenth, which named Cedar, is gone and counted as non-transferable."""
    three = orchard().stages[2]
    ways = (
        Transfer("Elm", "Beech", 6, VOTE, 600_000),
        Transfer("Elm", "Cedar", 2, VOTE, 200_000),
        Transfer("Elm", None, 1, VOTE, 100_000),
    )
    tallies = (3_400_000, 3_900_000, 2_440_000, 0)
    end = replace(three, transfers=ways, tallies=tallies, non_transferable=260_000)
    return orchard(stages=(*orchard().stages[:2], end))


def another_excluded() -> Sheet:
    """Cedar goes out with 22.4 votes although Elm has 10: 20 papers at 1 and 16 at 0.15, all to Beech."""
    end = Stage(
        3,
        "exclude Cedar",
        (3_400_000, 5_540_000, 0, 1_000_000),
        60_000,
        ("Beech",),
        ("Cedar",),
        transfers=(
            Transfer("Cedar", "Beech", 20, VOTE, 2_000_000),
            Transfer("Cedar", "Beech", 16, 15_000, 240_000),
        ),
    )
    return orchard(stages=(*orchard().stages[:2], end))


def surplus_skipped() -> Sheet:
    """Elm goes out at stage 2 although Alder's surplus waits."""
    one = orchard().stages[0]
    two = replace(
        orchard().stages[2],
        number=2,
        tallies=(4_000_000, 3_600_000, 2_300_000, 0),
        non_transferable=100_000,
    )
    return orchard(stages=(one, two))


def swapped_winner() -> Sheet:
    stages = (*orchard().stages[:2], replace(orchard().stages[2], elected=("Cedar",)))
    return orchard(stages=stages, elected=("Alder", "Cedar"))


LIES: dict[str, tuple[Callable[[], Sheet], str, str]] = {
    "a rule set that nobody has": (lambda: orchard(ruleset="pleasing-stv"), "N1", "pleasing-stv"),
    "other places than the rules": (
        lambda: orchard(places=4), "N1", "reckons to 5 places",
    ),
    "checked against a report that was not": (
        lambda: orchard(anchor="The official report of Northmoor"), "N1", "Northmoor",
    ),
    "a withdrawn candidate who stands": (lambda: orchard(withdrawn=("Elm",)), "N1", "Elm has withdrawn"),
    "a quota too high": (lambda: orchard(quota=35), "N2", "the quota is 34, not 35"),
    "no quota": (lambda: orchard(quota=None), "N2", "there is no quota"),
    "a vote from nowhere": (
        lambda: at(2, tallies=(3_400_000, 3_300_001, 2_240_000, 1_000_000)), "N3", "stage 2 adds up to 100.00001",
    ),
    "more valid papers than votes": (lambda: orchard(valid=101), "N3", "stage 1 adds up to 100.00000"),
    "votes that no transfer brings": (
        lambda: at(3, tallies=(3_400_000, 3_800_000, 2_640_000, 0)), "N4", "do not explain the votes of Beech",
    ),
    "papers whose value is not their votes": (lambda: moved(2, 0, papers=30), "N4", "30 papers to Beech"),
    "transfers struck out": (lambda: at(2, transfers=()), "N4", "stage 2 changes tallies"),
    "a value that the surplus does not give": (another_value, "N5", "all papers of Alder"),
    "papers that vanish in an exclusion": (lost_papers, "N5", "papers of Elm are left over"),
    "somebody below the quota elected": (swapped_winner, "N6", "Cedar is elected below the quota"),
    "somebody with the quota passed over": (
        lambda: at(1, elected=()), "N6", "Alder has the quota and is not elected",
    ),
    "somebody excluded who was not lowest": (another_excluded, "N7", "Elm has fewer votes than Cedar"),
    "a surplus that did not move": (surplus_skipped, "N7", "Alder has a surplus"),
    "a tie that was none": (
        lambda: orchard(ties=(Tie(("Cedar", "Elm"), "lot", "Elm", "exclusion", 3),)), "N8", "had not equal votes",
    ),
    "elected in another order": (lambda: orchard(elected=("Beech", "Alder")), "N9", "not those of the stages"),
    "a stage left out": (
        lambda: orchard(stages=(orchard().stages[0], orchard().stages[2])), "N9", "stage 3 follows stage 1",
    ),
    "a stage after the last seat": (
        lambda: orchard(stages=(*orchard().stages, replace(orchard().stages[2], number=4, elected=()))),
        "N9", "every seat was filled before stage 4",
    ),
    "more elected than seats": (lambda: orchard(seats=1), "N9", "more than 1 seats"),
    "a count that stops early": (
        lambda: orchard(stages=orchard().stages[:2], elected=("Alder",)), "N9", "free seats",
    ),
    "somebody elected and excluded": (
        lambda: at(3, excluded=("Beech",)), "N9", "Beech is excluded and elected",
    ),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_every_kind_of_lie_is_found(lie: str) -> None:
    make, duty, because = LIES[lie]
    found = failed(make())
    assert duty in found, found
    assert because in found[duty]


def test_every_duty_without_the_papers_has_a_lie_that_fails_it() -> None:
    assert {duty for _, duty, _ in LIES.values()} == set(CLAIMS) - {"N10"}


def test_a_lie_about_the_last_paper_of_an_exclusion_is_found_in_the_last_stage() -> None:
    assert "papers of Elm are left over" in failed(lost_papers())["N5"]


def test_several_faults_are_all_told_and_none_hides_another() -> None:
    found = failed(orchard(quota=35, anchor="elsewhere", elected=("Beech", "Alder")))
    assert set(found) >= {"N1", "N2", "N9"}


def test_a_report_without_transfers_is_checked_as_far_as_it_goes() -> None:
    bare = form.read(json.dumps(orchard().to_count_json()).encode())
    found = verdicts(check_sheet(bare))
    assert found["N3"] == found["N2"] == "passed"
    assert found["N4"] == found["N5"] == found["N6"] == "not checked"
    worse = replace(bare, quota=36)
    assert failed(worse) == {"N2": "the quota is 34, not 36"}


def tied(by: str, chosen: str) -> Sheet:
    """Cedar and Elm have 3 first preferences each, and one goes out at stage 2."""
    sheet = counted(of("9 A, 5 B, 3 C, 3 D"), 1, seed="acorn")
    tie = next(one for one in sheet.ties if one.stage == 2)
    return replace(sheet, ties=(replace(tie, by=by, chosen=chosen), *sheet.ties[1:]))  # type: ignore[arg-type]


def test_a_lot_is_drawn_again_with_the_seed_and_not_checked_without() -> None:
    """The digests of "acorn|2|Cedar" and "acorn|2|Dogwood" decide; they are compared in the test."""
    import hashlib

    first = min(("Cedar", "Dogwood"), key=lambda one: hashlib.sha256(f"acorn|2|{one}".encode()).hexdigest())
    other = "Dogwood" if first == "Cedar" else "Cedar"
    assert verdicts(check_sheet(tied("lot", first)))["N8"] == "not checked"
    assert verdicts(check_sheet(tied("lot", first), "acorn"))["N8"] == "passed"
    assert "the lot by this seed" in failed(tied("lot", other), "acorn")["N8"]


def test_an_earlier_stage_that_tells_nobody_apart_is_a_lie() -> None:
    assert "no earlier stage" in failed(tied("earlier stage", "Cedar"))["N8"]


def test_equal_votes_without_a_recorded_tie_are_found() -> None:
    sheet = replace(tied("lot", "Cedar"), ties=())
    assert "no tie is recorded" in failed(sheet)["N7"]


def test_the_papers_give_the_sheet_or_another() -> None:
    profile = of("40 ABC, 30 B, 20 C, 10 DB")
    again = counted(profile, 2)
    assert check_papers(again, again, "another engine").verdict == "passed"
    worse = replace(again, elected=again.elected[::-1])
    found = check_papers(worse, again, "another engine")
    assert found.verdict == "failed"
    assert "elected: the sheet says" in found.because
    first = again.stages[0]
    changed = replace(first, tallies=(first.tallies[0] - 1, first.tallies[1] + 1, *first.tallies[2:]))
    found = check_papers(replace(again, stages=(changed, *again.stages[1:])), again, "another engine")
    assert "stage 1: Alder has 40.00000 by the papers" in found.because


@pytest.mark.outside_data
@pytest.mark.parametrize("report", ["glasgow_2007_linn", "dundee_2022_ward1", "dundee_2022_ward3"])
def test_an_official_report_passes_without_the_papers(report: str, outside_data: Path) -> None:
    """The returning officer's own figures, typed as a sheet; and one figure changed is found."""
    official = json.loads((outside_data / "count" / f"{report}_stages.json").read_text())
    typed = {
        "ruleset": "scottish-stv",
        "seats": official["seats"],
        "valid": official["valid"],
        "quota": official["quota"],
        "elected": official["winners_in_order"],
        "stages": [
            {
                "number": one["stage"],
                "act": one["action"],
                "tallies": one["votes"],
                "non_transferable": one["non_transferable"],
                "elected": one["elected"],
            }
            for one in official["stages"]
        ],
    }
    found = verdicts(check_sheet(form.read(json.dumps(typed).encode())))
    assert "failed" not in found.values()
    assert [found[duty] for duty in ("N1", "N2", "N3", "N6", "N7", "N9")] == ["passed"] * 6
    typed["stages"][1]["non_transferable"] = typed["stages"][0]["non_transferable"]
    assert "N3" in failed(form.read(json.dumps(typed).encode()))


KEEPING = of("40 A, 5 AB, 20 B, 18 C, 9 DC, 4 EB")
"""Alder has the quota of 2 seats at once; then Elm (4) is lowest, then Dogwood (9)."""


@pytest.mark.parametrize("name", ["meek-nz", "meek-hww", "meek-prf", "warren"])
def test_a_quota_by_keep_values_follows_from_what_nobody_holds_at_its_stage(name: str) -> None:
    sheet = methods.count(KEEPING, rulesets.load(name), 2, draw=Draw("acorn"))
    assert verdicts(check_sheet(sheet))["N2"] == verdicts(check_sheet(sheet))["N7"] == "passed"
    last = sheet.stages[-1]
    printed = dict(last.figures)["quota"]
    lower = str(int(printed[0]) - 1) + printed[1:]
    told = tuple((key, lower if key == "quota" else value) for key, value in last.figures)
    forged = replace(sheet, stages=(*sheet.stages[:-1], replace(last, figures=told)))
    assert verdicts(check_sheet(forged))["N2"] == "failed"


def test_by_keep_values_too_who_goes_out_was_lowest() -> None:
    sheet = methods.count(KEEPING, rulesets.load("meek-nz"), 2, draw=Draw("acorn"))
    out = next(stage for stage in sheet.stages if stage.excluded)
    assert out.excluded == ("Elm",)
    forged = replace(out, act="exclude Dogwood", excluded=("Dogwood",))
    stages = tuple(forged if stage is out else stage for stage in sheet.stages)
    assert verdicts(check_sheet(replace(sheet, stages=stages)))["N7"] == "failed"
