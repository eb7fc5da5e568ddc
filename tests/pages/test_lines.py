"""Claims about text in lines of a width. Expected values: Python's textwrap, which everything else is held to."""

from __future__ import annotations

import textwrap

from hypothesis import example, given, settings
from hypothesis import strategies as st

from selectorate.pages.member.lines import lines

WORDS = st.text(alphabet=st.sampled_from("ab1é-—_.,:;() \t\n"), max_size=12)
TEXTS = st.lists(WORDS, max_size=25).map(" ".join)
INDENTS = st.sampled_from([("", ""), ("* ", "  ")])


@settings(max_examples=500, deadline=None)
@given(text=TEXTS, width=st.integers(8, 40), indents=INDENTS)
@example(text="Member M-00017: your place, well-known and so on--indeed", width=12, indents=("* ", "  "))
@example(text="a" * 60, width=20, indents=("", ""))
def test_lines_are_those_of_textwrap(text: str, width: int, indents: tuple[str, str]) -> None:
    first, then = indents
    wanted = textwrap.wrap(text, width, initial_indent=first, subsequent_indent=then)
    assert list(lines(text, width, first, then)) == wanted
