"""Writes the table of rule sets in docs/manual/count.md: python -m tests.cli.rules_page, with src on the path."""

from __future__ import annotations

from pathlib import Path

from selectorate.count import rulesets

PAGE = Path(__file__).resolve().parents[2] / "docs" / "manual" / "count.md"
BEGINS, ENDS = "<!-- rule sets: python -m tests.cli.rules_page -->\n", "<!-- end -->\n"
UNCHECKED = "not checked against an official count"


def rules_table() -> str:
    """One line for each rule set, by family and name."""
    lines = ["| `--rules` | what it is | law or rule book | checked against | texts not seen |"]
    lines.append("|---|---|---|---|---|")
    every = sorted((rulesets.load(name) for name in rulesets.names()), key=lambda one: (one.family, one.name))
    for one in every:
        anchor = one.anchor if one.anchored else UNCHECKED
        unseen = f"{one.resting(rulesets.NOT_SEEN)} of {len(one.questions)} answers" if one.unseen else ""
        cells = (f"`{one.name}`", *(_cell(text) for text in (one.title, one.law, anchor, unseen)))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def rules_page(page: str) -> str:
    """The page with the table as it must be."""
    before, _, rest = page.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    return before + BEGINS + rules_table() + ENDS + after


if __name__ == "__main__":
    PAGE.write_text(rules_page(PAGE.read_text()))
