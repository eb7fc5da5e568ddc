"""From papers as they were marked to papers as they are counted: a step of its own, before the count.

`clean` applies a rule set's answers to the questions of `rulesets.cleaning` and says how many papers each of
them touched. Nothing is lost: papers in = valid + blank + invalid.

In this order: candidates who withdrew are taken off every paper (those below move up, it leaves no gap); then
each rank is read from the first on, and is a gap, equal ranks (or an overvote), or one candidate; a candidate
who stood higher up already is a repetition. A paper without any mark for somebody who stands is blank. A paper
with marks of which the answers leave nothing is invalid.

A family that asks none of these questions is cleaned by `PLAIN`: gaps and repetitions are passed over, equal
candidates stay equal, an overvote without names is passed over, any preference makes a paper valid. What kind of
papers a family counts its module of questions says (`PAPERS`, see `papers_of`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Literal, TypeVar, cast

from selectorate.count import rulesets
from selectorate.count.ballots import (
    OVERVOTE,
    Ballots,
    FigureProfile,
    Figures,
    Marks,
    Sheaf,
    SheafProfile,
    WeakProfile,
)
from selectorate.count.objects import Profile, Ranking
from selectorate.count.rulesets import Ruleset
from selectorate.count.rulesets.asked import Answer
from selectorate.errors import refuse

Kind = Literal["ranks", "first", "marks", "figures"]
Report = tuple[tuple[str, int], ...]
Papers = Profile | SheafProfile | WeakProfile | FigureProfile
Form = TypeVar("Form", bound=Hashable)

PLAIN: Mapping[str, Answer] = {
    "first_preference": "any preference for a candidate",
    "gaps": "passed over",
    "equal_ranks": "counted as equal",
    "repeated": "the later mark is passed over",
    "withdrawn": "taken off every paper before the count",
}
_ENDS, _INVALID = "the paper ends there", "the paper is invalid"
_GAP, _EQUAL, _TWICE = "gaps", "equal_ranks", "repeated"
_TWO_GAPS = "two in a row end the paper"
_CUT = {_GAP: "skipped ranks", _EQUAL: "overvote", _TWICE: "repeated candidate"}
_FOUND = {
    "withdrawn": "papers with a candidate who withdrew",
    _GAP: "papers with a rank left out",
    _EQUAL: "papers with several candidates at one rank, or an overvote",
    _TWICE: "papers with a candidate more than once",
    "first_preference": "papers without one single first preference: invalid",
    "nothing left": "papers on which nothing is left that can be counted: invalid",
}
RANKED_AS_MARKS = "rankings read as marks: every candidate on the paper has one"
FIGURES_AS_RANKS = "figures read as ranks: the higher figure stands higher"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is counted. report: (what was found and what was done, how many papers), for the sheet.

    ends: of papers that an answer cut short, (what is left, what cut it, how many); what is left may be nothing.
    withdrawn: names, who are no candidates of `papers`. order: for each valid single paper, as the file (or its
    record) gives them, its position in `papers.papers`; empty unless the ballots kept their order.
    """

    papers: Papers
    report: Report
    withdrawn: tuple[str, ...] = ()
    order: tuple[int, ...] = ()
    ends: tuple[tuple[Ranking, str, int], ...] = ()


def papers_of(ruleset: Ruleset) -> Kind:
    """What the rule set's family counts: "ranks", "first" (one candidate: a mark, or the first of a ranking),
    "marks" (each candidate marked or not) or "figures".

    Its module in `rulesets/questions/` says so as `PAPERS`, for all its rule sets or for each answer to "marks";
    one that does not counts ranks if it asks what equal ranks mean, else figures.
    """
    module = import_module(f"{rulesets.__name__}.questions.{ruleset.family}")
    default = "ranks" if _EQUAL in module.QUESTIONS else "figures"
    said = getattr(module, "PAPERS", default)
    return cast(Kind, said[ruleset["marks"]] if isinstance(said, Mapping) else said)


