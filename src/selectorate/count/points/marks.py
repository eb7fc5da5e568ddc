"""Which papers of marks are valid, and what each gives whom.

A paper with more than its rule allows is invalid, never cut down: nobody can know which mark was meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from selectorate.count.ballots import FigureProfile, Figures, WeakProfile
from selectorate.count.objects import Number, Profile
from selectorate.count.rulesets import Ruleset
from selectorate.errors import refuse

ONE = "one candidate"
BY_SEATS = "as many candidates as there are seats, each once"
ONE_FEWER = "one candidate fewer than there are seats, each once"
ANY = "any number of candidates, each once"
SPREAD = "as many votes as there are seats, several to one candidate if wished"
SCORES = "a score for each candidate"

TOO_MUCH = "more marks than the rules allow, or a mark that they do not know: invalid"
TWO_FIRST = "several candidates at the first rank: invalid"


@dataclass(frozen=True, slots=True)
class Marked:
    """The valid papers: (figures, how many), a figure None where nothing is marked."""

    candidates: tuple[str, ...]
    papers: tuple[tuple[Figures, int], ...]
    blank: int
    invalid: int
    cleaning: tuple[tuple[str, int], ...]

    @property
    def valid(self) -> int:
        return sum(number for _, number in self.papers)


def admit(papers: Profile | WeakProfile | FigureProfile, ruleset: Ruleset, seats: int) -> Marked:
    """The papers that the rule set lets count.

    Raises Refusal `count.papers` (rankings, where marks are counted), `count.empty` (no valid paper is left).
    """
    marks = str(ruleset["marks"])
    rows, invalid, cleaning = _rows(papers, ruleset, marks)
    blank, valid, too_much = papers.blank, [], 0
    empty_counts = ruleset["empty"] == "valid, gives nobody anything"
    for figures, number in rows:
        if not _allowed(figures, marks, ruleset, seats):
            too_much += number
        elif _says_nothing(figures, marks) and not empty_counts:
            blank += number
        else:
            valid.append((figures, number))
    if too_much:
        cleaning.append((TOO_MUCH, too_much))
    invalid += too_much
    if not valid:
        raise refuse("count.empty", blank=blank, invalid=invalid)
    return Marked(papers.candidates, tuple(valid), blank, invalid, tuple(cleaning))


def _rows(
    papers: Profile | WeakProfile | FigureProfile, ruleset: Ruleset, marks: str
) -> tuple[list[tuple[Figures, int]], int, list[tuple[str, int]]]:
    """Every paper as figures; of a ranking, where one candidate is voted for, the first preference."""
    if isinstance(papers, FigureProfile):
        return list(papers.papers), papers.invalid, []
    if marks != ONE:
        raise refuse("count.papers", because=f"they are rankings, and {ruleset.name} counts marks or figures")
    firsts: dict[int, int] = {}
    unclear = 0
    if isinstance(papers, Profile):
        for paper in papers.papers:
            firsts[paper.ranking[0]] = firsts.get(paper.ranking[0], 0) + paper.number
    else:
        for groups, number in papers.papers:
            if len(groups[0]) == 1:
                firsts[groups[0][0]] = firsts.get(groups[0][0], 0) + number
            else:
                unclear += number
    size = len(papers.candidates)
    rows: list[tuple[Figures, int]] = [
        (tuple(int(one == first) for one in range(size)), number) for first, number in sorted(firsts.items())
    ]
    return rows, papers.invalid + unclear, [(TWO_FIRST, unclear)] if unclear else []


def _allowed(figures: Figures, marks: str, ruleset: Ruleset, seats: int) -> bool:
    given = [one for one in figures if one is not None]
    highest = ruleset["highest"]
    top = highest if isinstance(highest, int) else seats
    if any(not 0 <= one <= top for one in given):
        return False
    most = {ONE: 1, BY_SEATS: seats, ONE_FEWER: max(1, seats - 1), SPREAD: seats}.get(marks)
    return most is None or sum(given) <= most


def _says_nothing(figures: Figures, marks: str) -> bool:
    """Nothing at all is marked; an explicit score of 0 says something, an approval of 0 does not."""
    return all(one is None for one in figures) if marks == SCORES else not any(figures)


def totals(marked: Marked, *, shared: bool) -> list[Number]:
    """Each candidate's figures added up; shared: a paper's one vote is split equally among those it marks."""
    sums: list[Number] = [0] * len(marked.candidates)
    for figures, number in marked.papers:
        worth: Number = number
        if shared:
            worth = Fraction(number, max(1, sum(1 for one in figures if one)))
        for at, one in enumerate(figures):
            if one:
                sums[at] += worth * one
    return sums


def means(marked: Marked) -> list[Fraction | None]:
    """Each candidate's mean over the papers that give a figure; None where no paper does."""
    sums, papers = [0] * len(marked.candidates), [0] * len(marked.candidates)
    for figures, number in marked.papers:
        for at, one in enumerate(figures):
            if one is not None:
                sums[at] += one * number
                papers[at] += number
    return [Fraction(total, by) if by else None for total, by in zip(sums, papers, strict=True)]
