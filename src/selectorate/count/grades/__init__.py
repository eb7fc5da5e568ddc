"""Majority judgment: the better median grade wins (make). Engine of the family "grades".

Balinski and Laraki, "Majority Judgment: Measuring, Ranking, and Electing", MIT Press 2010: a candidate's majority
grade is the median of the grades received; equal candidates are told apart by
their majority values, the grades that become the median as one median after the other is taken away. Of two grades in
the middle theirs is the lower; the rule set says which is taken.
"""

from __future__ import annotations

from collections.abc import Sequence

from selectorate.canon import Digest
from selectorate.count.ballots import FigureProfile, Figures, WeakProfile
from selectorate.count.objects import Profile, Sheet, Stage, Table
from selectorate.count.points.marks import Marked
from selectorate.count.points.record import amount, counted, draw_up, listed
from selectorate.count.points.seating import EQUAL_BY_NAME, seat
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw
from selectorate.errors import refuse

INVALID = "the paper is invalid"
BETTER = "the median; of two in the middle the better"
NOT_GRADED = "papers without a grade for every candidate, or with an unknown one: invalid"

Grades = tuple[int, ...]
"""For each grade, the worst first, how many papers give it to one candidate."""


def run(
    papers: Profile | WeakProfile | FigureProfile, ruleset: Ruleset, seats: int, draw: Draw, digest: Digest
) -> Sheet:
    """The engine of the family "grades" (`methods.Engine`). Figures are grades, the worst 0.

    Raises Refusal `count.papers` (rankings instead of grades), `count.empty`, `count.tie`.
    """
    if not isinstance(papers, FigureProfile):
        raise refuse("count.papers", because=f"they are rankings, and {ruleset.name} counts grades")
    marked = _admit(papers, ruleset)
    names = papers.grades or _plain_grades(marked)
    received = [_received(marked, at, len(names)) for at in range(len(marked.candidates))]
    values = majority_values(received, better=ruleset["grade"] == BETTER)
    seated = seat(dict(zip(marked.candidates, values, strict=True)), seats, [], draw, stage=1)
    medians = [value[0] for value in values]
    stage = Stage(
        number=1,
        act="grades",
        tallies=tuple(sum(grades[median:]) for grades, median in zip(received, medians, strict=True)),
        non_transferable=0,
        elected=seated.elected,
        figures=(("each candidate's figure", "papers that give the majority grade or better"),),
        clause=ruleset.source("grade"),
        says=_says(marked, names, medians, received, seated.elected, bool(seated.ties)),
    )
    return draw_up(
        marked,
        ruleset,
        seats,
        digest,
        stages=[stage],
        ties=seated.ties,
        elected=seated.elected,
        tables=[_table(marked, names, received, medians)],
        cleaning=marked.cleaning,
        remarks=[EQUAL_BY_NAME] if seated.equal else [],
    )


def majority_values(received: Sequence[Grades], *, better: bool = False) -> list[tuple[int, ...]]:
    """A key for each candidate that orders them as their majority values do, the greater the better; equal only
    for equal grades. The first part is the majority grade; better: of two in the middle, the better one. All must
    have the same number of papers.

    The medians taken away one by one are the middle paper, then those beside it in turn, outwards. Runs of equal
    pairs are looked at once, at their first, so that a million papers cost as much as ten: a run ends where some
    candidate's grade changes.
    """
    if better:
        # the same walk from the other end: what is the lower of two seen from the best is the better
        worst = len(received[0]) - 1
        mirrored = majority_values([grades[::-1] for grades in received])
        return [tuple(worst - grade for grade in value) for value in mirrored]
    total = sum(received[0])
    middle = total // 2 if total % 2 else total // 2 - 1
    # places count from the worst paper, 0; the median, of two in the middle the lower, is at `middle`
    starts = {0}
    for grades in received:
        end = 0
        for number in grades[:-1]:
            end += number
            starts.update((end - middle - 1, end - middle, middle - end + 1))
    steps = sorted(step for step in starts if 0 <= step <= middle)
    return [_value(grades, total, middle, steps) for grades in received]


