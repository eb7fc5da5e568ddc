"""The count as one page: who is elected, by which rules, then every stage in words, figures and a picture."""

from __future__ import annotations

from selectorate.pages import style
from selectorate.pages.counted import flow
from selectorate.pages.counted.look import LOOK
from selectorate.pages.counted.objects import Count, Figure, Grid, Passage, Row, Told
from selectorate.pages.counted.text import UNCHECKED
from selectorate.pages.html import (
    Markup,
    Node,
    figure,
    join,
    link,
    listed,
    number,
    outside,
    page,
    several,
    tag,
)
from selectorate.pages.tables import scrolled, section, table

LOST = "nobody: what no paper carries on, or is cut off"
_NARROW = 14
"""A longer name for what the figures are does not head their column."""
_TOGETHER = 6
"""So many stages stand beside each other in the table of every figure: as many as paper holds."""


def count_html(count: Count) -> bytes:
    """The whole page, UTF-8: nothing from elsewhere, no script."""
    title = f"The count: {count.heading}" if count.heading else "The count"
    body = tag(
        "main",
        _result(count),
        _rules(count),
        _whole(count),
        _stages(count),
        _figures(count),
        *(_grid(at, grid) for at, grid in enumerate(count.tables, 1)),
        _papers(count),
        id="main",
    )
    top = tag(
        "header",
        tag("p", "Count sheet", class_="org"),
        tag("h1", outside(count.heading or count.title)),
        tag("p", outside(count.title), class_="contest") if count.heading else None,
        class_="top",
    )
    skip = tag("a", "To the stages", href="#stages", class_="skip")
    looks = style.colours() + style.BASE + style.PUBLIC + LOOK
    return page(title, looks, skip, top, "\n", body)


def _result(count: Count) -> Markup:
    stages = {name: stage for stage in count.stages for name in stage.elected}
    names = [
        tag(
            "li",
            tag("span", outside(name), class_="n"),
            tag("span", f"elected at stage {stages[name].label}", class_="how") if name in stages else None,
            class_="name",
        )
        for name in count.elected
    ]
    facts: list[tuple[str, str]] = [
        ("to fill" if count.seats == 1 else "seats", number(count.seats)),
        ("valid papers", number(count.valid)),
        ("blank", number(count.blank)),
        ("invalid", number(count.invalid)),
    ]
    if count.quota:
        facts.insert(1, ("quota", figure(count.quota)))
    return section(
        "result",
        "Elected",
        tag("ol", *names, class_="names") if names else tag("p", "Nobody is elected."),
        tag("p", several(count.vacant, "seat stays", "seats stay"), " vacant.", class_="note warn")
        if count.vacant
        else None,
        tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in facts), class_="facts"),
        *(tag("p", outside(remark), class_="note warn") for remark in count.remarks),
    )


def _rules(count: Count) -> Markup:
    checked: Node = tag("p", UNCHECKED[:1].upper() + UNCHECKED[1:] + ".", class_="note warn")
    if count.checked_against:
        checked = tag("p", tag("b", "Checked against: "), outside(count.checked_against), ".", class_="note")
    rows = tuple(
        (one.asks, outside(one.answer), (outside(one.source), " (its text was not seen)" * one.unseen))
        for one in count.rules
    )
    cleaned: list[Node] = []
    if count.withdrawn:
        cleaned.append(tag("p", "Withdrawn before the count: ", listed(count.withdrawn), "."))
    if count.cleaning:
        touched = tuple((outside(what), number(papers)) for what, papers in count.cleaning)
        cleaned.append(
            table("What was done to papers before the count", ("What", "Papers"), touched, numbers=(1,))
        )
    return section(
        "rules",
        "The rules of this count",
        tag("p", tag("b", outside(count.title)), " (", tag("code", count.ruleset), ")."),
        tag("p", outside(count.law), "."),
        checked,
        tag("p", outside(count.unseen), ".", class_="note warn") if count.unseen else None,
        tag(
            "details",
            tag("summary", "What these rules answer, and where that stands"),
            table("Questions and answers", ("Question", "Answer", "Where it stands"), rows),
        ),
        *cleaned,
    )


def _whole(count: Count) -> Markup | None:
    picture = flow.count_picture(count)
    if picture is None:
        return None
    return section(
        "flow",
        "The whole count in one picture",
        tag(
            "figure",
            picture,
            tag(
                "figcaption",
                "One bar a stage; its whole width is every vote. Green: elected. Grey-blue: still in the "
                "count. Grey at the end: votes that nobody holds. Blue ribbons fall from the candidate whose "
                "papers pass on to those who receive them. The stages below say the same in figures.",
            ),
            class_="whole",
        ),
    )


