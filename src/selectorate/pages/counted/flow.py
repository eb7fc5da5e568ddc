"""Pictures of where the papers went: one for each stage, and the whole count from top to bottom.

Both are 360 units wide, so that a phone shows them at full size and paper shows them small; tables beside them
say the same. A ribbon is as thick as its votes.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from selectorate.pages import svg
from selectorate.pages.counted.objects import Count, Passage, Told
from selectorate.pages.html import Markup, Node, figure, tag

WIDE = 360
_LEFT, _RIGHT, _BLOCK = 100, 214, 8
_SLOT, _GAP = 36, 6
_MOST = 30
"""More heirs than this are not drawn one by one: the thinnest are put together."""
NOBODY, VOTERS, OTHERS = "nobody", "the voters", "others with less"


def passages_picture(stage: Told) -> Markup | None:
    """Givers on the left, heirs on the right, a ribbon for every way. None where no paper moved."""
    ways = _drawn(stage.passages)
    moved = sum((way.votes.size for way in ways), Fraction(0))
    if not moved:
        return None
    givers = _in_order(way.giver for way in ways)
    heirs = _in_order(way.heir for way in ways)
    shares = {name: sum(way.votes.size for way in ways if way.heir == name) for name in heirs}
    scale = Fraction(max(64, 14 * len(heirs)), 1) / moved
    tops, high = _tops([max(Fraction(_SLOT), shares[name] * scale + _GAP) for name in heirs])
    left_tops, left_high = _tops(
        [sum((w.votes.size for w in ways if w.giver == name), Fraction(0)) * scale + _SLOT for name in givers]
    )
    high = max(high, left_high)
    shapes: list[Node] = []
    used = {name: top + 20 for name, top in zip(givers, left_tops, strict=True)}
    filled = {
        name: top + (max(Fraction(_SLOT), shares[name] * scale + _GAP) - shares[name] * scale) / 2
        for name, top in zip(heirs, tops, strict=True)
    }
    for way in ways:
        thick = way.votes.size * scale
        shape = "flow" if way.heir else "flow lost"
        shapes.append(_ribbon(used[way.giver], filled[way.heir], thick, shape))
        used[way.giver] += thick
        filled[way.heir] += thick
    for name, top in zip(givers, left_tops, strict=True):
        shapes += _giver(name, top, used[name], ways)
    won = {row.name for row in stage.rows if row.fate == "elected"}
    for name in heirs:
        shape = "lost" if not name else "won" if name in won else "run"
        shapes += _heir(name, filled[name] - shares[name] * scale, shares[name] * scale, ways, shape)
    name = "ways-" + stage.label.replace(".", "-")
    return svg.picture(
        name, f"Stage {stage.label}: where the papers went", _told(ways), WIDE, int(high) + 4, *shapes
    )


def _drawn(passages: tuple[Passage, ...]) -> list[Passage]:
    """The ways with votes; where heirs are too many, the smallest are drawn as one."""
    ways = [one for one in passages if one.votes.size > 0]
    heirs: dict[str, Fraction] = {}
    for way in ways:
        heirs[way.heir] = heirs.get(way.heir, Fraction(0)) + way.votes.size
    if len(heirs) <= _MOST:
        return ways
    large = set(sorted(heirs, key=lambda name: (-heirs[name], name))[: _MOST - 1])
    return [way if way.heir in large else replace(way, heir=OTHERS) for way in ways]


def _in_order(names: object) -> list[str]:
    return list(dict.fromkeys(names))  # type: ignore[call-overload]


def _tops(heights: list[Fraction]) -> tuple[list[Fraction], Fraction]:
    tops, at = [], Fraction(0)
    for high in heights:
        tops.append(at)
        at += high
    return tops, at


def _ribbon(left: Fraction, right: Fraction, thick: Fraction, shape: str) -> Markup:
    thick = max(thick, Fraction(1, 2))
    x1, x2 = Fraction(_LEFT + _BLOCK), Fraction(_RIGHT)
    return _band((x1, left), (x2, right), thick, thick, shape)


def _band(
    start: tuple[Fraction, Fraction],
    end: tuple[Fraction, Fraction],
    thick: Fraction,
    thin: Fraction,
    shape: str,
) -> Markup:
    """A ribbon from left to right; `thick` high at its start, `thin` at its end."""
    (x1, y1), (x2, y2) = start, end
    mid = (x1 + x2) / 2
    points = (
        f"M{svg.at(x1)} {svg.at(y1)}C{svg.at(mid)} {svg.at(y1)} {svg.at(mid)} {svg.at(y2)} {svg.at(x2)} {svg.at(y2)}"
        f"V{svg.at(y2 + thin)}C{svg.at(mid)} {svg.at(y2 + thin)} {svg.at(mid)} {svg.at(y1 + thick)} "
        f"{svg.at(x1)} {svg.at(y1 + thick)}Z"
    )
    return tag("path", d=points, class_=shape)


def _giver(name: str, top: Fraction, bottom: Fraction, ways: list[Passage]) -> list[Node]:
    votes = _sum([way for way in ways if way.giver == name])
    return [
        svg.rect(_LEFT, top + 20, _BLOCK, max(Fraction(1), bottom - top - 20), "run"),
        svg.words(
            _LEFT + _BLOCK, top + 14, svg.cut(name or VOTERS, 18), "b end" if len(name) < 15 else "b", 13
        )
        if len(name) < 15
        else svg.words(0, top + 14, svg.cut(name, 27), "b", 13),
        svg.words(_LEFT - 6, top + 20 + (bottom - top - 20) / 2 + 4, votes, "s end", 12),
    ]


def _heir(name: str, start: Fraction, thick: Fraction, ways: list[Passage], block: str) -> list[Node]:
    here = [way for way in ways if way.heir == name]
    mid = start + thick / 2
    return [
        svg.rect(_RIGHT, start, _BLOCK, max(Fraction(1), thick), block),
        svg.words(_RIGHT + 14, mid - 2, svg.cut(name or NOBODY, 18), "b" if name else "s b", 13),
        svg.words(_RIGHT + 14, mid + 12, _amount(here), "s", 12),
    ]


def _amount(ways: list[Passage]) -> str:
    votes = _sum(ways)
    papers = [way.papers for way in ways if way.papers is not None]
    if len(papers) != len(ways) or not papers:
        return votes
    count = sum(papers)
    return votes if figure(str(count)) == votes.rstrip("0").rstrip(".") else f"{count:,} p. = {votes}"


def _sum(ways: list[Passage]) -> str:
    """The votes of these ways, written as each of them is; about so many where they are fractions."""
    total = sum((way.votes.size for way in ways), Fraction(0))
    if len(ways) == 1:
        return figure(ways[0].votes.text)
    places = max(len(way.votes.text.partition(".")[2]) for way in ways)
    units = round(total * 10**places)
    whole, rest = divmod(units, 10**places)
    return f"{whole:,}.{rest:0{places}}" if places else f"{whole:,}"


def _told(ways: list[Passage]) -> str:
    parts = (
        f"{way.giver or VOTERS} to {way.heir or NOBODY}: "
        + (f"{way.papers:,} papers, " if way.papers is not None else "")
        + f"{way.votes.text} votes"
        for way in ways
    )
    return "; ".join(parts) + "."


_ROW, _BAR = 62, 14


def count_picture(count: Count) -> Markup | None:
    """The whole count: one bar a stage, cut by candidate; ribbons where votes stayed, strong where they moved."""
    stages = [stage for stage in count.stages if _all(stage) > 0]
    if len(stages) < 2:
        return None
    shapes: list[Node] = []
    laid = [_bar(stage) for stage in stages]
    for at, stage in enumerate(stages):
        y = Fraction(_ROW * at + 22)
        if at:
            shapes += _falls(laid[at - 1], laid[at], stage, y - _ROW + _BAR, y)
    for at, stage in enumerate(stages):
        y = Fraction(_ROW * at + 22)
        shapes += _segments(stage, laid[at], y)
        shapes.append(svg.words(0, y - 7, svg.cut(f"{stage.label} {stage.title}", 50), "b halo", 12))
    title = f"The count from stage {stages[0].label} to stage {stages[-1].label}"
    says = "One bar a stage, all votes of the count. " + " ".join(_outcome(count))
    return svg.picture("whole-count", title, says, WIDE, _ROW * len(stages) - _ROW + 44, *shapes)


def _all(stage: Told) -> Fraction:
    """Every vote of a stage; 0 where its figures do not add up to anything."""
    return stage.total.size if stage.total else Fraction(0)


def _outcome(count: Count) -> list[str]:
    return [
        f"Stage {stage.label}: {', '.join(stage.elected)} elected." for stage in count.stages if stage.elected
    ]


Laid = dict[str, tuple[Fraction, Fraction]]
"""Name -> where its part of the bar begins, and how wide it is."""


def _bar(stage: Told) -> Laid:
    at, laid = Fraction(0), {}
    scale = Fraction(WIDE) / _all(stage)
    for row in (*stage.rows, *stage.rest):
        wide = row.votes.size * scale
        laid[row.name] = (at, wide)
        at += wide
    return laid


def _segments(stage: Told, laid: Laid, y: Fraction) -> list[Node]:
    shapes: list[Node] = []
    for row in (*stage.rows, *stage.rest):
        x, wide = laid[row.name]
        if wide <= 0:
            continue
        rest = row in stage.rest
        shape = "lost" if rest else "won" if row.fate == "elected" else "run"
        shapes.append(svg.rect(x, y, max(wide - Fraction(1), Fraction(1, 2)), _BAR, shape))
        letters = int(wide / Fraction(32, 5))
        if letters >= 3 and not rest:
            shapes.append(svg.words(x + 3, y + 11, svg.cut(row.name, letters), "on", 10))
    return shapes


def _falls(above: Laid, below: Laid, stage: Told, y1: Fraction, y2: Fraction) -> list[Node]:
    """What stays with each name falls straight down; what passes on falls from its giver to its heir."""
    shapes: list[Node] = []
    given = dict.fromkeys(above, Fraction(0))
    taken = dict.fromkeys(below, Fraction(0))
    scale = Fraction(WIDE) / _all(stage)
    for name, (x, wide) in above.items():
        kept = min(wide, below[name][1]) if name in below else Fraction(0)
        if kept > 0:
            shapes.append(_fall((x, y1), (below[name][0], y2), kept, "stay"))
        given[name], taken[name] = kept, kept
    for way in stage.passages:
        heir = way.heir or "non-transferable"
        if way.giver not in above or heir not in below or way.votes.size <= 0:
            continue
        thick = max(way.votes.size * scale, Fraction(2, 5))
        start = (above[way.giver][0] + given[way.giver], y1)
        end = (below[heir][0] + taken[heir], y2)
        given[way.giver] += thick
        taken[heir] += thick
        shapes.append(_fall(start, end, thick, "flow lost" if not way.heir else "flow"))
    return shapes


def _fall(
    start: tuple[Fraction, Fraction], end: tuple[Fraction, Fraction], thick: Fraction, shape: str
) -> Markup:
    (x1, y1), (x2, y2) = start, end
    mid = (y1 + y2) / 2
    points = (
        f"M{svg.at(x1)} {svg.at(y1)}C{svg.at(x1)} {svg.at(mid)} {svg.at(x2)} {svg.at(mid)} {svg.at(x2)} {svg.at(y2)}"
        f"H{svg.at(x2 + thick)}C{svg.at(x2 + thick)} {svg.at(mid)} {svg.at(x1 + thick)} {svg.at(mid)} "
        f"{svg.at(x1 + thick)} {svg.at(y1)}Z"
    )
    return tag("path", d=points, class_=shape)
