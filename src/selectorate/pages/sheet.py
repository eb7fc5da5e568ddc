"""The count sheet on the public page: in words, as picture, and as table with every figure."""

from __future__ import annotations

from fractions import Fraction

from selectorate.pages import pictures
from selectorate.pages.html import Markup, Node, figure, join, listed, outside, several, tag
from selectorate.pages.objects import CountSheet, Stage
from selectorate.pages.tables import scrolled, section


def sheet_section(sheet: CountSheet) -> Markup:
    """The part of the page about the count."""
    return section(
        "count",
        "The count",
        tag(
            "p",
            "A candidate who reaches the quota of ",
            tag("b", outside(figure(sheet.quota))),
            " votes is elected; what is over the quota passes on in part. When nobody reaches it, the "
            "candidate with the fewest votes goes out and those papers pass to the next name on them, until "
            f"{several(sheet.seats, 'place is', 'places are')} filled.",
        ),
        tag("figure", *pictures.count_picture(sheet), tag("figcaption", pictures.legend())),
        tag("h3", "Step by step"),
        tag("ol", *(tag("li", told(stage)) for stage in sheet.stages), class_="acts plain"),
        *(tag("p", outside(sentence)) for sentence in sheet.ties),
        tag("h3", "Every figure"),
        tag("p", "✓ and bold: elected at that stage. Dash: out of the count."),
        scrolled("sheet", "Count sheet, wide table", _table(sheet)),
        tag(
            "p",
            "Counted under ",
            outside(sheet.ruleset_title),
            " (",
            outside(sheet.ruleset),
            "), after ",
            outside(sheet.ruleset_source),
            ".",
            class_="soft small",
        ),
    )


def told(stage: Stage) -> Markup:
    """One stage as a sentence."""
    sentence: Node
    if stage.act == "first preferences":
        sentence = "The first preferences are counted."
    elif stage.act.startswith("surplus "):
        sentence = join("The surplus of ", outside(stage.act.removeprefix("surplus ")), " passes on.")
    elif stage.act.startswith("exclude "):
        sentence = join(outside(stage.act.removeprefix("exclude ")), " has the fewest votes and goes out.")
    else:
        sentence = join(outside(stage.act), ".")
    if not stage.elected:
        return join(sentence)
    verb = " is elected." if len(stage.elected) == 1 else " are elected."
    return join(sentence, " ", tag("b", listed(stage.elected), verb))


def total(stage: Stage) -> str:
    """All votes of a stage, those that passed to nobody included, with the places of the stage’s figures."""
    texts = [votes for _, votes in stage.tallies] + [stage.non_transferable]
    places = max(len(text.partition(".")[2]) for text in texts)
    units = sum((Fraction(text) for text in texts), Fraction(0)) * 10**places
    if units.denominator != 1:
        return "–"
    whole, rest = divmod(int(units), 10**places)
    return f"{whole}.{rest:0{places}}" if places else str(whole)


def _table(sheet: CountSheet) -> Markup:
    rows = [_row(sheet, course) for course in pictures.courses(sheet)]
    foot = tag(
        "tfoot",
        tag(
            "tr",
            tag("th", "Passed to nobody", scope="row"),
            *(tag("td", _votes(stage.non_transferable), class_="num") for stage in sheet.stages),
        ),
        tag(
            "tr",
            tag("th", "Total", scope="row"),
            *(tag("td", _votes(total(stage)), class_="num") for stage in sheet.stages),
        ),
    )
    heads = (
        tag("th", tag("b", "Stage"), "What happened", scope="col"),
        *(_head(stage) for stage in sheet.stages),
    )
    caption = tag("caption", "Votes after each stage")
    return tag("table", caption, tag("thead", tag("tr", *heads)), tag("tbody", *rows), foot, class_="sheet")


def _head(stage: Stage) -> Markup:
    act, _, name = stage.act.partition(" ")
    says: Node = outside(stage.act)
    if act == "surplus":
        says = join("Surplus of ", outside(name))
    elif act == "exclude":
        says = join(outside(name), " out")
    elif stage.act == "first preferences":
        says = "First preferences"
    return tag("th", tag("b", stage.number), says, scope="col", class_="num")


def _row(sheet: CountSheet, course: pictures.Course) -> Markup:
    boxes = []
    for stage in sheet.stages:
        if course.out is not None and stage.number >= course.out:
            boxes.append(tag("td", "–", class_="num"))
            continue
        text = dict(stage.tallies).get(course.name, "–")
        if course.elected == stage.number:
            boxes.append(tag("td", "✓ ", _votes(text), class_="num won"))
        else:
            boxes.append(tag("td", _votes(text), class_="num"))
    return tag("tr", tag("th", outside(course.name), scope="row"), *boxes)


def _votes(text: str) -> Markup:
    whole, point, places = figure(text).partition(".")
    return join(whole, tag("span", point + places, class_="dec") if places else None)