def clean(ballots: Ballots, ruleset: Ruleset) -> Cleaned:
    """The papers that this rule set counts, and what was done to them.

    Raises Refusal `count.papers` where rankings meet a rule set that counts figures, or everybody withdrew.
    """
    kind = papers_of(ruleset)
    if kind == "ranks":
        apart = ballots.units and _by_units(ruleset)
        return _clean_units(ballots, ruleset) if apart else _clean_ranks(ballots, ruleset)
    if kind == "first" and ballots.kind == "ranks":
        return _clean_ranks(ballots, ruleset)
    if ballots.kind == "figures":
        return _clean_figures(ballots)
    if kind == "figures":
        because = f"they are rankings, and {ruleset.name} counts a figure for each candidate"
        raise refuse("count.papers", because=because)
    return _clean_figures(_as_marks(ballots), (RANKED_AS_MARKS, _total(ballots)))


@dataclass(slots=True)
class _Answers:
    """A rule set's answers, with `PLAIN` for what it does not ask, and how often each was needed."""

    given: Mapping[str, Answer]
    place: tuple[int | None, ...]
    found: Counter[str] = field(default_factory=Counter)
    cut: str = ""
    """What ended the paper that was read last before its last mark; "" if nothing did."""

    def read(self, marks: Marks, number: int) -> tuple[Marks, str]:
        """(what is counted, "" or why the paper is invalid); blank: nothing is counted, and no reason."""
        seen: set[str] = set()
        self.cut = ""
        ranks = self._standing(marks, seen)
        kept, invalid = self._walk(ranks, seen)
        for what in seen:
            self.found[what] += number
        if not ranks:
            return (), ""
        single = len(ranks[0]) == 1 and ranks[0][0] != OVERVOTE
        if not invalid and not single and self.given["first_preference"] == "one single first preference":
            invalid = "first_preference"
        if not invalid and not kept:
            invalid = "nothing left"
        if invalid in ("first_preference", "nothing left"):
            self.found[invalid] += number
        return kept, invalid

    def _standing(self, marks: Marks, seen: set[str]) -> Marks:
        """The ranks with those who stand, by their new positions; trailing gaps are no gaps."""
        ranks: list[tuple[int, ...]] = []
        for rank in marks:
            stay: list[int] = []
            for one in rank:
                at = OVERVOTE if one == OVERVOTE else self.place[one]
                if at is None:
                    seen.add("withdrawn")
                elif at not in stay:
                    stay.append(at)
            if stay or not rank:
                ranks.append(tuple(stay))
        while ranks and not ranks[-1]:
            ranks.pop()
        return tuple(ranks)

    def _walk(self, ranks: Marks, seen: set[str]) -> tuple[Marks, str]:
        """Rank after rank by the answers. What a paper has is told even beyond the place where it ends."""
        given, kept, named = self.given, [], set[int]()
        invalid, ended, empty = "", False, 0
        for rank in ranks:
            what = ""
            if not rank:
                what, empty = _GAP, empty + 1
            else:
                empty = 0
            stay = tuple(one for one in rank if one not in named and one != OVERVOTE)
            if len(rank) > 1 or rank == (OVERVOTE,):
                what = _EQUAL
            elif rank and not stay:
                what = _TWICE
            if len(stay) < len(rank) and rank != (OVERVOTE,) and any(one in named for one in rank):
                seen.add(_TWICE)
                invalid = invalid or (_TWICE if given[_TWICE] == _INVALID else "")
                if not ended and given[_TWICE] == _ENDS:
                    ended, self.cut = True, _CUT[_TWICE]
            if what:
                seen.add(what)
                answer = given[what]
                invalid = invalid or (what if answer == _INVALID else "")
                if not ended and (answer == _ENDS or (answer == _TWO_GAPS and empty == 2)):
                    ended, self.cut = True, _CUT[what]
            named.update(rank)
            if stay and not ended and (what != _EQUAL or given[_EQUAL] == "counted as equal"):
                kept.append(tuple(sorted(stay)))
        return tuple(kept), invalid


