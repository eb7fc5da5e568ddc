"""Reports, sheets and steps as a terminal shows them."""

from __future__ import annotations

import pytest

from selectorate.canon import Check, Report
from selectorate.pages.objects import CountSheet
from selectorate.pages.terminal import duration, progress_line, report_text, sheet_text, step_line

CHECKS = (
    Check("A1", "The file is whole.", "passed"),
    Check("B6", "Every proof is valid.", "not checked", "9,687 of 9,887 ballots were left out"),
    Check("R1", "The outcome follows.", "not part of it", "the poll is open"),
)


def test_the_first_line_has_the_verdict_and_the_stage() -> None:
    first, *lines = report_text(Report("open", CHECKS)).splitlines()
    assert first == "– incomplete; the poll is open (1 passed, 1 not checked, 1 not part of it)"
    assert lines == [
        "✓ A1  The file is whole.",
        "– B6  Every proof is valid. [not checked] – 9,687 of 9,887 ballots were left out",
        "– R1  The outcome follows. [not part of it] – the poll is open",
    ]


def test_a_failed_check_says_what_was_seen() -> None:
    report = Report("declared", (Check("B4", "The signature holds.", "failed", "ballot 12"),))
    assert report_text(report).splitlines() == [
        "✗ failed; declared (0 passed, 1 failed)",
        "✗ B4  The signature holds. – ballot 12",
    ]


def test_what_was_not_checked_never_gets_a_tick() -> None:
    for line in report_text(Report("closed", CHECKS)).splitlines():
        if "[not" in line:
            assert "✓" not in line


def test_colour_comes_only_when_asked_for() -> None:
    report = Report("closed", CHECKS)
    assert "\x1b" not in report_text(report)
    assert "\x1b[32m✓\x1b[0m A1" in report_text(report, colour=True)


@pytest.mark.parametrize("width", [40, 60, 100])
def test_a_sheet_keeps_every_figure_and_its_width(width: int, sheet: CountSheet) -> None:
    shown = sheet_text(sheet, width=width)
    table = shown[: shown.index("stage 1:")]
    for stage in sheet.stages:
        for _, votes in stage.tallies:
            assert votes in table
        assert stage.non_transferable in table
    assert all(len(line) <= width for line in table.splitlines())
    assert shown.endswith("elected (*), in order: Alder, Beech\n")


def test_the_elected_are_marked_at_their_stage(sheet: CountSheet) -> None:
    rows = [line for line in sheet_text(sheet).splitlines() if line.startswith(("Alder", "Beech"))]
    assert [row.split() for row in rows] == [
        ["Alder", "40.0*", "34.0", "34.0"],
        ["Beech", "30.0", "33.0", "39.0*"],
    ]


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [
        (0, "0.0 s"),
        (449, "0.4 s"),
        (9_999, "9.9 s"),
        (10_000, "10 s"),
        (59_999, "59 s"),
        (125_000, "2 min 05 s"),
        (3_720_000, "1 h 02 min"),
    ],
)
def test_times_are_said_as_people_say_them(milliseconds: int, said: str) -> None:
    assert duration(milliseconds) == said


def test_step_lines_are_of_one_width() -> None:
    lines = [
        step_line(step, 11, says, 1_234) for step, says in ((1, "Import"), (10, "Verify"), (11, "x" * 200))
    ]
    assert {len(line) for line in lines} == {78}
    assert lines[0].startswith(" 1/11 ✓ Import ...")
    assert lines[0].endswith(" 1.2 s")


def test_progress_says_how_many_and_how_long() -> None:
    assert (
        progress_line("Checking ballots", 3_000, 9_000, 4_000)
        == "Checking ballots: 3,000 of 9,000, 4.0 s, about 8.0 s to go"
    )
    assert progress_line("Checking ballots", 0, 9_000, 4_000) == "Checking ballots: 0 of 9,000, 4.0 s"
