"""`public/index.html`: the whole selection on one page, for members.

Self-contained, without scripts; the page shows no tick of its own. Words of the workshop do not occur.
"""

from __future__ import annotations

from fractions import Fraction

from selectorate.pages import claims, pictures, style, svg
from selectorate.pages.html import (
    Markup,
    Node,
    cell,
    join,
    link,
    listed,
    number,
    outside,
    page,
    several,
    share,
    tag,
)
from selectorate.pages.objects import CaseLine, Doubt, PublicStory
from selectorate.pages.sheet import sheet_section
from selectorate.pages.tables import section, table

SECTIONS = (
    ("numbers", "How many voted"),
    ("left-out", "Left out"),
    ("doubt", "In doubt"),
    ("count", "The count"),
    ("checked", "Who checked it"),
    ("claims", "What is not claimed"),
    ("cases", "Cases decided"),
    ("check", "Check it yourself"),
)


def index_html(story: PublicStory) -> bytes:
    """The page as UTF-8 bytes; the same story gives the same bytes."""
    return page(
        f"{story.question} – {story.organisation}",
        style.colours() + style.BASE + style.PUBLIC,
        tag("a", "Skip to who was elected", class_="skip", href="#elected"),
        _demonstration(story),
        _top(story),
        "\n",
        tag(
            "main",
            _numbers(story),
            _left_out(story),
            _doubt(story),
            sheet_section(story.sheet),
            _checked(story),
            _claims(story),
            _cases(story),
            _check(story),
        ),
        "\n",
        tag("footer", tag("p", _foot(story)), class_="foot"),
        language=story.language,
        direction=story.direction,
    )


def _demonstration(story: PublicStory) -> Markup | None:
    if not story.demonstration:
        return None
    parts = " One computer plays all parts and claims no secrecy." if story.custody.one_computer else ""
    says = f" Organisation, members and dates are invented.{parts} "
    told = tag("p", tag("b", "This is a demonstration."), says, outside(story.note) if story.note else None)
    return tag("div", told, class_="demo", role="note")


def _top(story: PublicStory) -> Markup:
    first = {course.name: course for course in pictures.courses(story.sheet)}
    names = []
    for name in story.elected:
        course = first.get(name)
        how: Node = None
        if course is not None and course.votes:
            votes = several(int(course.votes[0]), "first preference", "first preferences")
            how = tag("span", tag("span", votes), tag("span", course.ends), class_="how")
        names.append(tag("li", tag("span", outside(name), class_="n"), how, class_="name"))
    return tag(
        "header",
        tag("p", outside(story.organisation), class_="org"),
        tag("p", outside(story.contest), class_="contest"),
        tag("h1", outside(story.question)),
        tag("h2", "Elected" if names else "Nobody was elected", class_="heading", id="elected"),
        tag("ol", *names, class_="names", role="list") if names else None,
        tag("p", _lead(story), class_="lead"),
        _verdict(story.doubt),
        tag(
            "nav",
            tag("ul", *(tag("li", link(f"#{name}", says)) for name, says in SECTIONS), role="list"),
            class_="contents",
            aria_label="On this page",
        ),
        class_="top",
    )


def _lead(story: PublicStory) -> Markup:
    count, sheet = story.turnout, story.sheet
    who = (
        join("The members elected ", listed(story.elected), ". ") if story.elected else "Nobody was elected. "
    )
    return join(
        who,
        f"{number(count.did_vote)} of the {number(count.could_vote)} people who could vote did so ",
        f"({share(count.did_vote, count.could_vote)}). ",
        f"{several(count.valid, 'valid paper was', 'valid papers were')} counted ",
        f"in {several(len(sheet.stages), 'stage', 'stages')} under ",
        outside(sheet.ruleset_title),
        f" for {several(sheet.seats, 'place', 'places')}.",
    )


_WORDS = {
    "certified": (
        "Certified.",
        "However the people in doubt voted, the same people are elected. This is proved.",
    ),
    "not certified": (
        "Not certified.",
        "The doubts about the roll are larger than the proof can cover. Nobody is unseated by it.",
    ),
    "could change": (
        "Could change.",
        (
            "The people in doubt are enough that their votes could have elected others. Whether they did, "
            "nobody knows. Nobody is unseated by it."
        ),
    ),
}


def _verdict(doubt: Doubt) -> Markup:
    word, says = _WORDS[doubt.word]
    return tag(
        "div",
        tag("p", tag("span", word, class_="word"), f" {says} ", link("#doubt", "What this means")),
        class_="verdict sure" if doubt.word == "certified" else "verdict",
    )


