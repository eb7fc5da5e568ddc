"""One finding as a part of a page: what was seen, what speaks for asking and what against, side by side, what to do."""

from __future__ import annotations

from selectorate.pages.findings import words
from selectorate.pages.findings.graph import graph
from selectorate.pages.findings.objects import Finding
from selectorate.pages.findings.timeline import past_picture, timeline
from selectorate.pages.html import Markup, Node, join, number, outside, several, tag
from selectorate.pages.tables import table

PEOPLE_MAX = 1_000
"""More members than this are not listed one by one; the list of letters has them all."""


def article(finding: Finding, place: int, level: int) -> Markup:
    """level: of the finding's own heading, 1 or 3; place: among the findings of the page, for its ids."""
    title, below = f"h{level}", f"h{level + 1}"
    return tag(
        "article",
        tag(
            "p", tag("b", words.level(finding.severity)), ". ", words.URGES[finding.severity], class_="level"
        ),
        tag(title, outside(finding.title), id=f"finding-{place}"),
        tag("p", outside(finding.id), class_="soft small"),
        tag("p", outside(seen(finding)), class_="says"),
        _facts(finding),
        tag(
            "div",
            _out(finding, place, below),
            _points(below, "What does not fit", finding.against),
            class_="pair",
        ),
        *timeline(finding, place, below),
        *graph(finding, place, below),
        tag(
            "div",
            _points(below, "What innocently looks the same", finding.lookalikes),
            _points(below, "What would settle it", finding.settle),
            class_="pair",
        ),
        *(
            part
            for head, text in (
                ("What it means for the contest", finding.matters),
                ("Answers so far", finding.answers),
            )
            if text
            for part in (tag(below, head), tag("p", outside(text)))
        ),
        *_steps(finding, below),
        *_parts(finding, below),
        *_people(finding, below),
        class_=f"finding s{finding.severity}",
        aria_labelledby=f"finding-{place}",
    )


def seen(finding: Finding) -> str:
    """What was seen, without the comparison, which has a place of its own."""
    return finding.sentence.replace(finding.comparison, "").strip() or finding.sentence


def facts(finding: Finding) -> tuple[tuple[str, str], ...]:
    """The numbers of a finding: label and number as text."""
    said: list[tuple[str, str]] = []
    if finding.members:
        said.append(("member" if finding.members == 1 else "members", number(finding.members)))
    else:
        said.append((finding.counted, number(finding.observed)))
    if finding.homes:
        said.append(("home" if finding.homes == 1 else "homes", number(finding.homes)))
    if finding.branch:
        said.append(("branch", finding.branch))
    return tuple(said)


def _facts(finding: Finding) -> Markup:
    boxes = [tag("div", tag("dt", label), tag("dd", outside(value))) for label, value in facts(finding)]
    when = words.between(finding.first, finding.last)
    return join(tag("dl", *boxes, class_="facts"), tag("p", "When: ", when, ".", class_="when"))


def _out(finding: Finding, place: int, below: str) -> Markup:
    said = [finding.comparison, words.by_chance(finding.chance), words.weighed(finding.weight)]
    return tag(
        "div",
        tag(below, "What stands out"),
        tag("ul", *(tag("li", outside(one)) for one in said if one), class_="plain"),
        past_picture(finding.past, place),
    )


def _points(below: str, head: str, sentences: tuple[str, ...]) -> Markup:
    body: Node = tag("ul", *(tag("li", outside(sentence(one))) for one in sentences), class_="plain")
    return tag("div", tag(below, head), body if sentences else tag("p", "Nothing is known."))


def sentence(text: str) -> str:
    """A point as a sentence: it begins large and ends with a full stop."""
    ended = text if text.endswith((".", "?", "!", "…")) else f"{text}."
    return ended[:1].upper() + ended[1:]


def _steps(finding: Finding, below: str) -> tuple[Markup, ...]:
    if not finding.steps:
        return ()
    listed = (
        tag("li", outside(step.says), tag("pre", tag("code", step.line)) if step.line else None)
        for step in finding.steps
    )
    return (tag(below, "What to do next"), tag("ol", *listed, class_="steps"))


def _parts(finding: Finding, below: str) -> tuple[Markup, ...]:
    if not finding.parts:
        return ()
    rows = tuple(
        (
            outside(part.says),
            several(part.members, "member", "members"),
            words.unusual(part.thousandths),
            words.units(part.thousandths),
        )
        for part in finding.parts
    )
    return (
        tag(below, "How unusual, sign by sign"),
        tag(
            "p",
            "How often the organisation's own past shows as much, for each sign by itself. One unit more is ten "
            "times as rare; the units add up.",
        ),
        table("One line a sign.", ("Sign", "Concerns", "In the past", "Units"), rows, numbers=(3,)),
    )


def _people(finding: Finding, below: str) -> tuple[Markup, ...]:
    if not finding.people or len(finding.people) > PEOPLE_MAX:
        return ()
    homes = {tie.member: tie.number for tie in finding.ties if tie.kind == "home"}
    rows = tuple(
        (
            f"Member {place}",
            outside(person.number),
            f"Home {homes[place]}" if place in homes else "–",
            outside(person.asked or "not yet"),
            outside(person.answered or "no answer yet"),
            outside(person.decided or "open"),
        )
        for place, person in enumerate(finding.people, 1)
    )
    heads = ("In the picture", "Number", "Home", "Asked", "Answered", "Decided")
    return (
        tag(below, "Whom it concerns"),
        tag(
            "details",
            tag("summary", f"{several(len(rows), 'member', 'members')}, with their numbers"),
            table("One line a member. Silence is not an answer and proves nothing.", heads, rows),
        ),
    )