def _clean_ranks(ballots: Ballots, ruleset: Ruleset) -> Cleaned:
    given = dict(PLAIN) | {one.name: one.answer for one in ruleset.questions if one.name in PLAIN}
    names, place = _standing_names(ballots)
    answers = _Answers(given, place)
    counts: Counter[Marks] = Counter()
    ends: Counter[tuple[Ranking, str]] = Counter()
    becomes: list[Marks | None] = []
    blank = invalid = 0
    plain = set(range(len(names))) if not ballots.withdrawn else set()
    for marks, number in _ranked(ballots):
        is_plain = _is_plain(marks, plain)
        kept, wrong = (marks, "") if is_plain else answers.read(marks, number)
        if answers.cut and not is_plain:
            ends[() if wrong else tuple(rank[0] for rank in kept), answers.cut] += number
        becomes.append(kept if kept and not wrong else None)
        if wrong:
            invalid += number
        elif not kept:
            blank += number
        else:
            counts[kept] += number
    report = _report(answers, ballots)
    weak = given[_EQUAL] == "counted as equal"
    papers: Papers
    if weak:
        papers = WeakProfile(names, tuple(sorted(counts.items())), blank, invalid)
        found = [marks for marks, _ in papers.papers]
    else:
        flat = {tuple(rank[0] for rank in marks): number for marks, number in counts.items()}
        papers = Profile.gather(names, flat, blank=blank, invalid=invalid)
        found = [tuple((one,) for one in paper.ranking) for paper in papers.papers]
    order = _order(ballots, becomes, found)
    if isinstance(papers, Profile):
        papers = replace(papers, order=order)
    cut = tuple((ranking, what, number) for (ranking, what), number in sorted(ends.items()))
    return Cleaned(papers, report, ballots.withdrawn, order, () if weak else cut)


def _by_units(ruleset: Ruleset) -> bool:
    """Whether a paper is worth a share of its unit's points. Everywhere else it does not matter whence it comes."""
    return any(one.name == "worth" and one.answer != "one vote" for one in ruleset.questions)


def _clean_units(ballots: Ballots, ruleset: Ruleset) -> Cleaned:
    """Each unit's papers cleaned by themselves, so that each keeps its unit. The papers are a `SheafProfile`."""
    units: dict[str, Profile] = {}
    report: Counter[str] = Counter()
    for unit in sorted(set(ballots.units)):
        theirs = tuple(one for one, of in zip(_ranked(ballots), ballots.units, strict=True) if of == unit)
        apart = replace(ballots, kind="ranks", papers=theirs, units=(), order=())
        cleaned = _clean_ranks(apart, ruleset)
        if not isinstance(cleaned.papers, Profile):
            raise refuse("count.unit", because=f"{ruleset.name} does not count by units")
        units[unit] = cleaned.papers
        report.update(dict(cleaned.report))
    return Cleaned(SheafProfile.of_units(units), tuple(report.items()), ballots.withdrawn)


def sheaves(cleaned: Cleaned) -> SheafProfile:
    """Cleaned rankings with what cut each short, for sheets that say why a paper counts no longer.

    A paper of which nothing is left is no paper of it: it stands in `cleaned.ends` with an empty ranking.
    Raises TypeError for papers that are no rankings, or hold equal candidates.
    """
    if isinstance(cleaned.papers, SheafProfile):
        return cleaned.papers
    if not isinstance(cleaned.papers, Profile):
        raise TypeError("only rankings without equal candidates have sheaves")
    left = cleaned.papers.counts()
    found: list[Sheaf] = []
    for ranking, what, number in cleaned.ends:
        if ranking:
            left[ranking] -= number
            found.append(Sheaf(ranking, number, ends=what))
    found += [Sheaf(ranking, number) for ranking, number in left.items() if number]
    papers = tuple(sorted(found, key=lambda one: (one.ranking, one.ends)))
    return SheafProfile(cleaned.papers.candidates, papers, cleaned.papers.blank, cleaned.papers.invalid)


