"""What a terminal shows: reports, sheets and steps as plain lines. No output here, only text.

Texts from outside lose every character that could move the cursor or change colours. Colour only if asked.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from selectorate.canon import Check, Report
from selectorate.pages.html import clean
from selectorate.pages.objects import CountSheet

_MARKS = {"passed": "✓", "failed": "✗", "not checked": "–", "not part of it": "–"}
_CLAIM_MARKS = {"checked": "✓", "failed": "✗", "on condition": "?"}
_COLOURS = {"✓": "32", "✗": "31", "–": "33"}
_HOURS, _MINUTES, _SECONDS = 3_600_000, 60_000, 1_000


def plain(text: str) -> str:
    """One line without control characters."""
    return clean(text.replace("\n", " ").replace("\t", " ")).replace("\ufffd", "?")


def report_text(report: Report, *, colour: bool = False) -> str:
    """The verdict and stage first, then one line a check; what failed or was left out says why."""
    counts = dict.fromkeys(_MARKS, 0)
    for check in report.checks:
        counts[check.verdict] += 1
    said = [f"{counts[verdict]} {verdict}" for verdict in _MARKS if counts[verdict] or verdict == "passed"]
    stage = {"open": "the poll is open", "closed": "the poll is closed", "declared": "declared"}[report.stage]
    mark = {"passed": "✓", "failed": "✗", "incomplete": "–"}[report.verdict]
    first = f"{_lit(mark, colour)} {report.verdict}; {stage} ({', '.join(said)})"
    wide = max((len(plain(check.duty)) for check in report.checks), default=0)
    return "\n".join([first, *(_check_line(check, wide, colour) for check in report.checks)]) + "\n"


def _check_line(check: Check, wide: int, colour: bool) -> str:
    mark = _lit(_MARKS[check.verdict], colour)
    said = "" if check.verdict in {"passed", "failed"} else f" [{check.verdict}]"
    because = f" – {plain(check.because)}" if check.because else ""
    return f"{mark} {plain(check.duty):<{wide}}  {plain(check.claim)}{said}{because}"


def _lit(mark: str, colour: bool) -> str:
    return f"\x1b[{_COLOURS[mark]}m{mark}\x1b[0m" if colour else mark


def claims_text(rows: Sequence[Mapping[str, str]], *, width: int = 100) -> str:
    """What an election promises, row by row: how it stands, the condition, who could break it, who would notice.

    rows: `property`, `word`, `here`, `holds_if`, `broken_by`, `noticed_by`; a "-" is left out.
    """
    said = (
        ("here", "here"),
        ("holds if", "holds_if"),
        ("broken by", "broken_by"),
        ("noticed by", "noticed_by"),
    )
    lines = ["What this election promises, and on which conditions"]
    for row in rows:
        lines.append(f"  {_CLAIM_MARKS.get(row['word'], '–')} {plain(row['property'])}: {plain(row['word'])}")
        for label, name in said:
            if row[name] != "-":
                lines += textwrap.wrap(
                    plain(row[name]), width, initial_indent=f"      {label:<12}", subsequent_indent=" " * 18
                )
    return "\n".join(lines) + "\n"


def sheet_text(sheet: CountSheet, *, width: int = 100) -> str:
    """The count as a table of text; stages that do not fit beside each other follow below.

    Sheets without stages give the head alone.
    """
    names = [plain(name) for name in sheet.candidates]
    longest = max((len(name) for name in (*names, "non-transferable")), default=0)
    box = max(
        (len(votes) for stage in sheet.stages for _, votes in (*stage.tallies, ("", stage.non_transferable))),
        default=0,
    )
    box += 4
    fitting = max(1, (width - longest) // box)
    lines = [f"{plain(sheet.ruleset_title)}: {sheet.seats} to elect, quota {plain(sheet.quota)}"]
    for start in range(0, len(sheet.stages), fitting):
        part = sheet.stages[start : start + fitting]
        lines += ["", f"{'stage':<{longest}}" + "".join(f"{stage.number:>{box - 1}} " for stage in part)]
        for raw, name in zip(sheet.candidates, names, strict=True):
            boxes = [
                f"{plain(dict(stage.tallies).get(raw, '')):>{box - 1}}{'*' if raw in stage.elected else ' '}"
                for stage in part
            ]
            lines.append((f"{name:<{longest}}" + "".join(boxes)).rstrip())
        rest = "".join(f"{plain(stage.non_transferable):>{box - 1}} " for stage in part)
        lines.append(f"{'non-transferable':<{longest}}{rest}".rstrip())
    lines += [""] + [
        f"stage {stage.number}: {plain(stage.act)}{_won(stage.elected)}" for stage in sheet.stages
    ]
    lines += [f"tie: {plain(sentence)}" for sentence in sheet.ties]
    lines.append(f"elected (*), in order: {', '.join(plain(name) for name in sheet.elected) or 'nobody'}")
    return "\n".join(lines) + "\n"


def _won(names: tuple[str, ...]) -> str:
    return f"; elected: {', '.join(plain(name) for name in names)}" if names else ""


def duration(milliseconds: int) -> str:
    """0.4 s, 41 s, 2 min 05 s, 1 h 02 min: as people say it; tenths below ten seconds only."""
    if milliseconds < 10 * _SECONDS:
        tenths = milliseconds // 100
        return f"{tenths // 10}.{tenths % 10} s"
    if milliseconds < _MINUTES:
        return f"{milliseconds // _SECONDS} s"
    if milliseconds < _HOURS:
        return f"{milliseconds // _MINUTES} min {milliseconds % _MINUTES // _SECONDS:02} s"
    return f"{milliseconds // _HOURS} h {milliseconds % _HOURS // _MINUTES:02} min"


def step_line(
    step: int, steps: int, says: str, milliseconds: int, *, width: int = 78, colour: bool = False
) -> str:
    """One finished step: " 4/11 ✓ says ........ 1.2 s". One line, without its newline."""
    took = duration(milliseconds)
    head = f"{step:>{len(str(steps))}}/{steps} "
    room = max(8, width - len(head) - 2 - len(took) - 5)
    says = plain(says)
    says = says if len(says) <= room else says[: room - 1] + "…"
    dots = "." * max(3, width - len(head) - 2 - len(says) - len(took) - 2)
    return f"{head}{_lit('✓', colour)} {says} {dots} {took}"


def progress_line(says: str, done: int, total: int, milliseconds: int) -> str:
    """A step that is under way: how many, how long, and about how much longer. One line, no newline."""
    parts = [f"{plain(says)}: {done:,} of {total:,}", duration(milliseconds)]
    if 0 < done < total and milliseconds >= 2 * _SECONDS:
        parts.append(f"about {duration(milliseconds * (total - done) // done)} to go")
    return ", ".join(parts)
