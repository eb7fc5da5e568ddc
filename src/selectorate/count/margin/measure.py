"""The margin of an election, and whether doubts could have changed it: for every rule set (make).

`margin` says how many papers stand between the elected and others; `certify_count` whether any so many papers taken out
and any so many put in could elect others. Both name a proved number and the smallest change found, and say whether
they are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from selectorate.count import methods, witness
from selectorate.count.ballots import FigureProfile, SheafProfile
from selectorate.count.margin.bounds import Papers, Test, eliminates, test_of
from selectorate.count.margin.doubt import Doubt
from selectorate.count.margin.elimination import exact
from selectorate.count.margin.found import KINDS, Bounds, Kind, Margin, Stopped, Told
from selectorate.count.margin.replay import Form, Replay
from selectorate.count.objects import Profile, Sheet
from selectorate.count.rulesets import Ruleset
from selectorate.count.ties import Draw
from selectorate.errors import refuse

Verdict = Literal["certified", "could change", "unknown"]
Named = list[list[Any]]
_DOUBTS: dict[Kind, str] = {
    "changes": "Papers changed of which it is proved",
    "additions": "Papers put in of which it is proved",
    "deletions": "Papers taken out of which it is proved",
    "total": "Papers in doubt of which it is proved",
}
_LOTS = "margin"
"""The seed of lots where none is given: a tie that decides has margin 0 whoever is drawn."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The margin of one election. winners: as elected, in order."""

    ruleset: str
    winners: tuple[str, ...]
    margin: Margin

    @property
    def lower(self) -> int | None:
        return self.margin.changes.lower if self.margin.changes else None

    @property
    def upper(self) -> int | None:
        return self.margin.changes.upper if self.margin.changes else None

    @property
    def exact(self) -> bool:
        return self.margin.exact

    def to_plain(self) -> dict[str, Any]:
        """Where it is not exact, each number of `margin` is the proved one: at least so many papers."""
        return {
            "ruleset": self.ruleset,
            "winners": list(self.winners),
            "margin": {
                kind: bounds.lower if (bounds := getattr(self.margin, kind)) else None for kind in KINDS
            },
            "exact": self.exact,
            "lower": self.lower,
            "upper": self.upper,
        }