def _is_plain(marks: Marks, standing: set[int]) -> bool:
    """Whether a paper is one candidate after the other, nobody twice, so that no answer is needed."""
    named = {rank[0] for rank in marks if len(rank) == 1}
    return bool(marks) and len(named) == len(marks) and named <= standing


def _ranked(ballots: Ballots) -> Iterator[tuple[Marks, int]]:
    if ballots.kind == "ranks":
        yield from cast(tuple[tuple[Marks, int], ...], ballots.papers)
        return
    for figures, number in cast(tuple[tuple[Figures, int], ...], ballots.papers):
        steps = sorted({one for one in figures if one is not None}, reverse=True)
        yield tuple(tuple(at for at, one in enumerate(figures) if one == step) for step in steps), number


def _as_marks(ballots: Ballots) -> Ballots:
    size = len(ballots.candidates)
    made: list[tuple[Figures, int]] = []
    for marks, number in _ranked(ballots):
        named = {one for rank in marks for one in rank}
        made.append((tuple(1 if at in named else None for at in range(size)), number))
    return Ballots(
        "figures", ballots.candidates, tuple(made), ballots.format, ballots.digest, ballots.seats,
        ballots.title, ballots.withdrawn, (), ballots.order,
    )  # fmt: skip


def _clean_figures(ballots: Ballots, *first: tuple[str, int]) -> Cleaned:
    """Figures without those who withdrew; a paper without any figure is blank. Whether a figure is allowed is
    the engine's question, whose rule set says how high it may be."""
    names, place = _standing_names(ballots)
    stay = [at for at, new in enumerate(place) if new is not None]
    counts: Counter[Figures] = Counter()
    becomes: list[Figures | None] = []
    blank = touched = 0
    for figures, number in cast(tuple[tuple[Figures, int], ...], ballots.papers):
        kept = tuple(figures[at] for at in stay)
        if len(kept) < len(figures) and any(
            one is not None and place[at] is None for at, one in enumerate(figures)
        ):
            touched += number
        if all(one is None for one in kept):
            blank += number
            becomes.append(None)
        else:
            counts[kept] += number
            becomes.append(kept)
    ordered = tuple(sorted(counts.items(), key=_by_figures))
    papers = FigureProfile(names, ordered, blank, 0, ballots.grades)
    done = (f"{_FOUND['withdrawn']}: {PLAIN['withdrawn']}", touched)
    report = (*first, done) if touched else first
    return Cleaned(papers, report, ballots.withdrawn, _order(ballots, becomes, [one for one, _ in ordered]))


def _by_figures(paper: tuple[Figures, int]) -> tuple[tuple[bool, int], ...]:
    return tuple((one is not None, one or 0) for one in paper[0])


def _standing_names(ballots: Ballots) -> tuple[tuple[str, ...], tuple[int | None, ...]]:
    """(those who stand, for each candidate of the file the position among them, or None)."""
    names = tuple(name for name in ballots.candidates if name not in ballots.withdrawn)
    if not names:
        raise refuse("count.papers", because="every candidate has withdrawn")
    at = {name: place for place, name in enumerate(names)}
    return names, tuple(at.get(name) for name in ballots.candidates)


def _report(answers: _Answers, ballots: Ballots) -> Report:
    lines: list[tuple[str, int]] = []
    if ballots.kind == "figures":
        lines.append((FIGURES_AS_RANKS, _total(ballots)))
    for what, said in _FOUND.items():
        if answers.found[what]:
            done = f": {answers.given[what]}" if "invalid" not in said else ""
            lines.append((said + done, answers.found[what]))
    return tuple(lines)


def _total(ballots: Ballots) -> int:
    return sum(number for _, number in ballots.papers)


def _order(ballots: Ballots, becomes: Sequence[Form | None], found: Sequence[Form]) -> tuple[int, ...]:
    """The recorded order of single papers, of those that are valid."""
    if not ballots.order:
        return ()
    at = {form: place for place, form in enumerate(found)}
    new = [None if form is None else at[form] for form in becomes]
    return tuple(place for one in ballots.order if (place := new[one]) is not None)
