"""Values of the rooms as the pages and the terminal take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectorate.count.certificate import Certificate
    from selectorate.count.objects import Sheet
    from selectorate.pages.objects import CountSheet


def sheet_of(sheet: Sheet) -> CountSheet:
    from selectorate.cli.story import count_sheet

    return count_sheet(sheet)


def certificate_lines(made: Certificate) -> tuple[str, ...]:
    """The certificate in sentences."""
    doubts = made.doubtful + made.left_out
    lines = [
        f"In doubt: up to {made.doubtful} who voted, up to {made.left_out} left out (rounded up to tens).",
        f"Certified up to {made.certified_to}: no change of so few papers can change who is elected.",
    ]
    if made.changed_from is not None:
        lines.append(f"An example of {made.changed_from} papers that would change it was found.")
    said = {
        "certified": "CERTIFIED: the doubts could not have changed who is elected.",
        "could change": "COULD CHANGE: an example within the doubts elects others. It is possible, not shown.",
        "not certified": f"NOT CERTIFIED: the doubts ({doubts}) are larger than the proof ({made.certified_to}). "
        "Nobody is unseated by this.",
    }
    return (*lines, said[made.word])
