"""Writes the table of maps in docs/manual/maps.md: python -m tests.cli.maps_page, with src on the path."""

from __future__ import annotations

from pathlib import Path

from selectorate.roll.columns import Layout, layouts

PAGE = Path(__file__).resolve().parents[2] / "docs" / "manual" / "maps.md"
BEGINS, ENDS = "<!-- maps: python -m tests.cli.maps_page -->\n", "<!-- end -->\n"


def maps_table() -> str:
    """One line for each map of the folder: members first, then payments and events."""
    lines = ["| map | what it is | holds | known by | refused in its own words | asked where missing |"]
    lines.append("|---|---|---|---|---|---|")
    tables = ("members", "payments", "events")
    for one in sorted(layouts(), key=lambda one: (tables.index(one.table), one.name)):
        known = " or ".join(", ".join(f"`{title}`" for title in sorted(titles)) for titles in one.known_by)
        refused = ", ".join(f"`{title}`" for title in sorted(one.refuse))
        needs = ", ".join(f"`{field}`" for field in one.needs)
        cells = (f"`{one.name}`", one.says, _held(one), known or _bare(one), refused, needs)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _held(one: Layout) -> str:
    return f"events, `{one.kind}`" if one.kind else one.table


def _bare(one: Layout) -> str:
    return "no header; " + ", ".join(f"`{field}`" for field in one.columns)


def maps_page(page: str) -> str:
    """The page with the table as it must be."""
    before, _, rest = page.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    return before + BEGINS + maps_table() + ENDS + after


if __name__ == "__main__":
    PAGE.write_text(maps_page(PAGE.read_text()))
