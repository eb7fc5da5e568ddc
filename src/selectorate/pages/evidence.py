"""The pictures of a finding: when each household joined and paid, and how the past compares.

Up to `LANES` households stand one in a row; beyond that, columns by day. The table beside the picture has
every line either way.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from selectorate.pages import svg
from selectorate.pages.html import Markup, Node, number, outside, several, tag
from selectorate.pages.objects import Finding, Occurrence

LANES = 32
_WIDE, _NARROW = 860, 350
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_Dated = tuple[tuple[date, Occurrence], ...]


@dataclass(frozen=True, slots=True)
class Days:
    """A scale of days: where a day stands between `left` and `wide`."""

    start: date
    end: date
    left: int
    wide: int

    @property
    def step(self) -> Fraction:
        return Fraction(self.wide - self.left - 60, max(1, (self.end - self.start).days))

    def at(self, day: date) -> Fraction:
        return self.left + 30 + (day - self.start).days * self.step


def timeline(finding: Finding, place: int) -> tuple[Markup, ...]:
    """The picture with its caption, and its twin in text; the twin alone without days."""
    if not finding.happened:
        return ()
    dated = _dated(finding.happened)
    if not dated:
        return (tag("h4", "When it happened"), _twin(finding.happened))
    wide = _drawn(dated, f"finding-{place}-wide", _WIDE)
    narrow = _drawn(dated, f"finding-{place}-narrow", _NARROW)
    return (
        tag("h4", "When it happened"),
        tag("figure", *svg.both(wide, narrow), tag("figcaption", _caption(dated))),
        _twin(finding.happened),
    )


def _dated(happened: tuple[Occurrence, ...]) -> _Dated:
    found = []
    for one in happened:
        try:
            found.append((date.fromisoformat(one.day), one))
        except ValueError:
            continue
    return tuple(sorted(found, key=lambda pair: (pair[0], pair[1].household, pair[1].what)))


def _homes(dated: _Dated) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.household for _, one in dated))


def _caption(dated: _Dated) -> str:
    if len(_homes(dated)) > LANES:
        return "One column a day: members who joined (green) beside payments (amber)."
    return "One row a household, in the order of joining. ○ joined (with a number: that many), ◆ paid for."


def _twin(happened: tuple[Occurrence, ...]) -> Markup:
    head = tag("tr", *(tag("th", says, scope="col") for says in ("Day", "Household", "What", "Members")))
    rows = [
        tag(
            "tr",
            tag("th", outside(one.day), scope="row"),
            tag("td", outside(one.household)),
            tag("td", one.what),
            tag("td", number(one.members)),
        )
        for one in happened
    ]
    return tag(
        "details",
        tag("summary", f"The same as a table ({several(len(rows), 'line', 'lines')})"),
        tag(
            "table",
            tag("caption", "Every joining and payment of this finding."),
            tag("thead", head),
            tag("tbody", *rows),
        ),
    )


def _drawn(dated: _Dated, name: str, wide: int) -> Markup:
    homes, kinds = _homes(dated), Counter(one.what for _, one in dated)
    start, end = dated[0][0], dated[-1][0]
    columns = len(homes) > LANES
    left = 0 if columns else (150 if wide == _WIDE else 84)
    days = Days(start, end, left, wide)
    body, high = _columns(dated, days) if columns else _lanes(dated, homes, days)
    says = (
        f"{several(len(homes), 'household', 'households')} from {start.isoformat()} to {end.isoformat()}: "
        f"{several(kinds['joined'], 'joining', 'joinings')}, {several(kinds['paid'], 'payment', 'payments')}."
    )
    title = "When the households joined and were paid for"
    return svg.picture(name, title, says, wide, high + 30, *body, *_axis(days, high))


def _axis(days: Days, high: int) -> list[Node]:
    span = (days.end - days.start).days
    most = 7 if days.wide == _WIDE else 3
    step = max(1, -(-span // most))
    shapes: list[Node] = [svg.line(days.left, high, days.wide, high, "axis")]
    year = 0
    for count in range(span // step + 1):
        day = days.start + timedelta(days=step * count)
        says = f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if day.year != year else "")
        year = day.year
        shapes.append(svg.line(days.at(day), high, days.at(day), high + 5, "axis"))
        shapes.append(svg.words(days.at(day), high + 20, says, "mid s", 12))
    return shapes


def _lanes(dated: _Dated, homes: tuple[str, ...], days: Days) -> tuple[list[Node], int]:
    shapes: list[Node] = []
    lane = 20
    for row, home in enumerate(homes):
        middle = 12 + lane * row
        mine = [(day, one) for day, one in dated if one.household == home]
        joined = sum(one.members for _, one in mine if one.what == "joined")
        says = svg.cut(home, 19 if days.wide == _WIDE else 11)
        shapes.append(svg.line(days.left, middle, days.wide, middle, "rule"))
        shapes.append(svg.words(0, middle + 4, says, "", 12))
        shapes.append(svg.line(days.at(mine[0][0]), middle, days.at(mine[-1][0]), middle, "thin"))
        for day, one in sorted(mine, key=lambda pair: pair[1].what == "paid"):
            if one.what == "joined":
                shapes.append(svg.circle(days.at(day), middle, 6, "hollow"))
            else:
                shapes.append(svg.diamond(days.at(day), middle, 5, "amber"))
        if joined > 1:
            shapes.append(svg.words(days.at(mine[0][0]) - 10, middle + 4, joined, "end w b", 12))
    return shapes, 12 + lane * len(homes)


def _columns(dated: _Dated, days: Days) -> tuple[list[Node], int]:
    sums: Counter[tuple[date, str]] = Counter()
    for day, one in dated:
        sums[day, one.what] += one.members
    most, high = max(1, *sums.values()), 180
    half = min(Fraction(14), max(Fraction(2), days.step * 2 / 5))
    shapes: list[Node] = []
    for (day, what), members in sorted(sums.items()):
        tall = Fraction(members, most) * (high - 24)
        x = days.at(day) - (half if what == "joined" else 0)
        shapes.append(svg.rect(x, high - tall, half, tall, "won" if what == "joined" else "amber"))
        if members == most:
            shapes.append(svg.words(days.at(day), high - tall - 6, members, "mid b", 12))
    return shapes, high


def past_picture(finding: Finding, place: int) -> Markup | None:
    """Earlier periods and the present one as bars with their numbers; the last line is the present one."""
    if not finding.past:
        return None
    most = max(1, *(value for _, value in finding.past))
    last = len(finding.past) - 1
    rows = [
        tag(
            "tr",
            tag("th", outside(label), scope="row"),
            tag("td", number(value), class_="num"),
            tag(
                "td", svg.bar(Fraction(max(0, value), most), "amber" if row == last else "run"), class_="bar"
            ),
        )
        for row, (label, value) in enumerate(finding.past)
    ]
    head = tag(
        "tr",
        tag("th", "When", scope="col"),
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
