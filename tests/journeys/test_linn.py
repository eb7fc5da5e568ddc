"""The demonstration on a real ward: the whole journey gives the council's own stages.

Glasgow City Council, 3 May 2007, ward 1 Linn. The figures are those of the returning officer's report; real
names stay in the outside data, here candidates are trees.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from tests.journeys.conftest import selectorate


def played_with(outside_data: Path, tmp_path: Path) -> Path:
    """A demonstration on these papers: the one in $SELECTORATE_DEMO, which CI has just made, or a fresh one."""
    made = os.environ.get("SELECTORATE_DEMO")
    if made:
        return Path(made)
    nobody = {"SELECTORATE_DATA": str(outside_data), "SELECTORATE_JUDGE": "", "PATH": "/nowhere"}
    done = selectorate("demo", "--dir", tmp_path / "demo", seconds=1800, **nobody)
    assert done.returncode == 0, done.stdout + done.stderr
    return tmp_path / "demo"


@pytest.mark.slow
@pytest.mark.outside_data
def test_a_selection_with_linns_papers_gives_the_official_stages(outside_data: Path, tmp_path: Path) -> None:
    from selectorate.cli.demo.ward import trees

    official = json.loads((outside_data / "count" / "glasgow_2007_linn_stages.json").read_bytes())
    names = re.findall(
        r'^"Candidate \d+","([^"]+)"',
        (outside_data / "count" / "glasgow_2007_linn.csv").read_text(),
        re.MULTILINE,
    )
    tree_of = dict(zip(names, trees(len(names)), strict=True))
    public = played_with(outside_data, tmp_path) / "public"
    sheet = json.loads((public / "documents" / "sheet.json").read_bytes())
    assert sheet["elected"] == [tree_of[name] for name in official["winners_in_order"]]
    assert (sheet["valid"], sheet["quota"], sheet["seats"]) == (
        official["valid"],
        official["quota"],
        official["seats"],
    )
    assert len(sheet["stages"]) == len(official["stages"])
    for ours, theirs in zip(sheet["stages"], official["stages"], strict=True):
        assert ours["tallies"] == {tree_of[name]: votes for name, votes in theirs["votes"].items()}
        assert ours["non_transferable"] == theirs["non_transferable"]
        assert ours["elected"] == [tree_of[name] for name in theirs["elected"]]
    certificate = json.loads((public / "documents" / "certificate.json").read_bytes())
    assert certificate["word"] == "not certified"
    assert certificate["certified_to"] == 9
