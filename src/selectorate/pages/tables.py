"""Sections and tables as every page uses them: caption, scopes, and a form that stacks on phones."""

from __future__ import annotations

from selectorate.pages.html import Markup, Node, tag


def section(name: str, title: str, *body: Node) -> Markup:
    """A part of the page under a heading of the second level, reachable as #name."""
    heading = tag("h2", title, id=f"{name}-title")
    return tag("section", "\n", heading, *body, "\n", id=name, aria_labelledby=f"{name}-title")


def table(
    caption: Node,
    heads: tuple[str, ...],
    rows: tuple[tuple[Node, ...], ...],
    *,
    numbers: tuple[int, ...] = (),
) -> Markup:
    """A table whose first column heads its rows. On phones each row becomes a block with labels.

    The roles are written out because a table shown as blocks loses its own in some readers.
    """
    top = tag(
        "tr",
        *(
            tag("th", head, scope="col", role="columnheader", class_="num" if place in numbers else None)
            for place, head in enumerate(heads)
        ),
        role="row",
    )
    body = [
        tag("tr", *(_box(place, box, heads, numbers) for place, box in enumerate(row)), role="row")
        for row in rows
    ]
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", top, role="rowgroup"),
        tag("tbody", *body, role="rowgroup"),
        class_="stack",
        role="table",
    )


def scrolled(name: str, says: str, inner: Markup) -> Markup:
    """A wide table in a strip of its own that can be moved by keyboard."""
    return tag("div", inner, class_="scroll", id=name, role="region", aria_label=says, tabindex="0")


def _box(place: int, box: Node, heads: tuple[str, ...], numbers: tuple[int, ...]) -> Markup:
    if place == 0:
        return tag("th", box, scope="row", role="rowheader")
    shape = "num" if place in numbers else None
    return tag("td", box, role="cell", data_label=heads[place], class_=shape)
