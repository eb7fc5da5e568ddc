"""What the manual shows is what happens."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from selectorate.errors import Refusal
from selectorate.rules import load

PAGE = Path(__file__).resolve().parents[2] / "docs" / "manual" / "rulebook.md"


def blocks() -> list[str]:
    """The indented blocks of the page, in order."""
    found: list[list[str]] = []
    inside = False
    for line in PAGE.read_text().splitlines():
        if line.startswith("    "):
            found = found if inside else [*found, []]
            found[-1].append(line)
            inside = True
        elif line and not line.startswith("    "):
            inside = False
        elif inside:
            found[-1].append("")
    return [textwrap.dedent("\n".join(block)).strip() + "\n" for block in found]


def test_the_rulebook_in_the_manual_loads() -> None:
    rulebook = load(blocks()[0].encode(), "rules.toml", ["scottish-stv"])
    decision = rulebook.eligibility({"joined": "2026-06-30", "arrears_months": None})
    assert decision.outcome == "ask"


def test_the_refusal_in_the_manual_is_the_one_that_is_printed() -> None:
    text = blocks()[0].replace('"arrears_months <= 3"', '"arears_months <= 3"').replace("{app", "{ap")
    with pytest.raises(Refusal) as caught:
        load(text.encode(), "rules.toml")
    assert caught.value.sentence + "\n" == blocks()[1]
