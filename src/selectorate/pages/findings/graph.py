"""What they share: homes on the left with a dot for each member, accounts and telephones on the right.

At most `HOMES_MAX` boxes stand left and `SHARED_MAX` right: homes that share the same become one box, and what is
still too many becomes one box more. Nothing in the picture is a name, a number of a member or an address.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction

from selectorate.pages import svg
from selectorate.pages.findings.objects import Finding
from selectorate.pages.findings.timeline import NARROW, WIDE
from selectorate.pages.findings.words import shared
from selectorate.pages.html import Markup, Node, number, several, tag
from selectorate.pages.tables import table

HOMES_MAX = 14
SHARED_MAX = 10
DOTS_MAX = 8
_Thing = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Box:
    """One or more homes that share the same things."""

    title: str
    homes: int
    members: int
    things: tuple[_Thing, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn. things: kind and number of each thing, and its title; "" as kind for all the others."""

    boxes: tuple[Box, ...]
    things: tuple[tuple[_Thing, str], ...]


def graph(finding: Finding, place: int, heading: str) -> tuple[Markup, ...]:
    """The picture with its caption, and its twin in text; nothing where nothing is shared. heading: h2 .. h4."""
    boxes = _boxes(finding)
    if not boxes:
        return ()
    drawing = _bounded(boxes)
    both = svg.both(*(_drawn(drawing, f"shared-{place}-{wide}", wide) for wide in (WIDE, NARROW)))
    return (
        tag(heading, "What they share"),
        tag("figure", *both, tag("figcaption", _caption(drawing))),
        _twin(boxes),
    )


def _boxes(finding: Finding) -> tuple[Box, ...]:
    """One box a home, in the order of homes; a member without a known home is one by itself."""
    home_of = {tie.member: ("Home", tie.number) for tie in finding.ties if tie.kind == "home"}
    things: defaultdict[tuple[str, int], set[_Thing]] = defaultdict(set)
    members: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for tie in finding.ties:
        if tie.kind != "home":
            home = home_of.get(tie.member, ("Member", tie.member))
            things[home].add((tie.kind, tie.number))
            members[home].add(tie.member)
    for member, home in home_of.items():
        if home in things:
            members[home].add(member)
    return tuple(
        Box(f"{name} {count}", 1, len(members[name, count]), tuple(sorted(things[name, count])))
        for name, count in sorted(things)
    )


def _bounded(boxes: tuple[Box, ...]) -> Drawing:
    used = Counter(thing for box in boxes for thing in box.things)
    several_times = [thing for thing, _ in sorted(used.items(), key=lambda pair: (-pair[1], pair[0]))]
    kept = several_times if len(several_times) <= SHARED_MAX else several_times[: SHARED_MAX - 1]
    rest = ("", len(several_times) - len(kept))
    names: list[tuple[_Thing, str]] = [(thing, f"{shared(thing[0])} {thing[1]}") for thing in sorted(kept)]
    if rest[1]:
        names.append((rest, f"{number(rest[1])} others"))
        known = set(kept)
        boxes = tuple(
            Box(
                box.title,
                box.homes,
                box.members,
                tuple(sorted({t if t in known else rest for t in box.things})),
            )
            for box in boxes
        )
    if len(boxes) > HOMES_MAX:
        boxes = _grouped(boxes)
    if len(boxes) > HOMES_MAX:
        boxes = (*boxes[: HOMES_MAX - 1], _merged(boxes[HOMES_MAX - 1 :], "further "))
    return Drawing(boxes, tuple(names))


def _grouped(boxes: tuple[Box, ...]) -> tuple[Box, ...]:
    """Homes that share the same as one box, most homes first."""
    alike: defaultdict[tuple[_Thing, ...], list[Box]] = defaultdict(list)
    for box in boxes:
        alike[box.things].append(box)
    merged = [_merged(tuple(group)) for group in alike.values()]
    return tuple(sorted(merged, key=lambda box: (-box.homes, box.things)))


