"""Pages of findings: one of each, and one of all. Private, for the returning officer; the same look, the same bytes."""

from __future__ import annotations

from selectorate.pages import style
from selectorate.pages.findings import words
from selectorate.pages.findings.article import article, facts, seen
from selectorate.pages.findings.look import LOOK
from selectorate.pages.findings.objects import Finding, Look, Severity
from selectorate.pages.html import Markup, join, link, outside, page, several, tag
from selectorate.pages.tables import section, table

NEVER = (
    "A finding is a question, not an answer. It takes nobody off the roll and nobody's ballot away: everybody "
    "concerned votes like everyone else, and what stays open is weighed when the result is certified."
)
QUIET = (
    "Nothing on this roll is unlike the organisation's own past. There is nothing to ask and nothing to do."
)
ORDER: tuple[Severity, ...] = (4, 3, 2, 1)


def finding_html(finding: Finding, look: Look) -> bytes:
    """The page of one finding, UTF-8."""
    return page(
        f"{finding.title} – {look.organisation}",
        style.colours() + style.BASE + style.OFFICER + LOOK,
        _private(look),
        tag("nav", tag("p", link("index.html", "All findings")), class_="top", aria_label="Where you are"),
        tag(
            "main",
            article(finding, 1, 1),
            tag(
                "div",
                tag("h2", "What a finding is"),
                tag("p", NEVER),
                tag(
                    "p",
                    "It was reckoned from the roll as at ",
                    words.day(look.freeze),
                    " and can be reckoned again, byte for byte:",
                ),
                tag("pre", tag("code", f"selectorate roll explain {finding.id} DIR")),
                class_="note what",
            ),
        ),
        _foot(look),
        language=look.language,
    )


def overview_html(look: Look) -> bytes:
    """The page of all findings by urgency; on a quiet roll, a sentence that says so."""
    groups = [
        (severity, tuple(one for one in look.findings if one.severity == severity)) for severity in ORDER
    ]
    return page(
        f"Findings – {look.organisation}",
        style.colours() + style.BASE + style.OFFICER + LOOK,
        _private(look),
        tag(
            "header",
            tag("p", outside(look.organisation), " – ", outside(look.contest), class_="soft"),
            tag("h1", "What to look at on the roll"),
            tag("p", summary(look), class_="says"),
            tag("p", against(look), class_="soft"),
            class_="top",
        ),
        tag(
            "main",
            tag("p", NEVER, class_="note") if look.findings else None,
            *(_group(severity, found, look) for severity, found in groups if found),
            _following(look),
            _parity(look),
        ),
        _foot(look),
        language=look.language,
    )


def file_name(finding: Finding) -> str:
    """The name of a finding's page beside the overview."""
    kept = "".join(char if char == "-" or (char.isascii() and char.isalnum()) else "-" for char in finding.id)
    return f"finding-{kept}.html"


def summary(look: Look) -> str:
    """How much there is to do, in a sentence or two."""
    if not look.findings:
        return QUIET
    said = [
        f"{several(sum(one.severity == severity for one in look.findings), 'finding', 'findings')} "
        f"“{words.SEVERITIES[severity]}”"
        for severity in ORDER
        if any(one.severity == severity for one in look.findings)
    ]
    if not any(one.severity >= 2 for one in look.findings):
        return f"{said[0]}. Nobody has to be asked."
    asked = f"{several(look.concerned, 'member is', 'members are')} to be asked."
    return f"{'; '.join(said)}. {asked if look.concerned else 'None of them names a member.'}"


def against(look: Look) -> str:
    """What the roll was compared with."""
    members = several(look.size, "member", "members")
    if look.years < 0:
        return f"Looked at: {members}, as at {words.day(look.freeze)}."
    if not look.years:
        return (
            f"Looked at: {members}, as at {words.day(look.freeze)}. There is no earlier year to compare with."
        )
    years = "the year before" if look.years == 1 else f"the {look.years} years before"
    return f"Looked at: {members}, as at {words.day(look.freeze)}, compared with {years}, of this organisation alone."


def _private(look: Look) -> Markup:
    said = " For the returning officer. It does not belong in the public folder."
    return tag(
        "div",
        tag(
            "p",
            tag("b", "Private."),
            said + (" Demonstration: the members are invented." if look.demonstration else ""),
        ),
        class_="demo",
        role="note",
    )


def _foot(look: Look) -> Markup:
    made = f"{look.made} " if look.made else ""
    hashed = f"Settings {look.settings[:16]}." if look.settings else ""
    return tag("footer", tag("p", made, hashed), class_="foot")


def _group(severity: Severity, found: tuple[Finding, ...], look: Look) -> Markup:
    cards = [
        tag(
            "li",
            tag("h3", link(file_name(one), outside(one.title))),
            tag("p", outside(seen(one))),
            tag("p", _line(one), class_="soft small"),
            class_=f"s{severity}",
        )
        for one in found
    ]
    return section(
        f"level-{severity}",
        words.SEVERITIES[severity],
        tag("p", words.URGES[severity], class_="soft"),
        tag("ol", *cards, class_="cards"),
    )


def _line(finding: Finding) -> Markup:
    numbers = [join(outside(value), " ", label) for label, value in facts(finding) if value != finding.branch]
    where = (outside(finding.branch),) if finding.branch else ()
    parts = [*where, *numbers, words.between(finding.first, finding.last)]
    return join(*(piece for place, part in enumerate(parts) for piece in ((", " if place else ""), part)))


def _following(look: Look) -> Markup | None:
    if not look.steps:
        return None
    listed = (
        tag("li", outside(step.says), tag("pre", tag("code", step.line)) if step.line else None)
        for step in look.steps
    )
    return section("next", "What to do next", tag("ol", *listed, class_="steps"))


def _parity(look: Look) -> Markup | None:
    if not look.parity:
        return None
    head, *rows = look.parity
    return section(
        "parity",
        "Were all treated alike?",
        tag(
            "p",
            "How those who were asked answered, and what was decided, branch by branch; never by community, which "
            "nobody records. Branches with few people asked stand together, and no number under 10 is shown.",
        ),
        table(
            "One line a branch.",
            head,
            tuple(tuple(outside(cell) for cell in row) for row in rows),
            numbers=tuple(range(1, len(head))),
        ),
    )
