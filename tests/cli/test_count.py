"""Counting a file of papers at the command line: forms, ties, and bad input that gets a sentence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import click
import pytest
from tests.cli.selection import done, say

from selectorate.cli.officer.count import CountCommand
from selectorate.count import rulesets

BLT = """4 2
40 1 2 0
20 1 3 0
30 2 0
18 3 0
10 4 2 0
0
"Alder"
"Beech"
"Cedar"
"Elm"
"The orchard"
"""
LOT = """3 1
3 1 0
2 2 0
2 3 1 0
0
"Alder"
"Beech"
"Cedar"
"A lot"
"""
DECISIVE = '2 1\n2 1 0\n2 2 0\n0\n"Ash"\n"Elm"\n"Equal"\n'


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    """Papers of 118 voters, two seats."""
    (tmp_path / "ward.blt").write_text(BLT)
    return tmp_path / "ward.blt"


def counted(*words: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done("count", *words, "--json"))
    return found


def test_a_file_is_counted_and_its_sheet_passes_its_own_check(ward: Path) -> None:
    """118 papers, two seats: quota 40; Alder has 60 and is elected first."""
    found = counted(ward, "--rules", "scottish-stv")
    assert (found["valid"], found["seats"], found["quota"]) == (118, 2, 40)
    assert found["stages"][0]["tallies"]["Alder"] == "60.00000"
    assert found["elected"][0] == "Alder"
    sheet = ward.with_name("sheet.json")
    sheet.write_text(json.dumps(found))
    said = say("check-sheet", sheet, "--papers", ward, "--json")
    assert said.code in (0, 3), said.err
    verdicts = {one["duty"]: one["verdict"] for one in json.loads(said.out)["checks"]}
    assert "failed" not in verdicts.values()
    assert verdicts["N10"] == "passed"


@pytest.mark.parametrize(("rules", "ways"), [("scottish-stv", "three"), ("ers97", "two"), ("meek-nz", "two")])
def test_a_sheet_is_counted_again_by_every_engine_there_is(ward: Path, rules: str, ways: str) -> None:
    sheet = ward.with_name("sheet.json")
    sheet.write_text(json.dumps(counted(ward, "--rules", rules)))
    report = json.loads(say("check-sheet", sheet, "--papers", ward, "--json").out)
    again = next(one for one in report["checks"] if one["duty"] == "N10")
    assert (again["verdict"], f"in {ways} ways" in again["because"]) == ("passed", True)


@pytest.mark.parametrize("rules", ["irv", "fptp", "two-round", "bucklin"])
def test_a_rule_set_that_fills_one_seat_is_not_held_to_the_seats_of_the_file(ward: Path, rules: str) -> None:
    """Alder has 60 of 118 first preferences. The file's two seats are those of another rule."""
    found = counted(ward, "--rules", rules)
    assert (found["seats"], found["elected"]) == (1, ["Alder"])
    refused = say("count", ward, "--rules", rules, "--seats", 2)
    assert refused.code == 2
    assert "2" in refused.err


def test_the_margin_of_one_seat_needs_no_seats(ward: Path) -> None:
    """60 votes to 30: fifteen papers changed make them equal, and so do thirty put in or taken out."""
    found = json.loads(done("margin", ward, "--rules", "fptp", "--json"))
    assert found["margin"] == {"changes": 15, "additions": 30, "deletions": 30}
    assert (found["winners"], found["exact"]) == (["Alder"], True)


def test_where_nothing_is_proved_the_margin_does_not_read_as_none(tmp_path: Path) -> None:
    """Who has the second seat hangs on Alder's surplus, and by keep values no bound follows it yet."""
    papers = tmp_path / "ward.blt"
    papers.write_text(
        '4 2\n60 1 3 0\n30 2 0\n18 3 0\n10 4 0\n0\n"Alder" "Beech" "Cedar" "Elm"\n"The orchard"\n'
    )
    said = done("margin", papers, "--rules", "meek-nz")
    assert "no number is proved of papers changed into others; a change with" in said
    assert "at least so many are needed" not in said


def test_a_sheet_of_other_papers_fails(ward: Path) -> None:
    sheet = ward.with_name("sheet.json")
    sheet.write_text(json.dumps(counted(ward)))
    other = ward.with_name("other.blt")
    other.write_text(BLT.replace("18 3 0", "19 3 0"))
    said = say("check-sheet", sheet, "--papers", other)
    assert said.code == 1
    assert "the papers are another file" in said.out


def test_a_changed_figure_fails_with_its_duty(ward: Path) -> None:
    found = counted(ward)
    found["quota"] = 41
    sheet = ward.with_name("sheet.json")
    sheet.write_text(json.dumps(found))
    said = say("check-sheet", sheet)
    assert said.code == 1
    assert any(
        line.startswith("✗ N2") and "the quota is 40, not 41" in line for line in said.out.splitlines()
    )


