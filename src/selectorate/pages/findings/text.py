"""The same findings as plain text for a terminal or a letter: one after the other, the most urgent first."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from selectorate.pages.findings import words
from selectorate.pages.findings.article import seen, sentence
from selectorate.pages.findings.objects import Finding, Look
from selectorate.pages.findings.page import ORDER, against, summary
from selectorate.pages.html import several
from selectorate.pages.terminal import plain

WIDTH = 78


def look_text(look: Look) -> str:
    """All findings with everything of their pages but pictures and lists of members; ended by a newline."""
    lines = [*_wrapped(summary(look)), *_wrapped(against(look))]
    for severity in ORDER:
        for one in look.findings:
            if one.severity == severity:
                lines += ["", finding_text(one).rstrip("\n")]
    for step in look.steps:
        lines += ["", *_wrapped(f"Next: {step.says}"), *([f"  {plain(step.line)}"] if step.line else [])]
    return "\n".join(lines) + "\n"


def finding_text(finding: Finding) -> str:
    """One finding: what was seen, what stands out beside what does not fit, what to do; ended by a newline."""
    title = f"{plain(finding.title)} [{words.level(finding.severity)}]"
    lines = [title, "-" * min(WIDTH, len(title)), f"{plain(finding.id)}. {_when(finding)}"]
    lines += _wrapped(seen(finding))
    out = [finding.comparison, words.by_chance(finding.chance), words.weighed(finding.weight)]
    for head, sentences in (
        ("What stands out", out),
        ("What does not fit", finding.against),
        ("What innocently looks the same", finding.lookalikes),
        ("What would settle it", finding.settle),
        ("What it means for the contest", (finding.matters, finding.answers)),
        ("How unusual, sign by sign", parts(finding)),
    ):
        lines += _points(head, sentences)
    for number, step in enumerate(finding.steps, 1):
        lines += ["", "What to do next:"] if number == 1 else []
        lines += _wrapped(step.says, f"  {number}. ")
        lines += [f"     {plain(step.line)}"] if step.line else []
    return "\n".join(lines) + "\n"


def parts(finding: Finding) -> tuple[str, ...]:
    """What each signal adds, in words: how rare it is in the past, and the units that add up."""
    said = [
        f"{part.says}, {several(part.members, 'member', 'members')}: {words.unusual(part.thousandths)} "
        f"({words.units(part.thousandths)})"
        for part in finding.parts
    ]
    if len(said) > 1:
        said.append(f"together {words.units(sum(part.thousandths for part in finding.parts))} units")
    return tuple(said)


def _when(finding: Finding) -> str:
    said = words.between(finding.first, finding.last)
    return plain(said[:1].upper() + said[1:] + ".")


def _points(head: str, sentences: Iterable[str]) -> list[str]:
    lines = [line for one in sentences if one for line in _wrapped(sentence(one), "  - ")]
    return [f"{head}:", *lines] if lines else []


def _wrapped(text: str, start: str = "") -> list[str]:
    return textwrap.wrap(plain(text), WIDTH, initial_indent=start, subsequent_indent=" " * len(start))
