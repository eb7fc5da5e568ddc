"""The case in the manual is read and decided as the manual says; a damaged one never breaks the program."""

from __future__ import annotations

import textwrap
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from selectorate.errors import Refusal
from selectorate.register import decide, read_case
from selectorate.rules import load

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "manual" / "cases.md").read_text()
CASE = textwrap.dedent(PAGE[PAGE.index("    [case]") : PAGE.index("## The order of a case")])
CASE = CASE.replace("…64 hexadecimal digits…", "a" * 64).replace(
    'commitment = "…"', f'commitment = "{"b" * 64}"'
)


def test_the_case_in_the_manual_is_decided_under_the_demonstrations_rulebook() -> None:
    rulebook = load((ROOT / "src/selectorate/cli/demo/rulebook.toml").read_bytes(), "rulebook.toml")
    assert decide(read_case(CASE.encode(), "case.toml"), rulebook).outcome == "warning"
    departing = CASE.replace('# outcome = "no action"', 'outcome = "no action"').replace("# reason", "reason")
    assert decide(read_case(departing.encode(), "case.toml"), rulebook).outcome == "no action"


@settings(max_examples=100, deadline=None)
@given(cut=st.integers(0, len(CASE)), junk=st.binary(max_size=8), skip=st.integers(0, 40))
def test_a_damaged_case_is_read_or_refused_but_never_breaks(cut: int, junk: bytes, skip: int) -> None:
    text = CASE.encode()
    try:
        read_case(text[:cut] + junk + text[cut + skip :], "case.toml")
    except Refusal as reason:
        assert reason.code == "register.case"
