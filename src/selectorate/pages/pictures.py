"""The pictures of the public page: the count stage by stage, and how far the proof reaches.

Each is drawn twice, for wide screens and for phones. What a picture shows also stands in words or a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from selectorate.pages import svg
from selectorate.pages.html import Markup, Node, figure, join, number, several
from selectorate.pages.objects import CountSheet, Doubt


@dataclass(frozen=True, slots=True)
class Course:
    """How one candidate fared: votes by stage, and the stages (numbers) of election or going out, if any."""

    name: str
    votes: tuple[Fraction, ...]
    elected: int | None
    out: int | None

    @property
    def ends(self) -> str:
        if self.elected is not None:
            return f"elected, stage {self.elected}"
        return f"out, stage {self.out}" if self.out is not None else "not elected"


def courses(sheet: CountSheet) -> tuple[Course, ...]:
    """All candidates: the elected in their order, then the others, last to go out first."""
    found = {name: _course(sheet, name) for name in sheet.candidates}
    won = [found[name] for name in sheet.elected if name in found]
    rest = [course for name, course in found.items() if name not in sheet.elected]
    rest.sort(
        key=lambda course: (-(course.out or len(sheet.stages) + 1), -course.votes[-1] if course.votes else 0)
    )
    return (*won, *rest)


def _course(sheet: CountSheet, name: str) -> Course:
    votes = tuple(Fraction(dict(stage.tallies).get(name, "0")) for stage in sheet.stages)
    elected = next((stage.number for stage in sheet.stages if name in stage.elected), None)
    out = None
    if elected is None:
        for index, stage in enumerate(sheet.stages):
            emptied = index > 0 and votes[index] == 0 and votes[index - 1] > 0
            if stage.act == f"exclude {name}" or emptied:
                out = stage.number
                break
    return Course(name, votes, elected, out)


def count_picture(sheet: CountSheet) -> tuple[Markup, Markup]:
    """Per candidate a row of bars, one a stage, under a line at the quota."""
    return svg.both(_count(sheet, "count-wide", 900, 150, 140), _count(sheet, "count-narrow", 360, 0, 0))


def _count(sheet: CountSheet, name: str, wide: int, before: int, after: int) -> Markup:
    rows, stages = courses(sheet), max(1, len(sheet.stages))
    narrow = before == 0
    high, tallest, top = (78, 40, 34) if narrow else (62, 42, 40)
    quota = Fraction(sheet.quota)
    most = max((quota, *(vote for row in rows for vote in row.votes)))
    slot = Fraction(wide - before - after, stages)
    shapes: list[Node] = [
        svg.words(before + slot * (2 * index + 1) / 2, 14, stage.number, "mid b", 12)
        for index, stage in enumerate(sheet.stages)
    ]
    if not narrow:
        shapes.append(svg.words(0, 14, "Stage", "b", 12))
        level = top + high - 12 - quota / most * tallest
        shapes.append(svg.words(wide - after + 14, level + 4, f"Quota {figure(sheet.quota)}", "q", 12))
    for place, row in enumerate(rows):
        base = top + high * place + (high - 12)
        shapes.append(svg.line(0, base, wide, base, "rule"))
        level = base - quota / most * tallest
        shapes.append(svg.line(before, level, wide - after, level, "quota"))
        shapes.extend(_bars(row, before, slot, base, tallest / most))
        shapes.extend(_labels(row, wide, after, base, narrow))
    tall = top + high * len(rows)
    told = _told(rows, sheet.quota)
    title = f"The count in {several(stages, 'stage', 'stages')}: votes of each candidate and the quota"
    return svg.picture(name, title, told, wide, tall, *shapes)


def _bars(row: Course, left: int, slot: Fraction, base: int, scale: Fraction) -> list[Node]:
    shapes: list[Node] = []
    for index, votes in enumerate(row.votes):
        number_of = index + 1
        won = row.elected is not None and number_of >= row.elected
        x = left + slot * index + slot * 3 / 20
        if votes > 0:
            shapes.append(
                svg.rect(x, base - votes * scale, slot * 7 / 10, votes * scale, "won" if won else "run")
            )
        elif row.out == number_of:
            shapes.append(svg.words(x + slot * 7 / 20, base - 3, "×", "mid s", 15))
    return shapes


def _labels(row: Course, wide: int, after: int, base: int, narrow: bool) -> list[Node]:
    mark = "w b" if row.elected is not None else "s"
    first = f"{number(int(row.votes[0]))} first preferences" if row.votes else ""
    if narrow:
        return [
            svg.words(0, base - 47, svg.cut(row.name, 24), "b", 14),
            svg.words(wide, base - 47, row.ends.capitalize(), f"end {mark}", 13),
        ]
    fate = svg.words(wide - after + 14, base - 12, row.ends.capitalize(), mark, 13)
    if len(row.name) > 18:
        start, end = _two_lines(row.name)
        return [svg.words(0, base - 21, start, "b", 12), svg.words(0, base - 6, end, "b", 12), fate]
    return [svg.words(0, base - 21, row.name, "b", 15), svg.words(0, base - 5, first, "s", 12), fate]


def _two_lines(name: str) -> tuple[str, str]:
    """A long name over two lines of 22 characters, broken at a blank where there is one."""
    room = 22
    place = name.rfind(" ", 0, room + 1)
    start = name[:place] if place > 0 else name[:room]
    return start, svg.cut(name[len(start) :].strip(), room)


def _told(rows: tuple[Course, ...], quota: str) -> str:
    fates = "; ".join(
        f"{row.name}: {number(int(row.votes[0])) if row.votes else 0}, {row.ends}" for row in rows
    )
    return f"The quota is {quota}. First preferences and outcome: {fates}. Every figure stands in the table."


def doubt_picture(doubt: Doubt) -> tuple[Markup, Markup]:
    """A line of numbers of papers: proved so far, the doubts, an example of another outcome."""
    return svg.both(_doubt(doubt, "doubt-wide", 820), _doubt(doubt, "doubt-narrow", 340))


def _doubt(doubt: Doubt, name: str, wide: int) -> Markup:
    changed = doubt.changed_from
    most = max(doubt.total, doubt.certified_to, changed or 0, 1)
    scale = Fraction(wide * 85, most * 100)
    size = 14
    proved = max(Fraction(3), doubt.certified_to * scale)
    shapes: list[Node] = [
        svg.rect(0, 58, proved, 16, "won"),
        svg.line(proved, 66, wide, 66, "axis"),
        svg.words(0, 46, f"Proved up to {number(doubt.certified_to)}", "w b", size),
    ]
    if changed is not None:
        x = changed * scale
        shapes.append(svg.rect(x, 58, wide - x, 16, "amber"))
        shapes.append(svg.line(x, 26, x, 74, "thin"))
        label = f"Another outcome is known from {number(changed)}"
        shapes.append(_beside(x, 18, label, wide, "s", size))
    x = doubt.total * scale
    shapes.append(svg.line(x, 66, x, 92, "mark"))
    shapes.append(svg.diamond(x, 66, 8, "ink"))
    shapes.append(_beside(x, 108, f"In doubt: {number(doubt.total)}", wide, "b", size))
    return svg.picture(name, "How far the proof reaches, in papers", _doubt_told(doubt), wide, 116, *shapes)


def _beside(x: Fraction, y: int, label: str, wide: int, shape: str, size: int) -> Markup:
    """A label that starts at x, or ends there where it would run out of the picture."""
    if x + len(label) * size * 3 / 5 > wide:
        return svg.words(x, y, label, f"{shape} end", size)
    return svg.words(x, y, label, shape, size)


def _doubt_told(doubt: Doubt) -> str:
    known = "No example of another outcome was found."
    if doubt.changed_from is not None:
        known = f"An example of another outcome is known from {number(doubt.changed_from)} papers on."
    return f"Proved up to {number(doubt.certified_to)} papers. In doubt are {number(doubt.total)}. {known}"


def legend() -> Markup:
    """What the marks of the count picture mean, in words."""
    return join(
        "One row a candidate, one bar a stage. Green: elected. Grey: still in the count. ×: out, votes "
        "passed on. The dashed line is the quota."
    )
