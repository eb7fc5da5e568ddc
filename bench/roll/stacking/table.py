"""The one table: a line for each measure, a column for each detector; means over the seeds, and what is worst."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from bench.roll.stacking.homes import COMMUNITIES, STRATA
from bench.roll.stacking.operations import KINDS
from bench.roll.stacking.scoring import BANDS, BARS, MAIN_BAR, OTHER_KINDS, Floats, Score, bootstrap

UNTRACED = ("invisible",)


@dataclass(slots=True)
class Column:
    """One detector over all seeds. clean: findings of severity 1 to 4 on each roll without stacking."""

    name: str
    scores: list[Score] = field(default_factory=list)
    clean: list[tuple[int, int, int, int]] = field(default_factory=list)
    same_twice: bool | None = None


def mean(values: list[float]) -> float:
    """Of those that are numbers; nan where none is."""
    known = [one for one in values if not np.isnan(one)]
    return float(np.mean(known)) if known else float("nan")


def number(value: float, digits: int = 2) -> str:
    """A figure, or a dash where there is none."""
    if np.isnan(value):
        return "–"
    return "∞" if np.isinf(value) else f"{value:.{digits}f}"


def along(rows: list[Floats], digits: int = 2) -> str:
    """The mean over seeds at each bar."""
    return " ".join(number(mean([float(row[place]) for row in rows]), digits) for place in range(len(BARS)))


def spread(values: list[float], digits: int = 2) -> str:
    """Mean, and least to most where there are several."""
    known = [one for one in values if not np.isnan(one)]
    if not known:
        return "–"
    shown = number(mean(known), digits)
    return (
        shown
        if len(known) == 1
        else f"{shown} ({number(min(known), digits)} to {number(max(known), digits)})"
    )


def lines(columns: list[Column]) -> Iterator[tuple[str, list[str]]]:
    """(what, a cell for each detector)."""

    def row(what: str, cell: Callable[[Column], str]) -> tuple[str, list[str]]:
        return what, [cell(one) if one.scores else "–" for one in columns]

    bars = " / ".join(f"{100 * bar:g}" for bar in BARS)
    yield f"at most so many % of honest members flagged: {bars}", ["" for _ in columns]
    yield row("honest flagged, %", lambda c: along([100 * one.honest for one in c.scores]))
    yield row("stacked among the flagged", lambda c: along([one.precision for one in c.scores]))
    yield row("recall, all stacked", lambda c: along([one.recall for one in c.scores]))
    yield row("recall, who leave a trace", lambda c: along([one.traceable for one in c.scores]))
    for place, kind in enumerate(KINDS):
        yield row(f"  {kind}", lambda c, p=place: along([one.kinds[p] for one in c.scores]))  # type: ignore[misc]
        if kind == "adaptive":
            yield row(
                f"  {kind}, who leave a trace",
                lambda c, p=place: along([one.kinds_traceable[p] for one in c.scores]),  # type: ignore[misc]
            )
    for place, (low, high) in enumerate(BANDS):
        what = f"  operations of {low} to {high}" if high < 10**6 else f"  operations of {low} and more"
        yield row(what, lambda c, p=place: along([one.bands[p] for one in c.scores]))  # type: ignore[misc]
    yield "with no bar: all who have any evidence", ["" for _ in columns]
    yield row("honest flagged, %", lambda c: spread([100 * one.whole[0] for one in c.scores]))
    yield row("recall, all stacked", lambda c: spread([one.whole[1] for one in c.scores]))
    yield "findings", ["" for _ in columns]
    yield row("right of the first 10", lambda c: spread([one.first for one in c.scores]))
    yield row("right of as many as operations", lambda c: spread([one.as_many for one in c.scores]))
    yield row("operations hit", lambda c: spread([one.hit for one in c.scores]))
    for kind in (*(one for one in KINDS if one not in UNTRACED), *OTHER_KINDS):
        yield row(f"  {kind}", lambda c, k=kind: spread([one.hit_kinds[k] for one in c.scores]))  # type: ignore[misc]
    yield row("that name members", lambda c: spread([float(one.named) for one in c.scores], 0))
    yield row("about a branch alone", lambda c: spread([float(one.branches) for one in c.scores], 0))
    yield row("  of these, right", lambda c: spread([one.branches_right for one in c.scores]))
    yield from _fairness(columns)
    yield from _quiet(columns)
    yield "cost", ["" for _ in columns]
    yield row("seconds", lambda c: spread([one.seconds for one in c.scores], 1))
    yield row("seconds of processor", lambda c: spread([one.worked for one in c.scores], 1))
    yield row("peak MiB", lambda c: spread([one.memory for one in c.scores], 0))
    yield row("the same output twice", lambda c: {None: "–", True: "yes", False: "NO"}[c.same_twice])


def _fairness(columns: list[Column]) -> Iterator[tuple[str, list[str]]]:
    yield f"honest members flagged at {100 * BARS[MAIN_BAR]:g} %, by group", ["" for _ in columns]
    spans = (
        ("communities", slice(0, len(COMMUNITIES)), COMMUNITIES),
        ("strata", slice(len(COMMUNITIES), None), STRATA),
    )
    for what, where, names in spans:
        cells: list[dict[str, tuple[float, ...]] | None] = []
        for one in columns:
            flagged = [each.flagged_by_branch[:, where] for each in one.scores]
            members = [each.members_by_branch[:, where] for each in one.scores]
            cells.append(bootstrap(np.concatenate(flagged), np.concatenate(members), 1) if flagged else None)
        shown = [
            " ".join(number(rate) for rate in cell["rates"]) if cell else "–" for cell in cells
        ]  # a group without members in any roll is missing here
        yield f"% of {', '.join(names)}", shown
        yield f"{what}: gap, points [95 %]", [_interval(cell["gap"]) if cell else "–" for cell in cells]
        yield f"{what}: ratio [95 %]", [_interval(cell["ratio"], 1) if cell else "–" for cell in cells]
    for place, what in ((1, "declared"), (0, "undeclared")):
        yield (
            f"of {what} honest drives, %",
            [
                spread([100 * each.drives[place] for each in one.scores], 1) if one.scores else "–"
                for one in columns
            ],
        )


def _interval(three: tuple[float, ...], digits: int = 2) -> str:
    return f"{number(three[0], digits)} [{number(three[1], digits)}, {number(three[2], digits)}]"


def _quiet(columns: list[Column]) -> Iterator[tuple[str, list[str]]]:
    rolls = max(len(one.clean) for one in columns)
    if not rolls:
        return
    yield f"rolls with no stacking: {rolls}", ["" for _ in columns]
    for level in range(1, 5):
        yield (
            f"findings of severity {level}, a roll",
            [
                spread([float(each[level - 1]) for each in one.clean], 1) if one.clean else "–"
                for one in columns
            ],
        )
    yield (
        "rolls with severity 3 or 4",
        [str(sum(each[2] + each[3] > 0 for each in one.clean)) if one.clean else "–" for one in columns],
    )


def shown(columns: list[Column]) -> str:
    """The table as Markdown, in columns of even width."""
    body = [(what, cells) for what, cells in lines(columns)]
    first = max(len(what) for what, _ in body) + 2
    widths = [
        max(len(one.name), *(len(cells[place]) for _, cells in body)) for place, one in enumerate(columns)
    ]
    names = " | ".join(one.name.ljust(width) for one, width in zip(columns, widths, strict=True))
    rule = "|".join("-" * (width + 2) for width in (first, *widths))
    out = [f"| {' ' * first} | {names} |", f"|{rule}|"]
    for what, cells in body:
        padded = " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        out.append(f"| {what.ljust(first)} | {padded} |")
    return "\n".join(out)