@dataclass(frozen=True, slots=True)
class CountVerdict:
    """Whether doubts could have changed who is elected.

    lower: so many papers in doubt are proved harmless; upper: the size of the smallest change found, or None. example:
    papers to take out and put in, and who is elected then; of "could change", one within the doubts.
    """

    verdict: Verdict
    lower: int
    upper: int | None
    because: str
    example: dict[str, Any] | None

    def to_plain(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "lower": self.lower,
            "upper": self.upper,
            "because": self.because,
            "example": self.example,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """The doubts asked about; proves: what is proved about them, in words, "" where nothing is."""

    doubtful: int
    left_out: int
    proves: str


def margin(
    papers: Papers,
    ruleset: Ruleset,
    seats: int = 1,
    *,
    seed: str | None = None,
    told: Told | None = None,
) -> Measured:
    """The margin in papers changed, put in, taken out; exact where the rule set allows it, else two bounds.

    seed: for lots, should the count need any. told: called during long searches; where it raises `Stopped`, the bounds
    that stand are given.
    Raises Refusal as `methods.count` does, and `count.solver` for eliminations where HiGHS is not installed.
    """
    sheet = methods.count(papers, ruleset, seats, draw=Draw(seed or _LOTS))
    rankings = eliminates(papers, ruleset)
    if set(sheet.elected) >= set(papers.candidates):
        return Measured(ruleset.name, sheet.elected, Margin(None, None, None))
    if rankings is not None and sheet.elected:
        winner = papers.candidates.index(sheet.elected[0])
        return Measured(ruleset.name, sheet.elected, exact.margin(rankings, winner, told=told))
    test = test_of(papers, ruleset, seats, sheet)
    replay = _replay(papers, ruleset, seats, sheet)
    found = {kind: _bounds(kind, test, replay, papers.valid, told) for kind in KINDS}
    return Measured(
        ruleset.name, sheet.elected, Margin(found["changes"], found["additions"], found["deletions"])
    )


def _bounds(kind: Kind, test: Test | None, replay: Replay | None, valid: int, told: Told | None) -> Bounds:
    def doubt(size: int) -> Doubt:
        removed = size if kind != "additions" else 0
        added = size if kind != "deletions" else 0
        return Doubt(removed, added, removed + added)

    lower = 0
    if test:
        sure, ended = most_certain(lambda size: test.certain(doubt(size)) is None, valid, _DOUBTS[kind], told)
        lower = sure + 1 if sure or test.certain(Doubt(0, 0, 0)) is None else 0
        if test.exact and ended:
            return Bounds(lower, lower)
    most = doubt(valid - 1 if kind != "additions" else valid + 1)
    change = replay.smallest(most.removed, most.added, told) if replay else None
    if change is None:
        return Bounds(lower, None)
    return Bounds(lower, max(sum(change[0].values()), sum(change[1].values())))


def most_certain(
    holds: Callable[[int], bool], top: int, doing: str = "", told: Told | None = None
) -> tuple[int, bool]:
    """The largest size up to top for which it holds, taking it that it then holds for every smaller; 0 if none. And
    whether the search came to its end."""
    good, step, bad = 0, 1, top + 1
    try:
        while bad - good > 1:
            size = min(good + step, top) if bad > top else (good + bad) // 2
            if told:
                told(doing, good, min(bad, top))
            if holds(size):
                good, step = size, step * 2
            else:
                bad = size
    except Stopped:
        return good, False
    return good, True


def certify_count(
    papers: Papers,
    ruleset: Ruleset,
    seats: int,
    doubtful: int,
    left_out: int,
    *,
    seed: str | None = None,
    told: Told | None = None,
) -> CountVerdict:
    """Whether any `doubtful` papers taken out and any `left_out` put in could elect others (a tie counts).

    Raises Refusal `count.doubts` for a negative number; as `methods.count` does; `count.solver`.
    """
    if min(doubtful, left_out) < 0:
        raise refuse("count.doubts", doubtful=doubtful, left_out=left_out)
    sheet = methods.count(papers, ruleset, seats, draw=Draw(seed or _LOTS))
    rankings = eliminates(papers, ruleset)
    if set(sheet.elected) >= set(papers.candidates):
        asked = Asked(doubtful, left_out, "nobody else stands")
        return _verdict("certified", max(papers.valid - 1, 0), None, None, asked, "")
    if rankings is not None and sheet.elected:
        return _eliminated(rankings, sheet, doubtful, left_out, told)
    test = test_of(papers, ruleset, seats, sheet)
    lower, reason = 0, "no bound is known for this rule set"
    if test:
        lower, _ = most_certain(
            lambda k: test.certain(Doubt.of(k)) is None, papers.valid - 1, _DOUBTS["total"], told
        )
        reason = "" if doubtful + left_out <= lower else test.certain(Doubt.between(doubtful, left_out)) or ""
    asked = Asked(doubtful, left_out, test.proves if test and not reason else "")
    size, example, within = _example(papers, ruleset, seats, sheet, asked, sure=not reason, told=told)
    if not doubtful + left_out or not reason:
        # Proved for this mix of doubts, perhaps not for every mix of as many.
        lower = max(lower, doubtful + left_out)
        return _verdict("certified", lower, size, example, asked, "")
    word: Verdict = "could change" if within else "unknown"
    return _verdict(word, lower, size, example, asked, reason)


def _eliminated(
    rankings: Profile, sheet: Sheet, doubtful: int, left_out: int, told: Told | None
) -> CountVerdict:
    winner = rankings.candidates.index(sheet.elected[0])
    total = exact.total(rankings, winner, told=told)
    sure, change = (True, None)
    if doubtful + left_out:
        sure, change = exact.within(rankings, winner, doubtful, left_out, told=told)
    shown = change or total.example
    example = None
    if shown:
        names = rankings.candidates

        def named(found: tuple[tuple[tuple[int, ...], int], ...]) -> Named:
            return [[[names[one] for one in ranking], number] for ranking, number in found]

        example = {
            "remove": named(shown.remove),
            "add": named(shown.add),
            "elected": [names[shown.winner]],
        }
    word: Verdict = "certified" if sure else "could change" if change else "unknown"
    lower = max(total.lower - 1, doubtful + left_out if sure else 0, 0)
    reason = "" if sure else "another order of elimination is possible"
    size = (shown.removed + shown.added) if change and shown else total.upper
    asked = Asked(
        doubtful, left_out, "every other order of elimination needs more papers than that" if sure else ""
    )
    return _verdict(word, lower, size, example, asked, reason)


def _replay(papers: Papers, ruleset: Ruleset, seats: int, sheet: Sheet) -> Replay | None:
    if isinstance(papers, SheafProfile):
        return None
    return Replay(papers, ruleset, seats, frozenset(sheet.elected))


def _example(
    papers: Papers,
    ruleset: Ruleset,
    seats: int,
    sheet: Sheet,
    asked: Asked,
    *,
    sure: bool,
    told: Told | None,
) -> tuple[int | None, dict[str, Any] | None, bool]:
    """The size of the change shown, the change, and whether it lies within the doubts."""
    doubtful, left_out = asked.doubtful, asked.left_out
    if ruleset.name == "scottish-stv" and isinstance(papers, Profile):
        found = witness.search(papers, ruleset, seats, sheet, doubtful=doubtful, left_out=left_out, told=told)
        if found is None:
            return None, None, False
        within = found.removed <= doubtful and found.added <= left_out
        return found.size, found.to_plain(), within and not sure
    replay = _replay(papers, ruleset, seats, sheet)
    change = None
    within = False
    if replay and not sure:
        change = replay.smallest(doubtful, left_out, told)
        within = change is not None
    if replay and change is None:
        change = replay.smallest(papers.valid - 1, papers.valid + 1, told)
    if replay is None or change is None:
        return None, None, False
    changed = replay.changed(change)
    outcomes = replay.outcomes(changed) if changed is not None else None
    others = [one for one in outcomes or [] if one != replay.elected]
    elected = [name for name in papers.candidates if others and name in others[0]]
    shown = {
        "remove": _named(papers, change[0]),
        "add": _named(papers, change[1]),
        "elected": elected,
    }
    return sum(change[0].values()) + sum(change[1].values()), shown, within


def _named(papers: Papers, counts: dict[Form, int]) -> Named:
    """Rankings as names, equal ones in a list of their own; figures as name and figure."""
    names = papers.candidates
    found: Named = []
    for form, number in sorted(counts.items(), key=lambda one: str(one[0])):
        shown: Any
        if isinstance(papers, FigureProfile):
            shown = {name: figure for name, figure in zip(names, form, strict=True) if figure is not None}
        else:
            shown = [_rank(names, rank) for rank in form]
        found.append([shown, number])
    return found


def _rank(names: tuple[str, ...], rank: Any) -> Any:
    if isinstance(rank, int):
        return names[rank]
    return names[rank[0]] if len(rank) == 1 else [names[one] for one in rank]


def _verdict(
    verdict: Verdict,
    lower: int,
    upper: int | None,
    example: dict[str, Any] | None,
    asked: Asked,
    reason: str,
) -> CountVerdict:
    doubts = f"{_papers(asked.doubtful)} taken out and {asked.left_out:,} put in"
    proved = f"it is proved for {_papers(lower)} in all"
    found = f"the smallest change found has {upper:,}" if upper else "no change was found"
    if verdict == "certified":
        why = f"{asked.proves}; " if asked.proves else ""
        because = f"Whatever {doubts}, the same are elected: {why}{proved}; {found}."
    elif verdict == "could change":
        because = (
            f"With {doubts} others could be elected; the example has {_papers(upper or 0)}, and {proved} that nothing "
            "changes. That it is possible does not show that it happened."
        )
    else:
        because = f"For {doubts} nothing is proved, because {reason}: {proved} that nothing changes; {found}."
    return CountVerdict(verdict, lower, upper, because, example)


def _papers(number: int) -> str:
    return "1 paper" if number == 1 else f"{number:,} papers"
