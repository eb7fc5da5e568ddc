"""The count for a terminal: every stage in words, then every figure in tables that fold at the width."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from selectorate.pages.counted.objects import Count, Grid, Told
from selectorate.pages.html import figure
from selectorate.pages.terminal import plain

WIDTH = 80
CUT = "(cut off)"
_MARKS = {"elected": "*", "excluded": "x", "": " "}
UNCHECKED = "not checked against an official count"


def count_text(count: Count, *, width: int = WIDTH) -> str:
    """The whole count as lines of at most `width` characters (a name longer than that apart)."""
    lines = [*_head(count, width), ""]
    for stage in count.stages:
        lines += [*_stage(stage, width), ""]
    lines += _figures(count, width)
    for grid in count.tables:
        lines += ["", *_grid(grid, width)]
    lines += ["", *_end(count, width)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _wrapped(text: str, width: int, first: str = "", later: str | None = None) -> list[str]:
    later = " " * len(first) if later is None else later
    return textwrap.wrap(
        plain(text), width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False
    )


def _head(count: Count, width: int) -> list[str]:
    quota = f", quota {figure(count.quota)}" if count.quota else ""
    lines = _wrapped(count.heading, width) if count.heading else []
    lines += _wrapped(f"{count.title} ({count.ruleset})", width)
    lines += _wrapped(count.law, width, "  law: ")
    lines += _wrapped(
        count.checked_against or UNCHECKED, width, "  checked against: " * bool(count.checked_against) or "  "
    )
    lines += _wrapped(count.unseen, width, "  ") if count.unseen else []
    seats = "1 seat" if count.seats == 1 else f"{count.seats:,} seats"
    lines += _wrapped(
        f"{seats}, {count.valid:,} valid papers{quota} ({count.blank:,} blank, {count.invalid:,} invalid)",
        width,
    )
    if count.withdrawn:
        lines += _wrapped(", ".join(count.withdrawn), width, "withdrawn before the count: ", "  ")
    for what, papers in count.cleaning:
        lines += _wrapped(f"{what}: {_several(papers)}", width, "papers: ", "  ")
    for remark in count.remarks:
        lines += _wrapped(remark, width, "! ")
    return lines


def _several(papers: int) -> str:
    return "1 paper" if papers == 1 else f"{papers:,} papers"


def _stage(stage: Told, width: int) -> list[str]:
    lines = _wrapped(f"Stage {stage.label}: {stage.title}", width)
    lines += _wrapped(stage.says, width, "  ")
    lines += _ways(stage, width)
    for name, value in stage.figures:
        lines += _wrapped(f"{name}: {figure(value)}", width, "  ", "    ")
    for sentence in stage.ties:
        lines += _wrapped(sentence, width, "  tie: ")
    if stage.excluded:
        lines += _wrapped(", ".join(stage.excluded), width, "  excluded: ")
    if stage.elected:
        lines += _wrapped(", ".join(stage.elected), width, "  elected: ")
    if stage.clause:
        lines += _wrapped(stage.clause, width, "  rule: ")
    return lines


def _ways(stage: Told, width: int) -> list[str]:
    """Where the papers went, a line each; first preferences stand in the table of figures."""
    shown = [one for one in stage.passages if one.giver]
    cells = [
        (
            plain(one.heir or (CUT if one.cut else "nobody")),
            "" if one.papers is None else f"{one.papers:,}",
            one.value,
            figure(one.votes.text),
        )
        for one in shown
    ]
    if not cells:
        return []
    head = ("", "papers", "at", "votes")
    wide = [max(len(row[at]) for row in (*cells, head)) for at in range(4)]
    if not any(row[1] for row in cells):
        wide[1] = wide[2] = 0
    wide[0] = max(8, min(wide[0], width - 4 - sum(2 + box for box in wide[1:] if box)))
    lines: list[str] = []
    giver: str | None = None
    for one, row in zip(shown, cells, strict=True):
        if one.giver != giver:
            giver = one.giver
            title, columns = f"  from {plain(giver)[: width - 10]} to", _across(("", *head[1:]), wide)
            over = columns[: len(title) + 1].strip()
            lines += [title, columns] if over else [title + columns[len(title) :]]
        lines.append(_across((row[0][: wide[0]], *row[1:]), wide))
    return lines


def _across(row: tuple[str, ...], wide: list[int]) -> str:
    boxes = "".join(f"  {text:>{box}}" for text, box in zip(row[1:], wide[1:], strict=True) if box)
    return f"    {row[0]:<{wide[0]}}{boxes}"


def _figures(count: Count, width: int) -> list[str]:
    """Votes after each stage, candidates down and stages across, folded where the width ends."""
    if not count.stages:
        return []
    last = count.stages[-1]
    names = [*count.candidates, *(row.name for row in last.rest)]
    columns = [_column(stage, names) for stage in count.stages]
    shown = [plain(name) for name in names]
    room = max(12, width // 3)
    longest = min(room, max(len(name) for name in (*shown, "stage", "total")))
    box = max(len(cell) for column in columns for cell in column) + 2
    fitting = max(1, (width - longest) // box)
    several = len({stage.counts for stage in count.stages}) > 1
    counts = "Figures" if several else last.counts
    marks = "* elected, x excluded" if any(one.excluded for one in count.stages) else "* elected"
    lines = _wrapped(f"{counts}{' after each stage' if len(columns) > 1 else ''} ({marks})", width)
    labels = (*(name[:longest] for name in shown), *(["total"] if last.total else []))
    for start in range(0, len(columns), fitting):
        part = columns[start : start + fitting]
        head = "".join(f"{stage.label:>{box - 1}} " for stage in count.stages[start : start + fitting])
        lines += ["", f"{'stage':<{longest}}{head}"]
        lines += [
            f"{label:<{longest}}" + "".join(f"{column[at]:>{box}}" for column in part)
            for at, label in enumerate(labels)
        ]
    return lines


def _column(stage: Told, names: Sequence[str]) -> list[str]:
    """One stage's figures, each with one place for its mark."""
    rows = {row.name: row for row in (*stage.rows, *stage.rest)}
    cells = []
    for name in names:
        row = rows.get(name)
        if row is None:
            cells.append("- ")
        else:
            gone = row.fate == "excluded" and not row.since and not row.votes.size
            cells.append("- " if gone else f"{plain(row.votes.text)}{_MARKS[row.fate]}")
    return [*cells, f"{plain(stage.total.text)} "] if stage.total else cells