def test_every_form_is_written_beside_the_papers(ward: Path) -> None:
    outs = {
        form: ward.with_name(f"out.{form}") for form in ("html", "blt", "preflib", "rctab", "csv", "xlsx")
    }
    words = [word for form, out in outs.items() for word in (f"--{form}", out)]
    said = done("count", ward, "--rules", "scottish-stv", *words)
    assert "Elected, in order: Alder" in said
    assert "Stage 1" not in said
    assert outs["html"].read_text().startswith("<!DOCTYPE html>")
    assert outs["xlsx"].read_bytes()[:2] == b"PK"
    assert "Alder" in outs["csv"].read_text()
    assert json.loads(outs["rctab"].read_text())["results"][0]["tally"]["Alder"] == "60"
    stages = counted(ward, "--rules", "scottish-stv")["stages"]
    for form in ("blt", "preflib"):
        assert counted(outs[form], "--rules", "scottish-stv", "--seats", 2)["stages"] == stages


def test_text_is_printed_beside_a_file_only_if_asked(ward: Path) -> None:
    said = done("count", ward, "--html", ward.with_name("sheet.html"), "--text")
    assert "Stage 1: First preferences" in said
    assert "The orchard" in said


def test_without_a_seed_a_lot_is_reported_and_with_one_it_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "lot.blt").write_text(LOT)
    said = say("count", tmp_path / "lot.blt")
    assert said.code == 2
    assert "needs a lot between Beech, Cedar" in said.err
    assert say("count", tmp_path / "lot.blt", "--seed", "acorn", "--ties", "report").code == 2
    assert done("count", tmp_path / "lot.blt", "--seed", "acorn").count("by lot") == 1


def test_a_report_of_ties_shows_the_stages_up_to_the_first_lot(tmp_path: Path) -> None:
    """2 seats, quota 5. Alder has 6 and is elected; the surplus of 1 goes to nobody. Beech, Cedar and
    Elm have 2, 2 and 3 at every stage: the lot is between Beech and Cedar, for the exclusion at stage 3."""
    papers = tmp_path / "lot.blt"
    papers.write_text('4 2\n6 1 0\n2 2 0\n2 3 0\n3 4 0\n0\n"Alder" "Beech" "Cedar" "Elm"\n"Grove"\n')
    said = say("count", papers, "--ties", "report")
    assert (said.code, "Stage 1: First preferences" in said.out, "Stage 2" in said.out) == (2, True, True)
    assert "Stage 3" not in said.out
    assert "Stage 3 needs a lot between Beech, Cedar" in said.err
    found = json.loads(say("count", papers, "--ties", "report", "--json").out)
    assert found["stopped"] == {"between": ["Beech", "Cedar"], "for": "exclusion", "stage": 3}
    assert [one["act"] for one in found["stages"]] == ["first preferences", "surplus Alder"]
    assert found["elected"] == ["Alder"]


def test_a_lot_for_a_seat_shows_the_votes_that_are_equal(tmp_path: Path) -> None:
    """One seat, two candidates with three votes each: half of six and one are needed, and neither has them."""
    papers = tmp_path / "lot.blt"
    papers.write_text('2 1\n3 1 0\n3 2 0\n0\n"Alder" "Beech"\n"Grove"\n')
    found = json.loads(say("count", papers, "--rules", "fptp", "--ties", "report", "--json").out)
    assert (found["stopped"]["between"], found["elected"]) == (["Alder", "Beech"], [])
    assert [one["tallies"] for one in found["stages"]] == [{"Alder": "3", "Beech": "3"}]


def test_public_randomness_is_joined_to_the_seed(tmp_path: Path) -> None:
    """The seed of both is SHA-256 of "acorn|8 19 23", which anybody can reckon."""
    import hashlib

    (tmp_path / "lot.blt").write_text(LOT)
    joined = hashlib.sha256(b"acorn|8 19 23").hexdigest()
    both = counted(tmp_path / "lot.blt", "--seed", "acorn", "--randomness", "8 19 23")
    assert both == counted(tmp_path / "lot.blt", "--seed", joined)


def test_every_outcome_of_the_lots_is_tried(tmp_path: Path) -> None:
    (tmp_path / "lot.blt").write_text(LOT)
    (tmp_path / "even.blt").write_text(DECISIVE)
    said = done("count", tmp_path / "lot.blt", "--rules", "irv", "--ties", "all")
    assert "The lots have 2 outcomes, all with the same winners." in said
    assert "Elected: Alder." in said
    found = counted(tmp_path / "even.blt", "--rules", "irv", "--ties", "all")
    assert found["differ"] is True
    assert [one["elected"] for one in found["winners"]] == [["Ash"], ["Elm"]]


def test_the_list_of_rule_sets_says_what_each_was_checked_against() -> None:
    found = json.loads(done("count", "--list-rules", "--json"))["rulesets"]
    assert [one["name"] for one in found] == list(rulesets.names())
    for one in found:
        ruleset = rulesets.load(one["name"])
        expected = ruleset.anchor if ruleset.anchored else "not checked against an official count"
        assert one["anchor"] == expected
        assert one["not_seen"] == sum(asked["text"] == "not seen" for asked in one["questions"])
    text = done("count", "--list-rules")
    assert all(f"  {name}\n" in text for name in rulesets.names())
    assert "      texts not seen: 21 of 21 answers\n" in text  # ers76, whose rule book is out of print