def _stages(count: Count) -> Markup | None:
    if not count.stages:
        return None
    return section("stages", "Stage by stage", *(_stage(stage, count) for stage in count.stages))


def _stage(stage: Told, count: Count) -> Markup:
    name = "stage-" + stage.label.replace(".", "-")
    picture = flow.passages_picture(stage)
    reckoned = [tag("li", outside(key), ": ", tag("b", figure(value))) for key, value in stage.figures]
    return tag(
        "article",
        tag("h3", tag("span", f"Stage {stage.label} ", class_="no"), outside(stage.title), id=name),
        tag("p", outside(stage.says), class_="says"),
        tag("ul", *reckoned, class_="reckoned") if reckoned else None,
        *(tag("p", tag("b", "A tie. "), outside(one), class_="tied") for one in stage.ties),
        _fell(stage),
        tag(
            "div",
            _tally(stage),
            tag(
                "figure",
                picture,
                tag("figcaption", "Where the papers went: a ribbon is as thick as its votes."),
            )
            if picture
            else None,
            class_="pair",
        ),
        _ways(stage),
        tag("p", "Rule: ", outside(stage.clause), class_="clause") if stage.clause else None,
        class_="stage",
        aria_labelledby=name,
    )


def _fell(stage: Told) -> Markup | None:
    parts: list[Node] = []
    if stage.elected:
        verb = " is elected." if len(stage.elected) == 1 else " are elected."
        parts.append(tag("p", "✓ ", listed(stage.elected), verb, class_="fell"))
    if stage.excluded:
        verb = " is excluded." if len(stage.excluded) == 1 else " are excluded."
        parts.append(tag("p", "× ", listed(stage.excluded), verb, class_="gone"))
    return join(*parts) if parts else None


def _tally(stage: Told) -> Markup:
    """Everybody still in the count, and whoever left it here; most votes first."""
    rows = [row for row in stage.rows if row.fate != "excluded" or row.since or row.votes.size]
    rows.sort(key=lambda row: (-row.votes.size, row.name))
    changes = any(row.change for row in (*stage.rows, *stage.rest))
    counts = stage.counts if len(stage.counts) <= _NARROW else "Figure"
    heads = ("Candidate", counts, *(("Change",) if changes else ()), "")
    return tag(
        "table",
        tag("caption", f"{stage.counts} after stage {stage.label}"),
        tag(
            "thead",
            tag("tr", *(tag("th", head, scope="col", class_="num" if head in (counts, "Change") else None)
                        if head else tag("th", tag("span", "Outcome", class_="unseen"), scope="col")
                        for head in heads)),
        ),
        tag("tbody", *(_tally_row(row, changes) for row in rows)),
        tag("tfoot", *(_tally_row(row, changes) for row in stage.rest), _total(stage.total, changes))
        if stage.total
        else None,
        class_="tally",
    )  # fmt: skip


def _tally_row(row: Row, changes: bool) -> Markup:
    said = {"elected": "✓ elected", "excluded": "× out", "": ""}[row.fate]
    shape = {"elected": "won", "excluded": "out", "": None}[row.fate]
    return tag(
        "tr",
        tag("th", outside(row.name), scope="row"),
        tag("td", figure(row.votes.text), class_="num"),
        tag("td", _signed(row.change), class_="num") if changes else None,
        tag("td", said),
        class_=shape,
    )


def _signed(change: str) -> str:
    return change[:1] + figure(change[1:]) if change else ""


def _total(total: Figure, changes: bool) -> Markup:
    return tag(
        "tr",
        tag("th", "total", scope="row"),
        tag("td", figure(total.text), class_="num"),
        tag("td") if changes else None,
        tag("td"),
    )


def _ways(stage: Told) -> Markup | None:
    """The picture's twin: from whom to whom, how many papers, what each is worth, how many votes."""
    shown = [way for way in stage.passages if way.giver]
    if not shown:
        return None
    counted = any(way.papers is not None for way in shown)
    givers = len({way.giver for way in shown}) > 1
    heads = (
        *(("From",) if givers else ()),
        "To",
        *(("Papers", "Each worth") if counted else ()),
        "Votes",
    )
    rows = tuple(_way(way, givers, counted) for way in shown)
    caption: Node = "Which papers went where"
    if not givers:
        caption = join("Where the papers of ", outside(shown[0].giver), " went")
    columns = tuple(range(1 + givers, len(heads)))
    return join(_plain_table(caption, heads, rows, columns))


