"""A long search says how far it is, and Ctrl-C ends it with what is proved by then."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.count.papers import of

from selectorate.cli.officer.margin import certify_count as certify_command
from selectorate.cli.officer.margin import margin as margin_command
from selectorate.cli.officer.search import Search
from selectorate.count import rulesets
from selectorate.count.margin.found import Stopped
from selectorate.count.margin.measure import margin


def test_a_search_shows_what_is_examined_and_its_share() -> None:
    search = Search("a change")
    assert search.line(3) == "Searching for a change ... 3 s"
    search("Papers changed and counted again", 30, 120)
    line = search.line(12)
    assert "Papers changed and counted again" in line
    assert "30 of 120" in line
    assert line.count("█") == 6  # a quarter of 24
    assert "12 s" in line


def test_a_search_that_is_interrupted_gives_the_bounds_that_stand() -> None:
    """30 A, 20 B by elimination: whatever was proved when it ended is no more than the margin, 10 papers put in."""
    papers, rules = of("30 AB, 20 BA, 9 C"), rulesets.load("irv")
    whole = margin(papers, rules)
    assert whole.margin.additions is not None
    for steps in (1, 2, 3, 5, 8):
        left = [steps]

        def told(doing: str, done: int, total: int, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Stopped

        found = margin(papers, rules, told=told)
        for kind in ("changes", "additions", "deletions"):
            sure, true = getattr(found.margin, kind), getattr(whole.margin, kind)
            assert sure.lower <= true.lower
            assert sure.upper is None or sure.upper >= true.upper


@pytest.mark.parametrize("rules", ["ers97", "borda", "scottish-stv", "irv"])
def test_control_c_ends_the_search_and_the_command_still_answers(
    rules: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "papers.blt"
    file.write_text('3 1\n30 1 2 0\n20 2 1 0\n9 3 0\n0\n"Alder"\n"Beech"\n"Cedar"\n"Trees"\n')
    called = Search.__call__

    def interrupted(self: Search, doing: str, done: int, total: int) -> None:
        if not self.stopped:
            signal.raise_signal(signal.SIGINT)
        called(self, doing, done, total)

    monkeypatch.setattr(Search, "__call__", interrupted)
    before = signal.getsignal(signal.SIGINT)
    asked = [str(file), "--rules", rules]
    doubts = ["--doubtful", "40", "--left-out", "0"]
    for command, arguments in ((margin_command, asked), (certify_command, [*asked, *doubts])):
        answer = CliRunner().invoke(command, arguments)
        assert answer.exit_code == 0, answer.output
        assert "Stopped: what follows is what was found until then." in answer.output
        assert signal.getsignal(signal.SIGINT) is before