BAD: dict[str, tuple[tuple[str, ...], str, str]] = {
    "nothing to count": ((), "", "Say what to count"),
    "a file that is not there": (("absent.blt",), "", "absent.blt is not there."),
    "a rule set that nobody has": (("FILE", "--rules", "pleasing-stv"), BLT, "There is no rule set “pleasing-stv”."),
    "no seats": (("FILE", "--seats", "0"), BLT, "0 is not in the range"),
    "randomness without a seed": (("FILE", "--randomness", "8"), BLT, "give --seed too"),
    "writing over the papers": (("FILE", "--blt", "FILE"), BLT, "is not overwritten"),
    "several seats for one winner": (("FILE", "--rules", "irv", "--seats", "2"), BLT, "“irv” elects one; 2 seats"),
    "no papers in it": (("FILE",), '2 1\n0\n"Ash"\n"Elm"\n"None"\n', "There is no valid paper to count"),
    "letters": (("FILE",), "Dear members,\nplease vote.\n", "FILE"),
    "a name that moves the cursor": (("FILE",), BLT.replace("Beech", "Be\x1b[2Jech"), "line"),
    "half a file": (("FILE",), BLT[:20], "FILE, line"),
    "more papers than there are people": (
        ("FILE",), BLT.replace("40 1 2 0", "1000000000000 1 2 0"), "FILE, line 2",
    ),
    "an outcome that is not asked so": (("FILE", "--ties", "coin"), BLT, "'coin' is not one of"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_a_sentence_and_no_traceback(name: str, tmp_path: Path) -> None:
    words, content, because = BAD[name]
    (tmp_path / "FILE").write_text(content)
    said = say("count", *(tmp_path / word if word == "FILE" else word for word in words))
    assert said.code == 2
    assert said.out == ""
    assert because in said.err.replace(f"{tmp_path}/", "")
    assert "Traceback" not in said.err
    assert "\x1b" not in said.err


def test_a_sheet_that_is_none_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "sheet.json").write_text('{"seats": 2.5}')
    said = say("check-sheet", tmp_path / "sheet.json")
    assert said.code == 2
    assert "the count sheet" in said.err


def test_a_file_that_is_called_like_a_command_is_counted_with_its_folder(tmp_path: Path) -> None:
    class Beside(CountCommand):
        further = {"exposure": "tests.cli.test_count:SHOUT"}  # noqa: RUF012

    command = Beside("count", callback=lambda: None)
    assert command.make_context("count", ["exposure", "x"]).command.name == "shout"
    assert command.make_context("count", []).command.name == "count"


SHOUT = click.Command("shout", params=[click.Argument(["word"])])


@pytest.mark.outside_data
@pytest.mark.slow
def test_an_official_ward_passes_as_a_sheet_of_ours(outside_data: Path, tmp_path: Path) -> None:
    shutil.copy(outside_data / "count" / "glasgow_2007_linn.csv", tmp_path / "ward.csv")
    found = counted(tmp_path / "ward.csv", "--rules", "scottish-stv")
    official = json.loads((outside_data / "count" / "glasgow_2007_linn_stages.json").read_text())
    assert found["elected"] == official["winners_in_order"]
    (tmp_path / "sheet.json").write_text(json.dumps(found))
    said = say("check-sheet", tmp_path / "sheet.json", "--papers", tmp_path / "ward.csv", "--json")
    assert "failed" not in {one["verdict"] for one in json.loads(said.out)["checks"]}


def test_places_for_groups_are_kept_and_the_sheet_is_checked_with_them(ward: Path, tmp_path: Path) -> None:
    """Quota 40: Alder has 60 and is elected. With one place for Alder and Beech, Beech goes out before the surplus
    of 20 moves; Beech's 30 papers name nobody else. Of Alder's 60 papers 20 go to Cedar, 40 name only Beech besides:
    Cedar has 18 and 20 x 20 / 60, about 24.7; Elm with 10 goes out, and Cedar is left alone."""
    groups, sheet = tmp_path / "groups.toml", tmp_path / "sheet.json"
    groups.write_text('[A]\ncandidates = ["Alder", "Beech"]\nmax = 1\n')
    assert counted(ward)["elected"] == ["Alder", "Beech"]
    found = counted(ward, "--groups", groups)
    assert found["elected"] == ["Alder", "Cedar"]
    assert found["stages"][1]["act"] == "exclude Beech"
    sheet.write_text(json.dumps(found))
    assert "give the groups too" in say("check-sheet", sheet, "--papers", ward).out
    report = json.loads(say("check-sheet", sheet, "--papers", ward, "--groups", groups, "--json").out)
    verdicts = {one["duty"]: one["verdict"] for one in report["checks"]}
    assert verdicts["N10"] == "passed"
    assert "failed" not in verdicts.values()