def _merged(boxes: tuple[Box, ...], kind: str = "") -> Box:
    homes = sum(box.homes for box in boxes)
    if homes == 1:
        return boxes[0]
    word = "homes" if all(box.title.lower().find("member") < 0 for box in boxes) else "members"
    things = sorted({thing for box in boxes for thing in box.things})
    return Box(f"{number(homes)} {kind}{word}", homes, sum(box.members for box in boxes), tuple(things))


def _caption(drawing: Drawing) -> str:
    one = "Left: homes, a dot for each member. Right: what more than one of them uses. "
    if any(box.homes > 1 for box in drawing.boxes):
        return one + "Homes that use the same stand together in one box."
    return one + "A line: somebody of this home uses it."


def _drawn(drawing: Drawing, name: str, wide: int) -> Markup:
    row = 44
    rows = max(len(drawing.boxes), len(drawing.things))
    high = row * rows
    left, right = (150, 560) if wide == WIDE else (112, 232)
    tall = {"boxes": Fraction(high, len(drawing.boxes)), "things": Fraction(high, len(drawing.things))}
    middle_of = {
        thing: tall["things"] * (2 * place + 1) / 2 for place, (thing, _) in enumerate(drawing.things)
    }
    lines: list[Node] = []
    shapes: list[Node] = []
    for place, box in enumerate(drawing.boxes):
        middle = tall["boxes"] * (2 * place + 1) / 2
        lines += [
            svg.line(left, middle, right, middle_of[thing], "tie" if box.homes == 1 else "tie many")
            for thing in box.things
        ]
        shapes += _home(box, left, middle)
    for thing, title in drawing.things:
        users = sum(box.homes for box in drawing.boxes if thing in box.things)
        y = middle_of[thing]
        shapes.append(svg.rect(right - 8, y - 8, 16, 16, "shared"))
        shapes.append(svg.words(right + 18, y - 1, title, "b", 13))
        shapes.append(svg.words(right + 18, y + 14, several(users, "home", "homes"), "s", 12))
    return svg.picture(name, "What the homes share", _told(drawing), wide, high, *lines, *shapes)


def _home(box: Box, x: int, middle: Fraction) -> list[Node]:
    """A box's words, and its members as dots or as a number."""
    says = several(box.members, "member", "members")
    shapes: list[Node] = [svg.words(0, middle - 1, svg.cut(box.title, 17), "b", 13)]
    if box.title != "Member 1" or box.members > 1:
        shapes.append(svg.words(0, middle + 14, says, "s", 12))
    if box.homes == 1 and box.members <= DOTS_MAX:
        half = min(box.members, 4)
        for place in range(box.members):
            down = (place // half) * 10 - (5 if box.members > half else 0)
            shapes.append(svg.circle(x - 8 * (place % half), middle + down, 4, "ink"))
    else:
        shapes.append(svg.circle(x, middle, 9, "hollow"))
    return shapes


def _told(drawing: Drawing) -> str:
    said = []
    for thing, title in drawing.things:
        homes = sum(box.homes for box in drawing.boxes if thing in box.things)
        said.append(f"{title}: {several(homes, 'home', 'homes')}")
    return f"{'; '.join(said)}. Every home stands in the table below."


def _twin(boxes: tuple[Box, ...]) -> Markup:
    rows = tuple(
        (box.title, number(box.members), ", ".join(f"{shared(kind)} {count}" for kind, count in box.things))
        for box in (boxes if len(boxes) <= 100 else _grouped(boxes))
    )
    return tag(
        "details",
        tag("summary", f"The same as a table ({several(len(rows), 'line', 'lines')})"),
        table(
            "Homes, how many members of each are in this finding, and what they use.",
            ("Home", "Members", "Uses"),
            rows,
            numbers=(1,),
        ),
    )