def _way(way: Passage, givers: bool, counted: bool) -> tuple[Node, ...]:
    papers = "" if way.papers is None else number(way.papers)
    return (
        *((outside(way.giver),) if givers else ()),
        outside(way.heir) if way.heir else LOST if way.cut else "nobody: no further preference",
        *((papers, way.value) if counted else ()),
        figure(way.votes.text),
    )


def _plain_table(
    caption: Node, heads: tuple[str, ...], rows: tuple[tuple[Node, ...], ...], numbers: tuple[int, ...]
) -> Markup:
    """A narrow table that keeps its columns on phones."""

    def shape(at: int) -> str | None:
        return "num" if at in numbers else None

    return tag(
        "table",
        tag("caption", caption),
        tag(
            "thead",
            tag("tr", *(tag("th", one, scope="col", class_=shape(at)) for at, one in enumerate(heads))),
        ),
        tag(
            "tbody",
            *(
                tag(
                    "tr",
                    *(
                        tag("td", cell, class_=shape(at)) if at else tag("th", cell, scope="row")
                        for at, cell in enumerate(row)
                    ),
                )
                for row in rows
            ),
        ),
        class_="ways",
    )


def _figures(count: Count) -> Markup | None:
    """Every tally, candidates down and stages across, a few stages to a table; nothing where one stage has all."""
    if len(count.stages) < 2:
        return None
    out = " Dash: out of the count." if any(stage.excluded for stage in count.stages) else ""
    tables = []
    for start in range(0, len(count.stages), _TOGETHER):
        part = count.stages[start : start + _TOGETHER]
        counts = part[0].counts if len({one.counts for one in part}) == 1 else "Figures"
        says = f"{counts} after stages {part[0].label} to {part[-1].label}"
        if len(part) == 1:
            says = f"{counts} after stage {part[0].label}"
        tables.append(scrolled(f"figures-{start // _TOGETHER + 1}", says, _block(count, part, says)))
    return section("figures", "Every figure", tag("p", "✓ and bold: elected.", out), *tables)


def _block(count: Count, part: tuple[Told, ...], says: str) -> Markup:
    rows = [(name, [_cell(stage, name) for stage in part]) for name in count.candidates]
    rest = [(row.name, [_cell(stage, row.name) for stage in part]) for row in part[0].rest]
    heads = [
        tag("th", tag("b", link("#stage-" + one.label.replace(".", "-"), one.label)), outside(one.title),
            scope="col", class_="num")
        for one in part
    ]  # fmt: skip
    totals = [tag("td", figure(stage.total.text), class_="num") for stage in part if stage.total]
    return tag(
        "table",
        tag("caption", says),
        tag("thead", tag("tr", tag("th", tag("b", "Stage"), scope="col"), *heads)),
        tag("tbody", *(tag("tr", tag("th", outside(name), scope="row"), *boxes) for name, boxes in rows)),
        tag(
            "tfoot",
            *(tag("tr", tag("th", name, scope="row"), *boxes) for name, boxes in rest),
            tag("tr", tag("th", "total", scope="row"), *totals),
        )
        if totals
        else None,
        class_="sheet",
    )


def _cell(stage: Told, name: str) -> Markup:
    row = next((row for row in (*stage.rows, *stage.rest) if row.name == name), None)
    if row is None or (row.fate == "excluded" and not row.since and not row.votes.size):
        return tag("td", "–", class_="num")
    won = row.fate == "elected"
    text = figure(row.votes.text)
    return tag("td", f"✓ {text}" if won and row.since else text, class_="num won" if won else "num")


def _grid(at: int, grid: Grid) -> Markup:
    rows = tuple(tuple(outside(cell) for cell in row) for row in grid.rows)
    inner = _plain_table(grid.title, grid.columns, rows, tuple(range(1, len(grid.columns))))
    return section(f"table-{at}", grid.title, scrolled(f"grid-{at}", grid.title, inner))


def _papers(count: Count) -> Markup:
    return section(
        "check",
        "Check it yourself",
        tag(
            "p",
            "Every stage adds up to the same total. " if all(one.total for one in count.stages) else "",
            "With the sheet as a file (",
            tag("code", "selectorate count FILE --json"),
            ") anyone can check it, with or without the papers:",
        ),
        tag("pre", "selectorate check-sheet SHEET.json\nselectorate check-sheet SHEET.json --papers FILE"),
        tag("p", "SHA-256 of the file of papers: ", tag("span", count.papers, class_="print")),
    )