def _numbers(story: PublicStory) -> Markup:
    count = story.turnout
    whole = max(1, count.could_vote)
    rows = []
    for says, value, shape, inner in (
        ("Could vote", count.could_vote, "run", False),
        ("Did vote", count.did_vote, "run", False),
        ("Were counted", count.counted, "won", False),
        ("valid", count.valid, "won", True),
        ("blank", count.blank, "amber", True),
        ("invalid", count.invalid, "amber", True),
    ):
        rows.append(
            tag(
                "tr",
                tag("th", says, scope="row"),
                tag("td", number(value), class_="num"),
                tag("td", share(value, count.could_vote), class_="num"),
                tag("td", svg.bar(Fraction(value, whole), shape), class_="bar"),
                class_="in" if inner else None,
            )
        )
    head = tag(
        "thead",
        tag(
            "tr",
            tag("th", "People", scope="col"),
            tag("th", "Number", scope="col", class_="num"),
            tag("th", "Share", scope="col", class_="num"),
            tag("th", tag("span", "Picture of the share", class_="unseen"), scope="col"),
        ),
    )
    caption = tag("caption", "One line a group; shares are of the people who could vote.")
    replaced = (
        f"{several(count.replaced, 'ballot was', 'ballots were')} replaced by a later one of the same voter; "
        "only the last one counts. "
        if count.replaced
        else "No ballot was replaced by a later one. "
    )
    return section(
        "numbers",
        "How many voted, and how many were counted",
        tag("table", caption, head, tag("tbody", *rows), class_="bars"),
        tag("p", replaced, "A blank paper ranks nobody. An invalid paper cannot be read as a ranking."),
        tag(
            "ol",
            *(
                tag("li", tag("b", outside(one.what)), tag("span", outside(one.when)))
                for one in story.timetable
            ),
            class_="dates",
            role="list",
        )
        if story.timetable
        else None,
    )


def _left_out(story: PublicStory) -> Markup:
    rows = tuple(
        (join(outside(one.id), ", ", outside(one.cite)), outside(one.says), cell(one.number))
        for one in story.left_out
    )
    back: Node = None
    if story.put_back:
        back = tag("p", f"Put back on the roll after an appeal: {cell(story.put_back)}.")
    return section(
        "left-out",
        "How many were left out, and why",
        tag(
            "p",
            "The rules were the same for everyone and were fixed before. A suspicion leaves nobody out: "
            "each person was left out by a rule, was told the reason, and could appeal. Where a fact was "
            "missing, the person was asked first.",
        ),
        table(
            "People left out, each counted once, under the first rule that left them out.",
            ("Rule", "What it asks", "Left out"),
            rows,
            numbers=(2,),
        )
        if rows
        else tag("p", "Nobody was left out."),
        back,
        tag("p", "Numbers from 1 to 9 are not printed, so that they point at nobody.", class_="soft small"),
    )


def _doubt(story: PublicStory) -> Markup:
    doubt = story.doubt
    word, says = _WORDS[doubt.word]
    known = (
        f"A search found an example of another outcome with {number(doubt.changed_from)} papers"
        if doubt.changed_from is not None
        else "A search found no example of another outcome"
    )
    example: Node = None
    if doubt.changed_from is not None and doubt.example_elected:
        example = join(" (then elected: ", listed(doubt.example_elected), ")")
    return section(
        "doubt",
        "How many are in doubt, and whether it matters",
        tag(
            "p",
            _questions(doubt),
            "Ballots are secret, so no ballot was taken out. Instead the count itself was tested: would the "
            "same people be elected if that many papers were taken away or added, whatever is on them?",
        ),
        tag("figure", *pictures.doubt_picture(doubt)),
        tag(
            "ul",
            tag(
                "li",
                tag("b", "Proved: "),
                f"up to {number(doubt.certified_to)} papers, the same people are elected.",
            ),
            tag("li", tag("b", "In doubt: "), f"{number(doubt.total)} papers."),
            tag("li", tag("b", "Known: "), known, example, "."),
            class_="plain",
        ),
        tag("h3", word.rstrip(".")),
        tag("p", says),
        *(tag("p", sentence) for sentence in _meaning(doubt)),
    )


def _questions(doubt: Doubt) -> str:
    if doubt.total == 0:
        return "No question about the roll was open when voting began, and no appeal is. "
    voted = f"Questions about {number(doubt.doubtful)} people who voted were still open"
    if doubt.doubtful == 0:
        voted = "No question about anybody who voted was open"
    out = f"{number(doubt.left_out)} people who were left out may yet be right"
    if doubt.left_out == 0:
        out = "no appeal of anybody who was left out is"
    return f"{voted}, and {out}. Numbers of people are rounded up to tens. "