def _value(grades: Grades, total: int, middle: int, steps: Sequence[int]) -> tuple[int, ...]:
    """The grades that become the median, at the beginning of each run.

    With an odd number of papers, after the median the lower of two in the middle goes next: one step below, then
    one above. With an even number the first to go is the lower of the middle two, then the upper, and so on."""
    odd = total % 2
    value: list[int] = []
    for step in steps:
        below, above = middle - step, middle + step if odd else middle + step + 1
        value += (_at(grades, below), _at(grades, above))
    return tuple(value)


def _at(grades: Grades, place: int) -> int:
    """The grade of the paper at this place, counted from the worst."""
    for grade, number in enumerate(grades):
        place -= number
        if place < 0:
            return grade
    raise IndexError(place)


def _admit(papers: FigureProfile, ruleset: Ruleset) -> Marked:
    """The valid papers, every candidate graded on each."""
    unmarked_is_worst = ruleset["unmarked"] == "the worst grade"
    blank, invalid = papers.blank, 0
    valid: dict[Figures, int] = {}
    for figures, number in papers.papers:
        given = [one for one in figures if one is not None]
        known = all(one >= 0 and (not papers.grades or one < len(papers.grades)) for one in given)
        if not given and ruleset["empty"] != INVALID:
            blank += number
        elif not known or not given or (len(given) < len(figures) and not unmarked_is_worst):
            invalid += number
        else:
            graded = tuple(one or 0 for one in figures)
            valid[graded] = valid.get(graded, 0) + number
    if not valid:
        raise refuse("count.empty", blank=blank, invalid=papers.invalid + invalid)
    cleaning = ((NOT_GRADED, invalid),) if invalid else ()
    return Marked(papers.candidates, tuple(valid.items()), blank, papers.invalid + invalid, cleaning)


def _plain_grades(marked: Marked) -> tuple[str, ...]:
    """Grades without names are called by their number, the worst 0."""
    highest = max(one or 0 for figures, _ in marked.papers for one in figures)
    return tuple(str(grade) for grade in range(highest + 1))


def _received(marked: Marked, at: int, grades: int) -> Grades:
    received = [0] * grades
    for figures, number in marked.papers:
        received[figures[at] or 0] += number
    return tuple(received)


def _table(marked: Marked, names: Sequence[str], received: Sequence[Grades], medians: Sequence[int]) -> Table:
    """How often each got each grade, the best grade first."""
    return Table(
        "Grades received",
        ("candidate", *reversed(names), "majority grade"),
        tuple(
            (name, *(str(number) for number in reversed(grades)), names[median])
            for name, grades, median in zip(marked.candidates, received, medians, strict=True)
        ),
    )


def _says(
    marked: Marked,
    names: Sequence[str],
    medians: Sequence[int],
    received: Sequence[Grades],
    elected: Sequence[str],
    lot: bool,
) -> str:
    """Who is elected with which majority grade, and how near the best of the others comes."""
    grade = dict(zip(marked.candidates, medians, strict=True))
    of = dict(zip(marked.candidates, received, strict=True))
    won = listed(f"{name} with the majority grade {names[grade[name]]}" for name in elected)
    verb = "is" if len(elected) == 1 else "are"
    last = elected[-1]
    level = sorted(name for name in grade if name not in elected and grade[name] == grade[last])
    if lot:
        return f"{won} {verb} elected after a lot: others received exactly the same grades as {last}."
    if level:
        better, worse = sum(of[last][grade[last] + 1 :]), sum(of[last][: grade[last]])
        return (
            f"{won} {verb} elected; {listed(level)} have the same majority grade as {last} and come after by the "
            f"medians that follow ({last}: {counted(better, 'better grade')}, {amount(worse)} worse)."
        )
    return f"{won} {verb} elected; every other majority grade is worse than {last}'s."
