"""Which bound a rule set has: one test of doubts for each family, exact or sound, or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from selectorate.count.ballots import FigureProfile, SheafProfile, WeakProfile
from selectorate.count.margin import additive, committees, merits, paths
from selectorate.count.margin.doubt import Doubt
from selectorate.count.margin.pairs import Comparisons
from selectorate.count.margin.rounds.bucklin import Bucklin
from selectorate.count.margin.rounds.excluding import Excluding, winner_of
from selectorate.count.margin.rounds.runoff import Runoff
from selectorate.count.margin.transfers import Kind, Ways
from selectorate.count.objects import Paper, Profile, Sheet
from selectorate.count.rulesets import Ruleset

Papers = Profile | SheafProfile | WeakProfile | FigureProfile
_PLAIN_ROUNDS = {
    "takes_part": ("every candidate",),
    "worth": ("one vote",),
    "wins": ("more than half of the votes that still count",),
    "exclusion": (
        "the one with the fewest votes",
        "all lowest whose votes together are fewer than the next candidate's; else the one with the fewest",
    ),
    "first_out": ("nobody",),
    "none_of_these": ("a name like any other",),
}
_WAYS = "in no order of elections and exclusions that such papers allow is anybody else elected"
PROVES = {
    "bucklin": "nobody else can have more than half, or more votes, with as few preferences counted",
    "committee": "in no round, and in no committee, can others come before the elected",
    "grades": "the elected has the better grades even with the best of them gone and the best of others put in",
    "meek": f"{_WAYS}, wherever keep values lie",
    "pairwise": "the comparisons on which the seat depends keep their sign",
    "parcels": f"{_WAYS}, whatever moves of a surplus",
    "points": "the elected keep ahead of everybody else",
    "positions": "the elected keep ahead of everybody else",
    "rounds": "in no order of exclusions that such papers allow is anybody else elected",
    "runoff": "the elected goes on, and leads everybody who can go on too",
    "stv": _WAYS,
    "whole": "each of the elected leads everybody else on whole papers, wherever papers go",
}
"""Family -> what its test proves, in words."""
_PATHS = ("scottish-stv", "wigm-prf", "wig-exact")
"""Rule sets of transferable votes whose every step the intervals of `paths` follow."""


@dataclass(frozen=True, slots=True)
class Test:
    """certain: None when no change within a doubt elects anybody else or ties, else a sentence.

    exact: a change exists whenever it is not certain. proves: what a certain doubt is proved to leave as it is.
    """

    certain: Callable[[Doubt], str | None]
    exact: bool
    proves: str = ""


def eliminates(papers: Papers, ruleset: Ruleset) -> Profile | None:
    """The papers, where the rule set is plain elimination, whose margin is exact; else None.

    Whether the count stops at more than half or goes on to two, or lets several go out who cannot catch up together,
    makes no difference to who wins.
    """
    if ruleset.family != "rounds":
        return None
    if any(ruleset[question] not in allowed for question, allowed in _PLAIN_ROUNDS.items()):
        return None
    return plain(papers)


def plain(papers: Papers) -> Profile | None:
    """The rankings alone, where each paper is one and nobody is equal on it."""
    if isinstance(papers, Profile):
        return papers
    if not isinstance(papers, SheafProfile):
        return None
    counts: dict[tuple[int, ...], int] = {}
    for sheaf in papers.papers:
        if sheaf.ranking:
            counts[sheaf.ranking] = counts.get(sheaf.ranking, 0) + sheaf.number
    return Profile(papers.candidates, tuple(Paper(*one) for one in sorted(counts.items())))


def test_of(papers: Papers, ruleset: Ruleset, seats: int, sheet: Sheet) -> Test | None:
    """The test of doubts for what this sheet elected; None for rule sets without one.

    A test never says more than the sheet bears out: where points reckoned here are not those of the sheet, there is
    none.
    """
    elected = frozenset(papers.candidates.index(name) for name in sheet.elected)
    found = _test(papers, ruleset, seats, sheet, elected)
    if found is None:
        return None

    def certain(doubt: Doubt) -> str | None:
        if doubt.removed >= papers.valid:
            return "every paper could be taken out"
        return found.certain(doubt)

    return Test(certain, found.exact, found.proves or PROVES[ruleset.family])


def _test(papers: Papers, ruleset: Ruleset, seats: int, sheet: Sheet, elected: frozenset[int]) -> Test | None:
    one = len(elected) == 1 and seats == 1
    if ruleset.family in ("rounds", "runoff", "bucklin"):
        return _rounds(papers, ruleset, sheet, elected)
    if isinstance(papers, Profile):
        kind = Kind.of(ruleset)
        if kind is not None:
            return _transfers(papers, ruleset, seats, kind, elected)
    match ruleset.family:
        case "points" if isinstance(papers, Profile | WeakProfile | FigureProfile):
            if ruleset["decided"] == "most votes":
                return _added(additive.marked(papers, ruleset, seats), sheet, elected)
            if ruleset["decided"] == "highest mean" and isinstance(papers, FigureProfile):
                return _means(papers, ruleset, sheet, elected)
            if one and isinstance(papers, FigureProfile):
                star = merits.Star(papers, int(ruleset["highest"]), *elected)
                return Test(star.certain, exact=False)
        case "positions" if isinstance(papers, Profile | WeakProfile):
            return _added(additive.placed(papers, ruleset), sheet, elected)
        case "pairwise" if one and isinstance(papers, Profile | WeakProfile):
            return Test(Comparisons(papers, ruleset, *elected).certain, exact=False)
        case "grades" if one and isinstance(papers, FigureProfile):
            return _grades(papers, ruleset, *elected)
        case "committee" if isinstance(papers, FigureProfile) and len(elected) == seats:
            order = [papers.candidates.index(name) for name in sheet.elected]
            found = committees.test_of(papers, ruleset, order)
            return Test(found.certain, exact=False) if found else None
    return None


def _transfers(
    papers: Profile, ruleset: Ruleset, seats: int, kind: Kind, elected: frozenset[int]
) -> Test | None:
    if len(elected) != seats:
        return None
    if ruleset.name in _PATHS:
        return Test(lambda doubt: paths.same_winners(papers, ruleset, seats, elected, doubt), exact=False)
    return Test(Ways(papers, kind, seats, elected).certain, exact=False)


def _rounds(papers: Papers, ruleset: Ruleset, sheet: Sheet, elected: frozenset[int]) -> Test | None:
    winner = winner_of(papers.candidates, elected, sheet.vacant)
    if ruleset.family == "runoff" and isinstance(papers, Profile):
        second = str(ruleset["second_round"]).startswith("a second ballot")
        says = (
            ""
            if winner is not None
            else "nobody has more than half, and the same two go on to the second ballot"
        )
        return Test(Runoff(papers, ruleset, winner).certain, exact=second and winner is not None, proves=says)
    if winner is None:
        return None
    if ruleset.family == "bucklin" and isinstance(papers, Profile):
        return Test(Bucklin(papers, winner).certain, exact=False)
    if (
        ruleset.family == "rounds"
        and isinstance(papers, Profile | SheafProfile)
        and Excluding.follows(ruleset)
    ):
        return Test(Excluding(papers, ruleset, winner).certain, exact=False)
    return None


def _means(papers: FigureProfile, ruleset: Ruleset, sheet: Sheet, elected: frozenset[int]) -> Test | None:
    found = merits.Means(papers, int(ruleset["highest"]), elected)
    unit = 10**sheet.places
    if any(here * unit != there for here, there in zip(found.means, sheet.stages[-1].tallies, strict=True)):
        return None
    return Test(found.certain, exact=False)


def _added(added: additive.Added, sheet: Sheet, elected: frozenset[int]) -> Test | None:
    unit = 10**sheet.places
    if any(here * unit != there for here, there in zip(added.totals, sheet.stages[-1].tallies, strict=True)):
        return None
    return Test(additive.Gaps(added, elected).certain, exact=True)


def _grades(papers: FigureProfile, ruleset: Ruleset, winner: int) -> Test | None:
    most = max((figure or 0 for figures, _ in papers.papers for figure in figures), default=0)
    grades = max(len(papers.grades), most + 1)
    if min((figure or 0 for figures, _ in papers.papers for figure in figures), default=0) < 0:
        return None
    better = str(ruleset["grade"]).endswith("the better")
    return Test(merits.Medians(papers, winner, grades, better=better).certain, exact=False)
