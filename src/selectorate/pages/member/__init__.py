"""Pages and letters about one member or one act: a title and parts, as HTML and as plain text.

Takes parts as (heading, sentences, rows; the first row is a table's header). Gives bytes of a page without
script, or text of at most 78 columns where words allow it. Raises nothing. Deliberately absent: a tick of its
own, a link that leads outside, anything that differs between members but what is told.
"""

from __future__ import annotations

from collections.abc import Sequence

from selectorate.pages.html import Node, outside, page, tag
from selectorate.pages.member.lines import lines as wrap
from selectorate.pages.member.lines import repeated
from selectorate.pages.style import colours

WIDTH = 78
Parts = Sequence[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]]
STYLE = (
    colours("paper", "wash", "ink", "soft", "line", "edge")
    + "body{margin:0 auto;max-width:46rem;padding:1.5rem 1rem 4rem;background:var(--paper);color:var(--ink);"
    "font:1rem/1.55 system-ui,sans-serif}h1{font-size:1.5rem;line-height:1.25;text-wrap:balance}h2{font-size:1.1rem;"
    "margin:1.6rem 0 .4rem}p{margin:.4rem 0}table{border-collapse:collapse;width:100%;font-size:.92rem;"
    "margin:.5rem 0}th,td{border:1px solid var(--line);padding:.3rem .5rem;text-align:start;"
    "vertical-align:top;overflow-wrap:break-word}th{background:var(--wash)}.wide{overflow-x:auto}"
    # The heading above says the same to the eye.
    "caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}"
    # On a telephone the lines of a table with more than two columns stand one below the other, each cell named.
    "@media (max-width:34rem){.many thead{position:absolute;width:1px;height:1px;overflow:hidden;"
    "clip-path:inset(50%)}.many table,.many tbody,.many tr,.many td{display:block}.many td{border-width:0 1px}"
    ".many tr{border:1px solid var(--line);border-width:1px 0;margin-block-start:-1px}"
    ".many td::before{content:attr(data-label) ': ';color:var(--soft)}.many td.none{display:none}}"
    "@media print{body{max-width:none;padding:0}h2{break-after:avoid}}"
)


def document(title: str, parts: Parts, *, language: str = "en") -> bytes:
    """The page."""
    return page(
        title,
        STYLE,
        tag("main", tag("h1", outside(title)), *(node for part in parts for node in _part(*part))),
        language=language,
    )


def _part(heading: str, sentences: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[Node]:
    made: list[Node] = [tag("h2", outside(heading))]
    made += [tag("p", outside(text)) for text in sentences]
    if rows:
        head, *body = rows
        made.append(
            tag(
                "div",
                # Said in so many words, because a table that is shown as blocks is not told as one by every reader.
                tag(
                    "table",
                    tag("caption", outside(heading)),
                    tag("thead", tag("tr", *(tag("th", outside(cell), scope="col") for cell in head))),
                    tag("tbody", *(_line(head, row) for row in body), role="rowgroup"),
                    role="table",
                ),
                class_="wide many" if len(head) > 2 else "wide",
                role="region",
                tabindex=0,
                aria_label=heading,
            )
        )
    return made


def _line(head: tuple[str, ...], row: tuple[str, ...]) -> Node:
    cells = (
        tag("td", outside(cell), role="cell", data_label=title, class_=None if cell else "none")
        for title, cell in zip(head, row, strict=True)
    )
    return tag("tr", *cells, role="row")


def document_text(title: str, parts: Parts) -> str:
    """The same as plain text, ended by a newline; a table becomes one line a row."""
    lines = [*wrap(title, WIDTH), "=" * min(WIDTH, len(title))]
    for heading, sentences, rows in parts:
        lines += ["", *repeated(heading, WIDTH), "-" * min(WIDTH, len(heading))]
        for text in sentences:
            lines += repeated(text, WIDTH) or [""]
        if rows:
            head, *body = rows
            for row in body:
                said = "; ".join(
                    f"{title}: {cell}" for title, cell in zip(head, row, strict=True) if cell and title
                )
                lines += wrap(said or "; ".join(row), WIDTH, "* ", "  ")
    return "\n".join(lines) + "\n"