def _meaning(doubt: Doubt) -> tuple[str, ...]:
    if doubt.word == "certified":
        return ("Every decision of the count stays as it is, whatever stood on the papers in doubt.",)
    if doubt.word == "could change":
        return (
            (
                "The example shows what is possible, not what happened: nobody can see how these people "
                "voted, and most of them may well be members like any other. What follows is for the "
                "rulebook and its appeal body."
            ),
        )
    return (
        (
            "It does not say that the outcome is wrong. Somewhere in the count two candidates, or a "
            "candidate and the quota, are so close that a few papers could change the order of the steps, "
            "and then the proof stops. It also does not say that the people in doubt did anything wrong: "
            "most questions have an innocent answer."
        ),
        (
            "To close the gap, settle the open questions before voting opens the next time; those who were "
            "elected hold their places."
        ),
    )


def _checked(story: PublicStory) -> Markup:
    people = tuple((outside(name), ", ".join(roles)) for name, roles in claims.parts(story.custody))
    return section(
        "checked",
        "Who checked it",
        tag("ul", *(tag("li", outside(sentence)) for sentence in story.checked), class_="plain"),
        tag(
            "p",
            "A page cannot vouch for itself, so this one shows no tick. ",
            link("#check", "Check it yourself"),
            ".",
        ),
        tag("h3", "Who held which part"),
        tag("p", claims.independence(story.custody)),
        table("One line a name; a name with several parts counts once.", ("Name", "Parts"), people)
        if people
        else None,
    )


def _claims(story: PublicStory) -> Markup:
    absent = [tag("li", tag("b", row.says), tag("span", row.why)) for row in claims.not_claimed(story)]
    rows = tuple((row.says, row.holds, row.broken, row.noticed) for row in claims.claimed(story))
    return section(
        "claims",
        "What is not claimed",
        tag("ul", *absent, class_="no", role="list"),
        tag("h3", "What is claimed, and on what condition"),
        table(
            "Each claim with what it rests on.", ("Claim", "Holds if", "Broken by", "Who can notice"), rows
        ),
    )


def _cases(story: PublicStory) -> Markup:
    if not story.cases:
        return section("cases", "Cases decided", tag("p", "No case was decided in this time."))
    rows = tuple(
        (
            join(outside(case.decision), ", ", outside(case.cite)),
            outside(case.about),
            join(outside(case.outcome), _departure(case)),
            tag("span", case.fingerprint, class_="print"),
        )
        for case in story.cases
    )
    return section(
        "cases",
        "Cases decided",
        tag(
            "p",
            "Requests and complaints are decided by the rulebook too. The fingerprint stands for the facts, "
            "without any name: the same facts give the same fingerprint, and must give the same outcome.",
        ),
        table(
            "Cases in the order of decision.", ("Rule", "About", "Outcome", "Fingerprint of the facts"), rows
        ),
    )


def _departure(case: CaseLine) -> Markup | None:
    if not case.departure:
        return None
    return join(tag("br"), "Departs from the rule: ", outside(case.departure))


def _check(story: PublicStory) -> Markup:
    steps: list[Node] = [
        tag("dt", "Is my ballot there?"),
        tag(
            "dd",
            "Look up your tracker, the 43 characters on your receipt, in ",
            link("trackers/index.html", "the list of all ballots"),
            ". It shows your ballot’s position, and whether a later one of yours replaced it.",
        ),
    ]
    for command in story.commands:
        steps.append(tag("dt", outside(command.says)))
        steps.append(tag("dd", tag("pre", tag("code", command.line))))
    files = [tag("li", link(one.path, outside(one.says))) for one in story.files]
    return section(
        "check",
        "Check it yourself",
        tag(
            "p",
            "All you need is this folder; copy it and check it without a network. The programs are free, "
            "and the second one was written separately and shares no line with the first.",
        ),
        tag("dl", *steps, class_="how"),
        tag("h3", "The key of the record"),
        tag(
            "p",
            "Whoever shows you another record under the same name cannot sign it with this key. Compare it "
            "with what other members see and with the organisation’s announcement.",
        ),
        tag("pre", tag("code", story.record_key)),
        tag("h3", "What is in this folder") if files else None,
        tag("ul", *files, class_="plain files") if files else None,
    )


def _foot(story: PublicStory) -> Markup:
    return join(
        outside(story.organisation),
        ". Published ",
        outside(story.published),
        ". Record ",
        outside(story.origin),
        ". This page only retells the record beside it; where they differ, the record is right.",
    )
