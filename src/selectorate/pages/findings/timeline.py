"""When it happened: days from left to right, one row a home; columns of days beyond so many homes.

Every mark has a shape of its own, so that it can be told without colour. However many members a finding has, a
picture has at most `LANES` rows or `COLUMNS` columns; the table beside it has every day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from selectorate.pages import svg
from selectorate.pages.findings.objects import Finding, Happening
from selectorate.pages.findings.words import MONTHS, day, happened
from selectorate.pages.html import Markup, Node, number, several, tag
from selectorate.pages.tables import table

LANES = 32
COLUMNS = 60
ROWS_MAX = 400
"""More lines than this in the table are summed by day: a page stays one that can be opened and printed."""
WIDE, NARROW = 860, 350
_Dated = tuple[tuple[date, str, Happening], ...]


@dataclass(frozen=True, slots=True)
class Days:
    """A scale of days: where a day stands between `left` and `wide`."""

    start: date
    end: date
    left: int
    wide: int

    @property
    def step(self) -> Fraction:
        return Fraction(self.wide - self.left - 72, max(1, (self.end - self.start).days))

    def at(self, when: date) -> Fraction:
        return self.left + 36 + (when - self.start).days * self.step


def timeline(finding: Finding, place: int, heading: str) -> tuple[Markup, ...]:
    """The picture with its caption, and its twin in text; the twin alone where days cannot be read; nothing
    where nothing is known. heading: h2 .. h4."""
    if not finding.happened:
        return ()
    homes = _homes(finding)
    dated = _dated(finding, homes)
    rows = _twin(finding, homes)
    if not dated:
        return (tag(heading, "When it happened"), rows)
    both = svg.both(*(_drawn(dated, f"days-{place}-{wide}", wide) for wide in (WIDE, NARROW)))
    return (
        tag(heading, "When it happened"),
        tag("figure", *both, tag("figcaption", _caption(dated))),
        rows,
    )


def _homes(finding: Finding) -> dict[int, str]:
    """What the row of each member is called: the home, or the member where no home is known."""
    homes = {tie.member: f"Home {tie.number}" for tie in finding.ties if tie.kind == "home"}
    return {
        one.member: homes.get(one.member, f"Member {one.member}" if one.member else "")
        for one in finding.happened
    }


def _dated(finding: Finding, homes: dict[int, str]) -> _Dated:
    found = []
    for one in finding.happened:
        try:
            found.append((date.fromisoformat(one.day), homes[one.member], one))
        except ValueError:
            continue
    return tuple(sorted(found, key=lambda each: (each[0], each[2].member, each[2].what)))


def _in_lanes(dated: _Dated) -> bool:
    lanes = {home for _, home, _ in dated}
    return len(lanes) <= LANES and "" not in lanes


def _caption(dated: _Dated) -> str:
    kinds = tuple(dict.fromkeys(one.what for _, _, one in dated))
    if _in_lanes(dated):
        marks = ", ".join(f"{_MARKS.get(what, '•')} {happened(what)}" for what in kinds)
        return f"One row a home, the earliest first: {marks}. A number beside a mark: so many on that day."
    width = _bucket(dated)
    each = "a day" if width == 1 else f"{width} days"
    return f"One column for {each}: the taller, the more members ({' or '.join(happened(what) for what in kinds)})."


_MARKS = {"join": "○", "renewal": "▲", "transfer": "□", "payment": "◆", "edit": "×", "exclusion": "—"}


def _twin(finding: Finding, homes: dict[int, str]) -> Markup:
    summed: Counter[tuple[str, str, str]] = Counter()
    by_home = len({(one.day, homes[one.member], one.what) for one in finding.happened}) <= ROWS_MAX
    for one in finding.happened:
        summed[one.day, homes[one.member] if by_home else "", one.what] += 1
    named = by_home and any(home for _, home, _ in summed)
    rows: list[tuple[Node, ...]] = []
    for (when, home, what), members in sorted(
        summed.items(), key=lambda pair: (pair[0][0], _natural(pair[0][1]))
    ):
        row: tuple[Node, ...] = (day(when), happened(what), number(members))
        rows.append((row[0], home, *row[1:]) if named else row)
    heads = ("Day", "Where", "What", "Members") if named else ("Day", "What", "Members")
    return tag(
        "details",
        tag("summary", f"The same as a table ({several(len(rows), 'line', 'lines')})"),
        table("Everything in the picture, day by day.", heads, tuple(rows), numbers=(len(heads) - 1,)),
    )


def _natural(name: str) -> tuple[str, int]:
    word, _, rest = name.rpartition(" ")
    return (word, int(rest)) if rest.isdecimal() else (name, 0)


def _drawn(dated: _Dated, name: str, wide: int) -> Markup:
    kinds = Counter(one.what for _, _, one in dated)
    start, end = dated[0][0], dated[-1][0]
    lanes = _in_lanes(dated)
    days = Days(start, end, (110 if wide == WIDE else 76) if lanes else 0, wide)
    body, high = _lanes(dated, days) if lanes else _columns(dated, days)
    said = ", ".join(f"{number(count)} {happened(what)}" for what, count in kinds.items())
    homes = {home for _, home, _ in dated} - {""}
    where = f" in {several(len(homes), 'row', 'rows')}" if lanes else ""
    says = f"From {day(start.isoformat())} to {day(end.isoformat())}{where}: {said}."
    title = "When it happened, day by day"
    return svg.picture(name, title, says, wide, high + 30, *body, *_axis(days, high))


def _axis(days: Days, high: int) -> list[Node]:
    span = (days.end - days.start).days
    most = 7 if days.wide == WIDE else 3
    step = max(1, -(-span // most))
    shapes: list[Node] = [svg.line(days.left, high, days.wide, high, "axis")]
    year = 0
    for count in range(span // step + 1):
        when = days.start + timedelta(days=step * count)
        says = f"{when.day} {MONTHS[when.month - 1][:3]}" + (f" {when.year}" if when.year != year else "")
        year = when.year
        shapes.append(svg.line(days.at(when), high, days.at(when), high + 5, "axis"))
        shapes.append(svg.words(days.at(when), high + 20, says, "mid s", 12))
    return shapes


def _lanes(dated: _Dated, days: Days) -> tuple[list[Node], int]:
    shapes: list[Node] = []
    high = 22
    for row, home in enumerate(dict.fromkeys(home for _, home, _ in dated)):
        middle = 12 + high * row
        mine = Counter((when, one.what) for when, where, one in dated if where == home)
        first, last = min(mine)[0], max(mine)[0]
        shapes.append(svg.line(days.left, middle, days.wide, middle, "rule"))
        shapes.append(svg.words(0, middle + 4, svg.cut(home, 14 if days.wide == WIDE else 10), "", 12))
        shapes.append(svg.line(days.at(first), middle, days.at(last), middle, "thin"))
        for (when, what), members in sorted(mine.items()):
            shapes.append(mark(what, days.at(when), middle))
            if members > 1:
                shapes.append(svg.words(days.at(when) + 9, middle - 4, members, "b halo", 12))
    return shapes, 12 + high * len({home for _, home, _ in dated})


def mark(what: str, x: Fraction, y: int) -> Markup:
    """The mark of one kind of happening, around that point."""
    if what == "join":
        return svg.circle(x, y, 6, "hollow")
    if what == "payment":
        return svg.diamond(x, y, 6, "amber")
    if what == "renewal":
        return svg.outline(((x, y - 6), (x + 6, y + 5), (x - 6, y + 5)), "ink")
    if what == "transfer":
        return svg.rect(x - 5, y - 5, 10, 10, "hollow")
    if what == "edit":
        return svg.cross(x, y, 5, "mark")
    if what == "exclusion":
        return svg.line(x - 6, y, x + 6, y, "mark")
    return svg.circle(x, y, 4, "ink")


def _bucket(dated: _Dated) -> int:
    """Days that one column stands for."""
    return -(-((dated[-1][0] - dated[0][0]).days + 1) // COLUMNS)


def _columns(dated: _Dated, days: Days) -> tuple[list[Node], int]:
    width = _bucket(dated)
    sums: Counter[int] = Counter((when - days.start).days // width for when, _, _ in dated)
    most, high = max(sums.values()), 180
    top = min(bucket for bucket, members in sums.items() if members == most)
    wide = min(Fraction(28), max(Fraction(2), days.step * width * 4 / 5))
    shapes: list[Node] = []
    for bucket, members in sorted(sums.items()):
        tall = Fraction(members, most) * (high - 24)
        middle = days.at(days.start + timedelta(days=bucket * width))
        shapes.append(svg.rect(middle - wide / 2, high - tall, wide, tall, "run"))
        if members == most and bucket == top:
            shapes.append(svg.words(middle, high - tall - 6, number(members), "mid b", 12))
    return shapes, high


def past_picture(past: Sequence[tuple[str, int]], place: int) -> Markup | None:
    """Earlier periods and the present one as bars with their numbers; the last line is the present one."""
    if not past:
        return None
    most = max(1, *(value for _, value in past))
    rows = [
        tag(
            "tr",
            tag("th", tag("bdi", label), scope="row"),
            tag("td", number(value), class_="num"),
            tag(
                "td",
                svg.bar(Fraction(max(0, value), most), "amber" if row == len(past) - 1 else "run"),
                class_="bar",
            ),
        )
        for row, (label, value) in enumerate(past)
    ]
    head = tag(
        "tr",
        tag("th", "Counted", scope="col"),
        tag("th", "Number", scope="col", class_="num"),
        tag("th", tag("span", "Picture", class_="unseen"), scope="col"),
    )
    return tag(
        "table",
        tag("caption", "The present one is the last line."),
        tag("thead", head),
        tag("tbody", *rows),
        class_="bars past",
        id=f"past-{place}",
    )