def _grid(grid: Grid, width: int) -> list[str]:
    """A table with columns folded at the width; one with whole sentences in its cells as a list."""
    lines = _wrapped(grid.title, width)
    table = [tuple(plain(cell) for cell in row) for row in (grid.columns, *grid.rows)]
    wide = [max(len(row[at]) for row in table) for at in range(len(grid.columns))]
    if not wide or wide[0] + max(wide[1:], default=0) + 2 > width:
        return [*lines, *_as_list(table, width)]
    boxes = [box + 2 for box in wide[1:]]
    for part in _folded(boxes, width - wide[0]):
        lines.append("")
        lines += [
            f"{row[0]:<{wide[0]}}" + "".join(f"{row[at + 1]:>{boxes[at]}}" for at in part) for row in table
        ]
    return lines


def _as_list(table: list[tuple[str, ...]], width: int) -> list[str]:
    """Each row as a few lines, every cell after its column's name."""
    lines: list[str] = []
    for row in table[1:]:
        for at, (head, cell) in enumerate(zip(table[0], row, strict=True)):
            before = "  " if at else ""
            lines += _wrapped(f"{head}: {cell}" if head else cell, width, before, "    ")
    return lines


def _folded(wide: list[int], room: int) -> Iterable[list[int]]:
    """Columns that stand beside each other, by their widths."""
    part: list[int] = []
    for at, box in enumerate(wide):
        if part and sum(wide[one] for one in part) + box > room:
            yield part
            part = []
        part.append(at)
    if part:
        yield part


def _end(count: Count, width: int) -> list[str]:
    lines = _wrapped(", ".join(count.elected) or "nobody", width, "elected, in order: ", "  ")
    if count.vacant:
        lines += _wrapped(f"{count.vacant:,} of {count.seats:,} seats stay vacant", width)
    return lines
