"""Pictures as inline SVG, built from the same `tag`; every picture has a title and a description.

Coordinates are tenths of a unit as whole numbers, so the same values give the same bytes everywhere.
Colours come from the page's style by class, so that pictures follow light, dark and print.
"""

from __future__ import annotations

from fractions import Fraction

from selectorate.pages.html import Markup, Node, tag


def at(value: int | Fraction) -> str:
    """A coordinate with one decimal place."""
    tenths = round(value * 10)
    sign = "-" if tenths < 0 else ""
    whole, rest = divmod(abs(tenths), 10)
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"


def picture(name: str, title: str, says: str, wide: int, high: int, *shapes: Node) -> Markup:
    """A whole picture of `wide` by `high` units. `name` makes the ids and must be unique on the page."""
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", says, id=f"{name}-desc"),
        *shapes,
        viewBox=f"0 0 {wide} {high}",
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
    )


def bar(share: Fraction, shape: str) -> Markup:
    """A horizontal bar of that share of the width, without words: the row beside it says the number."""
    full = tag("rect", x="0", y="0", width="1000", height="10", fill="var(--line)", opacity="0.6")
    width = max(Fraction(3), share * 1000) if share > 0 else Fraction(0)
    part = tag("rect", x="0", y="0", width=at(width), height="10", class_=shape)
    return tag(
        "svg",
        full,
        part,
        viewBox="0 0 1000 10",
        preserveAspectRatio="none",
        aria_hidden="true",
        focusable="false",
    )


def rect(
    x: int | Fraction, y: int | Fraction, wide: int | Fraction, high: int | Fraction, shape: str
) -> Markup:
    return tag("rect", x=at(x), y=at(y), width=at(wide), height=at(high), class_=shape)


def line(
    x1: int | Fraction, y1: int | Fraction, x2: int | Fraction, y2: int | Fraction, shape: str
) -> Markup:
    return tag("line", x1=at(x1), y1=at(y1), x2=at(x2), y2=at(y2), class_=shape)


def circle(x: int | Fraction, y: int | Fraction, radius: int, shape: str) -> Markup:
    return tag("circle", cx=at(x), cy=at(y), r=radius, class_=shape)


def diamond(x: int | Fraction, y: int | Fraction, radius: int, shape: str) -> Markup:
    """A square on its point: told from a circle without colour."""
    return outline(((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)), shape)


def outline(corners: tuple[tuple[int | Fraction, int | Fraction], ...], shape: str) -> Markup:
    """A closed shape with these corners."""
    return tag("path", d="M" + "L".join(f"{at(a)} {at(b)}" for a, b in corners) + "Z", class_=shape)


def cross(x: int | Fraction, y: int | Fraction, radius: int, shape: str) -> Markup:
    """Two strokes that cross."""
    strokes = (
        ((x - radius, y - radius), (x + radius, y + radius)),
        ((x - radius, y + radius), (x + radius, y - radius)),
    )
    drawn = "".join(f"M{at(a)} {at(b)}L{at(c)} {at(d)}" for (a, b), (c, d) in strokes)
    return tag("path", d=drawn, class_=shape)


def words(x: int | Fraction, y: int | Fraction, text: Node, shape: str = "", size: int = 13) -> Markup:
    """Text with its baseline at y."""
    return tag("text", text, x=at(x), y=at(y), font_size=size, class_=shape or None)


def both(wide: Markup, narrow: Markup) -> tuple[Markup, Markup]:
    """Two drawings of one picture, for wide screens and for phones; only one is shown or read aloud."""
    return tag("div", wide, class_="wide"), tag("div", narrow, class_="narrow")


def cut(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis: pictures have no room, the table beside them has it all."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
